"use strict";

/** Makers of elements. Texts of a meeting only ever become textContent: they are data, never markup. */
const dialogueElements = {
  /** An element; attributes that are true stand alone, false and null are left out, `onclick` and the like listen. */
  element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  },

  shape(tag, attributes, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  },

  icon(kind) {
    const { shape } = dialogueElements;
    const paths = { play: "M5 3l14 9-14 9z", pause: "M5 3h5v18H5zM14 3h5v18h-5z" };
    return shape("svg", { viewBox: "0 0 24 24", width: 18, height: 18, "aria-hidden": "true" }, shape("path", { d: paths[kind] }));
  },

  /** A button with a text. */
  button: (text, onclick, attributes = {}) => dialogueElements.element("button", { type: "button", onclick, ...attributes }, text),

  /** `action`, once `wait` milliseconds have passed without another call. */
  later(action, wait) {
    let timer = 0;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(action, wait);
    };
  },

  /** A label whose `{words}` are replaced by values. */
  filled: (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]),
};
