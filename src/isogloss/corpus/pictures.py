"""Pictures of a profile as geometry: bars with their intervals, and spans of lengths; the template draws them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ROW, LEFT, WIDTH, RIGHT, TOP = 26, 180, 490, 96, 6
MOST = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A share with its interval, in the units of the axis and of the picture; `tag` names it for the template."""

    tag: str
    y: int
    width: float
    low: float | None
    high: float | None
    count: int
    share: float | None
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Span:
    """Lengths of one language or script: from the tenth to the ninetieth per cent, and the median."""

    tag: str
    y: int
    low: float
    middle: float
    high: float
    p10: int
    p50: int
    p90: int
    longest: int
    texts: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Rows with the size of the whole; `more` says how many rows were left out, `top` the number at the right end."""

    rows: tuple[Any, ...]
    height: int
    width: int
    more: int
    top: float


def bars(shares: Mapping[str, Mapping[str, Any]], *, most: int = MOST) -> Picture:
    """Lay shares out on an axis that ends at the largest of them."""
    shown = list(shares.items())[:most]
    top = max((told["interval"][1] for _, told in shown if told["interval"]), default=1.0) or 1.0
    room = (WIDTH - LEFT - RIGHT) / top
    rows = tuple(
        Bar(
            tag=name,
            y=ROW * place + TOP,
            width=(told["share"] or 0) * room,
            low=LEFT + told["interval"][0] * room if told["interval"] else None,
            high=LEFT + told["interval"][1] * room if told["interval"] else None,
            count=told["count"],
            share=told["share"],
            interval=(told["interval"][0], told["interval"][1]) if told["interval"] else None,
        )
        for place, (name, told) in enumerate(shown)
    )
    return Picture(rows, ROW * len(rows) + 2 * TOP, WIDTH, len(shares) - len(shown), top)


def spans(lengths: Mapping[str, Mapping[str, Any]], *, most: int = MOST) -> Picture:
    """Lay lengths out on one axis that ends at the longest ninetieth percentile."""
    shown = [(name, told) for name, told in lengths.items() if told["texts"]][:most]
    top = max((told["p90"] for _, told in shown), default=1) or 1
    room = (WIDTH - LEFT - RIGHT) / top
    rows = tuple(
        Span(
            tag=name,
            y=ROW * place + TOP,
            low=LEFT + told["p10"] * room,
            middle=LEFT + told["p50"] * room,
            high=LEFT + told["p90"] * room,
            p10=told["p10"],
            p50=told["p50"],
            p90=told["p90"],
            longest=told["longest"],
            texts=told["texts"],
        )
        for place, (name, told) in enumerate(shown)
    )
    return Picture(rows, ROW * len(rows) + 2 * TOP, WIDTH, len(lengths) - len(shown), top)
