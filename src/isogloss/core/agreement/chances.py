"""Percent agreement, Fleiss' kappa and Gwet's AC1 and AC2: one observed agreement, three ideas of chance."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np

from isogloss.core.agreement.distances import Weighting, credit
from isogloss.core.agreement.intervals import DEFAULT, Bootstrap, Formula, Statistic, beyond_chance, estimate, of_sums, quotient
from isogloss.core.agreement.patterns import Floats, Patterns, beside, fold, quadratic_form
from isogloss.core.agreement.undefined import why_no_pairs
from isogloss.core.estimates import Estimate
from isogloss.core.tables import Ratings

Chance = Callable[[Floats], Floats]  # from shares of shape (resamples, labels) to agreement by chance


def percent_agreement(ratings: Ratings, *, weighting: Weighting = Weighting.IDENTITY, bootstrap: Bootstrap = DEFAULT) -> Estimate:
    """Estimate the share of pairs of answers on the same item that agree, each item counting once.

    Parameters
    ----------
    ratings : Ratings
        Answers; items with a single one do not count.
    weighting : Weighting
        Credit w_ck for two different labels, by their position in `ratings.labels`.
    bootstrap : Bootstrap
        Items are resampled with all their answers.

    Returns
    -------
    Estimate
        A share between 0 and 1.

    Notes
    -----
    With n_uk answers of label k among m_u on item u: p_o = mean over items of Σ_k n_uk (Σ_l w_kl n_ul - 1) / (m_u (m_u - 1)).
    Undefined when no item has two answers. It is not corrected for chance: on rare labels it is high whatever people do.

    References
    ----------
    Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition, chapter 2.

    Examples
    --------
    >>> ratings = Ratings.from_columns(item=["a", "a", "b", "b"], worker=["ana", "ben"] * 2, label=["yes", "yes", "yes", "no"])
    >>> percent_agreement(ratings).value
    0.5
    """
    name = "percent agreement" if weighting is Weighting.IDENTITY else f"percent agreement, {weighting} weights"
    return estimate(corrected(ratings, name=name, weighting=weighting, chance=None), bootstrap=bootstrap)


def fleiss_kappa(ratings: Ratings, *, bootstrap: Bootstrap = DEFAULT) -> Estimate:
    """Estimate Fleiss' kappa: agreement of any people, where chance is that all draw from one common distribution of labels.

    Parameters
    ----------
    ratings : Ratings
        Answers. Items may have different numbers of them (the generalisation of Gwet 2014); items with a single one count for the
        distribution of labels only.
    bootstrap : Bootstrap
        Items are resampled with all their answers.

    Returns
    -------
    Estimate
        No unit, 1 at most, 0 is chance.

    Notes
    -----
    κ = (p_o - p_e) / (1 - p_e), p_o as in `percent_agreement`, p_e = Σ_k π_k², π_k = mean over items of n_uk / m_u.
    Undefined when no item has two answers, and when all answers are one label (p_e = 1).

    References
    ----------
    Fleiss 1971, doi:10.1037/h0031619; Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition, chapter 3.

    Examples
    --------
    >>> ratings = Ratings.from_columns(
    ...     item=["a", "a", "b", "b", "c", "c", "d", "d"],
    ...     worker=["ana", "ben"] * 4,
    ...     label=["yes", "yes", "no", "no", "yes", "no", "no", "no"],
    ... )
    >>> round(fleiss_kappa(ratings).value, 4)
    0.4667
    """
    return estimate(corrected(ratings, name="Fleiss' kappa", chance=lambda shares: (shares**2).sum(axis=1)), bootstrap=bootstrap)


def gwet_ac1(ratings: Ratings, *, bootstrap: Bootstrap = DEFAULT) -> Estimate:
    """Estimate Gwet's AC1: agreement beyond chance, where only answers to hard items are taken for guesses.

    Parameters
    ----------
    ratings : Ratings
        Answers; `ratings.labels` must hold every label that could be given, used or not: their number enters the formula.
    bootstrap : Bootstrap
        Items are resampled with all their answers.

    Returns
    -------
    Estimate
        No unit, 1 at most, 0 is chance.

    Notes
    -----
    AC1 = (p_o - p_e) / (1 - p_e), p_o as in `percent_agreement`, p_e = Σ_k π_k (1 - π_k) / (q - 1), π_k = mean over items of
    n_uk / m_u, q the number of declared labels. (With Σ π_k² in its place it would be Scott's π.) Undefined when no item has two
    answers, and with one declared label.

    References
    ----------
    Gwet 2008, doi:10.1348/000711006X126600.

    Examples
    --------
    >>> ratings = Ratings.from_columns(
    ...     item=["a", "a", "b", "b", "c", "c", "d", "d"],
    ...     worker=["ana", "ben"] * 4,
    ...     label=["yes", "yes", "no", "no", "yes", "no", "no", "no"],
    ... )
    >>> round(gwet_ac1(ratings).value, 4)
    0.5294
    """
    return estimate(corrected(ratings, name="Gwet's AC1", chance=gwet_chance(ratings, Weighting.IDENTITY)), bootstrap=bootstrap)


def gwet_ac2(ratings: Ratings, *, weighting: Weighting = Weighting.QUADRATIC, bootstrap: Bootstrap = DEFAULT) -> Estimate:
    """Estimate Gwet's AC2: AC1 with part of the credit for labels that are near each other.

    Parameters
    ----------
    ratings : Ratings
        Answers; `ratings.labels` must hold every label that could be given, in order.
    weighting : Weighting
        Credit w_kl for two labels, by their position.
    bootstrap : Bootstrap
        Items are resampled with all their answers.

    Returns
    -------
    Estimate
        No unit, 1 at most, 0 is chance.

    Notes
    -----
    As AC1, with weighted p_o and p_e = (Σ_kl w_kl) Σ_k π_k (1 - π_k) / (q (q - 1)). Undefined as AC1.

    References
    ----------
    Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition, chapter 4.

    Examples
    --------
    >>> ratings = Ratings.from_columns(item=["a", "a", "b", "b", "c", "c"], worker=["ana", "ben"] * 3, label=[1, 1, 2, 3, 3, 3])
    >>> round(gwet_ac2(ratings, weighting=Weighting.LINEAR).value, 4)
    0.6604
    """
    name = f"Gwet's AC2, {weighting} weights"
    return estimate(corrected(ratings, name=name, weighting=weighting, chance=gwet_chance(ratings, weighting)), bootstrap=bootstrap)


def gwet_chance(ratings: Ratings, weighting: Weighting) -> Chance:
    """Give Gwet's agreement by chance for shares of labels."""
    size = len(ratings.labels)
    scale = float(credit(ratings.labels, weighting=weighting).sum()) / (size * (size - 1)) if size > 1 else np.nan
    return lambda shares: scale * (shares * (1 - shares)).sum(axis=1)


def corrected(ratings: Ratings, *, name: str, chance: Chance | None, weighting: Weighting = Weighting.IDENTITY) -> Statistic:
    """Prepare (p_o - p_e) / (1 - p_e), or p_o where there is no chance, for resampling."""
    patterns = fold(ratings)
    if chance is None:
        patterns = patterns.pairable()

    def prepare(patterns: Patterns) -> Formula:
        sums = agreement_sums(patterns, labels=ratings.labels, weighting=weighting)
        return of_sums(sums if chance is None else with_shares(sums, patterns), agreement_formula(chance))

    def flawless(weights: Floats) -> Floats:
        return prepare(patterns.with_item(farthest(patterns)))(weights)

    has_pairs = bool((patterns.answers > 1).any())
    return Statistic(
        method=name,
        multiplicity=patterns.multiplicity,
        n_ratings=patterns.n_ratings,
        evaluate=prepare(patterns),
        undefined=why_undefined(ratings) if has_pairs else why_no_pairs(ratings),
        flawless=flawless,
    )


def agreement_sums(patterns: Patterns, *, labels: Sequence[Hashable], weighting: Weighting) -> Floats:
    """Tabulate whether an item has a pair, and its agreement."""
    counts, answers = patterns.counts, patterns.answers
    if weighting is Weighting.IDENTITY:
        alike = np.asarray((counts * counts).sum(axis=1)).ravel()
    else:
        alike = quadratic_form(counts, credit(labels, weighting=weighting))
    paired = answers > 1
    agreed = np.divide(alike - answers, answers * (answers - 1), out=np.zeros(len(answers)), where=paired)
    return np.column_stack([paired, agreed])


def with_shares(sums: Floats, patterns: Patterns) -> Any:
    """Put the share of each label on an item behind the sums."""
    if isinstance(patterns.counts, np.ndarray):
        return np.column_stack([sums, patterns.counts / patterns.answers[:, None]])
    return beside(sums, patterns.counts.multiply(1 / patterns.answers[:, None]))


def agreement_formula(chance: Chance | None) -> Formula:
    """Turn sums over items into the corrected agreement."""

    def formula(sums: Floats) -> Floats:
        paired, agreed, shares = sums[:, 0], sums[:, 1], sums[:, 2:]
        observed = quotient(agreed, paired)
        if chance is None:
            return observed
        return beyond_chance(observed, chance(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-300)))

    return formula


def farthest(patterns: Patterns) -> Floats:
    """Make up an item on which two people give the two most frequent labels."""
    used = np.asarray(patterns.multiplicity @ patterns.counts)
    item = np.zeros(patterns.n_labels)
    item[np.argsort(-used, kind="stable")[:2]] = 1
    return item


def why_undefined(ratings: Ratings) -> str:
    """Say why agreement beyond chance has no value though there are pairs."""
    used = np.unique(ratings.label)
    if len(ratings.labels) == 1:
        return f"{ratings.labels[0]!r} is the only label there is: declare all labels that could be given"
    return f"all answers are {ratings.labels[used[0]]!r}: where only one label is used, chance alone would agree"
