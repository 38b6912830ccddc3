"""Single sampling plans with their operating characteristic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

FINITE_SHARE = 0.1  # above this share of the lot the binomial is too pessimistic: without replacement is counted


@dataclass(frozen=True, slots=True)
class SinglePlan:
    """Inspect `sample` items, accept the lot with at most `acceptance` errors among them.

    `lot` is the number of items in the lot, or None for a stream without end.
    """

    sample: int
    acceptance: int
    lot: int | None = None

    def __post_init__(self) -> None:
        if self.sample < 1 or self.acceptance < 0:
            raise ValueError(f"A plan inspects at least 1 item and accepts at least 0 errors, not {self.sample}/{self.acceptance}.")
        if self.lot is not None and self.sample > self.lot:
            raise ValueError(f"A plan cannot inspect {self.sample} of {self.lot} items.")

    @property
    def rejection(self) -> int:
        """The number of errors from which the lot is rejected."""
        return self.acceptance + 1

    @property
    def inspects_everything(self) -> bool:
        """Whether no item of the lot is left out."""
        return self.sample == self.lot

    def accepts(self, errors: int) -> bool:
        """Whether a sample with so many errors passes."""
        return errors <= self.acceptance

    def acceptance_probability(self, error_rates: ArrayLike) -> NDArray[np.float64]:
        """Operating characteristic: how often a lot with this error rate passes.

        P_a(p) = Σ_{d ≤ Ac} Binom(d; n, p); hypergeometric, with ⌊pN + ½⌋ errors in the lot, when the sample is more than a tenth of it.

        Parameters
        ----------
        error_rates : array_like of float, any shape
            Share of items in the lot that are wrong, 0 to 1.

        Returns
        -------
        ndarray of float64, same shape
            Probabilities, falling with the error rate; never undefined.

        Raises
        ------
        ValueError
            If a rate lies outside 0 to 1.

        References
        ----------
        ISO 2859-1:1999, 12; Schilling & Neubauer, *Acceptance Sampling in Quality Control*, ch. 5.

        Examples
        --------
        >>> SinglePlan(125, 7).acceptance_probability([0.025, 0.092]).round(3)
        array([0.986, 0.102])
        """
        from scipy.special import bdtr

        rates = np.asarray(error_rates, dtype=np.float64)
        if np.any((rates < 0) | (rates > 1)) or np.any(np.isnan(rates)):
            raise ValueError("An error rate lies between 0 and 1.")
        if self.lot is None or self.sample <= FINITE_SHARE * self.lot:
            return np.asarray(bdtr(min(self.acceptance, self.sample), self.sample, rates), dtype=np.float64)
        from scipy.stats import hypergeom

        wrong = np.floor(rates * self.lot + 0.5).astype(np.int64)
        return np.asarray(hypergeom.cdf(self.acceptance, self.lot, wrong, self.sample), dtype=np.float64)

    def rejectable_quality(self, *, acceptance_probability: float = 0.10) -> float:
        """Error rate that still passes with the given probability (RQL, the consumer's risk point).

        The p that solves P_a(p) = β; in a small lot the smallest share with P_a ≤ β.

        Parameters
        ----------
        acceptance_probability : float
            β, between 0 and 1.

        Returns
        -------
        float
            Error rate, 0 to 1; 1 when even a lot of errors alone passes more often than β (Ac ≥ n).

        References
        ----------
        ISO 2859-1:1999, 12.6 (consumer's risk quality at 10 %).

        Examples
        --------
        >>> round(SinglePlan(125, 7).rejectable_quality(), 3)
        0.092
        """
        if not 0 < acceptance_probability < 1:
            raise ValueError("The acceptance probability lies strictly between 0 and 1.")
        if self.acceptance >= self.sample:
            return 1.0
        if self.lot is None or self.sample <= FINITE_SHARE * self.lot:
            from scipy.special import bdtri

            return float(bdtri(self.acceptance, self.sample, acceptance_probability))
        low, high = self.acceptance, self.lot  # P_a(low) = 1 > β ≥ P_a(high) = 0
        while high - low > 1:
            middle = (low + high) // 2
            passes = self.acceptance_probability(middle / self.lot)
            low, high = (middle, high) if passes > acceptance_probability else (low, middle)
        return high / self.lot


def two_point_plan(acceptable: float, *, rejectable: float, producer_risk: float = 0.05, consumer_risk: float = 0.10) -> SinglePlan:
    """Smallest single plan that passes good lots and stops bad ones.

    The smallest n with an Ac such that P_a(acceptable) ≥ 1 − α and P_a(rejectable) ≤ β (binomial).

    Parameters
    ----------
    acceptable, rejectable : float
        Error rates p₁ < p₂ that shall pass and that shall not.
    producer_risk, consumer_risk : float
        α, the share of lots at p₁ that are rejected; β, the share at p₂ that pass.

    Returns
    -------
    SinglePlan
        Without a lot size.

    Raises
    ------
    ValueError
        If not 0 < p₁ < p₂ < 1, or α + β ≥ 1.

    References
    ----------
    Guenther, "Use of the binomial, hypergeometric, and Poisson tables to obtain sampling plans", *J. Quality Technology* 1 (1969).

    Examples
    --------
    >>> two_point_plan(0.02, rejectable=0.06)
    SinglePlan(sample=194, acceptance=7, lot=None)
    """
    from scipy.special import bdtr

    check_two_points(acceptable, rejectable=rejectable, producer_risk=producer_risk, consumer_risk=consumer_risk)
    sample, acceptance = 1, 0
    while True:
        sample = _smallest_sample(acceptance, rate=rejectable, probability=consumer_risk, start=max(sample, acceptance + 1))
        if bdtr(acceptance, sample, acceptable) >= 1 - producer_risk:
            return SinglePlan(sample, acceptance)
        acceptance += 1


def check_two_points(acceptable: float, *, rejectable: float, producer_risk: float, consumer_risk: float) -> None:
    """Refuse a pair of error rates, or of risks, between which no test can decide."""
    if not 0 < acceptable < rejectable < 1:
        raise ValueError(f"The rates must satisfy 0 < acceptable < rejectable < 1, not {acceptable} and {rejectable}.")
    if not (producer_risk > 0 and consumer_risk > 0 and producer_risk + consumer_risk < 1):
        raise ValueError(f"The risks must be positive and sum to less than 1, not {producer_risk} and {consumer_risk}.")


def _smallest_sample(acceptance: int, *, rate: float, probability: float, start: int) -> int:
    """Smallest n ≥ start whose lots at `rate` pass with at most `probability`."""
    from scipy.special import bdtr

    high = start
    while bdtr(acceptance, high, rate) > probability:
        high *= 2
    low = start - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if bdtr(acceptance, middle, rate) > probability else (low, middle)
    return high
