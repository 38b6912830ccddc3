"""Invitations: the only way to an account, each good for one."""

import re
from datetime import timedelta

import pytest
from django.urls import get_resolver

from isogloss.accounts.models import Invitation, User
from isogloss.accounts.queries import site_roles
from isogloss.accounts.rules import Role
from isogloss.accounts.services import (
    INVITATION_HOLDS,
    accept_invitation,
    hash_secret,
    invite,
    open_invitation,
    set_active,
    withdraw_invitation,
    withdraw_role,
)
from isogloss.platform.problems import Conflict, Forbidden, InvalidInput, NotFound
from tests.support.clients import a_browser
from tests.support.making import NOW, PASSWORD, a_lead, a_person


@pytest.fixture
def lead(db):
    return a_lead()


def accept(secret: str, *, username: str = "newcomer", password: str = PASSWORD, now=NOW) -> User:
    return accept_invitation(secret, username=username, name="New", password=password, now=now)


def test_an_invitation_makes_an_account_with_its_roles(lead):
    _, secret = invite(roles=(Role.ANNOTATOR,), actor=lead, now=NOW)

    person = accept(secret)

    assert (site_roles(person), person.check_password(PASSWORD)) == ({Role.ANNOTATOR}, True)
    assert Invitation.objects.get().user == person


def test_only_the_hash_of_the_secret_is_stored(lead):
    _, secret = invite(roles=(), actor=lead, now=NOW)

    stored = Invitation.objects.values().get()
    assert (secret in str(stored), stored["secret_hash"]) == (False, hash_secret(secret))


def test_it_can_be_used_once(lead):
    _, secret = invite(roles=(), actor=lead, now=NOW)
    accept(secret)

    with pytest.raises(NotFound):
        accept(secret, username="second")


def test_it_ends_after_its_time(lead):
    _, secret = invite(roles=(), actor=lead, now=NOW)

    assert open_invitation(secret, now=NOW + INVITATION_HOLDS)
    with pytest.raises(NotFound):
        open_invitation(secret, now=NOW + INVITATION_HOLDS + timedelta(seconds=1))


def test_a_withdrawn_one_is_void(lead):
    invitation, secret = invite(roles=(), actor=lead, now=NOW)

    withdraw_invitation(invitation, actor=lead, now=NOW)

    with pytest.raises(NotFound):
        accept(secret)


@pytest.mark.parametrize(
    ("username", "password", "problem"),
    [
        ("two words", PASSWORD, InvalidInput),
        ("", PASSWORD, InvalidInput),
        ("LEAD", PASSWORD, Conflict),
        ("newcomer", "short", InvalidInput),
    ],
)
def test_a_refused_choice_leaves_the_invitation_open(db, username, password, problem):
    lead = a_lead("lead")
    _, secret = invite(roles=(), actor=lead, now=NOW)

    with pytest.raises(problem):
        accept(secret, username=username, password=password)

    assert open_invitation(secret, now=NOW)


def test_the_page_shows_what_is_wrong_beside_the_field(db):
    lead = a_lead("lead")
    browser = a_browser(lead)
    answer = browser.post("/people/", {"name": "New", "roles": ["annotator"]})
    path = "/" + answer.context["link"].split("/", 3)[3]

    refused = a_browser().post(path, {"username": "lead", "name": "New", "password": PASSWORD})
    made = a_browser().post(path, {"username": "newcomer", "name": "New", "password": PASSWORD})

    assert (refused.status_code, "username" in refused.context["form"].errors) == (422, True)
    assert (made.status_code, User.objects.filter(username="newcomer").count()) == (302, 1)


@pytest.mark.parametrize("role", ["admin", "lead", "wellbeing_officer"])
def test_a_lead_invites_nobody_to_a_role_that_reaches_everybody(lead, role):
    answer = a_browser(lead).post("/people/", {"name": "New", "roles": ["annotator", role]})

    assert (answer.status_code, Invitation.objects.count()) == (403, 0)


@pytest.mark.parametrize("role", ["requester", "reviewer", "annotator"])
def test_a_lead_invites_who_works_in_projects(lead, role):
    answer = a_browser(lead).post("/people/", {"name": "New", "roles": [role]})

    assert (answer.status_code, Invitation.objects.get().roles) == (200, [role])


@pytest.mark.parametrize("role", list(Role))
def test_an_administrator_invites_to_every_role(db, role):
    answer = a_browser(a_person(roles=(Role.ADMIN,))).post("/people/", {"name": "New", "roles": [role.value]})

    assert (answer.status_code, Invitation.objects.get().roles) == (200, [role])


def test_the_page_offers_a_lead_only_the_roles_they_may_give(lead):
    page = a_browser(lead).get("/people/").content.decode()

    assert "the other roles by an administrator" in page
    offered = set(re.findall(r'name="roles" value="(\w+)"', page))
    assert offered == {"requester", "reviewer", "annotator"}


def test_an_invitation_gives_no_role_that_whoever_made_it_may_not_give_any_more(db):
    admin = a_person(roles=(Role.ADMIN, Role.LEAD))
    second = a_person(roles=(Role.ADMIN,))
    _, secret = invite(roles=(Role.WELLBEING_OFFICER,), actor=admin, now=NOW)
    withdraw_role(admin, role=Role.ADMIN, actor=second, now=NOW)

    with pytest.raises(Forbidden):
        accept(secret)

    assert not User.objects.filter(username="newcomer").exists()


def test_an_invitation_of_somebody_whose_account_is_closed_gives_no_role(db):
    admin, second = a_person(roles=(Role.ADMIN,)), a_person(roles=(Role.ADMIN,))
    _, secret = invite(roles=(Role.ADMIN,), actor=admin, now=NOW)
    set_active(admin, is_active=False, actor=second, now=NOW)

    answer = a_browser().post(f"/invitations/{secret}", {"username": "back-again", "name": "New", "password": PASSWORD})

    assert (answer.status_code, User.objects.filter(username="back-again").exists()) == (422, False)
    assert "Ask one of them" in answer.content.decode()


def test_there_is_no_page_that_makes_an_account_without_an_invitation(db):
    routes = str(get_resolver().reverse_dict.keys())

    assert "sign" not in routes.replace("signed", "")
    assert a_browser().get("/register").status_code == 404
    assert a_browser(a_person()).get("/people/").status_code == 403
