"""Sequential inspection: Wald's probability ratio test, truncated, with its exact properties."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from isogloss.core.sampling.plans import check_two_points, two_point_plan

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

TRUNCATION = 1.5  # × the sample of the fixed plan with the same two points
_TOUCH = 1e-9  # a count that reaches a line counts as having reached it


class Judgement(StrEnum):
    """What the inspection so far says."""

    ACCEPT = "accept"
    REJECT = "reject"
    CONTINUE = "continue"


@dataclass(frozen=True, slots=True)
class SequentialPlan:
    """Accept at d ≤ s·n − h₁, reject at d ≥ s·n + h₂, decide by the middle line d ≤ s·n at `limit` items at the latest."""

    accept_intercept: float
    reject_intercept: float
    slope: float
    limit: int

    @property
    def acceptance_at_limit(self) -> int:
        """The most errors with which a lot passes at the limit."""
        return math.floor(self.slope * self.limit + _TOUCH)

    def judge(self, inspected: int, *, errors: int) -> Judgement:
        """Decide after so many items; a decision that the limit makes certain is taken at once.

        Examples
        --------
        >>> plan = sequential_plan(0.02, rejectable=0.06)
        >>> plan.judge(54, errors=0).value, plan.judge(55, errors=0).value, plan.judge(40, errors=4).value
        ('continue', 'accept', 'reject')
        """
        if not 0 <= errors <= inspected <= self.limit:
            raise ValueError(f"{errors} errors among {inspected} items cannot be judged by a plan that ends at {self.limit}.")
        if errors <= self.acceptance_number(inspected):
            return Judgement.ACCEPT
        return Judgement.REJECT if errors >= self.rejection_number(inspected) else Judgement.CONTINUE

    def acceptance_number(self, inspected: int) -> int:
        """Give the most errors with which the lot is accepted after so many items; −1 where it cannot be."""
        by_line = math.floor(self.slope * inspected - self.accept_intercept + _TOUCH)
        certain = self.acceptance_at_limit - (self.limit - inspected)  # even if all the rest were wrong
        return max(-1, by_line, certain)

    def rejection_number(self, inspected: int) -> int:
        """Give the fewest errors with which the lot is rejected after so many items."""
        by_line = math.ceil(self.slope * inspected + self.reject_intercept - _TOUCH)
        return min(by_line, self.acceptance_at_limit + 1)


@dataclass(frozen=True, slots=True)
class SequentialRisk:
    """What a sequential plan does at each error rate: how often it accepts, how many items it looks at."""

    acceptance: NDArray[np.float64]
    inspections: NDArray[np.float64]


def sequential_plan(
    acceptable: float, *, rejectable: float, producer_risk: float = 0.05, consumer_risk: float = 0.10, limit: int | None = None
) -> SequentialPlan:
    """Wald's plan between two error rates.

    g = ln[p₂(1−p₁) / (p₁(1−p₂))]; h₁ = ln[(1−α)/β]/g; h₂ = ln[(1−β)/α]/g; s = ln[(1−p₁)/(1−p₂)]/g.

    Parameters
    ----------
    acceptable, rejectable : float
        Error rates p₁ < p₂ that shall pass and that shall not.
    producer_risk, consumer_risk : float
        α and β. They hold up to the overshoot of the lines and the truncation, which raises β a little (to .102–.109 at β = .10):
        read the exact values from `sequential_risk`.
    limit : int or None
        Where inspection ends at the latest; None for 1.5 times the sample of the fixed plan with the same points.

    Returns
    -------
    SequentialPlan

    Raises
    ------
    ValueError
        If not 0 < p₁ < p₂ < 1, α + β ≥ 1, or the limit is below 1.

    References
    ----------
    Wald, *Sequential Analysis* (1947), ch. 5; the idea of ISO 2859-5; for annotation Klie et al., ACL 2024.

    Examples
    --------
    >>> plan = sequential_plan(0.02, rejectable=0.06)
    >>> round(plan.accept_intercept, 3), round(plan.reject_intercept, 3), round(plan.slope, 4), plan.limit
    (1.974, 2.535, 0.0365, 291)
    """
    check_two_points(acceptable, rejectable=rejectable, producer_risk=producer_risk, consumer_risk=consumer_risk)
    if limit is not None and limit < 1:
        raise ValueError(f"Inspection ends after at least 1 item, not {limit}.")
    if limit is None:
        fixed = two_point_plan(acceptable, rejectable=rejectable, producer_risk=producer_risk, consumer_risk=consumer_risk)
        limit = math.ceil(TRUNCATION * fixed.sample)
    odds = math.log(rejectable * (1 - acceptable) / (acceptable * (1 - rejectable)))
    return SequentialPlan(
        accept_intercept=math.log((1 - producer_risk) / consumer_risk) / odds,
        reject_intercept=math.log((1 - consumer_risk) / producer_risk) / odds,
        slope=math.log((1 - acceptable) / (1 - rejectable)) / odds,
        limit=limit,
    )


def sequential_risk(plan: SequentialPlan, *, error_rates: ArrayLike) -> SequentialRisk:
    """Exact acceptance probability and expected number of inspections (OC and ASN).

    By recursion over the number of errors after each item: nothing is simulated.

    Parameters
    ----------
    plan : SequentialPlan
        With its truncation.
    error_rates : array_like of float, shape (k,)
        Rates between 0 and 1, in a lot that is large against the limit.

    Returns
    -------
    SequentialRisk
        Two arrays of shape (k,); never undefined, for a truncated plan always ends.

    Raises
    ------
    ValueError
        If a rate lies outside 0 to 1.

    References
    ----------
    Aroian, "Sequential analysis, direct method", *Technometrics* 10 (1968).

    Examples
    --------
    >>> risk = sequential_risk(sequential_plan(0.02, rejectable=0.06), error_rates=[0.02, 0.06])
    >>> risk.acceptance.round(3), risk.inspections.round(0)
    (array([0.957, 0.103]), array([108.,  99.]))
    """
    rates = np.atleast_1d(np.asarray(error_rates, dtype=np.float64))
    if rates.ndim != 1 or not np.all((rates >= 0) & (rates <= 1)):
        raise ValueError("Error rates are a list of numbers between 0 and 1.")
    open_paths = np.zeros((rates.size, plan.acceptance_at_limit + 2))  # by errors so far
    open_paths[:, 0] = 1.0
    accepted = np.zeros(rates.size)
    inspections = np.zeros(rates.size)
    wrong, right = rates[:, None], 1 - rates[:, None]
    for inspected in range(1, plan.limit + 1):
        inspections += open_paths.sum(axis=1)
        after = open_paths * right
        after[:, 1:] += open_paths[:, :-1] * wrong
        accepts_to = plan.acceptance_number(inspected) + 1
        accepted += after[:, :accepts_to].sum(axis=1)
        after[:, :accepts_to] = 0.0
        after[:, plan.rejection_number(inspected) :] = 0.0
        open_paths = after
    return SequentialRisk(accepted, inspections)
