"""Writes about annotations that come from a file; live ones are written by dispatch, under a lease."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection

from isogloss.annotation.models import Annotation, Source
from isogloss.platform.db import write_transaction
from isogloss.platform.identifiers import new_public_id

PIECE = 4000
_COLUMNS = (
    "public_id", "project_id", "item_id", "item_version", "person_id", "revision", "key", "body_hash", "guideline_version_id", "answers", "language",
    "submitted_at", "suggestion_visible", "served", "source", "counted", "gold",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImportedAnswer:
    """One annotation from a file; `answers` is JSON that has passed the schema's checks, `at` when it was made, if that is known."""

    item_id: int
    person_id: int
    answers: str
    language: str
    item_version: int = 1
    at: datetime | None = None


def record_imported(project_id: int, *, version_id: int, answers: Iterable[ImportedAnswer], now: datetime) -> list[ImportedAnswer]:
    """Store annotations from a file, and return those refused because their person has answered the item already.

    They have no lease and no active time. Dispatch must hear of them afterwards: `register_imported_annotations`.
    """
    refused: list[ImportedAnswer] = []
    rows = iter(answers)
    while piece := list(islice(rows, PIECE)):
        with write_transaction():
            seen = _answered(piece)
            fresh = []
            for answer in piece:
                place = (answer.item_id, answer.person_id)
                if place in seen:
                    refused.append(answer)
                else:
                    seen.add(place)
                    fresh.append(answer)
            _load([_row(project_id, version_id, answer, now=now) for answer in fresh])
    return refused


def _answered(piece: Sequence[ImportedAnswer]) -> set[tuple[int, int]]:
    items = {answer.item_id for answer in piece}
    return set(Annotation.objects.filter(item_id__in=items).values_list("item_id", "person_id"))


def _row(project_id: int, version_id: int, answer: ImportedAnswer, *, now: datetime) -> tuple[Any, ...]:
    at = connection.ops.adapt_datetimefield_value(answer.at or now)
    return (
        new_public_id(), project_id, answer.item_id, answer.item_version, answer.person_id, 0, f"import-{answer.item_id}", "", version_id, answer.answers,
        answer.language, at, False, "", Source.IMPORT.value, True, False,
    )  # fmt: skip


def _load(rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows in the engine's quickest way: a prepared statement on SQLite, COPY on PostgreSQL."""
    names = ", ".join(_COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY annotation_annotation ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        elif rows:
            marks = ", ".join(["%s"] * len(_COLUMNS))
            cursor.executemany(f"INSERT INTO annotation_annotation ({names}) VALUES ({marks})", rows)  # noqa: S608  names are constants
