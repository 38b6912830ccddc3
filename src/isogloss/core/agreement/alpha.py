"""Krippendorff's alpha for names, ordered labels, numbers and sets."""

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.core.agreement.distances import Level, disagreement, numbers
from isogloss.core.agreement.intervals import DEFAULT, Bootstrap, Formula, Statistic, estimate, of_sums, quotient
from isogloss.core.agreement.patterns import Floats, Patterns, beside, fold, quadratic_form
from isogloss.core.agreement.undefined import why_no_pairs
from isogloss.core.estimates import Estimate
from isogloss.core.tables import Ratings


def krippendorff_alpha(ratings: Ratings, *, level: Level = Level.NOMINAL, bootstrap: Bootstrap = DEFAULT) -> Estimate:
    """Estimate Krippendorff's alpha: one minus the disagreement seen over the disagreement that chance would give.

    Any number of people, any answers missing; items with a single answer do not count.

    Parameters
    ----------
    ratings : Ratings
        Answers; `ratings.labels` is in its order for ordinal labels and holds numbers (or digits) for interval and ratio.
    level : Level
        What the labels mean; it sets δ²: nominal 1 for different labels, ordinal the squared distance of mid-ranks, interval
        (c - k)², ratio ((c - k) / (c + k))², sets the MASI distance.
    bootstrap : Bootstrap
        Items are resampled with all their answers.

    Returns
    -------
    Estimate
        No unit, 1 at most; 0 is what chance gives, below 0 people disagree more than chance.

    Raises
    ------
    BadTable
        Labels are not numbers where the level needs them.

    Notes
    -----
    With n_uc answers of label c on item u, m_u answers on it, n_c = Σ_u n_uc and n = Σ_c n_c over items with m_u ≥ 2::

        D_o = 1/n Σ_u Σ_ck n_uc n_uk δ²_ck / (m_u - 1)        D_e = 1/(n (n - 1)) Σ_ck n_c n_k δ²_ck        α = 1 - D_o / D_e

    Undefined when no item has two answers, and when all paired answers are one label (D_e = 0).

    References
    ----------
    Krippendorff 2004, Content Analysis, 2nd edition, chapter 11; Hayes and Krippendorff 2007, doi:10.1080/19312450709336664.

    Examples
    --------
    >>> ratings = Ratings.from_columns(
    ...     item=["a", "a", "b", "b", "c", "c", "d", "d"],
    ...     worker=["ana", "ben"] * 4,
    ...     label=["yes", "yes", "no", "no", "yes", "no", "no", "no"],
    ... )
    >>> round(krippendorff_alpha(ratings).value, 4)
    0.5333
    """
    return estimate(alpha_statistic(ratings, level=level), bootstrap=bootstrap)


def alpha_statistic(ratings: Ratings, *, level: Level) -> Statistic:
    """Prepare alpha for resampling."""
    patterns = fold(ratings).pairable()

    def flawless(weights: Floats) -> Floats:
        return alpha_formula(patterns.with_item(opposed(patterns, ratings.labels, level=level)), ratings.labels, level=level)(weights)

    return Statistic(
        method=f"Krippendorff's alpha, {level}",
        multiplicity=patterns.multiplicity,
        n_ratings=patterns.n_ratings,
        evaluate=alpha_formula(patterns, ratings.labels, level=level),
        undefined=why_undefined(ratings, patterns),
        flawless=flawless,
    )


def alpha_formula(patterns: Patterns, labels: Sequence[Hashable], *, level: Level) -> Formula:
    """Choose the cheapest sums that give alpha at this level."""
    counts, answers = patterns.counts, patterns.answers
    if level is Level.ORDINAL:
        return ordinal_formula(counts, answers)
    if level is Level.INTERVAL:
        values = numbers(labels)
        values = values - values.mean()  # keeps the differences of large sums exact
        first, second = counts @ values, counts @ values**2
        within = 2 * (answers * second - first**2) / (answers - 1)
        return of_sums(np.column_stack([within, answers, first, second]), interval_alpha)
    if level is Level.NOMINAL:
        within = (answers**2 - np.asarray((counts * counts).sum(axis=1)).ravel()) / (answers - 1)
        return of_sums(beside(within, counts), nominal_alpha)
    table = disagreement(labels, level=level)
    within = quadratic_form(counts, table) / (answers - 1)

    def tabled_alpha(sums: Floats) -> Floats:
        totals = sums[:, 1:]
        return ratio(sums[:, 0], ((totals @ table) * totals).sum(axis=1), n=totals.sum(axis=1))

    return of_sums(beside(within, counts), tabled_alpha)


def nominal_alpha(sums: Floats) -> Floats:
    """Give alpha from the columns within-item disagreement and answers for each label."""
    totals = sums[:, 1:]
    n = totals.sum(axis=1)
    return ratio(sums[:, 0], n**2 - (totals**2).sum(axis=1), n=n)


def interval_alpha(sums: Floats) -> Floats:
    """Give alpha from the columns within-item disagreement, answers, sum and sum of squares."""
    within, n, first, second = sums.T
    expected = 2 * (n * second - first**2)
    return ratio(within, np.where(expected > 1e-12 * n * second, expected, 0.0), n=n)  # below that it is rounding


def ordinal_formula(counts: Any, answers: Floats) -> Formula:
    """Give alpha on mid-ranks: the ordinal δ_ck equals the distance of the labels' mid-ranks, which each resample ranks anew."""

    def ordinal_alpha(weights: Floats) -> Floats:
        totals = np.asarray(weights @ counts)
        n = totals.sum(axis=1)
        ranks = np.cumsum(totals, axis=1) - totals / 2 - n[:, None] / 2
        scaled = (ranks / np.maximum(n, 1)[:, None]).T  # of size 1, so that squares stay exact
        first, second = counts @ scaled, counts @ scaled**2
        within = 2 * (answers[:, None] * second - first**2) / (answers - 1)[:, None]
        expected = 2 * (n * (totals.T * scaled**2).sum(axis=0) - (totals.T * scaled).sum(axis=0) ** 2)
        return ratio((weights * within.T).sum(axis=1), np.where((totals > 0).sum(axis=1) > 1, expected, 0.0), n=n)

    return ordinal_alpha


def ratio(within: Floats, between: Floats, *, n: Floats) -> Floats:
    """Give 1 - (n - 1) within / between, and NaN where nothing could have differed."""
    return 1 - quotient((n - 1) * within, between)


def opposed(patterns: Patterns, labels: Sequence[Hashable], *, level: Level) -> Floats:
    """Make up an item on which two people give the two most different labels in use; of equally different ones, the most frequent."""
    used = np.asarray(patterns.multiplicity @ patterns.counts)
    choice = np.argsort(-used, kind="stable")[:2] if level in {Level.NOMINAL, Level.SETS} else np.flatnonzero(used)[[0, -1]]
    item = np.zeros(len(labels))
    item[choice] = 1
    return item


def why_undefined(ratings: Ratings, patterns: Patterns) -> str:
    """Say why alpha has no value."""
    if not patterns.n_items:
        return why_no_pairs(ratings)
    used = np.flatnonzero(np.asarray(patterns.multiplicity @ patterns.counts))
    return f"all answers are {ratings.labels[used[0]]!r}: where only one label is used, chance alone would agree and alpha says nothing"


def within_distance(ratings: Ratings, *, level: Level) -> tuple[Floats, float]:
    """Give each answer's mean δ² from the other answers on its item (NaN where there are none), and D_e over all items."""
    answers = np.bincount(ratings.item, minlength=len(ratings.items))[ratings.item]
    table = full_table(ratings, paired=answers > 1, level=level)
    patterns = fold(ratings).pairable()
    totals = np.asarray(patterns.multiplicity @ patterns.counts, dtype=np.float64)
    n = totals.sum()
    expected = float(totals @ table @ totals) / (n * (n - 1)) if n else 0.0
    total = np.zeros(len(ratings))
    order = np.argsort(ratings.item, kind="stable")
    item, label = ratings.item[order], ratings.label[order]
    active, lag = np.arange(len(order)), 0
    while len(active):
        lag += 1
        active = active[active + lag < len(order)]
        active = active[item[active] == item[active + lag]]
        apart = table[label[active], label[active + lag]]
        total[order[active]] += apart  # no answer occurs twice on one side of a lag
        total[order[active + lag]] += apart
    return quotient(total, (answers - 1).astype(np.float64)), expected


def full_table(ratings: Ratings, *, paired: npt.NDArray[np.bool_], level: Level) -> Floats:
    """Tabulate δ² for each pair of labels; ordinal labels are ranked by the answers on items with two."""
    if level is not Level.ORDINAL:
        return disagreement(ratings.labels, level=level)
    totals = np.bincount(ratings.label[paired], minlength=len(ratings.labels))
    ranks = np.cumsum(totals) - totals / 2
    return np.asarray((ranks[:, None] - ranks[None, :]) ** 2)
