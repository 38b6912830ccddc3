// What stands between answers and a submit, kind by kind.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "../workbench/document.ts";
import type { Answer, Label, Question } from "../workbench/types.ts";
import { lacks } from "../workbench/validity.ts";

const labels = ["a", "b"].map((value): Label => ({ value, name: value, key: "", colour: 1, hint: "" }));

function lackOf(question: Question, answer?: Answer): string | undefined {
  const doc = open({
    schema: { displays: [], questions: [question] },
    content: { text: "Satu, dua tiga!" },
    language: "id",
    answers: answer === undefined ? {} : { [question.id]: answer },
  });
  return lacks(doc)[0]?.name;
}

const text: Question = { id: "q", kind: "text", prompt: "", min_length: 2, max_length: 4, not_copy_of: "text" };
const errors: Question = {
  id: "q",
  kind: "errors",
  prompt: "",
  source: "s",
  target: "t",
  categories: labels,
  severities: labels,
  score: true,
};
const pair: Question = { id: "q", kind: "pairwise", prompt: "", a: "a", b: "b", strengths: 3, reason: "required" };
const span = { id: "s1", start: 0, end: 2, label: "a", attributes: {} };

const cases: readonly [string, Question, Answer | undefined, string | undefined][] = [
  ["a required choice is missing", { id: "q", kind: "choice", prompt: "", labels }, undefined, "required"],
  ["an optional choice may be missing", { id: "q", kind: "choice", prompt: "", labels, required: false }, undefined, undefined],
  ["too few are chosen", { id: "q", kind: "choices", prompt: "", labels, min: 2 }, ["a"], "too_few"],
  ["too many are chosen", { id: "q", kind: "choices", prompt: "", labels, max: 1 }, ["a", "b"], "too_many"],
  ["a text is too short", text, "a", "too_short"],
  ["a family emoji is seven code points", text, "👨‍👩‍👧‍👦", "too_long"],
  [
    "a copy in other case and punctuation is a copy",
    { id: "q", kind: "text", prompt: "", not_copy_of: "text" },
    "satu dua  TIGA",
    "is_copy",
  ],
  ["other words are no copy", { id: "q", kind: "text", prompt: "", not_copy_of: "text" }, "one two three", undefined],
  ["no span is an answer", { id: "q", kind: "spans", prompt: "", field: "text", labels }, undefined, undefined],
  [
    "a span lacks its attribute",
    { id: "q", kind: "spans", prompt: "", field: "text", labels, attributes: [{ id: "sure", labels }] },
    [span],
    "needs_attributes",
  ],
  [
    "an error without severity",
    errors,
    { errors: [{ side: "target", start: 0, end: 1, category: "a", severity: "" }], score: 3 },
    "needs_severity",
  ],
  ["no error but a score is enough", errors, { errors: [], score: 100 }, undefined],
  ["a score is asked for", errors, { errors: [] }, "required"],
  ["a preference without strength", pair, { preferred: "a", reason: "x" }, "needs_strength"],
  ["a tie needs no strength", pair, { preferred: "tie", reason: "x" }, undefined],
  ["a reason is asked for", pair, { preferred: "tie" }, "needs_reason"],
  ["a ranking that leaves one out", { id: "q", kind: "ranking", prompt: "", fields: ["a", "b"] }, [["a"]], "required"],
  ["a whole ranking", { id: "q", kind: "ranking", prompt: "", fields: ["a", "b"] }, [["a", "b"]], undefined],
  ["mixed without a language", { id: "q", kind: "language", prompt: "", tags: [] }, { mixed: [] }, "required"],
];

for (const [name, question, answer, wanted] of cases) {
  test(`${name}: ${wanted ?? "fine"}`, () => {
    assert.equal(lackOf(question, answer), wanted);
  });
}
