"""Checks of answers that are one value: labels, numbers, texts, languages, preferences, rankings."""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from isogloss.guidelines.schemas.languages import in_usual_case, is_bare, is_tag

Settings: TypeAlias = Mapping[str, Any]
Content: TypeAlias = Mapping[str, Any]
# Where inside the answer, and what to do; empty when the answer is right.
Findings: TypeAlias = Sequence[tuple[str, str]]
# Arguments: the answer, all answers of the item, its content (None where it is not known: what depends on it is not checked).
Checker: TypeAlias = Callable[[Any, Mapping[str, Any], Content | None], Findings]

LONGEST_REASON = 10_000
_SURROGATE_OR_NUL = re.compile("[\ud800-\udfff\0]")


def shown(value: Any) -> str:
    """Quote a value from outside, cut to what a message can hold, without walking into what may be deep or huge."""
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a mapping"
    if type(value) is int and value.bit_length() > 64:  # noqa: PLR2004  Python refuses to print integers of many digits
        return "a very large number"
    text = value if isinstance(value, str) else repr(value)
    return f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"'  # noqa: PLR2004  the length just cut to


def text_problem(value: Any, *, longest: int) -> str:
    """Say why a value is not a storable text, or nothing."""
    if type(value) is not str:
        return "a text is wanted"
    if not value.isascii() and _SURROGATE_OR_NUL.search(value):
        return "holds half of a surrogate pair, or NUL"
    if "\0" in value:
        return "holds NUL"
    return f"longer than {longest} characters" if len(value) > longest else ""


def unknown_keys(value: Mapping[str, Any], *, known: frozenset[str], path: str = "") -> Findings:
    """Name the keys that an answer of this kind does not have."""
    return [] if value.keys() <= known else [(path, f"unknown key {shown(key)}") for key in list(value)[:50] if key not in known]


def choice_checker(question: Settings) -> Checker:
    """Check one label."""
    values = frozenset(label["value"] for label in question["labels"])

    def check(value: Any, _answers: Mapping[str, Any], _content: Content | None) -> Findings:
        if type(value) is str and value in values:
            return ()
        return [("", f"{shown(value)} is not one of the labels")]

    return check


def choices_checker(question: Settings) -> Checker:
    """Check several labels, each once, in the order of the schema."""
    order = {label["value"]: place for place, label in enumerate(question["labels"])}
    alone = frozenset(label["value"] for label in question["labels"] if label.get("exclusive"))
    least, most = question["min"], question["max"]

    def check(value: Any, _answers: Mapping[str, Any], _content: Content | None) -> Findings:
        if type(value) is not list:
            return [("", "a list of labels is wanted")]
        if unknown := [
            (f"[{index}]", f"{shown(one)} is not one of the labels")
            for index, one in enumerate(value[:2_000])
            if type(one) is not str or one not in order
        ]:
            return unknown
        if not least <= len(value) <= most:
            return [("", f"{len(value)} labels chosen; {least} to {most} are wanted")]
        places = [order[one] for one in value]
        if any(left >= right for left, right in pairwise(places)):
            return [("", "give each label once, in the order of the schema")]
        if len(value) > 1 and (single := next((one for one in value if one in alone), None)):
            return [("", f'"{single}" stands alone: choose it or the others')]
        return ()

    return check


def tree_checker(question: Settings) -> Checker:
    """Check a path from a root of the taxonomy to any of its places."""
    paths: set[tuple[str, ...]] = set()

    def walk(labels: Sequence[Settings], above: tuple[str, ...]) -> None:
        for label in labels:
            paths.add((*above, label["value"]))
            walk(label["labels"], (*above, label["value"]))

    walk(question["labels"], ())

    def check(value: Any, _answers: Mapping[str, Any], _content: Content | None) -> Findings:
        if type(value) is list and all(type(level) is str for level in value) and tuple(value) in paths:
            return ()
        return [("", f"{shown(value)} is not a path of the taxonomy")]

    return check


def rating_checker(question: Settings) -> Checker:
    """Check a whole step of the scale."""
    least, most = question["min"], question["max"]

    def check(value: Any, _answers: Mapping[str, Any], _content: Content | None) -> Findings:
        return (
            ()
            if type(value) is int and least <= value <= most
            else [("", f"a whole number from {least} to {most} is wanted, not {shown(value)}")]
        )

    return check


def slider_checker(question: Settings) -> Checker:
    """Check a number on a step of the slider."""
    least, most, step = question["min"], question["max"], question["step"]

    def check(value: Any, _answers: Mapping[str, Any], _content: Content | None) -> Findings:
        if type(value) not in (int, float) or not least <= value <= most or not math.isfinite(value):
            return [("", f"a number from {least:g} to {most:g} is wanted, not {shown(value)}")]
        steps = (value - least) / step
        return () if abs(steps - round(steps)) < 1e-6 else [("", f"{value:g} is between two steps of {step:g}")]  # noqa: PLR2004  what floats lose

    return check


def _essence(text: str) -> str:
    """Drop spacing, case and punctuation: a copy without them is a copy all the same."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(character for character in folded if not character.isspace() and unicodedata.category(character)[0] != "P")


def text_checker(question: Settings) -> Checker:
    """Check a text: of the right length, and no copy of a field of the content."""
    least, most, copied = question["min_length"], question["max_length"], question["not_copy_of"]

    def check(value: Any, _answers: Mapping[str, Any], content: Content | None) -> Findings:
        if problem := text_problem(value, longest=most):
            return [("", problem)]
        if len(value) < least or (least and not value.strip()):
            return [("", f"write at least {least} character{'s' if least > 1 else ''}")]
        original = content.get(copied) if copied and content is not None else None
        if type(original) is str and (essence := _essence(original)) and _essence(value) == essence:
            return [("", f'repeats "{copied}": write it in your own words or language')]
        return ()

    return check


def language_checker(question: Settings) -> Checker:
    """Check a language, a mixture, or none at all."""
    listed = frozenset(tag.lower() for tag in question["tags"])
    allowed = frozenset(question["allow"])
    kinds = frozenset({"tag", *(allowed - {"variety"})})

    def tag_problem(tag: Any) -> str:
        if type(tag) is not str or not is_tag(tag):
            return f"{shown(tag)} does not have the form of a language tag (BCP-47), like jv or zh-Hant"
        if "variety" not in allowed and tag.lower() not in listed and not is_bare(tag):
            return f"{shown(tag)} names a variety; only languages, and the varieties listed, are asked for"
        return ""

    def check(value: Any, _answers: Mapping[str, Any], _content: Content | None) -> Findings:
        if type(value) is not dict or len(value) != 1 or not value.keys() <= kinds:
            return [("", f"give exactly one of: {', '.join(sorted(kinds))}")]
        if "none" in value:
            return () if value["none"] is True else [("none", "can only be true")]
        if "tag" in value:
            problem = tag_problem(value["tag"])
            return [("tag", problem)] if problem else ()
        tags = value["mixed"]
        if type(tags) is not list or not 2 <= len(tags) <= 10:  # noqa: PLR2004  two languages make a mixture; ten in a text are an error
            return [("mixed", "a list of 2 to 10 languages is wanted")]
        if wrong := [(f"mixed[{index}]", problem) for index, tag in enumerate(tags) if (problem := tag_problem(tag))]:
            return wrong
        return () if len({in_usual_case(tag) for tag in tags}) == len(tags) else [("mixed", "names a language twice")]

    return check


def pairwise_checker(question: Settings) -> Checker:
    """Check which of two is better, how much, and why."""
    sides = frozenset({"a", "b", "tie"} if question["tie"] else {"a", "b"})
    strengths, reason = question["strengths"], question["reason"]
    keys = frozenset({"preferred", "strength", "reason"})

    def check(value: Any, _answers: Mapping[str, Any], _content: Content | None) -> Findings:
        if type(value) is not dict:
            return [("", 'a mapping with "preferred" is wanted')]
        found = list(unknown_keys(value, known=keys))
        preferred = value.get("preferred")
        if type(preferred) is not str or preferred not in sides:
            found.append(("preferred", f"one of {', '.join(sorted(sides))} is wanted, not {shown(preferred)}"))
        has_strength = strengths > 1 and preferred != "tie"
        if has_strength and not (type(value.get("strength")) is int and 1 <= value["strength"] <= strengths):
            found.append(("strength", f"a whole number from 1 to {strengths} is wanted"))
        if not has_strength and "strength" in value:
            found.append(("strength", "is not asked for here"))
        if "reason" in value and reason != "none":
            problem = text_problem(value["reason"], longest=LONGEST_REASON) or ("" if value["reason"].strip() else "is empty")
            found += [("reason", problem)] if problem else []
        elif "reason" in value or reason == "required":
            found.append(("reason", "is not asked for here" if "reason" in value else "say why"))
        return found

    return check


def ranking_checker(question: Settings) -> Checker:
    """Check a ranking: every option once, best first, ties in one list."""
    options = frozenset(option["value"] for option in question["options"])

    def check(value: Any, _answers: Mapping[str, Any], _content: Content | None) -> Findings:
        if type(value) is not list or not all(type(place) is list and place for place in value):
            return [("", "a list of lists is wanted, best first")]
        ranked = [one for place in value for one in place]
        if unknown := [one for one in ranked[:100] if type(one) is not str or one not in options]:
            return [("", f"{shown(unknown[0])} is not one of the options")]
        if len(ranked) != len(options) or len(set(ranked)) != len(options):
            return [("", "rank every option exactly once")]
        return ()

    return check
