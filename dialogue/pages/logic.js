"use strict";

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

  /** Whether a recognised word is doubtful: a word, not punctuation, of low probability. */
  unsure: ([word, , , probability], limit) => probability !== null && probability < limit && /[\p{L}\p{N}]/u.test(word),

  /**
   * First and last index of the sentence around the n-th of some words, as the viewer has them ([text, start, ...]).
   * Without a full stop near it, it is cut so as to last 12 seconds at most.
   */
  sentence(words, n) {
    const ends = (k) => /[.?!…]["»”)\s]*$/.test(words[k][0]);
    let [first, last] = [n, n];
    while (first > 0 && !ends(first - 1) && words[n][1] - words[first - 1][1] < 6) first -= 1;
    while (last + 1 < words.length && !ends(last) && words[last + 1][2] - words[n][1] < 6) last += 1;
    return [first, last];
  },

  /**
   * The next of `items`, sorted by start, that starts after `time` and fits; going backwards, the last one before.
   * Undefined when there is none.
   */
  next(items, time, fits, backwards = false) {
    const near = 0.05; // seconds: a sound that was sought is not exactly there
    return backwards
      ? items.findLast((item) => item.start < time - 0.5 && fits(item))
      : items.find((item) => item.start > time + near && fits(item));
  },
};
