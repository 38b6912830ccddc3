"""Recall of a rare label, from inspections on both sides of it."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from isogloss.core.estimates import Estimate
from isogloss.core.sampling.stratified import Stratum, stratified_error_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

_METHOD = "recall from stratified inspection of both sides"


def estimate_recall(*, labelled: Sequence[Stratum], others: Sequence[Stratum], confidence: float = 0.95) -> Estimate:
    """Share of the items that deserve a label which have it.

    Inspecting what was labelled says how much of it is right and nothing about what was missed, so the others must be sampled too: by
    strata of a model's score, most of the sample where the score is high (domain practice: at least half).

    With T = Σ_labelled N_h (1 − p̂_h) right labels and M = Σ_others N_h p̂_h missed ones, recall = T/(T + M). Its limits are
    1/(1 + M/T) at the limits of the ratio M/T, which are recovered from the limits of M and T (MOVER-R).

    Parameters
    ----------
    labelled : sequence of Stratum
        Items that have the label; `errors` are those inspected that should not.
    others : sequence of Stratum
        Items that do not have it; `errors` are those inspected that should.
    confidence : float
        Strictly between 0 and 1.

    Returns
    -------
    Estimate
        Undefined, with the reason, when a stratum with items was not inspected, or when no inspected item deserved the label.

    References
    ----------
    Donner & Zou, *Statistical Methods in Medical Research* 21 (2012), for the limits of a ratio; the limits of each side are those of
    `stratified_error_rate`.

    Examples
    --------
    >>> hate = [Stratum("hate", 500, inspected=100, errors=12)]
    >>> none = [Stratum("score above .2", 1500, inspected=150, errors=9), Stratum("the rest", 8000, inspected=150, errors=0)]
    >>> estimate = estimate_recall(labelled=hate, others=none)
    >>> round(estimate.value, 3), round(estimate.low, 3), round(estimate.high, 3)
    (0.83, 0.595, 0.904)
    """
    seen = sum(stratum.inspected for stratum in (*labelled, *others))
    told = partial(Estimate, n_items=seen, n_ratings=seen, method=_METHOD, confidence=confidence)
    n_labelled, n_others = (sum(stratum.size for stratum in side) for side in (labelled, others))
    wrong, missed = (stratified_error_rate(side, confidence=confidence) for side in (labelled, others))
    for side, size in ((wrong, n_labelled), (missed, n_others)):
        if size and not side.is_defined:
            return told(None, None, None, reason=side.reason)
    right = _times(n_labelled, (1 - wrong.value, 1 - (wrong.high or 0.0), 1 - (wrong.low or 0.0)) if wrong.value is not None else None)
    lost = _times(n_others, (missed.value, missed.low or 0.0, missed.high or 0.0) if missed.value is not None else None)
    if right[0] + lost[0] == 0:
        return told(None, None, None, reason="no inspected item deserved the label, so nothing is known of how many are found")
    low, high = _ratio_limits(lost, right)
    return told(right[0] / (right[0] + lost[0]), 1 / (1 + high), 1 / (1 + low))


def _times(size: int, limits: tuple[float, float, float] | None) -> tuple[float, float, float]:
    """Turn a rate with its limits into a number of items; a side without items has none."""
    return (0.0, 0.0, 0.0) if limits is None else (size * limits[0], size * limits[1], size * limits[2])


def _ratio_limits(over: tuple[float, float, float], under: tuple[float, float, float]) -> tuple[float, float]:
    """Recover the limits of a ratio from (value, low, high) of what stands over and under the line."""
    (top, top_low, top_high), (base, base_low, base_high) = over, under

    def limit(sign: int, top_end: float, base_end: float) -> float:
        room = base_end * (2 * base - base_end)
        if room <= 0:
            return 0.0 if sign < 0 else math.inf
        inside = (top * base) ** 2 - top_end * (2 * top - top_end) * room
        return max(0.0, (top * base + sign * math.sqrt(max(inside, 0.0))) / room)

    return limit(-1, top_low, base_high), limit(1, top_high, base_low)
