"use strict";

/**
 * Sound, speakers, transcript and minutes of one meeting.
 *
 * @param {HTMLElement} root  an element to fill; it takes the class "dialogue-viewer".
 * @param {object} data       dialogue.pages.viewer_data, with `sound` (a URL) when there is one, `at` (seconds) to open
 *     there, `growing` while more is to come, `editable` to make buttons of the speakers' names.
 * @param {object} options    `title`: false draws none; `keys`: more keys, as in keys.js.
 * @returns {object} `root, bar, audio, data(), time(), seek(time, play), loop(start, end)` or `loop(null)`,
 *     `update(data), reveal(time), utterance(id) -> {utterance, item}, active()` (the turn of the focus, or of the
 *     sound), `minutes(others)` (elements of other minutes of this meeting), `on(name, f)`. Events: "select" ({speaker, utterance, element}, a name was clicked), "edit" ({utterance,
 *     row, n}, its text is to be edited, from the n-th word if one was double-clicked), "draw" after each drawing.
 */
function dialogueViewer(root, data, options = {}) {
  const { element, button, icon, later, filled } = dialogueElements;
  const { clock } = viewerLogic;
  const labels = data.labels;
  const palette = 8; // colours of speakers in viewer.css
  const rates = [0.75, 1, 1.25, 1.5, 2];
  const audio = new Audio();
  const listeners = { select: [], edit: [], draw: [] };
  let looped = null; // [start, end]
  let names = new Map();
  const colours = new Map(); // id of a speaker -> number; it stays when others come or go

  /** What the parts of the viewer share. */
  const view = {
    data,
    labels,
    order: new Map(), // id of a speaker -> number
    fold: (text) => viewerLogic.fold(text, labels.locale),
    colour: (speaker) => (view.order.has(speaker) ? `colour-${colours.get(speaker) % palette}` : "colour-none"),
    nameOf: (speaker) => names.get(speaker) || labels.unknown_speaker,
    calm: () => matchMedia("(prefers-reduced-motion: reduce)").matches,
    time: () => audio.currentTime,
    seek,
    reveal,
    emit: (name, event) => listeners[name].forEach((listener) => listener(event)),
    timeButton(start, quote) {
      const text = clock(start);
      const hear = () => {
        seek(start, true);
        reveal(start);
      };
      return button(text, hear, { class: "time", title: quote || null, "aria-label": filled(labels.listen, { time: text }) });
    },
  };

  // ---- the sound

  function seek(time, andPlay) {
    const target = Math.min(Math.max(0, time), view.data.duration);
    if (looped && (target < looped[0] || target > looped[1])) loop(null);
    audio.currentTime = target;
    if (andPlay && view.data.sound) audio.play().catch(() => undefined); // a browser may refuse before a gesture
    tick(target);
  }

  const toggle = () => (audio.paused ? audio.play().catch(() => undefined) : audio.pause());

  /** Repeat a passage, in seconds; `loop(null)` goes on. */
  function loop(start, end) {
    looped = start === null ? null : [start, end];
    repeat.setAttribute("aria-pressed", String(Boolean(looped)));
  }

  function loopSentence() {
    const word = transcript.wordAt(audio.currentTime);
    if (looped || !word) return loop(null);
    const said = word.row.utterance.words;
    const [first, last] = viewerLogic.sentence(said, word.n);
    loop(said[first][1], said[last][2] + 0.15);
    seek(said[first][1], true);
  }

  function faster(by) {
    const at = rates.indexOf(audio.playbackRate);
    speed.value = audio.playbackRate = rates[Math.min(Math.max(at + by, 0), rates.length - 1)];
  }

  function tick(time) {
    if (typeof time !== "number") time = audio.currentTime;
    if (looped && time >= looped[1] && !audio.seeking) audio.currentTime = time = looped[0];
    output.textContent = `${clock(time)} / ${clock(view.data.duration)}`;
    timeline.tick(time);
    transcript.tick(time, follow.checked && !audio.paused);
  }

  function frame() {
    tick();
    if (!audio.paused) requestAnimationFrame(frame);
  }

  for (const name of ["play", "pause"]) {
    audio.addEventListener(name, () => {
      play.replaceChildren(icon(audio.paused ? "play" : "pause"));
      play.setAttribute("aria-label", audio.paused ? labels.play : labels.pause);
      if (!audio.paused) requestAnimationFrame(frame);
    });
  }
  for (const name of ["timeupdate", "seeked"]) audio.addEventListener(name, () => tick());

  // ---- the bar

  const play = element("button", { type: "button", class: "play", "aria-label": labels.play, onclick: toggle }, icon("play"));
  const output = element("span", { class: "clock", role: "timer" });
  const speed = element(
    "select",
    { "aria-label": labels.speed, title: labels.speed, onchange: () => (audio.playbackRate = Number(speed.value)) },
    ...rates.map((rate) => element("option", { value: rate, selected: rate === 1 }, `${rate}×`)),
  );
  const repeat = button("↻", loopSentence, { "aria-label": labels.loop, title: labels.loop, "aria-pressed": "false" });
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
  const player = element(
    "span",
    { class: "player" },
    play,
    button("−5 s", () => seek(audio.currentTime - 5), { title: labels.back }),
    button("+5 s", () => seek(audio.currentTime + 5), { title: labels.forward }),
    output,
    speed,
    repeat,
    element("label", { class: "follow", title: labels.follow_hint }, follow, labels.follow),
  );

  function search() {
    const wanted = view.fold(find.value.trim()).replace(/\s+/g, " ");
    const n = transcript.search(wanted);
    found.textContent = !wanted ? "" : n === 0 ? labels.no_hit : n === 1 ? labels.one_hit : filled(labels.hits, { n });
  }

  // ---- moving about

  /** Show the turn at a time, in a narrow window too. */
  function reveal(time) {
    if (panels.classList.contains("tabbed")) show("transcript");
    if (find.value) {
      find.value = "";
      search();
    }
    const word = transcript.wordAt(time);
    if (word) transcript.scrollTo(word.row.item);
  }

  /** Go to a word or a turn; what plays goes on playing there. */
  function visit(start, row) {
    if (!row) return;
    seek(start);
    reveal(start);
    transcript.focus(row);
  }

  function doubt(backwards) {
    const word = viewerLogic.next(transcript.words(), audio.currentTime, ({ unsure }) => unsure, backwards);
    visit(word?.start, word?.row);
  }

  function change(backwards) {
    const turns = transcript.turns();
    const speaker = transcript.wordAt(audio.currentTime)?.row.utterance.speaker;
    const row = viewerLogic.next(turns, audio.currentTime, ({ utterance }) => utterance.speaker !== speaker, backwards);
    visit(row?.start, row);
  }

  const keys = viewerKeys(labels, [
    [[" ", "Escape"], labels.key_play, () => view.data.sound && toggle()],
    [["ArrowLeft"], labels.back, () => view.data.sound && seek(audio.currentTime - 5)],
    [["ArrowRight"], labels.forward, () => view.data.sound && seek(audio.currentTime + 5)],
    [["+", "="], labels.faster, () => faster(1)],
    [["-"], labels.slower, () => faster(-1)],
    [["l"], labels.loop, () => view.data.sound && loopSentence()],
    [["d"], labels.next_doubt, () => doubt(false)],
    [["Shift+d"], labels.previous_doubt, () => doubt(true)],
    [["s"], labels.next_speaker, () => change(false)],
    [["Shift+s"], labels.previous_speaker, () => change(true)],
    [["ArrowDown"], labels.next_turn],
    [["ArrowUp"], labels.previous_turn],
    [["/"], labels.search, () => find.focus()],
    ...(options.keys || []),
    [["?"], labels.help, () => keys.show()],
  ]);

  // ---- the whole

  const transcript = viewerTranscript(view);
  const timeline = viewerTimeline(view);
  const minutes = element("section", { class: "pane minutes", tabindex: 0, "aria-label": labels.minutes });
  const tabs = {
    minutes: button(labels.minutes, () => show("minutes")),
    transcript: button(labels.transcript, () => show("transcript")),
  };
  const nav = element("nav", { class: "tabs", "aria-label": labels.panels }, tabs.minutes, tabs.transcript);
  const panels = element("div", { class: "panels" }, minutes, transcript.root);
  const heading = element("h1", {});
  const note = element("p", { class: "note" });
  const voices = element("p", { class: "voices" });
  const bar = element(
    "div",
    { class: "bar" },
    player,
    element("span", { class: "search" }, find, found, button("?", keys.show, { "aria-label": labels.help, title: labels.help, class: "help" })),
  );
  const narrow = matchMedia("(max-width: 56rem)");

  function show(name) {
    panels.dataset.shown = name;
    for (const [key, tab] of Object.entries(tabs)) tab.setAttribute("aria-pressed", String(key === name));
  }

  function adapt() {
    panels.classList.toggle("tabbed", narrow.matches && Boolean(view.data.minutes));
    panels.classList.toggle("alone", !view.data.minutes);
  }

  /** Draw other data: a transcript that grows, or that was corrected. Time, scroll place, search and focus stay. */
  function update(next) {
    const first = next === data;
    const before = first ? null : JSON.stringify([view.data.minutes, view.data.speakers]);
    view.data = next;
    view.order = new Map(next.speakers.map(({ id }, index) => [id, index]));
    for (const { id } of next.speakers) if (!colours.has(id)) colours.set(id, colours.size);
    names = new Map(next.speakers.map(({ id, name }) => [id, name]));
    heading.textContent = next.title;
    note.textContent = next.empty;
    note.hidden = Boolean(next.growing) || next.utterances.some((said) => said.words.length);
    voices.textContent = next.voices || "";
    voices.hidden = !next.voices;
    player.hidden = !next.sound;
    if (next.sound && audio.getAttribute("src") !== next.sound) {
      audio.preload = "metadata";
      audio.src = next.sound;
    }
    minutes.hidden = nav.hidden = !next.minutes;
    if (JSON.stringify([next.minutes, next.speakers]) !== before) {
      minutes.replaceChildren(...(next.minutes ? viewerMinutes(view) : []));
      if (next.minutes && !panels.dataset.shown) show("minutes");
    }
    adapt();
    transcript.draw();
    timeline.draw();
    if (find.value) search();
    tick();
    view.emit("draw", {});
  }

  root.classList.add("dialogue-viewer");
  root.setAttribute("aria-label", labels.viewer);
  root.replaceChildren(
    element("header", {}, options.title === false ? null : heading, note, bar, timeline.root, voices, nav),
    panels,
    keys.panel,
  );
  narrow.addEventListener("change", adapt);
  root.addEventListener("keydown", keys.press);
  update(data);
  if (!data.minutes) panels.dataset.shown = "";
  if (data.at) {
    seek(data.at);
    reveal(data.at);
  }
  root.tabIndex = -1;
  root.focus({ preventScroll: true });

  return {
    root,
    bar,
    audio,
    data: () => view.data,
    time: view.time,
    seek,
    loop,
    update,
    reveal,
    utterance(id) {
      const row = transcript.row(id);
      return row && { utterance: row.utterance, item: row.item };
    },
    active() {
      const row = root.contains(document.activeElement) && transcript.rowOf(document.activeElement.closest("li.turn"));
      return (row || transcript.wordAt(audio.currentTime)?.row || transcript.turns()[0])?.utterance;
    },
    minutes: (others) => viewerMinutes({ ...view, data: { ...view.data, minutes: others } }),
    on: (name, listener) => listeners[name].push(listener),
  };
}
