"""The API of language: models, and estimates of a project's items."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from ninja import Router, Schema

from isogloss.accounts.access import require_site_role
from isogloss.accounts.rules import Role
from isogloss.api.authentication import caller
from isogloss.api.jobs import shown as shown_job
from isogloss.api.shapes import JobOut, Page
from isogloss.assist import queries, services
from isogloss.assist.access import KEEPERS, access_model
from isogloss.corpus.queries import repetition
from isogloss.corpus.services import ask_reestimate, ask_serve_held, set_hold
from isogloss.delivery.access import access_release
from isogloss.delivery.queries import release_folder
from isogloss.platform import clock
from isogloss.platform.jobs import jobs_of_project
from isogloss.projects.access import access_project

if TYPE_CHECKING:
    from isogloss.assist.queries import ModelPage

router = Router(tags=["language"])


class LanguageScoreOut(Schema):
    """F1 of one language on held-out text."""

    evaluation: str
    language: str
    rows: int
    live: float
    candidate: float
    is_judged: bool
    passes: bool


class EvaluationOut(Schema):
    """Accuracy on held-out text."""

    name: str
    live: float
    candidate: float
    by_source: dict[str, float]


class ModelOut(Schema):
    """A language model; `passes` is null where nobody judged it."""

    name: str
    kind: str
    rows: int | None
    trained: datetime | None
    is_active: bool
    passes: bool | None
    evaluations: list[EvaluationOut]


class ModelWithTable(ModelOut):
    """A language model with the gate's table and its card."""

    scores: list[LanguageScoreOut]
    card: str


class TrainIn(Schema):
    """Which releases to learn from."""

    releases: list[str]
    seed: int = services.SEED


class TrainingOut(Schema):
    """A training that was asked for."""

    id: str
    job: str | None
    state: str | None
    message: str
    model: str | None


class ActivateIn(Schema):
    """Whether a model that the gate refused may speak all the same."""

    insist: bool = False


class SpeakingOut(Schema):
    """What speaks now; null is the shipped detectors alone."""

    model: str | None
    before: str | None


def shown_model(model: "ModelPage") -> dict[str, Any]:
    """Return what the API tells of a model."""
    return {
        "name": model.name,
        "kind": model.kind,
        "rows": model.rows,
        "trained": model.trained,
        "is_active": model.is_active,
        "passes": model.passes,
        "evaluations": [
            {"name": row.name, "live": row.live, "candidate": row.candidate, "by_source": dict(row.by_source)} for row in model.evaluations
        ],
    }


@router.get("/models", response=Page[ModelOut])
def models(request: HttpRequest) -> dict[str, Any]:
    """List the language models, newest first."""
    holder = caller(request, scope="projects:read")
    require_site_role(holder.user, *KEEPERS)
    return {"results": [shown_model(model) for model in queries.model_pages()], "next": None}


@router.post("/models/train", response=TrainingOut)
def train(request: HttpRequest, body: TrainIn) -> dict[str, Any]:
    """Train a model from releases; returns at once, the training goes on as a job and the model does not speak yet."""
    holder = caller(request, scope="projects:write")
    require_site_role(holder.user, *KEEPERS)
    chosen = [access_release(holder.user, public_id, roles=(Role.LEAD,)) for public_id in body.releases]
    sources = [services.TrainingSource(release_folder(row), f"{row.project.name} {row.version}", row.project_id) for row in chosen]
    run = services.start_training(sources, actor=holder.user, now=clock.now(), seed=body.seed)
    return _training(run.public_id)


@router.get("/models/trainings/{training_id}", response=TrainingOut)
def training(request: HttpRequest, training_id: str) -> dict[str, Any]:
    """Return how far a training is, and the model that came of it."""
    holder = caller(request, scope="projects:read")
    require_site_role(holder.user, *KEEPERS)
    return _training(training_id)


def _training(public_id: str) -> dict[str, Any]:
    run = queries.training_run(public_id)
    job = run.job
    return {
        "id": run.public_id,
        "job": job.public_id if job else None,
        "state": job.state if job else None,
        "message": job.message if job else "",
        "model": run.model or None,
    }


@router.post("/models/back", response=SpeakingOut)
def back(request: HttpRequest) -> dict[str, Any]:
    """Go back to what spoke before."""
    holder = caller(request, scope="projects:write")
    require_site_role(holder.user, *KEEPERS)
    services.go_back(actor=holder.user, now=clock.now())
    return _speaking()


@router.get("/models/{model}", response=ModelWithTable)
def one_model(request: HttpRequest, model: str) -> dict[str, Any]:
    """Return a model with the gate's table and its card."""
    holder = caller(request, scope="projects:read")
    found = access_model(holder.user, model)
    fields = ("evaluation", "language", "rows", "live", "candidate", "is_judged", "passes")
    scores = [{field: getattr(row, field) for field in fields} for row in found.scores]
    return {**shown_model(found), "scores": scores, "card": found.card}


@router.post("/models/{model}/activate", response=SpeakingOut)
def activate(request: HttpRequest, model: str, body: ActivateIn) -> dict[str, Any]:
    """Let a model speak."""
    holder = caller(request, scope="projects:write")
    services.activate(access_model(holder.user, model).name, actor=holder.user, now=clock.now(), insist=body.insist)
    return _speaking()


def _speaking() -> dict[str, Any]:
    return {"model": queries.speaking() or None, "before": queries.model_before()}


class FlagOut(Schema):
    """How many items carry a flag, and how often it was right on those that people decided; `language` is null over all of them."""

    flag: str
    language: str | None
    items: int
    decided: int
    right: int
    precision: float | None
    low: float | None
    high: float | None
    reason: str
    made_at: datetime


@router.get("/projects/{project_id}/flags", response=Page[FlagOut])
def flags(request: HttpRequest, project_id: str) -> dict[str, Any]:
    """Return what the flags of a project come to; undefined precision comes with its reason."""
    holder = caller(request, scope="projects:read")
    project = access_project(holder.user, project_id, roles=(Role.LEAD, Role.REVIEWER))
    rows = [
        {
            "flag": row.kind,
            "language": row.language or None,
            "items": row.items,
            "decided": row.decided,
            "right": row.right,
            "precision": row.value,
            "low": row.low,
            "high": row.high,
            "reason": row.reason,
            "made_at": row.made_at,
        }
        for row in queries.flag_figures(project.pk)
    ]
    return {"results": rows, "next": None}


@router.post("/projects/{project_id}/languages/estimate", response=Page[JobOut])
def reestimate(request: HttpRequest, project_id: str) -> dict[str, Any]:
    """Estimate every item's language again with what speaks now, as a job; nobody's queue changes."""
    holder = caller(request, scope="corpus:write")
    project = access_project(holder.user, project_id, roles=(Role.LEAD,))
    ask_reestimate(project, actor=holder.user, now=clock.now())
    waiting = jobs_of_project(project.pk).filter(kind="corpus.reestimate", state__in=["waiting", "running"])
    return {"results": [shown_job(job) for job in waiting], "next": None}


class DuplicatesOut(Schema):
    """What comparing a project's texts came to."""

    hold: bool
    compared: int
    repeated: int
    exact: int
    clusters: int
    largest: int
    held: int
    made_at: datetime | None


class HoldIn(Schema):
    """Whether texts of later imports that say what an earlier item says are held instead of served."""

    hold: bool


def _duplicates(project_id: int) -> dict[str, Any]:
    found = repetition(project_id)
    return {
        "hold": found.holds,
        "compared": found.items,
        "repeated": found.repeated,
        "exact": found.exact,
        "clusters": found.clusters,
        "largest": found.largest,
        "held": found.held,
        "made_at": found.made_at,
    }


@router.get("/projects/{project_id}/duplicates", response=DuplicatesOut)
def duplicates(request: HttpRequest, project_id: str) -> dict[str, Any]:
    """Return how many texts say the same, and how many of them are held."""
    holder = caller(request, scope="projects:read")
    return _duplicates(access_project(holder.user, project_id, roles=(Role.LEAD, Role.REVIEWER)).pk)


@router.post("/projects/{project_id}/duplicates", response=DuplicatesOut)
def hold_duplicates(request: HttpRequest, project_id: str, body: HoldIn) -> dict[str, Any]:
    """Say whether repeated texts of later imports are held; what is served already stays served."""
    holder = caller(request, scope="corpus:write")
    project = access_project(holder.user, project_id, roles=(Role.LEAD,))
    set_hold(project, holds=body.hold, actor=holder.user, now=clock.now())
    return _duplicates(project.pk)


@router.post("/projects/{project_id}/duplicates/serve", response=DuplicatesOut)
def serve_duplicates(request: HttpRequest, project_id: str) -> dict[str, Any]:
    """Serve everything that is held, as a job."""
    holder = caller(request, scope="corpus:write")
    project = access_project(holder.user, project_id, roles=(Role.LEAD,))
    ask_serve_held(project, actor=holder.user, now=clock.now())
    return _duplicates(project.pk)


class SuggestIn(Schema):
    """Whether people see what a model would answer to questions about language."""

    show: bool


class SuggestOut(Schema):
    """Whether suggestions are wanted, whether gold keeps them from being shown, and how many items have one."""

    show: bool
    gold: bool
    items: int


@router.post("/projects/{project_id}/suggestions", response=SuggestOut)
def suggestions(request: HttpRequest, project_id: str, body: SuggestIn) -> dict[str, Any]:
    """Show or hide suggestions; while a project mixes gold in, none are shown, as gold never has one."""
    holder = caller(request, scope="projects:write")
    project = access_project(holder.user, project_id, roles=(Role.LEAD,))
    services.set_suggestions(project, suggests=body.show, actor=holder.user, now=clock.now())
    state = queries.suggestion_state(project.pk)
    return {"show": state.suggests, "gold": project.workflow.gold_enabled, "items": state.items}
