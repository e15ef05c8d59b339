"use strict";

/** Waveform and a lane for each speaker, where overlapping speech shows; a click or an arrow key moves the sound. */
function viewerTimeline(view) {
  const { element, shape } = dialogueElements;
  const { labels } = view;
  const height = 14; // of a lane, px
  const canvas = element("canvas", { class: "wave", "aria-hidden": "true" });
  const lanes = shape("svg", { class: "lanes", preserveAspectRatio: "none", "aria-hidden": "true" });
  const cursor = element("div", { class: "cursor" });
  const track = element(
    "div",
    { class: "track", "aria-label": labels.position, onpointerdown: point, onpointermove: (event) => event.buttons === 1 && point(event), onkeydown: step },
    canvas,
    lanes,
    cursor,
  );
  const names = element("div", { class: "lane-names", "aria-hidden": "true" });

  function point(event) {
    if (!view.data.sound || event.button > 0) return;
    const box = track.getBoundingClientRect();
    view.seek((view.data.duration * (event.clientX - box.left)) / box.width);
    view.reveal(view.time());
  }

  function step(event) {
    const moves = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageUp: 60, PageDown: -60 };
    if (!view.data.sound || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key in moves) view.seek(view.time() + moves[event.key]);
    else if (event.key === "Home") view.seek(0);
    else if (event.key === "End") view.seek(view.data.duration);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function draw() {
    const { data } = view;
    const all = data.speakers.length * height;
    const least = data.duration / 2000;
    track.setAttribute("role", data.sound ? "slider" : "img");
    if (data.sound) {
      track.tabIndex = 0;
      track.setAttribute("aria-valuemin", 0);
      track.setAttribute("aria-valuemax", Math.round(data.duration));
    }
    names.replaceChildren(
      ...data.speakers.map(({ id }) => element("span", { class: view.colour(id), title: view.nameOf(id) }, view.nameOf(id))),
    );
    lanes.setAttribute("viewBox", `0 0 ${data.duration || 1} ${all}`);
    lanes.style.height = `${all}px`;
    const box = ({ start, end }, y, h, name) =>
      shape("rect", { x: start, width: Math.max(end - start, least), y, height: h, class: name });
    lanes.replaceChildren(
      ...data.utterances
        .filter(({ speaker }) => view.order.has(speaker))
        .map((said) => box(said, view.order.get(said.speaker) * height + 2, height - 4, view.colour(said.speaker))),
      ...data.omissions.map((omission) => box(omission, 0, all, "omitted")),
    );
    canvas.hidden = !data.peaks.length;
    drawWave();
  }

  function drawWave() {
    const { peaks } = view.data;
    if (!peaks.length || !canvas.clientWidth) return;
    const ratio = window.devicePixelRatio || 1;
    const width = (canvas.width = Math.max(1, Math.round(canvas.clientWidth * ratio)));
    const tall = (canvas.height = Math.max(1, Math.round(canvas.clientHeight * ratio)));
    const drawing = canvas.getContext("2d");
    drawing.fillStyle = getComputedStyle(canvas).color;
    for (let x = 0; x < width; x += 1) {
      const level = peaks[Math.floor((x * peaks.length) / width)] * tall * 0.94;
      drawing.fillRect(x, (tall - level) / 2, 1, Math.max(level, 1));
    }
  }

  new ResizeObserver(drawWave).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawWave);

  return {
    root: element("div", { class: "timeline" }, names, track),
    draw,
    tick(time) {
      cursor.style.left = `${(100 * time) / (view.data.duration || 1)}%`;
      if (!view.data.sound) return;
      track.setAttribute("aria-valuenow", Math.round(time));
      track.setAttribute("aria-valuetext", viewerLogic.clock(time));
    },
  };
}
