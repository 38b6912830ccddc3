"""Error rates corrected for an inspector who errs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from isogloss.core.estimates import Estimate
from isogloss.core.sampling.intervals import check_counts, normal_quantile


@dataclass(frozen=True, slots=True)
class Study:
    """How often the inspector was right: `right` of `of` items whose truth is known (from double inspection or gold)."""

    right: int
    of: int


@dataclass(frozen=True, slots=True)
class _Rate:
    """A proportion with its variance, and both as Lang & Reiczigel adjust them."""

    plain: float
    adjusted: float
    variance: float


def true_error_rate(
    found: int, *, inspected: int, sensitivity: Study | float, specificity: Study | float, confidence: float = 0.95
) -> Estimate:
    """Rogan–Gladen estimate of the error rate behind an imperfect inspection.

    p = (p_obs + Sp − 1) / (Se + Sp − 1), cut to 0…1. The interval is Lang & Reiczigel's: it carries the uncertainty of Se and
    Sp, adds pseudo-counts to the three proportions and shifts the centre by 2z² [p′ v(Se) − (1−p′) v(Sp)].

    Parameters
    ----------
    found, inspected : int
        Errors the inspector found, and items inspected.
    sensitivity, specificity : Study or float
        Share of wrong items that the inspector finds; share of right items that the inspector passes. A float is taken as
        known without error.
    confidence : float
        Strictly between 0 and 1.

    Returns
    -------
    Estimate
        Undefined, with the reason, when nothing was inspected, a study is empty, or Se + Sp ≤ 1 (the inspector does no better than chance).

    References
    ----------
    Rogan & Gladen, *Am. J. Epidemiology* 107 (1978); Lang & Reiczigel, *Preventive Veterinary Medicine* 113 (2014).

    Examples
    --------
    >>> estimate = true_error_rate(30, inspected=300, sensitivity=Study(45, 50), specificity=Study(196, 200))
    >>> round(estimate.value, 3), round(estimate.low, 3), round(estimate.high, 3)
    (0.091, 0.047, 0.141)
    """
    check_counts(found, trials=inspected)
    z = normal_quantile(confidence)
    se, sp = _rate(sensitivity), _rate(specificity)
    told = partial(Estimate, n_items=inspected, n_ratings=inspected, method="Rogan–Gladen, Lang–Reiczigel interval", confidence=confidence)
    if inspected == 0:
        return told(None, None, None, reason="nothing was inspected")
    if se is None or sp is None:
        return told(None, None, None, reason="the study of the inspector is empty: inspect some items twice")
    informedness = se.plain + sp.plain - 1
    if informedness <= 0:
        return told(None, None, None, reason="sensitivity and specificity sum to 1 or less: this inspection tells nothing about errors")
    value = _cut((found / inspected + sp.plain - 1) / informedness)
    return told(value, *_limits(found, inspected=inspected, se=se, sp=sp, z=z))


def _limits(found: int, *, inspected: int, se: _Rate, sp: _Rate, z: float) -> tuple[float, float]:
    """Compute Lang & Reiczigel's limits; 0 and 1 where the pseudo-counts leave nothing to divide by."""
    size = inspected + z * z
    share = (found + z * z / 2) / size
    gain = se.adjusted + sp.adjusted - 1
    if gain <= 0:
        return 0.0, 1.0
    centre = (share + sp.adjusted - 1) / gain
    shift = 2 * z * z * (centre * se.variance - (1 - centre) * sp.variance)
    spread = z * (share * (1 - share) / size + centre**2 * se.variance + (1 - centre) ** 2 * sp.variance) ** 0.5 / gain
    return _cut(centre + shift - spread), _cut(centre + shift + spread)


def _rate(study: Study | float) -> _Rate | None:
    """Read the rate of a study; None when it is empty."""
    if not isinstance(study, Study):
        if not 0 <= study <= 1:
            raise ValueError(f"A sensitivity or specificity lies between 0 and 1, not {study}.")
        return _Rate(study, study, 0.0)
    check_counts(study.right, trials=study.of)
    if study.of == 0:
        return None
    adjusted = (study.right + 1) / (study.of + 2)
    return _Rate(study.right / study.of, adjusted, adjusted * (1 - adjusted) / (study.of + 2))


def _cut(share: float) -> float:
    """Bring a share back to 0…1."""
    return min(1.0, max(0.0, share))
