"""Answers read under the names that a later version gave their questions and labels."""

import pytest

from isogloss.guidelines.schemas import Fate, Renames, carry_answers, compare_schemas, values_in
from tests.guidelines.schemas.makers import a_schema, a_span


def a_rename(question: str = "a", part: str = "labels", **moved: str) -> Renames:
    return Renames(labels={(question, part, old): new for old, new in moved.items()})


def carried(old: str, new: str, *, renames: Renames, answers: dict) -> dict:
    return carry_answers(compare_schemas(a_schema(old), a_schema(new), renames=renames), answers)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("kind: choice, labels: [x, y]", "x", "new"),
        ("kind: choices, labels: [x, y]", ["x", "y"], ["new", "y"]),
        ("kind: spans, field: text, labels: [x, y]", [a_span(0, 2, "x")], [a_span(0, 2, "x") | {"label": "new"}]),
        ("kind: tokens, field: text, labels: [x, y]", [{"start": 0, "end": 5, "label": "x"}], [{"start": 0, "end": 5, "label": "new"}]),
    ],
)
def test_an_answer_with_a_renamed_label_is_kept_under_its_new_name(kind, before, after):
    old, new = "{id: a, " + kind + "}", "{id: a, " + kind.replace("[x, y]", "[new, y]") + "}"

    kept, lost = carried(old, new, renames=a_rename(x="new"), answers={"a": before})

    assert (kept, lost) == ({"a": after}, [])


def test_without_the_rename_the_answer_is_lost():
    kept, lost = carried(
        "{id: a, kind: choice, labels: [x, y]}", "{id: a, kind: choice, labels: [new, y]}", renames=Renames(), answers={"a": "x"}
    )

    assert (kept, [one.question for one in lost]) == ({}, ["a"])


def test_two_labels_may_be_merged_into_one():
    old, new = "{id: a, kind: choices, labels: [sad, angry, glad]}", "{id: a, kind: choices, labels: [bad, glad]}"
    renames = a_rename(sad="bad", angry="bad")

    kept, lost = carried(old, new, renames=renames, answers={"a": ["sad", "angry"]})

    (question,) = compare_schemas(a_schema(old), a_schema(new), renames=renames).questions
    assert (kept, lost) == ({"a": ["bad"]}, [])
    assert [(label.value, label.was, label.fate) for label in question.labels] == [
        ("bad", "sad", Fate.RENAMED),
        ("bad", "angry", Fate.RENAMED),
        ("glad", "", Fate.KEPT),
    ]


def test_of_merged_options_of_a_ranking_the_better_place_stands():
    old, new = "{id: a, kind: ranking, options: [x, y, z]}", "{id: a, kind: ranking, options: [x, y]}"

    kept, _ = carried(old, new, renames=a_rename(part="options", z="x"), answers={"a": [["z"], ["y"], ["x"]]})

    assert kept == {"a": [["x"], ["y"]]}


def test_what_stands_below_a_renamed_place_of_a_tree_moves_with_it():
    old = "{id: a, kind: tree, labels: [{value: x, labels: [p]}, y]}"
    new = "{id: a, kind: tree, labels: [{value: z, labels: [p]}, y]}"

    kept, lost = carried(old, new, renames=a_rename(x="z"), answers={"a": ["x", "p"]})

    assert (kept, lost) == ({"a": ["z", "p"]}, [])


def test_a_slash_in_the_value_of_a_plain_label_is_no_path():
    old, new = "{id: a, kind: choice, labels: [x, x/p]}", "{id: a, kind: choice, labels: [z, x/p]}"

    kept, lost = carried(old, new, renames=a_rename(x="z"), answers={"a": "x/p"})

    assert (kept, lost) == ({"a": "x/p"}, [])


def test_categories_and_severities_of_errors_are_renamed():
    old = "{id: a, kind: errors, source: source, target: target, categories: [x], severities: [minor], score: false}"
    renames = Renames(labels={("a", "categories", "x"): "y", ("a", "severities", "minor"): "small"})
    error = {"side": "target", "start": 0, "end": 2, "category": "x", "severity": "minor"}

    kept, lost = carried(old, old.replace("[x]", "[y]").replace("minor", "small"), renames=renames, answers={"a": {"errors": [error]}})

    assert (kept, lost) == ({"a": {"errors": [error | {"category": "y", "severity": "small"}]}}, [])


def test_a_renamed_question_keeps_its_answers():
    kept, lost = carried(
        "{id: a, kind: choice, labels: [x, y]}",
        "{id: b, kind: choice, labels: [z, y]}",
        renames=Renames({"a": "b"}, {("a", "labels", "x"): "z"}),
        answers={"a": "x"},
    )

    assert (kept, lost) == ({"b": "z"}, [])


def test_relations_follow_their_renamed_spans():
    spans, links = "{id: %s, kind: spans, field: text, labels: [x]}", "{id: l, kind: relations, spans: %s, labels: [r]}"
    old, new = (a_schema(spans % name, links % name) for name in ("a", "b"))
    answers = {"a": [a_span(0, 2, "x"), a_span(3, 5, "x")], "l": [{"from": "s0-2-x", "to": "s3-5-x", "label": "r"}]}

    kept, lost = carry_answers(compare_schemas(old, new, renames=Renames({"a": "b"})), answers)

    assert (set(kept), lost) == ({"b", "l"}, [])


def test_renames_of_several_versions_work_one_after_the_other():
    first = Renames({"a": "b"}, {("a", "labels", "x"): "y"})
    both = first.then(Renames({"b": "c"}, {("b", "labels", "y/p"): "z/p"}))

    assert both.question("a") == "c"
    assert both.label("a", part="labels", value="x/p", is_path=True) == "z/p"
    assert both.applied({"a": ["x", "p"]}, kinds={"a": "tree"}) == {"c": ["z", "p"]}


def test_renames_come_back_from_what_is_stored():
    renames = Renames({"a": "b"}, {("a", "labels", "x"): "y"})

    assert Renames.from_document(renames.to_document()) == renames
    assert Renames.from_document({}) == Renames()
    assert not Renames()


@pytest.mark.parametrize(
    ("kind", "value", "used"),
    [
        ("choice", "x", {("labels", "x")}),
        ("tree", ["x", "p"], {("labels", "x"), ("labels", "x/p")}),
        ("spans", [{"label": "x", "attributes": {"n": "p"}}], {("labels", "x"), ("attributes.n", "p")}),
        ("errors", {"errors": [{"category": "c", "severity": "s"}]}, {("categories", "c"), ("severities", "s")}),
        ("ranking", [["x"], ["y"]], {("options", "x"), ("options", "y")}),
        ("rating", 3, {("options", "3")}),
        ("text", "x", set()),
    ],
)
def test_labels_that_an_answer_uses_are_named_once(kind, value, used):
    assert set(values_in(kind, value)) == used
