// Offsets: conversion and snapping as properties over random strings of every script, and against another implementation.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  graphemeAt,
  isGraphemeBoundary,
  nextGrapheme,
  offsetsOf,
  previousGrapheme,
  snapToGraphemes,
  snapToWords,
  wordsOf,
} from "../workbench/offsets.ts";
import { below, EMOJI, pick, seeded, someText } from "./random.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const whole = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function boundariesOf(text: string): number[] {
  return [...[...whole.segment(text)].map((each) => each.index), text.length];
}

function someTexts(seed: number, count: number, most: number): string[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () =>
    random() < 0.2 ? Array.from({ length: 6 }, () => pick(random, EMOJI)).join(random() < 0.5 ? "" : " ") : someText(random, most),
  );
}

test("a code point offset survives the way to UTF-16 and back", () => {
  for (const text of someTexts(1, 400, 900)) {
    const offsets = offsetsOf(text);

    assert.equal(offsets.length, [...text].length);
    for (let point = 0; point <= offsets.length; point += 1 + (point >> 5)) assert.equal(offsets.toPoint(offsets.toUnit(point)), point);
  }
});

test("code points cut a text where UTF-16 does", () => {
  for (const text of someTexts(2, 300, 300)) {
    const offsets = offsetsOf(text);
    const points = [...text];
    const end = Math.floor(points.length / 2);

    assert.equal(text.slice(0, offsets.toUnit(end)), points.slice(0, end).join(""));
  }
});

test("an index inside a surrogate pair is the code point that it belongs to", () => {
  const offsets = offsetsOf("a😀b");

  assert.deepEqual(
    [0, 1, 2, 3, 4].map((unit) => offsets.toPoint(unit)),
    [0, 1, 1, 2, 3],
  );
});

test("offsets beyond the text are its ends", () => {
  const offsets = offsetsOf("😀");

  assert.deepEqual([offsets.toUnit(-3), offsets.toUnit(9), offsets.toPoint(9)], [0, 2, 1]);
});

test("a snapped offset is a boundary and snapping twice changes nothing", () => {
  const random = seeded(3);
  for (const text of someTexts(3, 400, 200)) {
    const boundaries = new Set(boundariesOf(text));
    const [one, two] = [below(random, text.length + 1), below(random, text.length + 1)];

    const once = snapToGraphemes(text, Math.min(one, two), Math.max(one, two));

    assert.ok(boundaries.has(once.start) && boundaries.has(once.end), JSON.stringify(text));
    assert.deepEqual(snapToGraphemes(text, once.start, once.end), once);
    assert.ok(once.start <= Math.min(one, two) && once.end >= Math.max(one, two));
  }
});

test("looking at a window finds the graphemes of the whole text", () => {
  for (const text of someTexts(4, 300, 1200)) {
    const boundaries = boundariesOf(text);
    for (let index = 0; index + 1 < boundaries.length; index += 1 + (index >> 4)) {
      const [start, end] = [boundaries[index] as number, boundaries[index + 1] as number];

      assert.deepEqual(graphemeAt(text, end - 1), { start, end });
      assert.equal(isGraphemeBoundary(text, start), true);
    }
  }
});

test("a cluster longer than any window is one", () => {
  const text = `a${"e"}${"\u0301".repeat(700)}b`;

  assert.deepEqual(graphemeAt(text, 2), { start: 1, end: 702 });
  assert.deepEqual(graphemeAt(text, 400), { start: 1, end: 702 });
});

test("a caret walks forward and back over the same places", () => {
  for (const text of someTexts(5, 100, 60)) {
    const forward = [0];
    while ((forward.at(-1) as number) < text.length) forward.push(nextGrapheme(text, forward.at(-1) as number));
    const back = [text.length];
    while ((back.at(-1) as number) > 0) back.push(previousGrapheme(text, back.at(-1) as number));

    assert.deepEqual(forward, back.reverse());
  }
});

test("a caret in a long text without spaces costs no more than in a short one", () => {
  const text = "อาหารอร่อยมาก".repeat(8000);
  const start = performance.now();

  for (let step = 0; step < 1000; step += 1) graphemeAt(text, 90_000 + step);

  assert.ok(performance.now() - start < 500);
});

test("words leave out spaces, keep mentions and addresses whole, and lie in order", () => {
  const text = "Halo @budi_88, cek https://example.org/a?b=1 ya #seru 😀";

  const words = wordsOf(text, "id").map((word) => text.slice(word.start, word.end));

  assert.deepEqual(words, ["Halo", "@budi_88", ",", "cek", "https://example.org/a?b=1", "ya", "#seru", "😀"]);
});

test("Thai and Japanese are divided without spaces", () => {
  assert.deepEqual(wordsOf("ฉันกินข้าว", "th").length, 3);
  assert.ok(wordsOf("今日は雨です", "ja").length >= 3);
});

test("an unknown language tag divides words all the same", () => {
  assert.equal(wordsOf("satu dua", "x-nonsense-tag-that-is-too-long").length, 2);
});

test("a range snapped to words covers what it touched, and only whole words", () => {
  const random = seeded(6);
  for (const text of someTexts(6, 200, 80)) {
    const words = wordsOf(text, "und");
    const [one, two] = [below(random, text.length + 1), below(random, text.length + 1)].sort((left, right) => left - right) as [
      number,
      number,
    ];

    const once = snapToWords(text, words, one, two);

    assert.deepEqual(snapToWords(text, words, once.start, once.end), once);
    const first = words.find((word) => word.end > one && word.start < two);
    if (first && two > one) assert.ok(words.some((word) => word.start === once.start) && words.some((word) => word.end === once.end));
  }
});

const ORACLE =
  "import sys, json, regex\nfor line in sys.stdin:\n  print(json.dumps([m.end() for m in regex.finditer(r'\\X', json.loads(line))]))";

function pythonBoundaries(texts: readonly string[]): number[][] | null {
  for (const python of [join(root, ".venv/bin/python"), "python3"]) {
    const run = spawnSync(python, ["-c", ORACLE], {
      input: texts
        .map((text) => JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`))
        .join("\n"),
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    if (run.status === 0)
      return run.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as number[]);
  }
  return null;
}

/** The first lines of every shared corpus, as they are: what stands around a text is text too. */
function sharedTexts(): string[] {
  const folder = join(root, "../shared/data/corpora");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => join(folder, name, "data.jsonl"))
    .filter(existsSync)
    .flatMap((path) => {
      const file = openSync(path, "r");
      const start = Buffer.alloc(100_000);
      const length = readSync(file, start);
      closeSync(file);
      const rows = start.subarray(0, length).toString("utf8").split("\n").slice(0, -1).slice(0, 250);
      return rows.map((row) =>
        Object.values(JSON.parse(row) as Record<string, unknown>)
          .filter((value) => typeof value === "string")
          .join("\n"),
      );
    });
}

function assertSameGraphemes(texts: readonly string[], boundaries: readonly number[][]): void {
  for (const [index, text] of texts.entries()) {
    const offsets = offsetsOf(text);
    const ours = [];
    for (let unit = 0; unit < text.length; unit = nextGrapheme(text, unit)) ours.push(offsets.toPoint(nextGrapheme(text, unit)));
    assert.deepEqual(ours, boundaries[index], JSON.stringify(text));
  }
}

test("emoji sequences have the graphemes that Python's regex finds", (context) => {
  const texts = [...EMOJI, EMOJI.join(""), EMOJI.join(" a "), "क्षत्रिय", "न्‍", "각각", "ក្ខុំ"];
  const boundaries = pythonBoundaries(texts);
  if (!boundaries) return context.skip("no Python with regex");

  assertSameGraphemes(texts, boundaries);
});

test("the shared texts have the graphemes that Python's regex finds", (context) => {
  const texts = sharedTexts();
  if (texts.length === 0) return context.skip("no ../shared/data");
  const boundaries = pythonBoundaries(texts);
  if (!boundaries) return context.skip("no Python with regex");

  assertSameGraphemes(texts, boundaries);
});
