"""Confusion matrices for ordered labels: near misses are likelier than far ones."""

import numpy as np
import numpy.typing as npt

from .em import ITERATIONS, TOLERANCE, Fit, fit, smoothed_log_prior, vote_shares
from .incidence import Fixed, Floats, Incidence
from .moments import Anchor

PRIOR_ANSWERS = 8.0


def fit_ordinal(
    incidence: Incidence,
    *,
    anchor: Anchor,
    shrinkage: float = 8.0,
    fixed: Fixed | None = None,
    start: Floats | None = None,
    iterations: int = ITERATIONS,
    tolerance: float = TOLERANCE,
) -> Fit:
    """Fit Dawid–Skene with each row drawn towards a discretised normal around the true label.

    Each person has a bias (in labels) and a spread, both shrunk to everybody's by eight imaginary answers; a row adds `shrinkage`
    answers of that normal to its own. Bias and spread come from moments, so the likelihood need not rise at every step.
    """
    k, people = incidence.n_labels, incidence.n_people
    label = np.arange(k)
    distance = label[:, None] - label[None, :]  # given - true, (label, class)
    extra = 0.5 + anchor.items * anchor.shares

    def maximise(counts: npt.NDArray[np.float64], classes: npt.NDArray[np.float64], _: int) -> tuple[Floats, Floats]:
        given = counts.reshape(people, k, k)
        pseudo = given + shrinkage * normal_rows(given, distance=distance)
        return np.log(pseudo / pseudo.sum(axis=1, keepdims=True)).reshape(-1, k), smoothed_log_prior(classes, pseudo=extra)

    begin = vote_shares(incidence) if start is None else start
    return fit(incidence, maximise=maximise, start=begin, fixed=fixed, iterations=iterations, tolerance=tolerance)


def normal_rows(given: npt.NDArray[np.float64], *, distance: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Each person's discretised normal (people, label, class), columns sum to one, with a floor of one in a thousand."""
    n = given.sum(axis=(1, 2))
    total = given.sum(axis=0)
    everyone = max(float(total.sum()), 1e-9)
    usual_bias = float((total * distance).sum()) / everyone
    usual_spread = float((total * (distance - usual_bias) ** 2).sum() + 0.1) / (everyone + 1)
    bias = ((given * distance).sum(axis=(1, 2)) + PRIOR_ANSWERS * usual_bias) / (n + PRIOR_ANSWERS)
    squares = (given * (distance - bias[:, None, None]) ** 2).sum(axis=(1, 2))
    spread = np.maximum((squares + PRIOR_ANSWERS * usual_spread) / (n + PRIOR_ANSWERS), 0.05)
    exponent = -((distance - bias[:, None, None]) ** 2) / (2 * spread[:, None, None])
    density = np.exp(exponent - exponent.max(axis=1, keepdims=True))
    density = density / density.sum(axis=1, keepdims=True)
    return np.asarray(density * (1 - 1e-3) + 1e-3 / len(distance))
