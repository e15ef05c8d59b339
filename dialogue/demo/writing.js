"use strict";

/**
 * Minutes, or one section of them, that are written again: longer or shorter, in another form or language, by another writer.
 *
 * @param {object} page  `labels, state(), models(), rerun(options), notice(text)`.
 * @returns {object} `rewrite()` asks what to change; `by(writer)` says who writes, `fetching(models)` how to get other
 *     models, and `start(panel, options, problem)` begins.
 */
function meetingWriting(page) {
  const { element, filled } = dialogueElements;
  const { open, form, field, submit } = dialoguePanels;
  const { labels } = page;
  const RULES = "extractive"; // what the server calls them as a writer; as an option, they are no model
  const CHOICES = { length: ["medium", "short", "long"], style: ["compte_rendu", "releve_decisions", "synthese", "verbatim"], minutes_language: ["fr", "en"] }; // the first is what is not said

  const SECTIONS = ["", "summary", "decisions", "actions", "open_questions", "topics"]; // the first is all

  const by = (writer) => (writer && writer !== RULES ? filled(labels.by_model, { name: writer }) : labels.by_rules);

  /** The commands that bring models to this machine; null when all are there. */
  function fetching(models) {
    const absent = models.filter(({ here }) => !here);
    if (!absent.length) return null;
    const commands = absent.map(({ name }) => element("li", {}, element("code", {}, `dialogue models fetch ${name}`)));
    return element("div", { class: "fetching" }, element("p", {}, labels.fetch), element("ul", {}, ...commands));
  }

  /** Have the minutes written with other options; the window closes, or says why they cannot be. */
  async function start(panel, { model, ...options }, problem) {
    try {
      await page.rerun({ ...options, ...(model === undefined ? {} : { model: model && model !== RULES ? model : null }) });
      panel.close();
      page.notice(labels.rewriting);
    } catch (trouble) {
      problem.textContent = trouble.message;
    }
  }

  async function rewrite() {
    const known = page.state().meeting.options;
    const now = { ...Object.fromEntries(Object.entries(CHOICES).map(([name, [usual]]) => [name, known[name] || usual])), model: known.model || "" };
    const problem = element("p", { class: "problem", role: "alert" });
    const option = (value, text, name, disabled) => element("option", { value, selected: value === now[name], disabled }, text);
    const selects = Object.fromEntries(
      Object.entries(CHOICES).map(([name, values]) => [name, element("select", {}, ...values.map((value) => option(value, labels[`${name}_${value}`], name)))]),
    );
    selects.model = element("select", {}, option("", labels.by_rules, "model"), now.model ? option(now.model, now.model, "model") : null);
    const section = element("select", {}, ...SECTIONS.map((name) => element("option", { value: name }, labels[`section_${name || "all"}`])));
    const ofDocument = element("div", {}, field(labels.style, selects.style), field(labels.minutes_language, selects.minutes_language));
    section.onchange = () => (ofDocument.hidden = Boolean(section.value)); // a section has neither of its own
    const more = element("div", {});
    const begin = () => {
      if (section.value) return void start(panel, { section: section.value, length: selects.length.value, model: selects.model.value }, problem);
      const changed = Object.entries(selects).filter(([name, { value }]) => value !== now[name]);
      if (changed.length) start(panel, Object.fromEntries(changed.map(([name, { value }]) => [name, value])), problem);
      else problem.textContent = labels.nothing_changed;
    };
    const panel = open(
      null,
      labels.rewrite_title,
      element("p", {}, labels.rewrite_text),
      form(
        begin,
        field(labels.section, section),
        field(labels.length, selects.length),
        ofDocument,
        field(labels.writer, selects.model),
        element("p", { class: "quiet-text" }, labels.rewrite_time),
        element("div", { class: "line" }, submit(labels.rewrite_now)),
      ),
      more,
      problem,
    );
    try {
      const models = await page.models();
      const others = models.filter(({ name }) => name !== now.model);
      selects.model.append(...others.map(({ name, here }) => option(name, here ? name : filled(labels.not_here, { name }), "model", !here)));
      more.replaceChildren(...[fetching(models)].filter(Boolean));
    } catch (trouble) {
      problem.textContent = trouble.message;
    }
  }

  return { rewrite, by, fetching, start };
}
