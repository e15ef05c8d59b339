"use strict";

/** The page of one meeting: what the server knows of it, shown, followed while it is made, and corrected. */
(function meeting() {
  const { element, button, filled } = dialogueElements;
  const { open, form, field, submit } = dialoguePanels;
  const { id, language, labels, viewer_labels: viewerLabels } = JSON.parse(document.getElementById("data").textContent);
  dialoguePanels.labels = labels;
  let state = null;
  let viewer = null;
  let editor = null;
  let watching = 0; // timer
  const [SOON, CALM] = [1500, 4000]; // milliseconds between looks at what changed: while files are written, and otherwise

  // ---- the server

  const address = (path = "", root = `/api/meetings/${encodeURIComponent(id)}`) => {
    const [before, query] = path.split("?");
    return `${root}${before}?${query ? `${query}&` : ""}lang=${language}`;
  };

  /** Ask the server; what goes wrong is an Error with a sentence, and `status` and `state` if it gave them. */
  async function ask(method, path, body, root) {
    const answer = await asked(method, path, body && JSON.stringify(body), body ? "application/json" : null, root);
    return answer.status === 204 ? null : answer.json().catch(() => ({})); // a proxy may answer something else
  }

  async function asked(method, path, body, type, root) {
    let answer;
    try {
      const headers = { "X-Dialogue": "1", ...(type ? { "Content-Type": type } : {}) };
      answer = await fetch(address(path, root), { method, headers, body });
    } catch {
      throw Object.assign(new Error(labels.offline), { status: 0 });
    }
    if (answer.ok) return answer;
    const said = await answer.json().catch(() => ({}));
    throw Object.assign(new Error(said.error || filled(labels.trouble, { status: answer.status })), { status: answer.status, state: said.state });
  }

  const page = {
    id,
    language,
    labels,
    viewerLabels,
    address,
    state: () => state,
    show,
    notice,
    refresh,
    send: (correction) => ask("POST", "/corrections", { version: state.version, ...correction }),
    rerun: (options) => ask("POST", "/rerun", options).then(show),
    cancel: () => ask("POST", "/cancel").then(show, (problem) => notice(problem.message, "problem")),
    history: () => ask("GET", "/history"),
    suggestions: () => ask("GET", "/suggestions").then((found) => found.suggestions),
    models: () => ask("GET", "/models", null, "/api").then((found) => found.models),
    exports: (query) => ask("GET", `/exports${query}`),
    fill: (file, query) => asked("POST", `/exports/minutes.docx${query}`, file, "application/octet-stream").then((answer) => answer.blob()),
    versions: () => ask("GET", "/versions"),
    prefer: (choice) => ask("POST", "/preference", choice),
    viewer: () => viewer,
    words: grow,
    play(start) {
      viewer?.seek(start, true);
      viewer?.reveal(start);
    },
  };

  // ---- the head of the page

  const title = element("h1", {});
  const about = element("p", { class: "about" });
  const files = element("div", { class: "menu-list" });
  const writing = meetingWriting(page);
  const exporting = meetingExporting(page);
  const ofMinutes = [button(labels.rewrite, writing.rewrite), button(labels.compare, meetingComparing(page, writing).compare)];
  const tools = element("div", { class: "menu-list" }, ...ofMinutes, button(labels.about, details), button(labels.delete, remove));
  page.menu = tools;
  const menu = (name, list) => element("details", { class: "menu" }, element("summary", {}, name), list);
  const head = element(
    "header",
    { class: "meeting-head" },
    element("a", { class: "home", href: "/" }, `← ${labels.home}`),
    element("div", { class: "named" }, title, about),
    element(
      "nav",
      { class: "menus", "aria-label": labels.page },
      menu(labels.files, files),
      menu(labels.more, tools),
    ),
  );
  const fold = (event) => {
    for (const each of head.querySelectorAll("details[open]")) {
      const chosen = event.target.closest(".menu-list");
      if (each.contains(event.target) && !chosen) continue;
      if (chosen) each.querySelector("summary").focus(); // where the focus comes back from the window that opens
      each.open = false;
    }
  };
  head.addEventListener("click", fold, { capture: true });
  head.addEventListener("keydown", (event) => {
    const opened = event.key === "Escape" && head.querySelector("details[open]");
    if (!opened) return;
    opened.open = false;
    opened.querySelector("summary").focus();
    event.stopPropagation();
  });

  const day = (date) => (date ? new Date(`${date.slice(0, 10)}T12:00`).toLocaleDateString(labels.locale, { dateStyle: "long" }) : "");

  function drawHead({ meeting, files: all }) {
    if (!title.querySelector("input")) {
      title.replaceChildren(button(meeting.title || meeting.id, rename, { title: labels.edit_title, class: "title" }));
    }
    document.title = `${meeting.title || meeting.id} – ${labels.home}`;
    const length = meeting.duration ? viewerLogic.clock(meeting.duration) : "";
    const kept = meeting.keep_until ? filled(labels.kept_until, { date: day(meeting.keep_until) }) : "";
    about.replaceChildren(
      [day(meeting.date), length, kept].filter(Boolean).join(" · "),
      ...meeting.tags.map((tag) => element("span", { class: "tag" }, tag)),
    );
    const link = (href, text, note) => element("a", { href, download: true }, text, note ? element("small", {}, note) : null);
    const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} ko` : `${(bytes / 1e6).toLocaleString(labels.locale, { maximumFractionDigits: 1 })} Mo`);
    const sized = (bytes) => (language === "fr" ? size(bytes) : size(bytes).replace("ko", "kB").replace("Mo", "MB"));
    files.replaceChildren(
      ...(all.length ? [...exporting.links(), link(address("/all.zip"), labels.all_files)] : [element("p", {}, labels.no_files)]),
      ...all.map(({ name, bytes }) => link(address(`/files/${encodeURIComponent(name)}`), name, sized(bytes))),
    );
  }

  function rename() {
    const input = element("input", { type: "text", value: state.meeting.title || state.meeting.id, maxlength: 200, "aria-label": labels.title, class: "title" });
    let over = false;
    const end = async (save) => {
      if (over) return;
      over = true;
      if (save && input.value.trim() && input.value !== state.meeting.title) await change({ title: input.value.trim() }, (text) => notice(text, "problem"));
      input.remove();
      drawHead(state);
      title.querySelector("button").focus();
    };
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter" || event.key === "Escape") end(event.key === "Enter");
    });
    input.addEventListener("blur", () => end(true));
    title.replaceChildren(input);
    input.select();
  }

  /** Change what is known about the meeting; `failed` is told why it cannot be. */
  async function change(values, failed) {
    try {
      show(await ask("PATCH", "", values));
      return true;
    } catch (problem) {
      failed(problem.message);
      return false;
    }
  }

  function details() {
    const { meeting } = state;
    const input = (type, value) => element("input", { type, value: value || "", maxlength: 400 });
    const inputs = {
      title: input("text", meeting.title),
      date: input("date", meeting.date?.slice(0, 10)),
      participants: input("text", meeting.participants.join(", ")),
      tags: input("text", meeting.tags.join(", ")),
      keep_until: input("date", meeting.keep_until?.slice(0, 10)),
    };
    const listed = (text) => text.split(",").map((part) => part.trim()).filter(Boolean);
    const problem = element("p", { class: "problem", role: "alert" });
    const save = async () => {
      const { title: name, date, participants, tags, keep_until: until } = Object.fromEntries(Object.entries(inputs).map(([key, { value }]) => [key, value]));
      const values = { title: name || null, date: date || null, participants: listed(participants), tags: listed(tags), keep_until: until || null };
      if (await change(values, (text) => (problem.textContent = text))) panel.close();
    };
    const panel = open(null, labels.about_title, form(save, ...Object.entries(inputs).map(([key, each]) => field(labels[key], each)), submit(labels.save)), problem);
  }

  function remove() {
    const problem = element("p", { class: "problem", role: "alert" });
    const now = async () => {
      try {
        await ask("DELETE", "");
        panel.close();
        gone(labels.deleted);
      } catch (trouble) {
        problem.textContent = trouble.message;
      }
    };
    const panel = open(
      null,
      labels.delete_title,
      element("p", {}, filled(labels.delete_text, { title: state.meeting.title || id })),
      element("div", { class: "line" }, button(labels.cancel, () => panel.close()), button(labels.delete_now, now, { class: "danger" })),
      problem,
    );
  }

  // ---- the whole

  const main = element("main", { class: "dialogue-page" });
  document.body.append(main);
  const said = element("p", { class: "said", role: "status" });
  const notices = element("div", { class: "notices" });
  const place = element("div", {});
  const progress = meetingProgress(page);
  const questions = meetingQuestions(page);
  notices.append(said);

  function notice(text, kind = "") {
    const close = button("×", () => box.remove(), { "aria-label": labels.close, class: "quiet" });
    const box = element("div", { class: `notice ${kind}`, role: kind ? "alert" : null }, element("span", {}, text), kind ? close : null);
    notices.querySelectorAll(".notice").forEach((old) => old.textContent.startsWith(text) && old.remove());
    notices.append(box);
    if (!kind) {
      said.textContent = text; // for screen readers
      setTimeout(() => box.remove(), 2500);
    }
  }

  function gone(text) {
    progress.close();
    viewer?.audio.pause();
    viewer = editor = null;
    document.title = labels.page;
    main.replaceChildren(element("div", { class: "alone-message" }, element("p", {}, text), element("p", {}, element("a", { href: "/" }, `← ${labels.home}`))));
  }

  /** Show a state of the meeting, whatever was shown before. */
  function show(next) {
    state = next;
    const works = next.job && ["submitted", "running"].includes(next.job.state);
    if (!main.contains(head)) main.replaceChildren(head, notices, progress.root, questions.root, place);
    drawHead(next);
    questions.root.hidden = !next.viewer?.utterances.length;
    for (const tool of ofMinutes) tool.hidden = works || !next.editable || !next.viewer?.minutes;
    progress.show(next.job, Boolean(next.viewer));
    if (next.viewer) draw({ ...next.viewer, title: next.meeting.title || next.viewer.title, editable: next.editable !== false });
    else if (works && viewer) editor?.update();
    clearTimeout(watching);
    if (!works) watching = setTimeout(look, next.fresh ? CALM : SOON);
  }

  /** Ask whether there is something else to show: minutes written again, or what another tab has done. */
  async function look() {
    clearTimeout(watching);
    if (document.visibilityState !== "visible") return; // it looks again when it is seen again
    const now = await ask("GET", "/version").catch((problem) => problem);
    if (!state) return;
    if (!(now instanceof Error) && (now.version !== state.version || now.active)) return refresh();
    if (!(now instanceof Error)) state.fresh = now.fresh; // otherwise the next action says what is wrong
    watching = setTimeout(look, state.fresh ? CALM : SOON);
  }

  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && state && look());

  function draw(data) {
    if (viewer) viewer.update(data);
    else {
      const at = Number(new URLSearchParams(location.hash.slice(1)).get("t"));
      const keys = [
        [["e"], labels.key_edit, () => editor?.edit()],
        [["Enter"], labels.key_edit],
        [["m"], labels.key_menu, () => editor?.menu()],
        [["Ctrl+z"], labels.key_undo],
        [["Ctrl+y"], labels.key_redo],
      ];
      viewer = dialogueViewer(place, { ...data, at }, { title: false, keys });
    }
    if (data.editable && !editor) editor = dialogueEditor(viewer, page);
    else editor?.update();
  }

  let grown = []; // utterances that came while the work goes on

  /** Show what has been recognised so far: from a place on, everything is new. */
  function grow({ from, utterances, speakers, duration }) {
    grown = [...grown.slice(0, from), ...utterances];
    if (state.viewer || !grown.length) return; // an earlier transcript stays until the new one is whole
    const { meeting } = state;
    draw({
      labels: viewerLabels,
      doubtful: 0,
      title: meeting.title || meeting.id,
      empty: "",
      duration: meeting.duration || duration,
      peaks: [],
      speakers,
      voices: null,
      utterances: grown,
      omissions: [],
      minutes: null,
      growing: true,
      editable: false,
      sound: meeting.sound ? address("/sound") : null,
    });
  }

  async function refresh() {
    try {
      show(await ask("GET", ""));
      if (main.dataset.offline) notices.querySelectorAll(".problem").forEach((old) => old.remove());
      delete main.dataset.offline;
    } catch (problem) {
      if (problem.status === 404) return gone(labels.missing);
      if (!main.contains(head)) main.replaceChildren(notices);
      main.dataset.offline = "yes";
      notice(problem.message, "problem");
      setTimeout(refresh, 3000);
    }
  }

  window.addEventListener("hashchange", () => {
    const at = Number(new URLSearchParams(location.hash.slice(1)).get("t"));
    if (at) page.play(at);
  });
  main.append(element("div", { class: "alone-message" }, element("p", { role: "status" }, labels.loading)));
  refresh();
})();
