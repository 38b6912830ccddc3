// Accessibility: axe finds nothing on any kind of item, in both themes, in both directions, on a phone; keys and focus are enough.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { aBench, READY, skip } from "./bench.ts";
import type { Bench } from "./bench.ts";
import type { Page } from "./chromium.ts";

let bench: Bench;
before(async () => {
  if (!skip) bench = await aBench();
});
after(async () => {
  if (!skip) await bench.close();
});

const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate<string[]>(
    `axe.run(document, { runOnly: ${JSON.stringify(TAGS)} }).then((result) => result.violations.flatMap((each) => each.nodes.map((node) => each.id + ": " + node.html.slice(0, 160) + " " + node.any.concat(node.all).map((check) => check.message).join("; ").slice(0, 200))))`,
  );
}

const cases: readonly [string, string, readonly string[], { width: number; height: number }?][] = [
  ["choices", "sentiment/", ["4", "5"]],
  ["choices in the dark", "sentiment/?theme=dark", ["4", "5"]],
  ["choices, right to left", "sentiment/?dir=rtl&lang=ar", ["4"]],
  ["choices on a phone", "sentiment/", ["4"], { width: 390, height: 844 }],
  ["a language", "language/", ["1"]],
  ["writing", "writing/?theme=dark", []],
  ["spans", "spans/", ["Shift+ArrowRight", "1"]],
  ["spans in the dark", "spans/?theme=dark", ["Shift+ArrowRight", "2"]],
  ["tokens", "tokens/", ["1", "2"]],
  ["tokens in the dark", "tokens/?theme=dark", ["1", "2", "4"]],
  ["translation errors", "errors/", ["Shift+ArrowRight", "1", "6"]],
  ["a comparison", "pairwise/", ["1"]],
  ["a ranking and a tree", "ranking/", ["1", "5"]],
  ["veiled text", "veiled/", []],
  ["the reasons to skip", "sentiment/", ["s"]],
  ["the keys", "sentiment/", ["?"]],
  ["the blank screen", "sentiment/", ["p"]],
  ["the keys in the dark", "spans/?theme=dark", ["?"]],
];

for (const [name, address, keys, size] of cases) {
  test(`axe finds nothing: ${name}`, { skip }, async () => {
    const page = await bench.browser.page(bench.url(address), size ?? {});
    await page.until(READY);
    await page.press(...keys);
    await page.evaluate("new Promise((resolve) => setTimeout(resolve, 200))");

    assert.deepEqual(await violations(page), []);
    assert.deepEqual(page.errors, []);
    await page.close();
  });
}

test("on a phone the guideline opens over the item and closes by touch", { skip }, async () => {
  const page = await bench.browser.page(bench.url("sentiment/?person=phone"), { width: 390, height: 844 });
  await page.until(READY);
  await page.click(".is-guideline");
  await page.until("getComputedStyle(document.querySelector('#guideline')).display === 'flex'");
  await page.click(".guideline-close");
  await page.until("getComputedStyle(document.querySelector('#guideline')).display === 'none'");
  await page.close();
});

test("at 200 % zoom nothing needs scrolling sideways", { skip }, async () => {
  const page = await bench.browser.page(bench.url("sentiment/"), { width: 640, height: 400 });
  await page.until(READY);

  assert.equal(
    await page.evaluate(
      "document.documentElement.scrollWidth <= innerWidth && document.querySelector('#workbench').scrollWidth <= document.querySelector('#workbench').clientWidth",
    ),
    true,
  );
  await page.close();
});

test("after a submit the focus is in the next item", { skip }, async () => {
  const page = await bench.browser.page(bench.url("sentiment/?person=focus"));
  await page.until(READY);
  await page.press("1", "Enter");
  await page.until("document.querySelector('.status-today').textContent.startsWith('1 ')");

  assert.equal(await page.evaluate("document.querySelector('.item').contains(document.activeElement)"), true);
  await page.close();
});

test("with reduced motion nothing moves", { skip }, async () => {
  const page = await bench.browser.page(bench.url("sentiment/?person=motion"));
  await page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-reduced-motion", value: "reduce" }] });
  await page.until(READY);

  assert.equal(await page.evaluate("getComputedStyle(document.querySelector('.option')).transitionDuration"), "0s");
  await page.close();
});

test("on a page from right to left the left answer still stands on the left, and so does its key", { skip }, async () => {
  const page = await bench.browser.page(bench.url("pairwise/?dir=rtl&lang=ar&person=rtl"));
  await page.until(READY);
  const lefts = await page.evaluate<number[]>(
    "[...document.querySelectorAll('.pair'), ...document.querySelectorAll('.pairwise > .options .option')].map((each) => each.getBoundingClientRect().left)",
  );
  const names = await page.evaluate<string[]>(
    "[...document.querySelectorAll('.pair .pane-name'), ...document.querySelectorAll('.pairwise > .options .name')].map((each) => each.textContent)",
  );

  assert.deepEqual(names.slice(0, 4), ["Left", "Right", "Left is better", "Right is better"]);
  assert.ok((lefts[0] ?? 0) < (lefts[1] ?? 0) && (lefts[2] ?? 0) < (lefts[3] ?? 0));
  await page.close();
});
