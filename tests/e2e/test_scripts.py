"""Any script on the real server: input methods set off no key, and selected words are stored by their code points."""

from typing import Any

import pytest
import regex

from tests.e2e.keyboard import Annotator, sit_down
from tests.support.serving import Installation
from tests.support.workplaces import Task, Workplace, a_workplace, annotations_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

WRITING = """
schema: 1
displays: [{kind: text, field: text}]
questions:
  - {id: mood, kind: choice, prompt: Mood, labels: [{value: good, name: Good}, {value: bad, name: Bad}]}
  - {id: said, kind: text, prompt: Said, max_length: 200}
"""
MARKING = """
schema: 1
displays: [{kind: text, field: text}]
questions: [{id: names, kind: spans, prompt: Names, overlap: nest, labels: [{value: name, name: Name}]}]
"""
# language, text, words to select; the right to left ones hold digits and Latin
TEXTS = (
    ("ar", "سافر أحمد من القاهرة إلى دبي يوم 12 مايو 2024 مع شركة Emirates ثم عاد 👨‍👩‍👧‍👦 معه.", ("أحمد", "12 مايو 2024", "Emirates", "👨‍👩‍👧‍👦")),
    ("hi", "राहुल शर्मा दिल्ली में श्रीमती क्षिप्रा से मिले।", ("शर्मा", "श्रीमती क्षिप्रा")),
    ("th", "คุณสมชายทำงานที่จุฬาลงกรณ์มหาวิทยาลัยในกรุงเทพฯ", ("สมชาย", "กรุงเทพฯ")),
    ("my", "မြန်မာနိုင်ငံတွင် ရန်ကုန်မြို့ ရှိသည်။", ("ရန်ကုန်မြို့",)),
    ("he", "דוד ו-IBM חתמו ב־3 במאי.", ("דוד", "IBM")),
    ("en", "Siti 👨‍👩‍👧‍👦 met Ana 👩🏽‍🚒 in e\u0301cole \U0001f1ee\U0001f1e9 𝒜lpha.", ("👨‍👩‍👧‍👦", "👩🏽‍🚒", "e\u0301cole \U0001f1ee\U0001f1e9", "𝒜lpha")),
)  # fmt: skip
LONG = "\n".join(f"Paragraph {n} – {TEXTS[n % len(TEXTS)][1]} 👩🏽‍🚒 the end of {n}." for n in range(400))
COMPOSED = (
    ("ja", ["n", "に", "にh", "にほ", "にほん", "にほんg", "にほんご"], "日本語"),
    ("ko", ["ㅎ", "하", "한", "한ㄱ", "한구", "한국"], "한국"),
    ("zh", ["p", "pi", "pin", "pin y", "pin yi", "pin yin"], "拼音"),
)


@pytest.fixture(scope="module")
def workplace(site: Installation) -> Workplace:
    languages = tuple(sorted({tag for tag, *_ in TEXTS}))
    rows = [{"id": f"{tag}-{n}", "lang": tag, "text": f"{text}"} for n, (tag, text, _) in enumerate(TEXTS)]
    writing = [{"id": tag, "lang": "en", "text": f"Write as in {tag}."} for tag, *_ in COMPOSED]
    return a_workplace(
        site,
        tasks=[
            Task("writing", WRITING, writing),
            Task("keys", MARKING, rows, languages),
            Task("mouse", MARKING, rows, languages),
            Task("long", MARKING, [{"id": "long", "lang": "en", "text": LONG}]),
        ],
        people={"sam": {}},
    )


@pytest.fixture
def tab(chromium: Any, site: Installation, workplace: Workplace) -> Annotator:
    opened = sit_down(chromium, site, workplace, "sam")
    yield opened
    assert opened.faults == []
    opened.page.context.close()


def compose(tab: Annotator, stages: list[str], committed: str) -> None:
    """Drive an input method as the browser sees it; every key press of it is “Process” or, elsewhere, the key while composing."""
    session = tab.page.context.new_cdp_session(tab.page)
    for stage in stages:
        session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Process", "code": "Digit1", "windowsVirtualKeyCode": 229})
        session.send("Input.imeSetComposition", {"text": stage, "selectionStart": len(stage), "selectionEnd": len(stage)})
        tab.page.evaluate(
            """() => { for (const key of ["1", "Enter", "s", "z", "p", "Escape"])
              document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, isComposing: true })); }"""
        )
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229})
    session.send("Input.insertText", {"text": committed})


def test_no_key_acts_while_japanese_korean_and_pinyin_are_composed(tab, site, workplace):
    tab.open(workplace.projects["writing"])
    meant = {}
    for _ in COMPOSED:
        tag = tab.text().removeprefix("Write as in ").removesuffix(".")
        _, stages, committed = next(each for each in COMPOSED if each[0] == tag)
        tab.press("2", tab.key_of("Said"))
        item = tab.page.query_selector(".item")
        compose(tab, stages, committed)
        assert tab.page.evaluate("item => item.isConnected && document.querySelector('.blank, .skip-panel') === null", item)
        assert tab.page.evaluate("() => document.activeElement.value") == committed
        assert tab.page.evaluate("() => document.querySelector('.option:has(:checked)').innerText").endswith("Bad")
        tab.press("Escape")
        tab.submit()
        meant[tag] = {"mood": "bad", "said": committed}

    tab.page.wait_for_selector(".pause button")
    assert {one.item: one.answers for one in annotations_in(site, workplace.projects["writing"])} == meant


def spans_in(text: str, words: tuple[str, ...]) -> dict[str, Any]:
    places = sorted((text.index(each), text.index(each) + len(each)) for each in words)
    return {"names": [{"start": start, "end": end, "label": "name", "attributes": {}} for start, end in places]}


def without_ids(answers: dict[str, Any]) -> dict[str, Any]:
    return {"names": [{name: value for name, value in span.items() if name != "id"} for span in answers["names"]]}


def shown_text(tab: Annotator) -> tuple[str, str, tuple[str, ...]]:
    text = tab.page.evaluate("() => document.querySelector('.displays .text').textContent")
    return next(each for each in TEXTS if each[1] == text)


def steps(text: str) -> int:
    return len(regex.findall(r"\X", text))


def test_words_of_any_script_are_selected_by_keyboard_and_stored_by_code_points(tab, site, workplace):
    tab.open(workplace.projects["keys"])
    meant = {}
    for _ in TEXTS:
        language, text, words = shown_text(tab)
        forth, back = ("ArrowLeft", "ArrowRight") if language in {"ar", "he"} else ("ArrowRight", "ArrowLeft")
        caret = 0
        for each in words:
            start = text.index(each)
            way = [forth] * steps(text[caret:start]) if start >= caret else [back] * steps(text[start:caret])
            tab.press(*way, *[f"Shift+{forth}"] * steps(each), "1")
            caret = start + len(each)
        tab.submit()
        meant[text] = spans_in(text, words)

    tab.page.wait_for_selector(".pause button")
    stored = {one.item: without_ids(one.answers) for one in annotations_in(site, workplace.projects["keys"])}
    assert stored == {f"{tag}-{n}": meant[text] for n, (tag, text, _) in enumerate(TEXTS)}


# Where the pointer goes down and up: the outer edges of the first and the last grapheme, in the direction each of them runs.
_EDGES = """([start, end, isRight]) => {
  const node = document.querySelector('.displays .text').firstChild;
  const box = (from, to) => { const range = document.createRange(); range.setStart(node, from); range.setEnd(node, to); return range.getClientRects()[0]; };
  const [first, last] = [box(start[0], start[1]), box(end[0], end[1])];
  const y = box => box.top + box.height / 2;
  return [[isRight ? first.right - 1 : first.left + 1, y(first)], [isRight ? last.left + 1 : last.right - 1, y(last)]];
}"""


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def drag_over(tab: Annotator, text: str, words: str) -> None:
    start, end = text.index(words), text.index(words) + len(words)
    clusters = regex.findall(r"\X", words)
    first = [units(text[:start]), units(text[:start]) + units(clusters[0])]
    last = [units(text[:end]) - units(clusters[-1]), units(text[:end])]
    is_right = bool(regex.match(r"[\p{Arabic}\p{Hebrew}]", words))
    (x, y), (to_x, to_y) = tab.page.evaluate(_EDGES, [first, last, is_right])
    tab.page.mouse.move(x, y)
    tab.page.mouse.down()
    tab.page.mouse.move((x + to_x) / 2, (y + to_y) / 2)
    tab.page.mouse.move(to_x, to_y)
    tab.page.mouse.up()


def test_words_of_any_script_are_selected_by_mouse_and_stored_by_code_points(tab, site, workplace):
    tab.open(workplace.projects["mouse"])
    meant = {}
    for _ in TEXTS:
        _, text, words = shown_text(tab)
        # where digits and Latin stand within Arabic a drag is no straight line: the keyboard test has those
        wanted = tuple(each for each in words if not regex.search(r"\d", each))
        for each in wanted:
            drag_over(tab, text, each)
            tab.page.click(".spans .option")
        tab.submit()
        meant[text] = spans_in(text, wanted)

    tab.page.wait_for_selector(".pause button")
    stored = {one.item: without_ids(one.answers) for one in annotations_in(site, workplace.projects["mouse"])}
    assert stored == {f"{tag}-{n}": meant[text] for n, (tag, text, _) in enumerate(TEXTS)}


# Select by code points wherever the browser has put the letters, as a drag leaves it.
_SELECT = """([start, end]) => {
  const text = document.querySelector('.displays .text');
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const spots = [];
  let before = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const unit of [start, end]) if (unit >= before && unit < before + node.length) spots.push([node, unit - before]);
    before += node.length;
  }
  spots[0][0].parentElement.scrollIntoView({ block: 'center' });
  getSelection().setBaseAndExtent(...spots[0], ...spots[1]);
  text.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
  return text.querySelectorAll('.piece').length;
}"""


def test_a_long_document_is_marked_at_its_beginning_its_end_and_across_its_pieces(tab, site, workplace):
    tab.open(workplace.projects["long"])
    wanted = ["Paragraph 0", "end of 17.\nParagraph 18", "Emirates", "👩🏽‍🚒 the end of 205", "end of 398", "Paragraph 399"]
    wanted += [f"{n}.\nParagraph {n + 1}" for n in range(100, 112)]  # some of these cross a piece
    places = sorted((LONG.index(words), LONG.index(words) + len(words)) for words in wanted)
    pieces = 0
    for start, end in places:
        pieces = tab.page.evaluate(_SELECT, [units(LONG[:start]), units(LONG[:end])])
        tab.press("1")
    tab.press("Home", "Shift+ArrowRight")  # the caret is where the last selection left it: its line begins the last span
    line = tab.page.evaluate("() => getSelection().toString()")
    tab.page.evaluate("() => getSelection().removeAllRanges()")
    tab.submit()
    tab.page.wait_for_selector(".pause button")

    (said,) = annotations_in(site, workplace.projects["long"])
    assert [(span["start"], span["end"]) for span in said.answers["names"]] == places
    assert pieces > 20
    assert line == "P"
