"""The model in which each person has a confusion matrix: what they answer depends on the true label."""

import numpy as np
import numpy.typing as npt

from .em import ITERATIONS, TOLERANCE, Fit, fit, smoothed_log_prior, vote_shares
from .incidence import Fixed, Floats, Incidence
from .moments import Anchor

LEAST = 1e-10


def fit_dawid_skene(
    incidence: Incidence,
    *,
    shrinkage: float = 1.0,
    anchor: Anchor | None = None,
    fixed: Fixed | None = None,
    start: Floats | None = None,
    iterations: int = ITERATIONS,
    tolerance: float = TOLERANCE,
) -> Fit:
    """Fit by expectation–maximisation from the vote shares; `shrinkage=0` without an anchor is Dawid and Skene (1979).

    Each row of each person's matrix is estimated with `shrinkage` imaginary answers that follow the pooled matrix of all people; the
    anchor adds its imaginary items to the pooled matrix and to the shares of the classes.
    """
    k, people = incidence.n_labels, incidence.n_people
    extra = np.zeros(k) if anchor is None else anchor.items * anchor.shares

    def maximise(counts: npt.NDArray[np.float64], classes: npt.NDArray[np.float64], _: int) -> tuple[Floats, Floats]:
        given = counts.reshape(people, k, k)  # (people, label, class)
        if shrinkage > 0:
            given = given + shrinkage * pooled_matrix(given, anchor=anchor)
        total = given.sum(axis=1, keepdims=True)
        shares = np.divide(given, total, out=np.full_like(given, 1 / k), where=total > 0)
        log_table = np.log(np.maximum(shares, LEAST)).reshape(-1, k)
        return log_table, smoothed_log_prior(classes, pseudo=LEAST if anchor is None else 0.5 + extra)

    begin = vote_shares(incidence) if start is None else start
    return fit(incidence, maximise=maximise, start=begin, fixed=fixed, iterations=iterations, tolerance=tolerance)


def pooled_matrix(given: npt.NDArray[np.float64], *, anchor: Anchor | None) -> npt.NDArray[np.float64]:
    """How all people together answer: (label, class), columns sum to one; `given` is (people, label, class)."""
    total = given.sum(axis=0)
    total += 1 / total.shape[0] if anchor is None else anchored_answers(anchor)
    return np.asarray(total / total.sum(axis=0))


def anchored_answers(anchor: Anchor) -> npt.NDArray[np.float64]:
    """Count the imaginary answers of the anchor's items, and K for each class so that a class nobody sees keeps a matrix."""
    k = len(anchor.shares)
    return np.asarray(anchor.matrix * (k + anchor.shares * anchor.items * anchor.answers_per_item))
