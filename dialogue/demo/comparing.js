"use strict";

/**
 * Minutes of one meeting by two writers, beside each other: who reads them says which are better, and only then who wrote them.
 *
 * @param {object} page     `labels, viewerLabels, viewer(), versions(), prefer(choice), models()`.
 * @param {object} writing  what meetingWriting returned.
 */
function meetingComparing(page, writing) {
  const { element, button, filled } = dialogueElements;
  const { open, form, field, submit } = dialoguePanels;
  const { labels, viewerLabels } = page;
  const LETTERS = ["A", "B"];

  async function compare() {
    const { audio } = page.viewer();
    const body = element("div", {}, element("p", { role: "status" }, labels.compare_loading));
    const problem = element("p", { class: "problem", role: "alert" });
    const panel = open(null, labels.compare_title, body, problem);
    panel.addEventListener("close", () => audio.pause());

    /** Do something, and say what goes wrong with it. */
    async function attempt(act) {
      problem.textContent = "";
      try {
        await act();
      } catch (trouble) {
        problem.textContent = trouble.message;
      }
    }

    async function draw() {
      const found = await page.versions();
      panel.classList.toggle("comparison", Boolean(found.pair));
      body.replaceChildren(...(found.pair ? pair(found) : await single(found)));
    }

    async function single({ versions, others }) {
      const writer = writing.by(versions[0]?.writer);
      const fetching = writing.fetching(await page.models());
      if (!others.length) return [element("p", {}, filled(labels.compare_alone, { writer })), fetching].filter(Boolean);
      const select = element("select", {}, ...others.map((name) => element("option", { value: name }, writing.by(name))));
      const write = form(
        () => writing.start(panel, { model: select.value }, problem),
        field(labels.writer, select),
        element("p", { class: "quiet-text" }, labels.rewrite_time),
        element("div", { class: "line" }, submit(labels.compare_write)),
      );
      return [element("p", {}, filled(labels.compare_one, { writer })), write, fetching].filter(Boolean);
    }

    function pair({ pair: [a, b], versions }) {
      const headings = LETTERS.map((letter) => element("h2", {}, filled(labels.version, { letter })));
      const column = ({ minutes }, n) => element("section", { class: "minutes", "aria-label": headings[n].textContent }, headings[n], ...page.viewer().minutes(minutes));
      const pause = button(viewerLabels.pause, () => audio.pause(), { hidden: !page.viewer().data().sound });
      const choose = (better, worse, tie) => () =>
        attempt(async () => {
          const answer = await page.prefer({ chosen: better.token, rejected: worse.token, tie }).catch(elsewhere);
          reveal(better === a ? [answer.chosen, answer.rejected] : [answer.rejected, answer.chosen], tie ? null : answer.chosen);
        });
      const buttons = [button(labels.a_better, choose(a, b, false)), button(labels.b_better, choose(b, a, false)), button(labels.as_good, choose(a, b, true))];
      const line = (...parts) => element("div", { class: "line" }, ...parts, element("span", { class: "gap" }), pause);
      const choice = element("div", { class: "choice", tabindex: -1 }, line(element("span", {}, labels.which), ...buttons));

      function reveal(writers, preferred) {
        const current = versions.find((version) => version.current).writer;
        const keep = button(labels.keep, () => writing.start(panel, { model: preferred }, problem), { class: "main" });
        headings.forEach((heading, n) => heading.append(` – ${writing.by(writers[n])}`));
        choice.replaceChildren(
          element("p", {}, element("strong", {}, filled(labels.revealed, { a: writing.by(writers[0]), b: writing.by(writers[1]) })), " ", labels.thanks),
          line(preferred && preferred !== current ? keep : element("span", {}, preferred ? labels.kept : labels.kept_as_good)),
        );
        choice.focus();
      }

      return [element("p", {}, labels.compare_text), element("div", { class: "dialogue-viewer pair" }, ...[a, b].map(column)), choice];
    }

    /** Show what there is now, if the minutes were written again while they were compared. */
    async function elsewhere(trouble) {
      if (trouble.status !== 409) throw trouble;
      await draw();
      throw new Error(labels.compare_again);
    }

    await attempt(draw);
  }

  return { compare };
}
