"""The answers of a rating table sorted by item, for sweeps that compute posteriors and soft counts block by block."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from isogloss.core.tables import Ratings

Floats = npt.NDArray[np.floating[Any]]
Codes = npt.NDArray[np.int32]
Counts = npt.NDArray[np.signedinteger[Any]]

BLOCK_ANSWERS = 60_000  # a block's codes, scores and the table stay within a second-level cache
BLOCK_CELLS = 160_000
SINGLE_PRECISION_FROM = 500_000  # answers; beyond, memory and bandwidth cost more than the seventh digit is worth
THREADS_FROM = 2_000_000
BLOCKS_IN_SINGLE = 16
SHALLOW = -60.0  # exp of it is a normal number in single precision


class Block(NamedTuple):
    """A run of items with the sparse matrix of its answers and the transpose, which share their arrays."""

    first: int
    last: int
    matrix: Any  # (items, people × labels), ones
    transposed: Any
    longest: int  # most answers of an item


class Sweep(NamedTuple):
    """What one pass over all items leaves."""

    counts: npt.NDArray[np.float64]  # (people × labels, classes): how often a person gave a label to items of a class
    classes: npt.NDArray[np.float64]  # (classes,): items in each class
    log_likelihood: float
    change: float  # largest change of any item's posterior


@dataclass(frozen=True, eq=False)
class Incidence:
    """Answers sorted by item; `code` is person × n_labels + label, the row of a table with one column for each class.

    `starts[i]:starts[i + 1]` are the answers to item i, `order` their rows in the rating table (None when that was sorted already).
    """

    n_items: int
    n_people: int
    n_labels: int
    starts: Counts
    code: Codes

    @classmethod
    def of(cls, ratings: Ratings) -> "Incidence":
        """Sort the answers of a rating table by item."""
        item, n_items, n_labels = ratings.item, len(ratings.items), len(ratings.labels)
        starts: Counts = np.zeros(n_items + 1, dtype=np.int32 if len(item) < np.iinfo(np.int32).max else np.int64)
        np.cumsum(np.bincount(item, minlength=n_items), out=starts[1:], dtype=starts.dtype)
        code = ratings.person.astype(np.int32)
        code *= np.int32(n_labels)
        code += ratings.label
        if len(item) and (item[1:] < item[:-1]).any():
            code = sort_by_item(item, code=code, starts=starts)
        return cls(n_items=n_items, n_people=len(ratings.people), n_labels=n_labels, starts=starts, code=code)

    def __len__(self) -> int:
        """Count the answers."""
        return len(self.code)

    def answers_where(self, keep: npt.NDArray[np.bool_]) -> "Incidence":
        """Keep some of the sorted answers; items and people stay, some perhaps without an answer."""
        starts = np.concatenate([[0], np.cumsum(keep)])[self.starts]
        return replace(self, starts=starts, code=self.code[keep])

    def items_at(self, chosen: npt.NDArray[np.int64]) -> "Incidence":
        """Keep some of the items (ascending positions), numbered anew; people stay."""
        keep = np.zeros(self.n_items, dtype=bool)
        keep[chosen] = True
        lengths = self.per_item[chosen]
        return replace(
            self, n_items=len(chosen), starts=np.concatenate([[0], np.cumsum(lengths)]), code=self.code[np.repeat(keep, self.per_item)]
        )

    @property
    def dtype(self) -> type[np.floating[Any]]:
        """Single precision from half a million answers on."""
        return np.float64 if len(self) < SINGLE_PRECISION_FROM else np.float32

    @property
    def per_item(self) -> Counts:
        """How many answers each item has."""
        return np.diff(self.starts)

    @cached_property
    def item(self) -> Codes:
        """The item of each sorted answer."""
        return np.repeat(np.arange(self.n_items, dtype=np.int32), self.per_item)

    @cached_property
    def person(self) -> Codes:
        """The person of each sorted answer."""
        return self.code // np.int32(self.n_labels)

    @cached_property
    def label(self) -> Codes:
        """The label of each sorted answer."""
        return self.code % np.int32(self.n_labels)

    @cached_property
    def given(self) -> npt.NDArray[np.int64]:
        """How often each person gave each label: (people, labels)."""
        return np.bincount(self.code, minlength=self.n_people * self.n_labels).reshape(self.n_people, self.n_labels)

    def per_item_between(self, first: int, last: int) -> Counts:
        """How many answers the items from `first` to before `last` have."""
        return np.diff(self.starts[first : last + 1])

    @cached_property
    def kept_votes(self) -> dict[int, npt.NDArray[np.int64]]:
        """Votes of runs of items that were counted before; several steps ask for the same ones."""
        return {}

    def votes(self, first: int, last: int) -> npt.NDArray[np.int64]:
        """How many answers of each of the items `first` to before `last` (a run of `bounds`) have each label."""
        kept = self.kept_votes.get(first)
        if kept is None:
            kept = self.count_votes(first, last)
            if len(self) < THREADS_FROM:  # beyond, the memory is worth more than the time
                self.kept_votes[first] = kept
        return kept

    def count_votes(self, first: int, last: int) -> npt.NDArray[np.int64]:
        """Count the answers of a run of items by label."""
        k = self.n_labels
        rows = np.repeat(np.arange(last - first) * k, self.per_item_between(first, last))
        given = self.code[self.starts[first] : self.starts[last]] % np.int32(k)
        return np.bincount(rows + given, minlength=(last - first) * k).reshape(last - first, k)

    @cached_property
    def bounds(self) -> list[tuple[int, int]]:
        """The items in runs of bounded size."""
        return cut(self.starts, n_labels=self.n_labels)

    @cached_property
    def blocks(self) -> Sequence[Block]:
        """The runs of `bounds` with their matrices."""
        from scipy import sparse

        widest = max((int(self.starts[b] - self.starts[a]) for a, b in self.bounds), default=0)
        ones = np.ones(widest, dtype=self.dtype)
        made = []
        for first, last in self.bounds:
            low, high = self.starts[first], self.starts[last]
            pointers = (self.starts[first : last + 1] - low).astype(np.int32)
            shape = (last - first, self.n_people * self.n_labels)
            matrix = sparse.csr_array((ones[: high - low], self.code[low:high], pointers), shape=shape)
            transposed = matrix.T
            matrix.indices = transposed.indices = self.code[low:high]  # SciPy copied it: 40 MB for ten million answers
            made.append(Block(first, last, matrix=matrix, transposed=transposed, longest=int(np.diff(pointers).max(initial=0))))
        return made

    def scores(self, table: Floats) -> Floats:
        """Sum, for each item, the table's rows of its answers: (items, classes)."""
        table = np.ascontiguousarray(table, dtype=self.dtype)
        out = np.empty((self.n_items, table.shape[1]), dtype=self.dtype)
        for first, last, matrix, _, _ in self.blocks:
            out[first:last] = matrix @ table
        return out

    def counts(self, posterior: Floats) -> npt.NDArray[np.float64]:
        """Sum, for each (person, label), the posteriors of the items it was given to: (people × labels, classes)."""
        total = np.zeros((self.n_people * self.n_labels, posterior.shape[1]))
        for first, last, _, transposed, _ in self.blocks:
            total += transposed @ posterior[first:last]
        return total

    def sweep(
        self,
        table: Floats,
        *,
        log_prior: Floats,
        posterior: Floats,
        fixed: "Fixed | None" = None,
        wants_posterior: bool = True,
        wants_change: bool = True,
    ) -> Sweep:
        """Count answers by the posterior that `table` (log-probabilities) implies, and write it over `posterior` if wanted, in one pass."""
        table = np.ascontiguousarray(table, dtype=self.dtype)
        log_prior = log_prior.astype(self.dtype)
        n_threads = min(os.cpu_count() or 1, 4) if len(self) >= THREADS_FROM else 1
        shares = [self.blocks[turn::n_threads] for turn in range(n_threads)]

        def sweep_share(blocks: Sequence[Block]) -> Sweep:
            return sweep_blocks(
                blocks,
                table=table,
                log_prior=log_prior,
                posterior=posterior,
                fixed=fixed,
                wants_posterior=wants_posterior or wants_change,
                wants_change=wants_change,
            )

        if n_threads == 1:
            return sweep_share(shares[0])
        with ThreadPoolExecutor(n_threads) as pool:  # NumPy and SciPy release the interpreter lock inside a block
            parts = list(pool.map(sweep_share, shares))
        return Sweep(
            counts=np.sum([part.counts for part in parts], axis=0),
            classes=np.sum([part.classes for part in parts], axis=0),
            log_likelihood=sum(part.log_likelihood for part in parts),
            change=max(part.change for part in parts),
        )


@dataclass(frozen=True, eq=False)
class Fixed:
    """Items whose class is known: gold enters as a posterior that no sweep may move."""

    item: npt.NDArray[np.int64]  # ascending
    label: npt.NDArray[np.int64]

    def apply(self, posterior: Floats, *, first: int, last: int, share: Floats | None = None, prior: Floats | None = None) -> None:
        """Set the rows of known items among `first` to `last` to their class; `posterior` holds those rows.

        Given `share` and `prior` the posterior is still without these factors, of rows and of columns.
        """
        low, high = np.searchsorted(self.item, (first, last))
        rows, label = self.item[low:high] - first, self.label[low:high]
        posterior[rows] = 0
        posterior[rows, label] = 1 if prior is None else 1 / prior[label]
        if share is not None:
            share[rows] = 1


def sweep_blocks(
    blocks: Sequence[Block],
    *,
    table: Floats,
    log_prior: Floats,
    posterior: Floats,
    fixed: Fixed | None,
    wants_posterior: bool,
    wants_change: bool,
) -> Sweep:
    """Sweep some of the blocks: scores, posterior and soft counts of one block before the next, while they are in the cache.

    Where scores cannot underflow, a block stays as exp of the scores: its rows are divided by their sums inside the product that counts
    answers, its columns multiplied by the prior in the counts. Touching all cells once more costs more than the products do.
    """
    counts, classes = np.zeros(table.shape), np.zeros(table.shape[1])
    partial = np.zeros(table.shape, dtype=table.dtype)
    log_likelihood, change = 0.0, 0.0 if wants_change else np.inf
    longest = max((matrix.longest for matrix in blocks), default=0)
    is_shallow = float(log_prior.min(initial=0.0)) + longest * float(table.min(initial=0.0)) > SHALLOW
    prior = np.exp(log_prior) if is_shallow else np.ones_like(log_prior)
    for turn, (first, last, matrix, transposed, _) in enumerate(blocks, start=1):
        scores = matrix @ table
        if not is_shallow:
            scores += log_prior
        top = 0.0 if is_shallow else take_off_the_highest(scores)
        np.exp(scores, out=scores)
        total = scores @ prior
        log_likelihood += float(np.log(total).sum(dtype=np.float64)) + top
        share = np.reciprocal(total)
        if fixed is not None:
            fixed.apply(scores, first=first, last=last, share=share, prior=prior)
        partial += weighted(transposed, share, lengths=np.diff(matrix.indptr)) @ scores
        classes += share @ scores
        if turn % BLOCKS_IN_SINGLE == 0:  # single precision adds few blocks before the sum moves to double
            counts += partial
            partial[:] = 0
        if not wants_posterior:
            continue
        scores *= share[:, None] * prior
        if wants_change:
            old = posterior[first:last]
            change = max(change, float(np.abs(np.subtract(old, scores, out=old), out=old).max(initial=0.0)))
        posterior[first:last] = scores
    return Sweep(counts=(counts + partial) * prior, classes=classes * prior, log_likelihood=log_likelihood, change=change)


def weighted(transposed: Any, share: Floats, *, lengths: Codes) -> Any:
    """Give an incidence matrix, ones so far, the weight of its item at each answer."""
    out = copy(transposed)
    out.data = np.repeat(share, lengths)
    return out


def take_off_the_highest(scores: Floats) -> float:
    """Subtract from each row its highest score, so that exp cannot underflow in all of it, and return the sum of what was taken off."""
    top = scores[:, 0].copy()
    for column in range(1, scores.shape[1]):  # faster than a reduction over a short axis
        np.maximum(top, scores[:, column], out=top)
    scores -= top[:, None]
    return float(top.sum(dtype=np.float64))


def normalise(scores: Floats) -> None:
    """Turn rows of log-scores into probabilities in place."""
    take_off_the_highest(scores)
    np.exp(scores, out=scores)
    scores *= np.reciprocal(scores @ np.ones(scores.shape[1], dtype=scores.dtype))[:, None]


def cut(starts: Counts, *, n_labels: int) -> list[tuple[int, int]]:
    """Cut the items into runs of bounded size."""
    n_items = len(starts) - 1
    rows = max(BLOCK_CELLS // n_labels, 1)
    bounds = []
    first = 0
    while first < n_items:
        last = min(first + rows, int(np.searchsorted(starts, starts[first] + BLOCK_ANSWERS)), n_items)
        last = max(last, first + 1)
        bounds.append((first, last))
        first = last
    return bounds


def sort_by_item(item: Codes, *, code: Codes, starts: Counts) -> Codes:
    """Sort codes by item, keeping the order within an item; by ranges of items, so that little memory is needed at a time."""
    from scipy import sparse

    n_items = len(starts) - 1
    out = np.empty_like(code)
    n_ranges = max(1, len(code) // 2_000_000)
    bounds = [*np.searchsorted(starts, np.linspace(0, len(code), n_ranges + 1)[:-1]).tolist(), n_items]
    for first, last in pairwise(bounds):
        chosen = slice(None) if n_ranges == 1 else np.flatnonzero((item >= first) & (item < last))
        rows = item[chosen] - np.int32(first)
        columns = sparse.csc_array((code[chosen], rows, np.arange(len(rows) + 1, dtype=np.int32)), shape=(last - first, len(rows)))
        out[starts[first] : starts[last]] = columns.tocsr().data  # a counting sort: linear, unlike argsort
    return out
