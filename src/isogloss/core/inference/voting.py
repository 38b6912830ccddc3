"""Votes: each answer the same, or each by its person's agreement with the others."""

import numpy as np
import numpy.typing as npt

from .em import vote_shares
from .incidence import Fixed, Floats, Incidence
from .moments import Anchor
from .one_coin import person_totals

ROUNDS = 5
NOBODY = 1e-9


def majority_shares(incidence: Incidence, *, fixed: Fixed | None = None) -> Floats:
    """Share of the votes of each label; gold items have their label."""
    shares = vote_shares(incidence)
    if fixed is not None:
        fixed.apply(shares, first=0, last=len(shares))
    return shares


def weighted_shares(incidence: Incidence, *, fixed: Fixed | None = None, prior_answers: float = 4.0) -> Floats:
    """Share of the *weights* of each label: a person weighs log(a(K - 1)/(1 - a)), a their agreement with the others' weighted vote.

    Needs no confusion matrix, so it also serves thousands of labels. People no better than chance weigh (almost) nothing.
    """
    k, person, item = incidence.n_labels, incidence.person, incidence.item
    given = person_totals(incidence)
    weight = np.ones(incidence.n_people)
    shares = majority_shares(incidence, fixed=fixed)
    cell = item * np.int64(k) + incidence.label
    for _ in range(ROUNDS if k > 1 else 0):
        own = weight[person]
        sums = np.bincount(cell, own, minlength=incidence.n_items * k)
        of_item = np.bincount(item, own, minlength=incidence.n_items)
        rest = of_item[item] - own
        agrees = np.where(rest > NOBODY, (sums[cell] - own) / np.maximum(rest, NOBODY), 1 / k)  # nobody else answered: no evidence
        if fixed is not None:
            known = np.isin(item, fixed.item)
            agrees[known] = shares[item[known], incidence.label[known]]
        right = np.bincount(person, agrees, minlength=incidence.n_people)
        average = right.sum() / max(given.sum(), 1)
        accuracy = np.clip((right + prior_answers * average) / (given + prior_answers), 1e-3, 1 - 1e-3)
        weight = np.maximum(np.log(accuracy * (k - 1) / (1 - accuracy)), 1e-3)
        sums = np.bincount(cell, weight[person], minlength=incidence.n_items * k).reshape(-1, k)
        total = sums.sum(axis=1, keepdims=True)
        shares = np.where(total > 0, sums / np.maximum(total, 1e-12), 1 / k).astype(incidence.dtype)
        if fixed is not None:
            fixed.apply(shares, first=0, last=len(shares))
    return shares


def even_handed_confidence(incidence: Incidence, *, anchor: Anchor, has_pairs: bool) -> npt.NDArray[np.float64]:
    """Probability that the label with most votes is right if everybody is as accurate as agreement between pairs says.

    Where no item has two answers nothing is known about accuracy: then Laplace's rule of succession, (v + 1)/(n + K).
    """
    k = incidence.n_labels
    out = np.empty(incidence.n_items)
    gain = np.log(anchor.accuracy * (k - 1) / (1 - anchor.accuracy))
    for first, last in incidence.bounds:
        votes = incidence.votes(first, last)
        if has_pairs:
            scores = votes * gain + np.log(anchor.shares)
            chance = np.exp(scores - scores.max(axis=1, keepdims=True))
            chance /= chance.sum(axis=1, keepdims=True)
            out[first:last] = chance[np.arange(last - first), votes.argmax(axis=1)]
        else:
            out[first:last] = (votes.max(axis=1) + 1) / (votes.sum(axis=1) + k)
    return out


def has_overlap(incidence: Incidence, *, fixed: Fixed | None) -> bool:
    """Whether anything tells people apart: an item with two answers, or a gold item with one."""
    n = incidence.per_item
    return bool((n > 1).any() or (fixed is not None and n[fixed.item].any()))
