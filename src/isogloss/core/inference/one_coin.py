"""The model in which each person has one probability of being right, whatever the true label."""

import numpy as np
import numpy.typing as npt

from .em import ITERATIONS, TOLERANCE, Fit, fit, smoothed_log_prior, vote_shares
from .incidence import Fixed, Floats, Incidence
from .moments import Anchor

LEAST = 1e-10


def fit_one_coin(
    incidence: Incidence,
    *,
    anchor: Anchor | None = None,
    prior_answers: float = 4.0,
    fixed: Fixed | None = None,
    start: Floats | None = None,
    iterations: int = ITERATIONS,
    tolerance: float = TOLERANCE,
) -> Fit:
    """Fit by expectation–maximisation; with `prior_answers=0` and no anchor it is plain maximum likelihood.

    P(label l | class k) = a_p where l = k, (1 - a_p)/(K - 1) elsewhere. Each person's accuracy is estimated with `prior_answers`
    imaginary answers of average accuracy; the anchor adds its imaginary items to the shares of the classes.
    """
    k, people = incidence.n_labels, incidence.n_people
    given = person_totals(incidence)
    extra = np.zeros(k) if anchor is None else anchor.items * anchor.shares

    def maximise(counts: npt.NDArray[np.float64], classes: npt.NDArray[np.float64], _: int) -> tuple[Floats, Floats]:
        right = np.einsum("pkk->p", counts.reshape(people, k, k))
        average = right.sum() / max(given.sum(), 1.0) if anchor is None else anchor.accuracy
        accuracy = (right + prior_answers * average) / np.maximum(given + prior_answers, 1e-12)
        return coin_table(accuracy, n_labels=k), smoothed_log_prior(classes, pseudo=LEAST if anchor is None else 0.5 + extra)

    begin = vote_shares(incidence) if start is None else start
    return fit(incidence, maximise=maximise, start=begin, fixed=fixed, iterations=iterations, tolerance=tolerance)


def coin_table(accuracy: npt.NDArray[np.float64], *, n_labels: int) -> npt.NDArray[np.float64]:
    """Spread each person's accuracy over a table of log-probabilities: (people × labels, classes)."""
    accuracy = np.clip(accuracy, LEAST, 1 - LEAST)
    table = np.empty((len(accuracy), n_labels, n_labels))
    table[:] = np.log((1 - accuracy) / max(n_labels - 1, 1))[:, None, None]
    diagonal = np.arange(n_labels)
    table[:, diagonal, diagonal] = np.log(accuracy)[:, None]
    return table.reshape(-1, n_labels)


def person_totals(incidence: Incidence) -> npt.NDArray[np.float64]:
    """How many answers each person gave."""
    return np.asarray(incidence.given.sum(axis=1), dtype=np.float64)
