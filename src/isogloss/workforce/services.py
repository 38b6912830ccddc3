"""Writes about people's languages and qualifications."""

import zoneinfo
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from isogloss.platform import audit
from isogloss.platform.db import write_transaction
from isogloss.platform.languages import normal_tag
from isogloss.platform.problems import Conflict, InvalidInput
from isogloss.workforce.models import Attempt, Competence, Profile, Qualification
from isogloss.workforce.ports import on_competence_changed
from isogloss.workforce.rules import Level, Modality

if TYPE_CHECKING:
    from isogloss.accounts.models import User

HOURS_OF_A_WEEK = 168
LONGEST_NAME = 150
LONGEST_PASS = 36_500


def grant_competence(
    person: "User",
    *,
    tag: str,
    actor: "User",
    now: datetime,
    level: Level = Level.C1,
    modality: Modality = Modality.READ,
    evidence: str = "",
    expires_at: datetime | None = None,
) -> Competence:
    """Record that a person can do something in a language variety; an earlier grant of the same is withdrawn."""
    normal = normal_tag(tag, field="tag")
    with write_transaction():
        Competence.objects.filter(user=person, tag=normal, modality=modality, withdrawn_at__isnull=True).update(withdrawn_at=now)
        row = Competence.objects.create(
            user=person,
            tag=normal,
            modality=modality,
            level=level,
            evidence=evidence[:300],
            granted_by=actor,
            granted_at=now,
            expires_at=expires_at,
        )
        audit.record(actor, "competence.granted", row, now=now, detail={"user": person.public_id, "tag": normal, "level": str(level)})
    on_competence_changed(user_id=person.pk, now=now)
    return row


def withdraw_competence(competence: Competence, *, actor: "User", now: datetime) -> None:
    """End a competence; it takes effect at the person's next request."""
    with write_transaction():
        if Competence.objects.filter(pk=competence.pk, withdrawn_at__isnull=True).update(withdrawn_at=now):
            audit.record(actor, "competence.withdrawn", competence, now=now, detail={"tag": competence.tag})
    on_competence_changed(user_id=competence.user_id, now=now)


def set_profile(person: "User", *, time_zone: str, weekly_hours: Decimal | None, actor: "User", now: datetime) -> Profile:
    """Record where and how much a person works; their working day runs from 04:00 on this clock."""
    if time_zone and time_zone not in zoneinfo.available_timezones():
        message = "Name a time zone such as Asia/Jakarta, or leave it empty for the person's own."
        raise InvalidInput(message, errors=[{"field": "time_zone", "message": message}])
    if weekly_hours is not None and not 0 <= weekly_hours <= HOURS_OF_A_WEEK:
        message = f"A week has {HOURS_OF_A_WEEK} hours."
        raise InvalidInput(message, errors=[{"field": "weekly_hours", "message": message}])
    with write_transaction():
        row, _ = Profile.objects.update_or_create(user=person, defaults={"time_zone": time_zone, "weekly_hours": weekly_hours})
        audit.record(actor, "profile.set", person, now=now, detail={"time_zone": time_zone})
    return row


def make_qualification(*, name: str, description: str, valid_days: int | None, actor: "User", now: datetime) -> Qualification:
    """Define something a person must have passed."""
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidInput(f"Give the qualification a name of at most {LONGEST_NAME} characters.")
    if valid_days is not None and not 1 <= valid_days <= LONGEST_PASS:
        raise InvalidInput(f"A pass holds between 1 and {LONGEST_PASS} days, or for ever.")
    with write_transaction():
        if Qualification.objects.filter(name=name).exists():
            raise Conflict(f"There is a qualification called {name!r} already.")
        row = Qualification.objects.create(name=name, description=description, valid_days=valid_days, created_at=now)
        audit.record(actor, "qualification.made", row, now=now)
    return row


def record_attempt(
    person: "User", *, qualification: Qualification, passed: bool, score: float | None, actor: "User", now: datetime, note: str = ""
) -> Attempt:
    """Record a try at a qualification and how it ended."""
    lapses = now + timedelta(days=qualification.valid_days) if passed and qualification.valid_days else None
    with write_transaction():
        row = Attempt.objects.create(
            qualification=qualification, user=person, passed=passed, score=score, judged_by=actor, at=now, lapses_at=lapses, note=note[:300]
        )
        audit.record(actor, "qualification.attempted", row, now=now, detail={"user": person.public_id, "passed": passed})
    on_competence_changed(user_id=person.pk, now=now)
    return row


def lapse_attempt(attempt: Attempt, *, actor: "User", now: datetime) -> None:
    """End a pass before its time; it takes effect at the person's next request, and the attempt itself stays as it was judged."""
    with write_transaction():
        standing = Attempt.objects.filter(pk=attempt.pk, passed=True).exclude(lapses_at__lte=now)
        if standing.update(lapses_at=now):
            audit.record(actor, "qualification.lapsed", attempt.qualification, now=now, detail={"user": attempt.user.public_id})
    on_competence_changed(user_id=attempt.user_id, now=now)
