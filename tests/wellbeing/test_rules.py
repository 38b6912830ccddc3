"""The policy: what it allows a person on a day, and what is stricter."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.dispatch.rules import ExposureLimits
from isogloss.wellbeing.rules import (
    CAPPED,
    HOUSE,
    LEVELS,
    NOTHING,
    Agreement,
    Cut,
    History,
    LevelRule,
    Policy,
    as_table,
    faults,
    limits_of,
    loosened,
    may_be_stricter,
    plan_day,
    policy_of,
    standing_level,
    stricter_of,
)
from tests.wellbeing.making import a_policy

DAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ZERO = timedelta()


def days(*ago: int) -> frozenset[date]:
    return frozenset(DAY - timedelta(days=n) for n in ago)


def a_plan(policy: Policy = HOUSE, *, started: date | None = None, now: datetime = NOON, **history: object):
    return plan_day(policy, day=DAY, now=now, started=started, history=History(**history))


def minutes(plan) -> list[float]:
    return [plan.caps[level] / timedelta(minutes=1) for level in CAPPED]


def test_the_houses_pack_is_what_dispatch_begins_with():
    assert limits_of(HOUSE, a_plan()) == ExposureLimits()


def test_a_policy_reads_back_as_it_was_stored():
    assert policy_of(as_table(HOUSE)) == HOUSE


@pytest.mark.parametrize(
    ("days_ago", "expected"),
    [(0, [0, 0, 0]), (6, [0, 0, 0]), (7, [90, 60, 30]), (13, [90, 60, 30]), (14, [180, 120, 60]), (21, [360, 240, 120])],
)
def test_a_new_starter_is_let_in_week_by_week(days_ago, expected):
    assert minutes(a_plan(started=DAY - timedelta(days=days_ago))) == expected


def test_two_days_of_s4_are_followed_by_a_day_of_s0_and_s1():
    run = days(1, 2)

    plan = a_plan(days={2: run, 3: run, 4: run}, last={4: NOON - timedelta(days=1)})

    assert minutes(plan) == [0, 0, 0]
    assert set(plan.cuts.values()) == {Cut.DAYS}


def test_four_days_of_s3_are_followed_by_a_day_without_it():
    run = days(1, 2, 3, 4)

    plan = a_plan(days={2: run, 3: run}, last={3: NOON - timedelta(days=1)})

    assert minutes(plan) == [360, 0, 0]


def test_a_day_between_begins_the_count_anew():
    assert minutes(a_plan(days={4: days(1, 3)}, last={4: NOON - timedelta(days=1)})) == [360, 240, 120]


def test_after_a_day_of_rest_the_limits_are_back():
    assert minutes(a_plan(days={4: days(2, 3)}, last={4: NOON - timedelta(days=2)})) == [360, 240, 120]


def test_a_rest_lasts_twenty_four_hours_also_when_the_clocks_go_forward():
    last = datetime(2026, 11, 21, 3, 59, tzinfo=UTC)

    begins = a_plan(days={4: days(2, 3)}, last={4: last}, now=datetime(2026, 11, 22, 3, 0, tzinfo=UTC))
    later = a_plan(days={4: days(2, 3)}, last={4: last}, now=datetime(2026, 11, 22, 4, 0, tzinfo=UTC))

    assert (minutes(begins), minutes(later)) == ([0, 0, 0], [360, 240, 120])


def test_what_is_met_today_does_not_end_today():
    assert minutes(a_plan(days={4: days(0, 1)}, last={4: NOON})) == [360, 240, 120]


def test_a_run_longer_than_a_stricter_policy_allows_ends_at_once():
    run = days(1, 2, 3)

    assert minutes(a_plan(a_policy(s3={"days": 2}), days={3: run}, last={3: NOON - timedelta(days=1)})) == [360, 0, 0]


def test_the_stricter_of_two_days_takes_the_lower_limit_of_each():
    busy, starter = a_plan(days={3: days(1, 2, 3, 4)}), a_plan(started=DAY - timedelta(days=15))

    assert minutes(stricter_of(busy, starter)) == [180, 0, 0]
    assert may_be_stricter(a_plan(), busy)
    assert not may_be_stricter(busy, a_plan())


LOOSER = [
    ("daily_3", a_policy(s3={"daily": timedelta(minutes=241)})),
    ("daily_2", a_policy(s2={"daily": None})),
    ("stretch_0", a_policy(s0={"stretch": timedelta(minutes=91)})),
    ("pause_4", a_policy(s4={"pause": timedelta(minutes=14)})),
    ("days_4", a_policy(s4={"days": 3})),
    ("days_3", a_policy(s3={"days": None})),
    ("consent_3", a_policy(s3={"consent": Agreement.PROJECT})),
    ("renewal_4", a_policy(s4={"renewal": None})),
    ("ramp", a_policy(ramp=(0.0, 0.25))),
    ("ramp", a_policy(ramp=(0.1, 0.25, 0.5))),
]


@pytest.mark.parametrize(("field", "policy"), LOOSER)
def test_what_protects_less_is_named_and_its_reverse_is_stricter(field, policy):
    assert loosened(before=HOUSE, after=policy) == [field]
    assert loosened(before=policy, after=HOUSE) == []


RULES = st.builds(
    LevelRule,
    daily=st.none() | st.integers(0, 3).map(lambda n: timedelta(hours=n)),
    stretch=st.integers(1, 3).map(lambda n: timedelta(minutes=n)),
    pause=st.integers(1, 3).map(lambda n: timedelta(minutes=n)),
    days=st.none() | st.integers(1, 3),
    consent=st.sampled_from(Agreement),
    renewal=st.none() | st.integers(1, 3).map(lambda n: timedelta(days=n)),
)
POLICIES = st.builds(
    Policy,
    levels=st.fixed_dictionaries(dict.fromkeys(LEVELS, RULES)),
    ramp=st.lists(st.sampled_from([0.0, 0.5, 1.0]), max_size=3).map(tuple),
)
HISTORIES = st.builds(
    History,
    days=st.fixed_dictionaries({level: st.frozensets(st.integers(1, 5).map(lambda n: DAY - timedelta(days=n))) for level in CAPPED}),
)


@given(before=POLICIES, after=POLICIES, history=HISTORIES, week=st.integers(0, 4))
def test_a_policy_that_loosens_nothing_gives_nobody_more(before, after, history, week):
    if loosened(before=before, after=after):
        return
    started = DAY - timedelta(weeks=week)

    old, new = (plan_day(policy, day=DAY, now=NOON, started=started, history=history) for policy in (before, after))

    assert not may_be_stricter(new, old)


@given(one=POLICIES, two=POLICIES, three=POLICIES)
def test_being_no_looser_carries_over(one, two, three):
    if not loosened(before=one, after=two) and not loosened(before=two, after=three):
        assert loosened(before=one, after=three) == []


@given(policy=POLICIES)
def test_every_policy_reads_back_and_is_not_looser_than_itself(policy):
    assert policy_of(as_table(policy)) == policy
    assert loosened(before=policy, after=policy) == []


def test_a_policy_that_cannot_be_is_told_where():
    wrong = a_policy(s3={"stretch": ZERO, "consent": Agreement.CATEGORY}, s4={"consent": Agreement.PROJECT}, ramp=(2.0,))

    assert [field for field, _ in faults(wrong)] == ["stretch_3", "consent_3", "ramp"]


def test_a_consent_to_s4_lapses_to_s3_after_ninety_days():
    given_at = NOON - timedelta(days=90)
    expires = given_at + timedelta(days=90)

    before = standing_level(HOUSE, severity=4, given_at=given_at, expires_at=expires, now=NOON - timedelta(seconds=1))
    after = standing_level(HOUSE, severity=4, given_at=given_at, expires_at=expires, now=NOON)

    assert (before, after) == ((4, expires), (3, None))


def test_a_policy_that_became_stricter_ends_consents_earlier():
    given_at = NOON - timedelta(days=40)
    stricter = a_policy(s4={"renewal": timedelta(days=30)})

    assert standing_level(stricter, severity=4, given_at=given_at, expires_at=given_at + timedelta(days=90), now=NOON) == (3, None)


def test_an_opt_out_never_lapses():
    assert standing_level(HOUSE, severity=NOTHING, given_at=NOON - timedelta(days=999), expires_at=None, now=NOON) == (NOTHING, None)
