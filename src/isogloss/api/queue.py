"""The API of the queue: what waits and what is out, why an item does not move, and a lead's hand in who gets what."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from isogloss.accounts.rules import Role
from isogloss.api.authentication import caller
from isogloss.api.idempotency import TAKES_KEY, once
from isogloss.api.pages import USUAL, page_of
from isogloss.api.shapes import Page
from isogloss.corpus.access import access_batch, access_item
from isogloss.corpus.queries import batches
from isogloss.dispatch import queries, services
from isogloss.platform import clock
from isogloss.projects.access import access_membership, access_project
from isogloss.projects.queries import annotators

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.corpus.models import Batch, Item
    from isogloss.projects.models import Project

router = Router(tags=["queue"])


class LanguageInQueueOut(Schema):
    """One language of a queue: `waiting` are free places, `leased` those with somebody, `done` the answers that count."""

    language: str
    items: int
    complete: int
    waiting: int
    leased: int
    done: int
    surplus: int
    skipped: int


class BatchOut(Schema):
    """Items that came together; those of a paused batch are not served."""

    id: str
    name: str
    state: str
    priority: int
    due: date | None
    created_at: datetime


class BatchStateIn(Schema):
    """What a batch is to be."""

    state: Literal["active", "paused"]


class AtQueueOut(Schema):
    """An annotator of the project and how many items they hold."""

    id: str
    username: str
    name: str
    leased: int


class HolderOut(Schema):
    """Who holds an item, and until when."""

    id: str
    username: str
    name: str
    until: datetime


class StandingOut(Schema):
    """Where an item stands; `candidates` is how many people could take it at once.

    `reason` is one of done, gold, not_routed, project_paused, batch_paused, leased, nobody, waiting.
    """

    id: str
    reason: str
    target: int
    done: int
    leased: int
    free: int
    candidates: int
    next_lease_ends: datetime | None
    holders: list[HolderOut]


class CandidateOut(Schema):
    """Who may be served an item; `obstacle` keeps it from them today: held, daily_limit or break; null is nothing."""

    id: str
    username: str
    name: str
    obstacle: str | None
    until: datetime | None


class ReassignIn(Schema):
    """An item and the people's ids: it goes to the taker, from the giver's lease, or without one from its free places."""

    item: str
    taker: str
    giver: str | None = None


class RecallIn(Schema):
    """Why a person's work is set aside."""

    reason: str = Field(max_length=300)


class RecallOut(Schema):
    """Whose work was set aside, and how many annotations."""

    person: str
    annotations: int


def _person(user: "User") -> dict[str, Any]:
    return {"id": user.public_id, "username": user.username, "name": user.name}


def shown_batch(batch: "Batch") -> dict[str, Any]:
    """Return what the API tells of a batch."""
    return {
        "id": batch.public_id,
        "name": batch.name,
        "state": batch.state,
        "priority": batch.priority,
        "due": batch.due.isoformat() if batch.due else None,
        "created_at": batch.created_at.isoformat(),
    }


def _standing(project: "Project", item: "Item") -> dict[str, Any]:
    told, held = queries.why_not_moving(item.pk, now=clock.now()), dict(queries.holders(item.pk))
    return {
        "id": item.external_id,
        "reason": told.reason,
        "target": told.target,
        "done": told.done,
        "leased": told.leased,
        "free": told.free,
        "candidates": told.candidates,
        "next_lease_ends": told.next_lease_ends.isoformat() if told.next_lease_ends else None,
        "holders": [{**_person(user), "until": held[user.pk].isoformat()} for user in annotators(project).filter(pk__in=held)],
    }


@router.get("/projects/{project_id}/queue", response=Page[LanguageInQueueOut])
def queue(request: HttpRequest, project_id: str) -> dict[str, Any]:
    """Return what waits and what is out, by language."""
    holder = caller(request, scope="projects:read")
    project = access_project(holder.user, project_id, roles=(Role.LEAD,))
    fields = ("language", "items", "complete", "waiting", "leased", "done", "surplus", "skipped")
    rows = [{field: getattr(row, field) for field in fields} for row in queries.counters(project.pk)]
    return {"results": rows, "next": None}


@router.get("/projects/{project_id}/queue/people", response=Page[AtQueueOut])
def people(request: HttpRequest, project_id: str, after: str = "", limit: int = USUAL) -> dict[str, Any]:
    """List the annotators of a project and how many items each holds; send `next` as `after` for more."""
    holder = caller(request, scope="projects:read")
    project = access_project(holder.user, project_id, roles=(Role.LEAD,))
    held = queries.leases_by_person(project.pk)
    return page_of(
        annotators(project),
        after=after,
        limit=limit,
        show=lambda user: {**_person(user), "leased": held.get(user.pk, 0)},
        newest_first=False,
    )


@router.get("/projects/{project_id}/queue/items/{path:external_id}", response=StandingOut)
def standing(request: HttpRequest, project_id: str, external_id: str) -> dict[str, Any]:
    """Say why an item does not move, and who holds it, by the id it was imported with."""
    holder = caller(request, scope="projects:read")
    project = access_project(holder.user, project_id, roles=(Role.LEAD,))
    return _standing(project, access_item(holder.user, project_id, external_id))


@router.get("/projects/{project_id}/queue/candidates", response=Page[CandidateOut])
def candidates(request: HttpRequest, project_id: str, item: str, after: str = "", limit: int = USUAL) -> dict[str, Any]:
    """List who could take the item that was imported with this id, and what keeps it from them; send `next` as `after` for more."""
    holder = caller(request, scope="projects:read")
    project = access_project(holder.user, project_id, roles=(Role.LEAD,))
    asked = access_item(holder.user, project_id, item)
    told = {row.person_id: row for row in queries.who_could_take(asked.pk, now=clock.now())}

    def show(user: "User") -> dict[str, Any]:
        row = told[user.pk]
        return {**_person(user), "obstacle": row.obstacle or None, "until": row.until.isoformat() if row.until else None}

    everybody = annotators(project)
    # Whoever takes the item meanwhile leaves the list; a page that ended with them still goes on.
    return page_of(everybody.filter(pk__in=told), after=after, limit=limit, show=show, newest_first=False, places=everybody)


@router.post("/projects/{project_id}/queue/reassign", response=StandingOut, openapi_extra=TAKES_KEY)
def reassign(request: HttpRequest, project_id: str, body: ReassignIn) -> dict[str, Any]:
    """Give an item to a person, from its free places or from somebody who holds it; the limits of the queue hold here too."""
    holder = caller(request, scope="projects:write")
    project = access_project(holder.user, project_id, roles=(Role.LEAD,))
    item = access_item(holder.user, project_id, body.item)
    taker = access_membership(project, person_id=body.taker, role=Role.ANNOTATOR).user
    giver = access_membership(project, person_id=body.giver, role=Role.ANNOTATOR).user if body.giver else None

    def act() -> dict[str, Any]:
        services.reassign(item.pk, giver=giver, taker=taker, actor=holder.user, now=clock.now())
        return _standing(project, item)

    return once(request, actor=holder.user, fingerprint=body.model_dump(), act=act)


@router.post("/projects/{project_id}/queue/people/{person_id}/recall", response=RecallOut, openapi_extra=TAKES_KEY)
def recall(request: HttpRequest, project_id: str, person_id: str, body: RecallIn) -> dict[str, Any]:
    """Set aside what a person did in a project: nothing is deleted, others are served the items again."""
    holder = caller(request, scope="projects:write")
    project = access_project(holder.user, project_id, roles=(Role.LEAD,))
    person = access_membership(project, person_id=person_id, role=Role.ANNOTATOR).user

    def act() -> dict[str, Any]:
        number = services.recall(person, project=project, reason=body.reason.strip(), actor=holder.user, now=clock.now())
        return {"person": person.public_id, "annotations": number}

    return once(request, actor=holder.user, fingerprint=body.model_dump(), act=act)


@router.get("/projects/{project_id}/batches", response=Page[BatchOut])
def project_batches(request: HttpRequest, project_id: str, after: str = "", limit: int = USUAL) -> dict[str, Any]:
    """List the batches of a project, newest first; send `next` as `after` for more."""
    holder = caller(request, scope="projects:read")
    project = access_project(holder.user, project_id, roles=(Role.LEAD,))
    return page_of(batches(project), after=after, limit=limit, show=shown_batch)


@router.post("/batches/{batch_id}/state", response=BatchOut, openapi_extra=TAKES_KEY)
def set_batch_state(request: HttpRequest, batch_id: str, body: BatchStateIn) -> dict[str, Any]:
    """Pause a batch, or serve it again, from the next request on; its places in the queue are moved by a job."""
    holder = caller(request, scope="projects:write")
    batch = access_batch(holder.user, batch_id)

    def act() -> dict[str, Any]:
        change = services.pause_batch if body.state == "paused" else services.resume_batch
        change(batch, actor=holder.user, now=clock.now(), moves_later=True)
        return shown_batch(batch)

    return once(request, actor=holder.user, fingerprint=body.model_dump(), act=act)
