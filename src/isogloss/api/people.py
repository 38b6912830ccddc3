"""The API of accounts: who am I, and who is there."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from ninja import Router, Schema

from isogloss.accounts import queries, services
from isogloss.accounts.access import access_person, require_site_role
from isogloss.accounts.rules import Role
from isogloss.api.authentication import caller
from isogloss.api.idempotency import TAKES_KEY, once
from isogloss.api.pages import USUAL, page_of
from isogloss.api.shapes import MeOut, Page, PersonMade, PersonOut
from isogloss.platform import clock
from isogloss.platform.problems import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable

    from isogloss.accounts.models import User

router = Router(tags=["people"])


class PersonIn(Schema):
    """A new account; without a password a one-time password is returned."""

    username: str
    name: str = ""
    email: str = ""
    roles: tuple[str, ...] = ()
    password: str | None = None


def shown(user: "User") -> dict[str, Any]:
    """Return what the API tells of a person."""
    return {"id": user.public_id, "username": user.username, "name": user.name, "active": user.is_active, "origin": user.origin}


def roles_of(values: "Iterable[str]") -> tuple[Role, ...]:
    """Return the roles, or say which one there is not."""
    known = {role.value for role in Role}
    if unknown := set(values) - known:
        raise InvalidInput(f"There is no role called {', '.join(sorted(unknown))}; those that are: {', '.join(sorted(known))}.")
    return tuple(Role(value) for value in values)


@router.get("/me", response=MeOut)
def me(request: HttpRequest) -> dict[str, Any]:
    """Return whom the token speaks for, and what it may do; every token may ask."""
    holder = caller(request)
    return {**shown(holder.user), "roles": sorted(queries.site_roles(holder.user)), "scopes": sorted(holder.scopes)}


@router.get("/people", response=Page[PersonOut])
def people(request: HttpRequest, after: str = "", limit: int = USUAL) -> dict[str, Any]:
    """List everybody, newest first; send `next` as `after` for more."""
    holder = caller(request, scope="admin")
    require_site_role(holder.user, Role.ADMIN, Role.LEAD)
    return page_of(queries.people(), after=after, limit=limit, show=shown)


@router.get("/people/{person_id}", response=PersonOut)
def person(request: HttpRequest, person_id: str) -> dict[str, Any]:
    """Return a person."""
    holder = caller(request, scope="admin")
    return shown(access_person(holder.user, person_id))


@router.post("/people", response=PersonMade, openapi_extra=TAKES_KEY)
def make_person(request: HttpRequest, body: PersonIn) -> dict[str, Any]:
    """Make an account."""
    holder = caller(request, scope="admin")
    require_site_role(holder.user, Role.ADMIN)
    roles = roles_of(body.roles)

    def act() -> dict[str, Any]:
        if body.password is not None:
            services.check_new_password(body.password, username=body.username, name=body.name)
        user = services.make_user(
            username=body.username,
            name=body.name,
            email=body.email,
            password=body.password,
            roles=roles,
            actor=holder.user,
            now=clock.now(),
        )
        if body.password is not None:
            return {**shown(user), "one_time_password": None}
        return {**shown(user), "one_time_password": services.give_one_time_password(user, actor=holder.user, now=clock.now())}

    return once(request, actor=holder.user, fingerprint=body.model_dump(), act=act, shown_once=("one_time_password",))
