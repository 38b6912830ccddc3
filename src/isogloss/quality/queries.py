"""Reads of stored figures."""

from dataclasses import dataclass

from isogloss.annotation.queries import has_recalls_after, latest_annotation_id
from isogloss.dispatch.queries import complete_items
from isogloss.quality.models import Figure


@dataclass(frozen=True, slots=True)
class FigureKey:
    """What a figure is about."""

    name: str
    question: str
    language: str


def latest_figures(project_id: int) -> dict[FigureKey, Figure]:
    """Return the latest figure of each kind of a project."""
    latest: dict[FigureKey, Figure] = {}
    newest = Figure.objects.filter(project_id=project_id).order_by("-watermark").values_list("watermark", flat=True).first()
    if newest is None:
        return latest
    for figure in Figure.objects.filter(project_id=project_id, watermark=newest).order_by("id"):
        latest[FigureKey(figure.name, figure.question, figure.language)] = figure
    return latest


def are_figures_behind(project_id: int) -> bool:
    """Whether somebody answered, work was recalled or items fell below or reached their targets since the figures were computed."""
    there = latest_annotation_id(project_id)
    inputs = Figure.objects.filter(project_id=project_id).order_by("-watermark", "-id").values_list("watermark", "recalls", "complete")
    watermark, recalls, complete = inputs.first() or (0, 0, 0)
    if there > watermark:
        return True
    return there > 0 and (has_recalls_after(project_id, recall_id=recalls) or complete_items(project_id) != complete)


def latest_watermark(project_id: int) -> int:
    """Return up to which annotation the figures of a project count."""
    return Figure.objects.filter(project_id=project_id).order_by("-watermark").values_list("watermark", flat=True).first() or 0
