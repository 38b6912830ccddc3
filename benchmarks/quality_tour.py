"""The figures and pictures of docs/quality-tour.md, from the set rte: `python benchmarks/quality_tour.py` writes docs/tour/*.svg."""

import csv
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from isogloss.core.agreement import krippendorff_alpha
from isogloss.core.inference import infer
from isogloss.core.redundancy import Replay, replay
from isogloss.core.tables import Ratings

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data" / "crowd"
WIDTH, HEIGHT, MARGIN = 640, 300, 46
INK, BLUE, RED = "#444", "#2b6cb0", "#c05621"

Point = tuple[float, float]


class Picture:
    """A small line-and-point drawing with axes."""

    def __init__(self, *, title: str, x: tuple[str, float, float], y: tuple[str, float, float]) -> None:
        self.x, self.y = x, y
        self.marks = [f'<text x="{MARGIN}" y="20" font-weight="bold">{title}</text>']
        for share in (0, 0.25, 0.5, 0.75, 1):
            across, up = x[1] + share * (x[2] - x[1]), y[1] + share * (y[2] - y[1])
            left, top = self.at((across, up))
            self.marks.append(f'<text x="{left}" y="{HEIGHT - MARGIN + 16}" text-anchor="middle">{across:g}</text>')
            self.marks.append(f'<text x="{MARGIN - 6}" y="{top + 4}" text-anchor="end">{up:.3g}</text>')
            self.marks.append(f'<line x1="{MARGIN}" x2="{WIDTH - 14}" y1="{top}" y2="{top}" stroke="#ddd"/>')
        self.marks.append(f'<text x="{WIDTH - 14}" y="{HEIGHT - 10}" text-anchor="end">{x[0]}</text>')
        self.marks.append(f'<text x="{MARGIN}" y="36" fill="{INK}">{y[0]}</text>')

    def at(self, point: Point) -> Point:
        """Place a point."""
        across = (point[0] - self.x[1]) / (self.x[2] - self.x[1])
        up = (point[1] - self.y[1]) / (self.y[2] - self.y[1])
        return round(MARGIN + across * (WIDTH - MARGIN - 14), 1), round(HEIGHT - MARGIN - up * (HEIGHT - MARGIN - 48), 1)

    def points(self, points: Sequence[Point], *, colour: str, size: float = 3) -> None:
        """Draw points."""
        self.marks += [f'<circle cx="{left}" cy="{top}" r="{size}" fill="{colour}"/>' for left, top in map(self.at, points)]

    def line(self, points: Sequence[Point], *, colour: str, dashed: bool = False) -> None:
        """Join points."""
        path = " ".join(f"{left},{top}" for left, top in map(self.at, points))
        dash = ' stroke-dasharray="4 4"' if dashed else ""
        self.marks.append(f'<polyline points="{path}" fill="none" stroke="{colour}"{dash}/>')

    def label(self, point: Point, text: str, *, colour: str) -> None:
        """Write beside a point."""
        left, top = self.at(point)
        self.marks.append(f'<text x="{left + 6}" y="{top + 14}" fill="{colour}">{text}</text>')

    def save(self, name: str) -> None:
        """Write the file."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12" fill="{INK}">'
        )
        paper = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
        (ROOT / "docs" / "tour" / name).write_text("\n".join([head, paper, *self.marks, "</svg>", ""]), encoding="utf-8")


def show_replay(replayed: Replay) -> None:
    print(replayed.told())
    outcomes = [*replayed.fixed, replayed.everything]
    picture = Picture(title="What annotations buy", x=("annotations per item", 1, 10), y=("accuracy", 0.6, 1))
    picture.line([(one.per_item, one.accuracy or 0) for one in outcomes], colour=BLUE)
    picture.points([(one.per_item, one.accuracy or 0) for one in outcomes], colour=BLUE, size=4)
    picture.points([(replayed.policy.per_item, replayed.policy.accuracy or 0)], colour=RED, size=6)
    picture.label((replayed.policy.per_item, replayed.policy.accuracy or 0), "adaptive", colour=RED)
    picture.save("redundancy.svg")


def main() -> None:
    with (SHARED / "rte" / "judgments.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (SHARED / "rte" / "gold.csv").open(encoding="utf-8", newline="") as file:
        gold = {row["item"]: row["label"] for row in csv.DictReader(file)}
    columns = {key: [row[key] for row in rows] for key in ("item", "worker", "label")}
    ratings = Ratings.from_columns(item=columns["item"], worker=columns["worker"], label=columns["label"])
    truth = np.array([gold[str(item)] for item in ratings.items])

    print("alpha", krippendorff_alpha(ratings).told())
    for method in ("majority", "auto"):
        result = infer(ratings, method=method)
        right = sum(row.label == true for row, true in zip(result.rows(), truth, strict=True)) + 0.5 * result.tied.sum()
        print(method, f"{right / len(truth):.4f}", "ties", int(result.tied.sum()), dict(result.diagnostics.weights))

    people = result.reliability
    order = np.argsort(people.value)
    picture = Picture(
        title="Reliability of 164 people, with 95 % limits", x=("people, least reliable first", 0, 164), y=("share right", 0, 1)
    )
    for place, person in enumerate(order):
        picture.line([(place, people.low[person]), (place, people.high[person])], colour="#90cdf4")
    picture.points([(place, people.value[person]) for place, person in enumerate(order)], colour=BLUE, size=2)
    picture.save("people.svg")
    heavy = people.n >= 100
    print("people", len(order), "surely no better than .6:", int((people.high < 0.6).sum()), "with 100 answers or more:", int(heavy.sum()))

    wanted = np.array([label == true for label, true in zip([row.label for row in result.rows()], truth, strict=True)])
    picture = Picture(title="Is the confidence true?", x=("stated confidence", 0.5, 1), y=("share right by gold", 0.5, 1))
    picture.line([(0.5, 0.5), (1, 1)], colour=INK, dashed=True)
    edges = np.quantile(result.confidence, np.linspace(0, 1, 9))
    told = []
    for low, high in pairwise(edges):
        chosen = (result.confidence >= low) & (result.confidence <= high)
        told.append((float(result.confidence[chosen].mean()), float(wanted[chosen].mean())))
    picture.points(told, colour=BLUE, size=5)
    picture.save("confidence.svg")
    for least in (0.9, 0.95, 0.99):
        sure = result.confidence >= least
        rest = f"below: {(~sure).sum()}, {wanted[~sure].mean():.4f}"
        print(f"confidence >= {least}: {sure.sum()} items, {wanted[sure].mean():.4f} right; {rest}")

    show_replay(replay(ratings, gold=gold))


if __name__ == "__main__":
    main()
