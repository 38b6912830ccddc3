"""Charts as geometry: what a template needs to draw an SVG, and nothing about where the numbers come from."""

from collections.abc import Sequence
from dataclasses import dataclass

ROW = 28
LEFT = 150
WIDTH = 560
RIGHT = 60


@dataclass(frozen=True, slots=True)
class Dot:
    """One line of a dot plot: a name, a value with its interval, in the units of the axis and of the picture."""

    name: str
    tag: str
    value: float | None
    y: int
    x: float | None
    low: float | None
    high: float | None
    goes_below: bool


@dataclass(frozen=True, slots=True)
class DotPlot:
    """A dot plot with intervals, its size and its axis marks."""

    dots: tuple[Dot, ...]
    height: int
    width: int
    left: int
    marks: tuple[tuple[float, str], ...]
    target: float | None


def dot_plot(rows: Sequence[tuple[str, str, float | None, float | None, float | None]], *, target: float | None = None) -> DotPlot:
    """Lay out (name, tag, value, low, high) between 0 and 1; what lies below 0 is drawn at 0, says so, and keeps its number."""

    def at(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * min(max(value, 0.0), 1.0)

    dots = tuple(
        Dot(
            name=name,
            tag=tag,
            value=value,
            y=ROW * index + ROW // 2 + 8,
            x=None if value is None else at(value),
            low=None if low is None else at(low),
            high=None if high is None else at(high),
            goes_below=min(x for x in (value, low, 0.0) if x is not None) < 0,
        )
        for index, (name, tag, value, low, high) in enumerate(rows)
    )
    marks = tuple((at(value), f"{value:g}") for value in (0.0, 0.5, 1.0))
    return DotPlot(
        dots=dots, height=ROW * len(rows) + 36, width=WIDTH, left=LEFT, marks=marks, target=None if target is None else at(target)
    )
