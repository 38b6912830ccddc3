"""Counts of labels per item, with equal items folded together: what every agreement statistic is computed from."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.core.tables import Codes, Ratings

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

EXACT = 2**53  # the largest range of integers that a float64 sum keeps exactly
ROWS_AT_A_TIME = 20_000
DENSE_CELLS = 2_000_000  # 16 MB


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """Row p says that `multiplicity[p]` items have `counts[p, k]` answers with label k; `counts` is a SciPy CSR matrix when it is large.

    Items are exchangeable in every statistic here, so a resample of a million items is one multinomial draw over a few hundred
    patterns.
    """

    counts: Any  # Floats of shape (patterns, labels), or scipy.sparse.csr_array of that shape
    multiplicity: Integers

    @property
    def answers(self) -> Floats:
        """Count the answers on an item of each pattern."""
        return np.asarray(self.counts.sum(axis=1), dtype=np.float64).ravel()

    @property
    def n_items(self) -> int:
        """Count the items."""
        return int(self.multiplicity.sum())

    @property
    def n_ratings(self) -> int:
        """Count the answers."""
        return int(self.answers @ self.multiplicity)

    @property
    def n_labels(self) -> int:
        """Count the labels of the vocabulary, used or not."""
        return int(self.counts.shape[1])

    def pairable(self) -> "Patterns":
        """Keep the items with at least two answers."""
        keep = self.answers >= 2  # noqa: PLR2004  a pair
        return self if keep.all() else Patterns(self.counts[keep], self.multiplicity[keep])

    def with_item(self, counts: Floats) -> "Patterns":
        """Add a pattern that no item has yet."""
        if isinstance(self.counts, np.ndarray):
            return Patterns(np.vstack([self.counts, counts]), np.append(self.multiplicity, 0))
        from scipy.sparse import csr_array, vstack

        return Patterns(vstack([self.counts, csr_array(counts[None, :])], format="csr"), np.append(self.multiplicity, 0))


def fold(ratings: Ratings) -> Patterns:
    """Count the labels of each item and fold items with equal counts together."""
    n_items, n_labels = len(ratings.items), len(ratings.labels)
    answers = np.bincount(ratings.item, minlength=n_items)
    base = int(answers.max()) + 1
    if base**n_labels < EXACT:
        return fold_by_digits(ratings, base=base, n_items=n_items)
    return fold_by_hash(ratings, n_items=n_items)


def fold_by_digits(ratings: Ratings, *, base: int, n_items: int) -> Patterns:
    """Write an item's counts as the digits of one number, so that a single pass counts and folds.

    The digits are read back from the distinct numbers, exactly: they stay below 2⁵³.
    """
    n_labels = len(ratings.labels)
    places = np.float64(base) ** np.arange(n_labels)
    keys = np.bincount(ratings.item, weights=places[ratings.label], minlength=n_items)
    distinct, multiplicity = np.unique(keys, return_counts=True)
    rest = distinct.astype(np.int64)
    counts = np.empty((len(distinct), n_labels), dtype=np.float64)
    for k in range(n_labels):
        rest, counts[:, k] = np.divmod(rest, base)
    answered = distinct > 0
    return Patterns(counts[answered], multiplicity[answered].astype(np.int64))


def fold_by_hash(ratings: Ratings, *, n_items: int) -> Patterns:
    """Fold by two random sums; items whose first sums meet by accident are told apart by the second and are then left unfolded."""
    answers = np.bincount(ratings.item, minlength=n_items)
    rng = np.random.default_rng(20_591)  # any fixed numbers do: they only spread the labels
    spread = rng.integers(1, EXACT // (int(answers.max()) + 1), size=(2, len(ratings.labels))).astype(np.float64)
    first, second = (np.bincount(ratings.item, weights=row[ratings.label], minlength=n_items) for row in spread)
    answered = np.flatnonzero(answers)
    _, sample, inverse, multiplicity = np.unique(first[answered], return_index=True, return_inverse=True, return_counts=True)
    if np.array_equal(second[answered][sample][inverse], second[answered]):
        samples = answered[sample]
    else:
        samples, multiplicity = answered, np.ones(len(answered), dtype=np.int64)
    pattern = np.full(n_items, -1, dtype=np.int32)
    pattern[samples] = np.arange(len(samples), dtype=np.int32)
    chosen = pattern[ratings.item] >= 0
    counts = count_cells(pattern[ratings.item[chosen]], ratings.label[chosen], shape=(len(samples), len(ratings.labels)))
    return Patterns(counts, multiplicity.astype(np.int64))


def count_cells(row: Codes, column: Codes, *, shape: tuple[int, int]) -> Any:
    """Count (row, column) pairs into a matrix: dense while it is small, else sparse."""
    if shape[0] * shape[1] <= DENSE_CELLS:
        return np.bincount(row * np.int64(shape[1]) + column, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
    from scipy.sparse import csr_array

    cells = csr_array((np.ones(len(row)), (row, column)), shape=shape)
    cells.sum_duplicates()
    return cells


def beside(columns: Floats, counts: Any) -> Any:
    """Put columns before the counts, keeping them sparse when they are."""
    if isinstance(counts, np.ndarray):
        return np.column_stack([columns, counts])
    from scipy.sparse import csr_array, hstack

    return hstack([csr_array(columns.reshape(len(columns), -1)), counts], format="csr")


def quadratic_form(counts: Any, table: Floats) -> Floats:
    """Compute Σ_ck n_c n_k table_ck for each row of counts, some rows at a time."""
    parts = []
    for start in range(0, counts.shape[0], ROWS_AT_A_TIME):
        rows = counts[start : start + ROWS_AT_A_TIME]
        parts.append(np.asarray((rows * (rows @ table)).sum(axis=1)).ravel())
    return np.concatenate(parts) if parts else np.zeros(0)
