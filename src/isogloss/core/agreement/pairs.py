"""Agreement of two particular people: Cohen's kappa and Scott's pi."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isogloss.core.agreement.distances import Weighting, credit
from isogloss.core.agreement.intervals import DEFAULT, Bootstrap, Formula, Statistic, beyond_chance, estimate, of_sums
from isogloss.core.agreement.patterns import Floats, Integers
from isogloss.core.estimates import Estimate
from isogloss.core.tables import Ratings

Pair = tuple[Hashable, Hashable]


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """How often the first person gave label `row` where the second gave label `column`; only cells that occur."""

    row: Integers
    column: Integers
    multiplicity: Integers


def cohen_kappa(
    ratings: Ratings, *, pair: Pair | None = None, weighting: Weighting = Weighting.IDENTITY, bootstrap: Bootstrap = DEFAULT
) -> Estimate:
    """Estimate Cohen's kappa: agreement of two people beyond what their own habits give by chance.

    Parameters
    ----------
    ratings : Ratings
        Answers; items that both people answered count.
    pair : tuple of two people, optional
        Whose answers to compare; may be left out when the table has two people.
    weighting : Weighting
        Credit w_kl for two labels, by their position in `ratings.labels`; identity gives the unweighted kappa.
    bootstrap : Bootstrap
        Items are resampled with both answers.

    Returns
    -------
    Estimate
        No unit, 1 at most, 0 is chance.

    Notes
    -----
    With p_kl the share of items that got k from the first and l from the second person, and margins p_k+ and p_+l::

        κ = (Σ w_kl p_kl - Σ w_kl p_k+ p_+l) / (1 - Σ w_kl p_k+ p_+l)

    Undefined without a common item, with more than two people and no pair named, and when both people give one and the same label
    throughout.

    References
    ----------
    Cohen 1960, doi:10.1177/001316446002000104; Cohen 1968, doi:10.1037/h0026256.

    Examples
    --------
    >>> ratings = Ratings.from_columns(
    ...     item=["a", "a", "b", "b", "c", "c", "d", "d"],
    ...     worker=["ana", "ben"] * 4,
    ...     label=["yes", "yes", "no", "no", "yes", "no", "no", "no"],
    ... )
    >>> round(cohen_kappa(ratings).value, 4)
    0.5
    """
    name = "Cohen's kappa" if weighting is Weighting.IDENTITY else f"Cohen's kappa, {weighting} weights"
    return estimate(of_pair(ratings, pair=pair, name=name, weighting=weighting, pooled=False), bootstrap=bootstrap)


def scott_pi(ratings: Ratings, *, pair: Pair | None = None, bootstrap: Bootstrap = DEFAULT) -> Estimate:
    """Estimate Scott's pi: agreement of two people beyond chance, where both are taken to share one distribution of labels.

    Parameters
    ----------
    ratings : Ratings
        Answers; items that both people answered count.
    pair : tuple of two people, optional
        Whose answers to compare; may be left out when the table has two people.
    bootstrap : Bootstrap
        Items are resampled with both answers.

    Returns
    -------
    Estimate
        No unit, 1 at most, 0 is chance.

    Notes
    -----
    π = (p_o - p_e) / (1 - p_e) with p_e = Σ_k ((p_k+ + p_+k) / 2)². Undefined as Cohen's kappa. For more people it is Fleiss' kappa.

    References
    ----------
    Scott 1955, doi:10.1086/266577.

    Examples
    --------
    >>> ratings = Ratings.from_columns(
    ...     item=["a", "a", "b", "b", "c", "c", "d", "d"],
    ...     worker=["ana", "ben"] * 4,
    ...     label=["yes", "yes", "no", "no", "yes", "no", "no", "no"],
    ... )
    >>> round(scott_pi(ratings).value, 4)
    0.4667
    """
    return estimate(of_pair(ratings, pair=pair, name="Scott's pi", weighting=Weighting.IDENTITY, pooled=True), bootstrap=bootstrap)


def of_pair(ratings: Ratings, *, pair: Pair | None, name: str, weighting: Weighting, pooled: bool) -> Statistic:
    """Find the two people's common items and prepare kappa or pi for resampling."""
    present = np.unique(ratings.person)
    if pair is None and len(present) != 2:  # noqa: PLR2004  two people
        reason = f"{len(present)} people answered: name two of them, or use alpha or Fleiss' kappa for all"
        return Statistic(name, np.zeros(0, dtype=np.int64), 0, lambda weights: np.full(len(weights), np.nan), reason)
    first, second = (int(code) for code in present) if pair is None else (list(ratings.people).index(person) for person in pair)
    cells = common_cells(ratings, first=first, second=second)
    return from_cells(cells, ratings, name=name, weighting=weighting, pooled=pooled)


def common_cells(ratings: Ratings, *, first: int, second: int) -> Cells:
    """Count the pairs of labels that two people gave to the same items."""
    size = np.int64(len(ratings.labels))
    given: list[npt.NDArray[np.int32]] = []
    for person in (first, second):
        label = np.full(len(ratings.items), -1, dtype=np.int32)
        mine = ratings.person == person
        label[ratings.item[mine]] = ratings.label[mine]
        given.append(label)
    both = (given[0] >= 0) & (given[1] >= 0)
    return cells_of(given[0][both] * size + given[1][both], size=size)


def cells_of(keys: npt.NDArray[np.int64], *, size: np.int64) -> Cells:
    """Fold equal pairs of labels, coded as first x size + second."""
    distinct, multiplicity = np.unique(keys, return_counts=True)
    return Cells(distinct // size, distinct % size, multiplicity.astype(np.int64))


def from_cells(cells: Cells, ratings: Ratings, *, name: str, weighting: Weighting, pooled: bool) -> Statistic:
    """Prepare kappa, or pi when the margins are pooled, for resampling."""
    n_items = int(cells.multiplicity.sum())
    if not n_items:
        reason = "the two people have no item in common"
    else:
        reason = f"both people always answered {ratings.labels[cells.row[0]]!r}: where only one label is used, chance alone would agree"
    used = np.unique(np.concatenate([cells.row, cells.column]))
    table = credit(ratings.labels, weighting=weighting)[np.ix_(used, used)]

    def prepare(cells: Cells) -> Formula:
        row, column = (np.eye(len(used))[np.searchsorted(used, codes)] for codes in (cells.row, cells.column))
        agreed = table[np.searchsorted(used, cells.row), np.searchsorted(used, cells.column)]
        return of_sums(np.column_stack([np.ones(len(agreed)), agreed, row, column]), kappa_formula(table, pooled=pooled))

    def flawless(weights: Floats) -> Floats:
        top = cells.row[np.argsort(-cells.multiplicity, kind="stable")]
        more = Cells(np.append(cells.row, top[0]), np.append(cells.column, top[1]), np.append(cells.multiplicity, 0))
        return prepare(more)(weights)

    return Statistic(name, cells.multiplicity, 2 * n_items, prepare(cells), reason, flawless)


def kappa_formula(table: Floats, *, pooled: bool) -> Formula:
    """Turn the sums items, agreement and both people's label counts into kappa or pi."""
    size = len(table)

    def formula(sums: Floats) -> Floats:
        n = np.maximum(sums[:, 0], 1)
        observed = sums[:, 1] / n
        row, column = sums[:, 2 : 2 + size] / n[:, None], sums[:, 2 + size :] / n[:, None]
        if pooled:
            row = column = (row + column) / 2
        return beyond_chance(observed, ((row @ table) * column).sum(axis=1))

    return formula
