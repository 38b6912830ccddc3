"""The commands on files of answers: agreement, infer, replay, sample."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from isogloss.cli.sampling import sample as sample  # noqa: PLC0414  the command group finds it here
from isogloss.cli.tables import (
    BadInput,
    check_writable,
    estimate_cells,
    estimate_json,
    percent,
    print_json,
    print_sentence,
    print_table,
    told,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from isogloss.core.agreement import Slice
    from isogloss.core.agreement.panels import Panel
    from isogloss.core.inference import Inference
    from isogloss.core.tables import Ratings

FILE = click.Path(path_type=Path, dir_okay=False)
QUESTIONS = ("auto", "choice", "choices", "ordered-choice", "rating", "text")
METHODS = ("auto", "majority", "weighted-majority", "one-coin", "dawid-skene", "ordinal")
PEOPLE_SHOWN = 12
LABELS_SHOWN = 20

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document for programs.")
order_option = click.option(
    "--order", metavar="A,B,C", help="The labels from lowest to highest, where they are neither numbers nor in alphabetical order."
)
labels_option = click.option(
    "--labels",
    "kind",
    type=click.Choice(["auto", "text"]),
    default="auto",
    show_default=True,
    help="Whether numbers and words may be mixed (text).",
)


def read_answers(path: Path, *, kind: str, order: str | None) -> Ratings:
    """Read a file of answers by at least two people; what is wrong with it becomes one sentence."""
    from isogloss.core.frames import LabelKind, MixedLabels, read_ratings
    from isogloss.core.tables import BadTable

    try:
        ratings = read_ratings(path, labels=LabelKind(kind))
    except MixedLabels as error:
        raise BadInput(f"{path}: {error} Correct it, or say --labels text if both are meant.") from error
    except BadTable as error:
        raise BadInput(f"{path}: {error}") from error
    if len(ratings.people) == 1:
        raise BadInput(
            f"{path}: the column worker has one person only ({told(ratings.people[0])}, from row 1 to row {len(ratings):,}): "
            "answers can be compared from two people on."
        )
    return ratings if order is None else in_order(ratings, order=order, path=path)


def in_order(ratings: Ratings, *, order: str, path: Path) -> Ratings:
    """Renumber the labels in the order given on the command line."""
    import numpy as np

    names = [name.strip() for name in order.split(",")]
    known = {str(label): label for label in ratings.labels}
    left_out = [name for name in known if name not in names]
    if left_out:
        place = int(np.argmax(ratings.label == list(known).index(left_out[0])))
        row = place + 1 if ratings.rows is None else int(ratings.rows[place]) + 1
        raise BadInput(f"{path}: row {row:,} has the label {left_out[0]!r} in the column label, which --order does not name.")
    if len(set(names)) < len(names):
        raise BadInput("--order names a label twice.")
    position = np.array([names.index(name) for name in known], dtype=np.int32)
    return ratings.relabelled(position[ratings.label], labels=[known.get(name, name) for name in names])


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--question",
    type=click.Choice(QUESTIONS),
    default="auto",
    show_default=True,
    help="What was asked; auto takes sets for choices, all else for a choice.",
)
@order_option
@labels_option
@click.option("--people", is_flag=True, help="Also show each person against all others.")
@click.option("--pairs", is_flag=True, help="Also show Cohen's kappa of each pair with ten items in common.")
@click.option(
    "--replicates", type=click.IntRange(0), default=1000, show_default=True, help="Bootstrap samples of the items; 0 for no intervals."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the bootstrap.")
@as_json
def agreement(
    file: Path, *, question: str, order: str | None, kind: str, people: bool, pairs: bool, replicates: int, seed: int, as_json: bool
) -> None:
    """Say how far people agree, with intervals, by language and label.

    FILE is CSV, TSV, Parquet or JSONL with the columns item, worker, label (and language, if there is one).
    """
    from isogloss.core.agreement import Bootstrap, Level, by_pair, by_person
    from isogloss.core.agreement.panels import QuestionType, panel

    ratings = read_answers(file, kind=kind, order=order)
    if question == "auto":
        question = "choices" if isinstance(ratings.labels[0], frozenset) else "choice"
    bootstrap = Bootstrap(replicates=replicates, seed=seed)
    levels = {"ordered-choice": Level.ORDINAL, "rating": Level.INTERVAL, "choices": Level.SETS}
    try:
        found = panel(ratings, question=QuestionType(question.replace("-", " ")), bootstrap=bootstrap)
        of_people = by_person(ratings, level=levels.get(question, Level.NOMINAL), bootstrap=bootstrap) if people else ()
        of_pairs = by_pair(ratings, bootstrap=bootstrap) if pairs else ()
    except ValueError as error:
        raise BadInput(f"{file}: {error}") from error
    if as_json:
        print_json(agreement_json(file, ratings=ratings, found=found, of_people=of_people, of_pairs=of_pairs))
    else:
        print_agreement(ratings, found=found, of_people=of_people, of_pairs=of_pairs)


def agreement_json(
    file: Path, *, ratings: Ratings, found: Panel, of_people: Sequence[Slice], of_pairs: Sequence[Slice]
) -> dict[str, object]:
    """Write the agreement panel for programs."""
    positive = {part.key: estimate_json(part.estimate) for part in found.positive}
    negative = {part.key: estimate_json(part.estimate) for part in found.negative}
    share = {part.label: part.share for part in found.prevalence}
    return {
        "file": str(file),
        **counts_json(ratings),
        "question": found.question.value,
        "verdict": found.verdict.value,
        "sentence": found.sentence,
        "headline": estimate_json(found.headline),
        "others": [estimate_json(other) for other in found.others],
        "by_language": [{"language": part.key, **estimate_json(part.estimate)} for part in found.by_language],
        "by_label": [
            {
                "label": part.key,
                "share": share.get(part.key),
                **estimate_json(part.estimate),
                "positive": positive.get(part.key),
                "negative": negative.get(part.key),
            }
            for part in found.by_label
        ],
        "by_person": [{"worker": part.key, **estimate_json(part.estimate)} for part in of_people],
        "by_pair": [{"workers": part.key, **estimate_json(part.estimate)} for part in of_pairs],
    }


def counts_json(ratings: Ratings) -> dict[str, object]:
    """Write what was read for programs."""
    return {
        "items": len(ratings.items),
        "people": len(ratings.people),
        "labels": list(ratings.labels),
        "answers": len(ratings),
        "repeated_answers_left_out": ratings.n_repeats,
        "unlabelled_rows_left_out": ratings.n_unlabelled,
    }


def print_agreement(ratings: Ratings, *, found: Panel, of_people: Sequence[Slice], of_pairs: Sequence[Slice]) -> None:
    """Print the agreement panel for people."""
    print_sentence(found.sentence)
    print_left_out(ratings)
    rows = [
        (estimate.method, *estimate_cells(estimate), f"{estimate.n_items:,}", f"{estimate.n_ratings:,}")
        for estimate in (found.headline, *found.others)
    ]
    print_table(
        "Agreement", columns=("measure", "value", "95 % interval", "items", "answers"), rows=rows, right=("value", "items", "answers")
    )
    if found.by_language:
        print_slices("By language", name="language", parts=found.by_language)
    if found.by_label:
        print_labels(found)
    if of_people:
        print_slices("By person, against all others", name="worker", parts=sorted(of_people, key=by_value))
    if of_pairs:
        print_slices("By pair (Cohen's kappa)", name="workers", parts=sorted(of_pairs, key=by_value))


def print_labels(found: Panel) -> None:
    """Print one row for each label: chance-corrected against all others, and the agreement of those who gave it."""
    positive = {part.key: part.estimate for part in found.positive}
    shares = {part.label: part.share for part in found.prevalence}
    rows = [
        (
            told(part.key),
            percent(shares.get(part.key)),
            *estimate_cells(part.estimate),
            *(estimate_cells(positive[part.key]) if part.key in positive else ("–", "")),
        )
        for part in found.by_label[:LABELS_SHOWN]
    ]
    columns = ("label", "of answers", "against all others", "95 % interval", "positive agreement", "its interval")
    print_table("By label", columns=columns, rows=rows, right=("of answers", "against all others", "positive agreement"))


def by_value(part: Slice) -> float:
    """Order slices by value, the lowest first and the undefined last."""
    return 2.0 if part.estimate.value is None else part.estimate.value


def print_slices(title: str, *, name: str, parts: Sequence[Slice]) -> None:
    """Print one row for each part of the answers."""
    rows = [
        (
            " / ".join(map(told, part.key)) if isinstance(part.key, tuple) else told(part.key),
            *estimate_cells(part.estimate),
            f"{part.estimate.n_items:,}",
        )
        for part in parts
    ]
    print_table(title, columns=(name, "value", "95 % interval", "items"), rows=rows, right=("value", "items"))


def print_left_out(ratings: Ratings) -> None:
    """Say which rows did not count."""
    if ratings.n_repeats:
        print_sentence(
            f"{ratings.n_repeats:,} answers were left out: the person had answered the item before, and the first answer counts."
        )
    if ratings.n_unlabelled:
        print_sentence(f"{ratings.n_unlabelled:,} rows without a label were left out.")


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


def with_gold(ratings: Ratings, *, path: Path) -> tuple[Ratings, dict[Hashable, Hashable]]:
    """Match gold to items and labels by their text (files differ in whether 1 is a number), and declare labels that nobody gave."""
    from isogloss.core.frames import read_gold
    from isogloss.core.tables import BadTable

    try:
        gold = read_gold(path)
    except BadTable as error:
        raise BadInput(f"{path}: {error}") from error
    items = {str(item): item for item in ratings.items}
    labels = {str(label): label for label in ratings.labels}
    known = {items[str(item)]: labels.setdefault(str(label), label) for item, label in gold.items() if str(item) in items}
    if not known:
        raise BadInput(f"{path}: none of its {len(gold):,} items is in the file of answers: check the column item in both.")
    return ratings.relabelled(ratings.label, labels=list(labels.values())), known


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
