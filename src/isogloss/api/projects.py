"""The API of projects: make, read, change, members, guideline, figures."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from isogloss.accounts.access import require_site_role
from isogloss.accounts.queries import person_by_username
from isogloss.accounts.rules import Role
from isogloss.api.authentication import caller
from isogloss.api.idempotency import TAKES_KEY, once
from isogloss.api.jobs import shown as shown_job
from isogloss.api.pages import USUAL, page_of
from isogloss.api.people import roles_of
from isogloss.api.shapes import EffectOut, FiguresOut, GuidelineOut, JobOut, MemberOut, Page, ProjectOut
from isogloss.guidelines.queries import schema_of, version_numbered, versions
from isogloss.guidelines.schemas import Renames
from isogloss.guidelines.services import check_renames, read_schema
from isogloss.insights.queries import project_page
from isogloss.insights.services import renew_figures
from isogloss.platform import clock
from isogloss.platform.problems import InvalidInput, NotFound
from isogloss.projects import queries, services
from isogloss.projects.access import access_membership, access_project
from isogloss.projects.rules import Aggregation, ProjectState, Routing
from isogloss.workbench.queries import effect_of
from isogloss.workforce.access import access_qualification
from isogloss.workforce.rules import Level

if TYPE_CHECKING:
    from isogloss.guidelines.models import GuidelineVersion
    from isogloss.projects.models import Membership, Project

router = Router(tags=["projects"])
_READERS = (Role.LEAD, Role.REQUESTER, Role.REVIEWER)


class ProjectIn(Schema):
    """A new project."""

    name: str
    languages: list[str]
    label_schema: str
    declared_severity: int
    hazards: tuple[str, ...] = ()
    guideline: str = ""
    description: str = ""
    annotations_per_item: int = 3
    routing: str = "language"
    aggregation: str = "majority"
    due: date | None = None
    lease_minutes: int = 30
    qualification: str | None = None


class ProjectChange(Schema):
    """What is to be written about a project; what is left out stays."""

    name: str | None = None
    description: str | None = None
    due: date | None = None
    hazards: list[str] | None = None


class LanguageIn(Schema):
    """A language of the project and what it asks of people."""

    tag: str
    level: str = "B2"


class StateIn(Schema):
    """What a project is to be."""

    state: str


class MemberIn(Schema):
    """Who is to be what in a project."""

    username: str
    role: str
    in_pool: bool = False


class LabelRename(Schema):
    """A label that is called otherwise from now on; `part` is `labels`, `categories`, `severities`, `options` or `attributes.<id>`."""

    question: str
    part: str = "labels"
    from_: str = Field(alias="from")
    to: str


class RenamesIn(Schema):
    """What goes by another name than in the version before: questions by id, and labels. Answers are read under the new names."""

    questions: dict[str, str] = Field(default_factory=dict)
    labels: list[LabelRename] = Field(default_factory=list)

    def read(self) -> Renames:
        """Return the renames as the services know them."""
        return Renames(dict(self.questions), {(row.question, row.part, row.from_): row.to for row in self.labels})


class GuidelineIn(Schema):
    """The next version of a guideline; with a `base` it is made only while the project is on the version of that number."""

    label_schema: str
    text: str = ""
    note: str
    renames: RenamesIn = RenamesIn()
    base: int | None = None


class EffectIn(Schema):
    """A label schema that may become the next version."""

    label_schema: str
    renames: RenamesIn = RenamesIn()


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
        "hazards": project.hazards,
        "qualification": project.workflow.qualification.public_id if project.workflow.qualification else None,
        "guideline_version": project.version.number,
        "due": project.due.isoformat() if project.due else None,
        "simulated": project.simulated,
        "created_at": project.created_at.isoformat(),
    }


def shown_member(member: "Membership") -> dict[str, Any]:
    """Return what the API tells of a member."""
    return {"id": member.user.public_id, "username": member.user.username, "role": member.role, "in_pool": member.in_pool}


def shown_version(version: "GuidelineVersion") -> dict[str, Any]:
    """Return what the API tells of a guideline version."""
    return {
        "version": version.number,
        "label_schema": version.schema_source,
        "text": version.text,
        "note": version.note,
        "created_at": version.created_at.isoformat(),
    }


def _one_of(value: str, allowed: list[str], *, name: str) -> str:
    if value not in allowed:
        message = f"{name} is {value!r}; it is one of {', '.join(allowed)}."
        raise InvalidInput(message, errors=[{"field": name, "message": message}])
    return value


@router.get("/projects", response=Page[ProjectOut])
def projects(request: HttpRequest, after: str = "", limit: int = USUAL) -> dict[str, Any]:
    """List the projects the caller may open, newest first; send `next` as `after` for more."""
    holder = caller(request, scope="projects:read")
    rows = queries.projects_of(holder.user).select_related("workflow__qualification", "version")
    return page_of(rows, after=after, limit=limit, show=shown)


@router.post("/projects", response=ProjectOut, openapi_extra=TAKES_KEY)
def make_project(request: HttpRequest, body: ProjectIn) -> dict[str, Any]:
    """Make a project."""
    holder = caller(request, scope="projects:write")
    require_site_role(holder.user, Role.LEAD)
    wanted = access_qualification(holder.user, body.qualification) if body.qualification else None

    def act() -> dict[str, Any]:
        draft = services.ProjectDraft(
            name=body.name,
            languages=tuple(body.languages),
            schema_source=body.label_schema,
            guideline=body.guideline,
            description=body.description,
            target=body.annotations_per_item,
            declared_severity=body.declared_severity,
            hazards=body.hazards,
            routing=Routing(_one_of(body.routing, [v.value for v in Routing], name="routing")),
            aggregation=Aggregation(_one_of(body.aggregation, [v.value for v in Aggregation], name="aggregation")),
            due=body.due,
            lease_minutes=body.lease_minutes,
            workflow={"qualification_id": wanted.pk} if wanted else {},
        )
        return shown(services.make_project(draft, actor=holder.user, now=clock.now()))

    return once(request, actor=holder.user, fingerprint=body.model_dump(), act=act)


@router.get("/projects/{project_id}", response=ProjectOut)
def project(request: HttpRequest, project_id: str) -> dict[str, Any]:
    """Return a project."""
    holder = caller(request, scope="projects:read")
    return shown(access_project(holder.user, project_id))


@router.patch("/projects/{project_id}", response=ProjectOut)
def change_project(request: HttpRequest, project_id: str, body: ProjectChange) -> dict[str, Any]:
    """Change what is written about a project."""
    holder = caller(request, scope="projects:write")
    row = access_project(holder.user, project_id, roles=(Role.LEAD,))
    changes = body.model_dump(exclude_unset=True)
    if changes:
        services.change_project(row, actor=holder.user, now=clock.now(), **changes)
    return shown(row)


@router.post("/projects/{project_id}/languages", response=ProjectOut)
def add_language(request: HttpRequest, project_id: str, body: LanguageIn) -> dict[str, Any]:
    """Add a language, or change the level that the project asks for in it."""
    holder = caller(request, scope="projects:write")
    row = access_project(holder.user, project_id, roles=(Role.LEAD,))
    level = _one_of(body.level, [v.value for v in Level], name="level")
    services.add_language(row, tag=body.tag, level=level, actor=holder.user, now=clock.now())
    return shown(row)


@router.post("/projects/{project_id}/state", response=ProjectOut)
def set_state(request: HttpRequest, project_id: str, body: StateIn) -> dict[str, Any]:
    """Open, pause or close a project."""
    holder = caller(request, scope="projects:write")
    row = access_project(holder.user, project_id, roles=(Role.LEAD,))
    state = ProjectState(_one_of(body.state, [v.value for v in ProjectState], name="state"))
    services.set_state(row, state=state, actor=holder.user, now=clock.now())
    return shown(row)


@router.get("/projects/{project_id}/members", response=Page[MemberOut])
def members(request: HttpRequest, project_id: str) -> dict[str, Any]:
    """List who is what in a project."""
    holder = caller(request, scope="projects:read")
    row = access_project(holder.user, project_id, roles=(Role.LEAD, Role.REVIEWER))
    return {"results": [shown_member(member) for member in queries.members(row)], "next": None}


@router.post("/projects/{project_id}/members", response=MemberOut)
def add_member(request: HttpRequest, project_id: str, body: MemberIn) -> dict[str, Any]:
    """Give a person a role in the project; giving it twice only sets the pool."""
    holder = caller(request, scope="projects:write")
    row = access_project(holder.user, project_id, roles=(Role.LEAD,))
    person = person_by_username(body.username)
    if person is None:
        raise NotFound(f"Nobody has the username {body.username!r}.")
    (role,) = roles_of([body.role])
    made = services.add_member(row, user=person, role=role, in_pool=body.in_pool, actor=holder.user, now=clock.now())
    return shown_member(made)


@router.delete("/projects/{project_id}/members/{person_id}/{role}", response=MemberOut)
def remove_member(request: HttpRequest, project_id: str, person_id: str, role: str) -> dict[str, Any]:
    """Take a role in the project away; what the person annotated stays."""
    holder = caller(request, scope="projects:write")
    row = access_project(holder.user, project_id, roles=(Role.LEAD,))
    membership = access_membership(row, person_id=person_id, role=role)
    services.remove_member(membership, actor=holder.user, now=clock.now())
    return shown_member(membership)


@router.get("/projects/{project_id}/guideline", response=GuidelineOut)
def guideline(request: HttpRequest, project_id: str) -> dict[str, Any]:
    """Return the guideline version a project is on, with its label schema."""
    holder = caller(request, scope="projects:read")
    return shown_version(access_project(holder.user, project_id).version)


@router.get("/projects/{project_id}/guideline/versions", response=Page[GuidelineOut])
def guideline_versions(request: HttpRequest, project_id: str, after: str = "", limit: int = USUAL) -> dict[str, Any]:
    """List the versions of a project's guideline, newest first; the cursor is a version's number."""
    holder = caller(request, scope="projects:read")
    row = access_project(holder.user, project_id, roles=_READERS)
    return page_of(versions(row.guideline), after=after, limit=limit, show=shown_version, key="number")


@router.get("/projects/{project_id}/guideline/versions/{number}", response=GuidelineOut)
def guideline_version(request: HttpRequest, project_id: str, number: int) -> dict[str, Any]:
    """Return one version of a project's guideline: annotations stay with the one they were made under."""
    holder = caller(request, scope="projects:read")
    row = access_project(holder.user, project_id)
    version = version_numbered(row.guideline, number=number)
    if version is None:
        raise NotFound(f"The project's guideline has no version {number}.")
    return shown_version(version)


@router.post("/projects/{project_id}/guideline", response=GuidelineOut, openapi_extra=TAKES_KEY)
def revise_guideline(request: HttpRequest, project_id: str, body: GuidelineIn) -> dict[str, Any]:
    """Make the next guideline version and put the project on it."""
    holder = caller(request, scope="projects:write")
    row = access_project(holder.user, project_id, roles=(Role.LEAD,))

    def act() -> dict[str, Any]:
        version = services.revise_guideline(
            row,
            schema_source=body.label_schema,
            text=body.text,
            note=body.note,
            actor=holder.user,
            now=clock.now(),
            renames=body.renames.read(),
            base=body.base,
        )
        return shown_version(version)

    return once(request, actor=holder.user, fingerprint=body.model_dump(), act=act)


@router.post("/projects/{project_id}/guideline/effect", response=EffectOut)
def guideline_effect(request: HttpRequest, project_id: str, body: EffectIn) -> dict[str, Any]:
    """Return what a label schema would do to the annotations that are there; nothing is written."""
    holder = caller(request, scope="projects:read")
    row = access_project(holder.user, project_id, roles=(Role.LEAD,))
    document, renames = read_schema(body.label_schema), body.renames.read()
    check_renames(schema_of(row.version_id), new=document, renames=renames)
    effect = effect_of(row, new=document, renames=renames)
    return {
        "annotations": effect.annotations,
        "one_in": effect.one_in,
        "whole": effect.whole,
        "incomplete": effect.incomplete,
        "only_wording": effect.change.is_only_wording,
        "questions": [
            {
                "question": one.change.question,
                "was": one.change.was or None,
                "fate": one.change.fate,
                "answers": one.answered,
                "kept": one.kept,
                "in_part": one.cut,
                "lost": one.lost,
                "settings": list(one.change.settings),
                "labels": [
                    {"part": label.part, "value": label.value, "was": label.was or None, "fate": label.fate, "answers": used}
                    for label, used in one.labels
                ],
            }
            for one in effect.questions
        ],
    }


@router.get("/projects/{project_id}/figures", response=FiguresOut)
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


@router.post("/projects/{project_id}/figures/renew", response=Page[JobOut])
def renew(request: HttpRequest, project_id: str) -> dict[str, Any]:
    """Put the recomputing of a project's figures in line; the answer holds the jobs that wait or run."""
    holder = caller(request, scope="projects:write")
    row = access_project(holder.user, project_id, roles=(Role.LEAD, Role.REVIEWER))
    waiting = renew_figures(row, actor=holder.user, now=clock.now())
    return {"results": [shown_job(job) for job in waiting], "next": None}


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
