"""Who is served what by `next`."""

import pytest

from tests.dispatch.making import a_desk, some_items

pytestmark = pytest.mark.django_db


def test_a_person_is_served_an_item_once():
    desk = a_desk(target=2, n=3)
    ana = desk.annotator()

    seen = []
    for _ in range(4):
        outcome = desk.next(ana)
        if outcome.leases:
            seen.append(desk.item_of(outcome.leases[0].lease))
            desk.submit(ana, outcome.leases[0].lease)

    assert len(seen) == len(set(seen)) == 3
    assert desk.violations() == {}


def test_next_asked_twice_returns_the_same_lease():
    desk = a_desk(n=3)
    ana = desk.annotator()

    first, second = desk.next(ana), desk.next(ana)

    assert [s.lease for s in first.leases] == [s.lease for s in second.leases]


def test_next_tops_up_to_the_number_wanted_oldest_first():
    desk = a_desk(n=9)
    ana = desk.annotator()
    (oldest,) = desk.next(ana).leases

    leases = desk.next(ana, want=5).leases

    assert len(leases) == 5
    assert leases[0] == oldest
    assert [s.serve for s in leases] == [1, 2, 3, 4, 5]


def test_an_item_is_given_to_as_many_people_as_its_target():
    desk = a_desk(target=2, n=1)

    served = [len(desk.next(desk.annotator()).leases) for _ in range(4)]

    assert served == [1, 1, 0, 0]


def test_a_person_is_served_only_languages_they_know():
    desk = a_desk(languages=("en", "ja"))
    some_items(desk.project, 2, language="ja")
    some_items(desk.project, 2, language="en")
    ana = desk.annotator("ja")

    languages = {s.language for s in desk.next(ana, want=9).leases}

    assert languages == {"ja"}


def test_a_place_that_another_left_behind_is_met_by_who_let_the_item_go():
    """Of two places of an item one expires and is taken by somebody else; the other still waits for the first person."""
    desk = a_desk(target=2, n=1)
    ana = desk.annotator()
    desk.next(ana)
    desk.later(minutes=31).sweep()
    ben = desk.annotator()
    desk.submit(ben, desk.next(ben).leases[0].lease)

    assert len(desk.next(ana).leases) == 1
    assert desk.violations() == {}
