"""Error rates from stratified inspection, with the allocation of the sample to the strata."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from isogloss.core.estimates import Estimate
from isogloss.core.sampling.intervals import wilson_interval

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Stratum:
    """Part of a lot (a language, a predicted label, a band of scores): `errors` found in `inspected` of its `size` items."""

    name: str
    size: int
    inspected: int
    errors: int


def stratified_error_rate(strata: Sequence[Stratum], *, confidence: float = 0.95) -> Estimate:
    """Error rate of a lot whose strata were inspected at different rates.

    Horvitz–Thompson: p̂ = Σ W_h p̂_h with W_h = N_h / N. The interval recovers each stratum's variance from its Wilson interval
    (l_h, u_h), finite population included: p̂ − √(Σ W_h² (p̂_h − l_h)²) to p̂ + √(Σ W_h² (u_h − p̂_h)²); so strata without errors
    do not shrink it to nothing.

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

    Raises
    ------
    ValueError
        For counts that no sample can have.

    References
    ----------
    Cochran, *Sampling Techniques*, ch. 5; Zou & Donner, *Statistics in Medicine* 27 (2008) for the recovery of variances.

    Examples
    --------
    >>> lot = [Stratum("hate", 500, inspected=100, errors=12), Stratum("none", 9500, inspected=200, errors=2)]
    >>> estimate = stratified_error_rate(lot)
    >>> round(estimate.value, 4), round(estimate.low, 4), round(estimate.high, 4)
    (0.0155, 0.0083, 0.0398)
    """
    total, seen = sum(stratum.size for stratum in strata), sum(stratum.inspected for stratum in strata)
    told = partial(Estimate, n_items=seen, n_ratings=seen, method="stratified, variances from Wilson intervals", confidence=confidence)
    if total == 0:
        return told(None, None, None, reason="the lot is empty")
    unseen = [stratum.name for stratum in strata if stratum.size and not stratum.inspected]
    if unseen:
        return told(None, None, None, reason=f"nothing was inspected in {', '.join(unseen)}")
    value = below = above = 0.0
    for stratum in strata:
        if stratum.size == 0:
            continue
        interval = wilson_interval(stratum.errors, trials=stratum.inspected, confidence=confidence, lot=stratum.size)
        share, weight = stratum.errors / stratum.inspected, stratum.size / total
        value += weight * share
        below += (weight * (share - interval.low)) ** 2
        above += (weight * (interval.high - share)) ** 2
    return told(value, max(0.0, value - math.sqrt(below)), min(1.0, value + math.sqrt(above)))


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

    Raises
    ------
    ValueError
        If the lengths differ, a rate is outside 0 to 1, or the minimum alone takes more than `total`.

    References
    ----------
    Neyman, *J. Royal Statistical Society* 97 (1934); Wright, *The American Statistician* 66 (2012) for whole numbers.

    Examples
    --------
    >>> neyman_allocation([500, 9500], rates=[0.12, 0.01], total=300)
    [44, 256]
    """
    if len(sizes) != len(rates):
        raise ValueError(f"{len(sizes)} strata need as many rates, not {len(rates)}.")
    if any(not 0 <= rate <= 1 for rate in rates) or any(size < 0 for size in sizes):
        raise ValueError("Rates lie between 0 and 1, sizes are not negative.")
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
