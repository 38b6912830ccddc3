"""Reads about exposure: the policy in force, consents, what a person has left today, who is available."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Max, Q, QuerySet

from isogloss.accounts.rules import Origin
from isogloss.dispatch.rules import ExposureLimits, day_of, moment_of
from isogloss.wellbeing.columns import accounts
from isogloss.wellbeing.models import Allowance, Consent, Contact, ExposureDay, ExposurePolicy
from isogloss.wellbeing.rules import (
    CAPPED,
    HOUSE,
    NOTHING,
    Cut,
    DayPlan,
    History,
    Policy,
    limits_of,
    may_be_stricter,
    plan_day,
    policy_of,
    standing_level,
    stricter_of,
)

LOOK_BACK = timedelta(days=21)
LEAD = timedelta(minutes=10)
"""So long before a person's day ends, the next day's limits hold too where they are lower: the job that sets them runs every minute."""

Agreed = tuple[int, datetime | None]


def policy_in_force() -> tuple[int, Policy]:
    """Return the number and content of the policy in force; 0 is the house's own pack, before anybody made a version."""
    row = ExposurePolicy.objects.filter(in_force_at__isnull=False).order_by("-number").first()
    return (0, HOUSE) if row is None else (row.number, policy_of(row.table))


def policy_versions() -> QuerySet[ExposurePolicy]:
    """Every version, newest first."""
    return ExposurePolicy.objects.select_related("made_by", "signed_by").order_by("-number")


def open_consents(person_ids: Iterable[int]) -> QuerySet[Consent]:
    """Consents and opt-outs that nobody has ended; whether one has lapsed is for the policy to say."""
    return Consent.objects.filter(person_id__in=list(person_ids), ended_at__isnull=True).order_by("person_id", "hazard")


def standing_consents(person_ids: Iterable[int], *, policy: Policy, now: datetime) -> dict[int, dict[str, Agreed]]:
    """Return what each of these people agrees to at this moment: category → level and end; an opt-out is level -1."""
    found: dict[int, dict[str, Agreed]] = {}
    for row in open_consents(person_ids):
        level = standing_level(policy, severity=row.severity, given_at=row.given_at, expires_at=row.expires_at, now=now)
        if level is not None:
            found.setdefault(row.person_id, {})[row.hazard] = level
    return found


@dataclass(frozen=True, slots=True)
class Starter:
    """When and where a person began to work; simulated people need no first weeks."""

    zone: str
    started: date | None

    def day(self, now: datetime) -> tuple[date, datetime]:
        """Return the working day this moment belongs to and its end: it runs from 04:00 to 04:00 on the person's clock."""
        ordinal, ends = day_of(now, zone=self.zone)
        return date.fromordinal(ordinal), moment_of(ends)


def starters(person_ids: Iterable[int]) -> dict[int, Starter]:
    """Return zone and first day of these people."""
    rows = (
        get_user_model()
        .objects.filter(pk__in=list(person_ids))
        .values_list("pk", "profile__time_zone", "time_zone", "created_at", "origin")
    )
    found = {}
    for person, working, own, created, origin in rows:
        zone = working or own or settings.TIME_ZONE
        began = None if origin == Origin.SIMULATED else created.astimezone(ZoneInfo(zone)).date()
        found[person] = Starter(zone=zone, started=began)
    return found


def histories(person_ids: Iterable[int], *, now: datetime) -> dict[int, History]:
    """Return on which days of the last weeks these people met which severities; minutes of S4 count as S3 and S2 too."""
    rows = (
        ExposureDay.objects.filter(person_id__in=list(person_ids), day__gte=(now - LOOK_BACK).date(), severity__gte=min(CAPPED))
        .values_list("person_id", "day", "severity")
        .annotate(last=Max("last_at"))
    )
    days: dict[int, dict[int, set[date]]] = {}
    last: dict[int, dict[int, datetime]] = {}
    for person, day, severity, at in rows:
        for level in [level for level in CAPPED if level <= severity]:
            days.setdefault(person, {}).setdefault(level, set()).add(day)
            ends = last.setdefault(person, {})
            ends[level] = max(ends.get(level, at), at)
    return {
        person: History(days={level: frozenset(found) for level, found in by_level.items()}, last=last[person])
        for person, by_level in days.items()
    }


@dataclass(frozen=True, slots=True)
class Telling:
    """What dispatch is to be told of one person."""

    limits: ExposureLimits
    consents: Mapping[str, Agreed] = field(default_factory=dict)
    cuts: Mapping[int, Cut] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return it in a form in which two tellings can be compared."""
        return {
            "caps": {str(level): _seconds(cap) for level, cap in self.limits.caps.items()},
            "stretches": {str(level): _seconds(stretch) for level, stretch in self.limits.stretches.items()},
            "pauses": [_seconds(self.limits.pause), _seconds(self.limits.pause_after_s4)],
            "open": self.limits.open_severity,
            "consents": {hazard: [level, end.isoformat() if end else None] for hazard, (level, end) in sorted(self.consents.items())},
        }


def _seconds(duration: timedelta | None) -> float | None:
    return None if duration is None else duration.total_seconds()


def tellings(person_ids: Iterable[int], *, now: datetime) -> dict[int, Telling]:
    """Work out what dispatch is to be told of these people now; the number of queries does not depend on how many they are."""
    people = sorted(set(person_ids))
    _, policy = policy_in_force()
    agreed = standing_consents(people, policy=policy, now=now)
    past = histories(people, now=now)
    return {
        person: _telling(policy, starter=starter, history=past.get(person, History()), agreed=agreed.get(person, {}), now=now)
        for person, starter in starters(people).items()
    }


def _telling(policy: Policy, *, starter: Starter, history: History, agreed: Mapping[str, Agreed], now: datetime) -> Telling:
    day, ends = starter.day(now)
    today = plan_day(policy, day=day, now=now, started=starter.started, history=history)
    next_day, started = day + timedelta(days=1), starter.started
    busy = history.with_day(day, levels=[level for level in CAPPED if today.caps[level] != timedelta()])
    at_most = plan_day(policy, day=next_day, now=ends, started=started, history=busy)
    if may_be_stricter(today, at_most):
        # What is consented to by category ends with the day and is given back by the next telling: should nobody tell, nothing is served.
        agreed = {hazard: (level, _earlier(end, ends) if level > policy.open_severity else end) for hazard, (level, end) in agreed.items()}
    plan: DayPlan = today
    if ends - now <= LEAD:
        plan = stricter_of(today, plan_day(policy, day=next_day, now=ends, started=started, history=history))
    return Telling(limits=limits_of(policy, plan), consents=agreed, cuts=plan.cuts)


def _earlier(one: datetime | None, other: datetime) -> datetime:
    return other if one is None else min(one, other)


@dataclass(frozen=True, slots=True)
class LevelToday:
    """One severity of a person's day: minutes used, the limit (none: no limit), what is left of it, and why it is lower than usual."""

    severity: int
    used: float
    cap: float | None
    left: float | None
    cut: str

    @property
    def share(self) -> int:
        """How much of the limit is used, in percent."""
        return min(100, round(100 * self.used / self.cap)) if self.cap else 0


def exposure_today(person_ids: Iterable[int], *, now: datetime) -> dict[int, list[LevelToday]]:
    """Return the day of these people as the queue counts it; what is out on lease is not left, and S4 needs room in S3 and S2 too."""
    people = sorted(set(person_ids))
    kept = accounts(people, now=now)
    planned = tellings([person for person in people if person not in kept], now=now)
    cuts = dict(Allowance.objects.filter(person_id__in=people).values_list("person_id", "cuts"))
    found: dict[int, list[LevelToday]] = {}
    for person in people:
        account = kept.get(person)
        left: float | None = None
        for level in CAPPED:
            if account is not None:
                used, reserved = account.used[level] / 60_000, account.reserved[level] / 60_000
                cap = None if account.caps[level] > _A_YEAR_MS else account.caps[level] / 60_000
            elif person in planned:
                told = planned[person].limits.caps[level]
                used, reserved, cap = 0.0, 0.0, None if told is None else told.total_seconds() / 60
            else:
                continue
            here = None if cap is None else max(0.0, cap - used - reserved)
            left = here if left is None else left if here is None else min(left, here)
            cut = cuts.get(person, {}).get(str(level), "")
            found.setdefault(person, []).append(LevelToday(severity=level, used=used, cap=cap, left=left, cut=cut))
    return found


_A_YEAR_MS = 366 * 24 * 3_600_000


def exposure_left(person_id: int, *, now: datetime) -> dict[int, float | None]:
    """Return the minutes a person has left today by severity; None is no limit. This alone leaves wellbeing."""
    return {level.severity: level.left for level in exposure_today([person_id], now=now).get(person_id, [])}


def available_today(person_ids: Iterable[int], *, now: datetime) -> dict[int, dict[int, bool]]:
    """Return whether each of these people may be served each severity today: yes or no, never why."""
    people = sorted(set(person_ids))
    _, policy = policy_in_force()
    agreed = standing_consents(people, policy=policy, now=now)
    return {
        person: {
            level.severity: (level.left is None or level.left >= 1)
            and (level.severity <= policy.open_severity or any(height >= level.severity for height, _ in agreed.get(person, {}).values()))
            for level in levels
        }
        for person, levels in exposure_today(people, now=now).items()
    }


def days_of(person_id: int, *, most: int) -> list[tuple[date, dict[int, float]]]:
    """Return a person's last days with minutes by severity, newest first."""
    days: dict[date, dict[int, float]] = {}
    rows = ExposureDay.objects.filter(person_id=person_id).order_by("-day", "severity").values_list("day", "severity", "active_ms")
    for day, severity, active_ms in rows[: most * 4]:
        days.setdefault(day, {})[severity] = active_ms / 60_000
    return list(days.items())[:most]


def has_opted_out(agreed: Agreed | None) -> bool:
    """Whether a person wants nothing of a category."""
    return agreed is not None and agreed[0] == NOTHING


def contacts_of(project_id: int | None) -> list[tuple[str, str]]:
    """Return name and detail of the contacts of a project, or of the site."""
    rows = Contact.objects.filter(project_id=project_id) if project_id is not None else Contact.objects.filter(project_id__isnull=True)
    return list(rows.order_by("place").values_list("name", "detail"))


def contacts_for(project_id: int) -> list[tuple[str, str]]:
    """Return whom a person in a project can talk to: the project's own contacts, then the site's."""
    rows = Contact.objects.filter(Q(project_id=project_id) | Q(project_id__isnull=True)).values_list(
        "project_id", "place", "name", "detail"
    )
    return [(name, detail) for _project, _place, name, detail in sorted(rows, key=lambda row: (row[0] is None, row[1]))]
