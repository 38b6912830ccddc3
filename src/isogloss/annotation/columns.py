"""Narrow reads over annotations for the statistics: raw columns, never model rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One standing annotation."""

    id: int
    item_id: int
    person_id: int
    guideline_version_id: int
    language: str
    answers: str


# The latest revision of each (item, person) stands; what was set aside, came as surplus or answers gold is left out.
_STANDING = """
    SELECT a.id, a.item_id, a.person_id, a.guideline_version_id, a.language, a.answers
    FROM annotation_annotation a
    WHERE a.project_id = %s AND a.id <= %s AND a.counted AND NOT a.gold
      AND NOT EXISTS (SELECT 1 FROM annotation_annotation b WHERE b.item_id = a.item_id AND b.person_id = a.person_id AND b.revision > a.revision AND b.id <= %s)
      AND NOT EXISTS (SELECT 1 FROM annotation_setaside s JOIN annotation_annotation c ON c.id = s.annotation_id WHERE c.item_id = a.item_id AND c.person_id = a.person_id)
    ORDER BY a.id
"""


def latest_annotation_id(project_id: int) -> int:
    """Return the id of the project's latest annotation: the watermark of what is computed from them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(id), 0) FROM annotation_annotation WHERE project_id = %s", [project_id])
        (latest,) = cursor.fetchone()
    return int(latest)


def standing_answers(project_id: int, *, watermark: int, piece: int = 5000) -> Iterator[AnswerRow]:
    """Yield the standing, counted answers of a project up to a watermark, by id."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [project_id, watermark, watermark])
        while rows := cursor.fetchmany(piece):
            yield from (AnswerRow(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class WorkRow:
    """How much one person did in a project."""

    person_id: int
    annotations: int
    active_ms: int
    timed: int


def work_by_person(project_id: int, *, watermark: int) -> list[WorkRow]:
    """Count first answers and active time by person; a job stores the result, pages read that."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, COUNT(*), COALESCE(SUM(active_ms), 0), COUNT(active_ms) FROM annotation_annotation"
            " WHERE project_id = %s AND id <= %s AND revision = 0 AND NOT gold GROUP BY person_id",
            [project_id, watermark],
        )
        return [WorkRow(*map(int, row)) for row in cursor.fetchall()]
