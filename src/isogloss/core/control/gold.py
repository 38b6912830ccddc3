"""Whether gold items have become known: accuracy that rises with exposure, answers that come faster than on live items."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
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


def speed_gap(
    gold: ArrayLike,
    *,
    live: ArrayLike,
    gold_strata: ArrayLike | None = None,
    live_strata: ArrayLike | None = None,
    confidence: float = 0.95,
) -> LeakTest:
    """Test whether gold is answered faster than matched live items.

    Wilcoxon–Mann–Whitney test within each stratum, corrected for ties, without continuity correction, combined with van Elteren's
    weights: z = Σ_s (U_s − m_s n_s/2)/(N_s + 1) / √(Σ_s V_s/(N_s + 1)²). The effect is P(gold faster) + ½ P(equal), averaged over
    strata with weights m_s n_s/(N_s + 1), with DeLong's standard error.

    Parameters
    ----------
    gold, live : array_like of float, shapes (m,) and (n,)
        Active seconds on gold and on live items.
    gold_strata, live_strata : array_like, shapes (m,) and (n,), or both None
        What matches them: person, or person × type × length band. Strata with fewer than 2 times on a side do not count.

    Returns
    -------
    LeakTest
        `effect` is 0.5 without a leak, 1 when every gold answer is faster. Undefined, with the reason, when no stratum has 2 times on
        each side, or when within all of them all times are equal.

    References
    ----------
    Mann & Whitney, *Annals of Mathematical Statistics* 18 (1947); van Elteren, *Bulletin of the ISI* 37 (1960); DeLong, DeLong &
    Clarke-Pearson, *Biometrics* 44 (1988).

    Examples
    --------
    >>> test = speed_gap([5, 6, 7, 8, 6], live=[9, 11, 8, 14, 12, 10])
    >>> round(test.effect, 2), round(test.p_value, 4)
    (0.98, 0.0039)
    """
    quick, slow = np.asarray(gold, dtype=np.float64), np.asarray(live, dtype=np.float64)
    if not (np.all(np.isfinite(quick)) and np.all(np.isfinite(slow))):
        raise ValueError("A time is a finite number of seconds.")
    if (gold_strata is None) != (live_strata is None):
        raise ValueError("Give strata for gold and for live items, or for neither.")
    names = None if gold_strata is None else np.concatenate([np.asarray(gold_strata), np.asarray(live_strata)])
    groups = _groups(names, size=quick.size + slow.size)
    of_gold, of_live = groups[: quick.size], groups[quick.size :]
    found = [_rank_sum(quick[of_gold == group], slow=slow[of_live == group]) for group in range(int(groups.max(initial=-1)) + 1)]
    usable = [ranks for ranks in found if ranks is not None]
    return _combine(usable, n=groups.size, confidence=confidence)


def _combine(usable: list[_RankSum], *, n: int, confidence: float) -> LeakTest:
    """Combine the strata by van Elteren's weights."""
    if not usable:
        return LeakTest(None, None, None, None, n, "At least two times are needed on gold and on live items.")
    spread = math.sqrt(sum(ranks.variance * ranks.weight**2 for ranks in usable))
    if spread == 0:
        return LeakTest(None, None, None, None, n, "All times are equal.")
    pairs = sum(ranks.pairs * ranks.weight for ranks in usable)
    effect = sum(ranks.faster * ranks.weight for ranks in usable) / pairs
    error = math.sqrt(sum((ranks.pairs * ranks.weight * ranks.error) ** 2 for ranks in usable)) / pairs
    z = sum((ranks.faster - ranks.pairs / 2) * ranks.weight for ranks in usable) / spread
    test = _test(effect, error=error, z=z, n=sum(ranks.n for ranks in usable), confidence=confidence)
    assert test.low is not None
    assert test.high is not None
    return replace(test, low=max(0.0, test.low), high=min(1.0, test.high))


@dataclass(frozen=True, slots=True)
class _RankSum:
    """One stratum: pairs in which gold is faster (ties by half), their variance without a leak, and the error of their share."""

    faster: float
    pairs: int
    variance: float
    error: float
    n: int

    @property
    def weight(self) -> float:
        """Van Elteren's."""
        return 1 / (self.n + 1)


def _rank_sum(quick: NDArray[np.float64], *, slow: NDArray[np.float64]) -> _RankSum | None:
    """Compare the times of one stratum; None with fewer than two on a side."""
    from scipy.stats import rankdata

    m, n = quick.size, slow.size
    if min(m, n) < 2:  # noqa: PLR2004  a spread needs two
        return None
    times = np.concatenate([quick, slow])
    ranks = rankdata(times)
    _, ties = np.unique(times, return_counts=True)
    variance = m * n / 12 * (m + n + 1 - float((ties**3 - ties).sum()) / ((m + n) * (m + n - 1)))
    by_gold = 1 - (ranks[:m] - rankdata(quick)) / n  # of each gold time, the share of live times that are slower
    by_live = (ranks[m:] - rankdata(slow)) / m
    error = math.sqrt(float(by_gold.var(ddof=1)) / m + float(by_live.var(ddof=1)) / n)
    return _RankSum(m * n + m * (m + 1) / 2 - float(ranks[:m].sum()), m * n, max(0.0, variance), error, m + n)


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
