// Every kind of question is answered by keyboard, and what the server gets is compared.

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

async function onTask(task: string, use: (page: Page) => Promise<void>): Promise<void> {
  const page = await bench.browser.page(bench.url(`${task}/`));
  await page.until(READY);
  await use(page);
  assert.deepEqual(page.errors, []);
  await page.close();
}

async function submitted(page: Page, task: string, count: number): Promise<unknown> {
  await page.press("Enter");
  await page.until(`document.querySelector('.status-today').textContent.startsWith('${count} ')`);
  return bench.stored(task).at(-1);
}

test("choices with a condition: hidden questions hold nothing", { skip }, () =>
  onTask("sentiment", async (page) => {
    await page.press("4", "6", "5", "0");
    assert.deepEqual(await submitted(page, "sentiment", 1), { sentiment: "mixed", why: ["food", "service"], sure: 2 });

    await page.press("4", "5", "1");
    assert.deepEqual(await submitted(page, "sentiment", 2), { sentiment: "positive" });
  }),
);

test("undo and redo by key", { skip }, () =>
  onTask("sentiment", async (page) => {
    const before = bench.stored("sentiment").length;
    await page.press("1", "2", "z", "z", "Z");

    assert.deepEqual(await submitted(page, "sentiment", before + 1), { sentiment: "positive" });
  }),
);

test("nothing is submitted while an answer is missing, and the page says which", { skip }, () =>
  onTask("sentiment", async (page) => {
    const before = bench.stored("sentiment").length;
    await page.press("Enter");

    assert.equal(await page.evaluate("document.querySelector('.has-problem .error').textContent"), "Answer this first");
    assert.equal(bench.stored("sentiment").length, before);
  }),
);

test("keys of other layouts mean the place where they lie", { skip }, () =>
  onTask("sentiment", async (page) => {
    const before = bench.stored("sentiment").length;
    await page.pressAs("٢", "Digit2");

    assert.deepEqual(await submitted(page, "sentiment", before + 1), { sentiment: "neutral" });
  }),
);

test("a language: suggested, any other by name, and mixed", { skip }, () =>
  onTask("language", async (page) => {
    await page.press("2");
    assert.deepEqual(await submitted(page, "language", 1), { lang: { tag: "jv" } });

    await page.click(".picker input");
    await page.type("thai");
    await page.press("Enter");
    assert.deepEqual(await submitted(page, "language", 2), { lang: { tag: "th" } });

    const mixed = await page.evaluate<string>(
      "[...document.querySelectorAll('.option')].find((each) => each.textContent.includes('Mixed')).querySelector('kbd').textContent",
    );
    await page.press("1", mixed, "2");
    assert.deepEqual(await submitted(page, "language", 3), { lang: { mixed: ["id", "jv"] } });
  }),
);

test("text through input methods: no key fires while they compose, and nothing is cut", { skip }, () =>
  onTask("writing", async (page) => {
    await page.until("document.activeElement.tagName === 'TEXTAREA'");
    await page.compose(["n", "ni", "に", "にほ", "にほん"], "日本");
    await page.compose(["ㅎ", "하", "한"], "한");
    await page.compose(["p", "pi", "pin"], "拼");
    assert.equal(await page.evaluate("document.querySelector('textarea').value"), "日本한拼");
    assert.equal(bench.stored("writing").length, 0);

    await page.press("Control+Enter");
    await page.until("document.querySelector('.status-today').textContent.startsWith('1 ')");
    assert.deepEqual(bench.stored("writing"), [{ translation: "日本한拼" }]);
  }),
);

test("a copy of the text is refused, and a slider moves by arrow keys", { skip }, () =>
  onTask("writing", async (page) => {
    const words = await page.evaluate<string>("document.querySelector('.displays .text').textContent");
    await page.type(words.toUpperCase());
    await page.press("Control+Enter");
    assert.equal(await page.evaluate("document.querySelector('.has-problem .error').textContent"), "This is a copy of the text above");

    await page.evaluate("document.querySelector('textarea').select()");
    await page.type("The restaurant is nice");
    await page.press("Escape", "2", "ArrowRight", "ArrowRight");
    assert.deepEqual(await submitted(page, "writing", 2), { translation: "The restaurant is nice", fluency: 60 });
  }),
);

test("spans by keyboard in Latin with an emoji family: code points, attributes, nesting, relations", { skip }, () =>
  onTask("spans", async (page) => {
    for (let step = 0; step < 11; step += 1) await page.press("Shift+ArrowRight");
    await page.press("1", "5");
    const family = await page.evaluate<number>("document.querySelector('.text').textContent.indexOf('👨')");
    await page.evaluate(`getSelection().collapse(document.querySelector('.text').firstChild, 0)`);
    await page.press("Home");
    for (let step = 0; step < family; step += 1) await page.press("ArrowRight");
    await page.press("Shift+ArrowRight", "4", "6");

    const points = [..."Siti Aminah of the Universitas Gadjah Mada in Yogyakarta ordered a kopi "].length;
    assert.deepEqual(await submitted(page, "spans", 1), {
      names: [
        { id: "s1", start: 0, end: 11, label: "person", attributes: { certain: "sure" } },
        { id: "s2", start: points, end: points + 7, label: "product", attributes: { certain: "unsure" } },
      ],
    });
  }),
);

test("in Arabic the left arrow goes on", { skip }, () =>
  onTask("spans", async (page) => {
    for (let step = 0; step < 5; step += 1) await page.press("ArrowLeft");
    for (let step = 0; step < 4; step += 1) await page.press("Shift+ArrowLeft");
    const selected = await page.evaluate<string>("getSelection().toString()");
    await page.press("1", "5");

    assert.equal(selected, "أحمد");
    assert.deepEqual(await submitted(page, "spans", 2), {
      names: [{ id: "s1", start: 5, end: 9, label: "person", attributes: { certain: "sure" } }],
    });
  }),
);

test("in Thai a caret never stands inside a cluster, and a span is removed by key", { skip }, () =>
  onTask("spans", async (page) => {
    for (let step = 0; step < 2; step += 1) await page.press("Shift+ArrowRight");
    const selected = await page.evaluate<string>("getSelection().toString()");
    await page.press("1", "Delete");

    assert.equal(selected, "คุณ");
    assert.deepEqual(await submitted(page, "spans", 3), { names: [] });
  }),
);

test("spans by mouse in Hindi snap to whole conjuncts, and relations join two", { skip }, () =>
  onTask("spans", async (page) => {
    const drag = async (words: string): Promise<void> => {
      // begins and ends one unit inside the words, within a cluster
      await page.evaluate(
        `(() => { const node = document.querySelector(".text").firstChild; const at = node.data.indexOf("${words}"); getSelection().setBaseAndExtent(node, at + 1, node, at + ${words.length - 1}); node.parentElement.dispatchEvent(new PointerEvent("pointerup", { bubbles: true })); })()`,
      );
      await page.until(`getSelection().toString() === "${words}"`);
    };
    await drag("राहुल शर्मा");
    await page.press("1", "5");
    await drag("टाटा मोटर्स");
    await page.press("3", "5", ",", "7", ".", "7");

    const answer = (await submitted(page, "spans", 4)) as { names: unknown[]; links: unknown };
    assert.equal(answer.names.length, 2);
    assert.deepEqual(answer.links, [{ from: "s1", to: "s2", label: "works_for" }]);
  }),
);

test("tokens are painted by key, in runs, and cleared", { skip }, () =>
  onTask("tokens", async (page) => {
    await page.press("1", "2", "2", "2", "4", "ArrowRight", "Shift+ArrowRight", "3", "ArrowLeft", "6");

    const answer = (await submitted(page, "tokens", 1)) as { language: { start: number; end: number; label: string }[] };
    assert.deepEqual(
      answer.language.map((token) => token.label),
      ["indonesian", "javanese", "javanese", "javanese", "name", "english"],
    );
    assert.deepEqual(answer.language[4], { start: 21, end: 29, label: "name" });
  }),
);

test("the tokens of an Arabic line run from right to left, and the left arrow goes on", { skip }, () =>
  onTask("tokens", async (page) => {
    const places = await page.evaluate<number[]>(
      "[...document.querySelectorAll('.token')].slice(0, 3).map((cell) => cell.getBoundingClientRect().right)",
    );
    await page.press("ArrowLeft");

    assert.ok((places[0] ?? 0) > (places[1] ?? 0) && (places[1] ?? 0) > (places[2] ?? 0));
    assert.equal(await page.evaluate("document.querySelector('.token.is-selected .token-text').textContent"), "رايح");
  }),
);

test("tokens are painted by dragging", { skip }, () =>
  onTask("tokens", async (page) => {
    await page.click(".tokens .option:nth-child(3)");
    const at = await page.evaluate<[number, number][]>(
      "[...document.querySelectorAll('.token')].slice(0, 3).map((cell) => { const box = cell.getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2]; })",
    );
    await page.drag(at);

    const answer = (await submitted(page, "tokens", 2)) as { language: { label: string }[] };
    assert.deepEqual(
      answer.language.map((token) => token.label),
      ["english", "english", "english"],
    );
  }),
);

test("translation errors on both sides with category, severity and score", { skip }, () =>
  onTask("errors", async (page) => {
    for (let step = 0; step < 3; step += 1) await page.press("Shift+ArrowRight");
    await page.press("5", "7");
    await page.click(".parallel .pane:nth-child(2) .text");
    await page.press("Home", "Shift+Control+ArrowRight", "1", "6", "9", "End");

    assert.deepEqual(await submitted(page, "errors", 1), {
      mqm: {
        errors: [
          { side: "source", start: 0, end: 3, category: "omission", severity: "major" },
          { side: "target", start: 0, end: 3, category: "accuracy", severity: "minor" },
        ],
        score: 100,
      },
    });
  }),
);

test("a preference is stored in the item's terms, however the sides stood", { skip }, () =>
  onTask("pairwise", async (page) => {
    await page.press("1", "5");
    assert.deepEqual(await submitted(page, "pairwise", 1), { better: { preferred: "b", strength: 2 } });
    assert.deepEqual(bench.fake.answered.get("pairwise")?.at(-1)?.["order"], { better: ["b", "a"] });

    await page.press("1", "4", "7");
    await page.type("واضحة");
    await page.press("Escape");
    assert.deepEqual(await submitted(page, "pairwise", 2), { better: { preferred: "a", strength: 1, reason: "واضحة" } });
  }),
);

test("a ranking in the order of pressing, and a place in a tree by key and by typing", { skip }, () =>
  onTask("ranking", async (page) => {
    await page.press("3", "1", "2", "5", "4");
    const path = await page.evaluate("document.querySelector('.tree-path').textContent");
    assert.equal(path, "Travel › Transport");

    await page.press("8");
    await page.type("ferr");
    await page.press("Enter");
    assert.deepEqual(await submitted(page, "ranking", 1), {
      order: [["three"], ["one"], ["two"]],
      topic: ["travel", "transport", "ferry"],
    });
  }),
);

test("a suggestion is shown with what it says, and that it was seen is logged; nothing is logged where there was none", { skip }, () =>
  onTask("suggested", async (page) => {
    const seen = await page.evaluate<string[]>("[...document.querySelectorAll('.use-suggestion .detail')].map((each) => each.textContent)");
    assert.deepEqual(seen, ["Travel › Ferry", "Right is better · 2", "70", "× 1", "one > two = three"]);
    assert.match(await page.evaluate<string>("document.querySelector('.suggested:not([hidden])').textContent"), /82/);

    for (let n = 0; n < 5; n += 1) await page.evaluate(`document.querySelectorAll('.use-suggestion')[${n}].click()`);
    await page.press("1");
    assert.deepEqual(await submitted(page, "suggested", 1), {
      mood: "good",
      topic: ["travel", "ferry"],
      better: { preferred: "a", strength: 2 },
      much: 70,
      names: [{ id: "s1", start: 0, end: 4, label: "name", attributes: {} }],
      order: [["one"], ["two", "three"]],
    });
    await page.press("1");
    await submitted(page, "suggested", 2);

    const logged = (bench.fake.answered.get("suggested") ?? []).map((body) => body["suggestion_visible"]);
    assert.deepEqual(logged, [true, false]);
  }),
);

test("the text is set larger and smaller by key, and the size is saved", { skip }, () =>
  onTask("sentiment", async (page) => {
    await page.pressAs("+", "Equal");
    await page.pressAs("+", "Equal");
    await page.pressAs("-", "Minus");
    assert.equal(await page.evaluate("getComputedStyle(document.querySelector('.displays .text')).fontSize"), "19px");

    await page.until("performance.getEntriesByType('resource').some((each) => each.name.endsWith('/reading'))");
    await page.click("[data-text-size='-1']");
    assert.equal(await page.evaluate("getComputedStyle(document.querySelector('.displays .text')).fontSize"), "18px");
    assert.equal(bench.fake.reading, "text_size=19");
  }),
);
