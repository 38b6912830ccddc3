"""How answers are compared, and their flat labels."""

import pytest

from isogloss.guidelines.schemas import label_of, question_scale
from tests.guidelines.schemas.makers import a_schema

CHOICE = "{id: a, kind: choice, labels: [x, y]}"
LANGUAGE = "{id: a, kind: language, allow: [mixed, none, variety]}"
PAIR = "{id: a, kind: pairwise, a: source, b: target}"


@pytest.mark.parametrize(
    ("question", "scale"),
    [
        (CHOICE, "nominal"),
        ("{id: a, kind: choice, labels: [x], scale: ordinal}", "ordinal"),
        ("{id: a, kind: choices, labels: [x]}", "sets"),
        ("{id: a, kind: tree, labels: [x]}", "nominal"),
        ("{id: a, kind: rating}", "ordinal"),
        ("{id: a, kind: slider}", "interval"),
        ("{id: a, kind: text}", "text"),
        (LANGUAGE, "language"),
        ("{id: a, kind: spans, labels: [x]}", "spans"),
        ("{id: a, kind: tokens, labels: [x]}", "spans"),
        ("{id: a, kind: errors, categories: [x]}", "spans"),
        (PAIR, "pairs"),
        ("{id: a, kind: ranking, options: [x, y]}", "ranking"),
    ],
)
def test_each_kind_has_its_scale(question, scale):
    assert question_scale(a_schema(question).questions[0]) == scale


@pytest.mark.parametrize(
    ("question", "value", "label"),
    [
        (CHOICE, "x", "x"),
        ("{id: a, kind: choices, labels: [z, x]}", ["z", "x"], "x|z"),
        ("{id: a, kind: choices, labels: [z], min: 0}", [], ""),
        ("{id: a, kind: tree, labels: [{value: x, labels: [y]}]}", ["x", "y"], "x/y"),
        ("{id: a, kind: rating}", 4, "4"),
        (LANGUAGE, {"tag": "ZH-hant-tw"}, "zh-Hant-TW"),
        (LANGUAGE, {"mixed": ["jv", "ID"]}, "mixed:id+jv"),
        (LANGUAGE, {"none": True}, "none"),
        (PAIR, {"preferred": "tie"}, "tie"),
        ("{id: a, kind: slider}", 50, None),
        ("{id: a, kind: text}", "words", None),
        ("{id: a, kind: spans, labels: [x]}", [], None),
        ("{id: a, kind: tokens, labels: [x]}", [], None),
        ("{id: a, kind: errors, categories: [x]}", {"errors": [], "score": 100}, None),
        ("{id: a, kind: ranking, options: [x, y]}", [["x"], ["y"]], None),
    ],
)
def test_an_answer_that_is_one_label_has_a_flat_one(question, value, label):
    assert label_of(a_schema(question).questions[0], value) == label


@pytest.mark.parametrize(
    ("tag", "usual"),
    [
        ("EN", "en"),
        ("zh-hANT-tw", "zh-Hant-TW"),
        ("ES-419", "es-419"),
        ("sl-ROZAJ-Biske", "sl-rozaj-biske"),
        ("DE-x-AB", "de-x-ab"),
        ("ZH-CMN-hans", "zh-cmn-Hans"),
    ],
)
def test_tags_that_differ_in_case_are_one_label(tag, usual):
    assert label_of(a_schema(LANGUAGE).questions[0], {"tag": tag}) == usual
