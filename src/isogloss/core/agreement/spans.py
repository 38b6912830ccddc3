"""Who marked which span of which document, as integer codes."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from isogloss.core.agreement.patterns import Integers
from isogloss.core.tables import BadTable, Codes, Column, check_lengths, factorise, order_labels, refuse_missing

Offsets = Sequence[int] | npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """One row for each distinct span; `answered` holds every (document, person) who worked on a document, with or without a mark.

    Offsets count code points, the end is exclusive. `length` has one entry for each document and is None when it was not given.
    """

    documents: Sequence[Hashable]
    people: Sequence[Hashable]
    labels: Sequence[Hashable]
    document: Codes
    person: Codes
    label: Codes
    start: Integers
    end: Integers
    answered: Integers  # shape (answers, 2)
    length: Integers | None = None

    @classmethod
    def from_columns(
        cls,
        *,
        document: Column,
        worker: Column,
        start: Offsets,
        end: Offsets,
        label: Column | None = None,
        answered: Iterable[tuple[Hashable, Hashable]] = (),
        lengths: Mapping[Hashable, int] | None = None,
    ) -> Self:
        """Read spans; `answered` lists (document, worker) pairs, so that a person who marked nothing is known to have looked.

        Raises
        ------
        BadTable
            Columns of different length, a missing id, a span that is empty or ends after its document.
        """
        looked = list(answered)
        if not len(document) and not looked:
            raise BadTable("There are no spans and nobody is said to have answered: nothing to compute.")
        if len(document):
            check_lengths(document=document, worker=worker, start=np.asarray(start), end=np.asarray(end), label=label)
        n = len(document)
        documents_code, documents = factorise([*document, *(pair[0] for pair in looked)])
        people_code, people = factorise([*worker, *(pair[1] for pair in looked)])
        refuse_missing(documents_code, column="document")
        refuse_missing(people_code, column="worker")
        found_code, found = factorise(["span"] * n if label is None else label)
        label_code, labels = order_labels(found_code, found, None)
        rows = np.column_stack(
            [documents_code[:n], people_code[:n], label_code, np.asarray(start, dtype=np.int64), np.asarray(end, dtype=np.int64)]
        )
        length = None if lengths is None else document_lengths(documents, lengths)
        refuse_bad_offsets(rows, length)
        rows = np.unique(rows, axis=0).astype(np.int64)
        return cls(
            documents=documents,
            people=people,
            labels=labels,
            document=rows[:, 0].astype(np.int32),
            person=rows[:, 1].astype(np.int32),
            label=rows[:, 2].astype(np.int32),
            start=rows[:, 3],
            end=rows[:, 4],
            answered=np.unique(np.column_stack([documents_code, people_code]), axis=0).astype(np.int64),
            length=length,
        )

    @property
    def people_on(self) -> Integers:
        """Count the people who worked on each document."""
        return np.bincount(self.answered[:, 0], minlength=len(self.documents)).astype(np.int64)

    def of_documents(self, keep: npt.NDArray[np.bool_]) -> Self:
        """Keep the documents where `keep` (one for each document) is true; the vocabularies stay."""
        rows = keep[self.document]
        return self.choose(rows, answered=self.answered[keep[self.answered[:, 0]]])

    def of_people(self, codes: Sequence[int]) -> Self:
        """Keep what these people did; the vocabularies stay."""
        return self.choose(np.isin(self.person, codes), answered=self.answered[np.isin(self.answered[:, 1], codes)])

    def of_label(self, code: int) -> Self:
        """Keep the spans with one label; who answered stays."""
        return self.choose(self.label == code, answered=self.answered)

    def choose(self, rows: npt.NDArray[np.bool_], *, answered: Integers) -> Self:
        """Keep some spans and the answers given."""
        return type(self)(
            documents=self.documents,
            people=self.people,
            labels=self.labels,
            document=self.document[rows],
            person=self.person[rows],
            label=self.label[rows],
            start=self.start[rows],
            end=self.end[rows],
            answered=answered,
            length=self.length,
        )

    def merged(self) -> Self:
        """Join a person's overlapping spans with the same label into one; spans that only touch stay two."""
        order = np.lexsort((self.end, self.start, self.label, self.person, self.document))
        columns = [column[order] for column in (self.document, self.person, self.label)]
        start, end = self.start[order], self.end[order]
        if not len(start):
            return self
        changes = np.zeros(len(start), dtype=bool)
        changes[0] = True
        for column in columns:
            changes[1:] |= column[1:] != column[:-1]
        group = np.cumsum(changes)
        stride = int(end.max()) + 1  # each group on its own stretch of one axis, so that one running maximum serves all
        reach = np.maximum.accumulate(end + group * stride)
        opens = changes.copy()
        opens[1:] |= start[1:] + group[1:] * stride >= reach[:-1]
        first = np.flatnonzero(opens)
        last = np.append(first[1:], len(start)) - 1
        return type(self)(
            documents=self.documents,
            people=self.people,
            labels=self.labels,
            document=columns[0][first],
            person=columns[1][first],
            label=columns[2][first],
            start=start[first],
            end=reach[last] - group[last] * stride,
            answered=self.answered,
            length=self.length,
        )


def document_lengths(documents: Sequence[Hashable], lengths: Mapping[Hashable, int]) -> Integers:
    """Look up the length of each document."""
    unknown = [document for document in documents if document not in lengths]
    if unknown:
        raise BadTable(f"The length of document {unknown[0]!r} is not given.", column="length")
    return np.array([lengths[document] for document in documents], dtype=np.int64)


def refuse_bad_offsets(rows: Integers, length: Integers | None) -> None:
    """Refuse empty spans, spans before the start and spans beyond the end of their document, naming the first."""
    bad = (rows[:, 3] < 0) | (rows[:, 4] <= rows[:, 3])
    if length is not None:
        bad |= rows[:, 4] > length[rows[:, 0]]
    if bad.any():
        row = int(np.argmax(bad))
        raise BadTable(
            f"Row {row + 1:,} marks {rows[row, 3]}–{rows[row, 4]}: a span needs 0 ≤ start < end ≤ the length of its document.",
            column="start",
            row=row + 1,
        )


def neighbours(spans: Spans) -> tuple[Integers, Integers]:
    """Find the pairs of spans of different people that overlap in one document under one label, each pair once."""
    order = np.lexsort((spans.start, spans.label, spans.document))
    document, label, person = spans.document[order], spans.label[order], spans.person[order]
    start, end = spans.start[order], spans.end[order]
    left: list[Integers] = []
    right: list[Integers] = []
    active = np.arange(len(order))
    lag = 0
    while len(active):
        lag += 1
        active = active[active + lag < len(order)]
        other = active + lag
        meets = (document[active] == document[other]) & (label[active] == label[other]) & (start[other] < end[active])
        active, other = active[meets], other[meets]  # starts ascend: a span that misses this one misses all later ones
        apart = person[active] != person[other]
        left.append(order[active[apart]])
        right.append(order[other[apart]])
    return (np.concatenate(left), np.concatenate(right)) if left else (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
