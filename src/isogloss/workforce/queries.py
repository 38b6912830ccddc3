"""Reads about people's languages and qualifications."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from isogloss.workforce.models import Attempt, Competence, Qualification


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
