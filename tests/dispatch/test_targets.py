"""Targets go up and down, gold is served beside the work, imported work counts."""

import pytest

from isogloss.annotation.models import Annotation
from isogloss.dispatch.models import DispatchPerson, DispatchProject, Progress
from isogloss.dispatch.queries import counters
from isogloss.dispatch.rules import gold_share, is_gold_serve, wilson_lower
from isogloss.dispatch.services import (
    add_gold,
    recall,
    register_imported_annotations,
    replay_annotation,
    retire_gold,
    set_target,
    sync_project,
)
from isogloss.platform.problems import InvalidInput
from isogloss.projects.models import Workflow
from tests.dispatch.making import GOLD_KEY, a_desk, answered, some_items

pytestmark = pytest.mark.django_db


def with_gold(desk, n: int = 50):
    Workflow.objects.filter(project=desk.project).update(gold_enabled=True)
    sync_project(desk.project.pk, now=desk.now)
    items = some_items(desk.project, n, batch="gold")
    add_gold([item.pk for item in items], now=desk.now)
    return {item.pk for item in items}


def test_a_raised_target_puts_a_finished_item_back():
    desk = a_desk(target=1)
    (item,) = some_items(desk.project, 1)
    ana, ben = desk.annotator(), desk.annotator()
    desk.submit(ana, desk.next(ana).leases[0].lease)

    set_target([item.pk], 2, now=desk.now)

    assert len(desk.next(ben).leases) == 1
    assert desk.violations() == {}


def test_a_raised_target_reaches_those_who_have_not_come_to_the_item_yet():
    desk = a_desk(target=2)
    (item,) = some_items(desk.project, 1)
    people = [desk.annotator() for _ in range(4)]
    desk.next(people[0])

    set_target([item.pk], 4, now=desk.now)

    assert [len(desk.next(p).leases) for p in people] == [1, 1, 1, 1]
    assert desk.violations() == {}


def test_a_target_is_never_lowered_below_what_is_leased_and_counted():
    desk = a_desk(target=5)
    (item,) = some_items(desk.project, 1)
    ana, ben = desk.annotator(), desk.annotator()
    desk.submit(ana, desk.next(ana).leases[0].lease)
    desk.next(ben)

    set_target([item.pk], 1, now=desk.now)

    assert Progress.objects.get(pk=item.pk).target == 2
    assert desk.violations() == {}


def test_lowering_a_target_can_complete_an_item():
    desk = a_desk(target=2)
    (item,) = some_items(desk.project, 1)
    ana = desk.annotator()
    desk.submit(ana, desk.next(ana).leases[0].lease)

    set_target([item.pk], 1, now=desk.now)

    assert counters(desk.project.pk)[0].complete == 1
    assert desk.violations() == {}


def test_gold_is_served_when_the_keyed_hash_says_so():
    desk = a_desk(target=9, n=60)
    gold = with_gold(desk)
    ana = desk.annotator()
    DispatchPerson.objects.filter(pk=ana.pk).update(gold_share=3000)
    desk.next(ana)
    share = DispatchPerson.objects.get(pk=ana.pk).gold_share

    leases = desk.next(ana, want=20).leases

    said = [is_gold_serve(GOLD_KEY, person=ana.pk, serve=s.serve, share=share) for s in leases]
    assert [desk.item_of(s.lease) in gold for s in leases] == said


def test_gold_is_served_once_and_takes_no_slot():
    desk = a_desk(target=1, n=0)
    gold = with_gold(desk, n=3)
    some_items(desk.project, 40)
    ana = desk.annotator()
    desk.ask(ana)
    DispatchPerson.objects.filter(pk=ana.pk).update(gold_share=10_000, day_ends=2**50)

    served = []
    for _ in range(10):
        lease = desk.next(ana).leases[0]
        served.append(desk.item_of(lease.lease))
        desk.submit(ana, lease.lease)

    assert len(served) == len(set(served)) == 10
    assert sum(item in gold for item in served) == 3
    assert Annotation.objects.filter(gold=True).count() == 3
    assert desk.violations() == {}


def test_work_that_becomes_gold_leaves_the_figures():
    desk = a_desk(target=2)
    items = some_items(desk.project, 3)
    ana = desk.annotator()
    desk.submit(ana, desk.next(ana).leases[0].lease)
    desk.next(ana)

    add_gold([item.pk for item in items], now=desk.now)

    (figures,) = counters(desk.project.pk)
    assert (figures.items, figures.waiting, figures.leased, figures.done) == (0, 0, 0, 0)
    assert desk.violations() == {}


def test_retired_gold_is_served_no_more():
    desk = a_desk(n=0)
    gold = with_gold(desk, n=3)
    ana = desk.annotator()
    desk.ask(ana)
    DispatchPerson.objects.filter(pk=ana.pk).update(gold_share=10_000, day_ends=2**50)

    retire_gold(gold, now=desk.now)

    assert desk.next(ana).leases == []
    assert DispatchProject.objects.get(pk=desk.project.pk).gold


@pytest.mark.parametrize(
    ("days", "answers", "right", "share"), [(1, 0, 0, 1000), (5, 80, 80, 1000), (6, 0, 0, 500), (6, 50, 50, 200), (9, 200, 150, 500)]
)
def test_the_share_of_gold_falls_with_active_days_and_proof(days, answers, right, share):
    assert gold_share(active_days=days, answers=answers, right=right) == share


def test_the_wilson_bound_is_that_of_an_independent_library():
    from statsmodels.stats.proportion import proportion_confint

    for right, answers in ((45, 50), (1, 3), (0, 7), (99, 100)):
        low, _ = proportion_confint(right, answers, alpha=0.05, method="wilson")
        assert wilson_lower(right, answers) == pytest.approx(low, abs=1e-6)


def test_imported_work_takes_free_slots():
    desk = a_desk(target=2)
    (item,) = some_items(desk.project, 1)
    answered(desk, item, desk.annotator())

    register_imported_annotations(desk.project.pk, now=desk.now)

    progress = Progress.objects.get(pk=item.pk)
    assert (progress.target, progress.done) == (2, 1)
    assert desk.violations() == {}


def test_imported_work_raises_the_target_where_there_is_more_of_it():
    desk = a_desk(target=1)
    (item,) = some_items(desk.project, 1)
    ben = desk.annotator()
    desk.next(ben)
    for _ in range(3):
        answered(desk, item, desk.annotator())

    register_imported_annotations(desk.project.pk, now=desk.now)

    progress = Progress.objects.get(pk=item.pk)
    assert (progress.target, progress.done) == (4, 3)
    assert desk.violations() == {}


def test_a_recall_sets_work_aside_and_returns_the_slots():
    desk = a_desk(target=1, n=3)
    ana, ben = desk.annotator(), desk.annotator()
    desk.submit(ana, desk.next(ana).leases[0].lease)
    desk.submit(ana, desk.next(ana).leases[0].lease)
    unanswered = desk.item_of(desk.next(ana).leases[0].lease)

    number = recall(ana, project=desk.project, reason="not their language", actor=desk.lead, now=desk.now)

    assert number == 2
    assert Annotation.objects.count() == 2
    assert len(desk.next(ben, want=9).leases) == 3
    desk.skip(ben, next(s.lease for s in desk.next(ben, want=9).leases if desk.item_of(s.lease) == unanswered))
    assert [desk.item_of(s.lease) for s in desk.next(ana, want=9).leases] == [unanswered]
    assert desk.violations() == {}


def test_a_correction_after_a_recall_does_not_count():
    desk = a_desk(target=1, n=1)
    ana = desk.annotator()
    (lease,) = desk.next(ana).leases
    desk.submit(ana, lease.lease)
    recall(ana, project=desk.project, reason="rushed", actor=desk.lead, now=desk.now)

    desk.submit(ana, lease.lease, label="negative")

    assert desk.violations() == {}
    assert Annotation.objects.filter(revision=1, counted=False).count() == 1


def test_a_replayed_answer_takes_a_free_slot_and_counts_no_exposure():
    desk = a_desk(target=1)
    (item,) = some_items(desk.project, 1, severity=2)
    ana = desk.annotator()

    outcome = replay_annotation(item_id=item.pk, person=ana, answers={"sentiment": "neutral"}, key="r1", actor=desk.lead, now=desk.now)

    row = Annotation.objects.get()
    assert (outcome.state, row.source, row.lease) == ("counted", "replayed", None)
    assert DispatchPerson.objects.get(pk=ana.pk).used2 == 0
    assert desk.violations() == {}


def test_a_replayed_answer_must_fit_the_schema():
    desk = a_desk()
    (item,) = some_items(desk.project, 1)

    with pytest.raises(InvalidInput):
        replay_annotation(
            item_id=item.pk, person=desk.annotator(), answers={"sentiment": "purple"}, key="r1", actor=desk.lead, now=desk.now
        )


def test_a_replay_beyond_the_target_is_surplus():
    desk = a_desk(target=1)
    (item,) = some_items(desk.project, 1)
    states = [
        replay_annotation(
            item_id=item.pk, person=desk.annotator(), answers={"sentiment": "neutral"}, key="r", actor=desk.lead, now=desk.now
        ).state
        for _ in range(2)
    ]

    assert states == ["counted", "surplus"]
    assert desk.violations() == {}
