"use strict";

/** Corrections of who speaks: a name, one person heard as two, a turn that is somebody else's. */
function editorVoices(editor) {
  const { element, button, filled } = dialogueElements;
  const { open, form, field, submit } = dialoguePanels;
  const { viewer, labels } = editor;
  const NEW = "\u0000new";

  const speakers = () => viewer.data().speakers;
  const nameOf = (id) => speakers().find((speaker) => speaker.id === id)?.name || viewer.data().labels.unknown_speaker;

  /** A choice of a speaker other than one, or of a new one. */
  function choice(except, newcomer) {
    const name = element("input", { type: "text", maxlength: 120, placeholder: labels.new_name, "aria-label": labels.new_name, hidden: true });
    const select = element(
      "select",
      { onchange: () => (name.hidden = select.value !== NEW) },
      ...speakers().filter(({ id }) => id !== except).map(({ id, name: text }) => element("option", { value: id }, text)),
      newcomer ? element("option", { value: NEW }, labels.new_speaker) : null,
    );
    name.hidden = select.value !== NEW;
    return { select, name };
  }

  /** Give words to another speaker. */
  function giving(label, places, except, done) {
    const { select, name } = choice(except, true);
    const give = () =>
      done(select.value === NEW ? { do: "split", places, ...(name.value.trim() ? { name: name.value } : {}) } : { do: "move", places, to: select.value });
    return form(give, element("div", { class: "line" }, field(label, select), submit(labels.give)), name);
  }

  function select({ speaker, utterance, element: beside }) {
    if (!editor.editable()) return;
    const after = async (correction) => {
      problem.textContent = "";
      const trouble = await editor.correct(correction);
      if (!trouble) panel.close();
      else problem.textContent = trouble;
    };
    const problem = element("p", { class: "problem", role: "alert" });
    const parts = [];
    if (speaker) {
      const mine = viewer.data().utterances.filter((said) => said.speaker === speaker).length;
      const name = element("input", { type: "text", value: nameOf(speaker), maxlength: 120, required: true, autocomplete: "off", list: "known-names" });
      const only = element("input", { type: "radio", name: "where" });
      const all = element("input", { type: "radio", name: "where", checked: true });
      const known = element("datalist", { id: "known-names" }, ...editor.names().map((text) => element("option", { value: text })));
      const taken = element("div", { class: "taken", hidden: true });
      const rename = () => {
        const other = speakers().find(({ id, name: text }) => id !== speaker && text === name.value.trim());
        if (only.checked) after({ do: "rename", speaker, name: name.value, lines: [utterance.id] });
        else if (other) {
          taken.replaceChildren(
            element("p", {}, filled(labels.taken, { name: other.name })),
            button(labels.same_person, () => after({ do: "merge", speaker, into: other.id })),
          );
          taken.hidden = false;
        } else after({ do: "rename", speaker, name: name.value });
      };
      const where = [
        element("label", {}, all, ` ${labels.everywhere} (${mine})`),
        element("label", {}, only, ` ${labels.this_turn}`),
      ];
      parts.push(form(rename, element("div", { class: "line" }, field(labels.name, name), submit(labels.rename)), element("div", { class: "where" }, ...where), known, taken));
      const suggested = element("div", { class: "suggested", role: "status" });
      parts.push(suggested);
      editor.suggestions().then((all_) => {
        for (const each of all_.filter((s) => s.speaker === speaker && s.name && s.name !== nameOf(speaker))) {
          const other = speakers().find(({ id, name: text }) => id !== speaker && text === each.name);
          const correction = other ? { do: "merge", speaker, into: other.id } : { do: "rename", speaker, name: each.name };
          suggested.append(button(filled(labels.suggested, { name: each.name, n: Math.round(100 * each.probability) }), () => after(correction)));
        }
      });
      if (speakers().length > 1) {
        const into = choice(speaker, false).select;
        parts.push(form(() => after({ do: "merge", speaker, into: into.value }), element("div", { class: "line" }, field(labels.merge_into, into), submit(labels.merge))));
      }
    }
    const next = editorLogic.following(viewer.data().utterances, utterance);
    const close = (act) => () => {
      panel.close();
      act();
    };
    parts.push(
      element("h3", {}, labels.turn),
      giving(labels.give_turn, [utterance.id], speaker, after),
      element(
        "div",
        { class: "line" },
        button(labels.edit_text, close(() => editor.words.edit(utterance.id))),
        next ? button(labels.join_next, () => after({ do: "join", first: utterance.id, second: next.id })) : null,
        button(labels.omit_turn, close(() => editor.words.omit([utterance.id], beside))),
      ),
      problem,
    );
    const panel = open(beside, filled(labels.speaker_menu, { name: nameOf(speaker) }), ...parts);
    panel.querySelector("input")?.select();
  }

  /** Ask which speaker gets some words. */
  function give(places, except, beside) {
    const problem = element("p", { class: "problem", role: "alert" });
    const after = async (correction) => {
      const trouble = await editor.correct(correction);
      if (!trouble) panel.close();
      else problem.textContent = trouble;
    };
    const panel = open(beside, labels.words_chosen, giving(labels.give_words, places, except, after), problem);
  }

  /** Ask for another number of voices. */
  function count() {
    const number = element("input", { type: "number", min: 1, max: 12, required: true, value: speakers().length || 2 });
    const problem = element("p", { class: "problem", role: "alert" });
    const ask = async () => {
      const trouble = await editor.rerun({ speakers: Number(number.value) });
      if (!trouble) panel.close();
      else problem.textContent = trouble;
    };
    const hint = viewer.data().voices;
    const panel = open(
      null,
      labels.voices_title,
      hint ? element("p", {}, hint) : null,
      element("p", {}, labels.voices_text),
      form(ask, element("div", { class: "line" }, field(labels.voices_number, number), submit(labels.redo_voices))),
      problem,
    );
  }

  viewer.on("select", select);
  return { give, count, nameOf, select };
}
