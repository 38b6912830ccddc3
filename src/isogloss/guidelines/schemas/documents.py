"""A label schema in its normal form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import msgspec

from isogloss.guidelines.schemas.completion import complete, content_fields
from isogloss.guidelines.schemas.grammar import SCHEMA
from isogloss.guidelines.schemas.nodes import read_nodes
from isogloss.guidelines.schemas.problems import Report, TooManyProblems
from isogloss.guidelines.schemas.shapes import JsonObject


class QuestionKind(StrEnum):
    """What a question asks for."""

    CHOICE = "choice"
    CHOICES = "choices"
    TREE = "tree"
    RATING = "rating"
    SLIDER = "slider"
    TEXT = "text"
    LANGUAGE = "language"
    SPANS = "spans"
    RELATIONS = "relations"
    TOKENS = "tokens"
    ERRORS = "errors"
    PAIRWISE = "pairwise"
    RANKING = "ranking"


@dataclass(frozen=True, slots=True)
class Label:
    """One thing that may be chosen; in a tree the value is the whole path, joined by "/"."""

    value: str
    name: str
    key: str
    colour: int
    hint: str


@dataclass(frozen=True)
class Question:
    """One question; `settings` is its normal form with whatever its kind adds."""

    id: str
    kind: QuestionKind
    prompt: str
    required: bool
    settings: Mapping[str, Any]

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """What may be chosen: labels, categories of errors, or the options of a rating, language, pair or ranking."""
        listed = self.settings.get("labels") or self.settings.get("categories") or self.settings.get("options") or ()
        return tuple(_labels(listed, above=""))


def _labels(listed: Sequence[Mapping[str, Any]], *, above: str) -> Iterator[Label]:
    for place, label in enumerate(listed):
        value = above + str(label["value"])
        yield Label(value, label["name"], label["key"], label.get("colour", place % 8 + 1), label.get("hint", ""))
        yield from _labels(label.get("labels", ()), above=f"{value}/")


@dataclass(frozen=True)
class LabelSchemaDocument:
    """A label schema; `document` is its normal form and must not be changed."""

    document: JsonObject

    def __hash__(self) -> int:
        return hash(self.to_json())

    def to_json(self) -> str:
        """Return the normal form as JSON, in one order of keys, so that equal schemas are equal texts."""
        return msgspec.json.encode(self.document).decode()

    @classmethod
    def from_json(cls, text: str) -> "LabelSchemaDocument":
        """Take a normal form that was stored; it is trusted, not checked again."""
        return cls(msgspec.json.decode(text))

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What is asked, in order."""
        return tuple(
            Question(question["id"], QuestionKind(question["kind"]), question["prompt"], question["required"], question)
            for question in self.document["questions"]
        )

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Content fields that a person sees."""
        return tuple(content_fields(self.document))


def parse_schema(source: str) -> LabelSchemaDocument:
    """Read a label schema in YAML or JSON; SchemaErrors says what is wrong and where."""
    root = read_nodes(source)
    report = Report()
    try:
        document = SCHEMA.read(root, path="", report=report)
        if document is not None and not report.problems:
            complete(document, report=report)
    except TooManyProblems:
        document = None
    report.raise_if_any()
    assert document is not None
    return LabelSchemaDocument(document)
