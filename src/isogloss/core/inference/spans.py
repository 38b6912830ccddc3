"""One set of spans from several people's, by voting on code points and boundaries."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

SAME = 0.5  # two spans are the same mark when they share more than half of their union


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A marked stretch: offsets in code points, end exclusive."""

    start: int
    end: int
    label: Hashable

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"A span must start at 0 or later and end after its start, not {self.start}–{self.end}.")


@dataclass(frozen=True, slots=True)
class VotedSpan:
    """An aggregated span; `confidence` is the share of the (weighed) people who marked the same stretch with the same label."""

    span: Span
    confidence: float
    votes: int


def aggregate_spans(
    marked: Mapping[Hashable, Iterable[Span]],
    *,
    weights: Mapping[Hashable, float] | None = None,
    threshold: float = 0.5,
    exclusive: bool = False,
) -> list[VotedSpan]:
    """Aggregate the spans that people marked in one text; people who marked nothing belong in `marked` too: they vote against.

    For each label: the code points that more than `threshold` of the weight covers form runs; a run is cut where more than half of the
    weight that covers both sides ends one span and begins another there; and each edge moves to the edge that most people set among
    the spans that match the run. With `exclusive` no two results overlap: the surer one stays.
    """
    given = {person: sorted(set(spans)) for person, spans in marked.items()}
    weight = {person: 1.0 if weights is None else max(float(weights.get(person, 1.0)), 0.0) for person in given}
    total = sum(weight.values())
    if total <= 0:
        return []
    labels = sorted({span.label for spans in given.values() for span in spans}, key=str)
    found: list[VotedSpan] = []
    for label in labels:
        of_label = {person: [span for span in spans if span.label == label] for person, spans in given.items()}
        runs = cut_runs(covered_runs(of_label, weight=weight, needed=threshold * total), of_label=of_label, weight=weight)
        snapped = {snap(run, label=label, of_label=of_label, weight=weight) for run in runs}
        found += [vote(span, of_label=of_label, weight=weight, total=total) for span in sorted(snapped)]
    if exclusive:
        found = without_overlaps(found)
    return sorted(found, key=lambda voted: (voted.span.start, voted.span.end, str(voted.span.label)))


Marks = Mapping[Hashable, Sequence[Span]]
Weights = Mapping[Hashable, float]


def covered_runs(of_label: Marks, *, weight: Weights, needed: float) -> list[tuple[int, int]]:
    """Stretches that more than `needed` of the weight covers; one person's overlapping spans count once."""
    change: defaultdict[int, float] = defaultdict(float)
    for person, spans in of_label.items():
        for start, end in merged(spans):
            change[start] += weight[person]
            change[end] -= weight[person]
    runs: list[tuple[int, int]] = []
    level, begun = 0.0, None
    for place in sorted(change):
        level += change[place]
        inside = level > needed + 1e-9
        if inside and begun is None:
            begun = place
        elif not inside and begun is not None:
            runs.append((begun, place))
            begun = None
    return runs


def merged(spans: Sequence[Span]) -> list[tuple[int, int]]:
    """Unite overlapping and touching spans of one person."""
    out: list[tuple[int, int]] = []
    for span in sorted(spans):
        if out and span.start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], span.end))
        else:
            out.append((span.start, span.end))
    return out


def cut_runs(runs: Sequence[tuple[int, int]], *, of_label: Marks, weight: Weights) -> list[tuple[int, int]]:
    """Cut runs where most of those who cover both sides have a boundary between two spans."""
    cuts: list[tuple[int, int]] = []
    for start, end in runs:
        places = {span.start for spans in of_label.values() for span in spans if start < span.start < end}
        at = start
        for place in sorted(places):
            covering = cutting = 0.0
            for person, spans in of_label.items():
                before = any(span.start < place <= span.end for span in spans)
                after = any(span.start <= place < span.end for span in spans)
                if before and after:
                    covering += weight[person]
                    across = any(span.start < place < span.end for span in spans)
                    cutting += 0.0 if across else weight[person]
            if cutting > covering / 2:
                cuts.append((at, place))
                at = place
        cuts.append((at, end))
    return cuts


def snap(run: tuple[int, int], *, label: Hashable, of_label: Marks, weight: Weights) -> Span:
    """Move each edge to the one that carries most weight among the spans that match the run (the nearest of equals)."""
    start, end = run
    starts: defaultdict[int, float] = defaultdict(float)
    ends: defaultdict[int, float] = defaultdict(float)
    for person, spans in of_label.items():
        for span in spans:
            if overlap(span, other=Span(start, end, label)) > SAME:
                starts[span.start] += weight[person]
                ends[span.end] += weight[person]
    if not starts:
        return Span(start, end, label)
    first = min(starts, key=lambda place: (-starts[place], abs(place - start), place))
    last = min(ends, key=lambda place: (-ends[place], abs(place - end), place))
    return Span(first, last, label) if first < last else Span(start, end, label)


def overlap(span: Span, *, other: Span) -> float:
    """Shared code points as a part of the union."""
    shared = min(span.end, other.end) - max(span.start, other.start)
    return max(shared, 0) / (max(span.end, other.end) - min(span.start, other.start))


def vote(span: Span, *, of_label: Marks, weight: Weights, total: float) -> VotedSpan:
    """Count the people with a span that is the same mark."""
    agreeing = [person for person, spans in of_label.items() if any(overlap(own, other=span) > SAME for own in spans)]
    return VotedSpan(span, confidence=sum(weight[person] for person in agreeing) / total, votes=len(agreeing))


def without_overlaps(found: Sequence[VotedSpan]) -> list[VotedSpan]:
    """Keep the surer of overlapping spans, the longer of equally sure ones."""
    kept: list[VotedSpan] = []
    for voted in sorted(found, key=lambda one: (-one.confidence, one.span.start - one.span.end, one.span.start, str(one.span.label))):
        if all(voted.span.end <= other.start or other.end <= voted.span.start for other in (one.span for one in kept)):
            kept.append(voted)
    return kept
