"""How many items to inspect, with the seeded draw that picks them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from isogloss.core.sampling.intervals import normal_quantile
from isogloss.core.sampling.plans import SinglePlan

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ROUNDING = 1e-9  # so that 0.03 × 100 asks for 3 wrong items, not 4


def sample_size(half_width: float, *, rate: float = 0.5, confidence: float = 0.95, lot: int | None = None) -> int:
    """Items to inspect so that the interval is about ± half_width.

    n₀ = z² p(1−p) / w²; in a finite lot n₀ / (1 + (n₀ − 1)/N), rounded up.

    Parameters
    ----------
    half_width : float
        w, between 0 and 1.
    rate : float
        The expected error rate p, 0 to 1; 0.5 is the worst case. At 0 or 1 the formula is content with one item: use
        `zero_acceptance_plan` there.
    confidence : float
        Strictly between 0 and 1.
    lot : int or None
        Items in the lot; None for a stream.

    Returns
    -------
    int
        At least 1, at most the lot.

    Raises
    ------
    ValueError
        For a half-width or rate outside its range.

    References
    ----------
    Cochran, *Sampling Techniques*, 3rd ed., 4.4.

    Examples
    --------
    >>> sample_size(0.01, rate=0.05), sample_size(0.01, rate=0.05, lot=2000)
    (1825, 955)
    """
    if not 0 < half_width < 1:
        raise ValueError(f"A half-width lies strictly between 0 and 1, not {half_width}.")
    if not 0 <= rate <= 1:
        raise ValueError(f"A rate lies between 0 and 1, not {rate}.")
    _check_lot(lot)
    endless = normal_quantile(confidence) ** 2 * rate * (1 - rate) / half_width**2
    needed = endless if lot is None or endless <= 1 else endless / (1 + (endless - 1) / lot)
    return max(1, math.ceil(needed - _ROUNDING))


def zero_acceptance_plan(error_rate: float, *, confidence: float = 0.95, lot: int | None = None) -> SinglePlan:
    """Plan that accepts no error: passing it shows that the error rate is below the limit.

    n = ⌈ln(1 − confidence) / ln(1 − p)⌉; in a finite lot the smallest n with C(N−D, n)/C(N, n) ≤ 1 − confidence and D = ⌈pN⌉.

    Parameters
    ----------
    error_rate : float
        The limit p, strictly between 0 and 1.
    confidence : float
        Strictly between 0 and 1.
    lot : int or None
        Items in the lot; None for a stream.

    Returns
    -------
    SinglePlan
        With acceptance number 0.

    Raises
    ------
    ValueError
        For a limit or confidence outside its range.

    References
    ----------
    Squeglia, *Zero Acceptance Number Sampling Plans*; ISO 2859-2 for isolated lots.

    Examples
    --------
    >>> zero_acceptance_plan(0.01).sample, zero_acceptance_plan(0.01, lot=500).sample
    (299, 225)
    """
    if not 0 < error_rate < 1:
        raise ValueError(f"The limit lies strictly between 0 and 1, not {error_rate}.")
    normal_quantile(confidence)
    _check_lot(lot)
    if lot is None:
        return SinglePlan(max(1, math.ceil(math.log(1 - confidence) / math.log1p(-error_rate) - _ROUNDING)), 0)
    wrong = max(1, math.ceil(error_rate * lot - _ROUNDING))
    missed = 1.0
    for drawn in range(lot):
        missed *= max(0, lot - wrong - drawn) / (lot - drawn)
        if missed <= 1 - confidence:
            return SinglePlan(drawn + 1, 0, lot)
    return SinglePlan(lot, 0, lot)


def draw_sample(lot: int, *, sample: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Positions (0 to lot − 1) of the items to inspect, each subset equally likely, in the order of inspection."""
    if not 0 <= sample <= lot:
        raise ValueError(f"A sample of {sample} cannot come from {lot} items.")
    return rng.choice(lot, size=sample, replace=False, shuffle=True)


def _check_lot(lot: int | None) -> None:
    """Refuse a lot without items."""
    if lot is not None and lot < 1:
        raise ValueError(f"A lot has at least 1 item, not {lot}.")
