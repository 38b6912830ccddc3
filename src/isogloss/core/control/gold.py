"""Whether gold items have become known: accuracy that rises with exposure, answers that come faster than on live items."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from isogloss.core.sampling.intervals import normal_quantile

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class LeakTest:
    """One-sided test for a leak: the effect with its interval; where that is undefined they are None and `reason` says why."""

    effect: float | None
    low: float | None
    high: float | None
    p_value: float | None
    n: int
    reason: str = ""


def exposure_trend(correct: ArrayLike, *, exposures: ArrayLike, strata: ArrayLike | None = None, confidence: float = 0.95) -> LeakTest:
    """Test whether gold is answered better the more often it has been shown.

    Score test of the slope in a logistic model with an intercept for each stratum (Mantel's extension test; without strata
    Cochran–Armitage): U = Σ_s Σ_i (x_i − x̄_s) y_i, V = Σ_s ȳ_s(1−ȳ_s) n_s/(n_s−1) Σ_i (x_i − x̄_s)²; z = U/√V, slope ≈ U/V (one-step).

    Parameters
    ----------
    correct : array_like of bool, shape (n,)
        Whether the gold answer was right.
    exposures : array_like of float, shape (n,)
        How often the item had been shown before, to anybody.
    strata : array_like, shape (n,), or None
        Person or item of each answer. By item, unlike difficulty of old and new items is taken out; by person, unlike skill is, but
        a person's own learning still looks like a leak where it runs along with exposure.
    confidence : float
        Of the interval of the slope.

    Returns
    -------
    LeakTest
        `effect` is the slope: log odds of a right answer per exposure, biased towards 0 where it is large. Undefined, with the
        reason, when within no stratum both answers and exposures vary.

    Raises
    ------
    ValueError
        If the shapes differ.

    References
    ----------
    Armitage, *Biometrics* 11 (1955); Mantel, *JASA* 58 (1963).

    Examples
    --------
    >>> test = exposure_trend([0, 1, 0, 1, 0, 1, 1, 1, 1, 1], exposures=range(10))
    >>> round(test.effect, 2), round(test.p_value, 3)
    (0.39, 0.044)
    """
    answers = np.asarray(correct, dtype=np.float64)
    shown = np.asarray(exposures, dtype=np.float64)
    groups = _groups(strata, size=answers.size)
    if answers.ndim != 1 or answers.shape != shown.shape:
        raise ValueError("Each answer needs one exposure count.")
    sizes = np.bincount(groups).astype(np.float64)
    deviation = shown - (np.bincount(groups, weights=shown) / sizes)[groups]
    share = np.bincount(groups, weights=answers) / sizes
    squares = np.bincount(groups, weights=deviation**2)
    score = float(deviation @ answers)
    variance = float((share * (1 - share) * squares * sizes / np.maximum(sizes - 1, 1)).sum())
    if variance <= 0:
        return LeakTest(None, None, None, None, answers.size, "Within no group do both answers and exposures vary.")
    return _test(score / variance, error=1 / math.sqrt(variance), z=score / math.sqrt(variance), n=answers.size, confidence=confidence)


def speed_gap(gold: ArrayLike, *, live: ArrayLike, confidence: float = 0.95) -> LeakTest:
    """Test whether gold is answered faster than matched live items.

    Wilcoxon–Mann–Whitney test, corrected for ties, without continuity correction; the effect is P(gold faster) + ½ P(equal), with
    DeLong's standard error.

    Parameters
    ----------
    gold, live : array_like of float, shapes (m,) and (n,)
        Active seconds on gold and on live items of the same person, language, type and length band.
    confidence : float
        Of the interval.

    Returns
    -------
    LeakTest
        `effect` is 0.5 without a leak, 1 when every gold answer is faster. Undefined, with the reason, with fewer than 2 times on a side or
        when all times are equal.

    Raises
    ------
    ValueError
        If a time is not a finite number.

    References
    ----------
    Mann & Whitney, *Annals of Mathematical Statistics* 18 (1947); DeLong, DeLong & Clarke-Pearson, *Biometrics* 44 (1988).

    Examples
    --------
    >>> test = speed_gap([5, 6, 7, 8, 6], live=[9, 11, 8, 14, 12, 10])
    >>> round(test.effect, 2), round(test.p_value, 4)
    (0.98, 0.0039)
    """
    from scipy.stats import rankdata

    quick, slow = np.asarray(gold, dtype=np.float64), np.asarray(live, dtype=np.float64)
    times = np.concatenate([quick, slow])
    if not np.all(np.isfinite(times)):
        raise ValueError("A time is a finite number of seconds.")
    m, n = quick.size, slow.size
    if min(m, n) < 2:  # noqa: PLR2004  a spread needs two
        return LeakTest(None, None, None, None, m + n, "At least two times are needed on gold and on live items.")
    ranks = rankdata(times)
    _, ties = np.unique(times, return_counts=True)
    variance = m * n / 12 * (m + n + 1 - float((ties**3 - ties).sum()) / ((m + n) * (m + n - 1)))
    if variance <= 0:
        return LeakTest(None, None, None, None, m + n, "All times are equal.")
    faster = m * n + m * (m + 1) / 2 - float(ranks[:m].sum())  # pairs in which gold is faster, ties by half
    by_gold = 1 - (ranks[:m] - rankdata(quick)) / n  # of each gold time, the share of live times that are slower
    by_live = (ranks[m:] - rankdata(slow)) / m
    error = math.sqrt(float(by_gold.var(ddof=1)) / m + float(by_live.var(ddof=1)) / n)
    z = (faster - m * n / 2) / math.sqrt(variance)
    test = _test(faster / (m * n), error=error, z=z, n=m + n, confidence=confidence)
    assert test.low is not None
    assert test.high is not None
    return LeakTest(test.effect, max(0.0, test.low), min(1.0, test.high), test.p_value, test.n)


def gold_pool_size(people: int, *, gold_per_day: float, days: int, most_exposures: int) -> int:
    """Gold items needed so that none is shown more than so often: people × gold a day × days ÷ exposures, rounded up."""
    if most_exposures < 1:
        raise ValueError(f"A gold item is shown at least once, not {most_exposures} times.")
    return math.ceil(people * gold_per_day * days / most_exposures)


def _test(effect: float, *, error: float, z: float, n: int, confidence: float) -> LeakTest:
    """Make a test from an effect, its standard error and the z of its null hypothesis."""
    from scipy.special import ndtr

    reach = normal_quantile(confidence) * error
    return LeakTest(effect, effect - reach, effect + reach, float(ndtr(-z)), n)


def _groups(strata: ArrayLike | None, *, size: int) -> NDArray[np.int64]:
    """Give each stratum a number; one for all where none are given."""
    if strata is None:
        return np.zeros(size, dtype=np.int64)
    names = np.asarray(strata)
    if names.shape != (size,):
        raise ValueError("Each answer needs one stratum.")
    return np.unique(names, return_inverse=True)[1].astype(np.int64)
