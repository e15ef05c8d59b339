/** What all parts of the home page use: labels, elements, requests, times. */

const known = JSON.parse(document.querySelector('meta[name="dialogue-labels"]').content);
const first = navigator.languages.find((tag) => /^(fr|en)\b/i.test(tag)) || "fr";

/** The language of the page: "fr" or "en". */
export const language = first.slice(0, 2).toLowerCase();
document.documentElement.lang = language;

/** A label in the language of the page; values go where it has {name}. */
export function say(key, values = {}) {
  const text = known[language][key];
  if (text === undefined) throw new Error(`no label ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Whether a label exists. */
export const sayable = (key) => known[language][key] !== undefined;

/** "1 réunion" or "3 réunions": the label `one_<key>` for one. */
export const count = (key, n) => say(n === 1 ? `one_${key}` : key, { n });

/**
 * An element. Names of properties are set as such, all others as attributes; texts among the children stay texts.
 *
 * @param {...(Node|string|null)} children  null is left out.
 */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name in node && !name.startsWith("aria")) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

/** Change a text only if it differs, so that nothing is announced or selected anew. */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** The address of a request, with the language of what it answers. */
export function address(path, values = {}) {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries({ ...values, lang: language })) url.searchParams.set(name, value);
  return url;
}

/**
 * Ask the server.
 *
 * @returns {Promise<object|null>}
 * @throws {Error} with a sentence for the person.
 */
export async function api(method, path, { query, body } = {}) {
  const headers = { "X-Dialogue": "1", ...(body && { "Content-Type": "application/json" }) };
  let answer;
  try {
    answer = await fetch(address(path, query), { method, headers, body: body && JSON.stringify(body) });
  } catch {
    throw new Error(say("unreachable"));
  }
  if (!answer.ok) throw new Error(refusal(answer.status, await answer.text()));
  return answer.status === 204 ? null : answer.json();
}

/** The sentence in the body of a refused request, or else its status. */
export function refusal(status, text) {
  try {
    return JSON.parse(text).error || say("refused", { status });
  } catch {
    return say("refused", { status }); // not from this application: a proxy, or a crash
  }
}

/** Seconds as m:ss or h:mm:ss. */
export function clock(seconds) {
  const whole = Math.floor(seconds || 0);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Seconds in words: "1 h 05", "12 min", "40 s". */
export function lasting(seconds) {
  const minutes = Math.round(seconds / 60);
  if (seconds < 60) return say("seconds", { n: Math.max(1, Math.round(seconds)) });
  if (minutes < 60) return say("minutes", { n: minutes });
  return say("hours", { h: Math.floor(minutes / 60), m: String(minutes % 60).padStart(2, "0") });
}

/** A date such as 2023-10-12 in words; what is not one stays as it is. */
export function day(date) {
  const at = new Date(`${date}T12:00`);
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(at.valueOf())) return date || "";
  return at.toLocaleDateString(language === "en" ? "en-GB" : language, { day: "numeric", month: "short", year: "numeric" });
}

/** The page of a meeting, at a moment if there is one. */
export function meetingLink(meeting, start) {
  const moment = start === null || start === undefined ? "" : `#t=${Number(start).toFixed(1)}`;
  return `/meetings/${encodeURIComponent(meeting)}${moment}`;
}

/** The name of who speaks, or the number of a voice that has no name; null stays null. */
export const person = (name) => name?.replace(/^spk(\d+)$/, (_, n) => say("voice", { n })) ?? null;

/** A text whose spans [from, to[ are marked. */
export function marked(text, marks) {
  const node = el("span");
  let at = 0;
  for (const [from, to] of marks) {
    node.append(text.slice(at, from), el("mark", {}, text.slice(from, to)));
    at = to;
  }
  node.append(text.slice(at));
  return node;
}

/**
 * Ask before something is deleted.
 *
 * @param {string} question  what will happen.
 * @param {string} [word]    a word that must be typed first.
 * @returns {Promise<boolean>}
 */
export function confirmed(question, deed, word) {
  const typed = word && el("input", { id: "typed", autocomplete: "off", spellcheck: false });
  const go = el("button", { className: "danger", value: "yes", disabled: Boolean(word) }, deed);
  if (typed) typed.oninput = () => (go.disabled = typed.value.trim().toLowerCase() !== word);
  const keep = el("button", { type: "button", onclick: () => dialog.close("no") }, say("keep")); // Enter does not press it
  const dialog = el(
    "dialog",
    { className: "dialogue-home ask-first", "aria-labelledby": "asked" },
    el(
      "form",
      { method: "dialog" },
      el("p", { id: "asked" }, question),
      typed ? el("label", { htmlFor: "typed" }, say("type_word", { word }), typed) : null,
      el("div", { className: "row end" }, keep, go),
    ),
  );
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.onclose = () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    };
    dialog.showModal();
  });
}
