"""Expectation–maximisation over an incidence, with the maximisation step left open."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .incidence import Fixed, Floats, Incidence

Maximise = Callable[[npt.NDArray[np.float64], npt.NDArray[np.float64], int], tuple[Floats, Floats]]
"""(counts, classes, iteration) → (log-probabilities (people × labels, classes), log-prior of the classes)."""

ITERATIONS = 100
TOLERANCE = 1e-4


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted model: `log_table` has a row for each (person, label) and a column for each class."""

    posterior: Floats
    log_table: Floats
    log_prior: Floats
    iterations: int
    converged: bool
    log_likelihood: float


def fit(
    incidence: Incidence,
    *,
    maximise: Maximise,
    start: Floats,
    fixed: Fixed | None = None,
    iterations: int = ITERATIONS,
    tolerance: float = TOLERANCE,
    settle: int = 0,
) -> Fit:
    """Alternate until no item's posterior moves by `tolerance` (not before iteration `settle`); `start` is overwritten."""
    posterior = start
    if fixed is not None:
        fixed.apply(posterior, first=0, last=len(posterior))
    counts = incidence.counts(posterior)
    classes = posterior.sum(axis=0, dtype=np.float64)
    log_likelihood, converged, done = -np.inf, False, 0
    log_table: Floats = np.zeros(0)
    log_prior: Floats = np.zeros(0)
    while done < iterations and not converged:
        log_table, log_prior = maximise(counts, classes, done)
        done += 1
        swept = incidence.sweep(
            log_table,
            log_prior=log_prior,
            posterior=posterior,
            fixed=fixed,
            wants_posterior=done == iterations,
            wants_change=tolerance > 0,
        )
        counts, classes, log_likelihood = swept.counts, swept.classes, swept.log_likelihood
        converged = swept.change < tolerance and done > settle
    return Fit(posterior, log_table, log_prior, iterations=done, converged=converged, log_likelihood=log_likelihood)


def vote_shares(incidence: Incidence) -> Floats:
    """Share of each label among an item's answers, as floats; equal shares where there is no answer."""
    shares = np.empty((incidence.n_items, incidence.n_labels), dtype=incidence.dtype)
    for first, last in incidence.bounds:
        n = incidence.per_item_between(first, last)
        rows = shares[first:last]
        np.multiply(incidence.votes(first, last), (1 / np.maximum(n, 1)).astype(rows.dtype)[:, None], out=rows, casting="same_kind")
        rows[n == 0] = 1 / incidence.n_labels
    return shares


def smoothed_log_prior(classes: npt.NDArray[np.float64], *, pseudo: float | npt.NDArray[np.float64] = 0.5) -> npt.NDArray[np.float64]:
    """Log of the class shares with `pseudo` items added to each."""
    shares = classes + pseudo
    return np.asarray(np.log(shares / shares.sum()))
