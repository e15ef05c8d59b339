"use strict";

/** What the editor computes without a page. */
const editorLogic = {
  /** The words of a text that a person typed. */
  split: (text) => text.split(/\s+/u).filter(Boolean),

  /**
   * The smallest correction that makes words into a text.
   *
   * @param {string} id        of the utterance.
   * @param {string[]} words   as they are.
   * @param {string} text      as it should be.
   * @returns {object|null} `{do, place, text}`: the words that differ, `u12:3-5`, or all of them, `u12`; null without a
   *     difference. A word that is only added or taken out takes its neighbour along, for a place has a word, and a text too.
   */
  change(id, words, text) {
    const wanted = editorLogic.split(text);
    const least = Math.min(words.length, wanted.length);
    let first = 0;
    while (first < least && words[first] === wanted[first]) first += 1;
    let end = 0; // words that are the same at the end
    while (end < least - first && words[words.length - 1 - end] === wanted[wanted.length - 1 - end]) end += 1;
    if (first === words.length && first === wanted.length) return null;
    if (first === words.length - end || first === wanted.length - end) {
      if (first > 0) first -= 1;
      else end -= 1;
    }
    const last = words.length - end;
    const said = wanted.slice(first, wanted.length - end).join(" ");
    const place = first === 0 && end <= 0 ? id : editorLogic.place(id, first, last - 1);
    return { do: "text", place, text: said };
  },

  /** How corrections name words first to last of an utterance, where 0 is the first. */
  place: (id, first, last) => (first === last ? `${id}:${first + 1}` : `${id}:${first + 1}-${last + 1}`),

  /** First and last word that a selection of characters of a text touches; null without one. */
  selected(text, start, end) {
    if (start === end) return null;
    const before = editorLogic.split(text.slice(0, start));
    const inside = editorLogic.split(text.slice(start, end));
    if (!inside.length) return null;
    const begun = start > 0 && /\S/.test(text[start - 1]) && /\S/.test(text[start]); // within a word
    const first = before.length - (begun ? 1 : 0);
    return [first, first + inside.length - 1];
  },

  /** Index of the word at or after a place of a text. */
  wordAt(text, at) {
    const before = editorLogic.split(text.slice(0, at)).length;
    return at > 0 && /\S/.test(text[at - 1]) && /\S/.test(text[at] || " ") ? before - 1 : before;
  },

  /** The next turn of the same speaker, with which a turn may be joined. */
  following: (turns, said) => turns.slice(turns.indexOf(said) + 1).find((other) => other.speaker === said.speaker && other.words.length),

  /** All items of the minutes, as pages show them. */
  items(minutes) {
    if (!minutes) return [];
    const points = minutes.topics.flatMap((topic) => topic.points);
    const next = minutes.next_meeting ? [minutes.next_meeting] : [];
    return [...minutes.decisions, ...minutes.actions, ...minutes.open_questions, ...points, ...next, ...minutes.to_verify];
  },

  /** The items of the list in which an item stands. */
  list(item, minutes) {
    const apart = minutes.to_verify.filter(({ edit }) => edit.kind === item.edit.kind);
    const lists = [minutes.decisions, minutes.actions, minutes.open_questions, ...minutes.topics.map(({ points }) => points), apart];
    return lists.find((each) => each.some(({ id }) => id === item.id)) || [item];
  },

  /** The item of other minutes that says exactly the same. */
  sameItem(item, minutes) {
    const said = JSON.stringify(item.edit);
    return editorLogic.items(minutes).find(({ edit }) => JSON.stringify(edit) === said);
  },

  /** A correction of the history, as a sentence. */
  told(correction, labels) {
    const short = (text) => (text && text.length > 60 ? `${text.slice(0, 59)}…` : text || "");
    const whole = Math.floor(correction.start || 0);
    const values = {
      ...correction,
      time: `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`,
      before: short(correction.before),
      after: short(correction.after),
      item: short(correction.item),
      edited: short(correction.edited),
      into: correction.into || correction.after || labels.new_speaker,
    };
    return labels[`did_${correction.do}`].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  },

  /** A correction that could not be replayed, and why; of a damaged line of the log only the latter is known. */
  lost: (left, labels) => (left.do ? `${editorLogic.told(left, labels)} – ${left.reason}` : left.reason),

  /** A duration in words: what is left of some work. */
  left(seconds, labels) {
    const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
    if (seconds < 60) return labels.left_seconds;
    const n = Math.round(seconds / 60);
    if (n < 60) return fill(labels.left_minutes, { n });
    return fill(labels.left_hours, { h: Math.floor(n / 60), m: String(n % 60).padStart(2, "0") });
  },
};
