"""Items that are something else now are served to those who may read that, and to nobody else; nothing of the work is lost."""

import pytest

from isogloss.corpus.models import Batch, Item
from isogloss.dispatch.models import Lease, QueueRow, Stratum
from isogloss.dispatch.models import Progress as Entered
from isogloss.dispatch.queries import counters
from isogloss.dispatch.rules import ExposureLimits
from isogloss.dispatch.services import add_gold, move_items, pause_batch, resume_batch, set_exposure
from tests.dispatch.making import Desk, a_desk, some_items
from tests.support.making import NOW

pytestmark = pytest.mark.django_db


def changed(desk: Desk, *items: Item, **fields: object) -> int:
    Item.objects.filter(pk__in=[item.pk for item in items]).update(**fields)
    return move_items([item.pk for item in items], project_id=desk.project.pk, now=desk.now)


def served(desk: Desk, person, *, want: int = 9) -> set[int]:
    return {desk.item_of(lease.lease) for lease in desk.next(person, want).leases}


def figures(desk: Desk) -> dict[str, tuple[int, ...]]:
    return {row.language: (row.items, row.complete, row.waiting, row.leased, row.done) for row in counters(desk.project.pk)}


def test_an_item_in_another_language_is_served_to_who_reads_that():
    desk = a_desk()
    item, other = some_items(desk.project, 2)
    ana, budi = desk.annotator("en"), desk.annotator("id")

    assert changed(desk, item, routing_language="id") == 1

    assert (served(desk, ana), served(desk, budi)) == ({other.pk}, {item.pk})
    assert desk.violations() == {}


def test_an_item_of_higher_severity_leaves_who_did_not_agree_to_it():
    desk = a_desk()
    (item,) = some_items(desk.project, 1, severity=1)
    ana, ben = desk.annotator(), desk.annotator()
    set_exposure(ben.pk, limits=ExposureLimits(), consents={"hate": (4, None)}, now=NOW)
    assert served(desk, ana) == {item.pk}

    changed(desk, item, severity=4, hazards="hate")

    assert (served(desk, ana), served(desk, ben)) == (set(), {item.pk})
    assert desk.violations() == {}


def test_an_answer_to_what_was_taken_back_is_kept_and_counts_while_there_is_room():
    desk = a_desk(target=1)
    (item,) = some_items(desk.project, 1)
    ana = desk.annotator("en")
    lease = desk.next(ana).leases[0].lease

    changed(desk, item, routing_language="id")
    outcome = desk.submit(ana, lease)

    assert (outcome.state, Lease.objects.count(), QueueRow.objects.filter(item_id=item.pk).count()) == ("counted", 0, 0)
    assert desk.violations() == {}


def test_the_figures_of_both_languages_follow_the_item():
    desk = a_desk(target=3)
    item, _ = some_items(desk.project, 2)
    ana, ben = desk.annotator(), desk.annotator()
    for person in (ana, ben):
        while desk.item_of(desk.next(person).leases[0].lease) != item.pk:
            desk.skip(person, desk.next(person).leases[0].lease)
    desk.submit(ana, desk.next(ana).leases[0].lease)

    changed(desk, item, routing_language="id")

    assert figures(desk) == {"en": (1, 0, 3 - Lease.objects.count(), Lease.objects.count(), 0), "id": (1, 0, 2, 0, 1)}
    assert (Entered.objects.get(pk=item.pk).target, desk.violations()) == (3, {})


def test_nobody_is_served_again_what_they_have_answered():
    desk = a_desk(target=2)
    (item,) = some_items(desk.project, 1)
    ana = desk.annotator()
    desk.submit(ana, desk.next(ana).leases[0].lease)

    changed(desk, item, routing_language="id")

    assert served(desk, ana) == set()
    assert served(desk, desk.annotator("id")) == {item.pk}


def test_gold_stays_gold():
    desk = a_desk(workflow={"gold_enabled": True})
    (item, _) = some_items(desk.project, 2)
    add_gold([item.pk], now=NOW)

    changed(desk, item, routing_language="id")

    (row,) = QueueRow.objects.filter(item_id=item.pk)
    stratum = Stratum.objects.get(pk=row.stratum_id)
    assert (stratum.lane, stratum.language, Entered.objects.get(pk=item.pk).gold) == (-1, "id", True)
    assert (figures(desk), desk.violations()) == ({"en": (1, 0, 2, 0, 0)}, {})


def test_an_item_of_a_paused_batch_stays_paused_and_comes_back_where_it_belongs_now():
    desk = a_desk()
    (item,) = some_items(desk.project, 1)
    batch = Batch.objects.get(project=desk.project)
    budi = desk.annotator("id")
    pause_batch(batch, actor=desk.lead, now=NOW)

    changed(desk, item, routing_language="id")
    while_paused = served(desk, budi)
    resume_batch(batch, actor=desk.lead, now=NOW)

    assert (while_paused, served(desk, budi), desk.violations()) == (set(), {item.pk}, {})


def test_slots_that_were_returned_move_too():
    desk = a_desk(target=2)
    (item,) = some_items(desk.project, 1)
    ana, budi = desk.annotator("en"), desk.annotator("id")
    desk.skip(ana, desk.next(ana).leases[0].lease)

    changed(desk, item, routing_language="id")

    assert sum(QueueRow.objects.filter(item_id=item.pk).values_list("remaining", flat=True)) == 2
    assert (served(desk, budi), desk.violations()) == ({item.pk}, {})


def test_an_item_that_is_what_it_was_is_left_alone():
    desk = a_desk()
    (item,) = some_items(desk.project, 1)
    held = desk.next(desk.annotator()).leases[0].lease

    assert changed(desk, item, severity=0) == 0

    assert Lease.objects.filter(pk=held).exists()


def test_in_a_pool_every_language_has_one_place_but_its_own_figures():
    desk = a_desk(routing="pool")
    (item,) = some_items(desk.project, 1)

    changed(desk, item, routing_language="id")

    assert figures(desk) == {"en": (0, 0, 0, 0, 0), "id": (1, 0, 2, 0, 0)}
    assert served(desk, desk.annotator(in_pool=True)) == {item.pk}
    assert desk.violations() == {}
