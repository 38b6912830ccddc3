"""Error rates from stratified inspection, with the allocation of the sample to the strata."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from isogloss.core.estimates import Estimate
from isogloss.core.sampling.intervals import normal_quantile, wilson_interval

if TYPE_CHECKING:
    from collections.abc import Sequence

_METHOD = "stratified, the wider of recovered variances and score limits"
_SMOOTHING = 2.0  # imaginary inspections a stratum, at the pooled rate: they give strata without errors a place on the log odds scale
_FARTHEST = 40.0  # log odds


@dataclass(frozen=True, slots=True)
class Stratum:
    """Part of a lot (a language, a predicted label, a band of scores): `errors` found in `inspected` of its `size` items."""

    name: str
    size: int
    inspected: int
    errors: int


def stratified_error_rate(strata: Sequence[Stratum], *, confidence: float = 0.95) -> Estimate:
    """Error rate of a lot whose strata were inspected at different rates.

    Horvitz–Thompson: p̂ = Σ W_h p̂_h with W_h = N_h / N. The interval is the wider, on each side, of two that fail in opposite ways
    (`_recovered_limits`, `_score_limits`). Both count the finite population, and for one stratum both are Wilson's interval.

    Parameters
    ----------
    strata : sequence of Stratum
        Disjoint, together the lot.
    confidence : float
        Strictly between 0 and 1.

    Returns
    -------
    Estimate
        Undefined, with the reason, when the lot is empty or a stratum with items was not inspected.

    References
    ----------
    Cochran, *Sampling Techniques*, ch. 5; Zou & Donner, *Statistics in Medicine* 27 (2008) for the recovery of variances. The score
    limits and the union are our own, checked by simulation.

    Examples
    --------
    >>> lot = [Stratum("hate", 500, inspected=100, errors=12), Stratum("none", 9500, inspected=200, errors=2)]
    >>> estimate = stratified_error_rate(lot)
    >>> round(estimate.value, 4), round(estimate.low, 4), round(estimate.high, 4)
    (0.0155, 0.0067, 0.0398)
    """
    total, seen = sum(stratum.size for stratum in strata), sum(stratum.inspected for stratum in strata)
    told = partial(Estimate, n_items=seen, n_ratings=seen, method=_METHOD, confidence=confidence)
    if total == 0:
        return told(None, None, None, reason="the lot is empty")
    unseen = [stratum.name for stratum in strata if stratum.size and not stratum.inspected]
    if unseen:
        return told(None, None, None, reason=f"nothing was inspected in {', '.join(unseen)}")
    strata = [stratum for stratum in strata if stratum.size]
    value = sum(stratum.size / total * stratum.errors / stratum.inspected for stratum in strata)
    ends = zip(
        _recovered_limits(strata, value=value, confidence=confidence),
        _score_limits(strata, value=value, confidence=confidence),
        strict=True,
    )
    (low, lower), (high, higher) = ends
    fewest = sum(stratum.errors for stratum in strata) / total  # what was seen is never denied
    most = 1 - sum(stratum.inspected - stratum.errors for stratum in strata) / total
    return told(value, max(fewest, min(low, lower)), min(most, max(high, higher)))


def _recovered_limits(strata: Sequence[Stratum], *, value: float, confidence: float) -> tuple[float, float]:
    """Recover the variances from the strata's Wilson limits: p̂ − √(Σ W_h² (p̂_h − l_h)²) to p̂ + √(Σ W_h² (u_h − p̂_h)²).

    Right for few strata, also when one shows no error, but too sure of its lower end when many strata have few inspections.
    """
    total = sum(stratum.size for stratum in strata)
    below = above = 0.0
    for stratum in strata:
        interval = wilson_interval(stratum.errors, trials=stratum.inspected, confidence=confidence, lot=stratum.size)
        share, weight = stratum.errors / stratum.inspected, stratum.size / total
        below += (weight * (share - interval.low)) ** 2
        above += (weight * (interval.high - share)) ** 2
    return value - math.sqrt(below), value + math.sqrt(above)


def _score_limits(strata: Sequence[Stratum], *, value: float, confidence: float) -> tuple[float, float]:
    """Find the totals t = Σ W_h p_h at which |t − p̂| = z √(Σ W_h² p_h(1−p_h)/n_h), all strata shifted by one log odds.

    Right for many strata, but too sure of its upper end when a large stratum shows no error. Strata inspected whole do not move.
    """
    from scipy.optimize import brentq
    from scipy.special import expit, logit

    total = sum(stratum.size for stratum in strata)
    moving = [stratum for stratum in strata if stratum.inspected < stratum.size]
    known = sum(stratum.errors for stratum in strata if stratum.inspected == stratum.size) / total
    if not moving:
        return value, value
    sizes = np.array([stratum.size for stratum in moving], dtype=np.float64)
    samples = np.array([stratum.inspected for stratum in moving], dtype=np.float64)
    errors = np.array([stratum.errors for stratum in moving], dtype=np.float64)
    pooled = (errors.sum() + 0.5) / (samples.sum() + 1)
    base = logit((errors + _SMOOTHING * pooled) / (samples + _SMOOTHING))
    weights = sizes / total
    spread = weights**2 / samples * (sizes - samples) / np.maximum(sizes - 1, 1)
    z = normal_quantile(confidence)

    def beyond(shift: float, sign: int) -> float:
        rates = expit(base + shift)
        return known + float(weights @ rates) - value - sign * z * math.sqrt(float(spread @ (rates * (1 - rates))))

    def limit(sign: int) -> float:
        return known + float(weights @ expit(base + brentq(beyond, -_FARTHEST, _FARTHEST, args=(sign,))))

    return known if not errors.any() else limit(-1), known + float(weights.sum()) if np.all(errors == samples) else limit(1)


def neyman_allocation(sizes: Sequence[int], *, rates: Sequence[float], total: int, minimum: int = 2) -> list[int]:
    """Inspections for each stratum that make the variance of the stratified error rate smallest.

    n_h ∝ N_h √(p_h(1−p_h)), in whole numbers exactly: after the minimum, each next inspection goes to the stratum with the largest
    N_h s_h / √(n_h(n_h + 1)), never past N_h.

    Parameters
    ----------
    sizes : sequence of int, shape (h,)
        Items in each stratum.
    rates : sequence of float, shape (h,)
        Expected error rates p_h. A stratum expected to be without errors, or all wrong, gets the minimum: do not expect 0
        where you only hope for it.
    total : int
        Inspections to share out.
    minimum : int
        Fewest inspections of a stratum (or all its items, if fewer).

    Returns
    -------
    list of int, shape (h,)
        Sums to `total`, or to all items if there are fewer.

    References
    ----------
    Neyman, *J. Royal Statistical Society* 97 (1934); Wright, *The American Statistician* 66 (2012) for whole numbers.

    Examples
    --------
    >>> neyman_allocation([500, 9500], rates=[0.12, 0.01], total=300)
    [44, 256]
    """
    _check_strata(sizes, rates=rates)
    allocation = [min(size, minimum) for size in sizes]
    left = min(total, sum(sizes)) - sum(allocation)
    if left < 0:
        raise ValueError(f"{minimum} inspections in each of {len(sizes)} strata are more than {total}.")
    weights = [size * math.sqrt(rate * (1 - rate)) for size, rate in zip(sizes, rates, strict=True)]
    queue = [(-_gain(weights[place], allocation[place]), place) for place, size in enumerate(sizes) if size > allocation[place]]
    heapq.heapify(queue)
    for _ in range(left):
        _, place = queue[0]
        allocation[place] += 1
        if allocation[place] < sizes[place]:
            heapq.heapreplace(queue, (-_gain(weights[place], allocation[place]), place))
        else:
            heapq.heappop(queue)
    return allocation


def _check_strata(sizes: Sequence[int], *, rates: Sequence[float]) -> None:
    """Refuse strata that cannot be."""
    if len(sizes) != len(rates):
        raise ValueError(f"{len(sizes)} strata need as many rates, not {len(rates)}.")
    if any(not 0 <= rate <= 1 for rate in rates) or any(size < 0 for size in sizes):
        raise ValueError("Rates lie between 0 and 1, sizes are not negative.")


def proportional_allocation(sizes: Sequence[int], *, total: int) -> list[int]:
    """Inspections in proportion to the size of each stratum, by largest remainder; sums to `total`, or to all items if there are fewer."""
    items = sum(sizes)
    if items == 0 or total <= 0:
        return [0] * len(sizes)
    shares = [size * min(total, items) / items for size in sizes]
    allocation = [math.floor(share) for share in shares]
    by_remainder = sorted(range(len(sizes)), key=lambda place: allocation[place] - shares[place])
    for place in by_remainder[: min(total, items) - sum(allocation)]:
        allocation[place] += 1
    return allocation


def _gain(weight: float, inspections: int) -> float:
    """How much one more inspection lowers the variance, as a square root; infinite for a stratum that has none."""
    return math.inf if inspections == 0 else weight / math.sqrt(inspections * (inspections + 1))
