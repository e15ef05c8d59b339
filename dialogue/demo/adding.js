/** Adding recordings: a place to drop files, the microphone, an example, and what may be said about them beforehand. */

import { address, api, clock, el, meetingLink, refusal, say } from "./page.js";

const LISTS = ["participants", "tags"];

/**
 * @param {object} events  `added()` after each recording, `tell(text, wrong)` to show a sentence.
 * @returns {HTMLElement}
 */
export function adding({ added, tell }) {
  const form = options();
  const uploads = el("ul", { className: "uploads", "aria-label": say("uploads") });
  const file = el("input", { type: "file", multiple: true, hidden: true, accept: "audio/*,video/*", tabIndex: -1 });
  const choose = el("button", { type: "button", className: "primary", onclick: () => file.click() }, say("choose"));
  const example = el("button", { type: "button", onclick: () => addExample() }, say("example"));
  const zone = el(
    "section",
    { className: "drop", "aria-labelledby": "drop-title" },
    el("h2", { id: "drop-title" }, say("drop")),
    el("p", { className: "quiet" }, say("accepted")),
    el("div", { className: "row centre" }, choose, microphone(), example, file),
    uploads,
  );

  file.onchange = () => {
    send([...file.files]);
    file.value = ""; // the same file may be chosen again
  };
  let inside = 0; // dragenter of a child comes before dragleave of its parent
  const over = (change) => zone.classList.toggle("over", (inside += change) > 0);
  zone.ondragenter = (event) => (event.preventDefault(), over(1));
  zone.ondragleave = () => over(-1);
  zone.ondragover = (event) => event.preventDefault();
  zone.ondrop = (event) => {
    event.preventDefault();
    over(-inside);
    send([...event.dataTransfer.files]);
  };
  return el("div", { className: "adding" }, zone, form.element);

  async function addExample() {
    example.disabled = true;
    try {
      location.href = meetingLink((await api("POST", "/api/meetings/example")).id);
    } catch (error) {
      tell(error.message, true);
    } finally {
      example.disabled = false;
    }
  }

  /** Send files one after the other; a single one is then shown. */
  async function send(files) {
    const about = form.values();
    const sent = [];
    const waiting = files.map((each) => ({ each, ...row(each) }));
    for (const { each, upload } of waiting) {
      const id = await upload(files.length > 1 ? { ...about, title: undefined } : about);
      if (id) sent.push(id);
    }
    if (files.length === 1 && sent.length === 1) location.href = meetingLink(sent[0]);
  }

  /** A line for a file that is being sent: its name, how much has arrived, and a way to stop. */
  function row(each) {
    const bar = el("progress", { max: 1, value: 0, "aria-label": say("sending", { name: each.name }) });
    const said = el("span", { className: "quiet" }, say("waits"));
    const stop = el("button", { type: "button" }, say("cancel"));
    const line = el("li", {}, el("span", { className: "name" }, each.name), bar, said, stop);
    uploads.append(line);
    const request = new XMLHttpRequest(); // fetch cannot say how much has been sent
    let stopped = false;
    stop.onclick = () => {
      stopped = true;
      request.abort();
      line.remove();
    };
    const failed = (sentence) => {
      line.classList.add("wrong");
      bar.remove();
      said.setAttribute("role", "alert");
      said.textContent = sentence;
      stop.textContent = say("close");
    };
    const upload = (about) =>
      new Promise((resolve) => {
        if (stopped) return resolve(null);
        const url = address("/api/meetings", { name: each.name, options: JSON.stringify(about) });
        request.open("PUT", url);
        request.setRequestHeader("X-Dialogue", "1");
        request.upload.onprogress = ({ loaded, total }) => {
          bar.value = total ? loaded / total : 0;
          said.textContent = say("percent", { n: Math.round(100 * bar.value) });
        };
        request.onload = () => {
          if (request.status === 201) {
            line.remove();
            added();
            return resolve(JSON.parse(request.responseText).id);
          }
          failed(refusal(request.status, request.responseText));
          resolve(null);
        };
        request.onerror = () => (failed(say("unreachable")), resolve(null));
        request.onabort = () => resolve(null);
        request.send(each);
      });
    return { upload };
  }

  /** A button that records from the microphone; the recording is then sent like a file. */
  function microphone() {
    const button = el("button", { type: "button" }, say("record"));
    let recorder = null;
    if (!navigator.mediaDevices || !window.MediaRecorder) {
      button.disabled = true;
      button.title = say("no_microphone");
      return button;
    }
    button.onclick = async () => {
      if (recorder) return recorder.stop();
      let stream;
      try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      } catch {
        return tell(say("microphone_refused"), true);
      }
      const pieces = [];
      const began = Date.now();
      recorder = new MediaRecorder(stream, { audioBitsPerSecond: 64000 });
      recorder.ondataavailable = ({ data }) => pieces.push(data);
      const show = () => (button.textContent = say("stop_recording", { time: clock((Date.now() - began) / 1000) }));
      const timer = setInterval(show, 1000);
      const warn = (event) => event.preventDefault();
      addEventListener("beforeunload", warn);
      recorder.onstop = () => {
        clearInterval(timer);
        removeEventListener("beforeunload", warn);
        stream.getTracks().forEach((track) => track.stop());
        const kind = recorder.mimeType.includes("mp4") ? "m4a" : "webm";
        const at = new Date(began - 60000 * new Date().getTimezoneOffset()).toISOString().slice(0, 16);
        recorder = null;
        button.textContent = say("record");
        button.classList.remove("recording");
        send([new File(pieces, `${say("recorded")} ${at.replace("T", " ").replace(":", "h")}.${kind}`)]);
      };
      recorder.start(1000);
      button.classList.add("recording");
      show();
    };
    return button;
  }
}

/** The options, folded away: an element, and a function that returns those that are given. */
function options() {
  const field = (name, type, more = {}) => {
    const control =
      type === "textarea" ? el("textarea", { name, rows: 3, ...more }) : el("input", { name, type, ...more });
    return labelled(name, control);
  };
  const choice = (name, values, chosen = "") => {
    const control = el("select", { name });
    for (const [value, text] of values) control.append(el("option", { value, selected: value === chosen }, text));
    return labelled(name, control);
  };
  const labelled = (name, control) => {
    control.id = `option-${name}`;
    const hint = `hint_${name}`;
    control.placeholder = ["agenda", "glossary", "participants", "tags"].includes(name) ? say(hint) : "";
    return el("div", { className: control.tagName === "TEXTAREA" ? "wide" : "" }, el("label", { htmlFor: control.id }, say(name)), control);
  };
  const of = (name, values) => values.map((value) => [value, say(`${name}_${value || "default"}`)]);
  const models = choice("model", of("model", [""]));
  const form = el(
    "form",
    { className: "options", onsubmit: (event) => event.preventDefault() },
    field("title", "text"),
    field("date", "date"),
    field("participants", "text"),
    field("tags", "text"),
    field("speakers", "number", { min: 1, max: 50, step: 1 }),
    choice("language", of("language", ["", "en", "auto"])),
    choice("effort", of("effort", ["fast", "normal", "high"]), "normal"),
    models,
    choice("style", of("style", ["compte_rendu", "releve_decisions", "synthese", "verbatim"])),
    choice("length", of("length", ["short", "medium", "long"]), "medium"),
    field("keep_until", "date"),
    field("agenda", "textarea"),
    field("glossary", "textarea"),
  );
  const element = el(
    "details",
    {},
    el("summary", {}, say("options")),
    el("p", { className: "quiet" }, say("options_note")),
    form,
  );
  element.ontoggle = async () => {
    if (!element.open || models.dataset.asked) return;
    models.dataset.asked = "yes";
    const { models: found } = await api("GET", "/api/models");
    const select = models.querySelector("select");
    for (const { name } of found.filter((m) => m.kind === "llm" && m.here)) select.append(el("option", { value: name }, name));
  };
  return {
    element,
    values() {
      const given = Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim()));
      for (const name of LISTS) if (given[name]) given[name] = given[name].split(",").map((part) => part.trim()).filter(Boolean);
      if (given.speakers) given.speakers = Number(given.speakers);
      return given;
    },
  };
}
