/** The list of meetings, the newest first, kept up to date while somebody looks at it. */

import { api, confirmed, count, day, el, lasting, meetingLink, say, write } from "./page.js";

const [BUSY, CALM] = [1500, 10000]; // milliseconds between looks, while something is being done and otherwise
const WORKING = ["submitted", "running"];

/**
 * @param {object} events  `tell(text, wrong)` to show a sentence, `listed(meetings)` after each look.
 * @returns {{element: HTMLElement, refresh: function}}
 */
export function meetingList({ tell, listed }) {
  const rows = new Map(); // id -> {element, paint}
  const list = el("ul", { className: "meetings" });
  const state = select("state", ["", "working", "done", "failed"].map((value) => [value, say(`show_${value || "all"}`)]));
  const tag = select("tag", [["", say("all_tags")]]);
  const queue = el("span", { className: "quiet" });
  const empty = el(
    "div",
    { className: "empty", hidden: true },
    el("h3", {}, say("empty_title")),
    el("ol", {}, ...["empty_1", "empty_2", "empty_3"].map((key) => el("li", {}, say(key)))),
  );
  const none = el("p", { className: "quiet", hidden: true }, say("none_such"));
  const filters = el("div", { className: "row filters" }, state, tag, queue);
  const element = el(
    "section",
    { className: "list", "aria-labelledby": "list-title" },
    el("h2", { id: "list-title" }, say("meetings")),
    filters,
    list,
    none,
    empty,
  );
  let meetings = null;
  let timer = 0;
  let wrong = "";
  state.onchange = tag.onchange = () => show();
  const looked = () => !document.hidden && element.isConnected;
  document.addEventListener("visibilitychange", () => looked() && refresh());
  return { element, refresh };

  function select(name, choices) {
    const made = el("select", { "aria-label": say(`filter_${name}`) });
    for (const [value, text] of choices) made.append(el("option", { value }, text));
    return made;
  }

  /** Ask for the list and show it; another look follows unless the page is hidden. */
  async function refresh() {
    clearTimeout(timer);
    try {
      const found = await api("GET", "/api/meetings");
      meetings = found.meetings;
      write(queue, found.queue ? count("queue", found.queue) : "");
      if (wrong) tell("");
      wrong = "";
      show();
      listed(meetings);
    } catch (error) {
      if (error.message !== wrong) tell((wrong = error.message), true); // said once, not at each look
    }
    clearTimeout(timer); // of a look that was begun meanwhile
    const busy = meetings?.some((meeting) => working(meeting));
    if (looked()) timer = setTimeout(refresh, busy ? BUSY : CALM);
  }

  function show() {
    const chosen = tag.value;
    const tags = [...new Set(meetings.flatMap((meeting) => meeting.tags))].sort();
    if ([...tag.options].slice(1).map((o) => o.value).join("\n") !== tags.join("\n")) {
      tag.replaceChildren(tag.options[0], ...tags.map((name) => el("option", { value: name, selected: name === chosen }, name)));
    }
    tag.hidden = !tags.length;
    filters.hidden = empty.hidden = true;
    empty.hidden = meetings.length > 0;
    filters.hidden = !meetings.length;
    const shown = meetings.filter((meeting) => fits(meeting));
    none.hidden = !meetings.length || shown.length > 0;
    const ids = new Set(shown.map((meeting) => meeting.id));
    for (const [id, row] of rows) if (!ids.has(id)) (row.element.remove(), rows.delete(id));
    shown.forEach((meeting, place) => {
      if (!rows.has(meeting.id)) rows.set(meeting.id, row(meeting.id));
      const { element: line, paint } = rows.get(meeting.id);
      paint(meeting);
      if (list.children[place] !== line) list.insertBefore(line, list.children[place] || null);
    });
  }

  function fits(meeting) {
    const wanted = { "": true, working: working(meeting), failed: failed(meeting), done: !working(meeting) && !failed(meeting) };
    return wanted[state.value] && (!tag.value || meeting.tags.includes(tag.value));
  }

  /** A line that stays the same element as long as its meeting is listed, so that focus and selection stay. */
  function row(id) {
    const title = el("a", { href: meetingLink(id) });
    const facts = el("p", { className: "facts" });
    const tags = el("span", { className: "tags" });
    const said = el("span", { className: "said" });
    const bar = el("progress", { max: 1 });
    const cancel = el("button", { type: "button" }, say("cancel"));
    const again = el("button", { type: "button" }, say("again"));
    const remove = el("button", { type: "button", className: "quiet-button" }, say("delete"));
    const line = el(
      "li",
      {},
      el("div", { className: "what" }, el("h3", {}, title), facts, tags),
      el("div", { className: "state" }, said, bar),
      el("div", { className: "deeds" }, cancel, again, remove),
    );
    let name = "";
    cancel.onclick = () => deed(() => api("POST", `/api/meetings/${encodeURIComponent(id)}/cancel`));
    again.onclick = () => deed(() => api("POST", `/api/meetings/${encodeURIComponent(id)}/rerun`, { body: {} }));
    remove.onclick = async () => {
      if (!(await confirmed(say("delete_one", { title: name }), say("delete")))) return;
      await deed(() => api("DELETE", `/api/meetings/${encodeURIComponent(id)}`));
      tell(say("deleted", { title: name }));
    };
    return {
      element: line,
      paint(meeting) {
        name = meeting.title || id;
        write(title, name);
        write(facts, about(meeting));
        if (tags.textContent !== meeting.tags.join("")) tags.replaceChildren(...meeting.tags.map((text) => el("span", {}, text)));
        line.dataset.state = working(meeting) || meeting.job?.state === "cancelled" ? meeting.job.state : failed(meeting) ? "failed" : "done";
        write(said, sentence(meeting));
        bar.hidden = meeting.job?.state !== "running";
        bar.value = meeting.job?.share || 0;
        bar.setAttribute("aria-label", say("progress_of", { title: name }));
        cancel.hidden = !working(meeting);
        again.hidden = !failed(meeting);
        for (const [button, text] of [[cancel, "cancel_of"], [again, "again_of"], [remove, "delete_of"]]) {
          button.setAttribute("aria-label", say(text, { title: name }));
        }
      },
    };
  }

  async function deed(act) {
    try {
      await act();
    } catch (error) {
      tell(error.message, true);
    }
    await refresh();
  }
}

const working = (meeting) => WORKING.includes(meeting.job?.state);
const failed = (meeting) => Boolean(meeting.problem) || ["failed", "cancelled"].includes(meeting.job?.state);

function about(meeting) {
  const parts = [day(meeting.date), meeting.duration ? lasting(meeting.duration) : "", meeting.participants.join(", ")];
  if (meeting.keep_until) parts.push(say("kept_until", { date: day(meeting.keep_until) }));
  return parts.filter(Boolean).join(" · ");
}

function sentence({ job, problem }) {
  if (job?.state === "submitted") return job.ahead ? count("ahead", job.ahead) : say("next");
  if (job?.state === "running") {
    const left = job.seconds_left === null ? null : say("left", { time: lasting(job.seconds_left) });
    return [job.step_label, say("percent", { n: Math.floor(100 * job.share) }), left].filter(Boolean).join(" · ");
  }
  if (job?.state === "cancelled") return say("cancelled");
  return (job?.state === "failed" && job.cause) || problem || (job?.state === "failed" ? say("failed") : say("ready"));
}
