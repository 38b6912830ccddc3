"""Roles for the site, and that somebody is always left to give them."""

from contextlib import nullcontext

import pytest

from isogloss.accounts.models import Invitation, RoleGrant, User
from isogloss.accounts.rules import Role
from isogloss.accounts.services import grant_role, invite, make_user, set_active, withdraw_role
from isogloss.platform.models import AuditEvent
from isogloss.platform.problems import Conflict, Forbidden, InvalidInput
from tests.support.clients import a_browser
from tests.support.making import NOW, a_lead, a_person


@pytest.fixture
def admin(db):
    return a_person("admin", roles=(Role.ADMIN,))


def test_a_role_given_twice_is_one_role_and_one_event(admin):
    person = a_person()

    grant_role(person, role=Role.REVIEWER, actor=admin, now=NOW)
    grant_role(person, role=Role.REVIEWER, actor=admin, now=NOW)

    assert RoleGrant.objects.filter(user=person).count() == 1
    assert AuditEvent.objects.filter(action="role.granted").count() == 1


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("held", [(), (Role.ANNOTATOR, Role.REVIEWER), (Role.WELLBEING_OFFICER,), (Role.LEAD,), (Role.ADMIN,)])
def test_a_role_is_given_and_taken_only_by_whom_the_rule_names(admin, role, held):
    actor, person, other = a_person(roles=held), a_person(), a_person(roles=(role,))
    is_allowed = Role.ADMIN in held or (Role.LEAD in held and role in {Role.REQUESTER, Role.REVIEWER, Role.ANNOTATOR})

    for act in (
        lambda: grant_role(person, role=role, actor=actor, now=NOW),
        lambda: withdraw_role(other, role=role, actor=actor, now=NOW),
        lambda: make_user(username=f"made-{role}", roles=(role,), actor=actor, now=NOW),
        lambda: invite(roles=(role,), actor=actor, now=NOW),
    ):
        with nullcontext() if is_allowed else pytest.raises(Forbidden):
            act()

    left = {grant.user_id for grant in RoleGrant.objects.filter(role=role)}
    assert (person.pk in left, other.pk in left) == (is_allowed, not is_allowed)
    assert Invitation.objects.count() == int(is_allowed)


def test_the_command_line_gives_every_role(db):
    person = make_user(username="first", roles=tuple(Role), actor=None, now=NOW)

    assert {grant.role for grant in person.grants.all()} == set(Role)


def test_the_last_administrator_stays_one(admin):
    with pytest.raises(Conflict):
        withdraw_role(admin, role=Role.ADMIN, actor=admin, now=NOW)
    with pytest.raises(Conflict):
        set_active(admin, is_active=False, actor=admin, now=NOW)


def test_an_administrator_whose_account_is_closed_does_not_count(admin):
    other = a_person(roles=(Role.ADMIN,))
    set_active(other, is_active=False, actor=admin, now=NOW)

    with pytest.raises(Conflict):
        withdraw_role(admin, role=Role.ADMIN, actor=admin, now=NOW)


def test_the_page_changes_roles_as_they_are_ticked(admin):
    person = a_person(roles=(Role.ANNOTATOR,))

    a_browser(admin).post(f"/people/{person.public_id}", {"roles": ["reviewer", "nonsense"]})

    assert {grant.role for grant in person.grants.all()} == {"reviewer"}


def test_the_page_closes_and_opens_an_account(admin):
    person = a_person()
    browser = a_browser(admin)

    browser.post(f"/people/{person.public_id}", {"act": "close"})
    closed = User.objects.get(pk=person.pk).is_active
    browser.post(f"/people/{person.public_id}", {"act": "open"})

    assert (closed, User.objects.get(pk=person.pk).is_active) == (False, True)


@pytest.mark.parametrize("username", ["", " ", "two words", "tab\there", "x" * 151, "nul\x00"])
def test_a_username_that_cannot_be_typed_is_refused(db, username):
    with pytest.raises(InvalidInput):
        make_user(username=username, actor=None, now=NOW)


@pytest.mark.parametrize("username", ["Ana", "ANA", "ａｎａ"])
def test_a_username_is_taken_however_it_is_written(db, username):
    a_person("ana")

    with pytest.raises(Conflict):
        make_user(username=username, actor=None, now=NOW)


def test_a_name_that_is_too_long_is_refused(db):
    with pytest.raises(InvalidInput):
        make_user(username="ana", name="x" * 151, actor=None, now=NOW)


@pytest.mark.parametrize("before", ["", "x", "²", "٣", "9" * 30, "-1"])
def test_the_audit_page_stands_any_place_to_begin(admin, before):
    assert a_browser(admin).get("/audit/", {"before": before}).status_code == 200


def test_somebody_else_s_person_page_is_not_there(admin):
    assert a_browser(a_person()).get(f"/people/{admin.public_id}").status_code == 404
    assert a_browser(a_lead()).get(f"/people/{admin.public_id}").status_code == 200
