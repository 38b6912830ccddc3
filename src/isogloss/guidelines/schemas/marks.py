"""Checks of answers that are places in a text: spans, tokens, relations, translation errors."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from isogloss.guidelines.schemas.values import Checker, Content, Findings, Settings, shown, unknown_keys

MOST_MARKS = 20_000
MOST_FINDINGS = 20
LONGEST_MARK_ID = 64

_SPAN_KEYS = frozenset({"id", "start", "end", "label", "attributes"})
_TOKEN_KEYS = frozenset({"start", "end", "label"})
_ERROR_KEYS = frozenset({"side", "start", "end", "category", "severity"})
_RELATION_KEYS = frozenset({"from", "to", "label"})


def _values(labels: Sequence[Settings]) -> frozenset[str]:
    return frozenset(label["value"] for label in labels)


def _list_problem(value: Any) -> str:
    if type(value) is not list or not all(type(mark) is dict for mark in value):
        return "a list of mappings is wanted"
    return f"more than {MOST_MARKS:,} entries" if len(value) > MOST_MARKS else ""


def text_length(content: Content | None, *, field: str) -> int | None:
    """Code points in a field; None where there is no content to look at; 0 where the field is no text."""
    if content is None:
        return None
    text = content.get(field)
    return len(text) if type(text) is str else 0


def _extent_problem(mark: Mapping[str, Any], *, length: int | None) -> str:
    start, end = mark.get("start"), mark.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        return "start and end are wanted as whole numbers with 0 ≤ start < end"
    return f"ends at {end}, but the text has {length} code points" if length is not None and end > length else ""


def _label_problem(value: Any, *, known: frozenset[str]) -> str:
    return "" if type(value) is str and value in known else f"{shown(value)} is not one of the labels"


def _overlap_problem(marks: Sequence[Mapping[str, Any]], *, policy: str) -> tuple[int, str] | None:
    """Return the first mark that breaks the policy, in one sweep over marks sorted by their start."""
    order = sorted(range(len(marks)), key=lambda index: (marks[index]["start"], -marks[index]["end"]))
    open_ends: list[int] = []
    for index in order:
        start, end = marks[index]["start"], marks[index]["end"]
        while open_ends and open_ends[-1] <= start:
            open_ends.pop()
        if open_ends and policy == "none":
            return index, "overlaps another"
        if open_ends and end > open_ends[-1]:
            return index, "crosses another: one may only lie wholly inside the other"
        open_ends.append(end)
    return None


def _order_problem(marks: Sequence[Mapping[str, Any]]) -> int | None:
    return next((index for index in range(1, len(marks)) if marks[index]["start"] < marks[index - 1]["start"]), None)


def _attributes_checker(declared: Sequence[Settings]) -> Callable[[Any, str], Findings]:
    attributes = {attribute["id"]: _values(attribute["labels"]) for attribute in declared}
    required = frozenset(attribute["id"] for attribute in declared if attribute["required"])

    def check(given: Any, at: str) -> Findings:
        if type(given) is not dict:
            return [(at, "a mapping is wanted")]
        found = [
            *unknown_keys(given, known=frozenset(attributes), path=at),
            *((at, f'"{name}" is missing') for name in sorted(required - given.keys())),
        ]
        checked = ((name, _label_problem(value, known=attributes[name])) for name, value in given.items() if name in attributes)
        return found + [(f"{at}.{name}", problem) for name, problem in checked if problem]

    return check


def spans_checker(question: Settings) -> Checker:
    """Check labelled stretches of a text, sorted by their start, within the overlap policy."""
    labels, field, policy = _values(question["labels"]), question["field"], question["overlap"]
    attribute_findings = _attributes_checker(question["attributes"])

    def span_findings(span: Mapping[str, Any], index: int, length: int | None) -> Findings:
        found = list(unknown_keys(span, known=_SPAN_KEYS, path=f"[{index}]"))
        if problem := _extent_problem(span, length=length):
            found.append((f"[{index}]", problem))
        if problem := _label_problem(span.get("label"), known=labels):
            found.append((f"[{index}].label", problem))
        name = span.get("id")
        if type(name) is not str or not 0 < len(name) <= LONGEST_MARK_ID:
            found.append((f"[{index}].id", f"a text of 1 to {LONGEST_MARK_ID} characters is wanted"))
        return [*found, *attribute_findings(span.get("attributes", {}), f"[{index}].attributes")]

    def check(value: Any, _answers: Mapping[str, Any], content: Content | None) -> Findings:
        if problem := _list_problem(value):
            return [("", problem)]
        if found := _each(value, check=span_findings, length=text_length(content, field=field)):
            return found
        if len({span["id"] for span in value}) != len(value):
            return [("", "two spans have one id")]
        if len({(span["start"], span["end"], span["label"]) for span in value}) != len(value):
            return [("", "two spans have one extent and label")]
        return _together(value, policy=policy)

    return check


def _each(
    marks: Sequence[Mapping[str, Any]], *, check: Callable[[Mapping[str, Any], int, int | None], Findings], length: int | None
) -> Findings:
    found: list[tuple[str, str]] = []
    for index, mark in enumerate(marks):
        found += check(mark, index, length)
        if len(found) >= MOST_FINDINGS:
            break
    return found


def _together(marks: Sequence[Mapping[str, Any]], *, policy: str, path: str = "") -> Findings:
    if (late := _order_problem(marks)) is not None:
        return [(f"{path}[{late}]", "starts before the one above it: sort by start")]
    crossing = None if policy == "allow" else _overlap_problem(marks, policy=policy)
    return [(f"{path}[{crossing[0]}]", crossing[1])] if crossing else ()


def tokens_checker(question: Settings) -> Checker:
    """Check painted tokens, sorted, none over another."""
    labels, field = _values(question["labels"]), question["field"]

    def token_findings(token: Mapping[str, Any], index: int, length: int | None) -> Findings:
        found = list(unknown_keys(token, known=_TOKEN_KEYS, path=f"[{index}]"))
        if problem := _extent_problem(token, length=length):
            found.append((f"[{index}]", problem))
        if problem := _label_problem(token.get("label"), known=labels):
            found.append((f"[{index}].label", problem))
        return found

    def check(value: Any, _answers: Mapping[str, Any], content: Content | None) -> Findings:
        if problem := _list_problem(value):
            return [("", problem)]
        return _each(value, check=token_findings, length=text_length(content, field=field)) or _together(value, policy="none")

    return check


def relations_checker(question: Settings) -> Checker:
    """Check labelled links between two different spans."""
    labels, spans = _values(question["labels"]), question["spans"]

    def check(value: Any, answers: Mapping[str, Any], _content: Content | None) -> Findings:
        if problem := _list_problem(value):
            return [("", problem)]
        there = answers.get(spans)
        names = {span["id"] for span in there if type(span) is dict and type(span.get("id")) is str} if type(there) is list else set()

        def relation_findings(relation: Mapping[str, Any], index: int, _length: int | None) -> Findings:
            at = f"[{index}]"
            found = list(unknown_keys(relation, known=_RELATION_KEYS, path=at))
            ends = relation.get("from"), relation.get("to")
            for side, end in zip(("from", "to"), ends, strict=True):
                if type(end) is not str or end not in names:
                    found.append((f"{at}.{side}", f'{shown(end)} is no span of "{spans}"'))
            if ends[0] == ends[1]:
                found.append((at, "links a span with itself"))
            if problem := _label_problem(relation.get("label"), known=labels):
                found.append((f"{at}.label", problem))
            return found

        if found := _each(value, check=relation_findings, length=None):
            return found
        distinct = {(relation["from"], relation["to"], relation["label"]) for relation in value}
        return () if len(distinct) == len(value) else [("", "the same relation twice")]

    return check


def _error_checker(question: Settings) -> Callable[[Mapping[str, Any], str, Content | None], Findings]:
    categories, severities = _values(question["categories"]), _values(question["severities"])
    fields = {"source": question["source"], "target": question["target"]}

    def check(error: Mapping[str, Any], at: str, content: Content | None) -> Findings:
        found = list(unknown_keys(error, known=_ERROR_KEYS, path=at))
        side = error.get("side")
        if type(side) is not str or side not in fields:
            found.append((f"{at}.side", f"source or target is wanted, not {shown(side)}"))
        elif problem := _extent_problem(error, length=text_length(content, field=fields[side])):
            found.append((at, problem))
        for part, known in (("category", categories), ("severity", severities)):
            if problem := _label_problem(error.get(part), known=known):
                found.append((f"{at}.{part}", problem))
        return found

    return check


def errors_checker(question: Settings) -> Checker:
    """Check translation errors with category and severity, and the score where one is asked for."""
    score, score_is_needed = question["score"], question["score"] and question["required"]
    keys = frozenset({"errors", "score"}) if score else frozenset({"errors"})

    error_findings = _error_checker(question)

    def check(value: Any, _answers: Mapping[str, Any], content: Content | None) -> Findings:
        if type(value) is not dict:
            return [("", 'a mapping with "errors" is wanted')]
        found = list(unknown_keys(value, known=keys))
        given = value.get("score")
        if (score_is_needed or (score and "score" in value)) and not (type(given) is int and 0 <= given <= 100):  # noqa: PLR2004  the scale of direct assessment
            found.append(("score", "a whole number from 0 to 100 is wanted"))
        if problem := _list_problem(value.get("errors")):
            return [*found, ("errors", problem)]
        for index, error in enumerate(value["errors"]):
            found += error_findings(error, f"errors[{index}]", content)
            if len(found) >= MOST_FINDINGS:
                break
        return found

    return check
