"""The demonstration's texts keep the promises that their README makes."""

import json
import re
import unicodedata
from collections import Counter
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest

from isogloss.workbench.strings import TEXTS

ROOT = files("isogloss") / "demo_data"
SENTIMENT = ("en", "zh-Hans", "zh-Hant", "id", "ms", "th", "vi", "fil", "ja", "ko", "ar", "hi", "es", "pt-BR")
SAFETY = ("en", "id", "es", "ar", "zh-Hans", "hi")
COMMUNITIES = ("id", "jv", "su", "ms", "en-SG", "fil", "th", "vi")
FILES = (*(f"sentiment/{tag}.jsonl" for tag in SENTIMENT), *(f"safety/{tag}.jsonl" for tag in SAFETY), "language-id/sea.jsonl")
FEELINGS = {"positive", "neutral", "negative", "mixed"}
POLICIES = {"none", "insult", "spam", "scam", "dangerous_advice", "harassment"}
LANGUAGES = {*COMMUNITIES, "en", "mixed", "zxx"}


def the_rows(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (ROOT / path).read_text(encoding="utf-8").splitlines()]


def every_row() -> list[dict[str, Any]]:
    return [row for path in FILES for row in the_rows(path)]


def the_switched_rows() -> list[dict[str, Any]]:
    return the_rows("language-id/sea.jsonl")


def the_crew() -> dict[str, Any]:
    return json.loads((ROOT / "crew.json").read_text(encoding="utf-8"))


def is_part_of_a_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"


def script_of(char: str) -> str:
    return unicodedata.name(char, "?").split()[0]


def may_be_one_word(left: str, right: str) -> bool:
    return "DIGIT" in (script_of(left), script_of(right)) or script_of(left) == script_of(right)


def cuts_a_word(text: str, at: int) -> bool:
    """Whether letters of one script stand on both sides, or on both sides of an apostrophe or hyphen."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if "-" in (left, right) or "'" in (left, right):
        outer = (text[at - 2 : at - 1], right) if left in "-'" else (left, text[at + 1 : at + 2])
        return all(char and is_part_of_a_word(char) for char in outer)
    return is_part_of_a_word(left) and is_part_of_a_word(right) and may_be_one_word(left, right)


def test_every_file_listed_exists_and_no_other_does() -> None:
    found = {f"{folder}/{entry.name}" for folder in ("sentiment", "language-id", "safety") for entry in (ROOT / folder).iterdir()}

    assert found == set(FILES)


def test_ids_are_unique_across_files() -> None:
    counts = Counter(row["id"] for row in every_row())

    assert [key for key, count in counts.items() if count > 1] == []


def test_no_text_stands_twice_whatever_its_case_or_spaces() -> None:
    counts = Counter("".join(row["text"].casefold().split()) for row in every_row())

    assert [text for text, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("path", FILES)
def test_texts_are_short_trimmed_nfc_without_controls(path: str) -> None:
    for row in the_rows(path):
        text = row["text"]

        assert set(row) == {"id", "text", "lang", "truth", "hard"}
        assert isinstance(row["hard"], bool)
        assert 1 <= len(text) <= 280
        assert text == text.strip()
        assert unicodedata.is_normalized("NFC", text)
        assert not [char for char in text if unicodedata.category(char) in {"Cc", "Cs", "Co", "Cn"}]


@pytest.mark.parametrize("path", FILES)
def test_each_language_has_25_to_40_rows_of_which_about_a_fifth_is_hard(path: str) -> None:
    rows = the_rows(path)

    for tag, count in Counter(row["lang"] for row in rows).items():
        hard = sum(row["hard"] for row in rows if row["lang"] == tag)
        assert 25 <= count <= 40
        assert 0.15 <= hard / count <= 0.3


@pytest.mark.parametrize(("folder", "tags"), [("sentiment", SENTIMENT), ("safety", SAFETY)])
def test_a_file_holds_the_language_of_its_name(folder: str, tags: tuple[str, ...]) -> None:
    for tag in tags:
        assert {row["lang"] for row in the_rows(f"{folder}/{tag}.jsonl")} == {tag}


@pytest.mark.parametrize("tag", SENTIMENT)
def test_sentiment_is_balanced_within_the_set_of_labels(tag: str) -> None:
    shares = Counter(row["truth"] for row in the_rows(f"sentiment/{tag}.jsonl"))

    assert set(shares) == FEELINGS
    assert 0.3 <= shares["positive"] / shares.total() <= 0.4
    assert 0.2 <= shares["neutral"] / shares.total() <= 0.3
    assert 0.2 <= shares["negative"] / shares.total() <= 0.3
    assert 0.1 <= shares["mixed"] / shares.total() <= 0.2


@pytest.mark.parametrize("tag", SAFETY)
def test_safety_uses_every_policy_with_severity_nought_for_none_alone(tag: str) -> None:
    truths = [row["truth"] for row in the_rows(f"safety/{tag}.jsonl")]

    assert {truth["policy"] for truth in truths} == POLICIES
    assert {truth["severity"] for truth in truths} == {0, 1, 2}
    assert all((truth["policy"] == "none") == (truth["severity"] == 0) for truth in truths)


def test_the_eight_communities_share_the_switching_texts_evenly() -> None:
    rows = the_switched_rows()

    switched = sum(row["truth"]["language"] == "mixed" for row in rows)

    assert {row["lang"] for row in rows} == set(COMMUNITIES)
    assert {row["truth"]["language"] for row in rows} == LANGUAGES
    assert 0.35 <= switched / len(rows) <= 0.45


def test_segments_are_in_order_and_fit_the_language_of_their_row() -> None:
    for row in the_switched_rows():
        language, segments = row["truth"]["language"], row["truth"]["segments"]
        tags = [segment["lang"] for segment in segments]

        assert all(0 <= segment["start"] < segment["end"] <= len(row["text"]) for segment in segments)
        assert all(before["end"] <= after["start"] and before["lang"] != after["lang"] for before, after in pairwise(segments))
        assert set(tags) <= {*COMMUNITIES, "en", "zh"}
        assert {"mixed": len(set(tags)) > 1, "zxx": not tags}.get(language, tags == [language]), row["id"]


def test_segments_begin_and_end_with_whole_words() -> None:
    for row in the_switched_rows():
        text = row["text"]
        for segment in row["truth"]["segments"]:
            start, end = segment["start"], segment["end"]
            assert is_part_of_a_word(text[start]), row["id"]
            assert is_part_of_a_word(text[end - 1]), row["id"]
            assert not cuts_a_word(text, start), row["id"]
            assert not cuts_a_word(text, end), row["id"]


def test_every_word_of_a_text_with_segments_lies_in_one() -> None:
    for row in the_switched_rows():
        covered = {at for segment in row["truth"]["segments"] for at in range(segment["start"], segment["end"])}

        outside = [char for at, char in enumerate(row["text"]) if at not in covered and is_part_of_a_word(char)]

        assert not covered or outside == [], row["id"]


@pytest.mark.parametrize(
    ("at", "cut"), [(3, True), (4, True), (5, True), (9, False), (10, False), (12, True), (14, False), (15, True), (16, True), (17, False)]
)
def test_the_check_for_cut_words_knows_hyphens_and_script_changes(at: int, cut: bool) -> None:  # noqa: FBT001  a table of cases
    text = "nge-print ร้านok5"

    assert cuts_a_word(text, at) is cut


def test_two_to_four_people_of_the_crew_know_each_language() -> None:
    people = the_crew()["people"]

    speakers = Counter(tag for person in people for tag in person["languages"])

    assert set(speakers) == {*SENTIMENT, *SAFETY, *COMMUNITIES}
    assert set(speakers.values()) <= {2, 3, 4}
    assert len({person["username"] for person in people}) == len({person["name"] for person in people}) == 24


def test_the_crew_is_plainly_simulated() -> None:
    crew = the_crew()

    assert crew["simulated"] is True
    assert all(person["name"].startswith("Sim ") and person["username"].startswith("sim_") for person in crew["people"])


def test_the_error_model_covers_every_label_and_names_only_known_ones() -> None:
    crew = the_crew()
    labels = {"sentiment": FEELINGS, "language-id": LANGUAGES, "safety": POLICIES}

    for project, levels in crew["model"]["mistaken_for"].items():
        for confusions in levels.values():
            assert set(confusions) == labels[project]
            for truth, weights in confusions.items():
                assert set(weights) <= {*labels[project], "@community", "@longest"} - {truth}
                assert min(weights.values()) > 0
    for person in crew["people"]:
        assert 0.5 < person["accuracy"] < 1
        assert person["median_seconds"] > 0
        assert set(person["bias"]) <= FEELINGS | LANGUAGES | POLICIES


@pytest.mark.parametrize("project", ["sentiment", "language-id", "safety"])
def test_no_example_of_a_guideline_gives_an_item_away(project: str) -> None:
    guideline = (ROOT / "guidelines" / f"{project}.md").read_text(encoding="utf-8")

    leaked = [row["id"] for row in every_row() if len(row["text"]) >= 12 and row["text"] in guideline]

    assert leaked == []


def test_a_guideline_names_only_reasons_to_skip_that_the_page_offers():
    offered = {TEXTS[reason] for reason in ("not_my_language", "unclear", "broken", "too_harmful", "other")}
    guidelines = [path.read_text(encoding="utf-8") for path in (ROOT / "guidelines").iterdir()]

    named = {reason for text in guidelines for reason in re.findall(r'with the reason "([^"]+)"', text)}

    assert named
    assert named <= offered
