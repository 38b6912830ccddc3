"""The doors to accounts: administrators reach people, everybody reaches themselves."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from isogloss.accounts.models import ApiToken, Invitation, User
from isogloss.accounts.queries import has_site_role
from isogloss.accounts.rules import Role
from isogloss.platform.access import door
from isogloss.platform.problems import Forbidden, NotFound

P = ParamSpec("P")


class PersonRequest(HttpRequest):
    """A request of somebody who is logged in."""

    user: User


def signed_in(view: Callable[Concatenate[PersonRequest, P], HttpResponseBase]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let only people who are logged in see a page; others are asked to."""
    return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", login_required(view))


def require_site_role(actor: User, *roles: Role) -> None:
    """Refuse a person who holds none of the roles for the whole site."""
    if not has_site_role(actor, *roles):
        raise Forbidden(f"This needs one of these roles: {', '.join(r.value.replace('_', ' ') for r in roles)}. Ask an administrator.")


@door(opens="accounts.User", roles=("admin", "lead"))
def access_person(actor: User, public_id: str) -> User:
    """Return a person to an administrator, to a lead of the site, or to themselves."""
    person = User.objects.filter(public_id=public_id).prefetch_related("grants").first()
    if person is None or (person.pk != actor.pk and not has_site_role(actor, Role.ADMIN, Role.LEAD)):
        raise NotFound("There is no such person.")
    return person


@door(opens="accounts.Invitation", roles=("admin", "lead"))
def access_invitation(actor: User, public_id: str) -> Invitation:
    """Return an invitation to an administrator or to a lead of the site."""
    require_site_role(actor, Role.ADMIN, Role.LEAD)
    invitation = Invitation.objects.filter(public_id=public_id).first()
    if invitation is None:
        raise NotFound("There is no such invitation.")
    return invitation


@door(opens="accounts.ApiToken", roles=())
def access_api_token(actor: User, public_id: str) -> ApiToken:
    """Return one of the actor's own API tokens."""
    token = ApiToken.objects.filter(public_id=public_id, user=actor).first()
    if token is None:
        raise NotFound("You have no such API token.")
    return token
