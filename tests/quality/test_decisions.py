"""Decisions and figures follow what stands: a recall and a changed target count as much as an answer."""

from datetime import timedelta

import pytest
from django.db.models import F

from isogloss.annotation.models import Annotation, Decision, DecisionStatus
from isogloss.annotation.queries import decided_labels
from isogloss.corpus.models import Item
from isogloss.delivery.queries import manifest_of, release_folder
from isogloss.delivery.services import make_release
from isogloss.dispatch.services import add_gold, recall, set_target
from isogloss.platform import clock, jobs
from isogloss.platform.models import Job
from isogloss.quality.jobs import renew_stale_figures
from isogloss.quality.models import Figure
from isogloss.quality.queries import latest_figures
from tests.dispatch.making import a_desk, some_items

pytestmark = pytest.mark.django_db


def computed(desk):
    return jobs.run_inline("quality.figures", ids={"project": desk.project.pk}, actor=None, now=clock.now(), project_id=desk.project.pk)


def asked_for():
    """The projects whose figures a tick of the clock puts in line."""
    renew_stale_figures(clock.now() + timedelta(days=1))
    return [job.project_id for job in Job.objects.filter(kind="quality.figures", state="waiting")]


def answered_by(desk, n=2, *, label="positive"):
    people = [desk.annotator() for _ in range(n)]
    for person in people:
        for seat in desk.next(person, want=9).leases:
            desk.submit(person, seat.lease, label=label)
    return people


def recalled(desk, *people):
    for person in people:
        recall(person, project=desk.project, reason="spam", actor=desk.lead, now=desk.now)


def latest(desk):
    rows = Decision.objects.filter(project_id=desk.project.pk, is_latest=True).order_by("item_id")
    return [(row.number, row.status, row.label, row.votes) for row in rows]


def test_a_recall_asks_for_new_figures_once_and_only_those_of_its_project():
    desk, other = a_desk(n=1), a_desk(n=1)
    people = answered_by(desk)
    answered_by(other)
    computed(desk)
    computed(other)
    before = asked_for()

    recalled(desk, *people)

    assert (before, asked_for()) == ([], [desk.project.pk])
    Job.objects.all().delete()
    computed(desk)
    assert asked_for() == []


def test_a_decision_whose_people_were_recalled_is_withdrawn_and_its_row_stays():
    desk = a_desk(n=1)
    people = answered_by(desk)
    computed(desk)

    recalled(desk, *people)
    computed(desk)

    assert latest(desk) == [(2, DecisionStatus.WITHDRAWN, None, {})]
    assert Decision.objects.get(number=1).label == "positive"
    assert list(decided_labels(desk.project.pk, question="sentiment", least=1)) == []
    assert computed(desk).result["decisions"] == 0


def test_a_decision_is_made_again_once_others_have_answered():
    desk = a_desk(n=1)
    people = answered_by(desk)
    computed(desk)
    recalled(desk, *people)
    computed(desk)

    answered_by(desk, label="negative")
    computed(desk)

    assert latest(desk) == [(3, DecisionStatus.AGREED, "negative", {"negative": 2})]


def test_a_release_after_a_recall_rests_on_nobody_who_was_recalled():
    desk = a_desk(n=2)
    people = answered_by(desk)
    computed(desk)
    recalled(desk, people[0])

    release = make_release(desk.project, version="1.0.0", actor=desk.lead, now=desk.now, inline=True)

    assert (release.decisions, manifest_of(release).counts.undecided) == (0, 2)
    assert (release_folder(release) / "decisions.jsonl").read_text() == ""
    assert "There are none yet" in (release_folder(release) / "README.md").read_text()


def test_an_adjudicated_decision_outlives_a_recall():
    desk = a_desk(n=1)
    people = answered_by(desk)
    computed(desk)
    Decision.objects.update(status=DecisionStatus.ADJUDICATED)

    recalled(desk, *people)
    computed(desk)

    assert latest(desk) == [(1, DecisionStatus.ADJUDICATED, "positive", {"positive": 2})]


def test_figures_of_answers_that_were_all_recalled_are_shown_no_more():
    desk = a_desk(n=2)
    people = answered_by(desk)
    computed(desk)
    had = {key.name for key in latest_figures(desk.project.pk)}

    recalled(desk, *people)
    Figure.objects.update(made_at=F("made_at") - timedelta(hours=2))
    computed(desk)

    assert had >= {"alpha", "percent"}
    assert {key.name for key in latest_figures(desk.project.pk)} == {"answered", "active_minutes"}


@pytest.mark.parametrize(("target", "before", "after"), [(3, 1, 1), (2, 0, 1)], ids=["more are wanted", "fewer are wanted"])
def test_a_changed_target_asks_for_new_decisions_and_takes_none_away(target, before, after):
    desk = a_desk(n=1, target=2 if before else 3)
    answered_by(desk)
    computed(desk)
    had = dict(decided_labels(desk.project.pk, question="sentiment", least=1))

    set_target([Item.objects.get(project=desk.project).pk], target, now=desk.now)
    asked = asked_for()
    computed(desk)

    assert (len(had), asked) == (before, [desk.project.pk])
    assert len(dict(decided_labels(desk.project.pk, question="sentiment", least=1))) == after


def test_what_was_decided_before_it_became_gold_stays_decided_by_whoever_stands():
    desk = a_desk(target=2)
    items = some_items(desk.project, 2)
    people = answered_by(desk)
    computed(desk)
    add_gold([items[0].pk], now=desk.now)

    computed(desk)
    kept = latest(desk)
    recalled(desk, people[0])
    computed(desk)

    assert [row[0] for row in kept] == [1, 1]
    assert latest(desk) == [(2, DecisionStatus.AGREED, "positive", {"positive": 1}), (2, DecisionStatus.WITHDRAWN, None, {})]
    assert Annotation.objects.count() == 4


def test_ties_are_counted_by_language_without_gold():
    desk = a_desk(n=2)
    one, other = desk.annotator(), desk.annotator()
    for person, label in ((one, "positive"), (other, "negative")):
        for seat in desk.next(person, want=9).leases:
            desk.submit(person, seat.lease, label=label)

    computed(desk)
    told = {key.language: figure.value for key, figure in latest_figures(desk.project.pk).items() if key.name == "ties"}
    add_gold(list(Item.objects.values_list("pk", flat=True)[:1]), now=desk.now)
    computed(desk)
    without_gold = [figure.value for key, figure in latest_figures(desk.project.pk).items() if key.name == "ties"]

    assert (list(told.values()), without_gold) == ([2.0], [1.0])
