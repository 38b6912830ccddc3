"""Recognise a fit that has left the answers behind."""

import numpy as np

from .incidence import Floats, Incidence

MOST_OVERTURNED = 0.1
MOST_OVERTURNED_OF_A_LABEL = 0.6
FEWEST_ITEMS = 10


def collapse(incidence: Incidence, *, posterior: Floats) -> str | None:
    """Say why a fit is not to be trusted, or None.

    Mixture models have mirror images and degenerate optima: labels swap, or one label swallows another. Both overturn items on which
    people agree with one voice, which a sound fit does rarely: a tenth of all, or most of one label's, is taken as collapse.
    """
    if not np.isfinite(posterior).all():
        return "the fit did not produce numbers"
    k = incidence.n_labels
    unanimous, overturned = np.zeros(k, dtype=np.int64), np.zeros(k, dtype=np.int64)
    for first, last in incidence.bounds:
        votes, n = incidence.votes(first, last), incidence.per_item_between(first, last)
        agreed = np.flatnonzero((n > 1) & (np.einsum("ik,ik->i", votes, votes) == n.astype(np.int64) ** 2))  # one label has all votes
        top = incidence.code[incidence.starts[first + agreed]] % k
        moved = top[posterior[first + agreed].argmax(axis=1) != top]
        unanimous += np.bincount(top, minlength=k)
        overturned += np.bincount(moved, minlength=k)
    if overturned.sum() > MOST_OVERTURNED * unanimous.sum() and overturned.sum() >= FEWEST_ITEMS:
        return f"it overturned {overturned.sum():,} of {unanimous.sum():,} unanimous items"
    swallowed = np.flatnonzero((unanimous >= FEWEST_ITEMS) & (overturned > MOST_OVERTURNED_OF_A_LABEL * unanimous))
    if len(swallowed):
        worst = int(swallowed[0])
        return f"it overturned {overturned[worst]:,} of {unanimous[worst]:,} items unanimously given label number {worst}"
    return None
