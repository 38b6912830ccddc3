"""Judge whether a new language model may replace what speaks now: no language may lose."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Gate", "GateRow", "f1", "judge"]


@dataclass(frozen=True, slots=True)
class GateRow:
    """One language in one evaluation: rows, F1 of what speaks now and of the candidate, and whether it may pass."""

    evaluation: str
    language: str
    rows: int
    live: float
    candidate: float
    is_judged: bool
    passes: bool

    @property
    def change(self) -> float:
        """How much better the candidate is."""
        return self.candidate - self.live


@dataclass(frozen=True, slots=True)
class Gate:
    """The table and the verdict, with the accuracies that stand above it."""

    rows: tuple[GateRow, ...]
    accuracy: dict[str, tuple[float, float]]  # evaluation → (live, candidate)
    by_source: dict[str, dict[str, float]]  # evaluation → source → accuracy of the candidate
    tolerance: float
    least_rows: int

    @property
    def passes(self) -> bool:
        """Whether no judged language loses more than the tolerance in any evaluation."""
        return all(row.passes for row in self.rows)

    @property
    def losers(self) -> tuple[GateRow, ...]:
        """The languages that keep the model out, the worst first."""
        return tuple(sorted((row for row in self.rows if not row.passes), key=lambda row: row.change))

    def as_dict(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "passes": self.passes,
            "tolerance": self.tolerance,
            "least_rows": self.least_rows,
            "accuracy": {name: {"live": live, "candidate": candidate} for name, (live, candidate) in self.accuracy.items()},
            "by_source": self.by_source,
            "rows": [asdict(row) for row in self.rows],
        }


def f1(gold: Sequence[str], answers: Sequence[str], *, language: str) -> float:
    """2 · right / (rows of the language + answers of the language); 0 where neither is there.

    Examples
    --------
    >>> f1(["id", "id", "ms"], ["id", "ms", "ms"], language="id")
    0.6666666666666666
    """
    right = sum(one == two == language for one, two in zip(gold, answers, strict=True))
    total = sum(one == language for one in gold) + sum(two == language for two in answers)
    return 2 * right / total if total else 0.0


def judge(
    gold: Sequence[str],
    *,
    now: Sequence[str],
    answers: Mapping[str, Sequence[str]],
    taught: Mapping[str, Sequence[bool]],
    sources: Sequence[str],
    least_rows: int,
    tolerance: float,
) -> Gate:
    """Compare every language of every evaluation with what speaks now.

    `taught` says of each row whether the model of its evaluation had any row of that language: where a language has one source only, the
    model trained without that source does not know it, and its answers say nothing of the model that does.
    """
    rows: list[GateRow] = []
    accuracy: dict[str, tuple[float, float]] = {}
    by_source: dict[str, dict[str, float]] = {}
    for name, answered in answers.items():
        places = [place for place, is_taught in enumerate(taught[name]) if is_taught]
        right, live, found = ([every[place] for place in places] for every in (gold, now, answered))
        counted = Counter(right)
        rows += [
            _row(name, language, right, live, found, number=counted[language], least_rows=least_rows, tolerance=tolerance)
            for language in sorted(counted)
        ]
        accuracy[name] = (_accuracy(right, live), _accuracy(right, found))
        places_of = Counter(sources[place] for place in places)
        hits = Counter(sources[place] for place in places if gold[place] == answered[place])
        by_source[name] = {source: hits[source] / number for source, number in sorted(places_of.items())}
    return Gate(tuple(rows), accuracy, by_source, tolerance, least_rows)


def _row(
    name: str,
    language: str,
    gold: Sequence[str],
    now: Sequence[str],
    found: Sequence[str],
    *,
    number: int,
    least_rows: int,
    tolerance: float,
) -> GateRow:
    live, candidate = f1(gold, now, language=language), f1(gold, found, language=language)
    is_judged = number >= least_rows
    return GateRow(name, language, number, live, candidate, is_judged, not is_judged or candidate >= live - tolerance)


def _accuracy(gold: Sequence[str], answers: Sequence[str]) -> float:
    return sum(one == two for one, two in zip(gold, answers, strict=True)) / len(gold) if gold else 0.0
