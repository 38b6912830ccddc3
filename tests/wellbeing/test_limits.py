"""What the queue serves a person is what the policy, their days and their consents allow at that moment."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from isogloss.accounts.models import User
from isogloss.dispatch.models import Consent as PushedConsent
from isogloss.dispatch.models import DispatchPerson
from isogloss.dispatch.rules import milliseconds
from isogloss.platform import jobs
from isogloss.wellbeing.models import Allowance, Consent
from isogloss.wellbeing.queries import exposure_left, exposure_today
from isogloss.wellbeing.rules import NOTHING, Agreement
from isogloss.wellbeing.services import renew_allowances, set_consent, tell_of_person, welcome_people
from isogloss.workforce.services import grant_competence, make_qualification, record_attempt
from tests.dispatch.making import Desk, a_desk, some_items
from tests.support.making import NOW, an_annotator
from tests.wellbeing.making import LONG_AGO, a_policy, a_veteran, in_force, met

pytestmark = pytest.mark.django_db
HOUR = 3_600_000


def caps(person: User) -> tuple[float, ...]:
    row = DispatchPerson.objects.get(pk=person.pk)
    return row.cap2 / HOUR, row.cap3 / HOUR, row.cap4 / HOUR


def served(desk: Desk, person: User, *, want: int = 1) -> int:
    """How many the person holds after asking, by a token they had before: nothing is renewed on the way."""
    return len(desk.next(person, want).leases)


def with_old_token(desk: Desk, person: User, request, *, now: datetime):
    fields = {name: getattr(request, name) for name in request.__struct_fields__}
    return desk.store.next_leases(type(request)(**{**fields, "now": milliseconds(now)})).leases


def test_a_new_person_is_told_of_once():
    desk = a_desk()
    ana = desk.annotator()

    first, second = welcome_people(now=NOW), welcome_people(now=NOW)

    assert (first, second) == (1, 0)
    assert caps(ana) == (0, 0, 0)


def test_a_new_starter_is_served_nothing_severe_in_the_first_week_and_told_why():
    desk = a_desk()
    some_items(desk.project, 3, severity=2)
    some_items(desk.project, 3, severity=1)
    ana = desk.annotator()
    welcome_people(now=NOW)

    assert {lease.severity for lease in desk.next(ana, want=5).leases} == {1}
    assert [(level.severity, level.cap, level.cut) for level in exposure_today([ana.pk], now=NOW)[ana.pk]] == [
        (2, 0, "ramp"), (3, 0, "ramp"), (4, 0, "ramp"),
    ]  # fmt: skip


def test_a_new_starter_is_served_nothing_severe_by_their_first_token():
    desk = a_desk()
    some_items(desk.project, 3, severity=2)
    some_items(desk.project, 3, severity=1)
    ana = an_annotator(desk.project, lead=desk.lead)

    leases = desk.next(ana, want=5).leases

    assert {lease.severity for lease in leases} == {1}
    assert caps(ana) == (0, 0, 0)
    assert welcome_people(now=NOW) == 0


def test_a_person_without_first_weeks_is_served_by_their_first_token():
    desk = a_desk()
    some_items(desk.project, 3, severity=2)
    ana = an_annotator(desk.project, lead=desk.lead, now=LONG_AGO)

    assert len(desk.next(ana, want=5).leases) == 3
    assert caps(ana) == (6, 4, 2)


def test_limits_that_were_told_before_the_queue_knew_the_person_are_told_again():
    desk = a_desk()
    ana = an_annotator(desk.project, lead=desk.lead, now=LONG_AGO)
    tell_of_person(ana.pk, now=NOW)
    DispatchPerson.objects.all().delete()

    desk.ask(ana)

    assert caps(ana) == (6, 4, 2)


def test_what_a_person_holds_goes_back_when_their_limits_do_not_allow_it():
    desk = a_desk()
    some_items(desk.project, 3, severity=2)
    some_items(desk.project, 3, severity=1)
    ana = desk.annotator()
    assert len(desk.next(ana, want=6).leases) == 6

    welcome_people(now=NOW)

    assert {lease.severity for lease in desk.next(ana, want=6).leases} == {1}
    assert desk.violations() == {}


def test_a_starters_limits_rise_with_the_weeks_and_nobody_has_to_do_anything():
    desk = a_desk()
    ana = desk.annotator()
    welcome_people(now=NOW)

    seen = []
    for weeks in (1, 2, 3):
        renew_allowances(now=NOW + timedelta(weeks=weeks))
        seen.append(caps(ana))

    assert seen == [(1.5, 1, 0.5), (3, 2, 1), (6, 4, 2)]


def test_who_has_been_there_for_long_needs_no_telling():
    desk = a_desk()
    ana = a_veteran(desk)

    welcome_people(now=NOW)

    assert caps(ana) == (6, 4, 2)


def test_limits_over_days_arrive_as_a_cap_of_nothing():
    desk = a_desk()
    ana = a_veteran(desk)
    met(ana, "2026-11-20", "2026-11-21", severity=4)

    renew_allowances(now=NOW)
    resting = caps(ana)
    renew_allowances(now=NOW + timedelta(days=1))

    assert (resting, caps(ana)) == ((0, 0, 0), (6, 4, 2))


def test_a_person_far_away_rests_on_their_own_day():
    desk = a_desk()
    here, there = a_veteran(desk), a_veteran(desk, zone="Asia/Tokyo")
    for person in (here, there):
        met(person, "2026-11-19", "2026-11-20", severity=4)
    evening = datetime.fromisoformat("2026-11-21T19:30:00+00:00")  # 04:30 on the 22nd in Tokyo

    renew_allowances(now=evening)

    assert (caps(here), caps(there)) == ((0, 0, 0), (6, 4, 2))


def test_the_day_of_a_person_far_away_begins_at_four_on_their_clock():
    desk = a_desk()
    some_items(desk.project, 9, severity=2)
    ana = a_veteran(desk, zone="Asia/Tokyo")
    in_force(a_policy(s2={"daily": timedelta(minutes=1)}))
    desk.now = datetime.fromisoformat("2026-11-22T18:50:00+00:00")  # 03:50 in Tokyo
    renew_allowances(now=desk.now)
    desk.submit(ana, desk.next(ana).leases[0].lease, active=60)

    before = served(desk, ana)
    after = served(desk.later(minutes=11), ana)

    assert (before, after) == (0, 1)


def test_a_consent_takes_effect_at_the_next_request():
    desk = a_desk()
    some_items(desk.project, 2, severity=3, hazards="hate")
    ana = a_veteran(desk)
    request = desk.ask(ana)
    before = desk.store.next_leases(request).leases

    set_consent(ana, hazard="hate", level=3, now=NOW)

    assert before == []
    assert len(desk.store.next_leases(request).leases) == 1


def test_a_withdrawn_consent_takes_effect_at_the_next_request():
    desk = a_desk()
    some_items(desk.project, 2, severity=3, hazards="hate")
    ana = a_veteran(desk)
    set_consent(ana, hazard="hate", level=3, now=NOW)
    request = desk.ask(ana)
    held = len(desk.store.next_leases(request).leases)

    set_consent(ana, hazard="hate", level=None, now=NOW)

    assert held == 1
    assert desk.store.next_leases(request).leases == []
    assert desk.violations() == {}


def test_a_consent_to_s4_lapses_without_anybody_doing_anything():
    desk = a_desk()
    some_items(desk.project, 5, severity=4, hazards="hate")
    ana = a_veteran(desk)
    set_consent(ana, hazard="hate", level=4, now=NOW)
    request = desk.ask(ana)
    lapses = NOW + timedelta(days=90)

    early = with_old_token(desk, ana, request, now=lapses - timedelta(hours=1))
    late = with_old_token(desk, ana, request, now=lapses + timedelta(hours=1))

    assert (len(early), late) == (1, [])


def test_a_lapsed_consent_to_s4_leaves_s3_at_the_next_telling():
    desk = a_desk()
    ana = a_veteran(desk)
    set_consent(ana, hazard="hate", level=4, now=NOW)

    renew_allowances(now=NOW + timedelta(days=91))

    assert list(PushedConsent.objects.values_list("person_id", "hazard", "severity")) == [(ana.pk, "hate", 3)]


def test_when_nobody_tells_a_person_who_may_have_to_rest_is_served_nothing_severe_after_the_day():
    desk = a_desk()
    some_items(desk.project, 9, severity=4, hazards="hate")
    ana = a_veteran(desk)
    met(ana, "2026-11-21", severity=4)
    set_consent(ana, hazard="hate", level=4, now=NOW)
    request = desk.ask(ana)

    today = with_old_token(desk, ana, request, now=NOW)
    desk.submit(ana, today[0].lease)
    at_four = datetime.fromisoformat("2026-11-23T04:00:01+00:00")
    unattended = with_old_token(desk, ana, request, now=at_four)

    assert (len(today), unattended) == (1, [])


def test_in_the_last_minutes_of_the_day_the_next_days_limit_holds_where_it_is_lower():
    desk = a_desk()
    ana = a_veteran(desk)
    met(ana, "2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22", severity=3, hour=5)
    night = datetime.fromisoformat("2026-11-23T03:00:00+00:00")

    renew_allowances(now=night)
    before = caps(ana)
    renew_allowances(now=night + timedelta(minutes=55))

    assert (before, caps(ana)) == ((6, 4, 2), (6, 0, 0))


def test_an_opt_out_holds_for_mild_material_and_is_never_undone_by_the_clock():
    desk = a_desk()
    some_items(desk.project, 2, severity=0, hazards="hate")
    ana = a_veteran(desk)
    met(ana, "2026-11-21", severity=4)

    set_consent(ana, hazard="hate", level=NOTHING, now=NOW)
    renew_allowances(now=NOW + timedelta(days=400))

    assert served(desk.later(days=400), ana) == 0


def test_an_opt_out_has_no_other_effect():
    desk = a_desk()
    hateful, plain = some_items(desk.project, 2, severity=2, hazards="hate"), some_items(desk.project, 3, severity=2, hazards="privacy")
    ana = a_veteran(desk)
    welcome_people(now=NOW)
    set_consent(ana, hazard="privacy", level=3, now=NOW)
    desk.next(ana, want=5)
    held_before = {desk.item_of(lease.lease) for lease in desk.next(ana, want=5).leases}
    before = everything_else(ana)

    set_consent(ana, hazard="hate", level=NOTHING, now=NOW)

    held = {desk.item_of(lease.lease) for lease in desk.next(ana, want=5).leases}
    assert held_before == {item.pk for item in hateful + plain}
    assert held == {item.pk for item in plain}
    assert everything_else(ana) == before
    assert desk.violations() == {}


def everything_else(person: User) -> dict[str, object]:
    """Every row of every table that is about the person, but for consents, leases and the account of what is reserved."""
    spared = {"Consent", "Allowance", "Lease", "EndedLease", "Subscription", "AuditEvent"}
    moving = {"reserved", "reserved2", "reserved3", "reserved4", "served"}
    from django.apps import apps

    found = {}
    for model in apps.get_models():
        owner = next((f for f in model._meta.concrete_fields if f.attname in {"person_id", "user_id"}), None)
        if owner is None or model.__name__ in spared:
            continue
        rows = model.objects.filter(**{owner.attname: person.pk}).values()
        found[model._meta.label] = sorted(str({k: v for k, v in row.items() if k not in moving}) for row in rows)
    found["user"] = User.objects.filter(pk=person.pk).values().get()
    return found


def test_giving_no_reason_leaves_no_trace_of_the_category_in_the_audit_trail():
    from isogloss.platform.models import AuditEvent

    desk = a_desk()
    ana = a_veteran(desk)

    set_consent(ana, hazard="self_harm", level=NOTHING, now=NOW)

    event = AuditEvent.objects.get(action="consent.changed")
    assert "self_harm" not in str(AuditEvent.objects.filter(pk=event.pk).values().get())


def test_changing_a_consent_keeps_the_old_row_and_one_stands():
    desk = a_desk()
    ana = a_veteran(desk)

    for level in (3, 4, NOTHING, None):
        set_consent(ana, hazard="hate", level=level, now=NOW)

    assert list(Consent.objects.order_by("id").values_list("severity", "ended_at")) == [(3, NOW), (4, NOW), (NOTHING, NOW)]


def test_what_is_left_counts_what_is_used_and_what_is_out():
    desk = a_desk()
    some_items(desk.project, 9, severity=3, hazards="hate")
    ana = a_veteran(desk)
    set_consent(ana, hazard="hate", level=3, now=NOW)
    (first,) = desk.next(ana).leases
    desk.submit(ana, first.lease, active=90)
    desk.next(ana, want=2)

    left = exposure_left(ana.pk, now=NOW)

    assert left == {2: 360 - 1.5 - 2, 3: 240 - 1.5 - 2, 4: 120}


def test_s4_has_no_more_left_than_the_severities_below_it():
    desk = a_desk()
    ana = a_veteran(desk)
    in_force(a_policy(s2={"daily": timedelta(minutes=50)}))
    renew_allowances(now=NOW)

    assert exposure_left(ana.pk, now=NOW) == {2: 50, 3: 50, 4: 50}


def test_yesterdays_use_is_not_todays():
    desk = a_desk()
    some_items(desk.project, 2, severity=2)
    ana = a_veteran(desk)
    desk.submit(ana, desk.next(ana).leases[0].lease, active=600)

    assert exposure_left(ana.pk, now=NOW)[2] == 350
    assert exposure_left(ana.pk, now=NOW + timedelta(days=1))[2] == 360


def test_a_stricter_policy_reaches_everybody_by_its_job():
    desk = a_desk()
    ana = a_veteran(desk)
    welcome_people(now=NOW)

    in_force(a_policy(s3={"daily": timedelta(hours=1)}))
    jobs.run_waiting()

    assert caps(ana)[1] == 1


def test_a_policy_may_ask_for_consent_to_s2_by_category():
    desk = a_desk()
    some_items(desk.project, 1, severity=2, hazards="hate")
    ana = a_veteran(desk)
    in_force(a_policy(s2={"consent": Agreement.CATEGORY}))
    renew_allowances(now=NOW)
    before = served(desk, ana)

    set_consent(ana, hazard="hate", level=2, now=NOW)

    assert (before, served(desk, ana)) == (0, 1)


def test_renewing_everybody_costs_the_same_number_of_queries_when_nothing_changed():
    desk = a_desk()
    counts = []
    for people in (2, 6):
        for _ in range(people):
            a_veteran(desk)
        renew_allowances(now=NOW)
        welcome_people(now=NOW)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert renew_allowances(now=NOW) == 0
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 6


def test_a_person_nobody_was_told_of_sees_the_policys_limits():
    desk = a_desk()
    from tests.support.making import a_person

    someone = a_person()

    assert exposure_left(someone.pk, now=NOW + timedelta(days=60)) == {2: 360, 3: 240, 4: 120}
    assert not Allowance.objects.exists()
    assert desk.project.pk


def test_a_competence_and_a_qualification_end_by_themselves():
    desk = a_desk(n=4)
    ana = desk.annotator("fr")
    test = make_qualification(name="Entry", description="", valid_days=1, actor=desk.lead, now=NOW)
    from isogloss.dispatch.services import sync_project
    from isogloss.projects.models import Workflow

    Workflow.objects.filter(project=desk.project).update(qualification=test)
    sync_project(desk.project.pk, now=NOW)
    record_attempt(ana, qualification=test, passed=True, score=0.9, actor=desk.lead, now=NOW)
    grant_competence(ana, tag="en", actor=desk.lead, now=NOW, expires_at=NOW + timedelta(days=9))
    request = desk.ask(ana)

    held = with_old_token(desk, ana, request, now=NOW + timedelta(hours=23))
    lapsed = with_old_token(desk, ana, request, now=NOW + timedelta(hours=25))

    assert (len(held), lapsed) == (1, [])


def test_telling_twice_changes_nothing():
    desk = a_desk()
    ana = a_veteran(desk)

    assert [tell_of_person(ana.pk, now=NOW), tell_of_person(ana.pk, now=NOW)] == [True, False]
