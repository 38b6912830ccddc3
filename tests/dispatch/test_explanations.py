"""What a lead is told about an item, and where a person's work is."""

from datetime import date, timedelta

import pytest

from isogloss.corpus.models import Batch
from isogloss.dispatch.models import Counter, Progress, Stratum
from isogloss.dispatch.queries import counters, projects_with_work, who_could_take, why_not_moving, why_nothing
from isogloss.dispatch.rules import ExposureLimits
from isogloss.dispatch.services import (
    add_gold,
    apply_redundancy,
    hold_person,
    pause_batch,
    pause_project,
    redundancy,
    refresh_timings,
    register_imported_annotations,
    set_exposure,
)
from isogloss.projects.models import Project, Workflow
from tests.dispatch.making import a_desk, answered, some_items

pytestmark = pytest.mark.django_db


def test_an_item_that_nobody_may_take_says_so():
    desk = a_desk(languages=("en", "ja"))
    (item,) = some_items(desk.project, 1, language="ja")
    desk.annotator("en")

    standing = why_not_moving(item.pk, now=desk.now)

    assert (standing.reason, standing.candidates, standing.free) == ("nobody", 0, 2)


def test_an_item_in_hands_says_until_when():
    desk = a_desk(target=1)
    (item,) = some_items(desk.project, 1)
    desk.next(desk.annotator())

    standing = why_not_moving(item.pk, now=desk.now)

    assert (standing.reason, standing.leased) == ("leased", 1)
    assert standing.next_lease_ends == desk.now + timedelta(minutes=30)


@pytest.mark.parametrize("reason", ["waiting", "done", "gold", "project_paused", "batch_paused"])
def test_an_item_says_what_it_waits_for(reason):
    desk = a_desk(target=1)
    (item,) = some_items(desk.project, 1)
    ana = desk.annotator()
    desk.ask(ana)
    if reason == "done":
        desk.submit(ana, desk.next(ana).leases[0].lease)
    if reason == "gold":
        add_gold([item.pk], now=desk.now)
    if reason == "project_paused":
        pause_project(desk.project, actor=desk.lead, now=desk.now)
    if reason == "batch_paused":
        pause_batch(Batch.objects.get(), actor=desk.lead, now=desk.now)

    assert why_not_moving(item.pk, now=desk.now).reason == reason


def test_who_could_take_an_item_names_what_holds_them_up():
    desk = a_desk(target=3)
    (item,) = some_items(desk.project, 1, severity=2)
    free, held, full, seen = (desk.annotator() for _ in range(4))
    for person in (free, held, full):
        desk.ask(person)
    hold_person(held, reason="", actor=desk.lead, now=desk.now)
    set_exposure(full.pk, limits=ExposureLimits(caps=dict.fromkeys((2, 3, 4), timedelta(0))), consents={}, now=desk.now)
    desk.next(full)
    desk.skip(seen, desk.next(seen).leases[0].lease)

    told = {c.person_id: c.obstacle for c in who_could_take(item.pk, now=desk.now)}

    assert told == {free.pk: "", held.pk: "held", full.pk: "daily_limit"}


def test_a_person_may_be_asked_about_from_a_page():
    desk = a_desk(n=0)

    assert why_nothing(desk.annotator().pk, project_id=desk.project.pk, now=desk.now).reason == "no_work"


def test_a_persons_projects_come_most_urgent_first():
    desk = a_desk(n=1)
    ana = desk.annotator()
    other, third = a_desk(n=1), a_desk(n=1)
    from isogloss.accounts.rules import Role
    from isogloss.projects.services import add_member

    for one in (other, third):
        add_member(one.project, user=ana, role=Role.ANNOTATOR, actor=one.lead, now=one.now)
    Workflow.objects.filter(project=other.project).update(priority=5)
    Project.objects.filter(pk=third.project.pk).update(due=date(2026, 12, 1))

    assert projects_with_work(ana.pk, now=desk.now) == [other.project.pk, third.project.pk, desk.project.pk]


def test_counters_follow_the_work_by_language():
    desk = a_desk(target=2)
    some_items(desk.project, 2, language="en")
    some_items(desk.project, 1, language="id")
    ana = desk.annotator("en")
    leases = desk.next(ana, want=2).leases
    desk.submit(ana, leases[0].lease)
    desk.skip(ana, leases[1].lease)

    english, indonesian = counters(desk.project.pk)

    assert (english.items, english.waiting, english.leased, english.done, english.skipped) == (2, 3, 0, 1, 1)
    assert (indonesian.items, indonesian.waiting) == (1, 2)


def test_counters_are_a_few_rows_whatever_the_size():
    desk = a_desk(target=2)
    some_items(desk.project, 3)
    few = Counter.objects.count()
    some_items(desk.project, 50)
    desk.next(desk.annotator(), want=9)

    assert few == 1
    assert Counter.objects.count() <= 2


def test_the_reserve_follows_the_measured_times():
    desk = a_desk(target=1, n=40)
    ana = desk.annotator()
    for _ in range(32):
        desk.submit(ana, desk.next(ana).leases[0].lease, active=10)

    refresh_timings()

    (reserved,) = set(Stratum.objects.filter(language="en").values_list("reserve_ms", flat=True))
    assert 10_000 <= reserved <= 12_000


def two_answers_each(desk, *, n: int = 60):
    """Six people, two answers an item; on every tenth item the second disagrees."""
    Workflow.objects.filter(project=desk.project).update(adaptive={"settled": 0.985, "burn_in": 0, "minimum": 2}, maximum=5, full_share=0.0)
    items = some_items(desk.project, n)
    people = [desk.annotator() for _ in range(6)]
    for number, item in enumerate(items):
        truth = ("positive", "neutral")[number % 2]
        answered(desk, item, people[number % 6], label=truth)
        answered(desk, item, people[(number + 1) % 6], label="negative" if number % 10 == 0 else truth)
    register_imported_annotations(desk.project.pk, now=desk.now)
    return items


def test_items_on_which_people_disagree_are_the_least_settled():
    desk = a_desk(target=2)
    items = two_answers_each(desk)

    settled = redundancy._settled(desk.project.pk, version_id=desk.project.version_id)

    disputed = {item.pk for item in items[::10]}
    assert {item for item, _ in sorted(settled.items(), key=lambda pair: pair[1])[:6]} == disputed


def test_adaptive_redundancy_asks_for_more_until_an_item_is_settled_and_likely(monkeypatch):
    desk = a_desk(target=2)
    unsettled, divided, done, *_ = two_answers_each(desk, n=6)
    monkeypatch.setattr(
        redundancy, "_settled", lambda *_, **__: {unsettled.pk: (0.6, 0.99), divided.pk: (0.999, 0.6), done.pk: (0.999, 0.99)}
    )

    changed = apply_redundancy(desk.project.pk, now=desk.now)

    targets = dict(Progress.objects.values_list("item_id", "target"))
    assert (changed, targets[unsettled.pk], targets[divided.pk], targets[done.pk]) == (2, 3, 3, 2)
    assert desk.violations() == {}


def test_an_item_that_becomes_less_settled_opens_again_and_a_settled_one_closes(monkeypatch):
    desk = a_desk(target=2)
    item, *_ = two_answers_each(desk, n=6)
    monkeypatch.setattr(redundancy, "_settled", lambda *_, **__: {item.pk: (0.6, 0.99)})
    apply_redundancy(desk.project.pk, now=desk.now)
    monkeypatch.setattr(redundancy, "_settled", lambda *_, **__: {item.pk: (0.99, 0.99)})

    apply_redundancy(desk.project.pk, now=desk.now)

    assert Progress.objects.get(pk=item.pk).target == 2
    assert desk.violations() == {}


def test_a_share_of_items_keeps_full_redundancy_and_comes_first():
    desk = a_desk(target=2)
    Workflow.objects.filter(project=desk.project).update(adaptive={"settled": 0.9, "burn_in": 10, "minimum": 2}, maximum=5, full_share=0.1)

    some_items(desk.project, 200)

    fulls = set(Progress.objects.filter(is_full=True).values_list("item_id", flat=True))
    first = {desk.item_of(s.lease) for s in desk.next(desk.annotator(), want=5).leases}
    assert 8 <= len(fulls) <= 36
    assert first <= fulls
    assert set(Progress.objects.filter(is_full=True).values_list("target", flat=True)) == {5}
