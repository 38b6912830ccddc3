"""Reads about language models: which there are, how each did on text it had not seen, who activated what."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Max, QuerySet, Sum

from isogloss.assist.detectors import active_detector, the_registry
from isogloss.assist.models import Activation, FlagFigure, SegmentPass, Suggestion, TrainingRun
from isogloss.core.language.gates import GateRow
from isogloss.core.language.registry import ModelEntry
from isogloss.platform.problems import NotFound

RECENT = 20


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Accuracy on held-out text under one way of holding out, with the candidate's accuracy by source."""

    name: str
    live: float
    candidate: float
    by_source: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class ModelPage:
    """What is known of one model; `passes` is None where nobody judged it (a fastText file that was brought)."""

    name: str
    kind: str
    rows: int | None
    trained: datetime | None
    is_active: bool
    passes: bool | None
    tolerance: float | None
    least_rows: int | None
    evaluations: tuple[Evaluation, ...]
    scores: tuple[GateRow, ...]
    card: str

    @property
    def losers(self) -> tuple[GateRow, ...]:
        """The languages that keep the model out, the worst first."""
        return tuple(sorted((row for row in self.scores if not row.passes), key=lambda row: row.change))


def model_pages() -> list[ModelPage]:
    """Every model, newest first."""
    return [_page(entry) for entry in reversed(the_registry().entries())]


def model_page(name: str) -> ModelPage | None:
    """Return one model by its name."""
    found = next((entry for entry in the_registry().entries() if entry.name == name), None)
    return None if found is None else _page(found)


def speaking() -> str:
    """Return the name of the model that speaks now; empty where the shipped detectors speak alone."""
    return active_detector.name


def model_before() -> str | None:
    """Return what speaks after one step back: a name, or nothing where the shipped detectors would speak alone."""
    history = the_registry().history()
    return history[-2] if len(history) > 1 else None


def training_runs() -> QuerySet[TrainingRun]:
    """Return requests to train, newest first."""
    return TrainingRun.objects.select_related("job", "created_by").order_by("-id")


def training_run(public_id: str) -> TrainingRun:
    """Return a request to train by its public id."""
    run = training_runs().filter(public_id=public_id).first()
    if run is None:
        raise NotFound("There is no such training.")
    return run


def activations() -> QuerySet[Activation]:
    """Who let which model of documents speak, newest first."""
    return Activation.objects.filter(is_tagger=False).select_related("by").order_by("-id")


@dataclass(frozen=True, slots=True)
class SuggestionState:
    """Whether a project's people see suggestions, and how many items have one."""

    suggests: bool
    items: int


def suggestion_state(project_id: int) -> SuggestionState:
    """Return whether a project shows suggestions."""
    suggests = SegmentPass.objects.filter(project_id=project_id, suggests=True).exists()
    items = Suggestion.objects.filter(project_id=project_id, superseded_at__isnull=True).count() if suggests else 0
    return SuggestionState(suggests, items)


def flag_figures(project_id: int) -> list[FlagFigure]:
    """Return the figures of a project's flags, all languages first."""
    return list(FlagFigure.objects.filter(project_id=project_id).order_by("language", "id"))


@dataclass(frozen=True, slots=True)
class FlagState:
    """What the figures of a project's flags count: flags in all, up to which annotation, and when they were made."""

    items: int
    watermark: int
    made_at: datetime | None


def flag_state(project_id: int) -> FlagState:
    """Return what the stored figures count."""
    found = FlagFigure.objects.filter(project_id=project_id, language="").aggregate(Sum("items"), Max("watermark"), Max("made_at"))
    return FlagState(found["items__sum"] or 0, found["watermark__max"] or 0, found["made_at__max"])


def flag_watermark(project_id: int) -> int:
    """Return up to which annotation a project's annotators were compared with the detector."""
    return flag_state(project_id).watermark


def _page(entry: ModelEntry) -> ModelPage:
    manifest, gate = entry.manifest, entry.manifest.get("gate", {})
    return ModelPage(
        name=entry.name,
        kind=str(manifest.get("kind", "")),
        rows=manifest.get("rows"),
        trained=_moment(manifest.get("trained") or manifest.get("added")),
        is_active=entry.is_active,
        passes=gate.get("passes"),
        tolerance=gate.get("tolerance"),
        least_rows=gate.get("least_rows"),
        evaluations=tuple(_evaluation(name, found, gate) for name, found in gate.get("accuracy", {}).items()),
        scores=tuple(GateRow(**row) for row in gate.get("rows", [])),
        card=_card(entry.folder),
    )


def _evaluation(name: str, found: dict[str, float], gate: dict[str, Any]) -> Evaluation:
    return Evaluation(name, found["live"], found["candidate"], tuple(gate.get("by_source", {}).get(name, {}).items()))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _card(folder: Path) -> str:
    file = folder / "card.md"
    return file.read_text(encoding="utf-8") if file.is_file() else ""
