"""What a new version of a schema does to labels, questions and the answers that people gave."""

import pytest

from isogloss.guidelines.schemas import Fate, carry_answers, compare_schemas, compile_schema
from tests.guidelines.schemas.makers import a_schema, a_span


def a_change(old, new):
    return compare_schemas(a_schema(*([old] if isinstance(old, str) else old)), a_schema(*([new] if isinstance(new, str) else new)))


def carried(change, answers):
    kept, lost = carry_answers(change, answers)
    return kept, [(one.path, one.reason) for one in lost]


def test_a_label_is_the_same_while_its_value_is():
    change = a_change(
        "{id: a, kind: choice, labels: [keep, {value: old, name: Old}, gone]}",
        "{id: a, kind: choice, labels: [new, {value: old, name: New}, keep]}",
    )

    (question,) = change.questions
    assert question.fate is Fate.KEPT
    assert [(label.value, label.fate, label.old_name, label.new_name) for label in question.labels] == [
        ("new", Fate.ADDED, None, "new"),
        ("old", Fate.RENAMED, "Old", "New"),
        ("keep", Fate.KEPT, "keep", "keep"),
        ("gone", Fate.DROPPED, "gone", None),
    ]


def test_questions_are_kept_renamed_added_dropped_or_of_another_kind():
    change = a_change(
        ["{id: a, kind: text}", "{id: b, kind: text, prompt: Before}", "{id: c, kind: text}", "{id: d, kind: text}"],
        ["{id: e, kind: text}", "{id: d, kind: rating}", "{id: b, kind: text, prompt: After}", "{id: a, kind: text}"],
    )

    assert [(question.question, question.fate.value) for question in change.questions] == [
        ("e", "added"),
        ("d", "kind_changed"),
        ("b", "renamed"),
        ("a", "kept"),
        ("c", "dropped"),
    ]


def test_labels_in_every_part_of_a_question_are_compared():
    change = a_change(
        "{id: s, kind: spans, labels: [x], attributes: [{id: n, labels: [p, q]}]}",
        "{id: s, kind: spans, labels: [x], attributes: [{id: n, labels: [p]}]}",
    )

    assert {(label.part, label.value): label.fate for label in change.questions[0].labels} == {
        ("labels", "x"): Fate.KEPT,
        ("attributes.n", "p"): Fate.KEPT,
        ("attributes.n", "q"): Fate.DROPPED,
    }


def test_places_of_a_tree_are_compared_by_path():
    change = a_change(
        "{id: t, kind: tree, labels: [{value: x, labels: [p]}, y]}", "{id: t, kind: tree, labels: [x, {value: y, labels: [p]}]}"
    )

    fates = {label.value: label.fate for label in change.questions[0].labels}
    assert fates == {"x": Fate.KEPT, "x/p": Fate.DROPPED, "y": Fate.KEPT, "y/p": Fate.ADDED}


@pytest.mark.parametrize(
    ("old", "new", "settings"),
    [
        ("{id: a, kind: text}", "{id: a, kind: text, required: false, max_length: 9}", ("required", "max_length")),
        ("{id: a, kind: rating}", "{id: a, kind: rating, max: 7}", ("max", "names")),
        (
            "{id: a, kind: errors, categories: [x]}",
            "{id: a, kind: errors, categories: [x], severities: [{value: minor, weight: 2}]}",
            ("weights",),
        ),
        ("{id: a, kind: spans, labels: [x], attributes: [{id: n, labels: [x]}]}", "{id: a, kind: spans, labels: [x]}", ("attributes",)),
        ("{id: a, kind: choice, labels: [x]}", "{id: a, kind: choice, labels: [{value: x, hint: more}]}", ()),
    ],
)
def test_other_settings_that_changed_are_named(old, new, settings):
    assert a_change(old, new).questions[0].settings == settings


@pytest.mark.parametrize(
    ("new", "is_only_wording"),
    [
        ("{id: a, kind: choice, prompt: New, hint: New, labels: [{value: x, name: New, colour: 4}, y]}", True),
        ("{id: a, kind: choice, labels: [x, y, z]}", False),
        ("{id: a, kind: choice, labels: [x]}", False),
        ("{id: a, kind: choice, labels: [x, y], required: false}", False),
    ],
)
def test_a_change_of_wording_leaves_answers_as_they_are(new, is_only_wording):
    assert a_change("{id: a, kind: choice, labels: [x, y]}", new).is_only_wording is is_only_wording


def test_an_answer_with_a_dropped_label_is_lost_and_named():
    change = a_change("{id: a, kind: choice, labels: [x, y]}", "{id: a, kind: choice, labels: [x]}")

    assert carried(change, {"a": "x"}) == ({"a": "x"}, [])
    assert carried(change, {"a": "y"}) == ({}, [("a", '"y" is not one of the labels')])


def test_choices_lose_only_the_dropped_labels_and_follow_the_new_order():
    change = a_change("{id: a, kind: choices, labels: [x, y, z]}", "{id: a, kind: choices, labels: [z, x]}")

    assert carried(change, {"a": ["x", "y", "z"]}) == ({"a": ["z", "x"]}, [("a[1]", 'the label is not there any more: "y"')])
    assert carried(change, {"a": ["y"]})[0] == {}


def test_spans_lose_what_has_no_label_or_lacks_a_required_attribute():
    change = a_change(
        "{id: s, kind: spans, labels: [PER, LOC], attributes: [{id: n, labels: [p, q], required: false}]}",
        "{id: s, kind: spans, labels: [PER], attributes: [{id: n, labels: [p]}]}",
    )
    good, no_label, no_value, lacking = (
        a_span(0, 1, attributes={"n": "p"}),
        a_span(2, 3, "LOC"),
        a_span(4, 5, attributes={"n": "q"}),
        a_span(6, 7),
    )

    kept, lost = carried(change, {"s": [good, no_label, no_value, lacking]})

    assert kept == {"s": [good]}
    assert [path for path, _ in lost] == ["s[1]", "s[2]", "s[3]"]


def test_relations_of_lost_spans_are_lost_with_them():
    def schema(labels):
        return [f"{{id: s, kind: spans, labels: {labels}}}", "{id: r, kind: relations, labels: [same], spans: s}"]

    change = a_change(schema("[PER, LOC]"), schema("[PER]"))
    spans = [a_span(0, 1, id="a"), a_span(2, 3, "LOC", id="b"), a_span(4, 5, id="c")]
    kept_link, lost_link = {"from": "a", "to": "c", "label": "same"}, {"from": "a", "to": "b", "label": "same"}

    kept, lost = carried(change, {"s": spans, "r": [kept_link, lost_link]})

    assert kept == {"s": [spans[0], spans[2]], "r": [kept_link]}
    assert lost == [("s[1]", 'the label is not there any more: "LOC"'), ("r[1]", "one of its spans is lost")]


def test_errors_lose_dropped_categories_and_the_score_that_nobody_asks_for():
    change = a_change("{id: e, kind: errors, categories: [x, y]}", "{id: e, kind: errors, categories: [x], score: false}")
    errors = [{"side": "source", "start": 0, "end": 1, "category": category, "severity": "minor"} for category in ("x", "y")]

    kept, lost = carried(change, {"e": {"errors": errors, "score": 80}})

    assert kept == {"e": {"errors": errors[:1]}}
    assert [path for path, _ in lost] == ["e.errors[1]", "e.score"]


def test_offsets_into_another_field_are_lost():
    change = a_change("{id: s, kind: spans, labels: [PER]}", "{id: s, kind: spans, labels: [PER], field: source}")

    assert carried(change, {"s": [a_span(0, 1)]}) == ({}, [("s", '"field" is source now, not text')])


def test_the_rest_of_a_ranking_is_kept_when_an_option_is_dropped():
    change = a_change("{id: r, kind: ranking, options: [a, b, c]}", "{id: r, kind: ranking, options: [a, b]}")

    assert carried(change, {"r": [["c"], ["b"], ["a"]]}) == ({"r": [["b"], ["a"]]}, [("r[0]", 'the option "c" is not there any more')])


def test_a_ranking_that_lacks_a_new_option_is_lost():
    change = a_change("{id: r, kind: ranking, options: [a, b]}", "{id: r, kind: ranking, options: [a, b, c]}")

    assert carried(change, {"r": [["a"], ["b"]]}) == ({}, [("r", "rank every option exactly once")])


def test_answers_to_dropped_and_hidden_questions_and_other_kinds_are_lost():
    old = ["{id: a, kind: choice, labels: [x, y]}", "{id: b, kind: text}", "{id: c, kind: text}", "{id: d, kind: text}"]
    new = ["{id: a, kind: choice, labels: [x, y]}", "{id: c, kind: rating}", "{id: d, kind: text, show_when: {question: a, is: y}}"]

    kept, lost = carried(a_change(old, new), {"a": "x", "b": "t", "c": "t", "d": "t"})

    assert kept == {"a": "x"}
    assert lost == [
        ("b", "the question is not there any more"),
        ("c", "the question is of kind rating now, not text"),
        ("d", "is hidden by the other answers: leave it out"),
    ]


def test_a_new_required_question_is_left_for_the_person():
    change = a_change("{id: a, kind: text}", ["{id: a, kind: text}", "{id: b, kind: rating}"])

    kept, lost = carry_answers(change, {"a": "t"})

    assert (kept, lost) == ({"a": "t"}, [])
    assert [problem.path for problem in compile_schema(change.new).problems(kept, content={})] == ["b"]


def test_carrying_leaves_the_given_answers_alone():
    change = a_change("{id: s, kind: spans, labels: [PER, LOC]}", "{id: s, kind: spans, labels: [PER]}")
    answers = {"s": [a_span(0, 1), a_span(2, 3, "LOC")]}

    carry_answers(change, answers)

    assert answers == {"s": [a_span(0, 1), a_span(2, 3, "LOC")]}


def test_a_label_that_becomes_exclusive_is_a_change_that_answers_can_be_lost_by():
    old = a_schema("{id: about, kind: choices, labels: [product, none]}")
    new = a_schema("{id: about, kind: choices, labels: [product, {value: none, exclusive: true}]}")
    change = compare_schemas(old, new)

    carried, lost = carry_answers(change, {"about": ["product", "none"]})

    assert not change.is_only_wording
    assert change.questions[0].settings == ("exclusive",)
    assert (carried, [each.reason for each in lost]) == ({}, ['"none" stands alone: choose it or the others'])
