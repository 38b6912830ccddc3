// The document: hidden questions hold nothing, undo and redo are exact, over random sequences of acts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, reduce, same, settle, visibleQuestions } from "../workbench/document.ts";
import type { Act, Document } from "../workbench/document.ts";
import { addSpan, removeSpan } from "../workbench/marks.ts";
import type { Answers, Label, Schema, Span } from "../workbench/types.ts";
import { below, pick, seeded } from "./random.ts";
import type { Random } from "./random.ts";

const labels = ["a", "b", "c"].map((value): Label => ({ value, name: value, key: "", colour: 1, hint: "" }));

const schema: Schema = {
  displays: [{ kind: "text", field: "text" }],
  questions: [
    { id: "kind", kind: "choice", prompt: "", labels },
    { id: "why", kind: "choices", prompt: "", labels, show_when: { question: "kind", is: ["a", "b"] } },
    { id: "note", kind: "text", prompt: "", show_when: { question: "why", is: ["c"] } },
    { id: "names", kind: "spans", prompt: "", field: "text", labels, overlap: "allow" },
    { id: "links", kind: "relations", prompt: "", spans: "names", labels },
  ],
};

function aDocument(answers: Answers = {}): Document {
  return open({ schema, content: { text: "satu dua tiga empat" }, language: "id", answers });
}

function someAct(random: Random, doc: Document): Act {
  const spans = (doc.answers["names"] ?? []) as readonly Span[];
  const start = below(random, 15);
  return pick<() => Act>(random, [
    () => ({ do: "answer", question: "kind", value: pick(random, ["a", "b", "c"]) }),
    () => ({ do: "answer", question: "kind", value: undefined }),
    () => ({ do: "answer", question: "why", value: pick(random, [["a"], ["c"], ["a", "c"]]) }),
    () => ({ do: "answer", question: "note", value: `n${below(random, 9)}`, ...(random() < 0.5 ? { burst: "typing" } : {}) }),
    () => ({ do: "answer", question: "names", value: addSpan(spans, { start, end: start + 1 + below(random, 4) }, "a").spans }),
    () => ({ do: "answer", question: "names", value: removeSpan(spans, pick(random, spans)?.id ?? "s0") }),
    () => ({
      do: "answer",
      question: "links",
      value: spans.length > 1 ? [{ from: pick(random, spans).id, to: pick(random, spans).id, label: "a" }] : undefined,
    }),
    () => ({ do: "undo" }),
    () => ({ do: "redo" }),
    () => ({ do: "activate", question: "note" }),
  ])();
}

test("whatever is done, hidden questions hold no answer and relations join spans that are there", () => {
  const random = seeded(11);
  for (let round = 0; round < 60; round += 1) {
    let doc = aDocument();
    for (let step = 0; step < 60; step += 1) {
      doc = reduce(doc, someAct(random, doc));
      const visible = visibleQuestions(schema, doc.answers);
      const ids = new Set(((doc.answers["names"] ?? []) as readonly Span[]).map((span) => span.id));

      assert.ok(Object.keys(doc.answers).every((question) => visible.has(question)));
      for (const { from, to } of (doc.answers["links"] ?? []) as readonly { from: string; to: string }[])
        assert.ok(ids.has(from) && ids.has(to));
      assert.deepEqual(settle(schema, doc.answers), doc.answers);
    }
  }
});

test("undo takes back exactly one change and redo brings it again", () => {
  const random = seeded(12);
  for (let round = 0; round < 200; round += 1) {
    let doc = aDocument();
    for (let step = 0; step < 8; step += 1) doc = reduce(doc, someAct(random, doc));
    const next = reduce(doc, { do: "answer", question: "kind", value: pick(random, ["a", "b", "c"]) });
    if (same(next.answers, doc.answers)) continue;

    const undone = reduce(next, { do: "undo" });

    assert.deepEqual(undone.answers, doc.answers);
    assert.deepEqual(reduce(undone, { do: "redo" }).answers, next.answers);
  }
});

test("undoing everything leads back to the beginning, and redoing everything to the end", () => {
  const random = seeded(13);
  let doc = aDocument({ kind: "a" });
  const first = doc.answers;
  for (let step = 0; step < 80; step += 1) doc = reduce(doc, someAct(random, doc));
  while (doc.future.length > 0) doc = reduce(doc, { do: "redo" });
  const last = doc.answers;

  while (doc.past.length > 0) doc = reduce(doc, { do: "undo" });
  assert.deepEqual(doc.answers, first);

  while (doc.future.length > 0) doc = reduce(doc, { do: "redo" });
  assert.deepEqual(doc.answers, last);
});

test("a new change forgets what could be redone", () => {
  const undone = reduce(reduce(aDocument(), { do: "answer", question: "kind", value: "a" }), { do: "undo" });

  const changed = reduce(undone, { do: "answer", question: "kind", value: "b" });

  assert.equal(changed.future.length, 0);
});

test("typing in one field is undone together", () => {
  let doc = aDocument({ kind: "a", why: ["c"] });
  for (const value of ["h", "ha", "hal", "halo"]) doc = reduce(doc, { do: "answer", question: "note", value, burst: "one" });
  doc = reduce(doc, { do: "answer", question: "note", value: "halo!", burst: "two" });

  assert.equal(reduce(doc, { do: "undo" }).answers["note"], "halo");
  assert.equal(reduce(reduce(doc, { do: "undo" }), { do: "undo" }).answers["note"], undefined);
});

test("the same answer again is no change", () => {
  const doc = aDocument({ names: [{ id: "s1", start: 0, end: 4, label: "a", attributes: {} }] });

  const again = reduce(doc, { do: "answer", question: "names", value: [{ id: "s1", start: 0, end: 4, label: "a", attributes: {} }] });

  assert.equal(again.past.length, 0);
});

test("a question whose condition goes away takes those that hang on it along, and undo brings all back", () => {
  const doc = aDocument({ kind: "a", why: ["c"], note: "so" });

  const changed = reduce(doc, { do: "answer", question: "kind", value: "c" });

  assert.deepEqual(changed.answers, { kind: "c" });
  assert.deepEqual(reduce(changed, { do: "undo" }).answers, { kind: "a", why: ["c"], note: "so" });
});

test("conditions hold against ratings, languages and preferences", () => {
  const asked: Schema = {
    displays: [],
    questions: [
      { id: "rate", kind: "rating", prompt: "", min: 1, max: 5 },
      { id: "lang", kind: "language", prompt: "", tags: [] },
      { id: "pair", kind: "pairwise", prompt: "", a: "a", b: "b" },
      { id: "low", kind: "text", prompt: "", show_when: { question: "rate", is: [1, 2] } },
      { id: "mix", kind: "text", prompt: "", show_when: { question: "lang", is: ["mixed", "jv"] } },
      { id: "tie", kind: "text", prompt: "", show_when: { question: "pair", is: ["tie"] } },
    ],
  };

  const visible = visibleQuestions(asked, { rate: 2, lang: { mixed: ["id", "en"] }, pair: { preferred: "tie" } });

  assert.deepEqual(
    [...visible].filter((id) => ["low", "mix", "tie"].includes(id)),
    ["low", "mix", "tie"],
  );
});

test("questions that wait for each other stay hidden", () => {
  const circle: Schema = {
    displays: [],
    questions: [
      { id: "a", kind: "text", prompt: "", show_when: { question: "b", is: ["x"] } },
      { id: "b", kind: "text", prompt: "", show_when: { question: "a", is: ["x"] } },
    ],
  };

  assert.equal(visibleQuestions(circle, { a: "x", b: "x" }).size, 0);
});

test("the first question that still wants an answer is the active one, not one that may be left out", () => {
  const optional: Schema = {
    displays: [],
    questions: [
      { id: "kind", kind: "choice", prompt: "", labels },
      { id: "note", kind: "text", prompt: "", required: false },
    ],
  };

  assert.equal(aDocument({ kind: "c" }).active, "names");
  assert.equal(open({ schema: optional, content: {}, language: "id", answers: { kind: "a" } }).active, "kind");
});

test("a text to be bettered stands there as soon as its question shows, and is taken back with the act that showed it", () => {
  const asked: Schema = {
    displays: [],
    questions: [
      { id: "verdict", kind: "choice", prompt: "", labels },
      { id: "better", kind: "text", prompt: "", prefill: "text", show_when: { question: "verdict", is: ["b"] } },
    ],
  };
  const doc = open({ schema: asked, content: { text: "dat is moai" }, language: "fy", isNew: true });

  const shown = reduce(doc, { do: "answer", question: "verdict", value: "b" });
  const cleared = reduce(shown, { do: "answer", question: "better", value: undefined });

  assert.deepEqual(doc.answers, {});
  assert.deepEqual(shown.answers, { verdict: "b", better: "dat is moai" });
  assert.deepEqual(cleared.answers, { verdict: "b" });
  assert.deepEqual(reduce(shown, { do: "undo" }).answers, {});
});
