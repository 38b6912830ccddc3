// Languages are found by the names the server knows, in the reader's language, in English and by tag.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { canonical, findLanguages, knowLanguages, nameOf, pickTag, switchMixed } from "../workbench/languages.ts";

beforeEach(() =>
  knowLanguages({
    min: ["ミナンカバウ語", "Minangkabau"],
    ms: ["マレー語", "Malay"],
    mi: ["マオリ語", "Māori"],
    ja: ["日本語", "Japanese"],
  }),
);

const tags = (typed: string): string[] => findLanguages(typed, "ja").map(({ tag }) => tag);

test("a language is found in the reader's language, in English without marks, in itself, and by its tag first", () => {
  assert.deepEqual(tags("ミナン"), ["min"]);
  assert.deepEqual(tags("minangk"), ["min"]);
  assert.deepEqual(tags("maori"), ["mi"]);
  assert.deepEqual(tags("mi"), ["mi", "min"]);
  assert.deepEqual(tags("日本"), ["ja"]);
  assert.deepEqual(tags("  "), []);
});

test("the server's name goes before the browser's, and a tag that nobody named stays a tag", () => {
  assert.equal(nameOf("min", "ja"), "ミナンカバウ語");
  assert.equal(nameOf("xyz", "ja"), "xyz");
  assert.equal(nameOf("not a tag!", "en"), "not a tag!");
});

test("a well-formed tag that is not listed can be picked where it has a name", () => {
  assert.deepEqual(tags("pt_br"), ["pt-BR"]);
  assert.equal(canonical("zh-hant"), "zh-Hant");
  assert.equal(canonical("no such tag"), null);
});

test("with mixed on, tags are collected and taken back; off, the first stays", () => {
  const mixed = switchMixed({ tag: "id" });

  assert.deepEqual(pickTag(mixed, "en"), { mixed: ["id", "en"] });
  assert.deepEqual(pickTag({ mixed: ["id", "en"] }, "id"), { mixed: ["en"] });
  assert.deepEqual(switchMixed({ mixed: ["id", "en"] }), { tag: "id" });
  assert.deepEqual(pickTag(undefined, "en"), { tag: "en" });
});
