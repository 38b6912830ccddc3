"""Single sampling plans based on ISO 2859-1, derived from the diagonal of its master table."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum

from isogloss.core.sampling.plans import SinglePlan

LETTERS = "ABCDEFGHJKLMNPQR"
SAMPLES = (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000)
AQLS = (0.10, 0.15, 0.25, 0.40, 0.65, 1.0, 1.5, 2.5, 4.0, 6.5)  # percent; outside them the diagonal has exceptions that are not told here
_LOT_TOPS = (8, 15, 25, 50, 90, 150, 280, 500, 1_200, 3_200, 10_000, 35_000, 150_000, 500_000)


class Level(StrEnum):
    """How much inspection a lot size asks for; the standard's default is II."""

    I = "I"  # noqa: E741  the standard's own name
    II = "II"
    III = "III"


class Severity(StrEnum):
    """Which of the standard's tables is in force."""

    NORMAL = "normal"
    TIGHTENED = "tightened"


_LETTERS_BY_LEVEL = {Level.I: "AABCCDEFGHJKLMN", Level.II: "ABCDEFGHJKLMNPQ", Level.III: "BCDEFGHJKLMNPQR"}
# Sample sizes and AQLs both grow by 10^(1/5), so the acceptance number depends only on the sum of their places: the table is
# constant along its diagonals. Keys are that sum; a sum without an entry is an arrow to one that has (the two gaps between 0
# and 1 in _ARROWS; beyond the ends, to the end).
_ACCEPTANCE = {
    Severity.NORMAL: {1: 0, 4: 1, 5: 2, 6: 3, 7: 5, 8: 7, 9: 10, 10: 14, 11: 21},
    Severity.TIGHTENED: {2: 0, 5: 1, 6: 2, 7: 3, 8: 5, 9: 8, 10: 12, 11: 18},
}
_ARROWS = {Severity.NORMAL: {2: 1, 3: 4}, Severity.TIGHTENED: {3: 5, 4: 5}}
_ZERO = 8  # the place of the diagonal 0: the letter's place plus the AQL's place in AQLS, at letter E and AQL 0.65


class NoSuchPlan(ValueError):
    """The standard has no plan for this lot and AQL; the message names the nearest that has."""


@dataclass(frozen=True, slots=True)
class IsoPlan(SinglePlan):
    """A plan of the standard: `letter` is the code of the sample size used, `aql` in percent, arrows already followed.

    `tighter_acceptance` is the acceptance number of the same sample one AQL step lower, which the switching score asks for;
    None where there is none.
    """

    letter: str = ""
    aql: float = 0.0
    severity: Severity = Severity.NORMAL
    tighter_acceptance: int | None = None


def code_letter(lot: int, *, level: Level = Level.II) -> str:
    """Code letter of the sample size for a lot (table 1 of the standard)."""
    if lot < 2:  # noqa: PLR2004  the standard's smallest lot
        raise NoSuchPlan(f"A lot of {lot} cannot be sampled: inspect it whole. Sampling begins at 2 items.")
    return _LETTERS_BY_LEVEL[level][bisect_left(_LOT_TOPS, lot)]


def iso_plan(lot: int, *, aql: float, severity: Severity = Severity.NORMAL, level: Level = Level.II) -> IsoPlan:
    """Single sampling plan for a lot at an acceptance quality limit.

    The acceptance number depends on (place of the sample size) + (place of the AQL) alone. Where that sum has none, the arrow
    leads to the next sample size that has one: a larger one before 0 and before 1, a smaller one right after 0 (normal
    inspection) and beyond the last.
    A sample as large as the lot, or larger, becomes inspection of the whole lot.

    Parameters
    ----------
    lot : int
        Items in the lot, at least 2: one delivery batch, homogeneous in language, task and guideline version.
    aql : float
        Acceptance quality limit in percent, one of `AQLS`. It is the error rate that passes nearly always, not one that is promised:
        read `rejectable_quality` beside it.
    severity, level
        Table in force (see `switching`) and inspection level.

    Returns
    -------
    IsoPlan

    References
    ----------
    Based on ISO 2859-1:1999, tables 1, 2-A and 2-B; held against the R package AQLSchemes. Reduced inspection is not offered.

    Examples
    --------
    >>> plan = iso_plan(12_000, aql=2.5)
    >>> plan.letter, plan.sample, plan.acceptance, round(plan.rejectable_quality(), 3)
    ('M', 315, 14, 0.063)
    """
    if aql not in AQLS:
        near = min(AQLS, key=lambda known: abs(known - aql))
        raise NoSuchPlan(f"There is no AQL of {aql:g} %; the nearest is {near:g} % of {', '.join(f'{known:g}' for known in AQLS)}.")
    table = _ACCEPTANCE[severity]
    step = AQLS.index(aql)
    direct = LETTERS.index(code_letter(lot, level=level)) + step - _ZERO
    diagonal = min(max(_ARROWS[severity].get(direct, direct), min(table)), max(table))
    place = diagonal + _ZERO - step
    return IsoPlan(
        sample=min(SAMPLES[place], lot),
        acceptance=table[diagonal],
        lot=lot,
        letter=LETTERS[place],
        aql=aql,
        severity=severity,
        tighter_acceptance=table.get(diagonal - 1),
    )
