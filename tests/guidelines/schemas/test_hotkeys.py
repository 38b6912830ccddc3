"""Every label has a key, and no two that are seen together share one."""

import json
from itertools import combinations

import pytest
from hypothesis import given, settings

from isogloss.guidelines.schemas import parse_schema
from isogloss.guidelines.schemas.hotkeys import COMMANDS
from tests.guidelines.schemas.makers import a_schema, the_problems
from tests.guidelines.schemas.strategies import written_schemas

LETTERS = "qwertyuiopasdfghjklzxcvbnm"


def keys_of(question: dict) -> list[str]:
    parts = [question.get(part, []) for part in ("labels", "categories", "severities", "options")]
    parts += [attribute["labels"] for attribute in question.get("attributes", [])]
    return [label["key"] for part in parts for label in part]


def all_keys(*questions: str) -> list[list[str]]:
    return [keys_of(question) for question in a_schema(*questions).document["questions"]]


def test_keys_are_digits_then_letters_as_they_lie_without_commands():
    many = ", ".join(f"l{number}" for number in range(40))

    (keys,) = all_keys(f"{{id: a, kind: choice, labels: [{many}]}}")

    free = [key for key in "1234567890" + LETTERS if key not in COMMANDS]
    assert keys == free + [""] * (40 - len(free))
    assert keys[10:16] == ["q", "w", "e", "r", "t", "u"]


def test_questions_seen_together_share_no_key():
    keys = all_keys("{id: a, kind: choice, labels: [x, y]}", "{id: b, kind: rating, max: 3}", "{id: c, kind: errors, categories: [x]}")

    assert keys == [["1", "2"], ["3", "4", "5"], ["6", "7", "8", "9", "0"]]


def test_questions_that_exclude_each_other_may_share_keys():
    keys = all_keys(
        "{id: a, kind: choice, labels: [x, y]}",
        "{id: b, kind: choice, labels: [p, q], show_when: {question: a, is: x}}",
        "{id: c, kind: choice, labels: [r, s], show_when: {question: a, is: y}}",
        "{id: d, kind: choice, labels: [t, u], show_when: {question: c, is: r}}",
    )

    assert keys == [["1", "2"], ["3", "4"], ["3", "4"], ["5", "6"]]


def test_questions_that_wait_for_several_choices_may_be_seen_together():
    keys = all_keys(
        "{id: a, kind: choices, labels: [x, y]}",
        "{id: b, kind: choice, labels: [p], show_when: {question: a, is: x}}",
        "{id: c, kind: choice, labels: [r], show_when: {question: a, is: y}}",
    )

    assert keys == [["1", "2"], ["3"], ["4"]]


def test_a_written_key_is_kept_free_for_its_label():
    keys = all_keys("{id: a, kind: choice, labels: [x, y]}", "{id: b, kind: choice, labels: [{value: p, key: 1}, {value: q, key: ''}, é]}")

    assert keys == [["2", "3"], ["1", "", "4"]]


def test_the_steps_of_a_rating_have_their_own_digits_while_all_are_free():
    keys = all_keys("{id: b, kind: rating, min: 0, max: 10}", "{id: c, kind: rating, max: 3}")

    assert keys == [["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "q"], ["w", "e", "r"]]


def test_the_places_of_a_tree_have_only_written_keys():
    schema = a_schema("{id: a, kind: tree, labels: [{value: x, labels: [{value: p, key: m}]}]}", "{id: b, kind: choice, labels: [y]}")

    (root,) = schema.document["questions"][0]["labels"]
    assert (root["key"], root["labels"][0]["key"], keys_of(schema.document["questions"][1])) == ("", "m", ["1"])


@pytest.mark.parametrize("key", sorted(COMMANDS))
def test_the_key_of_a_command_is_refused(key):
    (problem,) = the_problems(f"questions: [{{id: a, kind: choice, labels: [{{value: x, key: '{key}'}}]}}]")

    assert problem.path == "questions[0].labels[0].key"
    assert COMMANDS[key] in problem.message


@pytest.mark.parametrize(("key", "message"), [("Q", 'write the key as "q"'), ("F1", "longer than 1 characters")])
def test_a_key_that_cannot_be_pressed_alone_is_refused(key, message):
    (problem,) = the_problems(f"questions: [{{id: a, kind: choice, labels: [{{value: x, key: {key}}}]}}]")

    assert message in problem.message


def test_clashing_written_keys_are_refused_at_the_second():
    first, second = "{id: a, kind: choice, labels: [{value: x, key: q}]}", "{id: b, kind: choice, labels: [{value: y, key: q}]}"

    (problem,) = the_problems(f"questions:\n- {first}\n- {second}\n")

    assert (problem.line, problem.path) == (3, "questions[1].labels[0].key")
    assert problem.message == '"q" is the key of questions[0].labels[0] already, which is seen at the same time'


@settings(max_examples=40, deadline=None)
@given(written=written_schemas())
def test_no_key_is_shared_without_a_condition_that_keeps_apart(written):
    questions = parse_schema(json.dumps(written)).document["questions"]

    for one, other in combinations(questions, 2):
        shared = set(keys_of(one)) & set(keys_of(other)) - {""}
        assert not shared or (one["show_when"] and other["show_when"])
    for question in questions:
        own = [key for key in keys_of(question) if key]
        assert len(own) == len(set(own))
        assert not set(own) & set(COMMANDS)
