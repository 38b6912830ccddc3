// Spans, tokens, errors, choices and rankings: pure changes that keep their order and their policy.

import assert from "node:assert/strict";
import { test } from "node:test";
import { move, place, prefer, tie, toggle, withReason } from "../workbench/choices.ts";
import {
  addError,
  addSpan,
  changeError,
  depths,
  paint,
  refusal,
  relabelSpan,
  removeError,
  removeSpan,
  setAttribute,
  spanAt,
} from "../workbench/marks.ts";
import type { Label, RankingAnswer, Span, Token } from "../workbench/types.ts";
import { switchMixed, pickTag } from "../workbench/languages.ts";
import { below, pick, seeded } from "./random.ts";

type Policy = "none" | "nest" | "allow";

function someSpans(seed: number, policy: Policy): readonly Span[] {
  const random = seeded(seed);
  let spans: readonly Span[] = [];
  for (let step = 0; step < 60; step += 1) {
    const start = below(random, 80);
    const range = { start, end: start + 1 + below(random, 12) };
    if (refusal(spans, range, policy) === null) spans = addSpan(spans, range, pick(random, ["a", "b"])).spans;
    if (random() < 0.1 && spans.length > 0) spans = removeSpan(spans, pick(random, spans).id);
  }
  return spans;
}

test("spans lie in order, have ids of their own, and keep the overlap policy", () => {
  for (let seed = 0; seed < 60; seed += 1) {
    for (const policy of ["none", "nest", "allow"] as const) {
      const spans = someSpans(seed, policy);

      assert.equal(new Set(spans.map((span) => span.id)).size, spans.length);
      for (const [index, span] of spans.entries()) {
        const next = spans[index + 1];
        if (next) assert.ok(span.start < next.start || (span.start === next.start && span.end >= next.end));
        for (const other of spans.slice(index + 1)) {
          const overlap = other.start < span.end;
          if (policy === "none") assert.ok(!overlap);
          if (policy === "nest" && overlap) assert.ok(other.end <= span.end);
        }
      }
    }
  }
});

test("spans that overlap never share a depth", () => {
  for (let seed = 0; seed < 40; seed += 1) {
    const spans = someSpans(seed, "allow");
    const depth = depths(spans);

    for (const [index, span] of spans.entries()) {
      for (const [offset, other] of spans.slice(index + 1).entries())
        if (other.start < span.end) assert.notEqual(depth[index], depth[index + 1 + offset]);
    }
  }
});

test("an empty range is no span", () => {
  assert.equal(refusal([], { start: 3, end: 3 }, "allow"), "select_first");
});

test("the same range with the same label is there once, with another label twice", () => {
  const first = addSpan([], { start: 0, end: 4 }, "a");

  assert.equal(addSpan(first.spans, { start: 0, end: 4 }, "a").spans.length, 1);
  assert.equal(addSpan(first.spans, { start: 0, end: 4 }, "b").spans.length, 2);
});

test("the span at a place is the innermost", () => {
  const { spans } = addSpan(addSpan([], { start: 0, end: 10 }, "outer").spans, { start: 2, end: 5 }, "inner");

  assert.deepEqual([spanAt(spans, 3)?.label, spanAt(spans, 6)?.label, spanAt(spans, 10)?.label], ["inner", "outer", undefined]);
});

test("an attribute is set, replaced, and taken away by the same value", () => {
  const { spans, id } = addSpan([], { start: 0, end: 1 }, "a");
  const set = setAttribute(spans, id, "sure", "yes");

  assert.deepEqual(set[0]?.attributes, { sure: "yes" });
  assert.deepEqual(setAttribute(set, id, "sure", "no")[0]?.attributes, { sure: "no" });
  assert.deepEqual(setAttribute(set, id, "sure", "yes")[0]?.attributes, {});
});

test("a new label keeps the span's place and attributes", () => {
  const { spans, id } = addSpan([], { start: 0, end: 1 }, "a");

  assert.deepEqual(relabelSpan(setAttribute(spans, id, "sure", "yes"), id, "b"), [
    { id, start: 0, end: 1, label: "b", attributes: { sure: "yes" } },
  ]);
});

test("painted tokens lie in order, never twice, and clearing leaves none", () => {
  const random = seeded(21);
  const tokens = Array.from({ length: 30 }, (_, index) => ({ start: index * 3, end: index * 3 + 2 }));
  let painted: readonly Token[] = [];
  for (let step = 0; step < 200; step += 1) {
    const from = below(random, 30);
    painted = paint(painted, tokens.slice(from, from + below(random, 8)), random() < 0.2 ? null : pick(random, ["jv", "id"]));

    assert.deepEqual(
      [...painted].sort((left, right) => left.start - right.start),
      painted,
    );
    assert.equal(new Set(painted.map((token) => token.start)).size, painted.length);
  }
  assert.deepEqual(paint(painted, tokens, null), []);
});

test("errors lie source first, and the index names the one that was added", () => {
  const one = addError(undefined, { side: "target", start: 5, end: 7, category: "a", severity: "" }).answer;
  const two = addError(one, { side: "target", start: 0, end: 2, category: "b", severity: "" }).answer;

  const { answer, index } = addError(two, { side: "source", start: 9, end: 12, category: "omission", severity: "major" });

  assert.deepEqual(
    answer.errors.map((error) => error.category),
    ["omission", "b", "a"],
  );
  assert.equal(index, 0);
});

test("an error changes in its place, and the last one without a score leaves no answer", () => {
  const { answer } = addError(undefined, { side: "target", start: 0, end: 2, category: "a", severity: "" });

  assert.equal(changeError(answer, 0, { severity: "minor" }).errors[0]?.severity, "minor");
  assert.equal(removeError(answer, 0), undefined);
  assert.deepEqual(removeError({ ...answer, score: 90 }, 0), { errors: [], score: 90 });
});

const labels = ["a", "b", "c"].map((value): Label => ({ value, name: value, key: "", colour: 1, hint: "" }));

test("chosen labels stand in schema order, and none is no answer", () => {
  assert.deepEqual(toggle(["c"], "a", labels), ["a", "c"]);
  assert.equal(toggle(["a"], "a", labels), undefined);
});

test("a label that stands alone takes the others' place, and gives it back", () => {
  const some = [...labels, { ...(labels[0] as Label), value: "none", exclusive: true }];

  assert.deepEqual(toggle(["a", "b"], "none", some), ["none"]);
  assert.deepEqual(toggle(["none"], "b", some), ["b"]);
  assert.equal(toggle(["none"], "none", some), undefined);
});

test("a tie keeps no strength, a change of side does", () => {
  assert.deepEqual(prefer({ preferred: "a", strength: 2, reason: "x" }, "tie"), { preferred: "tie", reason: "x" });
  assert.deepEqual(prefer({ preferred: "a", strength: 2 }, "b"), { preferred: "b", strength: 2 });
});

test("a reason of spaces is none", () => {
  assert.deepEqual(withReason({ preferred: "a", reason: "old" }, "  "), { preferred: "a" });
});

test("whatever is moved, a ranking holds every placed option once and no empty place", () => {
  const random = seeded(22);
  let ranking: RankingAnswer = [];
  for (let step = 0; step < 400; step += 1) {
    const value = pick(random, ["a", "b", "c", "d"]);
    const before = ranking.flat().length;
    const act = below(random, 4);
    if (act === 0) ranking = place(ranking, value) ?? [];
    else if (act === 1) ranking = move(ranking, value, pick(random, [-1, 1]));
    else ranking = tie(ranking, value);

    assert.ok(ranking.every((group) => group.length > 0));
    assert.equal(new Set(ranking.flat()).size, ranking.flat().length);
    if (act !== 0) assert.equal(ranking.flat().length, before);
  }
});

test("an option moves past its neighbour, out of a tie, and ties with the one above", () => {
  assert.deepEqual(move([["a"], ["b"]], "b", -1), [["b"], ["a"]]);
  assert.deepEqual(move([["a", "b"]], "b", -1), [["b"], ["a"]]);
  assert.deepEqual(tie([["a"], ["b"], ["c"]], "b"), [["a", "b"], ["c"]]);
  assert.deepEqual(move([["a"], ["b"]], "a", -1), [["a"], ["b"]]);
});

test("mixed collects languages and keeps the one that was picked", () => {
  const mixed = switchMixed({ tag: "jv" });

  assert.deepEqual(mixed, { mixed: ["jv"] });
  assert.deepEqual(pickTag(mixed, "id"), { mixed: ["jv", "id"] });
  assert.deepEqual(pickTag({ mixed: ["jv", "id"] }, "jv"), { mixed: ["id"] });
  assert.deepEqual(switchMixed({ mixed: ["jv", "id"] }), { tag: "jv" });
});
