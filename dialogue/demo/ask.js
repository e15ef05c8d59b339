/** A question to one meeting or to all, answered with citations that play. */

import { address, api, clock, day, el, meetingLink, say } from "./page.js";

customElements.define(
  "dialogue-ask",
  class extends HTMLElement {
    connectedCallback() {
      this.className = "dialogue-home";
      this.question = el("textarea", { id: "question", rows: 2, placeholder: say("question_hint") });
      this.meeting = el("select", { id: "asked-meeting" }, el("option", { value: "" }, say("all_meetings")));
      this.button = el("button", { type: "submit", className: "primary" }, say("ask"));
      this.status = el("p", { className: "quiet", role: "status" });
      this.answers = el("div", { className: "answers" });
      const form = el(
        "form",
        { className: "question" },
        el("div", {}, el("label", { htmlFor: "question" }, say("question")), this.question),
        el("div", { className: "row" }, el("label", { htmlFor: "asked-meeting" }, say("in_meeting")), this.meeting, this.button),
      );
      form.onsubmit = (event) => (event.preventDefault(), this.stream ? this.finish(say("stopped")) : this.ask());
      this.question.onkeydown = (event) => {
        if (event.key === "Enter" && !event.shiftKey) (event.preventDefault(), form.requestSubmit());
      };
      this.replaceChildren(form, el("p", { className: "quiet" }, say("ask_note")), this.status, this.answers);
      this.fill();
    }

    disconnectedCallback() {
      this.stream?.close();
    }

    async fill() {
      try {
        const { meetings } = await api("GET", "/api/meetings");
        const ready = meetings.filter((meeting) => meeting.duration);
        this.meeting.append(
          ...ready.map(({ id, title, date }) => el("option", { value: id }, [title || id, day(date)].filter(Boolean).join(" · "))),
        );
        if (!ready.length) this.status.textContent = say("nothing_to_ask");
      } catch (error) {
        this.status.textContent = error.message;
      }
    }

    ask() {
      const asked = this.question.value.trim();
      if (!asked) return this.question.focus();
      this.answers.replaceChildren(el("h2", {}, asked));
      this.status.textContent = say("reading");
      this.button.textContent = say("stop");
      const query = { q: asked, ...(this.meeting.value && { meeting: this.meeting.value }) };
      this.stream = new EventSource(address("/api/ask", query));
      this.stream.addEventListener("answer", ({ data }) => this.show(JSON.parse(data)));
      this.stream.addEventListener("done", ({ data }) => this.finish(JSON.parse(data).said ? "" : say("not_said")));
      this.stream.addEventListener("error", ({ data }) => this.finish(data ? JSON.parse(data).error : say("unreachable")));
    }

    /** End: otherwise the browser would ask again by itself. */
    finish(sentence) {
      this.stream.close();
      this.stream = null;
      this.button.textContent = say("ask");
      this.status.textContent = sentence;
    }

    show({ meeting, title, date, said, text, evidence }) {
      if (!said) return;
      this.answers.append(
        el(
          "article",
          {},
          el("h3", {}, el("a", { href: meetingLink(meeting) }, [title, day(date)].filter(Boolean).join(" · "))),
          el("p", { className: "answer" }, text),
          el("ul", {}, ...evidence.map((each) => citation(meeting, each))),
        ),
      );
    }
  },
);

function citation(meeting, { start, speaker, quote }) {
  return el(
    "li",
    {},
    el("a", { href: meetingLink(meeting, start), "aria-label": say("listen_at", { time: clock(start) }) }, `▶ ${clock(start)}`),
    el("span", {}, ` ${[speaker, say("quoted", { quote })].filter(Boolean).join(say("colon"))}`),
  );
}
