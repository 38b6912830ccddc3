"""Bootstrap intervals over items for any statistic that is a function of pattern weights."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from isogloss.core.agreement.patterns import Floats, Integers
from isogloss.core.estimates import Estimate

CHUNK_CELLS = 1_000_000  # weights held at a time: 8 MB
ROUNDING = 1e-12  # below it, what is left beside chance is an error of arithmetic
LEAST_DEFINED = 0.5  # share of resamples in which a statistic must be defined before an interval is given
JACKKNIFE_PATTERNS = 2_000  # above it, skewness moves the limits by less than the resamples do

Formula = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """How an interval is made: `replicates` resamples of the items from the generator seeded by `seed`; 0 replicates give none."""

    replicates: int = 1000
    seed: int = 0
    confidence: float = 0.95


DEFAULT = Bootstrap()


@dataclass(frozen=True, slots=True, eq=False)
class Statistic:
    """A statistic as a function of how often each pattern of items occurs.

    `evaluate` takes weights of shape (resamples, patterns) and gives one value for each resample, NaN where it is undefined.
    `flawless`, when given, is evaluated likewise, but with one more pattern at the end: an item on which two people disagree as much as
    they can. It bounds what a sample without any disagreement may hide.
    """

    method: str
    multiplicity: Integers
    n_ratings: int
    evaluate: Formula
    undefined: str
    flawless: Formula | None = None

    @property
    def n_items(self) -> int:
        """Count the items."""
        return int(self.multiplicity.sum())


def of_sums(features: Any, formula: Formula) -> Formula:
    """Evaluate a formula that needs only sums over items: `features` has shape (patterns, sums), dense or sparse."""
    return lambda weights: formula(np.asarray(weights @ features))


def estimate(statistic: Statistic, *, bootstrap: Bootstrap = DEFAULT) -> Estimate:
    """Give the statistic's value with a BCa bootstrap interval over items, or the reason why there is none."""
    n_items, n_ratings = statistic.n_items, statistic.n_ratings
    value = float(statistic.evaluate(statistic.multiplicity[None, :].astype(np.float64))[0]) if n_items else np.nan
    if np.isnan(value):
        return Estimate(None, None, None, n_items, n_ratings, statistic.method, statistic.undefined, confidence=bootstrap.confidence)
    low, high, reason = (
        interval(statistic, value=value, bootstrap=bootstrap) if bootstrap.replicates else (None, None, "no resamples asked for")
    )
    return Estimate(
        value=value,
        low=low,
        high=high,
        n_items=n_items,
        n_ratings=n_ratings,
        method=statistic.method,
        reason=reason,
        seed=bootstrap.seed if bootstrap.replicates else None,
        replicates=bootstrap.replicates,
        confidence=bootstrap.confidence,
    )


def interval(statistic: Statistic, *, value: float, bootstrap: Bootstrap) -> tuple[float | None, float | None, str | None]:
    """Find the limits, or say why there are none: (low, high, reason)."""
    if statistic.n_items < 2:  # noqa: PLR2004  resampling one item gives it back
        return None, None, "no interval: it needs at least two items"
    values = np.concatenate([statistic.evaluate(weights) for weights in resamples(statistic.multiplicity, bootstrap=bootstrap)])
    defined = np.sort(values[~np.isnan(values)])
    if len(defined) < LEAST_DEFINED * len(values):
        return None, None, "no interval: most resamples of so few items hold one label only"
    tail = (1 - bootstrap.confidence) / 2
    if np.isclose(defined[0], defined[-1]):
        return unseen_disagreement(statistic, value=value, tail=tail)
    low, high = bca_levels(defined, value=value, acceleration=acceleration(statistic), tail=tail)
    limits = np.quantile(defined, [low, high])
    return min(float(limits[0]), value), max(float(limits[1]), value), None


def bca_levels(values: Floats, *, value: float, acceleration: float, tail: float) -> tuple[float, float]:
    """Correct the two quantile levels for bias and skewness (BCa: Efron 1987, doi:10.1080/01621459.1987.10478410)."""
    normal = NormalDist()
    below = (np.count_nonzero(values < value) + np.count_nonzero(values <= value)) / (2 * len(values))
    bias = normal.inv_cdf(min(max(below, 0.5 / len(values)), 1 - 0.5 / len(values)))
    levels = []
    for level in (tail, 1 - tail):
        z = bias + normal.inv_cdf(level)
        levels.append(normal.cdf(bias + z / max(1 - acceleration * z, 0.1)))
    return levels[0], levels[1]


def acceleration(statistic: Statistic) -> float:
    """Measure skewness by leaving out one item of each pattern in turn."""
    multiplicity = statistic.multiplicity.astype(np.float64)
    size = len(multiplicity)
    if size > JACKKNIFE_PATTERNS:
        return 0.0
    step = max(1, CHUNK_CELLS // size)
    left_out = np.concatenate(
        [statistic.evaluate(multiplicity - np.eye(min(step, size - start), size, k=start)) for start in range(0, size, step)]
    )
    weight = np.where(np.isnan(left_out), 0.0, multiplicity)
    if not weight.any():
        return 0.0
    spread = np.nan_to_num(np.average(np.nan_to_num(left_out), weights=weight) - left_out)
    scale = float(weight @ spread**2)
    return float(weight @ spread**3) / (6 * scale**1.5) if scale > 0 else 0.0


def unseen_disagreement(statistic: Statistic, *, value: float, tail: float) -> tuple[float | None, float | None, str | None]:
    """Bound what items without any disagreement may hide: all of n agreeing leaves up to 1 - tail^(1/n) of disagreeing items likely.

    A bootstrap of such items would give an interval of no width, as if five items proved as much as five thousand.
    """
    if statistic.flawless is None or not np.isclose(value, 1.0):
        return value, value, "every resample gives this value"
    share = 1 - tail ** (1 / statistic.n_items)
    weights = np.append(statistic.multiplicity * (1 - share), statistic.n_items * share)
    low = float(statistic.flawless(weights[None, :])[0])
    return (None if np.isnan(low) else low), value, "no disagreement was seen: the lower limit is what as many items may hide"


def resamples(multiplicity: Integers, *, bootstrap: Bootstrap) -> Iterator[Floats]:
    """Draw item weights in chunks of shape (resamples, patterns), each row summing to the number of items."""
    rng = np.random.default_rng(bootstrap.seed)
    n_items, size = int(multiplicity.sum()), len(multiplicity)
    if size * 12 <= n_items:  # a multinomial cell costs about twelve drawn items
        step = max(1, CHUNK_CELLS // size)
        for start in range(0, bootstrap.replicates, step):
            rows = min(step, bootstrap.replicates - start)
            yield rng.multinomial(n_items, multiplicity / n_items, size=rows).astype(np.float64)
        return
    pattern_of_item = np.repeat(np.arange(size), multiplicity)
    step = max(1, CHUNK_CELLS // size)
    for start in range(0, bootstrap.replicates, step):
        weights = np.empty((min(step, bootstrap.replicates - start), size))
        for row in weights:
            row[:] = np.bincount(pattern_of_item.take(rng.integers(0, n_items, size=n_items, dtype=np.uint32)), minlength=size)
        yield weights


def quotient(over: Floats, under: Floats, *, least: float = 0.0) -> Floats:
    """Divide, and give NaN where there is not more than `least` to divide by."""
    return np.asarray(np.divide(over, under, out=np.full_like(over, np.nan, dtype=np.float64), where=under > least))


def beyond_chance(observed: Floats, by_chance: Floats) -> Floats:
    """Give (p_o - p_e) / (1 - p_e), the part of what chance leaves open that was reached; NaN where it leaves nothing."""
    return quotient(observed - by_chance, 1 - by_chance, least=ROUNDING)
