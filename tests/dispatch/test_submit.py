"""What becomes of a submit: counted, repeated, corrected, late, refused."""

import pytest

from isogloss.annotation.models import Annotation
from isogloss.dispatch.models import Lease
from isogloss.dispatch.store.records import KeyClash, Outdated, UnknownLease
from tests.dispatch.making import a_desk, annotations

pytestmark = pytest.mark.django_db


def test_a_submit_is_counted():
    desk = a_desk(n=1)
    ana = desk.annotator()
    (lease,) = desk.next(ana).leases

    outcome = desk.submit(ana, lease.lease)

    assert (outcome.state, outcome.revision, outcome.today) == ("counted", 0, 1)
    assert Annotation.objects.get().lease == lease.lease
    assert desk.violations() == {}


def test_a_repeated_submit_is_the_same_annotation():
    desk = a_desk(n=1)
    ana = desk.annotator()
    (lease,) = desk.next(ana).leases
    first = desk.submit(ana, lease.lease, key="the same key")

    again = desk.submit(ana, lease.lease, key="the same key")

    assert (again.state, again.annotation) == ("repeat", first.annotation)
    assert annotations(desk) == 1


def test_the_same_key_with_another_answer_is_refused():
    desk = a_desk(n=1)
    ana = desk.annotator()
    (lease,) = desk.next(ana).leases
    desk.submit(ana, lease.lease, key="the same key")

    with pytest.raises(KeyClash):
        desk.submit(ana, lease.lease, key="the same key", label="negative")


def test_the_key_of_another_item_is_refused_and_the_lease_stays():
    desk = a_desk(n=2)
    ana = desk.annotator()
    one, two = desk.next(ana, want=2).leases
    desk.submit(ana, one.lease, key="the same key")

    with pytest.raises(KeyClash):
        desk.submit(ana, two.lease, key="the same key")

    assert [s.lease for s in desk.next(ana).leases] == [two.lease]
    assert desk.violations() == {}


def test_another_key_under_the_same_lease_is_a_correction():
    desk = a_desk(n=1)
    ana = desk.annotator()
    (lease,) = desk.next(ana).leases
    desk.submit(ana, lease.lease)

    outcome = desk.submit(ana, lease.lease, label="negative")

    assert (outcome.state, outcome.revision) == ("correction", 1)
    assert list(Annotation.objects.order_by("revision").values_list("revision", "counted")) == [(0, True), (1, True)]
    assert desk.violations() == {}


def test_work_under_an_expired_lease_takes_a_free_slot():
    desk = a_desk(target=1, n=1)
    ana = desk.annotator()
    (lease,) = desk.next(ana).leases
    desk.later(minutes=31).sweep()

    outcome = desk.submit(ana, lease.lease)

    assert outcome.state == "counted"
    assert desk.violations() == {}


def test_work_under_an_expired_lease_is_kept_as_surplus_when_no_slot_is_left():
    desk = a_desk(target=1, n=1)
    ana, ben = desk.annotator(), desk.annotator()
    (lease,) = desk.next(ana).leases
    desk.later(minutes=31).sweep()
    (other,) = desk.next(ben).leases
    desk.submit(ben, other.lease)

    outcome = desk.submit(ana, lease.lease)

    assert outcome.state == "surplus"
    assert Annotation.objects.filter(counted=False).count() == 1
    assert desk.violations() == {}


def test_work_under_an_old_lease_uses_up_the_new_one_on_the_same_item():
    desk = a_desk(target=1, n=1)
    ana = desk.annotator()
    (old,) = desk.next(ana).leases
    desk.later(minutes=31).sweep()
    (new,) = desk.next(ana).leases

    outcome = desk.submit(ana, old.lease)

    assert outcome.state == "counted"
    assert not Lease.objects.filter(pk=new.lease).exists()
    assert desk.next(ana).leases == []
    assert desk.violations() == {}


def test_an_unknown_lease_is_refused():
    desk = a_desk(n=1)
    ana = desk.annotator()

    with pytest.raises(UnknownLease):
        desk.submit(ana, "0" * 32)


def test_somebody_elses_lease_is_unknown():
    desk = a_desk(n=1)
    ana, ben = desk.annotator(), desk.annotator()
    (lease,) = desk.next(ana).leases

    with pytest.raises(UnknownLease):
        desk.submit(ben, lease.lease)


def test_a_token_of_an_earlier_epoch_is_outdated():
    desk = a_desk(n=1)
    ana = desk.annotator()
    request = desk.ask(ana)

    from isogloss.dispatch.services import raise_epoch

    raise_epoch(ana.pk, now=desk.now)

    with pytest.raises(Outdated):
        desk.store.next_leases(request)


def test_a_skip_returns_the_slot_and_never_to_the_same_person():
    desk = a_desk(target=1, n=1)
    ana, ben = desk.annotator(), desk.annotator()
    (lease,) = desk.next(ana).leases

    state = desk.skip(ana, lease.lease)

    assert state == "skipped"
    assert desk.next(ana).leases == []
    assert len(desk.next(ben).leases) == 1
    assert desk.violations() == {}


def test_a_repeated_skip_says_so():
    desk = a_desk(n=1)
    ana = desk.annotator()
    (lease,) = desk.next(ana).leases
    desk.skip(ana, lease.lease)

    assert desk.skip(ana, lease.lease) == "repeat"
