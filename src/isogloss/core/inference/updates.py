"""Keep a result up to date one annotation at a time, between two full inferences."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .reliability import count_given, pooled_rows
from .results import UNDECIDED, Inference

Floats = npt.NDArray[np.float64]
LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Updated:
    """What is now believed of one item."""

    item: Hashable
    label: Hashable | None
    confidence: float
    settled: float  # as in Inference: whether further answers could change the label
    posterior: Floats
    n_answers: int


class LiveInference:
    """A result that takes in single annotations.

    A new answer multiplies the item's posterior by the person's row of the confusion matrix and makes it sum to one again; then the
    item's change moves the soft counts of everybody who answered it. Nothing else moves: class shares, pooled matrix and calibration
    stay until the next full inference, which the owner starts when `n_since` has grown (a few per cent of the answers). The cost
    of one answer depends on the number of labels and of the item's answers, not on how much is stored.
    """

    def __init__(self, result: Inference, *, shrinkage: float = 2.0) -> None:
        k = len(result.labels)
        given = count_given(result.incidence, posterior=result.posterior)
        self.labels = list(result.labels)
        self.n_since = 0
        self._k = k
        self._label = {label: code for code, label in enumerate(result.labels)}
        self._item = dict(result.positions)
        self._person = {person: position for position, person in enumerate(result.people)}
        self._pooled = pooled_rows(given) * shrinkage  # (true, given)
        self._counts: list[Floats] = list(given)
        shares = result.posterior.mean(axis=0, dtype=np.float64)
        self._prior = np.log(np.maximum(shares, LEAST))
        self._scores = Grown(np.log(np.maximum(result.posterior.astype(np.float64), LEAST)))
        self._alone = Grown(np.log(np.maximum(result.independent.astype(np.float64), LEAST)))
        self._temperature = result.diagnostics.temperature
        self._known = set() if result.fixed is None else set(result.fixed.item.tolist())
        self._base = result.incidence
        self._added: dict[int, dict[int, int]] = {}  # item → person → label, of all answers to an item that was touched

    def __len__(self) -> int:
        """Count the items."""
        return len(self._item)

    def add(self, *, item: Hashable, person: Hashable, label: Hashable) -> Updated:
        """Take in an answer; a second one by the same person on the item replaces the first. New items and people are welcome."""
        code = self._label[label]
        row = self._item.setdefault(item, len(self._item))
        who = self._person.setdefault(person, len(self._person))
        if row == len(self._scores):
            self._scores.append(self._prior)
            self._alone.append(self._prior)
        if who == len(self._counts):
            self._counts.append(np.zeros((self._k, self._k)))
        answers = self._answers(row)
        before = probabilities(self._scores[row])
        old = answers.get(who)
        self.n_since += 1
        if row not in self._known:
            factor = self._log_column(who, code)
            if old is not None:
                factor = factor - self._log_column(who, old)
            self._scores[row] = self._scores[row] + factor
            self._alone[row] = self._alone[row] + factor
        after = probabilities(self._scores[row])
        moved = after - before
        for other, given in answers.items():
            if other != who:
                self._counts[other][:, given] += moved
        if old is not None:
            self._counts[who][:, old] -= before
        self._counts[who][:, code] += after
        answers[who] = code
        return self._told(item, row=row, posterior=after, n_answers=len(answers))

    def current(self, item: Hashable) -> Updated:
        """Tell what is believed of an item."""
        row = self._item[item]
        return self._told(item, row=row, posterior=probabilities(self._scores[row]), n_answers=len(self._answers(row)))

    def confusion_of(self, person: Hashable) -> Floats:
        """Give the person's matrix (true, given) with its imaginary answers."""
        pseudo = np.maximum(self._counts[self._person[person]], 0) + self._pooled
        return np.asarray(pseudo / pseudo.sum(axis=1, keepdims=True))

    def _log_column(self, who: int, code: int) -> Floats:
        """Log-probability that the person gives the label, for each true label."""
        pseudo = np.maximum(self._counts[who], 0) + self._pooled
        return np.asarray(np.log(pseudo[:, code] / pseudo.sum(axis=1)))

    def _answers(self, row: int) -> dict[int, int]:
        """Who gave which label to an item."""
        known = self._added.get(row)
        if known is None:
            known = {}
            if row < self._base.n_items:
                first, last = self._base.starts[row], self._base.starts[row + 1]
                known = {code // self._k: code % self._k for code in self._base.code[first:last].tolist()}
            self._added[row] = known
        return known

    def _told(self, item: Hashable, *, row: int, posterior: Floats, n_answers: int) -> Updated:
        best = float(posterior.max())
        tied = int((posterior >= best - 1e-8).sum()) > 1
        if n_answers == 0 and row not in self._known:
            tied = True
        label = UNDECIDED if tied else int(posterior.argmax())
        sharpened = np.power(posterior, self._temperature)
        confidence = 1.0 if row in self._known else float(sharpened.max() / sharpened.sum())
        settled = 1.0 if row in self._known else float(probabilities(self._alone[row]).max())
        return Updated(item, None if label == UNDECIDED else self.labels[label], confidence, settled, posterior, n_answers)


class Grown:
    """Rows of equal width that can be appended to without copying all of them each time."""

    def __init__(self, rows: Floats) -> None:
        self._rows = rows
        self._n = len(rows)

    def __len__(self) -> int:
        """Count the rows."""
        return self._n

    def __getitem__(self, row: int) -> Floats:
        """One row."""
        return np.asarray(self._rows[row])

    def __setitem__(self, row: int, values: Floats) -> None:
        """Replace one row."""
        self._rows[row] = values

    def append(self, values: Floats) -> None:
        """Add a row, doubling the room when it is used up."""
        if self._n == len(self._rows):
            room = np.zeros((max(2 * self._n, 64), self._rows.shape[1]))
            room[: self._n] = self._rows[: self._n]
            self._rows = room
        self._rows[self._n] = values
        self._n += 1


def probabilities(scores: Floats) -> Floats:
    """Normalise log-scores."""
    shifted = np.exp(scores - scores.max())
    return np.asarray(shifted / shifted.sum())
