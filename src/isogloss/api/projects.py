"""The API of projects: make, read, change, members, guideline, figures."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from ninja import Router, Schema

from isogloss.accounts.access import require_site_role
from isogloss.accounts.queries import person_by_username
from isogloss.accounts.rules import Role
from isogloss.api.authentication import caller
from isogloss.api.idempotency import once
from isogloss.api.pages import page_of
from isogloss.api.people import roles_of
from isogloss.insights.queries import project_page
from isogloss.platform import clock
from isogloss.platform.problems import InvalidInput, NotFound
from isogloss.projects import queries, services
from isogloss.projects.access import access_project
from isogloss.projects.rules import Aggregation, ProjectState, Routing

if TYPE_CHECKING:
    from isogloss.projects.models import Project

router = Router(tags=["projects"])
_READERS = (Role.LEAD, Role.REQUESTER, Role.REVIEWER)


class ProjectIn(Schema):
    """A new project."""

    name: str
    languages: list[str]
    label_schema: str
    declared_severity: int
    guideline: str = ""
    description: str = ""
    annotations_per_item: int = 3
    routing: str = "language"
    aggregation: str = "majority"
    due: date | None = None
    lease_minutes: int = 30


class StateIn(Schema):
    """What a project is to be."""

    state: str


class MemberIn(Schema):
    """Who is to be what in a project."""

    username: str
    role: str
    in_pool: bool = False


class GuidelineIn(Schema):
    """The next version of a guideline."""

    label_schema: str
    text: str = ""
    note: str


def shown(project: "Project") -> dict[str, Any]:
    """Return what the API tells of a project."""
    return {
        "id": project.public_id,
        "name": project.name,
        "description": project.description,
        "state": project.state,
        "languages": [row.tag for row in project.languages.all()],
        "annotations_per_item": project.workflow.target,
        "aggregation": project.workflow.aggregation,
        "routing": project.workflow.routing,
        "declared_severity": project.declared_severity,
        "guideline_version": project.version.number,
        "due": project.due.isoformat() if project.due else None,
        "created_at": project.created_at.isoformat(),
    }


def _one_of(value: str, allowed: list[str], *, name: str) -> str:
    if value not in allowed:
        raise InvalidInput(f"{name} is {value!r}; it is one of {', '.join(allowed)}.")
    return value


@router.get("/projects")
def projects(request: HttpRequest, after: int | None = None, limit: int = 50) -> dict[str, Any]:
    """List the projects the caller may open, newest first; send `next` as `after` for more."""
    holder = caller(request, scope="projects:read")
    rows = queries.projects_of(holder.user)
    rows = rows.filter(pk__lt=after) if after is not None else rows
    return page_of(rows[: max(1, min(limit, 500))], limit=limit, show=shown, cursor=lambda project: project.pk)


@router.post("/projects")
def make_project(request: HttpRequest, body: ProjectIn) -> dict[str, Any]:
    """Make a project."""
    holder = caller(request, scope="projects:write")
    require_site_role(holder.user, Role.LEAD)

    def act() -> dict[str, Any]:
        draft = services.ProjectDraft(
            name=body.name,
            languages=tuple(body.languages),
            schema_source=body.label_schema,
            guideline=body.guideline,
            description=body.description,
            target=body.annotations_per_item,
            declared_severity=body.declared_severity,
            routing=Routing(_one_of(body.routing, [v.value for v in Routing], name="routing")),
            aggregation=Aggregation(_one_of(body.aggregation, [v.value for v in Aggregation], name="aggregation")),
            due=body.due,
            lease_minutes=body.lease_minutes,
        )
        return shown(services.make_project(draft, actor=holder.user, now=clock.now()))

    return once(request, actor=holder.user, fingerprint=body.model_dump(), act=act)


@router.get("/projects/{project_id}")
def project(request: HttpRequest, project_id: str) -> dict[str, Any]:
    """Return a project."""
    holder = caller(request, scope="projects:read")
    return shown(access_project(holder.user, project_id))


@router.post("/projects/{project_id}/state")
def set_state(request: HttpRequest, project_id: str, body: StateIn) -> dict[str, Any]:
    """Open, pause or close a project."""
    holder = caller(request, scope="projects:write")
    row = access_project(holder.user, project_id, roles=(Role.LEAD,))
    state = ProjectState(_one_of(body.state, [v.value for v in ProjectState], name="state"))
    services.set_state(row, state=state, actor=holder.user, now=clock.now())
    return shown(row)


@router.get("/projects/{project_id}/members")
def members(request: HttpRequest, project_id: str) -> dict[str, Any]:
    """List who is what in a project."""
    holder = caller(request, scope="projects:read")
    row = access_project(holder.user, project_id, roles=(Role.LEAD, Role.REVIEWER))
    return {
        "results": [
            {"username": m.user.username, "id": m.user.public_id, "role": m.role, "in_pool": m.in_pool} for m in queries.members(row)
        ]
    }


@router.post("/projects/{project_id}/members")
def add_member(request: HttpRequest, project_id: str, body: MemberIn) -> dict[str, Any]:
    """Give a person a role in the project."""
    holder = caller(request, scope="projects:write")
    row = access_project(holder.user, project_id, roles=(Role.LEAD,))
    person = person_by_username(body.username)
    if person is None:
        raise NotFound(f"Nobody has the username {body.username!r}.")
    (role,) = roles_of([body.role])
    made = services.add_member(row, user=person, role=role, in_pool=body.in_pool, actor=holder.user, now=clock.now())
    return {"username": person.username, "id": person.public_id, "role": made.role, "in_pool": made.in_pool}


@router.get("/projects/{project_id}/guideline")
def guideline(request: HttpRequest, project_id: str) -> dict[str, Any]:
    """Return the guideline version a project is on, with its label schema."""
    holder = caller(request, scope="projects:read")
    row = access_project(holder.user, project_id)
    version = row.version
    return {"version": version.number, "label_schema": version.schema_source, "text": version.text, "note": version.note}


@router.post("/projects/{project_id}/guideline")
def revise_guideline(request: HttpRequest, project_id: str, body: GuidelineIn) -> dict[str, Any]:
    """Make the next guideline version and put the project on it."""
    holder = caller(request, scope="projects:write")
    row = access_project(holder.user, project_id, roles=(Role.LEAD,))

    def act() -> dict[str, Any]:
        version = services.revise_guideline(
            row, schema_source=body.label_schema, text=body.text, note=body.note, actor=holder.user, now=clock.now()
        )
        return {"version": version.number, "label_schema": version.schema_source, "text": version.text, "note": version.note}

    return once(request, actor=holder.user, fingerprint=body.model_dump(), act=act)


@router.get("/projects/{project_id}/figures")
def figures(request: HttpRequest, project_id: str) -> dict[str, Any]:
    """Return progress and agreement by language, as the project page shows them."""
    holder = caller(request, scope="projects:read")
    row = access_project(holder.user, project_id, roles=_READERS)
    page = project_page(row, reader="en")
    return {
        "as_of": page.as_of.isoformat() if page.as_of else None,
        "languages": [
            {
                "language": r.tag,
                "items": r.items,
                "finished": r.finished,
                "annotations": r.annotations,
                "wanted": r.wanted,
                "leased": r.leased,
            }
            for r in page.languages
        ],
        "agreement": [
            {
                "question": question,
                "language": r.tag or None,
                "alpha": _figure(r.alpha),
                "percent": _figure(r.percent),
            }
            for question, _prompt, rows in page.questions
            for r in rows
        ],
    }


def _figure(figure: Any) -> dict[str, Any] | None:
    if figure is None:
        return None
    return {
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "items": figure.n_items,
        "annotations": figure.n_annotations,
        "method": figure.method,
        "seed": figure.seed,
        "reason": figure.reason or None,
    }
