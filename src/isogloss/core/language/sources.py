"""Read texts row by row from a text, CSV, TSV, JSONL or Parquet file, whatever its size."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

__all__ = ["FORMATS", "SourceRow", "UnreadableFile", "format_of", "read_texts"]

FORMATS = ("text", "csv", "tsv", "jsonl", "parquet")
_ENDINGS = {".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".parquet": "parquet"}
_USUAL = ("text", "content", "sentence", "comment", "message", "body", "tweet", "content.text")
_PARQUET_ROWS = 2_000
_LONGEST_CELL = 16 * 1024 * 1024


class UnreadableFile(ValueError):
    """The file cannot be read as said; the message says what to change."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row: its text, its other columns, and what is wrong with it (then the text is empty)."""

    text: str
    fields: dict[str, Any]
    problem: str | None = None


def format_of(file: Path) -> str:
    """The format by the file's ending: a line is a row where the ending says nothing."""
    return _ENDINGS.get(file.suffix.lower(), "text")


def read_texts(file: Path | IO[bytes], *, kind: str | None = None, column: str | None = None) -> Iterator[SourceRow]:
    """Every row in order; a row that cannot be read comes with its problem and stops nobody."""
    chosen = kind or (format_of(file) if isinstance(file, Path) else "text")
    if chosen == "parquet":
        yield from _parquet(file, column=column)
        return
    with _opened(file) as lines:
        if chosen in {"csv", "tsv"}:
            yield from _tabular(lines, separator="\t" if chosen == "tsv" else ",", column=column)
        elif chosen == "jsonl":
            yield from _objects(lines, column=column)
        else:
            for line in lines:
                yield SourceRow(line.rstrip("\r\n"), {})


@contextmanager
def _opened(file: Path | IO[bytes]) -> Iterator[io.TextIOWrapper]:
    """The file as text: UTF-8 with or without a mark, broken bytes replaced."""
    raw: IO[bytes] = file.open("rb") if isinstance(file, Path) else file
    wrapper = io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")
    try:
        yield wrapper
    finally:
        if isinstance(file, Path):
            wrapper.close()
        else:
            wrapper.detach()


def _tabular(lines: io.TextIOWrapper, *, separator: str, column: str | None) -> Iterator[SourceRow]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(lines, delimiter=separator)
    header = next(reader, None)
    if header is None:
        return
    place = _column(header, column)
    for cells in reader:
        if not cells:
            continue
        if len(cells) <= place:
            yield SourceRow("", {}, f"line {reader.line_num}: {len(cells)} cells where the header has {len(header)}")
            continue
        yield SourceRow(cells[place], dict(zip(header, cells, strict=False)))


def _column(header: list[str], wanted: str | None) -> int:
    """Which column holds the text: the one named, else a usual name, else the only one."""
    if wanted is not None:
        if wanted not in header:
            raise UnreadableFile(f"There is no column “{wanted}”. The file has: {', '.join(header)}.")
        return header.index(wanted)
    lowered = [name.strip().lower() for name in header]
    for name in _USUAL:
        if name in lowered:
            return lowered.index(name)
    if len(header) == 1:
        return 0
    raise UnreadableFile(f"Which column holds the text? Name it with --column. The file has: {', '.join(header)}.")


def _parquet(file: Path | IO[bytes], *, column: str | None) -> Iterator[SourceRow]:
    """Rows in the file's order, a batch at a time: what is read before does not stay in memory."""
    import duckdb

    if not isinstance(file, Path):
        raise UnreadableFile("Parquet cannot be read from a pipe: give the file's name.")
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": "256MB",
        "autoinstall_known_extensions": False,
        "preserve_insertion_order": True,
    }
    with duckdb.connect(config=settings) as database:
        try:
            found = database.execute("FROM read_parquet(?)", [str(file)])
        except duckdb.Error as error:
            raise UnreadableFile(f"{file.name} is no Parquet file that can be read: {str(error).splitlines()[0]}") from error
        header = [str(entry[0]) for entry in found.description or ()]
        place = _column(header, column)
        number = 0
        while cells := found.fetchmany(_PARQUET_ROWS):
            for row in cells:
                number += 1
                fields = dict(zip(header, row, strict=True))
                if isinstance(row[place], str):
                    yield SourceRow(row[place], fields)
                else:
                    yield SourceRow("", fields, f"row {number} has no text in “{header[place]}”")


def _objects(lines: io.TextIOWrapper, *, column: str | None) -> Iterator[SourceRow]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield SourceRow("", {}, f"line {number} is not JSON: {error}")
            continue
        yield _object(found, number=number, column=column)


def _object(found: object, *, number: int, column: str | None) -> SourceRow:
    if isinstance(found, str):
        return SourceRow(found, {})
    if not isinstance(found, dict):
        return SourceRow("", {}, f"line {number} is neither an object nor a string")
    name = column or next((usual for usual in _USUAL if isinstance(found.get(usual), str)), None)
    text = found.get(name) if name is not None else None
    if not isinstance(text, str):
        wanted = f"“{column}”" if column else "a text field (name it with --column)"
        return SourceRow("", found, f"line {number} has no {wanted} that is a string")
    return SourceRow(text, found)
