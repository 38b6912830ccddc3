"""The API of wellbeing: one's own exposure and consents, the policy, and who is available; nobody's consents but one's own."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from ninja import Router, Schema

from isogloss.accounts.access import require_site_role
from isogloss.accounts.rules import Role
from isogloss.api.authentication import caller
from isogloss.api.idempotency import TAKES_KEY, once
from isogloss.api.pages import USUAL, page_of
from isogloss.api.shapes import Page
from isogloss.platform import clock
from isogloss.projects.access import access_project
from isogloss.projects.queries import members
from isogloss.wellbeing import queries, services
from isogloss.wellbeing.access import access_policy
from isogloss.wellbeing.rules import as_table

if TYPE_CHECKING:
    from isogloss.wellbeing.models import ExposurePolicy

router = Router(tags=["wellbeing"])


class LevelTodayOut(Schema):
    """One severity of the day in minutes; null is no limit. `reason` says why a limit is lower than usual: `ramp`, `days` or empty."""

    severity: int
    used: float
    limit: float | None
    left: float | None
    reason: str


class ExposureOut(Schema):
    """One's own day, as the queue counts it."""

    as_of: datetime
    levels: list[LevelTodayOut]


class ConsentOut(Schema):
    """What one agrees to in a category: up to which severity, or -1 for nothing of it, and until when."""

    hazard: str
    level: int
    until: datetime | None


class ConsentsOut(Schema):
    """Every standing consent and opt-out of one's own; up to `open_severity` comes with the projects one joins."""

    open_severity: int
    consents: list[ConsentOut]


class ConsentIn(Schema):
    """A severity from 2 to 4, -1 for nothing of the category, or null to withdraw."""

    level: int | None


class PolicyIn(Schema):
    """A policy drawn up from version `base`: `levels` by 0, 2, 3 and 4 in minutes and days, `ramp` as shares from 0 to 1."""

    base: int
    note: str
    levels: dict[str, dict[str, int | str | None]]
    ramp: list[float]


class PolicyOut(Schema):
    """A version of the policy; one that protects less names where in `looser` and waits for a second person."""

    number: int
    base: int | None
    note: str
    levels: dict[str, dict[str, int | str | None]]
    ramp: list[float]
    looser: list[str]
    made_at: datetime | None
    in_force_at: datetime | None


class AvailableOut(Schema):
    """Whether a person may be served each severity today; never why not."""

    person: str
    name: str
    s2: bool
    s3: bool
    s4: bool


class AvailabilityOut(Schema):
    """The annotators of a project."""

    people: list[AvailableOut]


class ContactRow(Schema):
    """Somebody to talk to and how to reach them."""

    name: str
    detail: str


class ContactsIn(Schema):
    """Whom people can talk to, in the order to show."""

    contacts: list[ContactRow]


class ContactsOut(ContactsIn):
    """Whom people can talk to."""


def shown_policy(row: "ExposurePolicy") -> dict[str, Any]:
    """Return what the API tells of a version of the policy."""
    return {
        "number": row.number,
        "base": row.base,
        "note": row.note,
        "levels": row.table["levels"],
        "ramp": row.table["ramp"],
        "looser": row.looser,
        "made_at": row.made_at.isoformat(),
        "in_force_at": row.in_force_at.isoformat() if row.in_force_at else None,
    }


@router.get("/me/exposure", response=ExposureOut)
def my_exposure(request: HttpRequest) -> dict[str, Any]:
    """Return what the token's person has met today and what is left."""
    holder, now = caller(request, scope="annotate"), clock.now()
    levels = queries.exposure_today([holder.user.pk], now=now).get(holder.user.pk, [])
    return {
        "as_of": now.isoformat(),
        "levels": [
            {"severity": level.severity, "used": level.used, "limit": level.cap, "left": level.left, "reason": level.cut}
            for level in levels
        ],
    }


@router.get("/me/consents", response=ConsentsOut)
def my_consents(request: HttpRequest) -> dict[str, Any]:
    """Return what the token's person agrees to."""
    return _consents(caller(request, scope="annotate").user.pk)


@router.put("/me/consents/{hazard}", response=ConsentsOut)
def set_consent(request: HttpRequest, hazard: str, body: ConsentIn) -> dict[str, Any]:
    """Give, change or withdraw one's own consent to a category; it holds from the next item on."""
    holder = caller(request, scope="annotate")
    services.set_consent(holder.user, hazard=hazard, level=body.level, now=clock.now())
    return _consents(holder.user.pk)


def _consents(person_id: int) -> dict[str, Any]:
    _, policy = queries.policy_in_force()
    standing = queries.standing_consents([person_id], policy=policy, now=clock.now()).get(person_id, {})
    rows = [
        {"hazard": hazard, "level": level, "until": until.isoformat() if until else None}
        for hazard, (level, until) in sorted(standing.items())
    ]
    return {"open_severity": policy.open_severity, "consents": rows}


@router.get("/wellbeing/policy", response=PolicyOut)
def policy(request: HttpRequest) -> dict[str, Any]:
    """Return the policy in force; number 0 is the house's own pack."""
    caller(request)
    number, present = queries.policy_in_force()
    row = queries.policy_versions().filter(number=number).first()
    if row is not None:
        return shown_policy(row)
    return {**as_table(present), "number": 0, "base": None, "note": "", "looser": [], "made_at": None, "in_force_at": None}


@router.get("/wellbeing/policies", response=Page[PolicyOut])
def policies(request: HttpRequest, after: str = "", limit: int = USUAL) -> dict[str, Any]:
    """List the versions of the policy, newest first."""
    holder = caller(request, scope="admin")
    require_site_role(holder.user, Role.WELLBEING_OFFICER, Role.ADMIN)
    return page_of(queries.policy_versions(), after=after, limit=limit, show=shown_policy, key="number")


@router.post("/wellbeing/policies", response=PolicyOut, openapi_extra=TAKES_KEY)
def make_policy(request: HttpRequest, body: PolicyIn) -> dict[str, Any]:
    """Make the next version: in force at once unless it protects less anywhere."""
    holder = caller(request, scope="admin")
    require_site_role(holder.user, Role.WELLBEING_OFFICER)
    drawn_up = services.drawn_up({"levels": body.levels, "ramp": body.ramp})

    def act() -> dict[str, Any]:
        return shown_policy(services.make_policy(drawn_up, note=body.note, base=body.base, actor=holder.user, now=clock.now()))

    return once(request, actor=holder.user, fingerprint=body.model_dump(), act=act)


@router.post("/wellbeing/policies/{number}/sign", response=PolicyOut)
def sign_policy(request: HttpRequest, number: int) -> dict[str, Any]:
    """Put a version that protects less in force, as the second person."""
    holder = caller(request, scope="admin")
    services.sign_policy(access_policy(holder.user, number), actor=holder.user, now=clock.now())
    return shown_policy(access_policy(holder.user, number))


@router.get("/projects/{project_id}/availability", response=AvailabilityOut)
def availability(request: HttpRequest, project_id: str) -> dict[str, Any]:
    """Return who of a project may be served which severity today: yes or no, never why."""
    holder = caller(request, scope="projects:read")
    project = access_project(holder.user, project_id, roles=(Role.LEAD,))
    people = {row.user_id: row.user for row in members(project) if row.role == Role.ANNOTATOR}
    found = queries.available_today(people, now=clock.now())
    return {
        "people": [
            {"person": user.public_id, "name": str(user), **{f"s{level}": found.get(person, {}).get(level, False) for level in (2, 3, 4)}}
            for person, user in people.items()
        ]
    }


@router.get("/wellbeing/contacts", response=ContactsOut)
def contacts(request: HttpRequest) -> dict[str, Any]:
    """Return whom people of the site can talk to, as the panic key shows them."""
    caller(request)
    return _contacts(None)


@router.put("/wellbeing/contacts", response=ContactsOut)
def set_contacts(request: HttpRequest, body: ContactsIn) -> dict[str, Any]:
    """Say whom people of the site can talk to; the list replaces the one before."""
    holder = caller(request, scope="admin")
    require_site_role(holder.user, Role.WELLBEING_OFFICER, Role.ADMIN)
    services.set_contacts([(row.name, row.detail) for row in body.contacts], project=None, actor=holder.user, now=clock.now())
    return _contacts(None)


@router.get("/projects/{project_id}/contacts", response=ContactsOut)
def project_contacts(request: HttpRequest, project_id: str) -> dict[str, Any]:
    """Return whom people of a project can talk to before the site's contacts."""
    return _contacts(access_project(caller(request, scope="projects:read").user, project_id).pk)


@router.put("/projects/{project_id}/contacts", response=ContactsOut)
def set_project_contacts(request: HttpRequest, project_id: str, body: ContactsIn) -> dict[str, Any]:
    """Say whom people of a project can talk to, as its wellbeing officer."""
    holder = caller(request, scope="projects:write")
    project = access_project(holder.user, project_id, roles=(Role.WELLBEING_OFFICER,))
    services.set_contacts([(row.name, row.detail) for row in body.contacts], project=project, actor=holder.user, now=clock.now())
    return _contacts(project.pk)


def _contacts(project_id: int | None) -> dict[str, Any]:
    return {"contacts": [{"name": name, "detail": detail} for name, detail in queries.contacts_of(project_id)]}
