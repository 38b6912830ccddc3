"""The API of competences and qualifications."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from ninja import Router, Schema

from isogloss.accounts.access import access_person, require_site_role
from isogloss.accounts.rules import Role
from isogloss.api.authentication import caller
from isogloss.api.idempotency import TAKES_KEY, once
from isogloss.api.pages import USUAL, page_of
from isogloss.api.shapes import AttemptOut, CompetenceOut, Page, QualificationOut
from isogloss.platform import clock
from isogloss.platform.languages import normal_tag
from isogloss.platform.problems import InvalidInput, NotFound
from isogloss.workforce import queries, services
from isogloss.workforce.access import access_competence, access_qualification
from isogloss.workforce.rules import Level, Modality

if TYPE_CHECKING:
    from isogloss.workforce.models import Attempt, Competence, Qualification

router = Router(tags=["workforce"])


class CompetenceIn(Schema):
    """What a person can do in a language."""

    tag: str
    level: str = "C1"
    modality: str = "read"
    evidence: str = ""
    expires_at: datetime | None = None


class HeldCompetenceOut(CompetenceOut):
    """A competence that holds, and the person who has it."""

    person: str


class QualificationIn(Schema):
    """Something to be passed; `valid_days` says how long a pass holds, null is for ever."""

    name: str
    description: str = ""
    valid_days: int | None = None


class AttemptIn(Schema):
    """How a person's try ended."""

    person: str
    passed: bool
    score: float | None = None
    note: str = ""


def shown_competence(row: "Competence") -> dict[str, Any]:
    """Return what the API tells of a competence."""
    return {
        "id": row.public_id,
        "tag": row.tag,
        "level": row.level,
        "modality": row.modality,
        "evidence": row.evidence,
        "granted_at": row.granted_at.isoformat(),
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
        "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
    }


def shown_held(row: "Competence") -> dict[str, Any]:
    """Return what the API tells of a competence and whose it is."""
    return {**shown_competence(row), "person": row.user.public_id}


def shown_qualification(row: "Qualification") -> dict[str, Any]:
    """Return what the API tells of a qualification."""
    return {"id": row.public_id, "name": row.name, "description": row.description, "valid_days": row.valid_days}


def shown_attempt(row: "Attempt") -> dict[str, Any]:
    """Return what the API tells of an attempt."""
    return {
        "person": row.user.public_id,
        "passed": row.passed,
        "score": row.score,
        "at": row.at.isoformat(),
        "lapses_at": row.lapses_at.isoformat() if row.lapses_at else None,
        "note": row.note,
    }


@router.get("/people/{person_id}/competences", response=Page[CompetenceOut])
def competences(request: HttpRequest, person_id: str, after: str = "", limit: int = USUAL) -> dict[str, Any]:
    """List every competence a person was ever granted, newest first."""
    holder = caller(request, scope="admin")
    require_site_role(holder.user, Role.ADMIN, Role.LEAD)
    person = access_person(holder.user, person_id)
    return page_of(queries.competences(user_id=person.pk), after=after, limit=limit, show=shown_competence)


@router.post("/people/{person_id}/competences", response=CompetenceOut, openapi_extra=TAKES_KEY)
def add_competence(request: HttpRequest, person_id: str, body: CompetenceIn) -> dict[str, Any]:
    """Record that a person can do something in a language; an earlier grant of the same is withdrawn."""
    holder = caller(request, scope="admin")
    require_site_role(holder.user, Role.ADMIN, Role.LEAD)
    person = access_person(holder.user, person_id)
    if body.level not in {v.value for v in Level} or body.modality not in {v.value for v in Modality}:
        raise InvalidInput("level is one of A1 to C2, modality one of read, write, listen.")

    def act() -> dict[str, Any]:
        row = services.grant_competence(
            person,
            tag=body.tag,
            level=Level(body.level),
            modality=Modality(body.modality),
            evidence=body.evidence,
            expires_at=body.expires_at,
            actor=holder.user,
            now=clock.now(),
        )
        return shown_competence(row)

    return once(request, actor=holder.user, fingerprint=body.model_dump(), act=act)


@router.get("/competences", response=Page[HeldCompetenceOut])
def standing(request: HttpRequest, tag: str = "", after: str = "", limit: int = USUAL) -> dict[str, Any]:
    """List the competences that hold today, newest first; with a tag, those that cover it."""
    holder = caller(request, scope="admin")
    require_site_role(holder.user, Role.ADMIN, Role.LEAD)
    rows = queries.competences_that_hold(now=clock.now(), tag=_normal(tag))
    return page_of(rows, after=after, limit=limit, show=shown_held)


def _normal(tag: str) -> str:
    return normal_tag(tag, field="tag") if tag else ""


@router.post("/competences/{competence_id}/withdraw", response=CompetenceOut)
def withdraw_competence(request: HttpRequest, competence_id: str) -> dict[str, Any]:
    """End a competence; it takes effect at the person's next request."""
    holder = caller(request, scope="admin")
    services.withdraw_competence(access_competence(holder.user, competence_id), actor=holder.user, now=clock.now())
    return shown_competence(access_competence(holder.user, competence_id))


@router.get("/qualifications", response=Page[QualificationOut])
def qualifications(request: HttpRequest, after: str = "", limit: int = USUAL) -> dict[str, Any]:
    """List what can be passed, newest first."""
    holder = caller(request, scope="admin")
    require_site_role(holder.user, Role.ADMIN, Role.LEAD)
    return page_of(queries.qualifications(), after=after, limit=limit, show=shown_qualification)


@router.post("/qualifications", response=QualificationOut, openapi_extra=TAKES_KEY)
def make_qualification(request: HttpRequest, body: QualificationIn) -> dict[str, Any]:
    """Define something a person must have passed before a project serves them."""
    holder = caller(request, scope="admin")
    require_site_role(holder.user, Role.ADMIN, Role.LEAD)

    def act() -> dict[str, Any]:
        made = services.make_qualification(
            name=body.name, description=body.description, valid_days=body.valid_days, actor=holder.user, now=clock.now()
        )
        return shown_qualification(made)

    return once(request, actor=holder.user, fingerprint=body.model_dump(), act=act)


@router.post("/qualifications/{qualification_id}/attempts", response=AttemptOut, openapi_extra=TAKES_KEY)
def record_attempt(request: HttpRequest, qualification_id: str, body: AttemptIn) -> dict[str, Any]:
    """Record how a person's try ended; the latest one decides."""
    holder = caller(request, scope="admin")
    qualification = access_qualification(holder.user, qualification_id)
    person = access_person(holder.user, body.person)

    def act() -> dict[str, Any]:
        made = services.record_attempt(
            person,
            qualification=qualification,
            passed=body.passed,
            score=body.score,
            note=body.note,
            actor=holder.user,
            now=clock.now(),
        )
        return shown_attempt(made)

    return once(request, actor=holder.user, fingerprint=body.model_dump(), act=act)


@router.post("/qualifications/{qualification_id}/lapse/{person_id}", response=AttemptOut)
def lapse(request: HttpRequest, qualification_id: str, person_id: str) -> dict[str, Any]:
    """End a person's pass before its time; it takes effect at their next request."""
    holder = caller(request, scope="admin")
    qualification = access_qualification(holder.user, qualification_id)
    person = access_person(holder.user, person_id)
    attempt = queries.standing_passes(now=clock.now()).filter(qualification=qualification, user=person).first()
    if attempt is None:
        raise NotFound("The person holds no pass of this qualification.")
    services.lapse_attempt(attempt, actor=holder.user, now=clock.now())
    attempt.refresh_from_db()
    return shown_attempt(attempt)
