"""What pairwise agreement alone says about accuracy and class shares, before any iteration can drift."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .incidence import Incidence

LEAST_MARGIN = 0.1  # the anchor is always better than chance by this much: it is there to break the symmetry
PAIR = 2
SHARE_OF_PAIRS = 0.3
ITEMS_AT_CERTAINTY = 10.0  # imaginary items when everybody is right; a noisy answer is worth the third power of its margin over chance


@dataclass(frozen=True, eq=False)
class Anchor:
    """A symmetric world that explains how often two people agree.

    Everybody is right with probability `accuracy` and otherwise picks any other label; P(two agree) = a² + (1 - a)²/(K - 1) is solved
    for a. The shares of the classes follow from the shares of the labels. Two answers per item cannot identify more than this (three
    unknowns, two equations for two labels), so `items` says how many imaginary items of this world a model is to add to the real ones.
    """

    accuracy: float
    shares: npt.NDArray[np.float64]
    items: float
    answers_per_item: float

    @property
    def matrix(self) -> npt.NDArray[np.float64]:
        """Probability of each label (row) given each class (column)."""
        k = len(self.shares)
        return np.full((k, k), (1 - self.accuracy) / (k - 1)) + np.eye(k) * (self.accuracy - (1 - self.accuracy) / (k - 1))


def find_anchor(incidence: Incidence) -> Anchor:
    """Solve for the symmetric world; its items are many where items have two answers, or where answers say little."""
    k = incidence.n_labels
    q = k - 1
    labels = incidence.given.sum(axis=0).astype(np.float64)
    agreeing = pairs = 0.0
    answered = twice = several = 0
    for first, last in incidence.bounds:
        votes, n = incidence.votes(first, last), incidence.per_item_between(first, last)
        pairs += float((n * (n - 1)).sum())
        answered, twice, several = answered + int((n > 0).sum()), twice + int((n == PAIR).sum()), several + int((n > 1).sum())
        agreeing += float(np.vdot(votes, votes) - n.sum())
    agreement = agreeing / pairs if pairs else 1.0
    discriminant = max(1 - k * (1 - q * agreement), 0.0)
    accuracy = float(np.clip((1 + np.sqrt(discriminant)) / k, min(1 / k + LEAST_MARGIN, 0.95), 0.99))
    labels /= max(len(incidence), 1)
    wrong = (1 - accuracy) / q
    shares = np.clip((labels - wrong) / (accuracy - wrong), 0.01, None)
    rest = min(ITEMS_AT_CERTAINTY / max(accuracy - wrong, LEAST_MARGIN) ** 3, 2.0 * several)
    return Anchor(
        accuracy=accuracy,
        shares=shares / shares.sum(),
        items=SHARE_OF_PAIRS * twice + rest,
        answers_per_item=len(incidence) / max(answered, 1),
    )
