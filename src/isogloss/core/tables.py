"""The one table that every quality statistic reads: who gave which label to which item, as integer codes."""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from isogloss.core.text_codes import factorise_texts

Codes = npt.NDArray[np.int32]
Column = Sequence[Hashable] | npt.NDArray[np.generic]
MISSING = -1
AT_A_TIME = 1_000_000
MOST_NEIGHBOURS = 6  # answers of an item; comparing each with each beyond costs more than sorting


class BadTable(ValueError):
    """The columns cannot be read as ratings; the message says where and what to do."""

    def __init__(self, message: str, *, column: str | None = None, row: int | None = None) -> None:
        super().__init__(message)
        self.column = column
        self.row = row


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """One row for each answer that counts, in the order given: `item`, `person` and `label` are positions in the three vocabularies.

    A person counts once per item: of several answers the first one stands and `n_repeats` says how many were left out. Answers
    without a label are left out too (`n_unlabelled`). `rows` are the positions, in the columns given, of the rows that are kept;
    it is None when all were.
    """

    items: Sequence[Hashable]
    people: Sequence[Hashable]
    labels: Sequence[Hashable]
    item: Codes
    person: Codes
    label: Codes
    languages: Sequence[Hashable] = ()
    language: Codes | None = None  # one for each entry of `items`; -1 where it is not known
    n_repeats: int = 0
    n_unlabelled: int = 0
    rows: npt.NDArray[np.int64] | None = None

    def __len__(self) -> int:
        """Count the answers."""
        return len(self.item)

    @classmethod
    def from_columns(
        cls, *, item: Column, worker: Column, label: Column, labels: Sequence[Hashable] | None = None, language: Column | None = None
    ) -> Self:
        """Read four equally long columns; `labels` declares the possible labels in their order, otherwise those that occur are sorted.

        Items and people are numbered by first appearance (arrays of numbers: ascending). An item's language is the one on its first row.

        Raises
        ------
        BadTable
            Columns of different length, no rows, a missing id, labels of mixed kinds or a label that was not declared.
        """
        check_lengths(item=item, worker=worker, label=label, language=language)
        item_codes, items = factorise(item)
        person_codes, people = factorise(worker)
        refuse_missing(item_codes, column="item")
        refuse_missing(person_codes, column="worker")
        label_codes, found = factorise(freeze(label))
        label_codes, vocabulary = order_labels(label_codes, found, labels)
        language_of_item: Codes | None = None
        languages: Sequence[Hashable] = ()
        if language is not None:
            language_codes, languages = factorise(language)
            language_of_item = first_of_each(item_codes, language_codes, n=len(items))
        kept, n_unlabelled, n_repeats = rows_that_count(item_codes, person_codes, label_codes, n_people=len(people))
        if kept is not None:
            item_codes, person_codes, label_codes = item_codes[kept], person_codes[kept], label_codes[kept]
        if len(item_codes) == 0:
            raise BadTable("No row has a label: there is nothing to compute.", column="label")
        return cls(
            items=items,
            people=people,
            labels=vocabulary,
            item=item_codes,
            person=person_codes,
            label=label_codes,
            languages=languages,
            language=language_of_item,
            n_repeats=n_repeats,
            n_unlabelled=n_unlabelled,
            rows=kept,
        )

    def where(self, keep: npt.NDArray[np.bool_]) -> Self:
        """Keep the answers where `keep` (one for each answer) is true; the vocabularies stay, so codes mean the same."""
        rows = np.flatnonzero(keep) if self.rows is None else self.rows[keep]
        return type(self)(
            items=self.items,
            people=self.people,
            labels=self.labels,
            item=self.item[keep],
            person=self.person[keep],
            label=self.label[keep],
            languages=self.languages,
            language=self.language,
            n_repeats=self.n_repeats,
            n_unlabelled=self.n_unlabelled,
            rows=rows,
        )

    def relabelled(self, label: Codes, *, labels: Sequence[Hashable]) -> Self:
        """Give the same answers other labels: `label` holds positions in `labels`, one for each answer."""
        return type(self)(
            items=self.items,
            people=self.people,
            labels=labels,
            item=self.item,
            person=self.person,
            label=label,
            languages=self.languages,
            language=self.language,
            n_repeats=self.n_repeats,
            n_unlabelled=self.n_unlabelled,
            rows=self.rows,
        )


def check_lengths(**columns: Column | None) -> None:
    """Refuse columns of different length, and columns without rows."""
    lengths = {name: len(column) for name, column in columns.items() if column is not None}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length:,}" for name, length in lengths.items())
        raise BadTable(f"The columns differ in length ({told} rows): each row needs one of each.")
    if not next(iter(lengths.values())):
        raise BadTable("The table has no rows: give at least one answer (item, worker, label).")


def factorise(values: Column) -> tuple[Codes, Sequence[Hashable]]:
    """Give each row the position of its value in the vocabulary, and the vocabulary; None, NaN and masked cells are -1.

    Texts are numbered by their bytes where they are regular enough, else by one pass over a dictionary, below Python's interpreter loop:
    half of what sorting them costs (np.unique).
    """
    if isinstance(values, np.ma.MaskedArray):
        hidden = np.ma.getmaskarray(values)
        codes, vocabulary = factorise(np.asarray(values.data)[~hidden])
        spread = np.full(len(values), MISSING, dtype=np.int32)
        spread[~hidden] = codes
        return spread, vocabulary
    if isinstance(values, np.ndarray):
        if values.dtype.kind in "iu" and len(values):
            return factorise_integers(values)
        if values.dtype.kind == "f":
            return factorise_floats(values)
        values = values.tolist()
    numbered = factorise_texts(values) if isinstance(values, list) else None
    if numbered is not None:
        return numbered
    index: defaultdict[Hashable, int] = defaultdict(count().__next__)  # a value met for the first time gets the next number
    codes = np.fromiter(map(index.__getitem__, values), dtype=np.int32, count=len(values))
    vocabulary = list(index)
    if any(value is None or value != value for value in vocabulary):  # noqa: PLR0124  only NaN differs from itself
        present = [value is not None and value == value for value in vocabulary]  # noqa: PLR0124  as above
        renumbered = np.where(present, np.cumsum(present) - 1, MISSING).astype(np.int32)
        return renumbered[codes], [value for value, here in zip(vocabulary, present, strict=True) if here]
    return codes, vocabulary


def factorise_integers(values: npt.NDArray[np.generic]) -> tuple[Codes, Sequence[Hashable]]:
    """Take integers in ascending order; codes that already run from 0 without a gap are taken as they are, uncopied when int32."""
    low, high = int(values.min()), int(values.max())
    span = high - low + 1
    if span > 4 * len(values) + 1024:
        distinct, inverse = np.unique(values, return_inverse=True)
        return inverse.astype(np.int32), distinct.tolist()
    offsets = values if low == 0 else values - np.asarray(low, dtype=values.dtype)
    seen = np.zeros(span, dtype=bool)
    seen[offsets] = True
    if seen.all():
        return offsets.astype(np.int32, copy=False), range(low, high + 1)
    numbers = (np.cumsum(seen) - 1).astype(np.int32)
    return numbers[offsets], (np.flatnonzero(seen) + low).tolist()


def factorise_floats(values: npt.NDArray[np.generic]) -> tuple[Codes, Sequence[Hashable]]:
    """Take floats in ascending order; NaN is missing."""
    distinct, inverse = np.unique(values, return_inverse=True, equal_nan=True)
    codes = inverse.astype(np.int32)
    if len(distinct) and np.isnan(distinct[-1]):
        codes[codes == len(distinct) - 1] = MISSING
        distinct = distinct[:-1]
    return codes, distinct.tolist()


def refuse_missing(codes: Codes, *, column: str) -> None:
    """Refuse rows without an id, naming the first."""
    if codes.min() == MISSING:
        row = int(np.argmax(codes == MISSING)) + 1
        raise BadTable(f"Row {row:,} has no {column}: fill it in or leave the row out.", column=column, row=row)


def freeze(label: Column) -> Column:
    """Make labels hashable: sets become frozen sets, lists (rankings) tuples; other columns are returned as they are."""
    if isinstance(label, np.ndarray) and label.dtype != object:
        return label
    first = next((value for value in label if value is not None), None)
    if isinstance(first, set):
        return [frozenset(value) if isinstance(value, Iterable) else value for value in label]
    if isinstance(first, list):
        return [tuple(value) if isinstance(value, Iterable) else value for value in label]
    return label


def order_labels(codes: Codes, found: Sequence[Hashable], declared: Sequence[Hashable] | None) -> tuple[Codes, Sequence[Hashable]]:
    """Renumber labels to the declared order, or to a sorted one: numbers and digits by size, sets by their members."""
    if declared is None:
        refuse_mixed_kinds(codes, found)
        vocabulary: Sequence[Hashable] = found if isinstance(found, range) else sort_labels(found)
    else:
        vocabulary = list(declared)
    if list(vocabulary) == list(found):
        return codes, vocabulary
    index = dict(zip(vocabulary, range(len(vocabulary)), strict=True))
    renumbered = np.array([index.get(value, -2) for value in found] + [MISSING], dtype=np.int32)  # the last entry answers for -1
    ordered = renumbered[codes]
    if ordered.size and ordered.min() < MISSING:
        row = int(np.argmax(ordered < MISSING)) + 1
        known = ", ".join(map(str, vocabulary[:12]))
        raise BadTable(f"Row {row:,} has the label {found[codes[row - 1]]!r}, which is not one of: {known}.", column="label", row=row)
    return ordered, vocabulary


def refuse_mixed_kinds(codes: Codes, found: Sequence[Hashable]) -> None:
    """Refuse a label column that holds, say, both text and numbers: "1" and 1 would count as a disagreement."""
    if isinstance(found, range) or not found:
        return
    kinds = [kind_of(value) for value in found]
    if len(set(kinds)) > 1:
        odd = next(position for position, kind in enumerate(kinds) if kind != kinds[0])
        row = int(np.argmax(codes == odd)) + 1
        raise BadTable(
            f"Row {row:,} has the label {found[odd]!r} ({kinds[odd]}) where earlier rows have {kinds[0]}: give all labels as one kind.",
            column="label",
            row=row,
        )


def kind_of(value: Hashable) -> str:
    """Name the kind of a label for people."""
    if isinstance(value, (bool, np.bool_)):
        return "true/false"
    if isinstance(value, (int, float, np.number)):
        return "a number"
    if isinstance(value, frozenset):
        return "a set"
    return "text" if isinstance(value, str) else type(value).__name__


def sort_labels(found: Sequence[Any]) -> list[Hashable]:
    """Sort labels of one kind: text that is all numbers by size, sets by their members."""
    if found and isinstance(found[0], frozenset):
        return sorted(found, key=lambda members: sorted(map(str, members)))
    if found and isinstance(found[0], str) and all(is_number(value) for value in found):
        return sorted(found, key=float)
    return sorted(found, key=repr) if found and isinstance(found[0], tuple) else sorted(found)


def is_number(value: Hashable) -> bool:
    """Whether a label can be read as a finite number."""
    try:
        return math.isfinite(float(value))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False


def first_of_each(group: Codes, values: Codes, *, n: int) -> Codes:
    """Take, for each of `n` groups, the value on its first row."""
    first = np.full(n, MISSING, dtype=np.int32)
    first[group[::-1]] = values[::-1]  # of several writes to one place the last stands: here the earliest row
    return first


def rows_that_count(item: Codes, person: Codes, label: Codes, *, n_people: int) -> tuple[npt.NDArray[np.int64] | None, int, int]:
    """Find the rows with a label that are the person's first on the item: (rows or None for all, rows unlabelled, rows repeated)."""
    counts = label != MISSING
    n_unlabelled = len(label) - int(np.count_nonzero(counts))
    if not n_unlabelled and is_plainly_without_repeats(item, person):
        return None, 0, 0
    pairs = pair_codes(item, person, n_people=n_people)
    if n_unlabelled:
        pairs = pairs[counts]
    pairs.sort()  # in place: with ten million answers each copy is 80 MB
    repeated = np.unique(pairs[1:][pairs[1:] == pairs[:-1]])
    del pairs
    if not len(repeated):
        return (np.flatnonzero(counts) if n_unlabelled else None), n_unlabelled, 0
    suspects = np.concatenate(
        [
            start + np.flatnonzero(counts[start : start + AT_A_TIME] & is_among(found, repeated))
            for start in range(0, len(item), AT_A_TIME)
            for found in [pair_codes(item[start : start + AT_A_TIME], person[start : start + AT_A_TIME], n_people=n_people)]
        ]
    )
    first = np.unique(pair_codes(item[suspects], person[suspects], n_people=n_people), return_index=True)[1]
    counts[np.delete(suspects, first)] = False
    return np.flatnonzero(counts), n_unlabelled, len(suspects) - len(first)


def is_plainly_without_repeats(item: Codes, person: Codes) -> bool:
    """Whether rows sorted by item show, neighbour by neighbour, that nobody answered an item twice; otherwise it takes a sort to tell."""
    if (item[1:] < item[:-1]).any():
        return False
    for lag in range(1, MOST_NEIGHBOURS + 1):
        same = item[lag:] == item[:-lag]
        if not same.any():
            return True
        if (same & (person[lag:] == person[:-lag])).any():
            return False
    return False


def pair_codes(item: Codes, person: Codes, *, n_people: int) -> npt.NDArray[np.int64]:
    """Code each (item, person) pair as one number."""
    pairs = item.astype(np.int64)
    pairs *= n_people
    pairs += person
    return pairs


def is_among(values: npt.NDArray[np.int64], ordered: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Tell which values occur in a sorted array."""
    places = np.searchsorted(ordered, values)
    places[places == len(ordered)] = 0
    return np.asarray(ordered[places] == values)
