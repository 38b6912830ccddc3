"""Nobody passes the day's cap or the stretch, whatever they ask for; who agreed to what."""

from datetime import timedelta

import pytest

from isogloss.dispatch import ports
from isogloss.dispatch.models import DispatchPerson
from isogloss.dispatch.rules import Exposure, ExposureLimits, day_of, milliseconds
from isogloss.dispatch.services import set_exposure
from tests.dispatch.making import a_desk, some_items
from tests.support.making import NOW, an_annotator

pytestmark = pytest.mark.django_db


def limits(*, minutes: int = 360, stretch: int = 600, **more: object) -> ExposureLimits:
    each = timedelta(minutes=minutes)
    long = timedelta(minutes=stretch)
    return ExposureLimits(caps={2: each, 3: each, 4: each}, stretches={0: long, 2: long, 3: long, 4: long}, **more)


def test_the_cap_holds_for_what_is_reserved():
    desk = a_desk()
    some_items(desk.project, 9, severity=2)
    ana = desk.annotator()
    set_exposure(ana.pk, limits=limits(minutes=3), consents={}, now=desk.now)

    leases = desk.next(ana, want=9).leases

    assert len(leases) == 3
    assert desk.why(ana) == "no_work" or desk.next(ana, want=9).leases == leases


def test_at_the_cap_a_person_is_told_until_when():
    desk = a_desk()
    some_items(desk.project, 9, severity=2)
    ana = desk.annotator()
    set_exposure(ana.pk, limits=limits(minutes=1), consents={}, now=desk.now)
    (lease,) = desk.next(ana).leases
    desk.submit(ana, lease.lease, active=60)

    nothing = desk.store.why_nothing(desk.ask(ana))

    assert desk.next(ana).leases == []
    assert nothing.reason == "daily_limit"
    assert nothing.until == day_of(desk.now, zone="UTC")[1]


def test_the_measured_time_replaces_the_reserved_one():
    desk = a_desk()
    some_items(desk.project, 9, severity=3)
    ana = desk.annotator()
    set_exposure(ana.pk, limits=limits(open_severity=4), consents={}, now=desk.now)
    (lease,) = desk.next(ana).leases

    desk.submit(ana, lease.lease, active=7)

    person = DispatchPerson.objects.get(pk=ana.pk)
    assert (person.used2, person.used3, person.used4) == (7000, 7000, 0)
    assert (person.reserved, person.reserved2, person.reserved3) == (0, 0, 0)


def test_time_beyond_the_lease_is_not_charged():
    desk = a_desk(lease_minutes=1)
    some_items(desk.project, 1, severity=2)
    ana = desk.annotator()
    (lease,) = desk.next(ana).leases

    desk.submit(ana, lease.lease, active=3000)

    assert DispatchPerson.objects.get(pk=ana.pk).used2 == 60_000


def test_the_next_day_begins_at_four_with_nothing_used():
    desk = a_desk()
    some_items(desk.project, 9, severity=2)
    ana = desk.annotator()
    set_exposure(ana.pk, limits=limits(minutes=1), consents={}, now=desk.now)
    desk.submit(ana, desk.next(ana).leases[0].lease, active=60)

    before = desk.later(hours=15, minutes=59).next(ana).leases
    after = desk.later(minutes=2).next(ana).leases

    assert (len(before), len(after)) == (0, 1)


def test_a_stretch_ends_with_a_break_and_goes_on_after_it():
    desk = a_desk()
    some_items(desk.project, 9, severity=2)
    ana = desk.annotator()
    set_exposure(ana.pk, limits=limits(stretch=3), consents={}, now=desk.now)
    (lease,) = desk.next(ana).leases
    desk.later(minutes=2, seconds=30).submit(ana, lease.lease, active=150)

    stopped = desk.next(ana).leases
    reason = desk.why(ana)
    rested = desk.later(minutes=10).next(ana).leases

    assert (stopped, reason, len(rested)) == ([], "break", 1)


def test_severe_items_need_consent_to_their_hazard():
    desk = a_desk()
    some_items(desk.project, 1, severity=3, hazards="hate")
    ana = desk.annotator()
    before, reason = desk.next(ana).leases, desk.why(ana)

    set_exposure(ana.pk, limits=limits(), consents={"hate": (3, None)}, now=desk.now)

    assert (before, reason) == ([], "consent")
    assert len(desk.next(ana).leases) == 1


def test_every_hazard_of_an_item_needs_its_consent():
    desk = a_desk()
    some_items(desk.project, 1, severity=3, hazards="hate,violence")
    ana = desk.annotator()

    set_exposure(ana.pk, limits=limits(), consents={"hate": (4, None)}, now=desk.now)

    assert desk.next(ana).leases == []


def test_an_opt_out_of_a_hazard_holds_below_the_open_severity_too():
    desk = a_desk()
    some_items(desk.project, 1, severity=1, hazards="hate")
    ana = desk.annotator()

    set_exposure(ana.pk, limits=limits(), consents={"hate": (0, None)}, now=desk.now)

    assert desk.next(ana).leases == []


def test_a_consent_that_has_run_out_serves_nothing_more():
    desk = a_desk()
    some_items(desk.project, 1, severity=3, hazards="hate")
    ana = desk.annotator()
    set_exposure(ana.pk, limits=limits(), consents={"hate": (3, NOW + timedelta(minutes=5))}, now=desk.now)
    request = desk.ask(ana)

    late = type(request)(**{**{f: getattr(request, f) for f in request.__struct_fields__}, "now": milliseconds(NOW + timedelta(minutes=6))})

    assert desk.store.next_leases(late).leases == []


def test_a_withdrawn_consent_takes_the_lease_back():
    desk = a_desk()
    some_items(desk.project, 1, severity=3, hazards="hate")
    ana = desk.annotator()
    set_exposure(ana.pk, limits=limits(), consents={"hate": (3, None)}, now=desk.now)
    desk.next(ana)

    set_exposure(ana.pk, limits=limits(), consents={}, now=desk.now)

    assert desk.next(ana).leases == []
    assert desk.violations() == {}


def test_prefetch_never_passes_the_cap():
    desk = a_desk()
    some_items(desk.project, 30, severity=4)
    ana = desk.annotator()
    set_exposure(ana.pk, limits=limits(minutes=7, open_severity=4), consents={}, now=desk.now)

    held = [len(desk.next(ana, want=5).leases), len(desk.next(ana, want=20).leases)]

    assert held == [5, 7]


def test_severe_work_out_of_reach_does_not_keep_harmless_work_back():
    desk = a_desk()
    some_items(desk.project, 5, severity=4)
    some_items(desk.project, 5, severity=0)
    ana = desk.annotator()
    set_exposure(ana.pk, limits=limits(minutes=0, open_severity=4), consents={}, now=desk.now)

    assert {s.severity for s in desk.next(ana, want=5).leases} == {0}


def test_a_clock_that_goes_back_gives_no_room():
    account = Exposure(
        used=[0, 0, 0], reserved=[0, 0, 0], caps=[10, 10, 10], reserved_all=0, stretch_since=1000, last_active=1000, peak=0,
        limits=[5, 5, 5, 5], pause=100, pause_after_s4=100,
    )  # fmt: skip

    assert account.room_now(severity=0, each=1, now=0) == 5


def test_limits_alone_leave_what_may_be_read_as_it_is(monkeypatch):
    desk = a_desk(n=1)
    ana = desk.annotator()
    consents = {"hate": (3, None)}
    set_exposure(ana.pk, limits=limits(minutes=3), consents=consents, now=desk.now)
    renewed = []
    monkeypatch.setattr("isogloss.dispatch.services.standing.sync_person", lambda person, now: renewed.append(person))

    set_exposure(ana.pk, limits=limits(minutes=1), consents=consents, now=desk.now)
    alone = list(renewed)
    set_exposure(ana.pk, limits=limits(minutes=1), consents={"hate": (4, None)}, now=desk.now)
    set_exposure(ana.pk, limits=limits(minutes=1, open_severity=3), consents={"hate": (4, None)}, now=desk.now)

    assert alone == []
    assert renewed == [ana.pk, ana.pk]
    assert DispatchPerson.objects.get(pk=ana.pk).cap3 == 60_000


def test_of_what_a_person_holds_the_latest_goes_back_until_a_lower_cap_holds():
    desk = a_desk()
    some_items(desk.project, 5, severity=2)
    some_items(desk.project, 1, severity=0)
    ana = desk.annotator()
    held = desk.next(ana, want=6).leases

    set_exposure(ana.pk, limits=limits(minutes=2), consents={}, now=desk.now)

    severe = [served.lease for served in held if served.severity]
    assert {s.lease for s in desk.next(ana, want=1).leases} == {*severe[:2], *(s.lease for s in held if not s.severity)}
    assert desk.violations() == {}


def test_nobody_is_served_anything_severe_before_their_limits_are_told(monkeypatch):
    monkeypatch.setattr(ports, "_TELLERS", [])
    desk = a_desk()
    some_items(desk.project, 3, severity=2)
    some_items(desk.project, 3, severity=1)
    ana = an_annotator(desk.project, lead=desk.lead)

    assert {lease.severity for lease in desk.next(ana, want=6).leases} == {1}
