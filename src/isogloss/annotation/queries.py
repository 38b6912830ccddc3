"""Reads about annotations: a person's last answers, an item's history, and narrow columns for the statistics."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from isogloss.annotation.models import COUNTED, Annotation, Decision, DecisionStatus, SetAside, Skipped
from isogloss.corpus.queries import contents_of

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """A standing answer of a person, with what they saw, so that it can be corrected."""

    lease: str
    public_id: str
    revision: int
    guideline_version_id: int
    content: str
    answers: str
    language: str
    severity: int
    hazards: str
    submitted_at: datetime


def count_standing(*, person_id: int, project_id: int) -> int:
    """Return how many items of a project the person has a standing answer to."""
    newer = Annotation.objects.filter(item_id=OuterRef("item_id"), person_id=OuterRef("person_id"), revision__gt=OuterRef("revision"))
    recalled = SetAside.objects.filter(annotation_id=OuterRef("pk"))
    return Annotation.objects.filter(~Exists(newer), ~Exists(recalled), person_id=person_id, project_id=project_id).count()


def last_answers(*, person_id: int, project_id: int, most: int) -> list[LastAnswer]:
    """Return the person's latest answers under leases, newest first, with the content they were given to.

    An answer that was corrected comes once, as it stands.
    """
    newer = Annotation.objects.filter(item_id=OuterRef("item_id"), person_id=person_id, revision__gt=OuterRef("revision"))
    rows = (
        Annotation.objects.filter(person_id=person_id, project_id=project_id, lease__isnull=False)
        .filter(~Exists(newer))
        .select_related("item")
        .order_by("-id")[:most]
    )
    earlier = contents_of((row.item_id, row.item_version) for row in rows if row.item_version != row.item.version)
    return [
        LastAnswer(
            lease=row.lease or "",
            public_id=row.public_id,
            revision=row.revision,
            guideline_version_id=row.guideline_version_id,
            content=earlier.get((row.item_id, row.item_version), row.item.content),
            answers=row.answers,
            language=row.language,
            severity=row.item.severity,
            hazards=row.item.hazards,
            submitted_at=row.submitted_at,
        )
        for row in rows
    ]


def annotations_of_item(item_id: int) -> QuerySet[Annotation]:
    """Every annotation of an item with its revisions, by person and revision."""
    return Annotation.objects.filter(item_id=item_id).select_related("person").order_by("person_id", "revision")


def skips_of_item(item_id: int) -> QuerySet[Skipped]:
    """Who passed the item on, and why, oldest first."""
    return Skipped.objects.filter(item_id=item_id).select_related("person").order_by("id")


def set_aside_ids(annotation_ids: Iterable[int]) -> set[int]:
    """Return which of these annotations were set aside."""
    return set(SetAside.objects.filter(annotation_id__in=list(annotation_ids)).values_list("annotation_id", flat=True))


def revisions_of(*, item_ids: Iterable[int], person_ids: Iterable[int]) -> dict[tuple[int, int], tuple[int, str]]:
    """Return the latest revision and its answers for each of these items and people."""
    rows = Annotation.objects.filter(item_id__in=list(item_ids), person_id__in=list(person_ids)).order_by("revision")
    return {
        (item, person): (revision, answers)
        for item, person, revision, answers in rows.values_list("item_id", "person_id", "revision", "answers")
    }


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
    WHERE {chosen} AND a.id <= %s AND a.counted AND NOT a.gold
      AND NOT EXISTS (
        SELECT 1 FROM annotation_annotation b
        WHERE b.item_id = a.item_id AND b.person_id = a.person_id AND b.revision > a.revision AND b.id <= %s)
      AND NOT EXISTS (
        SELECT 1 FROM annotation_setaside s JOIN annotation_annotation c ON c.id = s.annotation_id
        WHERE c.item_id = a.item_id AND c.person_id = a.person_id)
    ORDER BY a.id
"""
_STANDING_IN_PROJECT = _STANDING.format(chosen="a.project_id = %s")


@dataclass(frozen=True, slots=True)
class SameAnswers:
    """Standing answers that are alike, under one version of the guideline."""

    guideline_version_id: int
    answers: str
    count: int


@dataclass(frozen=True, slots=True)
class AnswerGroups:
    """A project's standing answers, alike ones together; `one_in` is 1 when all were read, else one in so many was."""

    groups: list[SameAnswers]
    one_in: int


# A square modulo a prime strews ids: a product alone, as long as it is linear, meets the rhythm of work that repeats after a few answers.
STREWN = "((({id} %% 1000000007) * 2654435761 %% 1000000007) * (({id} %% 1000000007) * 2654435761 %% 1000000007) %% 1000000007)"
# Every answer that stands, gold and surplus too.
_GROUPS = """
    SELECT a.guideline_version_id, a.answers, COUNT(*)
    FROM annotation_annotation a
    WHERE a.project_id = %s AND a.id <= %s AND {strewn} %% %s = 0
      AND NOT EXISTS (
        SELECT 1 FROM annotation_annotation b
        WHERE b.item_id = a.item_id AND b.person_id = a.person_id AND b.revision > a.revision AND b.id <= %s)
      AND NOT EXISTS (
        SELECT 1 FROM annotation_setaside s JOIN annotation_annotation c ON c.id = s.annotation_id
        WHERE c.item_id = a.item_id AND c.person_id = a.person_id)
    GROUP BY a.guideline_version_id, a.answers
    ORDER BY a.guideline_version_id, a.answers
""".replace("{strewn}", STREWN.format(id="a.id"))
MOST_READ, MOST_GROUPS = 250_000, 20_000


def standing_groups(project_id: int, *, watermark: int, most: int = MOST_READ, most_groups: int = MOST_GROUPS) -> AnswerGroups:
    """Return a project's standing answers with how often each was given; of very many a sample of those people gave."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM annotation_annotation WHERE project_id = %s AND id <= %s", [project_id, watermark])
        total = int(cursor.fetchone()[0])
        one_in = max(1, -(-total // most))
        groups = _groups(cursor, project_id=project_id, watermark=watermark, one_in=one_in, most=most_groups)
        if groups is None:
            one_in = max(one_in, -(-total // most_groups)) + 1
            groups = _groups(cursor, project_id=project_id, watermark=watermark, one_in=one_in, most=total)
    return AnswerGroups(groups or [], one_in)


def _groups(cursor: "CursorWrapper", *, project_id: int, watermark: int, one_in: int, most: int) -> list[SameAnswers] | None:
    cursor.execute(_GROUPS, [project_id, watermark, one_in, watermark])
    rows = cursor.fetchmany(most + 1)
    return None if len(rows) > most else [SameAnswers(*row) for row in rows]


def latest_annotation_id(project_id: int) -> int:
    """Return the id of the project's latest annotation: the watermark of what is computed from them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(id), 0) FROM annotation_annotation WHERE project_id = %s", [project_id])
        (latest,) = cursor.fetchone()
    return int(latest)


def latest_recall_id() -> int:
    """Return the id of the latest recall anywhere: with it a figure knows which recalls it counts."""
    return SetAside.objects.order_by("-id").values_list("id", flat=True).first() or 0


def has_recalls_after(project_id: int, *, recall_id: int) -> bool:
    """Whether work of a project was recalled after this recall."""
    return SetAside.objects.filter(pk__gt=recall_id, annotation__project_id=project_id).exists()


def standing_answers(project_id: int, *, watermark: int, piece: int = 5000) -> Iterator[AnswerRow]:
    """Yield the standing, counted answers of a project up to a watermark, by id."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING_IN_PROJECT, [project_id, watermark, watermark])
        while rows := cursor.fetchmany(piece):
            yield from (AnswerRow(*row) for row in rows)


def items_answered(project_id: int, *, after: int, upto: int) -> Iterator[int]:
    """Yield the items that were answered between two annotations of a project, each once, by id."""
    rows = Annotation.objects.filter(project_id=project_id, pk__gt=after, pk__lte=upto, gold=False)
    yield from rows.order_by("item_id").values_list("item_id", flat=True).distinct().iterator(5000)


def standing_answers_of(item_ids: Sequence[int], *, watermark: int) -> list[AnswerRow]:
    """Return the standing, counted answers to these items up to a watermark, by id."""
    if not item_ids:
        return []
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(item_ids))
        cursor.execute(_STANDING.format(chosen=f"a.item_id IN ({marks})"), [*item_ids, watermark, watermark])
        return [AnswerRow(*row) for row in cursor.fetchall()]


def answers_decided_by(project_id: int, *, question: str) -> dict[int, int]:
    """Return on how many answers each valid decision on a question rests that was counted from answers, not adjudicated; by item."""
    rows = Decision.objects.filter(project_id=project_id, question=question, is_latest=True, status__in=COUNTED)
    return dict(rows.values_list("item_id", "annotations").iterator(5000))


def items_without_label(project_id: int) -> dict[int, str]:
    """Return the items that have a tie, a decision without a label, on some question, with the languages they are served in."""
    rows = Decision.objects.filter(project_id=project_id, is_latest=True, status=DecisionStatus.TIE)
    return {item: language or "und" for item, language in rows.values_list("item_id", "item__routing_language").iterator(5000)}


def decided_labels(project_id: int, *, question: str, least: int) -> Iterator[tuple[int, str]]:
    """Yield item and label of the valid decisions on a question that were adjudicated, or reached by at least so many people."""
    rows = Decision.objects.filter(project_id=project_id, question=question, is_latest=True, label__isnull=False)
    settled = rows.filter(Q(status=DecisionStatus.ADJUDICATED) | Q(annotations__gte=least, status=DecisionStatus.AGREED))
    for item, label in settled.values_list("item_id", "label").iterator(5000):
        yield item, label or ""


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
