"""The command `infer`: the label of each item, and how reliable each person is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from isogloss.cli.answers import (
    FILE,
    LABELS_SHOWN,
    METHODS,
    as_json,
    counts_json,
    labels_option,
    order_option,
    print_left_out,
    read_answers,
    with_gold,
)
from isogloss.cli.tables import BadInput, check_writable, percent, print_json, print_sentence, print_table, told

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    from isogloss.core.inference import Inference
    from isogloss.core.tables import Ratings

PEOPLE_SHOWN = 12


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--method",
    type=click.Choice(METHODS),
    default="auto",
    show_default=True,
    help="How labels are concluded; auto averages models by how well they foretell.",
)
@click.option("--gold", type=FILE, help="Known labels: a file with the columns item, label.")
@click.option(
    "-o", "--output", "out", type=FILE, required=True, help="Where to write item, label, confidence; .csv, .tsv, .jsonl or .parquet."
)
@click.option("--people", "people_out", type=FILE, help="Where to write worker, reliability, low, high, n.")
@order_option
@labels_option
@click.option("--seed", type=int, default=0, show_default=True, help="Of the folds and starts.")
@as_json
def infer(
    file: Path,
    *,
    method: str,
    gold: Path | None,
    out: Path,
    people_out: Path | None,
    order: str | None,
    kind: str,
    seed: int,
    as_json: bool,
) -> None:
    """Conclude the label of each item and how reliable each person is.

    FILE is CSV, TSV, Parquet or JSONL with the columns item, worker, label. A tie has an empty label.
    """
    from isogloss.core.frames import write_rows
    from isogloss.core.inference import infer as conclude

    for path in (out, people_out):
        check_writable(path)
    ratings = read_answers(file, kind=kind, order=order)
    known: dict[Hashable, Hashable] = {}
    if gold is not None:
        ratings, known = with_gold(ratings, path=gold)
    try:
        found = conclude(ratings, method=method, gold=known or None, seed=seed)
    except ValueError as error:
        raise BadInput(f"{file}: {error}") from error
    decided = ((row.item, writable(row.label), round(float(row.confidence), 6)) for row in found.rows())
    write_rows(out, columns=("item", "label", "confidence"), rows=decided)
    if people_out is not None:
        people = ((worker, *(round(float(figure), 6) for figure in figures), n) for worker, *figures, n in found.person_rows())
        write_rows(people_out, columns=("worker", "reliability", "low", "high", "n"), rows=people)
    document = inference_json(file, ratings=ratings, found=found, out=out, people_out=people_out)
    if as_json:
        print_json(document)
    else:
        print_inference(ratings, found=found, document=document)


def writable(label: Hashable | None) -> object:
    """Write a label into a cell: a set as a sorted list."""
    return sorted(label, key=str) if isinstance(label, frozenset) else label


def inference_json(file: Path, *, ratings: Ratings, found: Inference, out: Path, people_out: Path | None) -> dict[str, object]:
    """Write what was concluded, in sum, for programs."""
    import numpy as np

    told_of = found.diagnostics
    decided = np.bincount(found.label[found.label >= 0], minlength=len(found.labels))
    return {
        "file": str(file),
        **counts_json(ratings),
        "method": found.method,
        "model": found.model,
        "fell_back": told_of.fell_back,
        "notes": list(told_of.notes),
        "weights": {name: float(weight) for name, weight in told_of.weights.items()},
        "held_out_log_likelihood": {name: float(score) for name, score in told_of.held_out.items()},
        "calibrated_on": told_of.calibrated_on,
        "gold_items": told_of.n_gold,
        "ties": int(found.tied.sum()),
        "mean_confidence": float(found.confidence.mean()),
        "below_0.9": int((found.confidence < 0.9).sum()),  # noqa: PLR2004  named by the key
        "decided": [{"label": label, "items": int(n)} for label, n in zip(found.labels, decided, strict=True)],
        "seed": told_of.seed,
        "output": str(out),
        "people_output": None if people_out is None else str(people_out),
    }


def print_inference(ratings: Ratings, *, found: Inference, document: dict[str, Any]) -> None:
    """Print what was concluded, in sum, for people."""
    asked = "" if document["method"] == document["model"] else f" (asked for: {document['method']})"
    print_sentence(
        f"{len(found):,} items decided by {document['model']}{asked} from {len(ratings):,} answers of {len(ratings.people):,} people; "
        f"mean confidence {percent(document['mean_confidence'])}, {document['below_0.9']:,} items below 90 %, {document['ties']:,} ties. "
        f"Confidence is calibrated on {document['calibrated_on']}. Written to {document['output']}."
    )
    if document["fell_back"]:
        print_sentence(f"The method asked for was not used: {document['fell_back']}.")
    for note in document["notes"]:
        print_sentence(f"Note: {note}.")
    print_left_out(ratings)
    rows = [(told(part["label"]), f"{part['items']:,}", percent(part["items"] / len(found))) for part in document["decided"][:LABELS_SHOWN]]
    print_table("Decisions", columns=("label", "items", "share"), rows=rows, right=("items", "share"))
    people = sorted(found.person_rows(), key=lambda row: row[1])
    shown = [(told(worker), f"{value:.3f}", f"{low:.3f} – {high:.3f}", f"{n:,}") for worker, value, low, high, n in people[:PEOPLE_SHOWN]]
    title = "People" if len(people) <= PEOPLE_SHOWN else f"People: the {PEOPLE_SHOWN} least reliable of {len(people):,}"
    print_table(title, columns=("worker", "reliability", "95 % interval", "answers"), rows=shown, right=("reliability", "answers"))
