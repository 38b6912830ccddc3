"""What is told to dispatch at the same time, and a person with eight tabs: the race without the lock, and that it does not happen with it."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from isogloss.annotation.models import Annotation
from isogloss.dispatch.models import Consent as PushedConsent
from isogloss.dispatch.models import DispatchPerson, Lease
from isogloss.platform.problems import Conflict
from isogloss.wellbeing import services
from isogloss.wellbeing.models import Consent, ExposureEntry, ExposurePolicy
from isogloss.wellbeing.rules import NOTHING
from isogloss.wellbeing.services import derive_entries, make_policy, renew_allowances, set_consent, tell_of_person
from tests.concurrency.racing import a_racing_desk, a_real_store, a_request, a_submission, at_once, close_raw_connections
from tests.dispatch.making import some_items
from tests.support.making import NOW
from tests.wellbeing.making import a_policy, a_veteran, an_officer, in_force

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store():
    with a_real_store() as opened:
        yield opened
    close_raw_connections()


def test_eight_tabs_with_prefetch_never_pass_the_cap_by_a_single_item(store):
    desk = a_racing_desk(store)
    some_items(desk.project, 60, severity=3, hazards="hate")
    ana = a_veteran(desk)
    in_force(a_policy(s3={"daily": timedelta(minutes=7)}))
    set_consent(ana, hazard="hate", level=3, now=NOW)
    request = a_request(desk, ana)

    def work(want: int) -> None:
        for _ in range(4):
            asked = type(request)(**{**{f: getattr(request, f) for f in request.__struct_fields__}, "want": want})
            for lease in store.next_leases(asked).leases:
                store.submit(a_submission(request, lease.lease, key=f"{lease.lease}-once"))

    at_once(*(lambda want=want: work(want) for want in (1, 2, 3, 5, 5, 5, 4, 5)))

    person = DispatchPerson.objects.get(pk=ana.pk)
    assert person.used3 + person.reserved3 <= person.cap3 == 7 * 60_000
    assert person.used3 == 2000 * Annotation.objects.count()
    assert Annotation.objects.count() + Lease.objects.count() >= 7
    assert desk.violations() == {}


def test_eight_tabs_that_only_ask_hold_what_the_cap_allows_and_no_more(store):
    desk = a_racing_desk(store)
    some_items(desk.project, 60, severity=3, hazards="hate")
    ana = a_veteran(desk)
    in_force(a_policy(s3={"daily": timedelta(minutes=7)}))
    set_consent(ana, hazard="hate", level=3, now=NOW)
    request = a_request(desk, ana)
    wants = [
        type(request)(**{**{f: getattr(request, f) for f in request.__struct_fields__}, "want": w}) for w in (1, 9, 3, 20, 5, 8, 4, 20)
    ]

    at_once(*(lambda r=r: store.next_leases(r) for r in wants))

    assert Lease.objects.count() == 7


def _withdraw_while_an_older_plan_is_told(monkeypatch, ana) -> None:
    """Let a renewal stop between reading the consents and telling of them, and the person withdraw in between."""
    has_read, go_on = threading.Event(), threading.Event()
    told = services.set_exposure

    def slow(person_id, **telling):
        if threading.current_thread().name == "renewal":
            has_read.set()
            go_on.wait(2)
        told(person_id, **telling)

    monkeypatch.setattr(services, "set_exposure", slow)

    def renewal() -> None:
        threading.current_thread().name = "renewal"
        tell_of_person(ana.pk, now=NOW)

    def withdrawal() -> None:
        has_read.wait(5)
        waiting = threading.Timer(0.5, go_on.set)
        waiting.start()
        set_consent(ana, hazard="hate", level=NOTHING, now=NOW + timedelta(seconds=1))
        go_on.set()

    results = at_once(renewal, withdrawal)
    assert [r for r in results if isinstance(r, Exception)] == []


def _a_person_with_news(store):
    desk = a_racing_desk(store)
    ana = a_veteran(desk)
    set_consent(ana, hazard="hate", level=3, now=NOW)
    in_force(a_policy(s3={"daily": timedelta(hours=1)}))
    return ana


def test_without_the_lock_an_older_plan_undoes_an_opt_out(store, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("on SQLite the transaction itself is the lock: it begins as a writer")
    ana = _a_person_with_news(store)
    monkeypatch.setattr(services, "_lock", lambda person_id: services.Allowance.objects.get(person_id=person_id))

    _withdraw_while_an_older_plan_is_told(monkeypatch, ana)

    assert Consent.objects.get(ended_at__isnull=True).severity == NOTHING
    assert PushedConsent.objects.get(person_id=ana.pk).severity == 3


def test_an_older_plan_never_undoes_an_opt_out(store, monkeypatch):
    ana = _a_person_with_news(store)

    _withdraw_while_an_older_plan_is_told(monkeypatch, ana)

    assert Consent.objects.get(ended_at__isnull=True).severity == NOTHING
    assert PushedConsent.objects.get(person_id=ana.pk).severity == NOTHING


def test_of_two_officers_at_once_one_is_told(store):
    first, second = an_officer(), an_officer()

    results = at_once(
        lambda: make_policy(a_policy(s3={"days": 3}), note="a", base=0, actor=first, now=NOW),
        lambda: make_policy(a_policy(s4={"days": 1}), note="b", base=0, actor=second, now=NOW),
    )

    assert sum(isinstance(r, Conflict) for r in results) == 1
    assert ExposurePolicy.objects.filter(in_force_at__isnull=False).count() == 1


def test_entries_derived_by_two_workers_at_once_are_there_once(store):
    desk = a_racing_desk(store)
    some_items(desk.project, 20, severity=2)
    ana = a_veteran(desk)
    request = a_request(desk, ana)
    asked = type(request)(**{**{f: getattr(request, f) for f in request.__struct_fields__}, "want": 20})
    for lease in store.next_leases(asked).leases:
        store.submit(a_submission(request, lease.lease))

    at_once(*(lambda: derive_entries(now=NOW) for _ in range(3)), lambda: renew_allowances(now=NOW))

    assert ExposureEntry.objects.count() == 20
    from isogloss.wellbeing.models import ExposureDay

    assert list(ExposureDay.objects.values_list("items", "active_ms")) == [(20, 40_000)]
