"""Turn a posterior's highest probability into a confidence that holds."""

import numpy as np
import numpy.typing as npt

from .consensus import Evidence
from .incidence import Floats

TEMPERATURES = tuple(np.exp(np.linspace(np.log(0.2), np.log(3.0), 28)).tolist())


def find_temperature(evidence: Evidence, *, weights: npt.NDArray[np.float64]) -> float:
    """Find the power of the posterior under which the observations are most probable; a power of 1 counts as ten observations more.

    Below 1 the posterior was too sure: people err together on the same items, which every model here takes for independence.
    """
    if not evidence.predictions.shape[1]:
        return 1.0
    posterior = np.einsum("m,mok->ok", weights, evidence.posteriors)
    joint = np.einsum("m,mok,mok->ok", weights, evidence.posteriors, evidence.likelihoods)
    likelihood = joint / np.maximum(posterior, 1e-12)  # of the observation given each class, averaged over the models

    def log_likelihood(power: float) -> float:
        tempered = temper(posterior, power=power)
        return float(np.log(np.maximum((tempered * likelihood).sum(axis=1), 1e-9)).sum() - 10 * np.log(power) ** 2)

    best: float = max(TEMPERATURES, key=log_likelihood)
    return best


def temper(posterior: Floats, *, power: float) -> npt.NDArray[np.float64]:
    """Raise each row to a power and make it sum to one again."""
    scores = power * np.log(np.maximum(posterior.astype(np.float64), 1e-9))
    scores -= scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    return np.asarray(scores / scores.sum(axis=1, keepdims=True))


def tempered_top(posterior: Floats, *, power: float, rows: int = 200_000) -> Floats:
    """Highest probability of each row after tempering, by runs of rows."""
    out = np.empty(len(posterior), dtype=posterior.dtype)
    for first in range(0, len(posterior), rows):
        out[first : first + rows] = temper(posterior[first : first + rows], power=power).max(axis=1)
    return out
