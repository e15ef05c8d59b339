"use strict";

/** Corrections of the minutes, in place: each item is accepted, rewritten or taken out. */
function editorItems(editor) {
  const { element, button, filled } = dialogueElements;
  const { form, field, submit } = dialoguePanels;
  const { viewer, labels } = editor;
  const STATUSES = { decision: ["decided", "proposed", "rejected"], action: ["open", "done"] };
  let writing = null; // {item, box}: the item that is being rewritten

  const all = () => editorLogic.items(viewer.data().minutes);
  const place = (item) => viewer.root.querySelector(`.minutes [data-item="${item.id}"]`);

  function decorate() {
    if (!editor.editable()) return;
    for (const item of all()) {
      const at = place(item);
      if (at && !at.querySelector(".item-tools")) at.append(tools(item));
    }
    if (!writing) return;
    const same = editorLogic.sameItem(writing.item, viewer.data().minutes) || all().find(({ id }) => id === writing.item.id);
    if (same) writing.item = same;
    const at = same ? place(same) : viewer.root.querySelector(".minutes");
    if (writing.box.parentElement !== at) at.prepend(writing.box);
    at.classList.add("rewritten");
  }

  function tools(item) {
    const act = (text, shown, onclick) => button(shown, onclick, { title: text, "aria-label": `${text} – ${item.edit.text}`, class: "quiet" });
    const apart = item.edit.to_verify; // these are to be judged, so their buttons have words
    const sign = (text, mark) => (apart ? `${mark} ${text}` : mark);
    return element(
      "span",
      { class: "item-tools", role: "group", "aria-label": filled(labels.item_tools, { text: item.edit.text }) },
      apart || item.confidence < 0.5 ? act(labels.accept, sign(labels.accept, "✓"), () => editor.correct({ do: "accept", item: item.id }).then(editor.warn)) : null,
      act(labels.edit, sign(labels.edit, "✎"), () => edit(item)),
      act(labels.reject, sign(labels.reject, "✕"), () => editor.correct({ do: "reject", item: item.id }).then(editor.warn)),
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
      element("div", { class: "line" }, submit(labels.save), button(labels.cancel, end), element("span", { class: "gap" }), move(-1), move(1)),
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

  /** A button that puts the item that is being rewritten before its neighbour, or its neighbour before it. */
  function move(by) {
    const beside = () => {
      const list = editorLogic.list(writing.item, viewer.data().minutes);
      return list[list.findIndex(({ id }) => id === writing.item.id) + by];
    };
    const act = () => {
      const [item, before] = by < 0 ? [writing.item, beside()] : [beside(), writing.item];
      if (item && before) editor.correct({ do: "order", item: item.id, before: before.id }).then(editor.warn);
    };
    return button(by < 0 ? "↑" : "↓", act, { title: by < 0 ? labels.up : labels.down, "aria-label": by < 0 ? labels.up : labels.down });
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
