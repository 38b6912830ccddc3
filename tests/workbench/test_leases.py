"""A lease speaks for its item in its own project alone, whatever became of it."""

import json

import pytest

from isogloss.accounts.models import User
from isogloss.accounts.rules import Role
from isogloss.annotation.models import Reveal
from isogloss.guidelines.models import Inquiry
from isogloss.projects.services import add_member
from tests.dispatch.making import Desk, a_desk
from tests.support.clients import a_browser
from tests.support.making import NOW

pytestmark = pytest.mark.django_db


def a_lease(desk: Desk, person: User, *, state: str) -> str:
    lease = desk.next(person).leases[0].lease
    if state == "answered":
        desk.submit(person, lease)
    if state == "ended":
        desk.skip(person, lease)
    return lease


def told(desk: Desk, person: User, act: str, lease: str) -> int:
    url = f"/projects/{desk.project.public_id}/annotate/{act}"
    return a_browser(person).post(url, json.dumps({"lease": lease, "text": "What is this?"}), content_type="application/json").status_code


@pytest.mark.parametrize("state", ["live", "answered", "ended"])
@pytest.mark.parametrize("act", ["inquiry", "reveal"])
def test_a_lease_of_one_project_is_unknown_in_another(act, state):
    desk, other = a_desk(n=1), a_desk(n=1)
    person = desk.annotator()
    add_member(other.project, user=person, role=Role.ANNOTATOR, actor=other.lead, now=NOW)
    lease = a_lease(desk, person, state=state)

    status = told(other, person, act, lease)

    assert status == 404
    assert not Inquiry.objects.exists()
    assert not Reveal.objects.exists()


@pytest.mark.parametrize("state", ["live", "answered", "ended"])
def test_an_inquiry_is_about_the_item_of_the_lease(state):
    desk = a_desk(n=1)
    person = desk.annotator()
    lease = a_lease(desk, person, state=state)

    status = told(desk, person, "inquiry", lease)

    assert status == 201
    assert Inquiry.objects.get().item_id == desk.item_of(lease)


@pytest.mark.parametrize("state", ["live", "answered", "ended"])
def test_a_reveal_is_of_the_item_of_the_lease(state):
    desk = a_desk(n=1)
    person = desk.annotator()
    lease = a_lease(desk, person, state=state)

    status = told(desk, person, "reveal", lease)

    assert status == 204
    assert Reveal.objects.get().item_id == desk.item_of(lease)


def test_a_lease_of_somebody_else_is_unknown():
    desk = a_desk(n=1)
    lease = a_lease(desk, desk.annotator(), state="live")

    status = told(desk, desk.annotator(), "inquiry", lease)

    assert status == 404
