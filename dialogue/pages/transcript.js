"use strict";

/**
 * The turns of a meeting: words that play, search, the word that is being said.
 *
 * Three hours are 2,400 turns and 31,000 words. All are in the page, so that the browser's own search and printing find
 * them, but only turns near the window are laid out (content-visibility in viewer.css, with a height guessed here).
 * Making the elements of words only when their turn comes near was tried, and gained nothing that one could see.
 */
function viewerTranscript(view) {
  const { element } = dialogueElements;
  const { clock, lastBefore } = viewerLogic;
  const { labels } = view;
  const list = element("ol", { class: "utterances" });
  const pane = element("section", { class: "pane transcript", tabindex: 0, "aria-label": labels.transcript }, list);
  const rows = new Map(); // id of an utterance or of an omission -> row
  const rowOf = new WeakMap(); // element -> row
  let turns = []; // rows of utterances, in order
  let words = []; // {start, end, row, n, unsure}, sorted by start
  let current = null; // the word that is being said
  let active = null; // the row that the tab key reaches
  let hits = [];

  // ---- drawing

  function draw() {
    const { data } = view;
    const wanted = [
      ...data.utterances.filter((said) => said.words.length).map((said) => [said.start, said.id, said, turn]),
      ...data.omissions.map((left) => [left.start, `omission ${left.start} ${left.reason}`, left, omission]),
    ].sort((a, b) => a[0] - b[0]);
    const atEnd = data.growing && pane.scrollHeight - pane.scrollTop - pane.clientHeight < 60;
    const kept = place();
    const focus = focused();
    const shown = wanted.map(([, id, said, make]) => {
      const key = JSON.stringify([said, view.nameOf(said.speaker), view.colour(said.speaker), view.data.editable]);
      const old = rows.get(id);
      if (old && old.key === key) return old;
      if (old) drop(old);
      const row = make(said);
      Object.assign(row, { id, key, start: said.start });
      rows.set(id, row);
      rowOf.set(row.item, row);
      return row;
    });
    const staying = new Set(shown);
    for (const [id, row] of rows) {
      if (staying.has(row)) continue;
      drop(row);
      rows.delete(id);
    }
    let at = list.firstChild; // rows that stay are not moved: their height is known, and they may have the focus
    for (const { item } of shown) {
      if (item === at) at = at.nextSibling;
      else list.insertBefore(item, at);
    }
    turns = shown.filter((row) => row.utterance);
    words = turns.flatMap((row) => row.words).sort((a, b) => a.start - b.start);
    if (!active || rows.get(active.id) !== active) activate((active && rows.get(active.id)) || turns[0]);
    if (atEnd) pane.scrollTop = pane.scrollHeight;
    else if (kept) restore(kept);
    if (focus) focusAgain(focus);
  }

  function drop(row) {
    row.item.remove();
    if (current && current.row === row) current = null;
  }

  function turn(utterance) {
    const spans = utterance.words.map(word);
    const text = element("p", { class: "words" }, ...spans.flatMap((span) => [span, " "]));
    const about = utterance.overlap ? labels.overlap : null;
    const name = view.nameOf(utterance.speaker);
    const row = { utterance, spans, offsets: [], folded: "" };
    row.item = element(
      "li",
      { class: `turn ${view.colour(utterance.speaker)}${utterance.overlap ? " overlap" : ""}`, tabindex: -1, "data-id": utterance.id },
      view.timeButton(utterance.start),
      view.data.editable
        ? element("button", { type: "button", class: "speaker", title: about, "aria-haspopup": "dialog" }, name)
        : element("span", { class: "speaker", title: about }, name),
      text,
    );
    row.item.querySelectorAll("button").forEach((button) => (button.tabIndex = -1));
    row.item.style.setProperty("--lines", Math.ceil((text.textContent.length * 8) / (list.clientWidth || 700)));
    for (const [said] of utterance.words) {
      row.offsets.push(row.folded.length);
      row.folded += view.fold(said) + " ";
    }
    row.words = utterance.words.map(([, start, end], n) => ({ start, end, row, n, unsure: spans[n].className === "unsure" }));
    return row;
  }

  function word(said, n) {
    const span = element("span", { "data-start": said[1], "data-n": n }, said[0]);
    if (viewerLogic.unsure(said, view.data.doubtful)) {
      span.className = "unsure";
      span.title = dialogueElements.filled(labels.confidence, { n: Math.round(said[3] * 100) });
    }
    return span;
  }

  function omission(left) {
    const reason = labels[left.reason] || left.reason;
    const label = left.reason === "not transcribed" ? labels.not_transcribed : dialogueElements.filled(labels.rejected_text, { reason });
    const item = element(
      "li",
      { class: "omission" },
      view.timeButton(left.start),
      element(
        "p",
        {},
        `${label} (${clock(left.start)} – ${clock(left.end)})`,
        left.text ? element("span", { class: "rejected-text" }, ` ${left.text}`) : null,
      ),
    );
    return { item };
  }

  // ---- what stays when the data change

  /** The first row in sight, and where it is. */
  function place() {
    const top = pane.getBoundingClientRect().top;
    const x = list.getBoundingClientRect().left + 12;
    const item = pane.scrollTop > 0 ? document.elementFromPoint(x, top + 50)?.closest("li") : null;
    return item && list.contains(item) ? { id: rowOf.get(item).id, y: item.getBoundingClientRect().top } : null;
  }

  function restore({ id, y }) {
    const row = rows.get(id);
    if (row) pane.scrollTop += row.item.getBoundingClientRect().top - y;
  }

  function focused() {
    const item = document.activeElement?.closest?.("li");
    if (!item || !list.contains(item)) return null;
    const row = rowOf.get(item);
    const part = document.activeElement.matches("button.time, button.speaker") ? `button.${document.activeElement.classList[0]}` : null;
    return { id: row.id, n: turns.indexOf(row), part };
  }

  function focusAgain({ id, n, part }) {
    if (list.contains(document.activeElement)) return;
    const row = rows.get(id) || turns[Math.min(n, turns.length - 1)];
    if (!row) return;
    ((part && row.item.querySelector(part)) || row.item).focus({ preventScroll: true });
  }

  // ---- moving about

  /** Only one turn, and the buttons in it, is in the order of the tab key; arrows go from turn to turn. */
  function activate(row) {
    const reach = (one, index) =>
      one && [one.item, ...one.item.querySelectorAll(":scope > button")].forEach((each) => (each.tabIndex = index));
    reach(active, -1);
    active = row || null;
    reach(active, 0);
  }

  function scrollTo(item) {
    const box = pane.getBoundingClientRect();
    const at = item.getBoundingClientRect();
    if (at.top >= box.top + 40 && at.bottom <= box.bottom - 40) return;
    const top = pane.scrollTop + at.top - box.top - box.height / 3;
    const far = Math.abs(top - pane.scrollTop) > 1.5 * box.height;
    pane.scrollTo({ top, behavior: far || view.calm() ? "auto" : "smooth" });
    if (far) requestAnimationFrame(() => pane.scrollBy(0, item.getBoundingClientRect().top - box.top - box.height / 3)); // heights are known now
  }

  list.addEventListener("click", (event) => {
    const start = event.target.dataset?.start;
    const speaker = event.target.closest("button.speaker");
    if (speaker) {
      const { utterance } = rowOf.get(speaker.closest("li"));
      view.emit("select", { speaker: utterance.speaker, utterance, element: speaker });
    } else if (start !== undefined && getSelection().isCollapsed) view.seek(Number(start), true);
  });
  list.addEventListener("dblclick", (event) => event.target.closest(".words") && edit(rowOf.get(event.target.closest("li")), Number(event.target.dataset.n || 0)));
  list.addEventListener("focusin", (event) => {
    const row = rowOf.get(event.target.closest("li"));
    if (row?.utterance && row !== active) activate(row);
  });
  list.addEventListener("keydown", (event) => {
    const row = rowOf.get(event.target.closest("li"));
    if (event.altKey || event.ctrlKey || event.metaKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) || !row?.utterance) return;
    if (event.key === "Enter" && event.target === row.item) edit(row);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const seen = turns.filter(({ item }) => !item.hidden);
      const to = seen[seen.indexOf(row) + (event.key === "ArrowDown" ? 1 : -1)];
      if (to) {
        to.item.focus({ preventScroll: true });
        scrollTo(to.item);
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  const edit = (row, n) => view.emit("edit", { utterance: row.utterance, row: row.item, n });

  /** The word at a time, or the last one before. */
  const wordAt = (time) => words[lastBefore(words, time + 0.05)];

  return {
    root: pane,
    draw,
    scrollTo,
    wordAt,
    words: () => words,
    turns: () => turns,
    row: (id) => rows.get(id),
    rowOf: (item) => rowOf.get(item),
    focus(row) {
      activate(row);
      row.item.focus({ preventScroll: true });
      scrollTo(row.item);
    },

    tick(time, following) {
      const said = words[lastBefore(words, time + 0.02)];
      const now = said && time < said.end + 1.5 ? said : null;
      if (now === current) return;
      if (current) {
        current.row.spans[current.n].classList.remove("current");
        if (current.row !== now?.row) current.row.item.removeAttribute("aria-current");
      }
      current = now;
      if (!now) return;
      now.row.spans[now.n].classList.add("current");
      now.row.item.setAttribute("aria-current", "true");
      if (following && !now.row.item.hidden) scrollTo(now.row.item);
    },

    /** Show only the turns with some folded words; return how many there are. */
    search(wanted) {
      hits.forEach((span) => span.classList.remove("hit"));
      hits = [];
      let found = 0;
      for (const row of turns) {
        const places = viewerLogic.hits(row.folded, row.offsets, wanted);
        row.item.hidden = Boolean(wanted) && !places.length;
        found += places.length ? 1 : 0;
        if (places.length) hits.push(...places.map((n) => row.spans[n]));
      }
      hits.forEach((span) => span.classList.add("hit"));
      list.classList.toggle("searching", Boolean(wanted));
      return found;
    },
  };
}
