/** What the viewer computes without a page: times, folded text, places of words. */
const viewerLogic = {
  /** Seconds as m:ss or h:mm:ss. */
  clock(seconds) {
    const whole = Math.floor(seconds || 0);
    const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const two = (n) => String(n).padStart(2, "0");
    return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
  },

  /** Lower case, without accents, apostrophes straight. */
  fold: (text, locale) => text.toLocaleLowerCase(locale).normalize("NFD").replace(/\p{M}/gu, "").replace(/’/g, "'"),

  /** Index of the last of `words`, sorted by start, that starts at `time` or before; -1 when there is none. */
  lastBefore(words, time) {
    let [low, high] = [0, words.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (words[middle].start <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  },

  /**
   * Indices of the words of a text that a search hits, once for each hit.
   *
   * @param {string} folded     the words, folded, each followed by a space.
   * @param {number[]} offsets  where each word begins in it.
   * @param {string} wanted     folded; empty hits nothing.
   */
  hits(folded, offsets, wanted) {
    const found = [];
    for (let at = wanted ? folded.indexOf(wanted) : -1; at >= 0; at = folded.indexOf(wanted, at + wanted.length)) {
      offsets.forEach((begin, n) => {
        const next = n + 1 < offsets.length ? offsets[n + 1] : folded.length;
        if (begin < at + wanted.length && next - 1 > at) found.push(n);
      });
    }
    return found;
  },
};

/**
 * Sound, speakers, transcript and minutes of one meeting.
 *
 * @param {HTMLElement} root  an element to fill; it takes the class "dialogue-viewer".
 * @param {object} data       dialogue.pages.viewer_data, with `sound` (a URL) when there is one, and `at` (seconds) to open there.
 *
 * It is one function, and long, so that another page can take this file whole, without a build.
 * Texts of the meeting only ever become textContent: they are data, never markup.
 */
function dialogueViewer(root, data) {
  "use strict";
  const labels = data.labels;
  const { clock } = viewerLogic;
  const audio = new Audio();
  const palette = 8;
  const order = new Map(data.speakers.map((speaker, index) => [speaker.id, index]));
  const names = new Map(data.speakers.map((speaker) => [speaker.id, speaker.name]));
  const words = []; // {start, end, span, item}, sorted by start
  const items = new Map(); // utterance id -> {utterance, item, folded, spans, offsets}
  let current = null;
  let hits = [];

  // ---- small helpers

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  }

  function shape(tag, attributes) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  const fill = (label, values) => labels[label].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const fold = (text) => viewerLogic.fold(text, labels.locale);
  const lastBefore = (time) => viewerLogic.lastBefore(words, time);
  const colour = (speaker) => (order.has(speaker) ? `colour-${order.get(speaker) % palette}` : "colour-none");
  const nameOf = (speaker) => names.get(speaker) || labels.unknown_speaker;
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  // ---- the sound

  function seek(time, andPlay) {
    const target = Math.min(Math.max(0, time), data.duration);
    audio.currentTime = target;
    if (andPlay && data.sound) audio.play().catch(() => undefined); // a browser may refuse before a gesture
    tick(target);
  }

  const toggle = () => (audio.paused ? audio.play().catch(() => undefined) : audio.pause());

  function timeButton(start, quote) {
    const text = clock(start);
    return element(
      "button",
      {
        type: "button",
        class: "time",
        title: quote || null,
        "aria-label": fill("listen", { time: text }),
        onclick: () => {
          seek(start, true);
          reveal(start);
        },
      },
      text,
    );
  }

  // ---- player

  const play = element("button", { type: "button", class: "play", "aria-label": labels.play, onclick: toggle }, icon("play"));
  const output = element("span", { class: "clock", role: "timer" }, `0:00 / ${clock(data.duration)}`);
  const speed = element(
    "select",
    { "aria-label": labels.speed, title: labels.speed, onchange: () => (audio.playbackRate = Number(speed.value)) },
    ...[0.75, 1, 1.25, 1.5, 2].map((rate) => element("option", { value: rate, selected: rate === 1 }, `${rate}×`)),
  );
  const follow = element("input", { type: "checkbox" });
  follow.checked = true;
  const find = element("input", {
    type: "search",
    class: "find",
    placeholder: labels.searching,
    "aria-label": labels.search,
    oninput: later(search, 120),
  });
  const found = element("span", { class: "found", role: "status" });

  function icon(kind) {
    const paths = { play: "M5 3l14 9-14 9z", pause: "M5 3h5v18H5zM14 3h5v18h-5z" };
    const drawing = shape("svg", { viewBox: "0 0 24 24", width: 18, height: 18, "aria-hidden": "true" });
    drawing.append(shape("path", { d: paths[kind] }));
    return drawing;
  }

  function later(action, wait) {
    let timer = 0;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(action, wait);
    };
  }

  const bar = element(
    "div",
    { class: "bar", title: labels.keys },
    ...(data.sound
      ? [
          play,
          element("button", { type: "button", "aria-label": labels.back, onclick: () => seek(audio.currentTime - 5) }, "−5 s"),
          element("button", { type: "button", "aria-label": labels.forward, onclick: () => seek(audio.currentTime + 5) }, "+5 s"),
          output,
          speed,
          element("label", { class: "follow", title: labels.follow_hint }, follow, labels.follow),
        ]
      : []),
    element("span", { class: "search" }, find, found),
  );

  // ---- timeline: waveform and a lane for each speaker

  const canvas = element("canvas", { class: "wave", "aria-hidden": "true" });
  const lanes = shape("svg", { class: "lanes", preserveAspectRatio: "none", "aria-hidden": "true" });
  const cursor = element("div", { class: "cursor" });
  const track = element(
    "div",
    {
      class: "track",
      role: data.sound ? "slider" : "img",
      tabindex: data.sound ? 0 : null,
      "aria-label": labels.position,
      "aria-valuemin": data.sound ? 0 : null,
      "aria-valuemax": data.sound ? Math.round(data.duration) : null,
      "aria-valuenow": data.sound ? 0 : null,
      onpointerdown: point,
      onpointermove: (event) => event.buttons === 1 && point(event),
      onkeydown: step,
    },
    canvas,
    lanes,
    cursor,
  );
  const laneNames = element(
    "div",
    { class: "lane-names", "aria-hidden": "true" },
    ...data.speakers.map((speaker) => element("span", { class: colour(speaker.id), title: nameOf(speaker.id) }, nameOf(speaker.id))),
  );
  const voices = data.voices ? element("p", { class: "voices" }, data.voices) : null;
  const timeline = element("div", { class: "timeline" }, laneNames, track);

  function point(event) {
    if (!data.sound || event.button > 0) return;
    const box = track.getBoundingClientRect();
    seek((data.duration * (event.clientX - box.left)) / box.width);
    reveal(audio.currentTime);
  }

  function step(event) {
    const moves = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageUp: 60, PageDown: -60 };
    if (event.key in moves) seek(audio.currentTime + moves[event.key]);
    else if (event.key === "Home") seek(0);
    else if (event.key === "End") seek(data.duration);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function drawLanes() {
    const height = 14;
    lanes.setAttribute("viewBox", `0 0 ${data.duration || 1} ${data.speakers.length * height}`);
    lanes.style.height = `${data.speakers.length * height}px`;
    for (const utterance of data.utterances) {
      if (!order.has(utterance.speaker)) continue;
      const box = shape("rect", {
        x: utterance.start,
        width: Math.max(utterance.end - utterance.start, data.duration / 2000),
        y: order.get(utterance.speaker) * height + 2,
        height: height - 4,
        class: colour(utterance.speaker),
      });
      lanes.append(box);
    }
    for (const omission of data.omissions) {
      lanes.append(
        shape("rect", {
          x: omission.start,
          width: Math.max(omission.end - omission.start, data.duration / 2000),
          y: 0,
          height: data.speakers.length * height,
          class: "omitted",
        }),
      );
    }
  }

  function drawWave() {
    const ratio = window.devicePixelRatio || 1;
    const width = (canvas.width = Math.max(1, Math.round(canvas.clientWidth * ratio)));
    const height = (canvas.height = Math.max(1, Math.round(canvas.clientHeight * ratio)));
    const drawing = canvas.getContext("2d");
    drawing.fillStyle = getComputedStyle(canvas).color;
    for (let x = 0; x < width; x += 1) {
      const level = data.peaks[Math.floor((x * data.peaks.length) / width)] * height * 0.94;
      drawing.fillRect(x, (height - level) / 2, 1, Math.max(level, 1));
    }
  }

  // ---- transcript

  const list = element("ol", { class: "utterances" });

  function drawTranscript() {
    const rows = [
      ...data.utterances.filter((utterance) => utterance.words.length).map((utterance) => [utterance.start, () => turn(utterance)]),
      ...data.omissions.map((omission) => [omission.start, () => omitted(omission)]),
    ].sort((a, b) => a[0] - b[0]);
    list.append(...rows.map(([, make]) => make()));
    words.sort((a, b) => a.start - b.start);
  }

  function turn(utterance) {
    const text = element("p", { class: "words" });
    const item = element(
      "li",
      { class: `turn ${colour(utterance.speaker)}${utterance.overlap ? " overlap" : ""}` },
      timeButton(utterance.start),
      element("span", { class: "speaker", title: utterance.overlap ? labels.overlap : null }, nameOf(utterance.speaker)),
      text,
    );
    const offsets = [];
    const spans = [];
    let folded = "";
    for (const [word, start, end, probability] of utterance.words) {
      const span = element("span", {}, word);
      if (probability !== null && probability < data.doubtful && /[\p{L}\p{N}]/u.test(word)) {
        span.className = "unsure";
        span.title = fill("confidence", { n: Math.round(probability * 100) });
      }
      const entry = { start, end, span, item };
      span.dataset.start = start;
      text.append(span, " ");
      words.push(entry);
      spans.push(span);
      offsets.push(folded.length);
      folded += fold(word) + " ";
    }
    items.set(utterance.id, { utterance, item, folded, spans, offsets });
    return item;
  }

  function omitted(omission) {
    const spoken = omission.reason === "not transcribed";
    const reason = labels[omission.reason] || omission.reason;
    const label = spoken ? labels.not_transcribed : fill("rejected_text", { reason });
    return element(
      "li",
      { class: "omission" },
      timeButton(omission.start),
      element(
        "p",
        {},
        `${label} (${clock(omission.start)} – ${clock(omission.end)})`,
        omission.text ? element("span", { class: "rejected-text" }, ` ${omission.text}`) : null,
      ),
    );
  }

  list.addEventListener("click", (event) => {
    const start = event.target.dataset && event.target.dataset.start;
    if (start !== undefined && getSelection().isCollapsed) seek(Number(start), true);
  });

  function scrollTo(item) {
    const box = transcript.getBoundingClientRect();
    const place = item.getBoundingClientRect();
    if (place.top >= box.top + 40 && place.bottom <= box.bottom - 40) return;
    transcript.scrollTo({ top: transcript.scrollTop + place.top - box.top - box.height / 3, behavior: calm() ? "auto" : "smooth" });
  }

  /** Show the turn at a time, in a narrow window too. */
  function reveal(time) {
    if (panels.classList.contains("tabbed")) show("transcript");
    if (find.value) {
      find.value = "";
      search();
    }
    const index = lastBefore(time + 0.05);
    if (index >= 0) scrollTo(words[index].item);
  }

  function tick(time) {
    if (typeof time !== "number") time = audio.currentTime;
    output.textContent = `${clock(time)} / ${clock(data.duration)}`;
    cursor.style.left = `${(100 * time) / (data.duration || 1)}%`;
    if (data.sound) {
      track.setAttribute("aria-valuenow", Math.round(time));
      track.setAttribute("aria-valuetext", clock(time));
    }
    const index = lastBefore(time + 0.02);
    const now = index >= 0 && time < words[index].end + 1.5 ? words[index] : null;
    if (now === current) return;
    if (current) {
      current.span.classList.remove("now");
      current.item.removeAttribute("aria-current");
    }
    current = now;
    if (!now) return;
    now.span.classList.add("now");
    now.item.setAttribute("aria-current", "true");
    if (follow.checked && !audio.paused && !now.item.hidden) scrollTo(now.item);
  }

  function search() {
    const wanted = fold(find.value.trim()).replace(/\s+/g, " ");
    hits.forEach((span) => span.classList.remove("hit"));
    hits = [];
    let turns = 0;
    for (const { item, folded, spans, offsets } of items.values()) {
      const places = viewerLogic.hits(folded, offsets, wanted);
      item.hidden = Boolean(wanted) && !places.length;
      turns += places.length ? 1 : 0;
      hits.push(...places.map((n) => spans[n]));
    }
    hits.forEach((span) => span.classList.add("hit"));
    list.classList.toggle("searching", Boolean(wanted));
    found.textContent = !wanted ? "" : turns === 0 ? labels.no_hit : turns === 1 ? labels.one_hit : fill("hits", { n: turns });
  }

  // ---- minutes

  const times = (evidence) =>
    element("span", { class: "times" }, ...evidence.flatMap((proof) => [timeButton(proof.start, proof.quote), " "]));

  /** The times of a statement, after the words to check by listening if it stands on doubtful ones. */
  const proofs = (statement) => [
    statement.doubt ? element("span", { class: "badge" }, statement.doubt) : null,
    " ",
    times(statement.evidence),
  ];

  function section(title, ...children) {
    return element("section", {}, element("h2", {}, title), ...children);
  }

  function person(name, id) {
    return element("strong", { class: `person ${id ? colour(id) : "colour-none"}` }, name || labels.nobody);
  }

  /** A sentence a line, each with its time, when rules chose them; a paragraph when a model wrote it. */
  function summary(lines) {
    if (lines.length === 1) return element("p", {}, lines[0].text, " ", ...proofs(lines[0]));
    return element("ul", {}, ...lines.map((line) => element("li", {}, line.text, " ", ...proofs(line))));
  }

  function drawMinutes(minutes) {
    const parts = [];
    parts.push(element("p", { class: "date" }, minutes.date));
    if (minutes.summary.length) parts.push(section(labels.summary, summary(minutes.summary)));
    if (minutes.decisions.length) {
      parts.push(
        section(
          labels.decisions,
          element(
            "ul",
            {},
            ...minutes.decisions.map((decision) =>
              element(
                "li",
                { class: decision.status },
                decision.status === "decided" ? null : element("span", { class: "badge" }, labels[decision.status]),
                decision.status === "decided" ? null : " ",
                decision.text,
                " ",
                ...proofs(decision),
              ),
            ),
          ),
        ),
      );
    }
    if (minutes.actions.length) {
      parts.push(
        section(
          labels.actions,
          element(
            "ul",
            { class: "actions" },
            ...minutes.actions.map((action) =>
              element(
                "li",
                {},
                person(action.owner, action.owner_id),
                ` ${action.what} `,
                action.due ? element("span", { class: "due" }, action.due) : null,
                action.confidence < 0.5 ? element("span", { class: "badge" }, labels.unsure) : null,
                " ",
                ...proofs(action),
              ),
            ),
          ),
        ),
      );
    }
    if (minutes.open_questions.length) {
      parts.push(
        section(labels.questions, element("ul", {}, ...minutes.open_questions.map((point_) => element("li", {}, point_.text, " ", ...proofs(point_))))),
      );
    }
    if (minutes.next_meeting) {
      const next = minutes.next_meeting;
      parts.push(section(labels.next, element("p", {}, `${next.text} `, ...proofs(next))));
    }
    const topics = minutes.topics.filter((topic) => topic.points.length);
    if (topics.length) {
      const agenda = new Map(minutes.agenda.map((entry) => [entry.id, entry]));
      parts.push(
        section(
          labels.topics,
          ...topics.flatMap((topic) => {
            const entry = agenda.get(topic.agenda_id);
            return [
              entry ? element("h3", {}, entry.title, " ", timeButton(entry.start)) : null,
              element("ul", {}, ...topic.points.map((point_) => element("li", {}, point_.text, " ", ...proofs(point_)))),
            ];
          }),
        ),
      );
    }
    if (minutes.to_verify.length) {
      parts.push(
        element(
          "section",
          { class: "verify" },
          element("h2", {}, labels.verify),
          element("p", {}, minutes.verify_note),
          element("ul", {}, ...minutes.to_verify.map((claim) => element("li", {}, claim.text, " ", ...proofs(claim)))),
        ),
      );
    }
    if (minutes.participants.length) {
      parts.push(
        section(
          labels.participants,
          element(
            "ul",
            { class: "participants" },
            ...minutes.participants.map((participant) => {
              const level = element("meter", { min: 0, max: 1, value: participant.share, "aria-hidden": "true" });
              return element(
                "li",
                { title: participant.name_source === "spoken" ? labels.spoken_name : null },
                person(participant.name, participant.id),
                participant.id ? level : null,
                element("span", { class: "share" }, participant.spoke),
              );
            }),
          ),
        ),
      );
    }
    parts.push(element("p", { class: "source" }, minutes.note));
    return parts;
  }

  // ---- the whole

  const transcript = element("section", { class: "pane transcript", tabindex: 0, "aria-label": labels.transcript }, list);
  const minutes = data.minutes
    ? element("section", { class: "pane minutes", tabindex: 0, "aria-label": labels.minutes }, ...drawMinutes(data.minutes))
    : null;
  const tabs = {
    minutes: element("button", { type: "button", onclick: () => show("minutes") }, labels.minutes),
    transcript: element("button", { type: "button", onclick: () => show("transcript") }, labels.transcript),
  };
  const panels = element("div", { class: "panels" }, minutes, transcript);

  function show(name) {
    panels.dataset.shown = name;
    for (const [key, tab] of Object.entries(tabs)) tab.setAttribute("aria-pressed", String(key === name));
  }

  root.classList.add("dialogue-viewer");
  root.setAttribute("aria-label", labels.viewer);
  root.replaceChildren(
    element(
      "header",
      {},
      element("h1", {}, data.title),
      data.utterances.some((utterance) => utterance.words.length) ? null : element("p", { class: "note" }, data.empty),
      bar,
      timeline,
      voices,
      minutes ? element("nav", { class: "tabs", "aria-label": labels.panels }, tabs.minutes, tabs.transcript) : null,
    ),
    panels,
  );
  const narrow = matchMedia("(max-width: 56rem)");
  const adapt = () => panels.classList.toggle("tabbed", narrow.matches && Boolean(minutes));
  narrow.addEventListener("change", adapt);
  adapt();
  show(minutes ? "minutes" : "transcript");
  drawTranscript();
  drawLanes();
  if (data.peaks.length) new ResizeObserver(drawWave).observe(canvas);
  else canvas.remove();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => data.peaks.length && drawWave());

  if (data.sound) {
    audio.preload = "metadata";
    audio.src = data.sound;
    for (const name of ["play", "pause"]) {
      audio.addEventListener(name, () => {
        play.replaceChildren(icon(audio.paused ? "play" : "pause"));
        play.setAttribute("aria-label", audio.paused ? labels.play : labels.pause);
        if (!audio.paused) requestAnimationFrame(frame);
      });
    }
    for (const name of ["timeupdate", "seeked"]) audio.addEventListener(name, () => tick());
  }
  if (data.at) {
    seek(data.at);
    reveal(data.at);
  }

  function frame() {
    tick();
    if (!audio.paused) requestAnimationFrame(frame);
  }

  root.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox";
    const pressing = event.target.tagName === "BUTTON" || event.target.type === "checkbox";
    if (event.key === "/" && !typing) find.focus();
    else if (!data.sound) return;
    else if (event.key === "Escape" && !(typing && find.value)) toggle();
    else if (event.key === " " && !typing && !pressing) toggle();
    else if (event.key === "ArrowLeft" && !typing) seek(audio.currentTime - 5);
    else if (event.key === "ArrowRight" && !typing) seek(audio.currentTime + 5);
    else return;
    event.preventDefault();
  });
  root.tabIndex = -1;
  root.focus({ preventScroll: true });
}
