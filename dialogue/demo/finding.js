/** Search over all meetings, and what they left open. */

import { api, clock, count, day, el, marked, meetingLink, say, sayable } from "./page.js";

const PAUSE = 300; // milliseconds without a key before a search

/**
 * A search box and its results.
 *
 * @param {object} events  `searching(yes)` when results take the place of the list, or no longer do.
 */
export function searching({ searching: changed }) {
  const box = el("input", { type: "search", id: "search", placeholder: say("search_hint"), autocomplete: "off" });
  const said = el("p", { className: "quiet", role: "status" });
  const hits = el("ol", { className: "hits" });
  let timer = 0;
  let asked = 0;
  box.oninput = () => {
    clearTimeout(timer);
    timer = setTimeout(look, box.value.trim() ? PAUSE : 0);
  };
  box.onkeydown = (event) => {
    if (event.key === "Escape") (box.value = ""), look();
    if (event.key === "Enter") clearTimeout(timer), look();
  };
  return el(
    "search",
    {},
    el("label", { htmlFor: "search", className: "hidden" }, say("search")),
    box,
    said,
    hits,
  );

  async function look() {
    const wanted = box.value.trim();
    const number = ++asked;
    changed(Boolean(wanted));
    if (!wanted) return hits.replaceChildren(), (said.textContent = "");
    try {
      const { hits: found } = await api("GET", "/api/search", { query: { q: wanted, count: 30 } });
      if (number !== asked) return; // a later search has been begun
      said.textContent = found.length ? count("hits", found.length) : say("no_hit", { query: wanted });
      hits.replaceChildren(...found.map(hit));
    } catch (error) {
      if (number !== asked) return;
      said.textContent = error.message;
      hits.replaceChildren();
    }
  }

  function hit(found) {
    const where = [day(found.date), sayable(`kind_${found.kind}`) ? say(`kind_${found.kind}`) : "", found.speaker];
    const time = found.start === null ? "" : clock(found.start);
    return el(
      "li",
      {},
      el("a", { href: meetingLink(found.meeting, found.start) }, found.title, time ? ` · ${time}` : ""),
      el("span", { className: "quiet" }, ` ${where.filter(Boolean).join(" · ")}`),
      el("p", {}, marked(found.text, found.marks)),
    );
  }
}

/** The open actions of all meetings, with what later meetings say of them. */
export function openActions({ tell }) {
  const who = el("select", { "aria-label": say("filter_who") }, el("option", { value: "" }, say("everybody")));
  const list = el("ul", {});
  const none = el("p", { className: "quiet", hidden: true }, say("no_actions"));
  const element = el(
    "section",
    { className: "actions", "aria-labelledby": "actions-title", hidden: true },
    el("h2", { id: "actions-title" }, say("open_actions")),
    who,
    list,
    none,
    el("p", { className: "quiet note" }, say("later_note")),
  );
  let items = [];
  who.onchange = show;
  return {
    element,
    /** Ask again, if there are meetings that may have left something open. */
    async refresh(any) {
      if (!any) return (element.hidden = true);
      try {
        ({ items } = await api("GET", "/api/actions"));
      } catch (error) {
        return tell(error.message, true);
      }
      const chosen = who.value;
      const people = [...new Set(items.map((item) => item.who).filter(Boolean))].sort((a, b) => a.localeCompare(b));
      who.replaceChildren(who.options[0], ...people.map((name) => el("option", { value: name, selected: name === chosen }, name)));
      who.hidden = people.length < 2;
      element.hidden = false;
      show();
    },
  };

  function show() {
    const shown = items.filter((item) => !who.value || item.who === who.value);
    none.hidden = shown.length > 0;
    list.replaceChildren(...shown.map(action));
  }

  function action(item) {
    const due = [item.who || say("nobody"), item.due].filter(Boolean).join(" · ");
    return el(
      "li",
      {},
      el("p", {}, item.what),
      el("p", { className: "facts" }, due),
      el("p", { className: "facts" }, source(item, item.title)),
      ...item.later.map((mention) =>
        el(
          "blockquote",
          { className: mention.says },
          el("strong", {}, say(`says_${mention.says}`)),
          el("span", {}, ` ${say("quoted", { quote: mention.quote })}`),
          el("p", { className: "facts" }, mention.speaker ? `${mention.speaker} · ` : "", source(mention, day(mention.date))),
        ),
      ),
    );
  }
}

const source = (item, text) =>
  el("a", { href: meetingLink(item.meeting, item.start) }, [text, item.start === null ? "" : clock(item.start)].filter(Boolean).join(" · "));
