"use strict";

/**
 * Everything that changes a meeting, in the page that shows it.
 *
 * @param {object} viewer   what dialogueViewer returned.
 * @param {object} page     `labels, state(), show(state), send(correction), rerun(options), history(), suggestions(),
 *     notice(text, kind), menu` (an element for more tools); `send` rejects with `state` if somebody else has corrected the meeting since.
 * @returns {object} `update()`, after the page has shown another state; `edit()` and `menu()` of the turn of the focus.
 */
function dialogueEditor(viewer, page) {
  const { element, button } = dialogueElements;
  const { open } = dialoguePanels;
  const { labels } = page;
  let turnstile = Promise.resolve(); // one correction at a time, each on what the one before has made

  const editor = {
    viewer,
    labels,
    editable: () => Boolean(viewer.data().editable),
    names: () => [...new Set([...(page.state().meeting.participants || []), ...viewer.data().speakers.map(({ name }) => name)])],
    warn: (trouble) => trouble && page.notice(trouble, "problem"),
    suggestions: () => page.suggestions().catch(() => []), // none is offered where voices cannot be compared
    rerun: (options) => page.rerun(options).then(() => "", (problem) => problem.message),
    correct,
  };

  /** Send a correction; return what is wrong with it, in a sentence, or "". */
  function correct(correction, done = labels.corrected) {
    const sent = turnstile.then(async () => {
      viewer.root.setAttribute("aria-busy", "true");
      const send = (one) => page.send(one).catch((problem) => ({ problem }));
      let answer = await send(correction);
      if (answer.problem?.state && correction.item) {
        // the minutes were written again after a correction of words: an item that is still the same is no conflict
        const item = editorLogic.items(viewer.data().minutes).find(({ id }) => id === correction.item);
        page.show(answer.problem.state);
        const same = item && editorLogic.sameItem(item, viewer.data().minutes);
        if (same) answer = await send({ ...correction, item: same.id });
      }
      viewer.root.removeAttribute("aria-busy");
      const { problem } = answer;
      if (problem && !problem.state) return problem.message;
      page.show(problem ? problem.state : answer);
      if (!problem) page.notice(done);
      return problem ? labels.conflict : "";
    });
    turnstile = sent.catch(() => undefined); // the next one is not held up by what went wrong here, which its sender sees
    return sent;
  }

  // ---- undo, redo, history

  const undo = button("↶", () => back(), { "aria-label": labels.undo, title: `${labels.undo} (Ctrl+Z)` });
  const redo = button("↷", () => forth(), { "aria-label": labels.redo, title: `${labels.redo} (Ctrl+Y)` });
  const back = () => page.state().can_undo && correct({ do: "undo" }, labels.undone).then(editor.warn);
  const forth = () => page.state().can_redo && correct({ do: "redo" }, labels.redone).then(editor.warn);

  async function history() {
    const list = element("ol", { class: "history" });
    open(null, labels.history, list);
    await draw();

    async function draw() {
      try {
        const { corrections } = await page.history();
        const shown = corrections.filter(({ do: kind }) => kind !== "undo" && kind !== "redo").reverse();
        list.replaceChildren(...(shown.length ? shown.map(line) : [element("li", {}, labels.no_history)]));
      } catch (problem) {
        list.replaceChildren(element("li", { class: "problem", role: "alert" }, problem.message));
      }
    }

    function line(correction) {
      const { id, at, by, undone } = correction;
      const when = new Date(at).toLocaleString(labels.locale, { dateStyle: "medium", timeStyle: "short" });
      const act = () => correct({ do: undone ? "redo" : "undo", id }, undone ? labels.redone : labels.undone).then((trouble) => editor.warn(trouble) || draw());
      return element(
        "li",
        { class: undone ? "undone" : null },
        element("p", {}, element("span", {}, editorLogic.told(correction, labels)), undone ? element("span", { class: "badge" }, labels.is_undone) : null),
        element("p", { class: "line" }, element("small", {}, `${when} · ${by}`), button(undone ? labels.redo_this : labels.undo_this, act)),
      );
    }
  }

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || /^(INPUT|TEXTAREA)$/.test(event.target.tagName) || !editor.editable()) return;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) back();
    else if (key === "y" || key === "z") forth();
    else return;
    event.preventDefault();
  });

  // ---- the tools

  const more = [button(labels.history, history), button(labels.voices, () => editor.voices.count())];
  page.menu.prepend(...more);
  const root = element("span", { class: "editor-tools", role: "group", "aria-label": labels.tools }, undo, redo);
  viewer.bar.querySelector(".search").before(root);
  const unreplayed = element("div", { class: "unreplayed", hidden: true });
  viewer.root.querySelector("header").append(unreplayed);

  function update() {
    const state = page.state();
    for (const tool of [root, ...more]) tool.hidden = !editor.editable();
    undo.disabled = !state.can_undo;
    redo.disabled = !state.can_redo;
    const lost = state.unreplayed || [];
    unreplayed.hidden = !lost.length;
    unreplayed.replaceChildren(
      element("details", {}, element("summary", {}, `${labels.unreplayed} ${lost.length}`), element("ul", {}, ...lost.map((each) => element("li", {}, editorLogic.lost(each, labels))))),
    );
  }

  editor.voices = editorVoices(editor);
  editor.words = editorWords(editor);
  editor.items = editorItems(editor);
  update();

  return {
    update,
    /** The text, or the speaker, of the turn that has the focus or is being said. */
    edit: () => viewer.active() && editor.words.edit(viewer.active().id),
    menu() {
      const utterance = viewer.active();
      const item = utterance && viewer.utterance(utterance.id).item;
      if (item) editor.voices.select({ speaker: utterance.speaker, utterance, element: item.querySelector(".speaker") });
    },
  };
}
