"""The command `agreement`: how far people agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from isogloss.cli.answers import FILE, LABELS_SHOWN, as_json, counts_json, labels_option, order_option, print_left_out, read_answers
from isogloss.cli.span_agreement import tell_spans
from isogloss.cli.tables import BadInput, estimate_cells, estimate_json, percent, print_json, print_sentence, print_table, told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from isogloss.core.agreement import Slice
    from isogloss.core.agreement.panels import Panel
    from isogloss.core.tables import Ratings

QUESTIONS = ("auto", "choice", "choices", "ordered-choice", "rating", "text")


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

    FILE is CSV, TSV, Parquet or JSONL with the columns item, worker, label (and language, if there is one). With the columns start and
    end its rows are spans (label and length optional; without start and end: looked and marked nothing).
    """
    from isogloss.core.agreement import Bootstrap, Level, by_pair, by_person
    from isogloss.core.agreement.panels import QuestionType, panel

    if is_of_spans(file):
        tell_spans(file, bootstrap=Bootstrap(replicates=replicates, seed=seed), people=people, pairs=pairs, as_json=as_json)
        return
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


def is_of_spans(file: Path) -> bool:
    """Whether the rows of the file are spans; what is wrong with it is left to the reading of answers."""
    from isogloss.core.frames import has_spans
    from isogloss.core.tables import BadTable

    try:
        return has_spans(file)
    except BadTable:
        return False


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
