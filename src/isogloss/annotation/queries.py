"""Reads about annotations for pages: a person's last answers, an item's history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from isogloss.annotation.models import Annotation, SetAside, Skipped


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


def last_answers(*, person_id: int, project_id: int, most: int) -> list[LastAnswer]:
    """Return the person's latest answers under leases, newest first; an answer that was corrected comes once, as it stands."""
    newer = Annotation.objects.filter(item_id=OuterRef("item_id"), person_id=person_id, revision__gt=OuterRef("revision"))
    rows = (
        Annotation.objects.filter(person_id=person_id, project_id=project_id, lease__isnull=False)
        .filter(~Exists(newer))
        .select_related("item")
        .order_by("-id")[:most]
    )
    return [
        LastAnswer(
            lease=row.lease or "",
            public_id=row.public_id,
            revision=row.revision,
            guideline_version_id=row.guideline_version_id,
            content=row.item.content,
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
