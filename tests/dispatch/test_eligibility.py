"""Whom the facts of the contexts below let at which items, and what people are told."""

from datetime import timedelta

import pytest

from isogloss.accounts.services import set_active
from isogloss.dispatch.services import hold_person, pause_project, resume_person, resume_project, sync_project
from isogloss.dispatch.store.records import Outdated
from isogloss.projects.models import Membership, Project, Workflow
from isogloss.projects.services import add_language, add_member, remove_member
from isogloss.workforce.models import Competence, Level
from isogloss.workforce.services import grant_competence, make_qualification, record_attempt, withdraw_competence
from tests.dispatch.making import a_desk, some_items

pytestmark = pytest.mark.django_db


def test_a_broad_competence_covers_a_narrow_language():
    desk = a_desk(languages=("ar",))
    some_items(desk.project, 1, language="arz")

    assert len(desk.next(desk.annotator("ar")).leases) == 1


def test_a_narrow_competence_does_not_cover_the_broad_language():
    desk = a_desk(languages=("ar",))
    some_items(desk.project, 1, language="ar")
    ana = desk.annotator("arz")

    assert desk.next(ana).leases == []


def test_a_level_below_the_projects_is_not_enough():
    desk = a_desk(languages=("en",))
    add_language(desk.project, tag="en", level="C2", actor=desk.lead, now=desk.now)
    some_items(desk.project, 1)
    ana = desk.annotator("en")

    assert (desk.next(ana).leases, desk.why(ana)) == ([], "competence")


def test_a_competence_counts_until_it_expires():
    desk = a_desk(n=2)
    ana = desk.annotator("fr")
    grant_competence(ana, tag="en", actor=desk.lead, now=desk.now, expires_at=desk.now + timedelta(hours=1))
    first = desk.next(ana).leases
    desk.submit(ana, first[0].lease)

    assert len(first) == 1
    assert desk.later(hours=2).next(ana).leases == []


def test_a_withdrawn_competence_takes_effect_at_the_next_request():
    desk = a_desk(n=3)
    ana = desk.annotator("en")
    request = desk.ask(ana)
    desk.store.next_leases(request)

    withdraw_competence(Competence.objects.get(user=ana), actor=desk.lead, now=desk.now)

    assert desk.store.next_leases(request).leases == []
    assert desk.violations() == {}


def test_a_competence_given_back_goes_on_where_the_person_was():
    desk = a_desk(n=2)
    ana = desk.annotator("en")
    first = desk.item_of(desk.next(ana).leases[0].lease)
    desk.skip(ana, desk.next(ana).leases[0].lease)
    withdraw_competence(Competence.objects.get(user=ana), actor=desk.lead, now=desk.now)

    grant_competence(ana, tag="en", level=Level.C2, actor=desk.lead, now=desk.now)

    assert desk.item_of(desk.next(ana).leases[0].lease) != first


def test_a_project_with_a_qualification_serves_who_has_passed():
    desk = a_desk(n=1)
    test = make_qualification(name="Entry", description="", valid_days=None, actor=desk.lead, now=desk.now)
    Workflow.objects.filter(project=desk.project).update(qualification=test)
    sync_project(desk.project.pk, now=desk.now)
    ana = desk.annotator()
    before, reason = desk.next(ana).leases, desk.why(ana)

    record_attempt(ana, qualification=test, passed=True, score=None, actor=desk.lead, now=desk.now)

    assert (before, reason) == ([], "qualification")
    assert len(desk.next(ana).leases) == 1


def test_items_without_a_language_go_to_the_pool():
    desk = a_desk()
    some_items(desk.project, 1, language="und")
    ana, ben = desk.annotator(), desk.annotator(in_pool=True)

    assert [len(desk.next(p).leases) for p in (ana, ben)] == [0, 1]


def test_a_pool_project_does_not_give_the_language_away():
    desk = a_desk(routing="pool")
    some_items(desk.project, 1, language="id")
    ben = desk.annotator(in_pool=True)

    assert desk.next(ben).leases[0].language == "und"


def test_who_left_the_project_is_served_nothing():
    desk = a_desk(n=1)
    ana = desk.annotator()
    request = desk.ask(ana)

    remove_member(Membership.objects.get(user=ana), actor=desk.lead, now=desk.now)

    with pytest.raises(Outdated):
        desk.store.next_leases(request)
    assert desk.next(ana).leases == []


def test_a_deactivated_person_is_served_nothing_even_with_a_new_epoch():
    desk = a_desk(n=1)
    ana = desk.annotator()

    set_active(ana, is_active=False, actor=desk.lead, now=desk.now)

    assert desk.next(ana).leases == []


def test_a_held_person_gives_back_what_they_hold():
    desk = a_desk(target=1, n=1)
    ana, ben = desk.annotator(), desk.annotator()
    desk.next(ana)

    hold_person(ana, reason="break", actor=desk.lead, now=desk.now)

    assert (desk.next(ana).leases, desk.why(ana)) == ([], "paused")
    assert len(desk.next(ben).leases) == 1
    assert desk.violations() == {}


def test_a_person_who_goes_on_is_served_again():
    desk = a_desk(n=1)
    ana = desk.annotator()
    hold_person(ana, reason="break", actor=desk.lead, now=desk.now)

    resume_person(ana, actor=desk.lead, now=desk.now)

    assert len(desk.next(ana).leases) == 1


def test_a_paused_project_serves_nothing_and_goes_on_where_it_was():
    desk = a_desk(n=3)
    ana = desk.annotator()
    desk.next(ana, want=2)
    pause_project(desk.project, actor=desk.lead, now=desk.now)
    paused = desk.next(ana, want=2).leases

    resume_project(desk.project, actor=desk.lead, now=desk.now)

    assert paused == []
    assert len(desk.next(ana, want=3).leases) == 3
    assert desk.violations() == {}


def test_a_finished_project_says_that_all_is_done():
    desk = a_desk(target=1, n=1)
    ana = desk.annotator()
    desk.submit(ana, desk.next(ana).leases[0].lease)

    assert (desk.next(ana).leases, desk.why(ana)) == ([], "all_done")


def test_joining_later_subscribes_to_what_is_there():
    desk = a_desk(n=1)
    ana = desk.annotator()
    other = a_desk(n=1)

    from isogloss.accounts.rules import Role

    add_member(other.project, user=ana, role=Role.ANNOTATOR, actor=other.lead, now=other.now)

    assert len(other.next(ana).leases) == 1
    assert Project.objects.count() == 2
