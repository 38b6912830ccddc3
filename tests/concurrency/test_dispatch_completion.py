"""A crowd that forgets, repeats and comes late finishes every item with exactly its target."""

import random

import pytest

from isogloss.annotation.models import Annotation
from isogloss.dispatch.models import DispatchPerson, Lease, Progress, QueueRow, SpentRow
from isogloss.dispatch.services import add_gold, sync_project
from isogloss.dispatch.store.records import NextRequest
from isogloss.projects.models import Workflow
from tests.concurrency.racing import a_racing_desk, a_real_store, a_request, a_submission, at_once
from tests.dispatch.making import some_items

pytestmark = pytest.mark.django_db(transaction=True)


def a_crowd_member(store, requests: list[NextRequest], *, seed: int, turns: int):
    """Act as any of the people in turn: 10 % of leases are abandoned, 10 % of submits repeated, the clock jumps."""
    chance = random.Random(seed)

    def act() -> None:
        now = requests[0].now
        for _ in range(turns):
            now += chance.choice([0, 5_000, 60_000, 31 * 60_000]) if chance.random() < 0.2 else 3_000
            mine = chance.choice(requests)
            request = NextRequest(
                **{**{f: getattr(mine, f) for f in mine.__struct_fields__}, "now": now, "want": chance.choice([1, 1, 2, 5])}
            )
            if chance.random() < 0.05:
                store.sweep(now=now)
            for served in store.next_leases(request).leases:
                if chance.random() < 0.1:
                    continue
                submission = a_submission(request, served.lease, now=now)
                store.submit(submission)
                if chance.random() < 0.1:
                    store.submit(submission)

    return act


def mix_in_gold(desk, n: int) -> None:
    Workflow.objects.filter(project=desk.project).update(gold_enabled=True)
    sync_project(desk.project.pk, now=desk.now)
    add_gold([item.pk for item in some_items(desk.project, n, batch="gold")], now=desk.now)
    DispatchPerson.objects.update(gold_share=2000)


def finish(store, requests: list[NextRequest]) -> None:
    """Let everybody come back until there is nothing left."""
    now = requests[0].now + 10 * 86_400_000
    for _ in range(300):
        now += 31 * 60_000
        store.sweep(now=now)
        served = 0
        for mine in requests:
            request = NextRequest(**{**{f: getattr(mine, f) for f in mine.__struct_fields__}, "now": now, "want": 20})
            for lease in store.next_leases(request).leases:
                store.submit(a_submission(request, lease.lease, now=now))
                served += 1
        if not served:
            return


@pytest.mark.parametrize(("items", "turns"), [(60, 25), pytest.param(600, 250, marks=pytest.mark.prove)])
def test_every_item_ends_with_its_target_and_nobody_twice(items, turns):
    with a_real_store() as store:
        desk = a_racing_desk(store, target=3, n=items)
        requests = [a_request(desk, desk.annotator()) for _ in range(6)]

        results = at_once(*(a_crowd_member(store, requests, seed=seed, turns=turns) for seed in range(8)))
        between = desk.violations()
        finish(store, requests)

    assert [r for r in results if r is not None] == []
    assert between == {}
    assert desk.violations() == {}
    assert set(Progress.objects.values_list("target", "done")) == {(3, 3)}
    assert Annotation.objects.filter(revision=0, counted=True).count() == items * 3
    assert not Lease.objects.exists()
    assert not QueueRow.objects.exists()


@pytest.mark.parametrize(("items", "turns"), [(60, 25), pytest.param(600, 250, marks=pytest.mark.prove)])
def test_a_row_that_is_emptied_beside_gold_is_served_no_more_and_vanishes(items, turns):
    with a_real_store() as store:
        desk = a_racing_desk(store, target=2, n=items)
        requests = [a_request(desk, desk.annotator()) for _ in range(6)]
        mix_in_gold(desk, items // 6)

        results = at_once(*(a_crowd_member(store, requests, seed=seed, turns=turns) for seed in range(8)))
        between = desk.violations()
        finish(store, requests)

    assert [r for r in results if r is not None] == []
    assert between == {}
    assert desk.violations() == {}
    assert set(Progress.objects.filter(gold=False).values_list("target", "done")) == {(2, 2)}
    assert Annotation.objects.filter(gold=True).exists()
    assert not Lease.objects.exists()
    assert not SpentRow.objects.exists()
    assert not QueueRow.objects.exclude(item_id__in=Progress.objects.filter(gold=True).values("item_id")).exists()
