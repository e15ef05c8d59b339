"use strict";

/** Questions to one meeting; answers come with the moments that show them, which play. */
function meetingQuestions(page) {
  const { element, button, filled } = dialogueElements;
  const { form, submit } = dialoguePanels;
  const { labels } = page;
  const question = element("input", { type: "text", maxlength: 500, required: true, placeholder: labels.question_hint, "aria-label": labels.question });
  const answers = element("div", { class: "answers", "aria-live": "polite" });
  let source = null;

  function ask() {
    source?.close();
    const asked = question.value.trim();
    if (!asked) return;
    const waits = element("p", { class: "quiet-text" }, labels.asking);
    const block = element("article", {}, element("h3", {}, filled(labels.you_asked, { question: asked })), waits);
    answers.prepend(block);
    question.select();
    source = new EventSource(`/api/ask?${new URLSearchParams({ q: asked, meeting: page.id, lang: page.language })}`);
    const stop = (text) => {
      source.close();
      if (text) waits.textContent = text;
      else waits.remove();
    };
    source.addEventListener("answer", (event) => {
      const answer = JSON.parse(event.data);
      if (answer.said) block.append(element("p", {}, answer.text), element("ul", {}, ...answer.evidence.map(proof)));
    });
    source.addEventListener("done", (event) => stop(JSON.parse(event.data).said ? "" : labels.not_said));
    source.addEventListener("error", (event) => stop(event.data ? JSON.parse(event.data).error : labels.offline));
  }

  function proof({ start, speaker, quote }) {
    const time = viewerLogic.clock(start);
    return element(
      "li",
      {},
      button(time, () => page.play(start), { class: "time", "aria-label": filled(page.viewerLabels.listen, { time }) }),
      " ",
      speaker ? element("strong", {}, `${speaker} `) : null,
      quote,
    );
  }

  const root = element(
    "details",
    { class: "ask" },
    element("summary", {}, labels.ask),
    form(ask, element("div", { class: "line" }, question, submit(labels.ask_now))),
    answers,
  );
  root.addEventListener("toggle", () => root.open && question.focus());
  return { root };
}
