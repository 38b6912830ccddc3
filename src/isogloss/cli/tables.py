"""What a command prints: tables for people, one JSON document for programs, one sentence for an error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Hashable, Iterable, Sequence
from shutil import get_terminal_size
from textwrap import fill
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from isogloss.core.estimates import Estimate

PAPER = 120  # columns where there is no terminal to ask
Row = Sequence[object]


class BadInput(click.ClickException):
    """Input that the person can mend: one sentence on stderr, exit status 2."""

    exit_code = 2


def print_json(document: object) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=plain, allow_nan=False))


def plain(value: object) -> object:
    """Turn what JSON does not know into what it does: sets into sorted lists, anything else into text."""
    if isinstance(value, (frozenset, set)):
        return sorted(value, key=str)
    item = getattr(value, "item", None)  # a NumPy scalar
    return item() if callable(item) else str(value)


def print_table(title: str, *, columns: Sequence[str], rows: Iterable[Row], right: Sequence[str] = ()) -> None:
    """Print a table with a title; the columns in `right` hold numbers."""
    from isogloss.cli.drawing import drawn

    cells = [[" ".join(str(cell).split()) for cell in row] for row in rows]
    click.echo("\n".join([click.style(title, bold=True), *drawn(columns, cells, right=right, width=width()), ""]))


def print_sentence(text: str) -> None:
    """Print a paragraph, wrapped."""
    click.echo(f"{fill(text, width())}\n")


def width() -> int:
    """Return the columns of the terminal, or of paper where there is none."""
    return get_terminal_size((PAPER, 0)).columns if sys.stdout.isatty() else PAPER


def told(label: Hashable) -> str:
    """Write a label for people: a set by its members."""
    if label is None:
        return "–"
    return "{" + ", ".join(sorted(map(str, label))) + "}" if isinstance(label, frozenset) else str(label)


def percent(share: float | None, *, digits: int = 1) -> str:
    """Write a share in per cent."""
    return "–" if share is None else f"{100 * share:.{digits}f} %"


def estimate_cells(estimate: Estimate) -> tuple[str, str]:
    """Write value and interval in two cells; where it is undefined the second says why."""
    if estimate.value is None:
        return "–", f"undefined: {estimate.reason}"
    if estimate.low is None or estimate.high is None:
        return decimals(estimate.value), estimate.reason or ""
    return decimals(estimate.value), f"{decimals(estimate.low)} – {decimals(estimate.high)}"


def decimals(figure: float) -> str:
    """Write three decimals, and never a negative zero."""
    return f"{round(figure, 3) + 0.0:.3f}"


def estimate_json(estimate: Estimate) -> dict[str, object]:
    """Write an estimate for programs."""
    return {
        "method": estimate.method,
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "confidence": estimate.confidence,
        "items": estimate.n_items,
        "answers": estimate.n_ratings,
        "replicates": estimate.replicates,
        "seed": estimate.seed,
        "reason": estimate.reason,
    }


def check_writable(path: Path | None) -> None:
    """Refuse an output that cannot be written, before the work is done."""
    from isogloss.core.frames import refuse_ending
    from isogloss.core.tables import BadTable

    if path is None:
        return
    try:
        refuse_ending(path)
    except BadTable as error:
        raise BadInput(str(error)) from error
    folder = path.absolute().parent
    if not folder.is_dir():
        raise BadInput(f"The folder of {path} does not exist: create {folder} first.")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise BadInput(f"{path} cannot be written: you have no right to.")
