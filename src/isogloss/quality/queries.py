"""Reads of stored figures."""

from dataclasses import dataclass

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


def latest_watermark(project_id: int) -> int:
    """Return up to which annotation the figures of a project count."""
    return Figure.objects.filter(project_id=project_id).order_by("-watermark").values_list("watermark", flat=True).first() or 0
