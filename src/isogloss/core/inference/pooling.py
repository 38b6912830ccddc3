"""Confusion matrices by variational Bayes, each person's partly pooled with everybody's."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .dawid_skene import pooled_matrix
from .em import ITERATIONS, TOLERANCE, Fit, fit, smoothed_log_prior, vote_shares
from .incidence import Fixed, Floats, Incidence
from .moments import Anchor

CONCENTRATIONS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
RELEARN_AT = (1, 3, 6, 10, 15, 20, 30)  # iterations; learning ends so that the fit can converge
ABILITY_ANSWERS = 8.0


@dataclass(frozen=True, slots=True)
class Pooling:
    """How strongly, and towards what, a person's matrix is drawn.

    `concentration` imaginary answers are added to each row (None: the number that makes the answers most probable), distributed as the
    pooled matrix says; `by_ability` first moves the pooled matrix to the person's own share of right answers.
    """

    concentration: float | None = None
    by_ability: bool = True


def fit_pooled(
    incidence: Incidence,
    *,
    pooling: Pooling,
    anchor: Anchor,
    fixed: Fixed | None = None,
    iterations: int = ITERATIONS,
    tolerance: float = TOLERANCE,
) -> Fit:
    """Fit by variational Bayes (the E-step uses expected log-probabilities, which trusts rarely seen cells less than their mean)."""
    k, people = incidence.n_labels, incidence.n_people
    extra = 0.5 + anchor.items * anchor.shares
    strength = 4.0 if pooling.concentration is None else pooling.concentration

    def maximise(counts: npt.NDArray[np.float64], classes: npt.NDArray[np.float64], turn: int) -> tuple[Floats, Floats]:
        nonlocal strength
        given = counts.reshape(people, k, k)
        base = pooled_matrix(given, anchor=anchor)[None]
        if pooling.by_ability:
            base = tilt(base[0], given=given)
        if pooling.concentration is None and turn in RELEARN_AT:
            strength = most_probable_concentration(given, base=base)
        return expected_log(given + strength * base), smoothed_log_prior(classes, pseudo=extra)

    settle = max(RELEARN_AT) if pooling.concentration is None else 0
    start = vote_shares(incidence)
    return fit(incidence, maximise=maximise, start=start, fixed=fixed, iterations=iterations, tolerance=tolerance, settle=settle)


def fit_separate(
    incidence: Incidence,
    *,
    right: float = 4.0,
    wrong: float = 0.5,
    fixed: Fixed | None = None,
    iterations: int = ITERATIONS,
    tolerance: float = TOLERANCE,
) -> Fit:
    """Fit by variational Bayes without pooling: each row starts from `right` right answers and `wrong` of each other label."""
    k, people = incidence.n_labels, incidence.n_people
    prior = np.full((k, k), wrong) + np.eye(k) * (right - wrong)

    def maximise(counts: npt.NDArray[np.float64], classes: npt.NDArray[np.float64], _: int) -> tuple[Floats, Floats]:
        return expected_log(counts.reshape(people, k, k) + prior), smoothed_log_prior(classes)

    start = vote_shares(incidence)
    return fit(incidence, maximise=maximise, start=start, fixed=fixed, iterations=iterations, tolerance=tolerance)


def expected_log(pseudo: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Take the expected log-probability under a Dirichlet: digamma(a_l) - digamma(sum of a), as (people × labels, classes)."""
    from scipy.special import digamma

    return np.asarray(digamma(pseudo) - digamma(pseudo.sum(axis=1, keepdims=True))).reshape(-1, pseudo.shape[2])


def tilt(pooled: npt.NDArray[np.float64], *, given: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Move the pooled matrix to each person's ability: the odds of a right answer times (observed odds / expected odds), shrunk."""
    diagonal = np.arange(len(pooled))
    usual = np.clip(pooled[diagonal, diagonal], 1e-9, 1 - 1e-9)
    per_class = given.sum(axis=1)  # (people, classes)
    right = given[:, diagonal, diagonal].sum(axis=1)
    expected = (per_class * usual).sum(axis=1)
    wrong, expected_wrong = per_class.sum(axis=1) - right, (per_class * (1 - usual)).sum(axis=1)
    half = ABILITY_ANSWERS / 2
    ratio = (right + half) / (expected + half) / ((wrong + half) / (expected_wrong + half))
    odds = usual / (1 - usual) * ratio[:, None]
    own = odds / (1 + odds)  # (people, classes)
    base = pooled[None] * ((1 - own) / (1 - usual))[:, None, :]
    base[:, diagonal, diagonal] = own
    return np.asarray(base)


def most_probable_concentration(given: npt.NDArray[np.float64], *, base: npt.NDArray[np.float64]) -> float:
    """Pick from `CONCENTRATIONS` by the Dirichlet-multinomial likelihood of the soft counts (empirical Bayes)."""
    from scipy.special import gammaln

    total = given.sum(axis=1)

    def log_evidence(strength: float) -> float:
        prior = strength * base
        return float((gammaln(strength) - gammaln(total + strength)).sum() + (gammaln(given + prior) - gammaln(prior)).sum())

    return max(CONCENTRATIONS, key=log_evidence)
