"use strict";

/**
 * The keys of the viewer, and the panel that shows them.
 *
 * @param {Array} keys  [[key, ...], label, action]: the first key is shown; without an action, another part of the page acts.
 *     A key is what KeyboardEvent.key says, in lower case, after "Shift+" if need be.
 */
function viewerKeys(labels, keys) {
  const { element, button } = dialogueElements;
  const single = element("input", { type: "checkbox" });
  single.checked = true;
  const names = { " ": labels.key_space, Escape: labels.key_escape, Enter: labels.key_enter, Shift: labels.key_shift, ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" };
  const shown = (key) => (key === "+" ? [key] : key.split("+")).map((part) => element("kbd", {}, names[part] || part.toUpperCase()));
  const panel = element(
    "dialog",
    { class: "keys", "aria-label": labels.help },
    element("h2", {}, labels.help),
    element(
      "dl",
      {},
      ...keys.flatMap(([[key], label]) => [
        element("dt", {}, ...shown(key)),
        element("dd", {}, label),
      ]),
    ),
    element("label", { class: "single" }, single, labels.single_keys),
    element("p", {}, button(labels.close, () => panel.close())),
  );
  panel.addEventListener("click", (event) => event.target === panel && panel.close());

  function press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented || event.target.closest("dialog")) return;
    const { tagName, type } = event.target;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(tagName) && type !== "checkbox";
    const pressing = tagName === "BUTTON" || tagName === "SUMMARY" || tagName === "A" || type === "checkbox";
    const key = (event.shiftKey && /^[a-z]$/i.test(event.key) ? "Shift+" : "") + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
    if (typing && !(key === "Escape" && tagName === "INPUT" && !event.target.value)) return;
    if (pressing && (key === " " || key === "Enter")) return;
    if (key.length === 1 && key !== " " && !single.checked) return;
    const [, , action] = keys.find(([some, , act]) => act && some.includes(key)) || [];
    if (!action) return;
    action();
    event.preventDefault();
  }

  return { panel, press, show: () => panel.showModal() };
}
