"""How far apart two labels are, for each level of measurement."""

from collections.abc import Hashable, Sequence
from enum import StrEnum

import numpy as np

from isogloss.core.agreement.patterns import Floats
from isogloss.core.tables import BadTable


class Level(StrEnum):
    """What the labels mean: names, an order, numbers with a unit, numbers with a true zero, or sets of names."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"
    SETS = "sets"


class Weighting(StrEnum):
    """How much credit two different labels get; each goes from 1 for equal labels to 0 for the farthest apart."""

    IDENTITY = "identity"
    LINEAR = "linear"
    QUADRATIC = "quadratic"
    ORDINAL = "ordinal"


def numbers(labels: Sequence[Hashable]) -> Floats:
    """Read labels as numbers.

    Raises
    ------
    BadTable
        A label is not a finite number.
    """
    try:
        values = np.array([float(label) for label in labels], dtype=np.float64)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        values = np.array([np.nan])
    if not np.isfinite(values).all():
        told = ", ".join(map(str, labels[:6]))
        raise BadTable(
            f"Labels must be numbers for this level of measurement, and these are not: {told}. Ordered words are 'ordinal'.", column="label"
        )
    return values


def masi(one: frozenset[Hashable], other: frozenset[Hashable]) -> float:
    """Give the MASI distance of two sets: 1 - Jaccard x monotonicity (1 equal, 2/3 subset, 1/3 overlap, 0 disjoint).

    Two empty sets are equal. Source: Passonneau 2006, LREC, "Measuring agreement on set-valued items".

    Examples
    --------
    >>> round(masi(frozenset("ab"), frozenset("abc")), 3)
    0.556
    """
    if one == other:
        return 0.0
    shared = len(one & other)
    if not shared:
        return 1.0
    monotonicity = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1 - shared / len(one | other) * monotonicity


def masi_table(sets: Sequence[frozenset[Hashable]]) -> Floats:
    """Tabulate the MASI distance of each pair of sets."""
    members = {member: column for column, member in enumerate(dict.fromkeys(member for given in sets for member in given))}
    holds = np.zeros((len(sets), len(members)))
    for row, given in enumerate(sets):
        holds[row, [members[member] for member in given]] = 1
    size = holds.sum(axis=1)
    shared = holds @ holds.T
    union = size[:, None] + size[None, :] - shared
    monotonicity = np.where(shared == np.minimum(size[:, None], size[None, :]), 2 / 3, 1 / 3)
    distance = 1 - np.divide(shared, union, out=np.zeros_like(shared), where=union > 0) * monotonicity
    return np.where(shared == union, 0.0, distance)


def disagreement(labels: Sequence[Hashable], *, level: Level) -> Floats:
    """Tabulate δ² for each pair of labels, shape (labels, labels); not for ordinal labels, whose distances depend on their frequency."""
    if level is Level.SETS:
        return masi_table([frozenset(label) if isinstance(label, (frozenset, tuple)) else frozenset((label,)) for label in labels])
    if level is Level.NOMINAL:
        return np.asarray(1.0 - np.eye(len(labels)))
    values = numbers(labels)
    difference = values[:, None] - values[None, :]
    if level is Level.INTERVAL:
        return np.asarray(difference**2)
    if (values < 0).any():
        raise BadTable("Labels on a ratio scale cannot be negative: choose 'interval'.", column="label")
    total = values[:, None] + values[None, :]
    return np.asarray(np.divide(difference, total, out=np.zeros_like(difference), where=total > 0) ** 2)


def credit(labels: Sequence[Hashable], *, weighting: Weighting) -> Floats:
    """Tabulate the credit for each pair of labels, shape (labels, labels), by their position in the vocabulary."""
    size = len(labels)
    apart = np.abs(np.arange(size)[:, None] - np.arange(size)[None, :]).astype(np.float64)
    farthest = max(size - 1, 1)
    if weighting is Weighting.IDENTITY:
        return np.eye(size)
    if weighting is Weighting.LINEAR:
        return np.asarray(1 - apart / farthest)
    if weighting is Weighting.QUADRATIC:
        return np.asarray(1 - (apart / farthest) ** 2)
    return np.asarray(1 - apart * (apart + 1) / (farthest * (farthest + 1)))
