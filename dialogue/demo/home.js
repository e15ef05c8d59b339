/** The meetings of the home page, and its tabs, which the address remembers after its #. */

import { adding } from "./adding.js";
import { openActions, searching } from "./finding.js";
import { meetingList } from "./meeting_list.js";
import { api, confirmed, el, say } from "./page.js";
import "./ask.js";

customElements.define(
  "dialogue-meetings",
  class extends HTMLElement {
    connectedCallback() {
      this.className = "dialogue-home";
      const told = el("p", { className: "told", role: "status", hidden: true });
      const tell = (text, wrong = false) => {
        told.textContent = text;
        told.hidden = !text;
        told.classList.toggle("wrong", wrong);
      };
      const actions = openActions({ tell });
      let done = ""; // the meetings that are finished: with another one, there may be other actions
      const everything = el("button", { type: "button", className: "quiet-button", hidden: true }, say("delete_all"));
      const list = meetingList({
        tell,
        listed(meetings) {
          everything.hidden = !meetings.length;
          const finished = meetings.filter((m) => m.duration && !m.problem).map((m) => m.id).join();
          if (finished !== done) actions.refresh(Boolean(finished));
          done = finished;
        },
      });
      everything.onclick = async () => {
        if (!(await confirmed(say("delete_all_sure"), say("delete_all"), say("delete_word")))) return;
        try {
          await api("DELETE", "/api/meetings");
          tell(say("all_deleted"));
        } catch (error) {
          tell(error.message, true);
        }
        await list.refresh();
      };
      const below = el("div", { className: "columns" }, el("div", {}, list.element, everything), actions.element);
      const search = searching({ searching: (yes) => (below.hidden = yes) });
      this.replaceChildren(adding({ added: list.refresh, tell }), told, search, below);
      list.refresh();
      rememberTab();
    }
  },
);

customElements.define(
  "dialogue-top",
  class extends HTMLElement {
    connectedCallback() {
      this.className = "dialogue-home top";
      const privacy = el("p", { className: "quiet privacy" }, say("privacy"));
      this.replaceChildren(el("h1", {}, "dialogue"), el("p", { className: "quiet" }, say("tagline")), privacy);
    }
  },
);

/** Open the tab that the address names, and name the one that is opened. */
function rememberTab() {
  const tab = (name) => document.getElementById(`tab-${name}-button`);
  const open = () => tab(location.hash.slice(1))?.click();
  if (rememberTab.begun) return;
  rememberTab.begun = true;
  addEventListener("hashchange", open);
  document.addEventListener("click", ({ target }) => {
    const name = target.closest?.('[role="tab"]')?.dataset.tabId;
    if (name) history.replaceState(null, "", `#${name}`);
  });
  setTimeout(open); // once the tabs themselves are there
}
