"""Each template that ships is annotated from start to end by keyboard in Chromium, and what the server stored is compared with what was meant."""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import regex

from isogloss.guidelines.templates_yaml import SLUGS, available_templates
from tests.conftest import SHARED
from tests.e2e.keyboard import Annotator, sit_down
from tests.support.serving import Installation
from tests.support.workplaces import Task, Workplace, a_workplace, annotations_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

Row = dict[str, Any]
Answers = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """Rows to import, and how a person annotates one of them: the answers that ought to be stored."""

    rows: Callable[[], list[Row]]
    annotate: Callable[[Annotator, Row], Answers]
    severity: int = 0
    routing: str = "language"


def lines_of(name: str) -> Iterator[Row]:
    path = SHARED / name
    if not path.exists():
        raise FileNotFoundError(path)
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file)


def first_with(name: str, wanted: str, *, language: str) -> Row:
    return next(row for row in lines_of(name) if wanted in row["text"] and row["lang"] == language)


def a_row(number: int, language: str, **fields: Any) -> Row:
    return {"id": f"row-{number}", "lang": language, **fields}


def span_of(text: str, words: str) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


def graphemes(text: str) -> int:
    return len(regex.findall(r"\X", text))


def select(at: Annotator, text: str, words: str, *, caret: int = 0) -> int:
    """Move the caret from one code point to some words and select them, all by arrow keys; return where the caret then stands."""
    start, end = span_of(text, words)
    steps = graphemes(text[caret:start]) if start >= caret else -graphemes(text[start:caret])
    at.press(*(["ArrowRight"] * steps if steps >= 0 else ["ArrowLeft"] * -steps), *(["Shift+ArrowRight"] * graphemes(words)))
    return end


# Language identification


def comments() -> list[Row]:
    wanted = {"jv": "jv", "min": "min", "id": "id"}
    found = {row["lang"]: row for row in lines_of("corpora/nusax-sentiment/data.jsonl") if row["lang"] in wanted}
    return [a_row(n, "und", text=found[tag]["text"], tag=tag) for n, tag in enumerate(wanted)]


def identify(at: Annotator, row: Row) -> Answers:
    prompt = "Which language is this text in?"
    said: Answers
    if row["tag"] == "jv":  # one that is listed
        at.choose(prompt, "Javanese")
        said = {"tag": "jv"}
    elif row["tag"] == "min":  # one that is found by typing its name
        at.press(at.key_of(prompt))
        at.page.keyboard.type("minangk")
        at.press("Enter")
        said = {"tag": "min"}
    else:
        at.choose(prompt, "Mixed", "Indonesian", "English")
        said = {"mixed": ["id", "en"]}
    at.choose("How sure are you?", "Likely")
    return {"language": said, "certainty": "likely"}


# Code-switching


def speech() -> list[Row]:
    def is_plain(row: Row) -> bool:
        words = [word for word, _ in row["tokens"]]
        return 8 <= len(words) <= 14 and all(word.isalpha() for word in words) and len({tag for _, tag in row["tokens"]}) > 1

    row = next(row for row in lines_of("lid/fame-cs/data.jsonl") if is_plain(row))
    return [a_row(1, "fy", text=row["text"], tokens=row["tokens"])]


def label_words(at: Annotator, row: Row) -> Answers:
    names = {"fy": ("lang1", "Main language"), "nl": ("lang2", "Second language"), "fy-nl": ("mixed", "Mixed inside the word")}
    painted, start = [], 0
    for word, tag in row["tokens"]:
        value, name = names.get(tag, ("foreign", "A third language"))
        at.choose("Which language is each word in?", name)
        start = row["text"].index(word, start)
        painted.append({"start": start, "end": start + len(word), "label": value})
        start += len(word)
    at.choose("Whose grammar holds the sentence together?", "The main language's")
    return {"words": painted, "matrix": "lang1"}


# Classification


def tweets() -> list[Row]:
    return [
        a_row(1, "th", text=next(lines_of("corpora/thai-social/data.jsonl"))["text"]),
        a_row(2, "ar", text=next(lines_of("corpora/arabic-tweets-dialect/data.jsonl"))["text"]),
    ]


def classify(at: Annotator, row: Row) -> Answers:
    at.choose("Which sentiment does the author express?", "Mixed")
    at.choose("What is it about?", "Delivery", "Service", "Price", "Delivery")  # the last one takes the first back
    if row["lang"] == "ar":
        return {"sentiment": "mixed", "aspects": ["service", "price"]}
    at.choose("Which topic fits best?", "Food and drink", "Restaurant", "Eating in")
    return {"sentiment": "mixed", "aspects": ["service", "price"], "topic": ["food", "restaurant", "eat-in"]}


# Safety policy


def remarks() -> list[Row]:
    rude = next(row for row in lines_of("corpora/korean-comments-toxicity/data.jsonl") if row["hate"] == "offensive")
    return [a_row(1, "ko", text=rude["text"], context={"where": "a news site", "replies to": "an article on films"}, severity=2)]


def moderate(at: Annotator, row: Row) -> Answers:
    at.choose("Does this break the policy?", "Yes")  # unseen: refused
    at.wait_for("document.querySelector('.toast').textContent.includes('Reveal')")
    at.press("v")
    at.choose("Does this break the policy?", "Yes")
    at.choose("Which part of the policy?", "Harassment", "Hate against a group")
    at.choose("How severe is it?", "Moderate")
    at.choose("What does the author do with it?", "Means it")
    return {"violates": "yes", "categories": ["harassment", "hate"], "severity": "2", "stance": "means_it"}


# Spans


def names() -> list[Row]:
    return [a_row(1, "id", text="Bu Siti 👩‍👩‍👧 dari Universitas Gadjah Mada pindah ke Yogyakarta, kata Rina.\nIa suka kopi.")]


def mark_names(at: Annotator, row: Row) -> Answers:
    text, prompt, caret = row["text"], "Mark every name, and every group that is attacked.", 0
    found = []
    for number, (words, value, name) in enumerate(
        [("Siti 👩‍👩‍👧", "PER", "Person"), ("Universitas Gadjah Mada", "ORG", "Organisation"), ("Gadjah Mada", "PER", "Person"), ("Yogyakarta", "LOC", "Place")], 1
    ):  # fmt: skip
        caret = select(at, text, words, caret=caret)
        at.choose(prompt, name)
        start, end = span_of(text, words)
        found.append({"id": f"s{number}", "start": start, "end": end, "label": value, "attributes": {}})
    at.choose(prompt, "By name")  # of the last span
    found[3]["attributes"] = {"mention": "name"}
    at.press(",", ",")  # two back: the university
    at.choose("Which spans belong together?", "Is part of")
    at.press(".", ".")
    at.choose("Which spans belong together?", "Is part of")
    return {"entities": found, "links": [{"from": "s2", "to": "s4", "label": "part_of"}]}


# Translation quality


def translations() -> list[Row]:
    folder = SHARED / "crowd" / "wmt23_mqm_ende"
    with (folder / "spans.csv").open(encoding="utf-8", newline="") as file:
        marked: dict[str, list[Row]] = {}
        for span in csv.DictReader(file):
            marked.setdefault(span["item"], []).append(span)
    with (folder / "items.csv").open(encoding="utf-8", newline="") as file:
        for item in csv.DictReader(file):
            source, target, errors = item["source_text"], item["target_text"], marked.get(item["item"], [])
            apart = {(int(e["start"]), int(e["end"])) for e in errors if e["side"] == "target"}
            if len(target) < 140 and len(apart) >= 2 and "\n" not in source + target:
                spans = [target[start:end] for start, end in sorted(apart)[:2]]
                if all(words.strip() == words and words and target.count(words) == 1 for words in spans):
                    return [a_row(1, "de", source=source, target=target, context={"document": item["doc"]}, spans=spans)]
    raise FileNotFoundError("no such item")


def mark_errors(at: Annotator, row: Row) -> Answers:
    prompt = "Mark every error, then give the score."
    first = row["source"].split(" ")[0]
    select(at, row["source"], first)
    at.choose(prompt, "Omission", "Major")
    found = [{"side": "source", "start": 0, "end": len(first), "category": "accuracy/omission", "severity": "major"}]
    at.press("Tab")
    caret = 0
    for words, (value, name), (severity, told) in zip(
        row["spans"], [("fluency/grammar", "Grammar"), ("terminology", "Terminology")], [("minor", "Minor"), ("neutral", "Neutral")], strict=True
    ):  # fmt: skip
        caret = select(at, row["target"], words, caret=caret)
        at.choose(prompt, name, told)
        start, end = span_of(row["target"], words)
        found.append({"side": "target", "start": start, "end": end, "category": value, "severity": severity})
    at.set_slider(prompt, *["ArrowRight"] * 12)
    return {"quality": {"errors": found, "score": 62}}


# Translation and post-editing


def drafts() -> list[Row]:
    text = next(row["text"] for row in lines_of("corpora/web-sentences-asia/data.jsonl") if row["lang"] == "id" and len(row["text"]) < 120)
    return [a_row(1, "en", source=text, draft="A draft from a machine", context={"for": "a news site"})]


def post_edit(at: Annotator, row: Row) -> Answers:
    at.press(at.key_of("Translate, or correct the draft."), "Control+End")
    at.page.keyboard.insert_text(", bettered by hand 👍🏽")
    at.press("Escape")
    at.choose("What did the draft need?", "A few words")
    return {"translation": "A draft from a machine, bettered by hand 👍🏽", "effort": "light"}


# Pairwise preference


def pairs() -> list[Row]:
    turns = [
        {"role": "user", "text": "Apa ibu kota Jepang?"},
        {"role": "assistant", "text": "Maksud Anda sekarang?"},
        {"role": "user", "text": "Ya."},
    ]
    return [a_row(1, "id", prompt=turns, response_a="Tokyo.", response_b="Ibu kota Jepang adalah Tokyo.")]


def prefer(at: Annotator, row: Row) -> Answers:
    prompt = "Which answer is better?"
    left = at.page.locator(".pair .text").first.inner_text()
    at.choose(prompt, "Right is better" if left == row["response_a"] else "Left is better", "2")
    at.write(prompt, "A whole sentence; “Tokyo.” alone is curt.")
    at.choose("Is there anything wrong with the better one?", "Leaves out what was asked")
    return {
        "preference": {"preferred": "b", "strength": 2, "reason": "A whole sentence; “Tokyo.” alone is curt."},
        "problems": ["incomplete"],
    }


# Response rating


def responses() -> list[Row]:
    turns = [{"role": "user", "text": "昔々の話をして"}]
    return [a_row(1, "ja", prompt=turns, response="**むかしむかし**、あるところに…\n\n- おじいさん\n- おばあさん")]


def rate(at: Annotator, _row: Row) -> Answers:
    at.choose("Helpfulness", "5")
    at.choose("Correctness", "4")
    at.choose("Language", "3")
    at.choose("Could it do harm?", "No")
    at.write("What should be better?", "最後まで話す")
    return {"helpfulness": 5, "correctness": 4, "language_quality": 3, "harmlessness": "no", "comment": "最後まで話す"}


# Response writing


def requests() -> list[Row]:
    messages = [{"role": "system", "text": "Answer briefly."}, {"role": "user", "text": "लोकतंत्र क्या है?"}]
    return [a_row(1, "hi", messages=messages, instructions={"length": "two sentences"})]


def respond(at: Annotator, _row: Row) -> Answers:
    answer = "लोकतंत्र में जनता अपने प्रतिनिधि चुनती है। सरकार उनके प्रति उत्तरदायी होती है।"
    at.choose("Can this request be answered?", "Yes")
    at.write("Write the answer.", answer)
    at.write("Where did you look things up?", "own knowledge")
    return {"usable": "yes", "response": answer, "sources": "own knowledge"}


# Similarity and inference


def sentence_pairs() -> list[Row]:
    return [a_row(1, "id", first="A man plays the guitar.", second="Seorang pria bermain musik.")]


def compare(at: Annotator, _row: Row) -> Answers:
    at.set_slider("How alike is their meaning?", "Home", *["ArrowRight"] * 7)
    at.choose("If the first is true, the second is …", "… true too")
    at.choose("Is either text unnatural?", "No")
    return {"similarity": 3.5, "inference": "entailment", "translationese": "no"}


# Transcription check


def recordings() -> list[Row]:
    return [a_row(1, "fy", audio="/static/isogloss/none.wav", transcript="dat is in moaie dei")]


def transcribe(at: Annotator, row: Row) -> Answers:
    at.press("v")  # what is heard stays behind the veil until it is asked for
    at.choose("Does the transcript say what is spoken?", "No, I correct it")
    at.press(at.key_of("Correct the transcript."), "Control+End")
    at.page.keyboard.insert_text(" hjoed")
    at.press("Escape")
    return {"verdict": "wrong", "corrected": f"{row['transcript']} hjoed"}


CASES = {
    "language-identification": Case(comments, identify, routing="pool"),
    "code-switching": Case(speech, label_words),
    "classification": Case(tweets, classify),
    "safety-policy": Case(remarks, moderate, severity=2),
    "spans": Case(names, mark_names),
    "translation-quality": Case(translations, mark_errors),
    "translation": Case(drafts, post_edit),
    "pairwise-preference": Case(pairs, prefer),
    "response-rating": Case(responses, rate),
    "response-writing": Case(requests, respond),
    "similarity-and-inference": Case(sentence_pairs, compare),
    "transcription-check": Case(recordings, transcribe),
}


def task_of(slug: str) -> Task | None:
    """The case as a project; None where the texts are not on this machine."""
    template = next(each for each in available_templates() if each.slug == slug)
    case = CASES[slug]
    try:
        rows = case.rows()
    except FileNotFoundError:
        return None
    return Task(
        name=template.name, schema=template.schema_yaml, guideline=template.guideline_markdown, rows=rows, severity=case.severity,
        languages=tuple(sorted({row["lang"] for row in rows} - {"und"})) or ("id",), routing=case.routing,
    )  # fmt: skip


@pytest.fixture(scope="module")
def workplace(site: Installation) -> Workplace:
    tasks = [task for slug in SLUGS if (task := task_of(slug))]
    return a_workplace(site, tasks=tasks, people={"tamara": {}})


@pytest.fixture(scope="module")
def tab(chromium: Any, site: Installation, workplace: Workplace) -> Annotator:
    return sit_down(chromium, site, workplace, "tamara")


def test_every_template_has_a_case_here():
    assert set(CASES) == set(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_template_is_annotated_by_keyboard_and_stored_as_it_was_meant(
    slug: str, tab: Annotator, site: Installation, workplace: Workplace
):
    task = task_of(slug)
    if task is None:
        pytest.skip("the texts of this template are not on this machine (../shared/data)")
    project = workplace.projects[task.name]
    tab.open(project)
    meant = {}
    for _ in task.rows:
        row = row_on(tab, task.rows)
        meant[row["id"]] = CASES[slug].annotate(tab, row)
        tab.submit()

    tab.page.wait_for_selector(".pause button")

    stored = annotations_in(site, project)
    assert {one.item: one.answers for one in stored} == meant
    assert all(one.active_ms > 0 and not one.suggestion_visible for one in stored)
    assert tab.faults == []


def row_on(tab: Annotator, rows: list[Row]) -> Row:
    """The row whose text is on the page."""
    shown = "".join(tab.page.locator("#workbench").inner_text().split())
    words = [(row, "".join(str(row.get("text", "")).split())) for row in rows]
    return next((row for row, text in words if text in shown), rows[0]) if len(rows) > 1 else rows[0]


def test_the_folder_of_templates_is_where_the_package_says():
    assert {path.stem for path in (Path(__file__).parents[2] / "src/isogloss/guidelines/templates_yaml").glob("*.yaml")} == set(SLUGS)
