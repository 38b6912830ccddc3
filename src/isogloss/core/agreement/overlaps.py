"""Agreement on spans as F1 between people: spans that are the same, and spans that share text."""

from collections.abc import Hashable

import numpy as np

from isogloss.core.agreement.intervals import DEFAULT, Bootstrap, Statistic, estimate, of_sums
from isogloss.core.agreement.patterns import Floats, Integers
from isogloss.core.agreement.spans import Spans, neighbours
from isogloss.core.agreement.specific import joined
from isogloss.core.estimates import Estimate


def exact_f1(spans: Spans, *, person: Hashable | None = None, bootstrap: Bootstrap = DEFAULT) -> Estimate:
    """Estimate pairwise exact F1: the chance that a span is joined by another person's span with equal ends and label.

    Parameters
    ----------
    spans : Spans
        Marks; documents on which one person worked do not count.
    person : hashable, optional
        Only pairs that this person is part of.
    bootstrap : Bootstrap
        Documents are resampled with all their spans.

    Returns
    -------
    Estimate
        A share between 0 and 1; `n_items` counts documents, `n_ratings` spans.

    Notes
    -----
    Over all documents d and all pairs of the m_d people who worked on them, F1 = 2 Σ |A ∩ B| / Σ (|A| + |B|); which of the two is taken
    for the reference makes no difference. Kappa cannot be had here, for want of a count of spans that nobody marked. Undefined when
    nobody marked anything on a document with two people.

    References
    ----------
    Hripcsak and Rothschild 2005, doi:10.1197/jamia.M1733.

    Examples
    --------
    >>> spans = Spans.from_columns(document=["d"] * 3, worker=["ana", "ana", "ben"], start=[0, 10, 0], end=[5, 15, 5])
    >>> round(exact_f1(spans).value, 4)
    0.6667
    """
    left, right = neighbours(spans)
    same = (spans.start[left] == spans.start[right]) & (spans.end[left] == spans.end[right])
    left, right = left[same], right[same]
    statistic = between_people(spans, left, right, np.full(len(left), 2.0), name="pairwise exact F1", person=person)
    return estimate(statistic, bootstrap=bootstrap)


def partial_f1(spans: Spans, *, person: Hashable | None = None, bootstrap: Bootstrap = DEFAULT) -> Estimate:
    """Estimate pairwise partial F1: as exact F1, but a span counts for the share of it that the other person marked too.

    Parameters
    ----------
    spans : Spans
        Marks; a person's overlapping spans with one label are joined first. Documents on which one person worked do not count.
    person : hashable, optional
        Only pairs that this person is part of.
    bootstrap : Bootstrap
        Documents are resampled with all their spans.

    Returns
    -------
    Estimate
        A share between 0 and 1, and never below exact F1 unless a person's own spans overlap.

    Notes
    -----
    F1 = Σ_pairs (Σ_{a ∈ A} |a ∩ B| / |a| + Σ_{b ∈ B} |b ∩ A| / |b|) / Σ_pairs (|A| + |B|), |·| in code points, within one label.
    Undefined as exact F1.

    References
    ----------
    Johansson and Moschitti 2013, doi:10.1162/COLI_a_00141, section 5.1 (intersection-based precision and recall).

    Examples
    --------
    >>> spans = Spans.from_columns(document=["d", "d"], worker=["ana", "ben"], start=[0, 0], end=[10, 5])
    >>> partial_f1(spans).value
    0.75
    """
    whole = spans.merged()
    left, right = neighbours(whole)
    common = np.minimum(whole.end[left], whole.end[right]) - np.maximum(whole.start[left], whole.start[right])
    size = (whole.end - whole.start).astype(np.float64)
    statistic = between_people(whole, left, right, common / size[left] + common / size[right], name="pairwise partial F1", person=person)
    return estimate(statistic, bootstrap=bootstrap)


def between_people(spans: Spans, left: Integers, right: Integers, shared: Floats, *, name: str, person: Hashable | None) -> Statistic:
    """Prepare F1 for resampling: `shared` is the agreement of the pairs of spans `left` and `right`; of one person's pairs, if named."""
    people, size = spans.people_on, len(spans.documents)
    marks = np.bincount(spans.document, minlength=size)
    could = (people - 1.0) * marks
    counted = people > 1
    if person is not None:
        code = list(spans.people).index(person)
        took_part = np.zeros(size, dtype=bool)
        took_part[spans.answered[spans.answered[:, 1] == code, 0]] = True
        counted &= took_part
        own = np.bincount(spans.document[spans.person == code], minlength=size)
        could = (people - 1.0) * own + (marks - own)
        theirs = (spans.person[left] == code) | (spans.person[right] == code)
        left, shared = left[theirs], shared[theirs]
    found = np.bincount(spans.document[left], weights=shared, minlength=size)
    sums = np.column_stack([found, could])[counted]
    if not counted.any():
        reason = "no document has two people: let some documents be marked by two"
    else:
        reason = f"nobody marked anything on the {counted.sum():,} documents with two people: that is agreement, but F1 cannot express it"

    def flawless(weights: Floats) -> Floats:
        typical = sums[:, 1].sum() / len(sums)
        return of_sums(np.vstack([sums, [0.0, typical]]), joined)(weights)

    return Statistic(name, np.ones(int(counted.sum()), dtype=np.int64), int(marks[counted].sum()), of_sums(sums, joined), reason, flawless)
