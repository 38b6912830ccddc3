"""What a person or a lead takes back while somebody else renews the subscriptions stays taken back."""

import threading
from collections.abc import Callable

import pytest

from isogloss.dispatch.models import DispatchProject, Subscription
from isogloss.dispatch.rules import ExposureLimits
from isogloss.dispatch.services import mint_token, pause_project, people, set_exposure, sync_project
from isogloss.projects.models import Membership
from isogloss.projects.services import remove_member, set_qualification
from isogloss.workforce.models import Competence
from isogloss.workforce.services import make_qualification, withdraw_competence
from tests.concurrency.racing import a_racing_desk, a_real_store, at_once, close_raw_connections
from tests.dispatch.making import some_items
from tests.support.making import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk():
    with a_real_store() as opened:
        yield a_racing_desk(opened)
    close_raw_connections()


def withdraws_consent(desk, ana) -> None:
    set_exposure(ana.pk, limits=ExposureLimits(), consents={"hate": (-1, None)}, now=NOW)


def loses_the_language(desk, ana) -> None:
    withdraw_competence(Competence.objects.get(user=ana, tag="en"), actor=desk.lead, now=NOW)


def leaves(desk, ana) -> None:
    remove_member(Membership.objects.get(project=desk.project, user=ana), actor=desk.lead, now=NOW)


def must_qualify(desk, ana) -> None:
    exam = make_qualification(name="Exam", description="", valid_days=None, actor=desk.lead, now=NOW)
    set_qualification(desk.project, qualification=exam, actor=desk.lead, now=NOW)


def while_facts_are_read(monkeypatch, name: str, *, renewal: Callable[[], object], change: Callable[[], object]) -> None:
    """Let a renewal stop once it has read, and the change happen then, unless it has to wait for the renewal."""
    has_read, go_on = threading.Event(), threading.Event()
    read = getattr(people, name)

    def slow(*args, **kwargs):
        found = read(*args, **kwargs)
        if threading.current_thread().name == "renewal" and not has_read.is_set():
            has_read.set()
            go_on.wait(5)
        return found

    monkeypatch.setattr(people, name, slow)

    def renew() -> None:
        threading.current_thread().name = "renewal"
        renewal()

    def alter() -> None:
        assert has_read.wait(5)
        threading.Timer(0.5, go_on.set).start()
        change()
        go_on.set()

    results = at_once(renew, alter)
    assert [result for result in results if isinstance(result, Exception)] == []


@pytest.mark.parametrize("change", [withdraws_consent, loses_the_language, leaves, must_qualify])
def test_what_is_taken_back_during_a_renewal_stays_taken_back(desk, monkeypatch, change):
    some_items(desk.project, 5, severity=2, hazards="hate")
    ana = desk.annotator("en")
    set_exposure(ana.pk, limits=ExposureLimits(), consents={"hate": (3, None)}, now=NOW)
    assert len(desk.next(ana).leases) == 1

    while_facts_are_read(
        monkeypatch, "_facts", renewal=lambda: mint_token(ana, project=desk.project, now=NOW), change=lambda: change(desk, ana)
    )

    assert not Subscription.objects.filter(person_id=ana.pk, lane__gte=0, until__gt=0).exists()
    assert desk.next(ana, want=3).leases == []
    assert desk.violations() == {}


def test_a_project_paused_during_a_renewal_stays_paused(desk, monkeypatch):
    some_items(desk.project, 5)

    while_facts_are_read(
        monkeypatch, "project_by_id",
        renewal=lambda: sync_project(desk.project.pk, now=NOW), change=lambda: pause_project(desk.project, actor=desk.lead, now=NOW),
    )  # fmt: skip

    assert DispatchProject.objects.get(pk=desk.project.pk).paused
