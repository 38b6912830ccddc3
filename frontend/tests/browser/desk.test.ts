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
  assert.equal(await page.evaluate("document.querySelector('.ask .error').checkVisibility()"), false);
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

const covered = `(() => {
  const box = document.querySelector('.toast:not([hidden])').getBoundingClientRect();
  return [...document.querySelectorAll('button, a, label, input, textarea, select')]
    .filter((each) => each.checkVisibility())
    .filter((each) => {
      const other = each.getBoundingClientRect();
      return other.left < box.right && box.left < other.right && other.top < box.bottom && box.top < other.bottom;
    })
    .map((each) => each.outerHTML);
})()`;

for (const [name, address, keys, size] of [
  ["beside few options", "sentiment/?person=toast", ["z"], { width: 1280, height: 900 }],
  ["beside many questions, right to left", "sentiment/?person=toast&dir=rtl&lang=ar", ["4", "z", "z"], { width: 1000, height: 600 }],
  ["on a phone", "sentiment/?person=toast", ["4", "z", "z"], { width: 390, height: 844 }],
  ["beside a lifted veil on a phone", "veiled/?person=toast", ["v", "z"], { width: 390, height: 844 }],
  ["while an earlier answer is corrected", "veiled/?person=toast", ["v", "1", "Enter", "b", "z"], { width: 1280, height: 800 }],
  ["over a comparison", "pairwise/?person=toast", ["z"], { width: 1280, height: 600 }],
] as const) {
  test(`a message covers nothing that is pressed: ${name}`, { skip }, async () => {
    const page = await aPage(address, size);
    await page.press(...keys.slice(0, -1));
    await page.evaluate("new Promise((resolve) => setTimeout(resolve, 200))");
    await page.press(...keys.slice(-1));
    await page.until("document.querySelector('.toast:not([hidden])')");

    assert.deepEqual(await page.evaluate(covered), []);
    await page.close();
  });
}

for (const [name, size] of [
  ["at a desk", { width: 1280, height: 800 }],
  ["on a phone", { width: 390, height: 844 }],
] as const) {
  test(`the text stands still while questions and errors come and go, ${name}`, { skip }, async () => {
    const page = await aPage("sentiment/?person=still", size);
    const top = (): Promise<number> => page.evaluate("document.querySelector('.displays .text').getBoundingClientRect().top");
    const tops = [await top()];
    for (const key of ["Enter", "4", "Enter", "5", "3", "4"]) {
      await page.press(key);
      await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
      tops.push(await top());
    }
    await page.press("Enter", "?", "?");
    await page.until("!document.querySelector('dialog')");
    tops.push(await top());

    assert.deepEqual(new Set(tops).size, 1, String(tops));
    assert.ok((tops[0] ?? 0) > 100, "in the middle, not under the edge");
    await page.close();
  });
}

test("a text that the questions would cover gives way only as far as it must", { skip }, async () => {
  const page = await aPage("sentiment/?person=still", { width: 500, height: 560 });
  await page.press("4", "Enter");
  await page.evaluate("new Promise((resolve) => setTimeout(resolve, 200))");

  assert.equal(
    await page.evaluate(
      "(() => { const [text, room] = ['.displays .text', '.displays'].map((each) => document.querySelector(each).getBoundingClientRect()); return text.top >= room.top && (text.bottom <= room.bottom || text.top - room.top < 60); })()",
    ),
    true,
  );
  await page.close();
});

test("the focus in the text shows beside the text, and what is said about it begins where it begins", { skip }, async () => {
  const page = await aPage("veiled/?person=focus", { width: 1280, height: 800 });
  await page.press("v");
  const [bar, text, line] = await page.evaluate<[string, number, number]>(
    "(() => { document.querySelector('.displays').focus(); const from = document.createRange(); from.selectNodeContents(document.querySelector('.item-line')); return [getComputedStyle(document.querySelector('.displays')).boxShadow, document.querySelector('.displays .text').getBoundingClientRect().left, from.getBoundingClientRect().left]; })()",
  );

  assert.equal(bar, "none");
  assert.equal(Math.round(line ?? 0), Math.round(text ?? -1));
  assert.match(await page.evaluate("getComputedStyle(document.querySelector('.displays .text')).boxShadow"), / -12px 0px/);
  await page.evaluate("document.querySelector('.displays .text').firstChild.textContent = 'مرحبا'");
  assert.match(await page.evaluate("getComputedStyle(document.querySelector('.displays .text')).boxShadow"), / 12px 0px/);
  await page.close();
});

test("the list of keys names what is done in a text only where texts are marked, and every key fits its box", { skip }, async () => {
  const spills =
    "[...document.querySelectorAll('dialog kbd')].filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent)";
  const marked = await aPage("spans/?person=list");
  await marked.press("?");
  await marked.until("document.querySelector('dialog[open]')");
  const plain = await aPage("sentiment/?person=list");
  await plain.press("?");
  await plain.until("document.querySelector('dialog[open]')");

  assert.deepEqual(await marked.evaluate(spills), []);
  assert.equal(await marked.evaluate("document.querySelector('dialog').innerText.includes('Next span')"), true);
  assert.equal(await plain.evaluate("document.querySelector('dialog').innerText.includes('In the text')"), false);
  await marked.close();
  await plain.close();
});

test("from right to left a heading in the list of keys stands over its rows, in whichever script", { skip }, async () => {
  const page = await aPage("sentiment/?person=list&dir=rtl&lang=ar");
  await page.press("?");
  const gaps = await page.evaluate<number[]>(
    "[...document.querySelectorAll('dialog section')].map((section) => { const words = document.createRange(); words.selectNodeContents(section.querySelector('h3')); return Math.round(section.getBoundingClientRect().right - words.getBoundingClientRect().right); })",
  );

  assert.deepEqual(
    gaps,
    gaps.map(() => 0),
  );
  await page.close();
});

test("on a phone the way back to the projects and the time until a break are on the page", { skip }, async () => {
  for (const address of ["sentiment/?person=out", "sentiment/?person=out&dir=rtl&lang=ar"]) {
    const page = await aPage(address, { width: 390, height: 844 });
    await page.until("document.querySelector('.status-break').textContent !== ''");

    const seen = await page.evaluate(
      "['.crumbs a', '.status-break', '.status-saved'].map((each) => { const box = document.querySelector(each).getBoundingClientRect(); return box.width > 0 && box.left >= 0 && box.right <= innerWidth; })",
    );
    assert.deepEqual(seen, [true, true, true]);
    assert.equal(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
    await page.close();
  }
});

test("when there is nothing to undo on a new item, the way to the answer before is told", { skip }, async () => {
  const page = await aPage("ranking/?person=undo");
  await page.press("z");
  await page.until("document.querySelector('.toast').textContent === 'Nothing to undo'");
  await page.close();

  const other = await aPage("sentiment/?person=undo");
  await other.press("1", "Enter");
  await other.until("document.querySelector('.status-today').textContent.match(/[1-9]/)");
  await other.press("z");
  await other.until("document.querySelector('.toast').textContent.includes('Earlier (b)')");
  await other.close();
});
