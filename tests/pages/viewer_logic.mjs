// What logic.js computes, in Node: node --test tests/pages/viewer_logic.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

const source = readFileSync(new URL("../../dialogue/pages/logic.js", import.meta.url), "utf8");
const { clock, fold, lastBefore, hits, unsure, sentence, next } = runInNewContext(`${source}; viewerLogic`);

function line(...words) {
  const offsets = [];
  let folded = "";
  for (const word of words) {
    offsets.push(folded.length);
    folded += fold(word, "fr") + " ";
  }
  return [folded, offsets];
}

test("a clock shows hours only when there are some", () => {
  assert.deepEqual([0, 59.9, 61, 3600, 3725].map(clock), ["0:00", "0:59", "1:01", "1:00:00", "1:02:05"]);
  assert.equal(clock(undefined), "0:00");
});

test("folding removes case, accents and curly apostrophes", () => {
  assert.equal(fold("L’ÉTÉ à Noël", "fr"), "l'ete a noel");
});

test("the word at a time is the last one that has started", () => {
  const words = [0, 1, 1, 2.5].map((start) => ({ start }));
  assert.deepEqual([-1, 0, 0.9, 1, 2.4, 9].map((time) => lastBefore(words, time)), [-1, 0, 0, 2, 2, 3]);
  assert.equal(lastBefore([], 1), -1);
});

test("a search hits the words that it covers, accents aside", () => {
  const [folded, offsets] = line("La", "réunion", "de", "la", "Réunion");
  assert.deepEqual([...hits(folded, offsets, "reunion")], [1, 4]);
  assert.deepEqual([...hits(folded, offsets, "reunion de")], [1, 2]);
  assert.deepEqual([...hits(folded, offsets, "la r")], [0, 1, 3, 4]);
});

test("a search for nothing hits nothing", () => {
  const [folded, offsets] = line("La", "réunion");
  assert.deepEqual([...hits(folded, offsets, "")], []);
  assert.deepEqual([...hits(folded, offsets, "zut")], []);
});

test("a doubtful word is one of low probability, and no punctuation", () => {
  assert.equal(unsure(["été", 0, 1, 0.3], 0.5), true);
  assert.equal(unsure(["été", 0, 1, 0.8], 0.5), false);
  assert.equal(unsure(["été", 0, 1, null], 0.5), false);
  assert.equal(unsure(["!", 0, 1, 0.1], 0.5), false);
});

const said = (text) => text.split(" ").map((word, n) => [word, n, n + 0.9]);

test("a sentence goes from full stop to full stop", () => {
  const words = said("Bon. On part à midi. Oui");
  assert.deepEqual([...sentence(words, 2)], [1, 4]);
  assert.deepEqual([...sentence(words, 0)], [0, 0]);
  assert.deepEqual([...sentence(words, 5)], [5, 5]);
});

test("without a full stop, a sentence is cut around its word", () => {
  const [first, last] = sentence(said("a ".repeat(100).trim()), 50);
  assert.ok(first > 43 && first < 50 && last > 50 && last < 57);
});

test("the next item is after the sound, the previous one before it", () => {
  const items = [0, 2, 4, 6].map((start) => ({ start }));
  const any = () => true;
  assert.equal(next(items, 2.0, any).start, 4);
  assert.equal(next(items, 2.0, any, true).start, 0);
  assert.equal(next(items, 1.99, ({ start }) => start !== 2).start, 4);
  assert.equal(next(items, 6, any), undefined);
});
