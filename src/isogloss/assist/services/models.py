"""Writes about language models: train from releases, activate, go back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from isogloss.assist.detectors import active_detector, the_registry
from isogloss.assist.models import Activation, TrainingRun
from isogloss.assist.releases import UnusableRelease, release_examples
from isogloss.core.language.cards import model_card
from isogloss.core.language.classifiers import Settings
from isogloss.core.language.registry import NoSuchModel
from isogloss.core.language.training import TooFewExamples, Training, train_model
from isogloss.platform import audit, jobs
from isogloss.platform.db import write_transaction
from isogloss.platform.jobs import Progress
from isogloss.platform.problems import Conflict, InvalidInput, NotFound

if TYPE_CHECKING:
    from isogloss.accounts.models import User

SEED = 20260101


class GateRefused(Conflict):
    """A language would get worse; the model is kept and may not speak unless somebody insists."""

    title = "The gate refused this model"


@dataclass(frozen=True, slots=True)
class TrainingSource:
    """A release to learn from: its folder, what it is called, and its project."""

    folder: Path
    title: str
    project_id: int


def start_training(
    sources: Sequence[TrainingSource], *, actor: "User", now: datetime, seed: int = SEED, inline: bool = False
) -> TrainingRun:
    """Put the training of a model from releases in line, or do it here and now."""
    if not sources:
        raise InvalidInput("Choose at least one release to train from.")
    told = [{"folder": str(source.folder), "title": source.title, "project": source.project_id} for source in sources]
    project = sources[0].project_id if len({source.project_id for source in sources}) == 1 else None
    with write_transaction():
        run = TrainingRun.objects.create(sources=told, seed=seed, created_by=actor, created_at=now)
        audit.record(
            actor,
            "model.training_asked",
            run,
            now=now,
            project_id=project,
            detail={"from": [source.title for source in sources], "seed": seed},
        )
        if not inline:
            run.job = jobs.enqueue("assist.train", ids={"run": run.pk}, actor=actor, now=now, project_id=project)
            run.save(update_fields=["job"])
    if inline:
        run.job = jobs.run_inline("assist.train", ids={"run": run.pk}, actor=actor, now=now, project_id=project)
        run.save(update_fields=["job"])
        run.refresh_from_db()
    return run


def train(run: TrainingRun, *, progress: Progress, now: datetime) -> dict[str, object]:
    """Train, evaluate by source and at random, judge, and store; the model does not speak yet, whatever the gate says."""
    try:
        examples = [
            example
            for source in run.sources
            for example in release_examples(Path(source["folder"]), title=f"{source['title']}: " if len(run.sources) > 1 else "")
        ]
        trained = train_model(
            examples,
            training=Training(settings=Settings(seed=run.seed)),
            live=active_detector.model(),
            report=lambda step, share: progress.tell(round(100 * share), total=100, message=step),
        )
    except (UnusableRelease, TooFewExamples) as error:
        raise InvalidInput(str(error)) from error
    registry = the_registry()
    name = f"{now:%Y%m%d-%H%M%S}-{run.public_id[:4]}"
    manifest = {
        **trained.manifest,
        "trained": now.isoformat(),
        "files": [source["title"] for source in run.sources],
        "previous": registry.active_name(),
    }
    if not (registry.folder / name).exists():  # the job ran twice
        registry.add(trained.model, name=name, manifest=manifest, card=model_card(name, manifest))
    TrainingRun.objects.filter(pk=run.pk).update(model=name)
    return {"model": name, "passes": trained.gate.passes, "losers": [row.language for row in trained.gate.losers][:20]}


def activate(name: str, *, actor: "User", now: datetime, insist: bool = False, is_tagger: bool = False) -> Activation:
    """Let a model (or tagger) speak; one that the gate refused only where somebody insists, and the trail says so."""
    registry = the_registry()
    entry = next((entry for entry in registry.entries(is_tagger=is_tagger) if entry.name == name), None)
    if entry is None:
        raise NotFound(f"There is no language model {name!r}.")
    if entry.manifest.get("gate", {}).get("passes") is False and not insist:
        raise GateRefused(f"The gate refused model {name}: a language would get worse. Its table says which.")
    before = registry.active_name(is_tagger=is_tagger) or ""
    if before == name:
        raise Conflict(f"Model {name} speaks already.")
    row = Activation(model=name, before=before, is_back=False, is_tagger=is_tagger, by=actor, at=now)
    return _changed(row, act=lambda: registry.activate(name))


def go_back(*, actor: "User", now: datetime, is_tagger: bool = False) -> Activation:
    """Go back to the model (or tagger) that spoke before, or to the shipped detectors alone."""
    registry = the_registry()
    history = registry.history(is_tagger=is_tagger)
    if not history:
        raise Conflict("No model is active, so there is none to go back from.")
    before = history[-2] if len(history) > 1 else ""
    row = Activation(model=before, before=history[-1], is_back=True, is_tagger=is_tagger, by=actor, at=now)
    return _changed(row, act=lambda: registry.back(is_tagger=is_tagger))


def _changed(row: Activation, *, act: Callable[[], object]) -> Activation:
    with write_transaction():
        row.save(force_insert=True)
        detail: dict[str, object] = {"model": row.model, "before": row.before, **({"of": "tokens"} if row.is_tagger else {})}
        audit.record(row.by, "model.went_back" if row.is_back else "model.activated", row, now=row.at, detail=detail)
        try:
            act()  # last, so that a refused write leaves no model speaking that the trail does not know of
        except NoSuchModel as error:
            raise NotFound(str(error)) from error
    return row
