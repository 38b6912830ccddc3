"""The API of accounts: who am I, people, invitations, competences."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from ninja import Router, Schema

from isogloss.accounts import queries, services
from isogloss.accounts.access import access_person, require_site_role
from isogloss.accounts.rules import Role
from isogloss.api.authentication import caller
from isogloss.api.idempotency import once
from isogloss.platform import clock
from isogloss.platform.problems import InvalidInput
from isogloss.workforce.rules import Level, Modality
from isogloss.workforce.services import grant_competence

if TYPE_CHECKING:
    from isogloss.accounts.models import User

router = Router(tags=["people"])


class PersonIn(Schema):
    """A new account; without a password a one-time password is returned."""

    username: str
    name: str = ""
    roles: tuple[str, ...] = ()
    password: str | None = None


class CompetenceIn(Schema):
    """What a person can do in a language."""

    tag: str
    level: str = "C1"
    modality: str = "read"
    evidence: str = ""


def shown(user: "User") -> dict[str, Any]:
    """Return what the API tells of a person."""
    return {"id": user.public_id, "username": user.username, "name": user.name, "active": user.is_active, "origin": user.origin}


def roles_of(values: "Iterable[str]") -> tuple[Role, ...]:
    """Return the roles, or say which one there is not."""
    known = {role.value for role in Role}
    if unknown := set(values) - known:
        raise InvalidInput(f"There is no role called {', '.join(sorted(unknown))}; those that are: {', '.join(sorted(known))}.")
    return tuple(Role(value) for value in values)


@router.get("/me")
def me(request: HttpRequest) -> dict[str, Any]:
    """Return whom the token speaks for, and what it may do."""
    holder = caller(request, scope="projects:read")
    return {**shown(holder.user), "roles": sorted(queries.site_roles(holder.user)), "scopes": sorted(holder.scopes)}


@router.get("/people")
def people(request: HttpRequest) -> dict[str, Any]:
    """List everybody."""
    holder = caller(request, scope="admin")
    require_site_role(holder.user, Role.ADMIN, Role.LEAD)
    return {"results": [shown(user) for user in queries.people()]}


@router.post("/people")
def make_person(request: HttpRequest, body: PersonIn) -> dict[str, Any]:
    """Make an account."""
    holder = caller(request, scope="admin")
    require_site_role(holder.user, Role.ADMIN)

    def act() -> dict[str, Any]:
        user = services.make_user(
            username=body.username, name=body.name, password=body.password, roles=roles_of(body.roles), actor=holder.user, now=clock.now()
        )
        if body.password is not None:
            return shown(user)
        return {**shown(user), "one_time_password": services.give_one_time_password(user, actor=holder.user, now=clock.now())}

    return once(request, actor=holder.user, fingerprint=body.model_dump(exclude={"password"}), act=act)


@router.post("/people/{person_id}/competences")
def add_competence(request: HttpRequest, person_id: str, body: CompetenceIn) -> dict[str, Any]:
    """Record that a person can do something in a language."""
    holder = caller(request, scope="admin")
    require_site_role(holder.user, Role.ADMIN, Role.LEAD)
    person = access_person(holder.user, person_id)
    if body.level not in {v.value for v in Level} or body.modality not in {v.value for v in Modality}:
        raise InvalidInput("level is one of A1 to C2, modality one of read, write, listen.")
    row = grant_competence(
        person,
        tag=body.tag,
        level=Level(body.level),
        modality=Modality(body.modality),
        evidence=body.evidence,
        actor=holder.user,
        now=clock.now(),
    )
    return {"id": row.public_id, "tag": row.tag, "level": row.level, "modality": row.modality}
