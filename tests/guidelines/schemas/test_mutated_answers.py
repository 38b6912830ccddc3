"""An answer that was changed into nonsense is refused, whatever the schema."""

import copy
import json
import math
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.guidelines.schemas import compile_schema, parse_schema
from tests.guidelines.schemas.strategies import FIELDS, KINDS, answer_to, written_schemas

STRANGER = "¤ nobody's value ¤"
NEVER = [None, True, math.nan, math.inf, {STRANGER: 1}, [None], [[[]]], [[STRANGER]], -(10**400)]


def broken_marks(question: dict[str, Any], answer: Any) -> list[Any]:
    match question["kind"]:
        case "spans":
            whole = {"id": "n", "start": 0, "end": 1, "label": question["labels"][0]["value"], "attributes": {}}
            changes = [
                {"start": -1},
                {"end": 10_000},
                {"end": 0},
                {"start": 0.0},
                {"label": STRANGER},
                {"id": ""},
                {"id": 3},
                {"more": 1},
                {"attributes": {STRANGER: "a"}},
                {"attributes": []},
            ]
            return [*([whole | change] for change in changes), [{**whole, "start": True}], {"spans": answer}]
        case "tokens":
            whole = {"start": 0, "end": 1, "label": question["labels"][0]["value"]}
            return [
                [whole, whole],
                [whole | {"end": 10_000}],
                [whole | {"label": STRANGER}],
                [whole | {"id": "t"}],
                [{"start": 0, "end": 1}],
            ]
        case _:
            whole = {
                "side": "target",
                "start": 0,
                "end": 1,
                "category": question["categories"][0]["value"],
                "severity": question["severities"][0]["value"],
            }
            changes = [{"side": "both"}, {"end": 10_000}, {"category": STRANGER}, {"severity": STRANGER}, {"more": 1}]
            return [
                *({**answer, "errors": [whole | change]} for change in changes),
                {**answer, "score": 101},
                {**answer, "errors": None},
                {"score": 3},
            ]


def broken(question: dict[str, Any], answer: Any) -> list[Any]:  # noqa: PLR0911  one case per kind
    """Answers that differ from a right one in one wrong thing."""
    match question["kind"]:
        case "choice":
            return [STRANGER, [answer], 1, answer + STRANGER]
        case "choices":
            return [STRANGER, [*answer, STRANGER], [*answer, *answer, question["labels"][0]["value"], question["labels"][0]["value"]]]
        case "tree":
            return [[], [*answer, STRANGER], "/".join(answer), answer[0]]
        case "rating":
            return [question["min"] - 1, question["max"] + 1, str(answer), answer + 0.5, float(answer)]
        case "slider":
            return [question["min"] - question["step"], question["max"] + question["step"], answer + question["step"] / 3, str(answer)]
        case "text":
            return [1, "x" * (question["max_length"] + 1), "half \ud800", "nul \0", [answer]] + ([" "] if question["min_length"] else [])
        case "language":
            return [
                "jv",
                {},
                {"tag": "jv", "none": True},
                {"tag": "j"},
                {"tag": "jv_ID"},
                {"tag": 1},
                {"mixed": ["jv"]},
                {"mixed": ["jv", "JV"]},
                {"none": False},
            ]
        case "spans" | "tokens" | "errors":
            return broken_marks(question, answer)
        case "pairwise":
            return [
                {**answer, "preferred": "left"},
                {**answer, "strength": question["strengths"] + 1},
                {**answer, "strength": 0},
                {**answer, "reason": " "},
                {**answer, "more": 1},
                "a",
            ]
        case _:
            return [
                answer[:-1],
                [*answer, answer[0]],
                [*answer, []],
                [value for group in answer for value in group],
                [[*answer[0], STRANGER], *answer[1:]],
            ]


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_a_broken_answer_is_refused(data):
    kind = data.draw(st.sampled_from([kind for kind in KINDS if kind != "relations"]))
    question = parse_schema(json.dumps(data.draw(written_schemas(kinds=(kind,))))).document["questions"][0]
    answer = data.draw(answer_to(question, FIELDS, {}))
    schema = parse_schema(
        json.dumps(
            {
                "displays": [{"kind": "text", "field": "text"}, {"kind": "parallel", "source": "source", "target": "target"}],
                "questions": [question],
            }
        )
    )
    before = copy.deepcopy(answer)

    for wrong in [*broken(question, answer), *NEVER]:
        assert compile_schema(schema).problems({question["id"]: wrong}, content=FIELDS), wrong

    assert compile_schema(schema).problems({question["id"]: answer}, content=FIELDS) == []
    assert answer == before


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["start", "end", "label", "id", "tag", "errors"]), inner),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(written=written_schemas(), data=st.data())
def test_no_answer_from_outside_raises(written, data):
    schema = parse_schema(json.dumps(written))
    answers = data.draw(st.fixed_dictionaries({}, optional={question.id: anything for question in schema.questions}))

    found = compile_schema(schema).problems(answers, content=FIELDS)

    assert all(problem.message and problem.path.startswith(problem.question) for problem in found)
