"""Entries are derived from the work: once each, on the person's own day, replayed work never."""

from datetime import date, datetime, timedelta

import pytest

from isogloss.annotation.models import Annotation
from isogloss.wellbeing import services
from isogloss.wellbeing.models import ExposureDay, ExposureEntry, ReadMark
from isogloss.wellbeing.services import derive_entries
from tests.dispatch.making import a_desk, some_items
from tests.support.making import NOW
from tests.wellbeing.making import a_veteran

pytestmark = pytest.mark.django_db


def entries(*fields: str) -> list[tuple[object, ...]]:
    return list(ExposureEntry.objects.order_by("id").values_list(*fields))


def test_an_answer_leaves_an_entry_with_its_severity_category_and_time():
    desk = a_desk()
    some_items(desk.project, 1, severity=2, hazards="hate")
    ana = a_veteran(desk)
    desk.submit(ana, desk.next(ana).leases[0].lease, active=42)

    derive_entries(now=NOW)

    assert entries("person_id", "kind", "severity", "hazards", "active_ms", "day") == [
        (ana.pk, "answer", 2, "hate", 42_000, date(2026, 11, 22))
    ]


def test_deriving_again_adds_nothing():
    desk = a_desk()
    some_items(desk.project, 3, severity=2)
    ana = a_veteran(desk)
    for lease in desk.next(ana, want=2).leases:
        desk.submit(ana, lease.lease, active=30)

    added = [derive_entries(now=NOW + timedelta(minutes=m)) for m in (0, 1, 5, 10)]

    assert added == [2, 0, 0, 0]
    assert list(ExposureDay.objects.values_list("active_ms", "items")) == [(60_000, 2)]
    assert ReadMark.objects.get(pk="answer").until == Annotation.objects.latest("id").pk


def test_a_row_that_appears_below_one_that_was_read_is_found():
    desk = a_desk()
    some_items(desk.project, 3, severity=2)
    ana = a_veteran(desk)
    first, second = desk.next(ana, want=2).leases
    desk.submit(ana, first.lease)
    desk.submit(ana, second.lease)
    late = Annotation.objects.order_by("id").first()
    kept = Annotation.objects.filter(pk=late.pk).values().get()
    Annotation.objects.filter(pk=late.pk).delete()
    derive_entries(now=NOW)

    Annotation.objects.create(**kept)
    derive_entries(now=NOW + timedelta(minutes=1))

    assert ExposureEntry.objects.count() == 2


def test_a_correction_is_met_again_and_a_skip_counts_with_the_usual_time():
    desk = a_desk()
    some_items(desk.project, 2, severity=2)
    ana = a_veteran(desk)
    answered, skipped = desk.next(ana, want=2).leases
    desk.submit(ana, answered.lease, active=20)
    desk.submit(ana, answered.lease, label="negative", active=5)
    desk.skip(ana, skipped.lease, reason="too_harmful")

    derive_entries(now=NOW)

    assert entries("kind", "active_ms") == [("answer", 20_000), ("correction", 5000), ("skip", 60_000)]


def test_harmless_and_replayed_work_leaves_no_entry():
    desk = a_desk(n=1)
    some_items(desk.project, 1, severity=2)
    ana = a_veteran(desk)
    for lease in desk.next(ana, want=2).leases:
        desk.submit(ana, lease.lease)
    Annotation.objects.filter(item__severity=2).update(source="replayed")

    assert derive_entries(now=NOW) == 0


def test_a_clock_in_the_browser_cannot_claim_more_than_the_lease_lasted():
    desk = a_desk(lease_minutes=1)
    some_items(desk.project, 1, severity=2)
    ana = a_veteran(desk)
    desk.submit(ana, desk.next(ana).leases[0].lease, active=4000)

    derive_entries(now=NOW)

    assert entries("active_ms") == [(60_000,)]


def test_reveals_are_counted():
    desk = a_desk()
    some_items(desk.project, 1, severity=2)
    ana = a_veteran(desk)
    desk.submit(ana, desk.next(ana).leases[0].lease)
    Annotation.objects.update(served='{"opened_at":"2026-11-22T12:00:00Z","reveals":["2026-11-22T12:00:01Z","2026-11-22T12:00:09Z"]}')

    derive_entries(now=NOW)

    assert entries("reveals") == [(2,)]


def test_work_before_four_belongs_to_the_day_before_on_the_persons_clock():
    desk = a_desk()
    some_items(desk.project, 2, severity=2)
    ana, ken = a_veteran(desk), a_veteran(desk, zone="Asia/Tokyo")
    desk.now = datetime.fromisoformat("2026-11-22T03:00:00+00:00")
    for person in (ana, ken):
        desk.submit(person, desk.next(person).leases[0].lease)

    derive_entries(now=desk.now)

    assert dict(entries("person_id", "day")) == {ana.pk: date(2026, 11, 21), ken.pk: date(2026, 11, 22)}


def test_many_answers_are_read_in_pieces(monkeypatch):
    monkeypatch.setattr(services, "PIECE", 2)
    desk = a_desk()
    some_items(desk.project, 7, severity=2)
    ana = a_veteran(desk)
    for lease in desk.next(ana, want=7).leases:
        desk.submit(ana, lease.lease, active=10)

    assert derive_entries(now=NOW) == 7
    assert list(ExposureDay.objects.values_list("active_ms", "items")) == [(70_000, 7)]


def test_the_account_of_the_queue_and_the_entries_agree_on_answers():
    from isogloss.dispatch.models import DispatchPerson

    desk = a_desk()
    some_items(desk.project, 4, severity=3)
    ana = a_veteran(desk)
    from isogloss.wellbeing.services import set_consent

    set_consent(ana, hazard="*", level=3, now=NOW)
    for active, lease in zip((1, 20, 300), desk.next(ana, want=3).leases, strict=True):
        desk.submit(ana, lease.lease, active=active)

    derive_entries(now=NOW)

    assert DispatchPerson.objects.get(pk=ana.pk).used3 == sum(ms for (ms,) in entries("active_ms"))
