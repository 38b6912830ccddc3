"""What `isogloss agreement` says of spans."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from isogloss.cli.answers import bad_file
from isogloss.cli.tables import BadInput, estimate_cells, estimate_json, print_json, print_sentence, print_table, told

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from isogloss.core.agreement import Slice
    from isogloss.core.agreement.intervals import Bootstrap
    from isogloss.core.agreement.spans import Spans
    from isogloss.core.estimates import Estimate
    from isogloss.core.frames import SpanFile

    Measures = tuple[Callable[[Spans], Estimate], ...]
    Parts = dict[str, list[tuple[Slice, ...]]]

NAMES = ("exact_f1", "partial_f1", "alpha")


def tell_spans(file: Path, *, bootstrap: Bootstrap, people: bool, pairs: bool, as_json: bool) -> None:
    """Measure exact F1, partial F1 and alpha for unitising on a file of spans, and print them."""
    from isogloss.core.agreement import exact_f1, partial_f1, unitising_alpha
    from isogloss.core.tables import BadTable

    measures: Measures = (
        lambda spans: exact_f1(spans, bootstrap=bootstrap),
        lambda spans: partial_f1(spans, bootstrap=bootstrap),
        lambda spans: unitising_alpha(spans, bootstrap=bootstrap),
    )
    read = read_file(file)
    try:
        found = [measure(read.spans) for measure in measures]
    except BadTable as error:
        raise bad_file(file, error=error) from error
    parts = parts_of(read, measures=measures, bootstrap=bootstrap, people=people, pairs=pairs)
    if as_json:
        print_json(spans_json(file, read=read, found=found, parts=parts))
    else:
        print_spans(read, found=found, parts=parts)


def read_file(file: Path) -> SpanFile:
    """Read spans by at least two people; what is wrong with the file becomes one sentence."""
    from isogloss.core.frames import read_spans
    from isogloss.core.tables import BadTable

    try:
        read = read_spans(file)
    except BadTable as error:
        raise bad_file(file, error=error) from error
    if len(read.spans.people) < 2:  # noqa: PLR2004  agreement is between two
        raise BadInput(
            f"{file}: the column worker has one person only ({told(read.spans.people[0])}): spans are compared from two people on."
        )
    return read


def parts_of(read: SpanFile, *, measures: Measures, bootstrap: Bootstrap, people: bool, pairs: bool) -> Parts:
    """Measure by language and label, and if asked by person and pair: the slices of each measure."""
    from isogloss.core.agreement import exact_f1, partial_f1
    from isogloss.core.agreement.breakdowns import spans_by_label, spans_by_language, spans_by_pair, spans_by_person

    spans = read.spans
    parts: Parts = {}
    if read.languages:
        parts["language"] = [spans_by_language(spans, languages=read.languages, measure=measure) for measure in measures]
    if len(spans.labels) > 1:
        parts["label"] = [spans_by_label(spans, measure=measure) for measure in measures]
    if people:
        both = (partial(measure, bootstrap=bootstrap) for measure in (exact_f1, partial_f1))
        parts["worker"] = [spans_by_person(spans, measure=measure) for measure in both]
    if pairs:
        parts["workers"] = [spans_by_pair(spans, measure=measure) for measure in measures]
    return parts


def spans_json(file: Path, *, read: SpanFile, found: Sequence[Estimate], parts: Parts) -> dict[str, object]:
    """Write the agreement on spans for programs."""
    spans = read.spans
    return {
        "file": str(file),
        "items": len(spans.documents),
        "people": len(spans.people),
        "labels": list(spans.labels),
        "spans": len(spans.start),
        **{name: estimate_json(estimate) for name, estimate in zip(NAMES, found, strict=True)},
        **{
            f"by_{'pair' if key == 'workers' else 'person' if key == 'worker' else key}": [
                {key: row[0].key, **{name: estimate_json(part.estimate) for name, part in zip(NAMES, row, strict=False)}}
                for row in zip(*columns, strict=True)
            ]
            for key, columns in parts.items()
        },
    }


def print_spans(read: SpanFile, *, found: Sequence[Estimate], parts: Parts) -> None:
    """Print the agreement on spans for people."""
    spans = read.spans
    print_sentence(
        f"{len(spans.start):,} spans by {len(spans.people):,} people on {len(spans.documents):,} items. Exact F1 counts spans with the "
        "same ends and label, partial F1 their overlap; alpha corrects for chance and needs the column length."
    )
    rows = [(estimate.method, *estimate_cells(estimate), f"{estimate.n_items:,}") for estimate in found]
    print_table("Agreement on spans", columns=("measure", "value", "95 % interval", "items"), rows=rows, right=("value", "items"))
    for key, columns in parts.items():
        heads = [head for name in ("exact F1", "partial F1", "alpha")[: len(columns)] for head in (name, f"95 % of {name}")]
        table = [
            (
                " / ".join(map(told, row[0].key)) if isinstance(row[0].key, tuple) else told(row[0].key),
                *(cell for part in row for cell in estimate_cells(part.estimate)),
            )
            for row in zip(*columns, strict=True)
        ]
        print_table(f"By {key}", columns=(key, *heads), rows=table, right=("exact F1", "partial F1", "alpha"))
