"use strict";

/** Corrections of the minutes, in place: each item is accepted, rewritten or taken out. */
function editorItems(editor) {
  const { element, button, filled } = dialogueElements;
  const { form, field, submit } = dialoguePanels;
  const { viewer, labels } = editor;
  const STATUSES = { decision: ["decided", "proposed", "rejected"], action: ["open", "done"] };
  let writing = null; // {item, box}: the item that is being rewritten

  function all() {
    const { minutes } = viewer.data();
    if (!minutes) return [];
    const points = minutes.topics.flatMap((topic) => topic.points);
    const next = minutes.next_meeting ? [minutes.next_meeting] : [];
    return [...minutes.decisions, ...minutes.actions, ...minutes.open_questions, ...points, ...next, ...minutes.to_verify];
  }

  const place = (item) => viewer.root.querySelector(`.minutes [data-item="${item.id}"]`);

  function decorate() {
    if (!editor.editable()) return;
    for (const item of all()) {
      const at = place(item);
      if (at && !at.querySelector(".item-tools")) at.append(tools(item));
    }
    if (!writing) return;
    const same = all().find((item) => JSON.stringify(item.edit) === JSON.stringify(writing.item.edit)) || all().find(({ id }) => id === writing.item.id);
    if (same) writing.item = same;
    const at = same ? place(same) : viewer.root.querySelector(".minutes");
    if (writing.box.parentElement !== at) at.prepend(writing.box);
    at.classList.add("rewritten");
  }

  function tools(item) {
    const act = (text, sign, onclick) => button(sign, onclick, { title: text, "aria-label": `${text} – ${item.edit.text}`, class: "quiet" });
    const unsure = item.edit.to_verify || item.confidence < 0.5;
    return element(
      "span",
      { class: "item-tools", role: "group", "aria-label": filled(labels.item_tools, { text: item.edit.text }) },
      unsure ? act(labels.accept, `✓ ${labels.accept}`, () => editor.correct({ do: "accept", item: item.id }).then(editor.warn)) : null,
      act(labels.edit, unsure ? `✎ ${labels.edit}` : "✎", () => edit(item)),
      act(labels.reject, unsure ? `✕ ${labels.reject}` : "✕", () => editor.correct({ do: "reject", item: item.id }).then(editor.warn)),
    );
  }

  function edit(item) {
    if (writing) end();
    const known = item.edit;
    const text = element("textarea", { rows: 2, maxlength: 2000 });
    text.value = known.text;
    const owner = element("input", { type: "text", maxlength: 120, value: known.owner || "", list: "people" });
    const due = element("input", { type: "text", maxlength: 80, value: known.due || "" });
    const choices = STATUSES[known.kind];
    const status = choices && element("select", {}, ...choices.map((each) => element("option", { value: each, selected: each === known.status }, viewer.data().labels[each] || labels[each])));
    const problem = element("p", { class: "problem", role: "alert" });
    const task = known.kind === "action";
    const save = async () => {
      const wanted = { text: text.value, ...(task ? { owner: owner.value, due: due.value } : {}), ...(choices ? { status: status.value } : {}) };
      const changed = Object.entries(wanted).filter(([name, value]) => value.trim() !== (writing.item.edit[name] || ""));
      if (!changed.length) return end();
      const trouble = await editor.correct({ do: "edit", item: writing.item.id, ...Object.fromEntries(changed) });
      if (trouble) problem.textContent = trouble;
      else end();
    };
    const box = form(
      save,
      field(labels.item_text, text),
      task ? field(labels.owner, owner) : null,
      task ? element("datalist", { id: "people" }, ...editor.names().map((name) => element("option", { value: name }))) : null,
      task ? field(labels.due, due) : null,
      choices ? field(labels.status, status) : null,
      element("div", { class: "line" }, submit(labels.save), button(labels.cancel, end)),
      problem,
    );
    box.classList.add("item-form");
    box.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") end();
      else if (event.key === "Enter" && event.target === text && !event.shiftKey) save();
      else return;
      event.preventDefault();
    });
    writing = { item, box };
    decorate();
    text.focus();
  }

  function end() {
    const { item, box } = writing;
    writing = null;
    box.parentElement?.classList.remove("rewritten");
    box.remove();
    place(item)?.querySelector(".item-tools button")?.focus({ preventScroll: true });
  }

  viewer.on("draw", decorate);
  decorate();
  return { edit };
}
