"""Intervals for a proportion seen in a sample."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """A range that holds the truth with the stated confidence."""

    low: float
    high: float


def normal_quantile(confidence: float) -> float:
    """Two-sided standard normal quantile z of a confidence level."""
    if not 0 < confidence < 1:
        raise ValueError(f"A confidence lies strictly between 0 and 1, not {confidence}.")
    from scipy.special import ndtri

    return float(ndtri(0.5 + confidence / 2))


def check_counts(hits: int, *, trials: int, lot: int | None = None) -> None:
    """Refuse counts that no sample can have."""
    if not 0 <= hits <= trials:
        raise ValueError(f"{hits} of {trials} is not a count of a sample.")
    if lot is not None and trials > lot:
        raise ValueError(f"A sample of {trials} cannot come from {lot} items.")


def wilson_interval(hits: int, *, trials: int, confidence: float = 0.95, lot: int | None = None) -> Interval:
    """Wilson's score interval for a proportion.

    (p̂ + z²/2n ± z √(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n); for a finite lot n is replaced by n(N−1)/(N−n), and the interval never
    denies what was seen: at least hits/N and at most 1 − (trials − hits)/N.

    Parameters
    ----------
    hits, trials : int
        Errors found and items inspected.
    confidence : float
        Strictly between 0 and 1.
    lot : int or None
        Items in the lot the sample was drawn from without replacement.

    Returns
    -------
    Interval
        0 to 1 when nothing was inspected, for then nothing is known. Coverage is close to nominal on average, not for every p:
        see `exact_interval`.

    Raises
    ------
    ValueError
        For counts that no sample can have.

    References
    ----------
    Wilson, *JASA* 22 (1927); Brown, Cai & DasGupta, *Statistical Science* 16 (2001); Burstein, *JASA* 70 (1975) on finite lots.

    Examples
    --------
    >>> interval = wilson_interval(18, trials=20)
    >>> round(interval.low, 2), round(interval.high, 2)
    (0.7, 0.97)
    """
    check_counts(hits, trials=trials, lot=lot)
    z = normal_quantile(confidence)
    if trials == 0:
        return Interval(0.0, 1.0)
    share = hits / trials
    if trials == lot:
        return Interval(share, share)
    effective = float(trials) if lot is None else trials * (lot - 1) / (lot - trials)
    centre = (share + z * z / (2 * effective)) / (1 + z * z / effective)
    reach = z / (1 + z * z / effective) * float((share * (1 - share) / effective + z * z / (4 * effective**2)) ** 0.5)
    low = 0.0 if hits == 0 else max(0.0, centre - reach)
    high = 1.0 if hits == trials else min(1.0, centre + reach)
    return Interval(low, high) if lot is None else Interval(max(low, hits / lot), min(high, 1 - (trials - hits) / lot))


def exact_interval(hits: int, *, trials: int, confidence: float = 0.95, lot: int | None = None) -> Interval:
    """Clopper–Pearson interval, or its hypergeometric counterpart in a finite lot: coverage is never below the nominal.

    The proportions that neither one-sided test at (1 − confidence)/2 rejects.
    Infinite: Beta quantiles B(α/2; x, n−x+1) and B(1−α/2; x+1, n−x). Finite: every number of wrong items in the lot is tested.

    Parameters
    ----------
    hits, trials : int
        Errors found and items inspected.
    confidence : float
        Strictly between 0 and 1.
    lot : int or None
        Items in the lot the sample was drawn from without replacement.

    Returns
    -------
    Interval
        0 to 1 when nothing was inspected.

    Raises
    ------
    ValueError
        For counts that no sample can have.

    References
    ----------
    Clopper & Pearson, *Biometrika* 26 (1934); Buonaccorsi, *JASA* 82 (1987) on finite lots.

    Examples
    --------
    >>> interval = exact_interval(0, trials=59)
    >>> interval.low, round(interval.high, 3)
    (0.0, 0.061)
    """
    check_counts(hits, trials=trials, lot=lot)
    tail = (1 - confidence) / 2
    normal_quantile(confidence)
    if trials == 0:
        return Interval(0.0, 1.0)
    if lot is not None:
        return _exact_in_lot(hits, trials=trials, tail=tail, lot=lot)
    from scipy.special import betaincinv

    low = 0.0 if hits == 0 else float(betaincinv(hits, trials - hits + 1, tail))
    high = 1.0 if hits == trials else float(betaincinv(hits + 1, trials - hits, 1 - tail))
    return Interval(low, high)


def _exact_in_lot(hits: int, *, trials: int, tail: float, lot: int) -> Interval:
    """Shares of the lot that both one-sided hypergeometric tests keep."""
    from scipy.stats import hypergeom

    fewest, most = hits, lot - (trials - hits)
    low, high = fewest - 1, most  # the smallest K with P(X ≥ hits | K) > tail lies above low, at most at high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if hypergeom.sf(hits - 1, lot, middle, trials) > tail else (middle, high)
    smallest = high
    low, high = fewest, most + 1  # the largest K with P(X ≤ hits | K) > tail
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if hypergeom.cdf(hits, lot, middle, trials) > tail else (low, middle)
    return Interval(smallest / lot, low / lot)
