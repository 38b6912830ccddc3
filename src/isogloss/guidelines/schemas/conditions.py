"""When a question is shown, and which questions may be on the screen together."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from isogloss.guidelines.schemas.languages import in_usual_case, is_tag
from isogloss.guidelines.schemas.problems import Report, did_you_mean
from isogloss.guidelines.schemas.shapes import JsonObject

# Of these a person holds one value at a time, so questions that wait for different values are never seen together.
_SINGLE = frozenset({"choice", "rating", "language", "pairwise"})
_PARENTS = _SINGLE | {"choices", "tree"}


def complete_conditions(questions: list[JsonObject], *, report: Report) -> None:
    """Check every show_when against the question it names, and give its values that question's types."""
    earlier: dict[str, JsonObject] = {}
    everyone = {question["id"] for question in questions}
    for index, question in enumerate(questions):
        if question["show_when"] is not None:
            _complete(question["show_when"], earlier=earlier, everyone=everyone, path=f"questions[{index}].show_when", report=report)
        earlier.setdefault(question["id"], question)


def _complete(condition: JsonObject, *, earlier: Mapping[str, JsonObject], everyone: set[str], path: str, report: Report) -> None:
    name = condition["question"]
    parent = earlier.get(name)
    if parent is None:
        there = f'"{name}" comes later: move it above this question' if name in everyone else ""
        report.complain(f"{path}.question", message=there or f'there is no question "{name}"; {did_you_mean(name, known=earlier)}')
    elif parent["kind"] not in _PARENTS:
        report.complain(f"{path}.question", message=f'"{name}" is of kind {parent["kind"]}, whose answers cannot be waited for')
    else:
        condition["is"] = [
            _value(value, parent=parent, path=f"{path}.is[{index}]", report=report) for index, value in enumerate(condition["is"])
        ]


def _value(value: str, *, parent: JsonObject, path: str, report: Report) -> str | int:
    known = possible_values(parent)
    if parent["kind"] == "language" and value not in known and is_tag(value):
        return in_usual_case(value)
    if value not in known:
        report.complain(path, message=f'"{value}" is no answer to "{parent["id"]}"; {did_you_mean(value, known=known)}')
        return value
    return int(value) if parent["kind"] == "rating" else value


def possible_values(question: JsonObject) -> list[str]:
    """Values, as texts, that a show_when may wait for."""
    if question["kind"] in {"choice", "choices"}:
        return [label["value"] for label in question["labels"]]
    if question["kind"] == "tree":
        return tree_values(question["labels"])
    return [str(option["value"]) for option in question["options"]]


def tree_values(labels: Sequence[JsonObject]) -> list[str]:
    """Every value in a taxonomy, depth first."""
    return [value for label in labels for value in (label["value"], *tree_values(label["labels"]))]


def visible_together(questions: Sequence[JsonObject]) -> list[list[bool]]:
    """Tell for each pair of questions whether some answers show both."""
    kinds = {question["id"]: question["kind"] for question in questions}
    chains: dict[str, dict[str, frozenset[Any]]] = {}
    for question in questions:
        condition = question["show_when"]
        chains[question["id"]] = (
            {} if condition is None else chains.get(condition["question"], {}) | {condition["question"]: frozenset(condition["is"])}
        )
    rows = [chains[question["id"]] for question in questions]
    return [[not _exclude_each_other(one, other=other, kinds=kinds) for other in rows] for one in rows]


def _exclude_each_other(one: Mapping[str, frozenset[Any]], *, other: Mapping[str, frozenset[Any]], kinds: Mapping[str, str]) -> bool:
    return any(kinds[name] in _SINGLE and name in other and wanted.isdisjoint(other[name]) for name, wanted in one.items())


def compile_condition(condition: JsonObject | None, *, kinds: Mapping[str, str]) -> Callable[[Mapping[str, Any]], bool] | None:
    """Return a test of the answers, or None for a question that is always shown."""
    if condition is None:
        return None
    name, wanted = condition["question"], frozenset(condition["is"])
    held = _HELD.get(kinds[name], _held_plain)
    return lambda answers: name in answers and not wanted.isdisjoint(held(answers[name]))


def _held_plain(answer: Any) -> Sequence[Any]:
    return (answer,) if type(answer) in (str, int) else ()


def _held_list(answer: Any) -> Sequence[Any]:
    return [value for value in answer if type(value) is str] if type(answer) is list else ()


def _held_language(answer: Any) -> Sequence[Any]:
    if type(answer) is not dict:
        return ()
    tag = answer.get("tag")
    return [in_usual_case(tag) if type(tag) is str else "", *(special for special in ("mixed", "none") if answer.get(special))]


def _held_pairwise(answer: Any) -> Sequence[Any]:
    return _held_plain(answer.get("preferred")) if type(answer) is dict else ()


_HELD = {"choices": _held_list, "tree": _held_list, "language": _held_language, "pairwise": _held_pairwise}
