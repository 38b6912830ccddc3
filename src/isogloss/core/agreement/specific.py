"""Agreement on one label in particular: how often a person who gives it is joined by another, and the same for its absence."""

from collections.abc import Hashable

import numpy as np
import numpy.typing as npt

from isogloss.core.agreement.intervals import DEFAULT, Bootstrap, Formula, Statistic, estimate, of_sums, quotient
from isogloss.core.agreement.patterns import Floats, Patterns, fold
from isogloss.core.agreement.undefined import why_no_pairs
from isogloss.core.estimates import Estimate
from isogloss.core.tables import BadTable, Ratings


def positive_agreement(ratings: Ratings, *, label: Hashable, bootstrap: Bootstrap = DEFAULT) -> Estimate:
    """Estimate the chance that an answer `label` is joined by another person's answer to the same item.

    Parameters
    ----------
    ratings : Ratings
        Answers; items with a single one do not count.
    label : hashable
        One of `ratings.labels`; where answers are sets, a member of them.
    bootstrap : Bootstrap
        Items are resampled with all their answers.

    Returns
    -------
    Estimate
        A share between 0 and 1.

    Notes
    -----
    For two people 2a / (2a + b + c), a the items both gave the label, b and c those only one did; in general, with n_u answers of the
    label among m_u on item u, Σ_u n_u (n_u - 1) / Σ_u n_u (m_u - 1). Undefined when nobody gave the label to an item with two answers.

    References
    ----------
    Cicchetti and Feinstein 1990, doi:10.1016/0895-4356(90)90159-M; de Vet et al. 2017, J. Clin. Epidemiol. 83:85-89 (more people).

    Examples
    --------
    >>> ratings = Ratings.from_columns(
    ...     item=["a", "a", "b", "b", "c", "c", "d", "d"],
    ...     worker=["ana", "ben"] * 4,
    ...     label=["yes", "yes", "no", "no", "yes", "no", "no", "no"],
    ... )
    >>> round(positive_agreement(ratings, label="yes").value, 4)
    0.6667
    """
    return estimate(specific(ratings, giving(ratings, label), label=label, present=True), bootstrap=bootstrap)


def negative_agreement(ratings: Ratings, *, label: Hashable, bootstrap: Bootstrap = DEFAULT) -> Estimate:
    """Estimate the chance that an answer other than `label` is joined by another person's answer that is not `label` either.

    Parameters
    ----------
    ratings : Ratings
        Answers; items with a single one do not count.
    label : hashable
        One of `ratings.labels`; where answers are sets, a member of them.
    bootstrap : Bootstrap
        Items are resampled with all their answers.

    Returns
    -------
    Estimate
        A share between 0 and 1.

    Notes
    -----
    For two people 2d / (2d + b + c), d the items to which neither gave the label; in general as `positive_agreement`, with all other
    labels taken together. Undefined when everybody always gave the label.

    References
    ----------
    Cicchetti and Feinstein 1990, doi:10.1016/0895-4356(90)90159-M.

    Examples
    --------
    >>> ratings = Ratings.from_columns(
    ...     item=["a", "a", "b", "b", "c", "c", "d", "d"],
    ...     worker=["ana", "ben"] * 4,
    ...     label=["yes", "yes", "no", "no", "yes", "no", "no", "no"],
    ... )
    >>> round(negative_agreement(ratings, label="yes").value, 4)
    0.8
    """
    return estimate(specific(ratings, giving(ratings, label), label=label, present=False), bootstrap=bootstrap)


def giving(ratings: Ratings, label: Hashable) -> npt.NDArray[np.bool_]:
    """Tell which answers give the label; where answers are sets, which hold it."""
    if label in ratings.labels:
        return np.asarray(ratings.label == list(ratings.labels).index(label))
    holds = [isinstance(given, frozenset) and label in given for given in ratings.labels]
    if not any(holds):
        known = ", ".join(map(str, ratings.labels[:12]))
        raise BadTable(f"{label!r} is not one of the labels: {known}.", column="label")
    return np.array(holds)[ratings.label]


def specific(ratings: Ratings, given: npt.NDArray[np.bool_], *, label: Hashable, present: bool) -> Statistic:
    """Prepare specific agreement on a label, or on its absence, for resampling."""
    binary = ratings.relabelled((given == present).astype(np.int32), labels=("other", "this"))
    patterns = fold(binary).pairable()

    def prepare(patterns: Patterns) -> Formula:
        these = np.asarray(patterns.counts)[:, 1]
        return of_sums(np.column_stack([these * (these - 1), these * (patterns.answers - 1)]), joined)

    def flawless(weights: Floats) -> Floats:
        return prepare(patterns.with_item(np.ones(2)))(weights)

    if patterns.n_items:
        what = "nobody gave" if present else "everybody always gave"
        reason = f"{what} {label!r} on the items with two answers"
    else:
        reason = why_no_pairs(ratings)
    name = f"{'positive' if present else 'negative'} agreement on {label!r}"
    return Statistic(name, patterns.multiplicity, patterns.n_ratings, prepare(patterns), reason, flawless)


def joined(sums: Floats) -> Floats:
    """Divide the joined answers by those that could have been."""
    return quotient(sums[:, 0], sums[:, 1])
