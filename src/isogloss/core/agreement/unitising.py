"""Krippendorff's alpha for unitising: agreement on where spans lie, on one axis of text."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np

from isogloss.core.agreement.intervals import DEFAULT, Bootstrap, Statistic, estimate, quotient
from isogloss.core.agreement.patterns import Floats, Integers
from isogloss.core.agreement.spans import Spans, neighbours
from isogloss.core.estimates import Estimate


def unitising_alpha(spans: Spans, *, label: Hashable | None = None, bootstrap: Bootstrap = DEFAULT) -> Estimate:
    """Estimate Krippendorff's alpha for unitising, over all labels together or for one.

    Parameters
    ----------
    spans : Spans
        Marks, with the length of each document; a person's overlapping spans with one label are joined first. Documents on which one
        person worked do not count.
    label : hashable, optional
        Only spans with this label.
    bootstrap : Bootstrap
        Documents are resampled with all their spans.

    Returns
    -------
    Estimate
        No unit, 1 at most, 0 is what as many spans of the same lengths would give if each person had laid them down anywhere.

    Notes
    -----
    Every person cuts a document of L_d code points into units and gaps. Two overlapping units [b, e) and [b', e') of different people
    differ by (b - b')² + (e - e')², a unit of length l inside another person's gap by l², anything else by 0. With δ_d the sum over
    ordered pairs of people on document d, m_d people, Λ = Σ m_d L_d, N units of lengths l and gaps of lengths g::

        D_o = Σ_d δ_d / (m_d - 1)
        D_e = 2 Λ Σ_units f_l [(N - 1)/3 (2 l³ - 3 l² + l) + l² Σ_{g ≥ l} (g - l + 1)] / (Λ (Λ - 1) - Σ_units l (l - 1))

    and α = 1 - Σ_labels D_o / Σ_labels D_e. f_l = (Λ - m (l - 1)) / Σ_d m_d max(L_d - l + 1, 0), with m = Λ / Σ L_d, keeps chance from
    laying units across the ends of documents; for one document it is 1 and the formula the published one. (Without it, marks laid
    down at random in short texts would come out well below 0.) Undefined without document lengths, without a document that two
    people worked on, and when nothing was marked.

    References
    ----------
    Krippendorff 1995, doi:10.2307/271061; Krippendorff 2004, Content Analysis, 2nd edition, section 11.6.

    Examples
    --------
    >>> spans = Spans.from_columns(document=["d", "d"], worker=["ana", "ben"], start=[10, 12], end=[20, 20], lengths={"d": 100})
    >>> round(unitising_alpha(spans).value, 4)
    0.9687
    """
    return estimate(unitising_statistic(spans, label=label), bootstrap=bootstrap)


def unitising_statistic(spans: Spans, *, label: Hashable | None) -> Statistic:
    """Prepare alpha for resampling documents."""
    chosen = spans if label is None else spans.of_label(list(spans.labels).index(label))
    people = spans.people_on
    counted = people > 1
    whole = chosen.of_documents(counted).merged()
    name = "Krippendorff's alpha for unitising" + ("" if label is None else f", {label!r}")
    n_documents = int(counted.sum())
    if spans.length is None or not n_documents or not len(whole.start):
        reason = why_undefined(has_lengths=spans.length is not None, n_documents=n_documents)
        return Statistic(name, np.ones(n_documents, dtype=np.int64), len(whole.start), nowhere, reason)
    length = spans.length[counted].astype(np.float64)
    stretch = people[counted] * length
    tables = [label_table(whole.of_label(code), counted=counted) for code in np.unique(whole.label).tolist()]

    def evaluate(weights: Floats) -> Floats:
        extent, text = weights @ stretch, weights @ length
        seen, expected = np.zeros(len(weights)), np.zeros(len(weights))
        for table in tables:
            seen += weights @ table.observed
            expected += table.expected(weights, extent=extent, people=extent / text)
        return 1 - quotient(seen, expected)

    reason = "nothing was marked"
    return Statistic(name, np.ones(n_documents, dtype=np.int64), len(whole.start), evaluate, reason)


def nowhere(weights: Floats) -> Floats:
    """Give no value for any resample."""
    return np.full(len(weights), np.nan)


def why_undefined(*, has_lengths: bool, n_documents: int) -> str:
    """Say why alpha for unitising has no value."""
    if not n_documents:
        return "no document has two people: let some documents be marked by two"
    if not has_lengths:
        return "the lengths of the documents are not given, so chance cannot be worked out"
    return "nothing was marked on the documents with two people"


@dataclass(frozen=True, slots=True, eq=False)
class LabelTable:
    """What one label adds to alpha, for each document: disagreement seen, and the lengths of units and gaps."""

    observed: Floats  # (documents,)
    unit_length: Floats  # distinct lengths of units
    units: Any  # csr, (documents, unit lengths)
    gap_excess: Floats  # (gap lengths, unit lengths): places where such a unit fits into such a gap
    gaps: Any  # csr, (documents, gap lengths)
    place_excess: Floats  # (document lengths, unit lengths): places where such a unit fits into such a document
    places: Any  # csr, (documents, document lengths), the people who worked on each

    def expected(self, weights: Floats, *, extent: Floats, people: Floats) -> Floats:
        """Work out D_e for each resample."""
        length = self.unit_length
        units, gaps = np.asarray(weights @ self.units), np.asarray(weights @ self.gaps)
        n = units.sum(axis=1)
        among_units = (n - 1)[:, None] / 3 * (2 * length**3 - 3 * length**2 + length)
        in_gaps = length**2 * (gaps @ self.gap_excess)
        inside = np.asarray(weights @ self.places) @ self.place_excess
        fits = np.divide(extent[:, None] - people[:, None] * (length - 1), inside, out=np.zeros_like(inside), where=inside > 0)
        chance = (units * fits * (among_units + in_gaps)).sum(axis=1)
        room = extent * (extent - 1) - units @ (length * (length - 1))
        return np.asarray(2 * extent * np.divide(chance, room, out=np.zeros_like(room), where=room > 0))


def label_table(units: Spans, *, counted: Any) -> LabelTable:
    """Tabulate the units of one label; documents are renumbered to those counted."""
    people = units.people_on.astype(np.float64)
    renumbered = np.cumsum(counted) - 1
    n_documents = int(counted.sum())
    observed = differences(units) / np.maximum(people - 1, 1)
    length = units.end - units.start
    unit_length, unit_code = np.unique(length, return_inverse=True)
    gap_document, gap = gaps_between(units)
    gap_length, gap_code = np.unique(gap, return_inverse=True)
    assert units.length is not None
    text_length, text_code = np.unique(units.length[counted], return_inverse=True)
    documents = np.arange(n_documents)
    return LabelTable(
        observed=observed[counted],
        unit_length=unit_length.astype(np.float64),
        units=tally(renumbered[units.document], unit_code, shape=(n_documents, len(unit_length))),
        gap_excess=ways_to_fit(unit_length, gap_length),
        gaps=tally(renumbered[gap_document], gap_code, shape=(n_documents, len(gap_length))),
        place_excess=ways_to_fit(unit_length, text_length),
        places=tally(documents, text_code, shape=(n_documents, len(text_length)), times=people[counted]),
    )


def ways_to_fit(units: Integers, stretches: Integers) -> Floats:
    """Count the places where a unit fits into a stretch, shape (stretches, units)."""
    return np.asarray(np.maximum(stretches[:, None] - units[None, :] + 1, 0), dtype=np.float64)


def tally(row: Integers, column: Integers, *, shape: tuple[int, int], times: Floats | None = None) -> Any:
    """Count (row, column) pairs, each `times` or once, into a sparse matrix."""
    from scipy.sparse import csr_array

    return csr_array((np.ones(len(row)) if times is None else times, (row, column)), shape=shape)


def differences(units: Spans) -> Floats:
    """Sum δ² over ordered pairs of people, for each document."""
    n_documents = len(units.documents)
    left, right = neighbours(units)
    apart = (units.start[left] - units.start[right]) ** 2 + (units.end[left] - units.end[right]) ** 2
    total = np.bincount(units.document[left], weights=apart, minlength=n_documents).astype(np.float64)  # integers where no pair is
    n_people = np.int64(len(units.people))
    met = np.unique(np.concatenate([left * n_people + units.person[right], right * n_people + units.person[left]]))
    partners = np.bincount(met // n_people, minlength=len(units.start))
    alone = units.people_on[units.document] - 1 - partners
    total += np.bincount(units.document, weights=alone * (units.end - units.start).astype(np.float64) ** 2, minlength=n_documents)
    return np.asarray(2 * total)


def gaps_between(units: Spans) -> tuple[Integers, Integers]:
    """Find what each person left unmarked on each document: (document, length) of every stretch."""
    assert units.length is not None
    looked = units.answered
    everyone = np.concatenate(
        [  # the start of each document, the units, and its end, as borders (document, person, from, to)
            np.column_stack([looked, np.zeros((len(looked), 2), dtype=np.int64)]),
            np.column_stack([units.document, units.person, units.start, units.end]),
            np.column_stack([looked, units.length[looked[:, 0]], units.length[looked[:, 0]]]),
        ]
    )
    rows = everyone[np.lexsort((everyone[:, 3], everyone[:, 2], everyone[:, 1], everyone[:, 0]))]
    same = (rows[1:, :2] == rows[:-1, :2]).all(axis=1)
    gap = rows[1:, 2] - rows[:-1, 3]
    kept = same & (gap > 0)
    return rows[:-1][kept, 0], gap[kept]
