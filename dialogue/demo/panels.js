"use strict";

/** Small windows of the page: they keep the focus, close with Escape, and give it back. */
const dialoguePanels = {
  /**
   * Open a window beside an element, or in the middle.
   *
   * @param {Element|null} beside  an element; null shows the window in the middle.
   * @param {string} title
   * @param {Node[]} parts
   * @returns {HTMLDialogElement} `close()` removes it.
   */
  open(beside, title, ...parts) {
    const { element, button } = dialogueElements;
    const { close } = dialoguePanels.labels;
    const heading = element("h2", { id: "panel-title" }, title);
    const panel = element(
      "dialog",
      { class: "panel", "aria-labelledby": "panel-title" },
      element("div", { class: "panel-head" }, heading, button("×", () => panel.close(), { "aria-label": close, title: close, class: "quiet" })),
      ...parts,
    );
    panel.addEventListener("close", () => panel.remove());
    panel.addEventListener("click", (event) => event.target === panel && panel.close());
    panel.addEventListener("keydown", (event) => event.stopPropagation());
    document.querySelector(".dialogue-page").append(panel);
    panel.showModal();
    if (beside && innerWidth > 640) {
      const at = beside.getBoundingClientRect();
      panel.classList.add("beside");
      panel.style.left = `${Math.max(8, Math.min(at.left, innerWidth - panel.offsetWidth - 8))}px`;
      panel.style.top = `${Math.max(8, Math.min(at.bottom + 4, innerHeight - panel.offsetHeight - 8))}px`;
    }
    return panel;
  },

  /** A form that never leaves the page: `act` runs when it is sent. */
  form(act, ...parts) {
    const send = (event) => {
      event.preventDefault();
      act();
    };
    return dialogueElements.element("form", { onsubmit: send }, ...parts);
  },

  /** A field with its label. */
  field(label, input) {
    return dialogueElements.element("label", { class: "field" }, dialogueElements.element("span", {}, label), input);
  },

  submit: (text, attributes = {}) => dialogueElements.element("button", { type: "submit", class: "main", ...attributes }, text),

  labels: {}, // of the page
};
