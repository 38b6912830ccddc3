// Keys: layouts, input methods, text fields, and an allocation without clashes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { allocate, bindings, commandOf, commands, keyCap, namesOf } from "../workbench/keys.ts";
import type { Press } from "../workbench/keys.ts";
import type { Label, Question, Schema } from "../workbench/types.ts";
import { below, pick, seeded } from "./random.ts";

function aPress(given: Partial<Press>): Press {
  return { key: "", code: "", shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, isComposing: false, ...given };
}

function aLabel(value: string, key = ""): Label {
  return { value, name: value, key, colour: 1, hint: "" };
}

function aChoice(id: string, ...labels: Label[]): Question {
  return { id, kind: "choice", prompt: id, labels };
}

function aSchema(...questions: Question[]): Schema {
  return { displays: [], questions };
}

const sentiment = aSchema(aChoice("sentiment", aLabel("good", "1"), aLabel("bad", "q")));
const bound = bindings(allocate(sentiment, {}), new Set(["sentiment"]), {});

test("a key means what it types", () => {
  assert.equal(commandOf(aPress({ key: "1", code: "Digit1" }), bound, false), "sentiment:good");
  assert.equal(commandOf(aPress({ key: "Enter", code: "Enter" }), bound, false), "submit");
});

for (const [layout, key, code, wanted] of [
  ["Russian", "й", "KeyQ", "sentiment:bad"],
  ["Arabic", "ض", "KeyQ", "sentiment:bad"],
  ["Arabic digits", "١", "Digit1", "sentiment:good"],
  ["Thai", "ๆ", "KeyQ", "sentiment:bad"],
  ["AZERTY", "&", "Digit1", "sentiment:good"],
  ["Greek", "ζ", "KeyZ", "undo"],
  ["full width", "１", "Digit1", "sentiment:good"],
  ["Persian digits", "۱", "Numpad1", "sentiment:good"],
] as const) {
  test(`on a ${layout} layout a key that types something else means the place where it lies`, () => {
    assert.equal(commandOf(aPress({ key, code }), bound, false), wanted);
  });
}

test("on AZERTY the key that types a is ask, not the key that lies where q does", () => {
  assert.equal(commandOf(aPress({ key: "a", code: "KeyQ" }), bound, false), "ask");
});

test("a Latin letter that means nothing does not mean the place where it lies", () => {
  assert.equal(commandOf(aPress({ key: "x", code: "KeyQ" }), bound, false), null);
});

test("with Shift a place means the capital, and an exclamation mark is not a digit", () => {
  assert.equal(commandOf(aPress({ key: "Я", code: "KeyZ", shiftKey: true }), bound, false), "redo");
  assert.equal(commandOf(aPress({ key: "!", code: "Digit1", shiftKey: true }), bound, false), null);
});

test("the question mark of an Arabic layout opens the help", () => {
  assert.equal(commandOf(aPress({ key: "؟", code: "Slash", shiftKey: true }), bound, false), "help");
});

test("nothing fires while an input method composes", () => {
  for (const press of [
    { isComposing: true, key: "1" },
    { keyCode: 229, key: "1" },
    { key: "Process", code: "KeyQ" },
    { key: "Enter", isComposing: true },
    { key: "Enter", isComposing: true, ctrlKey: true },
    { key: "Dead", code: "KeyQ" },
  ]) {
    assert.equal(commandOf(aPress(press), bound, false), null);
  }
});

test("in a text field only Escape and Ctrl with Enter are heard", () => {
  assert.deepEqual(
    [{ key: "1" }, { key: "Enter" }, { key: "z" }, { key: "Escape" }, { key: "Enter", ctrlKey: true }, { key: "Enter", metaKey: true }].map(
      (press) => commandOf(aPress(press), bound, true),
    ),
    [null, null, null, "escape", "submit", "submit"],
  );
});

test("the browser keeps its own shortcuts", () => {
  for (const modifier of ["ctrlKey", "altKey", "metaKey"])
    assert.equal(commandOf(aPress({ key: "1", [modifier]: true }), bound, false), null);
});

test("a key that is held down submits once, but undoes on", () => {
  assert.equal(commandOf(aPress({ key: "Enter", repeat: true }), bound, false), null);
  assert.equal(commandOf(aPress({ key: "z", repeat: true }), bound, false), "undo");
});

test("second keys work until somebody takes them", () => {
  assert.equal(commandOf(aPress({ key: "y" }), bound, false), "redo");
  assert.equal(commandOf(aPress({ key: "y" }), bindings([], new Set(), { skip: "y" }), false), "skip");
});

test("a question that is hidden has no keys", () => {
  const hidden = bindings(allocate(sentiment, {}), new Set(), {});

  assert.equal(commandOf(aPress({ key: "1" }), hidden, false), null);
});

test("labels without a key get digits, then letters, around what the schema names", () => {
  const acts = allocate(
    aSchema(aChoice("a", aLabel("x"), aLabel("y", "1"), aLabel("w")), { id: "r", kind: "rating", prompt: "r", min: 1, max: 3 }),
    {},
  );

  assert.deepEqual(
    acts.map((act) => act.key),
    ["2", "1", "3", "4", "5", "6"],
  );
});

test("a rating has its own digits where they are free", () => {
  const acts = allocate(aSchema({ id: "r", kind: "rating", prompt: "r", min: 0, max: 4 }), {});

  assert.deepEqual(
    acts.map((act) => [act.value, act.key]),
    [
      ["0", "0"],
      ["1", "1"],
      ["2", "2"],
      ["3", "3"],
      ["4", "4"],
    ],
  );
});

test("a person's key moves the command, and an answer makes room", () => {
  const own = { skip: "1" };
  const moved = bindings(allocate(sentiment, own), new Set(["sentiment"]), own);

  assert.equal(commandOf(aPress({ key: "1" }), moved, false), "skip");
  assert.equal(commandOf(aPress({ key: "s" }), moved, false), null);
  assert.equal(commandOf(aPress({ key: "2" }), moved, false), "sentiment:good");
});

test("a person's key for an answer holds", () => {
  const own = { "sentiment:good": "j" };

  assert.equal(commandOf(aPress({ key: "j" }), bindings(allocate(sentiment, own), new Set(["sentiment"]), own), false), "sentiment:good");
});

function someQuestion(id: string, random: () => number): Question {
  const labels = Array.from({ length: 1 + below(random, 6) }, (_, index) => aLabel(`l${index}`));
  const kinds: Question[] = [
    aChoice(id, ...labels),
    { id, kind: "choices", prompt: id, labels },
    { id, kind: "rating", prompt: id, min: below(random, 2), max: 3 + below(random, 8) },
    { id, kind: "text", prompt: id },
    { id, kind: "language", prompt: id, tags: ["id", "jv"], allow: ["mixed", "none"] },
    { id, kind: "spans", prompt: id, field: "t", labels, attributes: [{ id: "x", labels }] },
    { id, kind: "errors", prompt: id, source: "a", target: "b", categories: labels, severities: labels, score: true },
    { id, kind: "pairwise", prompt: id, a: "a", b: "b", strengths: 3, reason: "optional" },
    { id, kind: "ranking", prompt: id, fields: ["a", "b", "c"] },
    { id, kind: "tree", prompt: id, labels },
    { id, kind: "tokens", prompt: id, field: "t", labels },
    { id, kind: "slider", prompt: id, min: 0, max: 1, step: 1 },
  ];
  return pick(random, kinds);
}

test("no two acts and no act and command share a key, whatever the schema", () => {
  const random = seeded(7);
  for (let round = 0; round < 300; round += 1) {
    const schema = aSchema(...Array.from({ length: 1 + below(random, 5) }, (_, index) => someQuestion(`q${index}`, random)));
    const keys = allocate(schema, {})
      .map((act) => act.key)
      .filter((key) => key !== "");

    assert.equal(new Set(keys).size, keys.length);
    for (const key of keys) assert.ok(!(Object.values(commands) as string[]).includes(key) && key !== "y");
  }
});

test("up to fifty acts every one has a key", () => {
  const acts = allocate(
    aSchema(...[1, 2, 3, 4, 5].map((n) => aChoice(`q${n}`, ...Array.from({ length: 9 }, (_, index) => aLabel(`l${index}`))))),
    {},
  );

  assert.ok(acts.length === 45 && acts.every((act) => act.key !== ""));
});

test("a key cap names what cannot be printed", () => {
  assert.deepEqual(
    ["Enter", " ", "Q", "q"].map((key) => keyCap(key, "Space")),
    ["⏎", "Space", "⇧Q", "q"],
  );
});

test("the names of a press are what it types first", () => {
  assert.deepEqual(namesOf(aPress({ key: "ф", code: "KeyA" })), ["ф", "a"]);
});

test("what the schema offers without labels has the keys that the schema gives it", () => {
  const acts = allocate(
    aSchema(
      {
        id: "r",
        kind: "rating",
        prompt: "r",
        min: 1,
        max: 2,
        options: [1, 2].map((value) => ({ value, name: String(value), key: `${value + 4}` })),
      },
      {
        id: "p",
        kind: "pairwise",
        prompt: "p",
        a: "x",
        b: "y",
        options: ["a", "b", "tie"].map((value, index) => ({ value, name: value, key: "qwe"[index] ?? "" })),
      },
      {
        id: "l",
        kind: "language",
        prompt: "l",
        tags: ["jv"],
        allow: ["mixed"],
        options: [
          { value: "jv", name: "jv", key: "t" },
          { value: "mixed", name: "mixed", key: "u" },
        ],
      },
    ),
    {},
  );
  const keys = Object.fromEntries(acts.map((act) => [act.id, act.key]));

  assert.deepEqual(
    [keys["r:1"], keys["r:2"], keys["p::left"], keys["p::right"], keys["p::tie"], keys["l:jv"], keys["l::mixed"]],
    ["5", "6", "q", "w", "e", "t", "u"],
  );
});
