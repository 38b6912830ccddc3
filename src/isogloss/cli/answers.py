"""Files of answers as the commands read them: what is wrong with one becomes a sentence on stderr."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from isogloss.cli.tables import BadInput, print_sentence, told

if TYPE_CHECKING:
    from collections.abc import Hashable

    from isogloss.core.tables import Ratings

FILE = click.Path(path_type=Path, dir_okay=False)
METHODS = ("auto", "majority", "weighted-majority", "one-coin", "dawid-skene", "ordinal")
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
        raise bad_file(path, error=error) from error
    if (ratings.person == ratings.person[0]).all():
        rows = (0, len(ratings) - 1) if ratings.rows is None else (int(ratings.rows[0]), int(ratings.rows[-1]))
        raise BadInput(
            f"{path}: the column worker has labels of one person only ({told(ratings.people[ratings.person[0]])}, "
            f"from row {rows[0] + 1:,} to row {rows[1] + 1:,}): answers can be compared from two people on."
        )
    return ratings if order is None else in_order(ratings, order=order, path=path)


def bad_file(path: Path, *, error: Exception) -> BadInput:
    """Name the file in front of what is wrong with it, once."""
    return BadInput(str(error) if str(path) in str(error) else f"{path}: {error}")


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


def with_gold(ratings: Ratings, *, path: Path) -> tuple[Ratings, dict[Hashable, Hashable]]:
    """Match gold to items and labels by their text (files differ in whether 1 is a number), and declare labels that nobody gave."""
    from isogloss.core.frames import read_gold
    from isogloss.core.tables import BadTable

    try:
        gold = read_gold(path)
    except BadTable as error:
        raise bad_file(path, error=error) from error
    items = {str(item): item for item in ratings.items}
    labels = {str(label): label for label in ratings.labels}
    known = {items[str(item)]: labels.setdefault(str(label), label) for item, label in gold.items() if str(item) in items}
    if not known:
        raise BadInput(f"{path}: none of its {len(gold):,} items is in the file of answers: check the column item in both.")
    return ratings.relabelled(ratings.label, labels=list(labels.values())), known


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


def print_left_out(ratings: Ratings) -> None:
    """Say which rows did not count."""
    if ratings.n_repeats:
        print_sentence(
            f"{ratings.n_repeats:,} answers were left out: the person had answered the item before, and the first answer counts."
        )
    if ratings.n_unlabelled:
        print_sentence(f"{ratings.n_unlabelled:,} rows without a label were left out.")
