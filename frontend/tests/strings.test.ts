// The interface's words: translations take the place of English, one by one, with plurals.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { directionAt, invisibleMarks, scriptsOf } from "../workbench/scripts.ts";
import { english, translator } from "../workbench/strings.ts";

test("a translation wins, and what is not translated stays English", () => {
  const t = translator({ submit: "送信して次へ" }, "ja");

  assert.deepEqual([t("submit"), t("skip")], ["送信して次へ", "Skip"]);
});

test("plurals follow the language", () => {
  const t = translator(
    { "pending.one": "جواب واحد", "pending.two": "جوابان", "pending.few": "{n} أجوبة", "pending.other": "{n} جواب" },
    "ar-u-nu-latn",
  );

  assert.deepEqual(
    [1, 2, 3, 100].map((n) => t("pending", { n })),
    ["جواب واحد", "جوابان", "3 أجوبة", "100 جواب"],
  );
});

test("English plurals and numbers", () => {
  const t = translator({}, "en");

  assert.deepEqual(
    [t("pending", { n: 1 }), t("pending", { n: 1200 })],
    ["1 answer waiting to be delivered", "1,200 answers waiting to be delivered"],
  );
});

test("every word of the interface is used somewhere", () => {
  const folder = new URL("../workbench/", import.meta.url);
  const source = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && name !== "strings.ts")
    .map((name) => readFileSync(new URL(name, folder), "utf8"))
    .join("\n");
  const unused = Object.keys(english).filter((name) => !new RegExp(`["']${name}["']|\\b${name}:`).test(source));

  assert.deepEqual(unused, []);
});

test("bidi controls and zero-width marks are found, joiners inside an emoji are not", () => {
  const found = invisibleMarks("a\u202eb\u202c \u200b👨‍👩‍👧 ก\u200d").map((mark) => mark.name);

  assert.deepEqual(found, ["RLO", "PDF", "ZWSP", "ZWJ"]);
});

test("the direction is that of the paragraph's first strong letter", () => {
  const text = "123 مرحبا hello\nhello مرحبا\n…";

  assert.deepEqual(
    [directionAt(text, 0), directionAt(text, text.indexOf("\n")), directionAt(text, 18), directionAt(text, text.length)],
    ["rtl", "rtl", "ltr", "ltr"],
  );
});

test("scripts are named with their first character", () => {
  assert.deepEqual(scriptsOf("abc ไทย ကခ"), [
    { script: "Thai", sample: "ไ" },
    { script: "Myanmar", sample: "က" },
  ]);
});
