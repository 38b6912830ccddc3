"""Batches: priority, due dates, pause; and giving an item to somebody."""

from datetime import date

import pytest

from isogloss.corpus.models import Batch
from isogloss.dispatch.models import DispatchPerson, Lease, PausedBatch, QueueRow
from isogloss.dispatch.rules import work_lane
from isogloss.dispatch.services import add_gold, mend_batches, pause_batch, pauses, reassign, resume_batch
from isogloss.dispatch.services.recalls import CannotReassign
from isogloss.platform import jobs
from isogloss.platform.models import Job
from tests.dispatch.making import a_desk, some_items

pytestmark = pytest.mark.django_db


def test_urgent_work_comes_first():
    desk = a_desk()
    some_items(desk.project, 3, batch="later")
    urgent = {item.pk for item in some_items(desk.project, 2, batch="now", priority=10)}
    ana = desk.annotator()

    first = {desk.item_of(s.lease) for s in desk.next(ana, want=2).leases}

    assert first == urgent


def test_of_equal_priority_the_earlier_due_date_comes_first():
    assert work_lane(priority=0, due=date(2026, 1, 1)) < work_lane(priority=0, due=date(2026, 1, 2)) < work_lane(priority=0, due=None)
    assert work_lane(priority=1, due=None) < work_lane(priority=0, due=date(2026, 1, 1))


def test_returned_slots_come_before_new_work():
    desk = a_desk(target=1, n=5)
    ana, ben = desk.annotator(), desk.annotator()
    item = desk.item_of(desk.next(ana).leases[0].lease)
    desk.skip(ana, desk.next(ana).leases[0].lease)

    assert desk.item_of(desk.next(ben).leases[0].lease) == item


def test_an_item_returned_twice_is_served_to_a_person_once():
    desk = a_desk(target=2, n=1)
    desk.next(desk.annotator())
    desk.next(desk.annotator())
    desk.later(minutes=31).sweep()

    assert len(desk.next(desk.annotator(), want=2).leases) == 1
    assert desk.violations() == {}


def test_a_paused_batch_is_not_served_and_its_leases_return():
    desk = a_desk()
    some_items(desk.project, 3, batch="held")
    other = {item.pk for item in some_items(desk.project, 2, batch="open")}
    ana = desk.annotator()
    desk.next(ana, want=5)
    batch = Batch.objects.get(name="held")

    pause_batch(batch, actor=desk.lead, now=desk.now)

    assert {desk.item_of(s.lease) for s in desk.next(ana, want=9).leases} == other
    assert desk.violations() == {}


def test_a_resumed_batch_is_met_by_who_had_read_past_it():
    desk = a_desk(target=2)
    some_items(desk.project, 3, batch="held")
    ana = desk.annotator()
    batch = Batch.objects.get(name="held")
    pause_batch(batch, actor=desk.lead, now=desk.now)
    some_items(desk.project, 2, batch="open")
    desk.next(ana, want=9)

    resume_batch(batch, actor=desk.lead, now=desk.now)

    assert len(desk.next(ana, want=9).leases) == 5
    assert desk.violations() == {}


def test_a_resume_that_broke_off_is_mended():
    desk = a_desk()
    some_items(desk.project, 3, batch="held")
    ana = desk.annotator()
    pause_batch(Batch.objects.get(name="held"), actor=desk.lead, now=desk.now)
    PausedBatch.objects.all().delete()

    mended = mend_batches()

    assert mended == 1
    assert len(desk.next(ana, want=9).leases) == 3


def answers_to_the_end(desk, person) -> int:
    """How many items a person answers until there is nothing more for them."""
    number = 0
    while leases := desk.next(person).leases:
        desk.submit(person, leases[0].lease)
        number += 1
    return number


def run_batch_jobs() -> None:
    for job in Job.objects.filter(kind="dispatch.batches").order_by("-pk"):
        jobs._KINDS[job.kind](job.ids, jobs.Progress(job.pk))


def a_batch_stepped_over():
    """Two batches of three; the first was paused while somebody read past it, and resumed before any row was moved."""
    desk = a_desk(target=1)
    some_items(desk.project, 3, batch="one")
    some_items(desk.project, 3, batch="two")
    ana = desk.annotator()
    batch = Batch.objects.get(name="one")
    pause_batch(batch, actor=desk.lead, now=desk.now, moves_later=True)
    desk.submit(ana, desk.next(ana).leases[0].lease)
    resume_batch(batch, actor=desk.lead, now=desk.now, moves_later=True)
    return desk, ana, batch


def test_a_batch_resumed_before_its_rows_were_put_aside_is_met_by_who_had_read_past_it():
    desk, ana, _ = a_batch_stepped_over()

    run_batch_jobs()

    assert answers_to_the_end(desk, ana) == 5
    assert desk.violations() == {}


def test_rows_that_nobody_will_come_to_are_counted_as_a_violation():
    desk, ana, _ = a_batch_stepped_over()

    assert answers_to_the_end(desk, ana) == 2
    assert desk.violations() == {"unmet": 3}


def test_rows_put_aside_of_a_batch_that_is_served_are_counted_as_a_violation():
    desk = a_desk()
    some_items(desk.project, 3, batch="held")
    pause_batch(Batch.objects.get(name="held"), actor=desk.lead, now=desk.now)

    PausedBatch.objects.all().delete()

    assert desk.violations() == {"parked": 3}


def test_rows_are_not_put_aside_any_more_once_the_batch_is_served_again(monkeypatch):
    desk = a_desk()
    some_items(desk.project, 3, batch="held")
    batch = Batch.objects.get(name="held")
    pause_batch(batch, actor=desk.lead, now=desk.now, moves_later=True)
    looked = pauses.engine_of_django

    def and_meanwhile_resumed():
        resume_batch(batch, actor=desk.lead, now=desk.now, moves_later=True)
        return looked()

    monkeypatch.setattr(pauses, "engine_of_django", and_meanwhile_resumed)
    pauses._move(batch.pk, parks=True)

    assert desk.violations() == {}
    assert answers_to_the_end(desk, desk.annotator()) == 3


def test_items_that_arrive_in_a_paused_batch_wait():
    desk = a_desk()
    some_items(desk.project, 1, batch="held")
    batch = Batch.objects.get(name="held")
    pause_batch(batch, actor=desk.lead, now=desk.now)

    some_items(desk.project, 2, batch="held")

    assert desk.next(desk.annotator(), want=9).leases == []
    resume_batch(batch, actor=desk.lead, now=desk.now)
    assert QueueRow.objects.count() == 3
    assert desk.violations() == {}


def test_an_item_can_be_given_from_one_person_to_another():
    desk = a_desk(target=1)
    (item,) = some_items(desk.project, 1)
    ana, ben = desk.annotator(), desk.annotator()
    desk.next(ana)

    lease = reassign(item.pk, giver=ana, taker=ben, actor=desk.lead, now=desk.now)

    assert [s.lease for s in desk.next(ben).leases] == [lease]
    assert desk.next(ana).leases == []
    assert desk.violations() == {}


def test_an_item_is_not_given_to_who_may_not_see_it():
    desk = a_desk(target=1)
    (item,) = some_items(desk.project, 1, language="id")

    with pytest.raises(CannotReassign, match="language"):
        reassign(item.pk, giver=None, taker=desk.annotator("en"), actor=desk.lead, now=desk.now)


def test_an_item_is_not_given_to_who_has_seen_it():
    desk = a_desk(target=2)
    (item,) = some_items(desk.project, 1)
    ana = desk.annotator()
    desk.skip(ana, desk.next(ana).leases[0].lease)

    with pytest.raises(CannotReassign, match="seen"):
        reassign(item.pk, giver=None, taker=ana, actor=desk.lead, now=desk.now)


def a_desk_with_gold(n: int = 40):
    """One project, every fourth item gold, and somebody who is often served it."""
    desk = a_desk(workflow={"gold_enabled": True})
    items = some_items(desk.project, n)
    add_gold([item.pk for item in items[::4]], now=desk.now)
    ana = desk.annotator()
    desk.ask(ana)
    DispatchPerson.objects.filter(pk=ana.pk).update(gold_share=3000, day_ends=2**50)
    return desk, ana, Batch.objects.get(project=desk.project)


def test_a_pause_takes_gold_back_with_the_work():
    desk, ana, batch = a_desk_with_gold()
    desk.next(ana, want=20)
    assert Lease.objects.filter(gold=True).exists()

    pause_batch(batch, actor=desk.lead, now=desk.now)

    assert desk.next(ana, want=20).leases == []
    assert desk.violations() == {}


def test_the_sweep_ends_gold_that_a_pause_missed():
    desk, ana, batch = a_desk_with_gold()
    held = desk.next(ana, want=20).leases
    PausedBatch.objects.create(batch_id=batch.pk, project_id=desk.project.pk)

    ended = desk.sweep()

    assert ended == len(held)
    assert not Lease.objects.exists()


def test_gold_of_a_resumed_batch_comes_again_as_its_work_does():
    """Of what somebody held when the batch was paused, the part that never came back would be the gold."""
    desk, ana, batch = a_desk_with_gold(n=12)
    held = {desk.item_of(s.lease) for s in desk.next(ana, want=12).leases}
    pause_batch(batch, actor=desk.lead, now=desk.now)
    some_items(desk.project, 3, batch="open")
    desk.next(ana, want=3)

    resume_batch(batch, actor=desk.lead, now=desk.now)

    DispatchPerson.objects.filter(pk=ana.pk).update(gold_share=10_000)
    assert held <= {desk.item_of(s.lease) for s in desk.next(ana, want=15).leases}
    assert desk.violations() == {}
