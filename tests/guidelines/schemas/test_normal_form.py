"""The normal form has every default filled in."""

import pytest

from isogloss.guidelines.schemas import parse_schema
from tests.guidelines.schemas.makers import a_schema


def the_question(written: str) -> dict:
    return a_schema(written).document["questions"][0]


def test_the_shortest_schema_shows_a_text_and_asks_one_thing():
    schema = parse_schema("questions: [{id: mood, kind: choice, labels: [good, bad]}]")

    assert schema.document == {
        "schema": 1,
        "displays": [{"kind": "text", "field": "text", "name": ""}],
        "questions": [
            {
                "id": "mood",
                "kind": "choice",
                "prompt": "mood",
                "hint": "",
                "required": True,
                "guideline": "",
                "show_when": None,
                "labels": [
                    {"value": "good", "name": "good", "key": "1", "colour": 1, "hint": ""},
                    {"value": "bad", "name": "bad", "key": "2", "colour": 2, "hint": ""},
                ],
                "scale": "nominal",
            }
        ],
    }


@pytest.mark.parametrize("word", ["no", "yes", "on", "null", "~", "1", "1.0", "007", "0x10", "1e3", "2026-11-22", "true"])
def test_a_plain_word_stays_the_word_that_was_written(word):
    question = the_question(f"{{id: a, kind: choice, labels: [{word}, other]}}")

    assert question["labels"][0]["value"] == word


@pytest.mark.parametrize(
    ("written", "defaults"),
    [
        ("{id: a, kind: choices, labels: [x, y, z]}", {"min": 1, "max": 3}),
        ("{id: a, kind: rating}", {"min": 1, "max": 5, "names": ["1", "2", "3", "4", "5"]}),
        ("{id: a, kind: slider}", {"min": 0, "max": 100, "step": 1}),
        (
            "{id: a, kind: text}",
            {"min_length": 1, "max_length": 10_000, "language": "", "not_copy_of": "", "prefill": "", "multiline": True},
        ),
        ("{id: a, kind: language, tags: [ZH-hant], allow: [none, mixed]}", {"tags": ["zh-Hant"], "allow": ["mixed", "none"]}),
        ("{id: a, kind: spans, labels: [x]}", {"field": "text", "overlap": "none", "snap": "grapheme", "attributes": []}),
        ("{id: a, kind: tokens, labels: [x]}", {"field": "text"}),
        ("{id: a, kind: errors, categories: [x]}", {"source": "source", "target": "target", "score": True}),
        ("{id: a, kind: pairwise, a: source, b: target}", {"strengths": 1, "reason": "none", "tie": True}),
        ("{id: a, kind: ranking, fields: [source, target]}", {"fields": ["source", "target"]}),
    ],
)
def test_each_kind_has_its_defaults(written, defaults):
    question = the_question(written)

    assert {name: question[name] for name in defaults} == defaults


def test_severities_are_those_of_mqm_unless_written():
    question = the_question("{id: a, kind: errors, categories: [x]}")

    assert {label["value"]: label["weight"] for label in question["severities"]} == {"neutral": 0, "minor": 1, "major": 5, "critical": 25}


def test_options_follow_from_the_rest_and_take_written_names_and_keys():
    question = the_question("{id: a, kind: rating, max: 3, names: [bad, so-so, good], options: [{value: 2, name: fair, key: x}]}")

    assert question["options"] == [
        {"value": 1, "name": "bad", "key": "1"},
        {"value": 2, "name": "fair", "key": "x"},
        {"value": 3, "name": "good", "key": "3"},
    ]
    assert question["names"] == ["bad", "fair", "good"]


def test_the_branches_of_a_tree_have_the_colour_of_their_root():
    question = the_question("{id: a, kind: tree, labels: [{value: x, labels: [p, q]}, {value: y, colour: 5, labels: [r]}]}")

    assert [[label["colour"], *(child["colour"] for child in label["labels"])] for label in question["labels"]] == [[1, 1, 1], [5, 5]]


def test_the_ninth_label_begins_the_eight_colours_again():
    question = the_question("{id: a, kind: choice, labels: [a, b, c, d, e, f, g, h, i]}")

    assert [label["colour"] for label in question["labels"]] == [1, 2, 3, 4, 5, 6, 7, 8, 1]


def test_a_key_without_a_value_takes_the_default():
    question = the_question("{id: a, kind: text, hint: , required: }")

    assert (question["hint"], question["required"]) == ("", True)


def test_space_around_a_text_is_dropped():
    schema = parse_schema("questions:\n- id: a\n  kind: text\n  prompt: |\n    First line\n    second line\n\n")

    assert schema.questions[0].prompt == "First line\nsecond line"


def test_fields_are_those_of_displays_and_questions_once_each():
    schema = parse_schema(
        "displays: [{kind: parallel, source: s, target: t}, {kind: facts, field: meta}]\n"
        "questions: [{id: p, kind: pairwise, a: t, b: u}, {id: r, kind: ranking, fields: [u, v]}]"
    )

    assert schema.fields == ("s", "t", "meta", "u", "v")


def test_the_labels_of_a_tree_are_listed_by_path():
    schema = a_schema("{id: a, kind: tree, labels: [{value: x, labels: [p]}, y]}")

    assert [label.value for label in schema.questions[0].labels] == ["x", "x/p", "y"]


def test_a_slider_of_one_step_survives_binary_fractions():
    question = the_question("{id: a, kind: slider, min: -1, max: -0.9, step: 0.1}")

    assert (question["min"], question["max"], question["step"]) == (-1, -0.9, 0.1)
