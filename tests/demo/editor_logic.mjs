// What editor_logic.js computes, in Node: node --test tests/demo/editor_logic.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

const source = readFileSync(new URL("../../dialogue/demo/editor_logic.js", import.meta.url), "utf8");
const logic = runInNewContext(`${source}; editorLogic`);
const words = "Le budget est de trois cents euros .".split(" ");
const change = (text) => {
  const made = logic.change("u12", words, text);
  return made && [made.place, made.text];
};

test("a text that is the same is no correction, spaces aside", () => {
  assert.equal(change(" Le budget est de  trois cents euros . "), null);
});

test("only the words that differ are sent", () => {
  assert.deepEqual(change("Le budget est de quatre mille euros ."), ["u12:5-6", "quatre mille"]);
  assert.deepEqual(change("Ce budget est de trois cents euros ."), ["u12:1", "Ce"]);
  assert.deepEqual(change("Le budget est de trois cents euros !"), ["u12:8", "!"]);
});

test("a word that is added or taken out takes its neighbour along", () => {
  assert.deepEqual(change("Le budget est de trois cents beaux euros ."), ["u12:6", "cents beaux"]);
  assert.deepEqual(change("Et Le budget est de trois cents euros ."), ["u12:1", "Et Le"]);
  assert.deepEqual(change("Le budget est de trois cents euros . Voilà"), ["u12:8", ". Voilà"]);
  assert.deepEqual(change("Le budget est de cents euros ."), ["u12:4-5", "de"]);
  assert.deepEqual(change("budget est de trois cents euros ."), ["u12:1-2", "budget"]);
});

test("a correction of a repeated word says the same as the text", () => {
  const said = ["oui", "oui", "non"];
  for (const text of ["oui non", "oui oui oui non", "non", "oui", "non oui oui", "oui oui"]) {
    const { place, text: written } = logic.change("u1", said, text);
    const [first, last = first] = (place.split(":")[1] || `1-${said.length}`).split("-").map(Number);
    assert.equal([...said.slice(0, first - 1), written, ...said.slice(last)].join(" "), text);
  }
});

test("all words rewritten are the utterance", () => {
  assert.deepEqual(change("Rien à voir"), ["u12", "Rien à voir"]);
});

test("selected characters are words", () => {
  const text = "Le budget est voté";
  assert.deepEqual([...logic.selected(text, 3, 9)], [1, 1]);
  assert.deepEqual([...logic.selected(text, 5, 12)], [1, 2]);
  assert.deepEqual([...logic.selected(text, 0, text.length)], [0, 3]);
  assert.equal(logic.selected(text, 4, 4), null);
  assert.equal(logic.selected(text, 2, 3), null);
});

test("the cursor is in a word, or before the next one, which there is not at the end", () => {
  const text = "Le budget est";
  assert.deepEqual([0, 1, 3, 6, 10, 13].map((at) => logic.wordAt(text, at)), [0, 0, 1, 1, 2, 3]);
});

test("the next turn of the same speaker is found past others", () => {
  const turn = (id, speaker, n = 1) => ({ id, speaker, words: Array(n).fill(["a", 0, 1, null]) });
  const turns = [turn("u1", "a"), turn("u2", "b"), turn("u3", "a", 0), turn("u4", "a")];
  assert.equal(logic.following(turns, turns[0]).id, "u4");
  assert.equal(logic.following(turns, turns[1]), undefined);
});

test("what is left of some work is said in words", () => {
  const labels = { left_seconds: "less than a minute", left_minutes: "{n} min", left_hours: "{h} h {m}" };
  assert.deepEqual([5, 100, 3600, 7500].map((s) => logic.left(s, labels)), ["less than a minute", "2 min", "1 h 00", "2 h 05"]);
});

test("a correction is told with its words, and long ones are shortened", () => {
  const labels = { did_text: "At {time}: {before} > {after}", new_speaker: "somebody" };
  const told = logic.told({ do: "text", start: 61.2, before: "a", after: "b".repeat(80) }, labels);
  assert.equal(told, `At 1:01: a > ${"b".repeat(59)}…`);
});

test("a correction that was not replayed is told with its reason", () => {
  const labels = { did_join: "Two turns joined at {time}", new_speaker: "somebody" };
  assert.equal(logic.lost({ do: "join", start: 61.2, reason: "why" }, labels), "Two turns joined at 1:01 – why");
  assert.equal(logic.lost({ do: null, reason: "why" }, labels), "why");
});

test("an item stands in a list of its kind, a point in that of its topic", () => {
  const item = (id, kind = "") => ({ id, edit: { kind } });
  const minutes = {
    decisions: [item("d1")],
    actions: [],
    open_questions: [],
    topics: [{ points: [item("p1")] }, { points: [item("p2"), item("p3")] }],
    to_verify: [item("v1", "action"), item("v2", "decision"), item("v3", "action")],
  };
  const ids = (id, kind) => [...logic.list(item(id, kind), minutes)].map((each) => each.id);
  assert.deepEqual(ids("p3"), ["p2", "p3"]);
  assert.deepEqual(ids("v3", "action"), ["v1", "v3"]);
  assert.deepEqual(ids("n1"), ["n1"]);
});
