"""Labelled texts from a release's folder: what was decided on its language question, or the language its items were declared in."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from isogloss.core.language.tags import UnknownTag, base
from isogloss.core.language.training import Example
from isogloss.guidelines.schemas import LabelSchemaDocument, Question, QuestionKind

__all__ = ["UnusableRelease", "is_release", "release_examples"]

LEAST_LABELS = 2
_HELD_OUT = {"gold", "test"}  # what a trainer must not see


class UnusableRelease(ValueError):
    """A model cannot be trained from this folder; the message says what is missing."""


def is_release(folder: Path) -> bool:
    """Whether the folder is a release of ours."""
    return folder.is_dir() and (folder / "manifest.json").is_file() and (folder / "items.jsonl").is_file()


def release_examples(folder: Path, *, title: str = "") -> list[Example]:
    """Return every text with the language that people decided; its source is its batch, so that evaluation by source means something.

    Without a language question the declared language is taken; an estimate never is: a model must not learn from what a model said.
    """
    if not (folder / "items.jsonl").is_file():
        raise UnusableRelease("The release holds no items.jsonl. Make it with the format JSONL, then train from that one.")
    fields, questions = _schema(folder)
    decided = _decided(folder, questions=questions) if questions else None
    found = []
    for row in _rows(folder / "items.jsonl"):
        label = row.get("declared_language") if decided is None else decided.get(row["id"])
        text = _text(row["content"], fields=fields)
        if label and text and row.get("split") not in _HELD_OUT and _is_tag(label):
            found.append(Example(text, label, f"{title}{row['batch']}"))
    if not found:
        wanted = f"decided answers to the language question “{questions[0]}”" if questions else "items with a declared language"
        raise UnusableRelease(f"The release has no {wanted}, so there is nothing to learn from.")
    return found


def _schema(folder: Path) -> tuple[tuple[str, ...], list[str]]:
    """The content fields that are shown, and the questions for a language: by kind, or a choice among the release's languages."""
    file = folder / "schema.json"
    if not file.is_file():
        return (), []
    document = LabelSchemaDocument.from_json(file.read_text(encoding="utf-8"))
    known = {base(tag) for tag in _languages(folder) if _is_tag(tag)}
    asked = [question for question in document.questions if question.kind is QuestionKind.LANGUAGE or _is_choice_of(question, known)]
    return document.fields, [question.id for question in asked]


def _languages(folder: Path) -> list[str]:
    return list(msgspec.json.decode((folder / "manifest.json").read_bytes()).get("languages", {}))


def _is_choice_of(question: Question, languages: set[str]) -> bool:
    """Whether two labels of a choice or more are languages of the release (“no” is a tag, too)."""
    if question.kind is not QuestionKind.CHOICE:
        return False
    return len(languages & {base(label["value"]) for label in question.settings["labels"] if _is_tag(label["value"])}) >= LEAST_LABELS


def _decided(folder: Path, *, questions: list[str]) -> dict[str, str]:
    """Decided tags by item; ties, mixtures and “no language” teach nothing about one language."""
    file = folder / "decisions.jsonl"
    rows = _rows(file) if file.is_file() else iter(())
    return {
        row["item"]: row["label"]
        for row in rows
        if row["question"] == questions[0] and row["label"] and row["label"] != "none" and not row["label"].startswith("mixed:")
    }


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    with file.open("rb") as lines:
        for line in lines:
            yield decode(line)


def _text(content: dict[str, Any], *, fields: Sequence[str]) -> str:
    values = [content.get(name) for name in fields] if fields else list(content.values())
    return "\n".join(value for value in values if isinstance(value, str)).strip()


def _is_tag(label: str) -> bool:
    try:
        base(label)
    except UnknownTag:
        return False
    return True
