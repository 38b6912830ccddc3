// Nothing is lost and nothing doubled: no network, no tab, no server, two tabs; and the people behind the keys are spared.

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

async function aPage(task: string, context?: string): Promise<Page> {
  const page = await bench.browser.page(bench.url(`${task}`), context === undefined ? {} : { context });
  await page.until(READY);
  return page;
}

const keysOf = (task: string): unknown[] => (bench.fake.answered.get(task) ?? []).map((body) => body["key"]);
const leasesOf = (task: string): unknown[] => (bench.fake.answered.get(task) ?? []).map((body) => body["lease"]);
const SAVED = "document.querySelector('.status-saved').textContent === 'saved'";
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test("offline for ten items: everything is kept, counted, and delivered once on return", { skip }, async () => {
  const page = await aPage("sentiment/?prefetch=11&person=off");
  await page.until("performance.getEntriesByType('resource').some((each) => each.name.endsWith('/next'))");
  await page.offline(true);

  for (let n = 0; n < 10; n += 1) await page.press("1", "Enter");
  await page.until("document.querySelector('.status-saved').textContent.startsWith('10 ')");
  assert.equal(keysOf("sentiment").length, 0);

  await page.offline(false);
  await page.evaluate("dispatchEvent(new Event('online'))");
  await page.until(SAVED);
  assert.equal(new Set(leasesOf("sentiment")).size, 10);
  assert.equal(keysOf("sentiment").length, 10);
  await page.close();
});

test(
  "the server goes away and the tab is killed: the next page delivers what was answered and brings the draft back",
  { skip },
  async () => {
    const context = await bench.browser.context();
    const first = await aPage("language/?person=kill", context);
    await bench.stopServer();
    await first.press("2", "Enter", "3", "Enter");
    await first.until("document.querySelector('.status-saved').textContent.startsWith('2 ')");
    await first.press("4");
    await pause(400);
    await first.kill();
    await bench.startServer();

    const second = await aPage("language/?person=kill", context);
    await second.until(SAVED);

    assert.deepEqual(bench.stored("language"), [{ lang: { tag: "jv" } }, { lang: { tag: "su" } }]);
    await second.until("document.querySelector(\".option input[value='ms']\").checked");
    await second.close();
  },
);

test("a draft survives a reload, with its active time", { skip }, async () => {
  const page = await aPage("writing/?person=draft");
  await page.until("document.activeElement.tagName === 'TEXTAREA'");
  await page.type("half a sentence");
  await pause(600);

  await page.send("Page.reload");
  await page.until("document.querySelector('textarea')?.value === 'half a sentence'");
  await page.press("Control+Enter");
  await page.until("document.querySelector('.status-today').textContent.startsWith('1 ')");

  assert.ok(Number(bench.fake.answered.get("writing")?.[0]?.["active_ms"]) >= 150);
  await page.close();
});

test("of two tabs one is active, and the other can take over", { skip }, async () => {
  const context = await bench.browser.context();
  const first = await aPage("tokens/?person=tabs", context);
  const second = await bench.browser.page(bench.url("tokens/?person=tabs"), { context });
  await second.until("document.body.innerText.includes('open in another tab')");

  await second.click(".pause .button");
  await second.until(READY);
  await first.until("document.body.innerText.includes('open in another tab')");

  await first.press("1", "Enter");
  assert.equal(keysOf("tokens").length, 0);
  await first.close();
  await second.close();
});

test("a refused answer is told with the server's words and can be opened again", { skip }, async () => {
  const page = await aPage("errors/?person=refused");
  bench.fake.refusing = "The category is not in the schema";
  await page.press("Shift+ArrowRight", "1", "6", "9", "End", "Enter");
  await page.until("document.querySelector('.notice.bad')?.textContent.includes('not in the schema')");

  bench.fake.refusing = null;
  await page.click(".notice.bad .button");
  await page.until("document.querySelector('.notice.good')");
  await page.press(".", "7", "Enter");
  await page.until("document.querySelector('.status-today').textContent.startsWith('1 ')");
  assert.equal((bench.stored("errors")[0] as { mqm: { errors: { severity: string }[] } }).mqm.errors[0]?.severity, "major");
  await page.close();
});

test("an earlier answer is corrected under the same lease with another key, and the item at hand waits", { skip }, async () => {
  const page = await aPage("veiled/?person=back");
  await page.press("v", "1", "Enter");
  await page.until("document.querySelector('.status-today').textContent.startsWith('1 ')");
  await page.press("v", "2", "b");
  await page.until("document.querySelector('.notice.good')");
  await page.press("v", "3", "Enter");
  await page.until("!document.querySelector('.notice.good')");
  await page.until("document.querySelectorAll('.option input')[1].checked");

  await page.until(`${SAVED}`);
  assert.deepEqual(bench.stored("veiled"), [{ sentiment: "positive" }, { sentiment: "negative" }]);
  assert.equal(new Set(leasesOf("veiled")).size, 1);
  assert.equal(new Set(keysOf("veiled")).size, 2);
  await page.close();
});

test("harmful text is veiled, cannot be judged unseen, every reveal is noted, and leaving veils it again", { skip }, async () => {
  const page = await aPage("veiled/?person=veil");
  await page.press("1");
  await page.until("document.querySelector('.toast').textContent === 'Reveal the text first'");
  await page.press("v");
  await page.until("!document.querySelector('.veiled').classList.contains('is-down')");
  await page.evaluate(
    "(() => { Object.defineProperty(document, 'hidden', { value: true, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); })()",
  );
  await page.until("document.querySelector('.veiled').classList.contains('is-down')");
  await page.evaluate(
    "(() => { Object.defineProperty(document, 'hidden', { value: false, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); })()",
  );
  const before = keysOf("veiled").length;
  await page.press("v", "1", "Enter");
  await page.until(`document.querySelector('.status-today').textContent.startsWith('${before + 1} ')`);

  assert.equal((bench.fake.answered.get("veiled")?.at(-1)?.["reveals"] as unknown[]).length, 2);
  assert.ok(bench.fake.revealed.length >= 2);
  await page.close();
});

test("the panic key blanks the page, names somebody to talk to, and no other key works until one goes on", { skip }, async () => {
  const page = await aPage("pairwise/?person=panic");
  await page.press("p");
  await page.until("document.querySelector('.blank').innerText.includes('Wellbeing officer')");
  await page.press("1");
  assert.equal(await page.evaluate("document.querySelectorAll('.option :checked').length"), 0);

  await page.press("Enter");
  await page.until("!document.querySelector('.blank')");
  await page.press("1");
  await page.until("document.querySelectorAll('.option :checked').length === 1");
  await page.close();
});

test("skipping asks for a reason by digit and goes on", { skip }, async () => {
  const page = await aPage("ranking/?person=skip");
  await page.press("s", "2");
  await page.until("document.body.innerText.includes('All done here')");

  assert.equal(bench.fake.skipped.at(-1)?.["reason"], "unclear");
  await page.close();
});

test("a key is remapped in the help, holds at once, and is saved", { skip }, async () => {
  const page = await aPage("spans/?person=keys");
  await page.press("?");
  await page.until("document.querySelector('dialog[open]')");
  await page.click("[data-id='undo'] .key-button");
  await page.press("u");
  await page.until("document.querySelector(\"[data-id='undo'] kbd\").textContent === 'u'");
  await page.press("Escape");
  await page.until("!document.querySelector('dialog')");
  await page.press("Shift+ArrowRight", "1");
  await page.until("document.querySelector('.span-row')");
  await page.press("u");
  await page.until("!document.querySelector('.span-row')");

  assert.deepEqual(bench.fake.keys, { undo: "u" });
  await page.close();
});

test("a question to the lead goes out with the lease, and search marks what it finds", { skip }, async () => {
  const page = await aPage("spans/?person=ask");
  await page.press("a");
  await page.type("Is GoPay a product?");
  await page.click(".ask .button");
  await page.until("document.querySelector('.toast').textContent.startsWith('Sent')");
  assert.equal(bench.fake.asked[0]?.["text"], "Is GoPay a product?");

  await page.press("/");
  await page.type("mixed");
  await page.until("CSS.highlights.get('found')?.size >= 4");
  await page.close();
});
