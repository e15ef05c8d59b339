"use strict";

/**
 * A meeting in every format: made when it is asked for, with all corrections; and the user's own Word template, filled in.
 *
 * Each of them may be a copy with pseudonyms: the query of its address says so.
 *
 * @param {object} page  `labels, address(path), exports(query), fill(file, query)`.
 * @returns {object} `links()` for the menu of files; `all()` opens the window with all formats.
 */
function meetingExporting(page) {
  const { element, button, filled } = dialogueElements;
  const { open, form, field, submit } = dialoguePanels;
  const { labels } = page;
  const USUAL = ["docx", "pdf"];
  const LARGEST = 20e6; // bytes, as the server accepts

  const link = (name, text, query = "") =>
    element("a", { href: page.address(`/exports/${encodeURIComponent(name)}`) + query, ...(query ? { download: "" } : { download: name }) }, text);

  /** The formats that people ask for most, and the way to all. */
  const links = () => [...USUAL.map((ending) => link(`minutes.${ending}`, labels[`minutes_${ending}`])), button(labels.exports, all)];

  async function all() {
    const problem = element("p", { class: "problem", role: "alert" });
    const body = element("div", {}, element("p", { role: "status" }, labels.exports_loading));
    const copy = element("input", { type: "checkbox", role: "switch", "aria-describedby": "pseudonymised-text" });
    const choice = [
      element("label", { class: "switch" }, copy, labels.pseudonymised),
      element("p", { class: "quiet-text", id: "pseudonymised-text" }, labels.pseudonymised_text),
    ];
    copy.addEventListener("change", show);
    open(null, labels.exports_title, element("div", {}, element("p", {}, labels.exports_text), ...choice, body), problem);
    await show();

    async function show() {
      const query = copy.checked ? "?pseudonymised=true" : "";
      problem.textContent = "";
      try {
        const { minutes, transcript } = await page.exports(query);
        const links = (names) => element("div", { class: "formats" }, ...names.map((name) => link(name, name, query)));
        const list = (title, names) => (names.length ? [element("h3", {}, title), links(names)] : []);
        body.replaceChildren(
          ...list(labels.exports_minutes, minutes),
          ...list(labels.exports_transcript, transcript),
          ...(minutes.length ? template(problem, query) : []),
        );
      } catch (trouble) {
        body.replaceChildren();
        problem.textContent = trouble.message;
      }
    }
  }

  function template(problem, query) {
    const input = element("input", { type: "file", accept: ".docx", required: true });
    const send = submit(labels.template_fill);
    const act = async () => {
      const [file] = input.files;
      problem.textContent = "";
      if (file.size > LARGEST) return void (problem.textContent = filled(labels.template_large, { limit: LARGEST / 1e6 }));
      send.disabled = true;
      try {
        save(await page.fill(file, query), "minutes.docx");
      } catch (trouble) {
        problem.textContent = trouble.message;
      }
      send.disabled = false;
    };
    return [
      element("h3", {}, labels.template_title),
      element("p", { class: "quiet-text" }, labels.template_text),
      form(act, field(labels.template_file, input), element("div", { class: "line" }, send)),
    ];
  }

  function save(blob, name) {
    const href = URL.createObjectURL(blob);
    element("a", { href, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60000); // when the browser has taken it
  }

  return { links, all };
}
