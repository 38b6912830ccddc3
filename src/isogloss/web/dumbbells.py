"""Charts of two values a row, before and after, as geometry for a template."""

from collections.abc import Sequence
from dataclasses import dataclass

ROW, LEFT, WIDTH, RIGHT, TOP = 24, 150, 560, 60, 8


@dataclass(frozen=True, slots=True)
class Dumbbell:
    """One line: a language, its value before and after, in the units of the axis and of the picture."""

    tag: str
    y: int
    before: float
    after: float
    shown: str
    is_worse: bool


@dataclass(frozen=True, slots=True)
class Dumbbells:
    """The chart, its size and its axis marks."""

    rows: tuple[Dumbbell, ...]
    height: int
    width: int
    marks: tuple[tuple[float, str], ...]


def dumbbells(rows: Sequence[tuple[str, float, float]]) -> Dumbbells:
    """Lay out (tag, before, after) between 0 and 1, the greatest loss first."""

    def at(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * min(max(value, 0.0), 1.0)

    ordered = sorted(rows, key=lambda row: (row[2] - row[1], row[0]))
    lines = tuple(
        Dumbbell(tag, ROW * place + ROW // 2 + TOP, at(before), at(after), f"{after:.2f}", is_worse=after < before)
        for place, (tag, before, after) in enumerate(ordered)
    )
    return Dumbbells(lines, ROW * len(rows) + 32, WIDTH, tuple((at(mark), f"{mark:g}") for mark in (0.0, 0.5, 1.0)))
