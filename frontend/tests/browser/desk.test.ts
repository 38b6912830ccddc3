// What the page does around an item: questions to the lead, the blank screen, messages, and what stands still.

import assert from "node:assert/strict";
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

async function aPage(address: string, size: { width?: number; height?: number } = {}): Promise<Page> {
  const page = await bench.browser.page(bench.url(address), size);
  await page.until(READY);
  return page;
}

const TODAY = "Number.parseInt(document.querySelector('.status-today').textContent)";

test("Ctrl and Enter send the question that is being written, and submit nothing", { skip }, async () => {
  const page = await aPage("spans/?person=send");
  await page.press("a");
  await page.type("Is GoPay a product?");
  await page.press("Control+Enter");
  await page.until("document.querySelector('.toast').textContent.startsWith('Sent')");

  assert.deepEqual(
    bench.fake.asked.map((body) => body["text"]),
    ["Is GoPay a product?"],
  );
  assert.deepEqual(bench.stored("spans"), []);
  await page.close();
});

test("a question that was not sent stays with its item", { skip }, async () => {
  const page = await aPage("veiled/?person=stays");
  await page.press("v", "a");
  await page.type("What does bas mean here?");
  await page.press("Escape", "1", "Enter");
  await page.until(`${TODAY} === 1`);
  await page.press("a");
  assert.equal(await page.evaluate("document.querySelector('.ask textarea').value"), "");

  await page.press("Escape", "b");
  await page.until("document.querySelector('.notice.good')");
  await page.press("a");

  assert.equal(await page.evaluate("document.querySelector('.ask textarea').value"), "What does bas mean here?");
  await page.close();
});

test("a question that could not be sent is told so where it stands, and is kept", { skip }, async () => {
  const page = await aPage("pairwise/?person=unsent");
  await page.press("a");
  await page.type("Which one is older?");
  await page.offline(true);
  await page.press("Control+Enter");
  await page.until("document.querySelector('.ask [role=status]').textContent.startsWith('Could not be sent')");

  assert.equal(await page.evaluate("document.querySelector('.ask textarea').value"), "Which one is older?");
  await page.offline(false);
  await page.close();
});

test("Ctrl and Enter in the note of a skip leave the next item alone", { skip }, async () => {
  const page = await aPage("sentiment/?person=note");
  await page.press("s", "5");
  await page.type("a menu");
  await page.press("Control+Enter");
  await page.until("document.querySelector('.toast').textContent === 'Skipped'");

  assert.equal(await page.evaluate("document.querySelectorAll('.has-problem').length"), 0);
  await page.close();
});

const BLANK = "document.elementFromPoint(640, 400).closest('.blank')";

for (const [place, keys] of [
  ["a text field", ["a"]],
  ["the search of the guideline", ["/"]],
  ["the page of keys", ["?"]],
  ["a key that waits to be changed", ["?", "Tab", "Enter"]],
  ["the reasons to skip", ["s"]],
] as const) {
  test(`the Pause key blanks the screen from ${place}, and going on leads back there`, { skip }, async () => {
    const page = await aPage("sentiment/?person=pause");
    await page.press(...keys);
    const held = await page.evaluate("document.activeElement.outerHTML");
    await page.press("Pause", "Escape");
    await page.until(BLANK);
    await page.press("Enter");
    await page.until(`!${BLANK}`);

    assert.equal(await page.evaluate("document.activeElement.outerHTML"), held);
    await page.close();
  });
}
