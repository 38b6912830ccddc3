"""Two people at once, where only one may win; each fails without the guard it is about."""

from django.db.models import QuerySet

from isogloss.accounts import services
from isogloss.accounts.models import Invitation, LoginLink, RoleGrant, User
from isogloss.accounts.rules import Role
from isogloss.platform.problems import Conflict, Forbidden, NotFound
from tests.support.making import NOW, PASSWORD, a_lead, a_person
from tests.support.together import Meeting, together


def test_of_two_who_use_one_invitation_at_once_one_gets_an_account(transactional_db, monkeypatch):
    _, secret = services.invite(roles=(Role.ANNOTATOR,), actor=a_lead(), now=NOW)
    monkeypatch.setattr(services, "check_new_password", Meeting().after(services.check_new_password))

    def accept(username: str):
        return lambda: services.accept_invitation(secret, username=username, name="", password=PASSWORD, now=NOW)

    outcomes = together(accept("first"), accept("second"))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NotFound", "User"]
    assert User.objects.filter(username__in=["first", "second"]).count() == 1
    assert Invitation.objects.get().user in outcomes


def test_of_two_who_take_one_username_at_once_one_is_told_so(transactional_db, monkeypatch):
    monkeypatch.setattr(User, "set_unusable_password", Meeting().after(User.set_unusable_password))

    outcomes = together(*[lambda: services.make_user(username="ana", actor=None, now=NOW)] * 2)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "User"]


def test_two_administrators_who_remove_each_other_at_once_leave_one(transactional_db, monkeypatch):
    ana, ben = a_person("ana", roles=(Role.ADMIN,)), a_person("ben", roles=(Role.ADMIN,))
    monkeypatch.setattr(services, "_refuse_last_administrator", Meeting().after(services._refuse_last_administrator))

    outcomes = together(
        lambda: services.withdraw_role(ana, role=Role.ADMIN, actor=ben, now=NOW),
        lambda: services.withdraw_role(ben, role=Role.ADMIN, actor=ana, now=NOW),
    )

    assert [outcome for outcome in outcomes if isinstance(outcome, Conflict | Forbidden)] != []  # the second is the last, or none any more
    assert RoleGrant.objects.filter(role=Role.ADMIN).count() == 1


def test_a_log_in_link_is_used_once(transactional_db, monkeypatch):
    ana = a_person("ana")
    secret = services.make_login_link(ana, role=Role.ANNOTATOR, now=NOW)
    monkeypatch.setattr(QuerySet, "first", Meeting().after(QuerySet.first))

    outcomes = together(*[lambda: services.use_login_link(secret, now=NOW)] * 2)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NotFound", "User"]
    assert LoginLink.objects.get().used_at == NOW
    assert any(isinstance(outcome, NotFound) for outcome in outcomes)
