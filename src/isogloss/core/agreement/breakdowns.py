"""Agreement by language, by label, by person and by pair of people."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isogloss.core.agreement.alpha import krippendorff_alpha, within_distance
from isogloss.core.agreement.distances import Level, Weighting
from isogloss.core.agreement.intervals import DEFAULT, Bootstrap, Statistic, estimate, of_sums, quotient
from isogloss.core.agreement.pairs import cells_of, from_cells
from isogloss.core.agreement.patterns import Floats, Integers
from isogloss.core.agreement.spans import Spans
from isogloss.core.agreement.specific import giving
from isogloss.core.estimates import Estimate
from isogloss.core.tables import Ratings

Measure = Callable[[Ratings], Estimate]
SpanMeasure = Callable[[Spans], Estimate]


@dataclass(frozen=True, slots=True)
class Slice:
    """The estimate for one part of the answers."""

    key: Hashable
    estimate: Estimate


def by_language(ratings: Ratings, *, measure: Measure = krippendorff_alpha) -> tuple[Slice, ...]:
    """Measure each language by itself, in the order of `ratings.languages`; items without a language come last, under None."""
    if ratings.language is None:
        return ()
    spoken = ratings.language[ratings.item]
    codes = [*range(len(ratings.languages)), -1] if (spoken < 0).any() else list(range(len(ratings.languages)))
    return tuple(Slice(None if code < 0 else ratings.languages[code], measure(ratings.where(spoken == code))) for code in codes)


def by_label(ratings: Ratings, *, measure: Measure = krippendorff_alpha) -> tuple[Slice, ...]:
    """Measure each label against all others taken together; where answers are sets, each member by its presence."""
    return tuple(
        Slice(label, measure(ratings.relabelled(giving(ratings, label).astype(np.int32), labels=(f"not {label}", label))))
        for label in single_labels(ratings)
    )


def single_labels(ratings: Ratings) -> tuple[Hashable, ...]:
    """List the labels, or the members of all sets where answers are sets."""
    if not ratings.labels or not isinstance(ratings.labels[0], frozenset):
        return tuple(ratings.labels)
    members = {member for given in ratings.labels if isinstance(given, frozenset) for member in given}
    return tuple(sorted(members, key=str))


def by_person(ratings: Ratings, *, level: Level = Level.NOMINAL, bootstrap: Bootstrap = DEFAULT) -> tuple[Slice, ...]:
    """Measure each person against everybody else on the same items: alpha with the person's own pairs as the disagreement seen.

    With d_u the mean δ² between the person's answer on item u and the others', 1 - mean d_u / D_e, D_e as in alpha over all items (it
    is held fixed in resampling). An average of these, weighted by answers, is alpha up to weights for items.
    """
    distance, expected = within_distance(ratings, level=level)
    order = np.argsort(ratings.person, kind="stable")
    borders = np.searchsorted(ratings.person[order], np.arange(len(ratings.people) + 1))
    name = f"alpha of a person with the others, {level}"
    slices = []
    for code, person in enumerate(ratings.people):
        mine = distance[order[borders[code] : borders[code + 1]]]
        paired = mine[~np.isnan(mine)]
        distinct, multiplicity = np.unique(paired, return_counts=True)
        slices.append(Slice(person, estimate(of_person(distinct, multiplicity, expected=expected, name=name), bootstrap=bootstrap)))
    return tuple(slices)


def of_person(distance: Floats, multiplicity: npt.NDArray[np.intp], *, expected: float, name: str) -> Statistic:
    """Prepare one minus the mean distance over the expected one for resampling."""
    n_items = int(multiplicity.sum())

    def formula(sums: Floats) -> Floats:
        seen = quotient(sums[:, 0], sums[:, 1])
        return np.asarray(1 - seen / expected) if expected > 0 else np.full(len(sums), np.nan)

    def flawless(weights: Floats) -> Floats:
        return of_sums(np.array([[d, 1.0] for d in [*distance, 1.0]]), formula)(weights)

    reason = "nobody else answered this person's items" if not n_items else "all answers are the same label, so alpha says nothing"
    sums = np.column_stack([distance, np.ones(len(distance))])
    return Statistic(name, multiplicity.astype(np.int64), n_items, of_sums(sums, formula), reason, flawless)


def by_pair(
    ratings: Ratings, *, least: int = 10, weighting: Weighting = Weighting.IDENTITY, bootstrap: Bootstrap = DEFAULT
) -> tuple[Slice, ...]:
    """Estimate Cohen's kappa for each two people with at least `least` items in common; the key is the pair.

    A thousand resamples cost a few milliseconds for each pair: with thousands of pairs ask for fewer.
    """
    size, n_people = np.int64(len(ratings.labels)), np.int64(len(ratings.people))
    nothing = np.zeros(0, dtype=np.int64)
    keys = np.concatenate([nothing, *(pair * size * size + cell for pair, cell in pairs_of_answers(ratings, size=size, n_people=n_people))])
    keys.sort()
    pairs, starts = np.unique(keys // (size * size), return_index=True)
    borders = np.append(starts, len(keys))
    name = "Cohen's kappa" if weighting is Weighting.IDENTITY else f"Cohen's kappa, {weighting} weights"
    slices = []
    for pair, start, stop in zip(pairs.tolist(), borders[:-1], borders[1:], strict=True):
        if stop - start < least:
            continue
        cells = cells_of(keys[start:stop] % (size * size), size=size)
        statistic = from_cells(cells, ratings, name=name, weighting=weighting, pooled=False)
        key = (ratings.people[pair // int(n_people)], ratings.people[pair % int(n_people)])
        slices.append(Slice(key, estimate(statistic, bootstrap=bootstrap)))
    return tuple(slices)


def pairs_of_answers(ratings: Ratings, *, size: np.int64, n_people: np.int64) -> Iterator[tuple[Integers, Integers]]:
    """Yield all pairs of answers to the same item, coded as (first person x people + second, first label x labels + second)."""
    order = np.lexsort((ratings.person, ratings.item))
    item, person, label = (column[order].astype(np.int64) for column in (ratings.item, ratings.person, ratings.label))
    active = np.arange(len(order))
    lag = 0
    while len(active):
        lag += 1
        active = active[active + lag < len(order)]
        active = active[item[active] == item[active + lag]]
        other = active + lag
        yield person[active] * n_people + person[other], label[active] * size + label[other]


def spans_by_language(spans: Spans, *, languages: Sequence[Hashable], measure: SpanMeasure) -> tuple[Slice, ...]:
    """Measure the documents of each language by themselves; `languages` has one entry for each of `spans.documents`."""
    return tuple(
        Slice(language, measure(spans.of_documents(np.array([spoken == language for spoken in languages]))))
        for language in dict.fromkeys(languages)
    )


def spans_by_label(spans: Spans, *, measure: SpanMeasure) -> tuple[Slice, ...]:
    """Measure the spans of each label by themselves."""
    return tuple(Slice(label, measure(spans.of_label(code))) for code, label in enumerate(spans.labels))


def spans_by_person(spans: Spans, *, measure: Callable[..., Estimate]) -> tuple[Slice, ...]:
    """Measure each person's pairs with everybody else; `measure` is `exact_f1` or `partial_f1`."""
    return tuple(Slice(person, measure(spans, person=person)) for person in spans.people)


def spans_by_pair(spans: Spans, *, measure: SpanMeasure, least: int = 1) -> tuple[Slice, ...]:
    """Measure each two people with at least `least` documents in common; the key is the pair."""
    worked = np.zeros((len(spans.people), len(spans.documents)), dtype=np.float64)
    worked[spans.answered[:, 1], spans.answered[:, 0]] = 1
    common = np.triu(worked @ worked.T, k=1)
    return tuple(
        Slice((spans.people[first], spans.people[second]), measure(spans.of_people([first, second])))
        for first, second in zip(*(codes.tolist() for codes in np.nonzero(common >= least)), strict=True)
    )
