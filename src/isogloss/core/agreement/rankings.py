"""Kendall's W: agreement of several people on the order of the same options."""

from collections.abc import Hashable, Sequence

import numpy as np

from isogloss.core.agreement.intervals import DEFAULT, Bootstrap, Statistic, estimate, of_sums
from isogloss.core.agreement.patterns import Floats, Patterns, fold
from isogloss.core.agreement.specific import joined
from isogloss.core.agreement.undefined import why_no_pairs
from isogloss.core.estimates import Estimate
from isogloss.core.tables import BadTable, Ratings


def kendall_w(ratings: Ratings, *, bootstrap: Bootstrap = DEFAULT) -> Estimate:
    """Estimate the mean of Kendall's W over items that people ranked.

    Parameters
    ----------
    ratings : Ratings
        Answers whose labels are tuples of options, best first; an option that is itself a tuple or a set holds tied options.
    bootstrap : Bootstrap
        Items are resampled with all their rankings.

    Returns
    -------
    Estimate
        Between 0 and 1. Chance does not give 0: m people who rank at random reach 1/m on average.

    Raises
    ------
    BadTable
        The rankings of an item do not hold the same options.

    Notes
    -----
    For m people and n options with rank sums R_i: W = 12 Σ_i (R_i - m (n + 1) / 2)² / (m² (n³ - n) - m Σ (t³ - t)), t the sizes of tied
    groups. Items with one ranking, with one option or with nothing but ties do not count; undefined when none is left.

    References
    ----------
    Kendall and Babington Smith 1939, doi:10.1214/aoms/1177732186; Siegel and Castellan 1988, section 9.6 (ties).

    Examples
    --------
    >>> orders = [("a", "b", "c"), ("a", "b", "c"), ("a", "c", "b")]
    >>> ratings = Ratings.from_columns(item=["p"] * 3, worker=["ana", "ben", "eva"], label=orders)
    >>> round(kendall_w(ratings).value, 4)
    0.7778
    """
    patterns = fold(ratings).pairable()
    values = np.array([of_pattern(patterns, position, ratings.labels) for position in range(len(patterns.multiplicity))], dtype=np.float64)
    ranked = ~np.isnan(values)
    patterns, values = Patterns(patterns.counts[ranked], patterns.multiplicity[ranked]), values[ranked]
    statistic = Statistic(
        method="Kendall's W, mean over items",
        multiplicity=patterns.multiplicity,
        n_ratings=patterns.n_ratings,
        evaluate=of_sums(np.column_stack([values, np.ones(len(values))]), joined),
        undefined="no item with two rankings has two options that are not tied" if len(ranked) else why_no_pairs(ratings),
    )
    return estimate(statistic, bootstrap=bootstrap)


def of_pattern(patterns: Patterns, position: int, labels: Sequence[Hashable]) -> float:
    """Compute W of one item, NaN when there is nothing to order."""
    row = patterns.counts[[position]]
    counts = row.ravel() if isinstance(row, np.ndarray) else row.toarray().ravel()
    used = np.flatnonzero(counts)
    orders = [ranks(labels[code]) for code in used.tolist()]
    options = sorted(orders[0], key=str)
    if any(order.keys() != orders[0].keys() for order in orders):
        raise BadTable(
            "Some people ranked other options than others on the same item: rankings of an item need the same options.", column="label"
        )
    scores = np.repeat([[order[option] for option in options] for order in orders], counts[used].astype(np.int64), axis=0)
    return concordance(scores)


def ranks(label: Hashable) -> dict[Hashable, float]:
    """Read a ranking as ranks, tied options sharing the mean of their places."""
    if not isinstance(label, tuple):
        raise BadTable(f"{label!r} is not a ranking: give a tuple or list of options, best first.", column="label")
    places: dict[Hashable, float] = {}
    taken = 0
    for entry in label:
        tied = tuple(entry) if isinstance(entry, (tuple, frozenset)) else (entry,)
        for option in tied:
            places[option] = taken + (len(tied) + 1) / 2
        taken += len(tied)
    if len(places) != taken:
        raise BadTable(f"The ranking {label!r} names an option twice.", column="label")
    return places


def concordance(ranked: Floats) -> float:
    """Compute Kendall's W of ranks of shape (people, options), corrected for ties; NaN when there is nothing to order.

    Examples
    --------
    >>> round(concordance(np.array([[1.0, 2.0, 3.0], [1.0, 3.0, 2.0]])), 4)
    0.75
    """
    people, options = ranked.shape
    spread = float(((ranked.sum(axis=0) - people * (options + 1) / 2) ** 2).sum())
    ties = sum(float((sizes**3 - sizes).sum()) for sizes in (np.unique(row, return_counts=True)[1] for row in ranked))
    most = people**2 * (options**3 - options) - people * ties
    return 12 * spread / most if most > 0 else float("nan")
