"""The one shape in which every inference method hands back what it concluded."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .incidence import Codes, Counts, Fixed, Floats, Incidence, normalise
from .reliability import MOST_CELLS, ConfusionIntervals, People, confusion_intervals, measure_people, shrunk_confusion

UNDECIDED = -1
ROWS = 50_000  # at a time: few enough for the cache


class Decided(NamedTuple):
    """One row of the answer: the column names of an inference file."""

    item: Hashable
    label: Hashable | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """How a result came about, for the reader who doubts it."""

    iterations: int = 0
    converged: bool = True
    log_likelihood: float | None = None
    held_out: Mapping[str, float] = field(default_factory=dict)  # model → mean log-likelihood of an answer that it had not seen
    weights: Mapping[str, float] = field(default_factory=dict)  # model → its share in the consensus
    fell_back: str | None = None  # why the model asked for was not used
    calibrated_on: str = "nothing"
    temperature: float = 1.0
    n_gold: int = 0
    notes: tuple[str, ...] = ()
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Inference:
    """What the answers say about each item and each person.

    Attributes
    ----------
    method, model
        What was asked for, and what was used: they differ when the guard fell back (`diagnostics.fell_back` says why).
    items, people, labels
        The vocabularies; every array below is in their order.
    posterior : (items, labels)
        Probability of each label; rows sum to one. For `majority` the shares of the votes. As the model says, without calibration.
    label : (items,)
        Position of the decided label; -1 where there is none: a tie (`tied`) or an item without an answer.
    confidence : (items,)
        Probability that the decided label is right, calibrated as `diagnostics.calibrated_on` says; for a tie, of the best label.
    tied : (items,)
        Whether two labels are equally probable to eight digits (four where there are more than half a million answers).
    """

    method: str
    model: str
    items: Sequence[Hashable]
    people: Sequence[Hashable]
    labels: Sequence[Hashable]
    posterior: Floats
    label: Codes
    confidence: Floats
    tied: npt.NDArray[np.bool_]
    diagnostics: Diagnostics
    incidence: Incidence
    fixed: Fixed | None = None

    def __len__(self) -> int:
        """Count the items."""
        return len(self.items)

    def rows(self) -> Iterator[Decided]:
        """Give each item with its label (None for a tie) and confidence, in the order of `items`."""
        for item, code, confidence in zip(self.items, self.label.tolist(), self.confidence.tolist(), strict=True):
            yield Decided(item, None if code == UNDECIDED else self.labels[code], confidence)

    def label_of(self, item: Hashable) -> Hashable | None:
        """Look up what was decided for one item; None is a tie."""
        code = int(self.label[self.positions[item]])
        return None if code == UNDECIDED else self.labels[code]

    @cached_property
    def positions(self) -> Mapping[Hashable, int]:
        """Where each item stands."""
        return {item: position for position, item in enumerate(self.items)}

    @property
    def n_answers(self) -> Counts:
        """How many answers each item has."""
        return self.incidence.per_item

    @cached_property
    def confusion(self) -> npt.NDArray[np.float64]:
        """How each person answers: (people, true label, given label), rows sum to one; shrunk to what all people do."""
        return shrunk_confusion(self.incidence, posterior=self.posterior)

    @cached_property
    def independent(self) -> Floats:
        """Posterior if people erred independently of one another, (items, labels): one pass with the matrices of `confusion`.

        Where an item divides people for good, this is sure long before the calibrated confidence is: more answers would not move it.
        """
        scores = self.incidence.scores(np.log(self.confusion.transpose(0, 2, 1)).reshape(-1, len(self.labels)))
        scores += np.log(np.maximum(self.posterior.mean(axis=0, dtype=np.float64), 1e-9)).astype(scores.dtype)
        normalise(scores)
        if self.fixed is not None:
            self.fixed.apply(scores, first=0, last=len(scores))
        return scores

    @cached_property
    def settled(self) -> Floats:
        """How settled each item is: the highest probability of `independent`.

        `confidence` asks whether the label is right, `settled` whether further answers could change it. A redundancy policy stops by
        the latter; an item that is settled without confidence is for adjudication, not for more votes.
        """
        if self.incidence.n_people * len(self.labels) ** 2 > MOST_CELLS:
            return self.confidence
        return np.asarray(self.independent.max(axis=1))

    @cached_property
    def confusion_intervals(self) -> ConfusionIntervals:
        """The 95 % limits of `confusion`, cell by cell."""
        return confusion_intervals(self.incidence, posterior=self.posterior)

    @cached_property
    def reliability(self) -> People:
        """The share of each person's answers that are right, with 95 % limits: arrays in the order of `people`."""
        return measure_people(self.incidence, posterior=self.posterior)

    def person_rows(self) -> Iterator[tuple[Hashable, float, float, float, int]]:
        """Give (worker, reliability, low, high, n) for each person."""
        told = self.reliability
        columns: list[list[Any]] = [told.value.tolist(), told.low.tolist(), told.high.tolist(), told.n.tolist()]
        yield from zip(self.people, *columns, strict=True)


def decide(posterior: Floats, *, n_answers: Counts, fixed: Fixed | None) -> tuple[Codes, npt.NDArray[np.bool_], Floats]:
    """Read (label, tied, highest probability) off the posterior; an item with neither answer nor gold has no label."""
    n_items = len(posterior)
    label = np.empty(n_items, dtype=np.int32)
    best = np.empty(n_items, dtype=posterior.dtype)
    tied = np.empty(n_items, dtype=bool)
    margin = posterior.dtype.type(1e-8 if posterior.dtype == np.float64 else 1e-4)
    for first in range(0, n_items, ROWS):
        columns = np.ascontiguousarray(posterior[first : first + ROWS].T)  # a reduction over long rows is many times faster
        highest = columns.max(axis=0)
        label[first : first + ROWS], best[first : first + ROWS] = first_at(columns, highest), highest
        tied[first : first + ROWS] = (columns >= highest - margin).sum(axis=0, dtype=np.int32) > 1
    silent = n_answers == 0
    if fixed is not None:
        silent[fixed.item] = False
    tied &= ~silent
    label[tied | silent] = UNDECIDED
    return label, tied, best


def first_at(columns: Floats, highest: Floats) -> Codes:
    """Position of the first label (row of `columns`) that reaches each item's highest value."""
    found: Codes = np.zeros(columns.shape[1], dtype=np.int32)
    for label in range(len(columns) - 1, 0, -1):
        np.copyto(found, np.int32(label), where=columns[label] == highest)
    np.copyto(found, np.int32(0), where=columns[0] == highest)
    return found
