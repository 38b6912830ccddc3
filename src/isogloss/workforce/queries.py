"""Reads about people's languages and qualifications."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q, QuerySet, Subquery

from isogloss.accounts.queries import people
from isogloss.core.language.tags import covers
from isogloss.workforce.models import Attempt, Competence, Profile, Qualification

if TYPE_CHECKING:
    from isogloss.accounts.models import User


def standing_competences(*, user_ids: Iterable[int], now: datetime) -> QuerySet[Competence]:
    """Competences of these people that are neither withdrawn nor expired."""
    return Competence.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=now), user_id__in=list(user_ids), withdrawn_at__isnull=True
    ).order_by("user_id", "tag")


def competences(*, user_id: int) -> QuerySet[Competence]:
    """Every competence a person was ever granted, newest first."""
    return Competence.objects.filter(user_id=user_id).select_related("granted_by").order_by("-id")


def qualifications() -> QuerySet[Qualification]:
    """Every qualification, by name."""
    return Qualification.objects.order_by("name")


def people_qualified(*, qualification_id: int, user_ids: Iterable[int], now: datetime) -> set[int]:
    """Return who of these people holds a pass that has not lapsed; the latest attempt decides."""
    latest: dict[int, Attempt] = {}
    for attempt in Attempt.objects.filter(qualification_id=qualification_id, user_id__in=list(user_ids)).order_by("id"):
        latest[attempt.user_id] = attempt
    return {user for user, attempt in latest.items() if attempt.passed and (attempt.lapses_at is None or attempt.lapses_at > now)}


def profile_of(user_id: int) -> Profile | None:
    """Return where and how much a person works, where anybody has said so."""
    return Profile.objects.filter(user_id=user_id).first()


def attempts_of(*, user_id: int) -> QuerySet[Attempt]:
    """Every try of a person at any qualification, newest first."""
    return Attempt.objects.filter(user_id=user_id).select_related("qualification", "judged_by").order_by("-id")


def standing_passes(*, now: datetime) -> QuerySet[Attempt]:
    """Passes that hold, by qualification and name: of each person's tries at a qualification the latest decides."""
    latest = (
        Attempt.objects.filter(user_id=OuterRef("user_id"), qualification_id=OuterRef("qualification_id")).order_by("-id").values("pk")[:1]
    )
    return (
        Attempt.objects.filter(Q(lapses_at__isnull=True) | Q(lapses_at__gt=now), pk=Subquery(latest), passed=True)
        .select_related("user")
        .order_by("qualification_id", "user__name", "user__username")
    )


@dataclass(frozen=True, slots=True)
class Skill:
    """One cell of the matrix: a competence that holds, and whether it ends soon."""

    modality: str
    level: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A person and what they can do in each language of the matrix, in its order."""

    person: "User"
    cells: list[list[Skill]]


def competences_that_hold(*, now: datetime, tag: str = "") -> QuerySet[Competence]:
    """Every competence that is neither withdrawn nor expired; with a tag, those that cover it."""
    rows = Competence.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), withdrawn_at__isnull=True).select_related("user")
    if not tag:
        return rows
    return rows.filter(tag__in=[known for known in languages_known(now=now) if covers(known, tag)])


def competence_matrix(*, now: datetime, tag: str = "") -> tuple[list[str], list[MatrixRow]]:
    """Return the languages and the people who have any; with a tag, those whose competence covers it."""
    by_person: dict[int, dict[str, list[Skill]]] = {}
    tags: set[str] = set()
    for row in competences_that_hold(now=now, tag=tag).filter(user__is_active=True).order_by("tag", "modality"):
        by_person.setdefault(row.user_id, {}).setdefault(row.tag, []).append(Skill(row.modality, row.level, row.expires_at))
        tags.add(row.tag)
    columns = sorted(tags)
    rows = [
        MatrixRow(person, [by_person[person.pk].get(column, []) for column in columns])
        for person in people().filter(pk__in=list(by_person))
    ]
    return columns, rows


def languages_known(*, now: datetime) -> list[str]:
    """Return the tags of every competence that holds, in alphabetical order."""
    standing = Competence.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), withdrawn_at__isnull=True)
    return sorted(set(standing.values_list("tag", flat=True)))
