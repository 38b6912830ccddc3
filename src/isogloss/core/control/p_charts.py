"""p-charts of error shares by day or batch, with Laney's correction for over-dispersion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_MEAN_MOVING_RANGE = 1.128  # d₂: expected |difference| of two standard normal values
_SIGNIFICANT = 0.01
_EXPECTED_ERRORS = 5.0  # fewer per point, and the normal limits do not hold


@dataclass(frozen=True, slots=True)
class PChart:
    """Shares with their limits; where it is undefined the arrays of limits are empty and `reason` says why.

    `dispersion` is Laney's σ_z, about 1 when the points vary as a binomial would; `is_corrected` says whether it set the limits.
    `is_reliable` is False at points with less than 5 expected errors: chart the answers one by one there (CUSUM).
    """

    centre: float | None
    shares: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    is_out: NDArray[np.bool_]
    is_reliable: NDArray[np.bool_]
    dispersion: float | None
    is_corrected: bool
    reason: str = ""


def p_chart(errors: ArrayLike, *, sizes: ArrayLike, correct: bool | None = None) -> PChart:
    """Shewhart chart of error shares, p̄ ± 3 √(p̄(1−p̄)/n_i), or Laney's p′.

    Laney: z_i = (p_i − p̄)/σ_i, σ_z = mean |z_i − z_{i−1}| / 1.128, limits p̄ ± 3 σ_i σ_z.

    Parameters
    ----------
    errors, sizes : array_like of int, shape (t,)
        Errors and inspected items of each day or batch, in the order of time; a size of 0 is no point and is refused.
    correct : bool or None
        Whether to apply Laney's correction; None applies it when σ_z > 1 and the shares differ by more than chance (χ², 1 %).

    Returns
    -------
    PChart
        Undefined, with the reason, for fewer than 2 points, or when all answers are right or all wrong.

    Raises
    ------
    ValueError
        If the shapes differ or errors are not between 0 and size.

    References
    ----------
    Shewhart (1931); Laney, "Improved control charts for attributes", *Quality Engineering* 14 (2002).

    Examples
    --------
    >>> chart = p_chart([9, 11, 10, 8, 30, 12], sizes=[200] * 6, correct=False)
    >>> round(chart.centre, 4), np.flatnonzero(chart.is_out).tolist()
    (0.0667, [4])
    """
    counts, totals = np.asarray(errors, dtype=np.float64), np.asarray(sizes, dtype=np.float64)
    if counts.ndim != 1 or counts.shape != totals.shape or not np.all((counts >= 0) & (counts <= totals) & (totals > 0)):
        raise ValueError("A p-chart needs one size above 0 for each count of errors, and no more errors than items.")
    shares = counts / totals
    if counts.size < 2:  # noqa: PLR2004  a range needs two points
        return _undefined(shares, reason="A chart needs at least two points.")
    centre = float(counts.sum() / totals.sum())
    if centre in {0.0, 1.0}:
        return _undefined(shares, reason="No point has an error." if centre == 0 else "Every item is an error.")
    return _chart(shares, totals=totals, centre=centre, correct=correct)


def _chart(shares: NDArray[np.float64], *, totals: NDArray[np.float64], centre: float, correct: bool | None) -> PChart:
    """Draw the limits around a centre."""
    spread = np.sqrt(centre * (1 - centre) / totals)
    scores = (shares - centre) / spread
    dispersion = float(np.abs(np.diff(scores)).mean() / _MEAN_MOVING_RANGE)
    if correct is None:
        from scipy.special import chdtrc

        correct = dispersion > 1 and bool(chdtrc(shares.size - 1, float(scores @ scores)) < _SIGNIFICANT)
    reach = 3 * spread * (dispersion if correct else 1.0)
    low, high = np.maximum(0.0, centre - reach), np.minimum(1.0, centre + reach)
    return PChart(
        centre=centre,
        shares=shares,
        low=low,
        high=high,
        is_out=(shares < low) | (shares > high),
        is_reliable=totals * min(centre, 1 - centre) >= _EXPECTED_ERRORS,
        dispersion=dispersion,
        is_corrected=correct,
    )


def _undefined(shares: NDArray[np.float64], *, reason: str) -> PChart:
    """Make a chart without limits."""
    nothing = np.empty(0)
    none = np.zeros(shares.size, dtype=np.bool_)
    centre = float(shares[0]) if shares.size else None
    return PChart(centre, shares, nothing, nothing, none, none, None, is_corrected=False, reason=reason)
