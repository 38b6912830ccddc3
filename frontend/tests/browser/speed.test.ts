// Speed as a person feels it: from the key to the next item, and in a text of 100 000 characters with 2 000 spans.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { aBench, READY, skip } from "./bench.ts";
import type { Bench } from "./bench.ts";

let bench: Bench;
before(async () => { if (!skip) bench = await aBench(); });
after(async () => { if (!skip) await bench.close(); });

/** On the page: press a key and wait until the frame that shows its effect is drawn; milliseconds. */
const MEASURE = `globalThis.measure = (key, code) => new Promise((resolve) => {
  const start = performance.now();
  (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true, shiftKey: key.startsWith("Shift") }));
  requestAnimationFrame(() => { const channel = new MessageChannel(); channel.port1.onmessage = () => resolve(performance.now() - start); channel.port2.postMessage(0); });
})`;

function percentile(values: readonly number[], share: number): number {
  return [...values].sort((left, right) => left - right)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;
}

test("from the key to the next item on screen at most 50 ms at p95", { skip }, async (context) => {
  const page = await bench.browser.page(bench.url("quick/"));
  await page.until(READY);
  await page.evaluate(MEASURE);
  const times: number[] = [];
  for (let n = 0; n < 100; n += 1) {
    const seen = await page.evaluate<string>("document.querySelector('.displays').textContent");
    await page.evaluate("measure('1', 'Digit1')");
    times.push(await page.evaluate<number>("measure('Enter', 'Enter')"));
    assert.notEqual(await page.evaluate("document.querySelector('.displays').textContent"), seen); // the next item was at hand
  }

  context.diagnostic(`key to next item: median ${percentile(times, 0.5).toFixed(1)} ms, p95 ${percentile(times, 0.95).toFixed(1)} ms over ${times.length}`);
  assert.ok(percentile(times, 0.95) <= 50, `p95 ${percentile(times, 0.95)}`);
  await page.close();
});

test("in a text of 100 000 characters with 2 000 spans every act takes less than 100 ms", { skip }, async (context) => {
  const page = await bench.browser.page(bench.url("long/"));
  await page.until(READY);
  await page.evaluate(MEASURE);
  await page.press("b");
  await page.until("document.querySelectorAll('.span-row').length > 0");
  await page.evaluate("new Promise((resolve) => setTimeout(resolve, 500))");
  const acts: Record<string, number[]> = { select: [], label: [], relabel: [], walk: [], undo: [], remove: [] };
  for (let n = 0; n < 12; n += 1) {
    await page.evaluate(`(() => { const text = document.querySelector(".is-selectable .text"); text.focus({ preventScroll: true }); getSelection().setBaseAndExtent(text.firstChild, ${40_000 + n * 300}, text.firstChild, ${40_012 + n * 300}); })()`);
    acts["select"]?.push(await page.evaluate(`(async () => { const text = document.querySelector(".is-selectable .text"); const start = performance.now(); text.dispatchEvent(new PointerEvent("pointerup", { bubbles: true })); await new Promise((resolve) => setTimeout(resolve)); await new Promise(requestAnimationFrame); return performance.now() - start; })()`));
    for (const [act, key, code] of [["label", "1", "Digit1"], ["relabel", "2", "Digit2"], ["walk", ".", "Period"], ["undo", "z", "KeyZ"], ["remove", "Delete", "Delete"]] as const) acts[act]?.push(await page.evaluate(`measure("${key}", "${code}")`));
  }

  const worst = Object.entries(acts).map(([act, times]) => `${act} ${percentile(times, 0.5).toFixed(0)}/${Math.max(...times).toFixed(0)}`);
  context.diagnostic(`median/worst ms: ${worst.join(", ")}`);
  assert.deepEqual(page.errors, []);
  // The median: the machine that tests is shared, and a neighbour's burst is not ours.
  for (const [act, times] of Object.entries(acts)) assert.ok(percentile(times, 0.5) < 100, `${act}: ${times.map((time) => time.toFixed(0)).join(" ")}`);
  await page.close();
});
