"""Gold whose lease ended gets the word that work gets if it is answered late, and comes again as work does."""

import pytest

from isogloss.accounts.models import User
from isogloss.annotation.models import Annotation
from isogloss.dispatch.models import DispatchPerson, Lease
from isogloss.dispatch.services import add_gold, pause_batch, recall, release_leases
from tests.dispatch.making import Desk, a_desk, some_items

pytestmark = pytest.mark.django_db


def a_desk_with_gold(*, target: int = 1) -> Desk:
    desk = a_desk(target=target, workflow={"gold_enabled": True})
    items = some_items(desk.project, 120)
    add_gold([item.pk for item in items[::3]], now=desk.now)
    return desk


def somebody(desk: Desk) -> User:
    """A person of whose serves every second one is gold."""
    ana = desk.annotator()
    desk.ask(ana)
    DispatchPerson.objects.filter(pk=ana.pk).update(gold_share=5000, day_ends=2**50)
    return ana


def twenty_held_by(desk: Desk, ana: User) -> tuple[list[str], set[str]]:
    """What a person holds, and what of it is gold."""
    held = [served.lease for served in desk.next(ana, want=20).leases]
    gold = set(Lease.objects.filter(person_id=ana.pk, gold=True).values_list("public_id", flat=True))
    assert 0 < len(gold) < len(held)
    return held, gold


def the_others_answer(desk: Desk) -> None:
    """Somebody answers what came back."""
    ben = desk.annotator()
    for served in desk.next(ben, want=40).leases:
        desk.submit(ben, served.lease)


def words(desk: Desk, person: User, leases: list[str], *, gold: set[str]) -> tuple[set[str], set[str]]:
    """What a person is told of the gold, and what of the work."""
    told = {lease: desk.submit(person, lease).state for lease in leases}
    return {told[lease] for lease in gold}, {state for lease, state in told.items() if lease not in gold}


def test_after_a_recall_gold_is_surplus_as_work_is():
    desk = a_desk_with_gold()
    ana = somebody(desk)
    held, gold = twenty_held_by(desk, ana)
    recall(ana, project=desk.project, reason="spam", actor=desk.lead, now=desk.now)

    assert words(desk, ana, held, gold=gold) == ({"surplus"}, {"surplus"})
    assert not Annotation.objects.filter(counted=True).exists()
    assert desk.violations() == {}


def test_where_others_took_the_places_gold_is_surplus_too():
    desk = a_desk_with_gold()
    ana = somebody(desk)
    held, gold = twenty_held_by(desk, ana)
    desk.later(minutes=31).sweep()
    the_others_answer(desk)

    assert words(desk, ana, held, gold=gold) == ({"surplus"}, {"surplus"})
    assert desk.violations() == {}


def test_where_the_places_are_still_free_gold_counts_too():
    desk = a_desk_with_gold()
    ana = somebody(desk)
    held, gold = twenty_held_by(desk, ana)
    desk.later(minutes=31).sweep()

    assert words(desk, ana, held, gold=gold) == ({"counted"}, {"counted"})
    assert desk.violations() == {}


def test_the_word_for_gold_is_that_of_the_lease_that_ended_beside_it():
    desk = a_desk_with_gold()
    ana = somebody(desk)
    first, gold_of_first = twenty_held_by(desk, ana)
    desk.later(minutes=31).sweep()
    the_others_answer(desk)
    told_of_first = words(desk, ana, first, gold=gold_of_first)
    second, gold_of_second = twenty_held_by(desk, ana)
    release_leases(ana, project_id=None, now=desk.now)

    assert told_of_first == ({"surplus"}, {"surplus"})
    assert words(desk, ana, second, gold=gold_of_second) == ({"counted"}, {"counted"})


def test_after_a_pause_gold_counts_as_the_work_that_was_put_aside():
    desk = a_desk_with_gold()
    ana = somebody(desk)
    held, gold = twenty_held_by(desk, ana)
    pause_batch(desk.project.batches.get(), actor=desk.lead, now=desk.now)

    assert words(desk, ana, held, gold=gold) == ({"counted"}, {"counted"})
    assert desk.violations() == {}


def test_gold_that_was_let_go_comes_again_as_work_does():
    desk = a_desk_with_gold()
    ana = somebody(desk)
    held, _ = twenty_held_by(desk, ana)
    desk.later(minutes=31).sweep()

    DispatchPerson.objects.filter(pk=ana.pk).update(gold_share=5000)
    again = {desk.item_of(served.lease) for served in desk.next(ana, want=120).leases}

    assert {desk.item_of(lease) for lease in held} <= again
