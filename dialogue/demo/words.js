"use strict";

/** Corrections of words, in place: the text of a turn is typed while its sound repeats; chosen words move, split or go. */
function editorWords(editor) {
  const { element, button, filled } = dialogueElements;
  const { open, form, field, submit } = dialoguePanels;
  const { viewer, labels } = editor;
  let editing = null; // {id, words, box, typed}: the turn that is being rewritten

  // ---- the text of a turn

  /** Rewrite a turn, from the word that was double-clicked, which has begun to play, if one was. */
  function edit(id, clicked) {
    const wordNumber = clicked || 0;
    if (!editor.editable()) return;
    if (editing) {
      if (editing.id === id || editing.typed.value !== editing.text) return editing.typed.focus();
      end();
    }
    const { utterance } = viewer.utterance(id);
    const words = utterance.words.map(([word]) => word);
    const text = words.join(" ");
    const name = editor.voices.nameOf(utterance.speaker);
    const typed = element("textarea", { rows: 1, "aria-label": filled(labels.text_of_turn, { name, time: viewerLogic.clock(utterance.start) }), onkeydown: key });
    const loop = element("input", { type: "checkbox", onchange: repeat });
    const problem = element("p", { class: "problem", role: "alert" });
    const whole = () => typed.value.trim() === text;
    const chosen = (act) => () => {
      const range = whole() && editorLogic.selected(text, typed.selectionStart, typed.selectionEnd);
      if (range) act([editorLogic.place(id, ...range)], typed);
      else problem.textContent = whole() ? labels.choose_words : labels.save_first;
    };
    const cut = () => {
      const n = editorLogic.wordAt(text, typed.selectionStart);
      if (!whole()) problem.textContent = labels.save_first;
      else if (n === 0 || n >= words.length) problem.textContent = labels.cut_where;
      else editor.correct({ do: "cut", place: `${id}:${n + 1}` }).then(after);
    };
    const box = element(
      "div",
      { class: "rewriting" },
      typed,
      element(
        "div",
        { class: "line" },
        button(labels.save, save, { class: "main" }),
        button(labels.cancel, end),
        viewer.data().sound ? element("label", {}, loop, ` ${labels.loop}`) : null,
        element("span", { class: "gap" }),
        button(labels.cut_here, cut, { title: labels.cut_hint }),
        button(labels.move_words, chosen((places, beside) => editor.voices.give(places, utterance.speaker, beside))),
        button(labels.omit_words, chosen(omit)),
      ),
      problem,
    );
    typed.value = text;
    loop.checked = true;
    editing = { id, utterance, text, words, box, typed, loop, problem, wasPlaying: clicked === undefined && !viewer.audio.paused, sentence: null };
    for (const name of ["keyup", "click", "input"]) typed.addEventListener(name, () => grow() || repeat());
    attach();
    const at = words.slice(0, wordNumber).join(" ").length + (wordNumber ? 1 : 0);
    typed.focus({ preventScroll: true });
    typed.setSelectionRange(at, at);
    repeat();
    box.scrollIntoView({ block: "nearest" });
  }

  const grow = () => {
    editing.typed.style.height = "auto";
    editing.typed.style.height = `${editing.typed.scrollHeight + 2}px`;
  };

  /** Repeat the turn, or of a long one the sentence of the cursor. */
  function repeat() {
    if (!editing) return;
    const { utterance, typed, loop } = editing;
    if (!viewer.data().sound) return;
    if (!loop.checked) {
      editing.sentence = null;
      viewer.loop(null);
      viewer.audio.pause();
      return;
    }
    const said = utterance.words;
    const n = Math.min(editorLogic.wordAt(typed.value, typed.selectionStart), said.length - 1);
    const [first, last] = utterance.end - utterance.start <= 12 ? [0, said.length - 1] : viewerLogic.sentence(said, n);
    if (editing.sentence === first) return;
    editing.sentence = first;
    viewer.loop(null);
    viewer.seek(Math.max(0, said[first][1] - 0.1), true);
    viewer.loop(Math.max(0, said[first][1] - 0.1), said[last][2] + 0.2);
  }

  function key(event) {
    event.stopPropagation();
    if (event.key === "Escape") end();
    else if (event.key === "Enter" && !event.isComposing) save();
    else return;
    event.preventDefault();
  }

  async function save() {
    const { id, words, typed, problem } = editing;
    if (!editorLogic.split(typed.value).length) {
      problem.textContent = labels.empty_text;
      return;
    }
    const correction = editorLogic.change(id, words, typed.value);
    if (!correction) return end();
    after(await editor.correct(correction));
  }

  function after(trouble) {
    if (!editing) return;
    if (trouble) editing.problem.textContent = trouble;
    else end();
  }

  function end() {
    const { id, box, wasPlaying } = editing;
    editing = null;
    viewer.loop(null);
    if (!wasPlaying) viewer.audio.pause();
    box.parentElement?.classList.remove("rewritten");
    box.remove();
    viewer.utterance(id)?.item.focus({ preventScroll: true });
  }

  /** Put the box where the turn is now, with what was typed. */
  function attach() {
    if (!editing) return;
    const now = viewer.utterance(editing.id);
    const { box, typed } = editing;
    if (!now) {
      editor.warn(filled(labels.lost_turn, { text: typed.value }));
      return end();
    }
    if (box.parentElement !== now.item) {
      const focus = [typed, now.item, document.body].includes(document.activeElement); // a new row has taken the focus for it
      const selection = [typed.selectionStart, typed.selectionEnd];
      now.item.classList.add("rewritten");
      now.item.append(box);
      if (focus) {
        typed.focus({ preventScroll: true });
        typed.setSelectionRange(...selection);
      }
    }
    editing.utterance = now.utterance;
    editing.words = now.utterance.words.map(([word]) => word);
    editing.text = editing.words.join(" ");
    grow();
  }

  // ---- words chosen with the mouse or a finger

  const bar = element("div", { class: "chosen", role: "toolbar", "aria-label": labels.words_chosen, hidden: true });
  bar.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
  document.querySelector(".dialogue-page").append(bar);

  /** The words that are selected: {places, first: {id, n}, speaker}, or null. */
  function selection() {
    const chosen = getSelection();
    if (chosen.isCollapsed || !chosen.rangeCount) return null;
    const range = chosen.getRangeAt(0);
    const inside = range.commonAncestorContainer;
    const scope = inside.nodeType === 1 ? inside : inside.parentElement;
    if (!scope.closest(".utterances")) return null;
    const turns = scope.closest("li") ? [scope.closest("li")] : [...scope.children].filter((item) => range.intersectsNode(item));
    const places = [];
    let first = null;
    for (const item of turns) {
      const id = item.dataset.id;
      const spans = [...item.querySelectorAll(".words span")].filter((span) => touches(range, span));
      if (!id || !spans.length) continue;
      const [one, last] = [Number(spans[0].dataset.n), Number(spans.at(-1).dataset.n)];
      first = first || { id, n: one };
      places.push(editorLogic.place(id, one, last));
    }
    return first && { places, first, speaker: viewer.utterance(first.id).utterance.speaker, box: range.getBoundingClientRect() };
  }

  /** Whether a range holds a character of a word. */
  function touches(range, { firstChild: text }) {
    const word = document.createRange();
    word.setStart(text, 0);
    word.setEnd(text, text.length);
    return range.compareBoundaryPoints(Range.START_TO_END, word) > 0 && range.compareBoundaryPoints(Range.END_TO_START, word) < 0;
  }

  function offer() {
    const chosen = editor.editable() && !editing ? selection() : null;
    bar.hidden = !chosen;
    if (!chosen) return;
    const { places, first, speaker, box } = chosen;
    const act = (then) => () => {
      bar.hidden = true;
      getSelection().removeAllRanges();
      then();
    };
    const at = viewer.utterance(first.id).item;
    bar.replaceChildren(
      button(labels.edit_text, act(() => edit(first.id, first.n))),
      button(labels.move_words, act(() => editor.voices.give(places, speaker, at))),
      ...(first.n ? [button(labels.cut_here, act(() => editor.correct({ do: "cut", place: `${first.id}:${first.n + 1}` }).then(editor.warn)))] : []),
      button(labels.omit_words, act(() => omit(places, at))),
    );
    bar.style.left = `${Math.max(8, Math.min(box.left, innerWidth - bar.offsetWidth - 8))}px`;
    bar.style.top = `${box.bottom + 6 + bar.offsetHeight > innerHeight ? box.top - bar.offsetHeight - 6 : box.bottom + 6}px`;
  }

  document.addEventListener("selectionchange", dialogueElements.later(offer, 150));
  viewer.root.addEventListener("scroll", () => (bar.hidden = true), true);

  /** Ask why some words are not to be used, and omit them. */
  function omit(places, beside) {
    const reason = element("input", { type: "text", value: labels.default_reason, maxlength: 200, required: true });
    const problem = element("p", { class: "problem", role: "alert" });
    const act = async () => {
      const trouble = await editor.correct({ do: "omit", places, reason: reason.value });
      if (trouble) problem.textContent = trouble;
      else {
        panel.close();
        if (editing) end();
      }
    };
    const panel = open(
      beside,
      labels.omit_title,
      element("p", {}, labels.omit_text),
      form(act, element("div", { class: "line" }, field(labels.reason, reason), submit(labels.omit_words))),
      problem,
    );
  }

  viewer.on("edit", ({ utterance, n }) => {
    getSelection().removeAllRanges();
    edit(utterance.id, n);
  });
  viewer.on("draw", attach);
  return { edit, omit };
}
