"""Makers for wellbeing: officers, policies, people who have been there for long enough, what they met."""

from dataclasses import replace
from datetime import datetime, timedelta

from isogloss.accounts.models import User
from isogloss.accounts.rules import Role
from isogloss.wellbeing.models import ExposureDay
from isogloss.wellbeing.queries import policy_in_force
from isogloss.wellbeing.rules import HOUSE, LevelRule, Policy
from isogloss.wellbeing.services import make_policy, sign_policy
from tests.dispatch.making import Desk
from tests.support.making import NOW, a_person

LONG_AGO = NOW - timedelta(days=60)


def an_officer(username: str = "") -> User:
    return a_person(username, roles=(Role.WELLBEING_OFFICER,))


def a_policy(base: Policy = HOUSE, *, ramp: tuple[float, ...] | None = None, **levels: dict[str, object]) -> Policy:
    """The base with changes by level: `a_policy(s3={"days": 2})`."""
    rules: dict[int, LevelRule] = dict(base.levels)
    for name, changes in levels.items():
        level = int(name[1:])
        rules[level] = replace(rules[level], **changes)
    return Policy(levels=rules, ramp=base.ramp if ramp is None else ramp)


def in_force(policy: Policy, *, now: datetime = NOW) -> None:
    """Make and sign a policy, whatever it loosens."""
    number, _ = policy_in_force()
    made = make_policy(policy, note="test", base=number, actor=an_officer(), now=now)
    if made.in_force_at is None:
        sign_policy(made, actor=an_officer(), now=now)


def a_veteran(desk: Desk, *tags: str, zone: str = "", **options: object) -> User:
    """An annotator whose first weeks are long over."""
    person = desk.annotator(*tags, **options)
    User.objects.filter(pk=person.pk).update(created_at=LONG_AGO, time_zone=zone)
    person.refresh_from_db()
    return person


def met(person: User, *days: str, severity: int, minutes: float = 30, hour: int = 12) -> None:
    """What a person met on these days."""
    for day in days:
        ExposureDay.objects.create(
            person=person,
            day=day,
            severity=severity,
            active_ms=int(minutes * 60_000),
            last_at=datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00"),
        )
