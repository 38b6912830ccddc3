"""From what was written to the normal form: every default filled in, every reference checked."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from isogloss.guidelines.schemas.conditions import complete_conditions
from isogloss.guidelines.schemas.grammar import HUES, MOST_LABELS, SEVERITIES, TEXT_DISPLAYS
from isogloss.guidelines.schemas.hotkeys import assign_keys
from isogloss.guidelines.schemas.languages import in_usual_case, is_tag
from isogloss.guidelines.schemas.problems import Report, did_you_mean
from isogloss.guidelines.schemas.shapes import JsonObject

MOST_RANKED = 50
MOST_STEPS = 1_000_000


def complete(document: JsonObject, *, report: Report) -> None:
    """Turn a document of the right shape into its normal form, in place."""
    questions: list[JsonObject] = document["questions"]
    _refuse_repeats([question["id"] for question in questions], path="questions", key="id", report=report)
    _complete_displays(document["displays"], report=report)
    count = 0
    for index, question in enumerate(questions):
        path = f"questions[{index}]"
        question["prompt"] = question["prompt"] or question["id"]
        for labels, at in label_lists(question, path=path):
            _complete_labels(labels, path=at, report=report)
            count += len(labels)
        if complete_kind := _KINDS.get(question["kind"]):
            complete_kind(question, path=path, document=document, report=report)
    if count > MOST_LABELS:
        report.complain("questions", message=f"has {count:,} labels in all; at most {MOST_LABELS:,} are possible")
    report.raise_if_any()
    complete_conditions(questions, report=report)
    report.raise_if_any()
    assign_keys(questions, report=report)


def label_lists(question: JsonObject, *, path: str) -> Iterator[tuple[list[JsonObject], str]]:
    """Every list of labels in a question, with its path, outer lists first."""
    if question["kind"] == "errors" and question["severities"] is None:
        question["severities"] = [
            {"value": value, "name": None, "key": None, "colour": None, "hint": "", "weight": weight} for value, weight in SEVERITIES
        ]
    for part in ("labels", "categories", "severities"):
        if part in question:
            yield from _nested_lists(question[part], path=f"{path}.{part}")
    for index, attribute in enumerate(question.get("attributes") or ()):
        yield attribute["labels"], f"{path}.attributes[{index}].labels"


def _nested_lists(labels: list[JsonObject], *, path: str) -> Iterator[tuple[list[JsonObject], str]]:
    yield labels, path
    for index, label in enumerate(labels):
        if label.get("labels"):
            yield from _nested_lists(label["labels"], path=f"{path}[{index}].labels")


def _refuse_repeats(values: Sequence[str], *, path: str, key: str, report: Report) -> None:
    seen: dict[str, int] = {}
    for index, value in enumerate(values):
        first = seen.setdefault(unicodedata.normalize("NFC", value), index)
        if first != index:
            report.complain(f"{path}[{index}].{key}" if key else f"{path}[{index}]", message=f'"{value}" is in {path}[{first}] already')


def _complete_labels(labels: list[JsonObject], *, path: str, report: Report) -> None:
    _refuse_repeats([label["value"] for label in labels], path=path, key="value", report=report)
    for index, label in enumerate(labels):
        label["name"] = label["name"] or label["value"]
        label["colour"] = label["colour"] or index % HUES + 1
        for child in label.get("labels") or ():
            child["colour"] = child["colour"] or label["colour"]


def _complete_displays(displays: list[JsonObject], *, report: Report) -> None:
    for index, display in enumerate(displays):
        for side in ("source", "target") if display["kind"] == "parallel" else ():
            display[side]["language"] = _tag(display[side]["language"], path=f"displays[{index}].{side}.language", report=report)


def _tag(tag: str, *, path: str, report: Report) -> str:
    if tag and not is_tag(tag):
        report.complain(path, message=f'"{tag}" does not have the form of a language tag (BCP-47), like jv or zh-Hant')
    return in_usual_case(tag)


def displayed_fields(displays: Sequence[JsonObject], *, kinds: frozenset[str] | None = None) -> list[str]:
    """Content fields that the displays show, in order."""
    found: list[str] = []
    for display in displays:
        if kinds is None or display["kind"] in kinds:
            found += [display["source"]["field"], display["target"]["field"]] if display["kind"] == "parallel" else [display["field"]]
    return list(dict.fromkeys(found))


def _merge_options(question: JsonObject, *, wanted: Sequence[tuple[Any, str]], path: str, report: Report) -> None:
    """Options follow from the rest of the question; what was written adds names and keys."""
    written = {str(option["value"]): option for option in question["options"]}
    known = [str(value) for value, _ in wanted]
    for index, option in enumerate(question["options"]):
        if str(option["value"]) not in known:
            report.complain(f"{path}.options[{index}].value", message=f'"{option["value"]}" is none of: {", ".join(known[:20])}')
    _refuse_repeats([str(option["value"]) for option in question["options"]], path=f"{path}.options", key="value", report=report)
    question["options"] = [
        {"value": value, "name": written.get(str(value), {}).get("name") or name, "key": written.get(str(value), {}).get("key")}
        for value, name in wanted
    ]


def _complete_text_field(question: JsonObject, *, path: str, document: JsonObject, report: Report) -> None:
    shown = displayed_fields(document["displays"], kinds=TEXT_DISPLAYS)
    if question["field"] is None and shown:
        question["field"] = shown[0]
    elif question["field"] not in shown:
        message = "no text is displayed that could be marked: add a display of kind text"
        if shown:
            message = f'no text display shows the field "{question["field"]}"; {did_you_mean(question["field"], known=shown)}'
        report.complain(f"{path}.field", message=message)


def _complete_choices(question: JsonObject, *, path: str, document: JsonObject, report: Report) -> None:  # noqa: ARG001  the same signature for every kind
    for label in question["labels"]:
        if not label["exclusive"]:
            del label["exclusive"]  # versions from before the word have the same normal form
    alone = next((label["value"] for label in question["labels"] if label.get("exclusive")), None)
    question["max"] = question["max"] or len(question["labels"])
    if question["max"] > len(question["labels"]):
        report.complain(f"{path}.max", message=f"more than the {len(question['labels'])} labels that there are")
    elif question["min"] > question["max"]:
        report.complain(f"{path}.min", message=f"above max, which is {question['max']}")
    elif alone is not None and question["min"] > 1:
        report.complain(f"{path}.min", message=f'"{alone}" is exclusive and stands alone, so no more than 1 label can be asked for')


def _complete_rating(question: JsonObject, *, path: str, document: JsonObject, report: Report) -> None:  # noqa: ARG001
    least, most, names = question["min"], question["max"], question["names"]
    if least >= most:
        report.complain(f"{path}.max", message=f"not above min, which is {least}")
    elif names and len(names) != most - least + 1:
        report.complain(f"{path}.names", message=f"has {len(names)} names for the {most - least + 1} steps from {least} to {most}")
    else:
        steps = range(least, most + 1)
        _merge_options(question, wanted=list(zip(steps, names or map(str, steps), strict=True)), path=path, report=report)
        question["names"] = [option["name"] for option in question["options"]]


def _complete_slider(question: JsonObject, *, path: str, document: JsonObject, report: Report) -> None:  # noqa: ARG001
    if question["min"] >= question["max"]:
        report.complain(f"{path}.max", message=f"not above min, which is {question['min']:g}")
        return
    steps = (question["max"] - question["min"]) / question["step"]
    if not 1 <= round(steps) <= MOST_STEPS or abs(steps - round(steps)) > 1e-6:  # noqa: PLR2004  what floats lose on a division
        report.complain(
            f"{path}.step", message=f"does not divide the range from {question['min']:g} to {question['max']:g} into whole steps"
        )


def _complete_text(question: JsonObject, *, path: str, document: JsonObject, report: Report) -> None:
    if question["min_length"] > question["max_length"]:
        report.complain(f"{path}.min_length", message=f"above max_length, which is {question['max_length']}")
    question["language"] = _tag(question["language"], path=f"{path}.language", report=report)
    shown = content_fields(document)
    for part in ("not_copy_of", "prefill"):
        if question[part] and question[part] not in shown:
            report.complain(
                f"{path}.{part}", message=f'no display shows the field "{question[part]}"; {did_you_mean(question[part], known=shown)}'
            )


def _complete_language(question: JsonObject, *, path: str, document: JsonObject, report: Report) -> None:  # noqa: ARG001
    question["tags"] = [_tag(tag, path=f"{path}.tags[{index}]", report=report) for index, tag in enumerate(question["tags"])]
    question["allow"] = [word for word in ("mixed", "none", "variety") if word in question["allow"]]
    _refuse_repeats(question["tags"], path=f"{path}.tags", key="", report=report)
    wanted = [(tag, tag) for tag in question["tags"]] + [(word, word) for word in question["allow"] if word != "variety"]
    for option in question["options"]:
        option["value"] = in_usual_case(option["value"])
    _merge_options(question, wanted=wanted, path=path, report=report)


def _complete_spans(question: JsonObject, *, path: str, document: JsonObject, report: Report) -> None:
    _complete_text_field(question, path=path, document=document, report=report)
    _refuse_repeats([attribute["id"] for attribute in question["attributes"]], path=f"{path}.attributes", key="id", report=report)
    for attribute in question["attributes"]:
        attribute["name"] = attribute["name"] or attribute["id"]


def _complete_relations(question: JsonObject, *, path: str, document: JsonObject, report: Report) -> None:
    names = [other["id"] for other in document["questions"]]
    spans = {other["id"] for other in document["questions"][: names.index(question["id"])] if other["kind"] == "spans"}
    if question["spans"] not in spans:
        there = "there is no earlier question of kind spans with this id; "
        report.complain(f"{path}.spans", message=there + did_you_mean(question["spans"], known=spans))


def _complete_errors(question: JsonObject, *, path: str, document: JsonObject, report: Report) -> None:
    parallel = next((display for display in document["displays"] if display["kind"] == "parallel"), None)
    shown = displayed_fields(document["displays"], kinds=TEXT_DISPLAYS)
    for side in ("source", "target"):
        if question[side] is None and parallel:
            question[side] = parallel[side]["field"]
        if question[side] is None:
            report.complain(f"{path}.{side}", message=f'say which field is the {side}, or add a display of kind "parallel"')
        elif question[side] not in shown:
            report.complain(
                f"{path}.{side}", message=f'no text display shows the field "{question[side]}"; {did_you_mean(question[side], known=shown)}'
            )
    if question["source"] is not None and question["source"] == question["target"]:
        report.complain(f"{path}.target", message="is the same field as the source")


def _complete_pairwise(question: JsonObject, *, path: str, document: JsonObject, report: Report) -> None:  # noqa: ARG001
    if question["a"] == question["b"]:
        report.complain(f"{path}.b", message="is the same field as a")
    wanted = [("a", "A"), ("b", "B"), *([("tie", "Tie")] if question["tie"] else [])]
    _merge_options(question, wanted=wanted, path=path, report=report)


def _complete_ranking(question: JsonObject, *, path: str, document: JsonObject, report: Report) -> None:  # noqa: ARG001
    fields = question["fields"]
    _refuse_repeats(fields, path=f"{path}.fields", key="", report=report)
    wanted = [(field, field) for field in fields] or [(option["value"], option["value"]) for option in question["options"]]
    if not 2 <= len(wanted) <= MOST_RANKED:  # noqa: PLR2004  one thing has no order
        report.complain(path, message=f'{len(wanted)} options to rank; 2 to {MOST_RANKED} are wanted in "options" or "fields"')
        return
    _merge_options(question, wanted=list(dict(wanted).items()), path=path, report=report)


def content_fields(document: JsonObject) -> list[str]:
    """Content fields that a person sees: those of the displays, then those that questions show themselves."""
    found = displayed_fields(document["displays"])
    for question in document["questions"]:
        if question["kind"] == "pairwise":
            found += [question["a"], question["b"]]
        elif question["kind"] == "ranking":
            found += question["fields"]
    return list(dict.fromkeys(found))


_KINDS: dict[str, Callable[..., None]] = {
    "choices": _complete_choices,
    "rating": _complete_rating,
    "slider": _complete_slider,
    "text": _complete_text,
    "language": _complete_language,
    "spans": _complete_spans,
    "tokens": _complete_text_field,
    "relations": _complete_relations,
    "errors": _complete_errors,
    "pairwise": _complete_pairwise,
    "ranking": _complete_ranking,
}
