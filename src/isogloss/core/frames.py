"""Files of answers as tables: CSV, TSV, Parquet and JSONL with the columns item, worker, label, read through DuckDB."""

import gzip
import itertools
import json
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from isogloss.core.tables import BadTable, Ratings, is_number

if TYPE_CHECKING:
    from isogloss.core.agreement.spans import Spans

LANGUAGE_NAMES = ("language", "lang")
_ALIASES = {
    "item": ("task", "id", "unit", "question", "example", "item_id", "task_id", "text_id", "document"),
    "worker": ("annotator", "rater", "person", "coder", "user", "annotator_id", "worker_id", "judge"),
    "label": ("answer", "response", "rating", "judgment", "judgement", "value", "class", "annotation", "category"),
    "start": ("begin", "start_offset", "from"),
    "end": ("stop", "end_offset", "to"),
}
_DELIMITERS = ",\t;|"

Cells = npt.NDArray[Any]


class LabelKind(StrEnum):
    """How labels written as text are read."""

    AUTO = "auto"  # a mixture of numbers and words is refused
    TEXT = "text"  # anything goes


class MixedLabels(BadTable):
    """Numbers and words in one column of labels: a slip in the file, or meant (then read it as `LabelKind.TEXT`)."""


@dataclass(frozen=True, slots=True)
class Source:
    """A readable file: how DuckDB is told to scan it, and its columns as {name in the file: name in the scan}."""

    path: Path
    scan: str
    names: Mapping[str, str]
    is_json: bool = False


def read_ratings(path: Path, *, labels: LabelKind = LabelKind.AUTO) -> Ratings:
    """Read the answers of a file.

    Columns `item`, `worker` and `label` are needed, `language` (or `lang`) is read where there is one, others are ignored; capitals
    do not matter. In CSV and TSV everything is text and an empty cell is missing; Parquet and JSONL keep numbers, and lists of
    labels are sets.

    Parameters
    ----------
    path : Path
        `.csv`, `.tsv`, `.jsonl`, `.ndjson` (each also with `.gz`) or `.parquet`.
    labels : LabelKind
        Whether numbers and words may stand in one column of labels.

    Returns
    -------
    Ratings

    Raises
    ------
    BadTable
        If a column is missing, there are no rows, an id is missing or labels are of mixed kinds; the message names row and
        column, and counts rows from 1 without the header.
    """
    source = _open(path)
    wanted = {column: _column(source, column) for column in ("item", "worker", "label")}
    language = next((name for name in source.names if name.strip().lower() in LANGUAGE_NAMES), None)
    if language is not None:
        wanted["language"] = source.names[language]
    columns = _read(source, wanted=wanted)
    label = columns["label"]
    _refuse_empty(label, path=path)
    if labels is LabelKind.AUTO:
        _refuse_mixed(label)
    return Ratings.from_columns(item=columns["item"], worker=columns["worker"], label=label, language=columns.get("language"))


def read_gold(path: Path) -> dict[Hashable, Hashable]:
    """Read known answers, columns `item` and `label`; a row without a label is left out.

    Raises
    ------
    BadTable
        If a column is missing, there are no rows, or an item has two labels.
    """
    source = _open(path)
    columns = _read(source, wanted={column: _column(source, column) for column in ("item", "label")})
    known: dict[Hashable, Hashable] = {}
    for row, (item, label) in enumerate(zip(_values(columns["item"]), _values(columns["label"]), strict=True), start=1):
        if label is None:
            continue
        if item is None:
            raise BadTable(f"Row {row:,} has no item: fill it in or leave the row out.", column="item", row=row)
        if known.setdefault(item, label) != label:
            raise BadTable(
                f"Row {row:,}: the item {item!r} has the label {label!r} after {known[item]!r} before: gold has one label for an item.",
                column="label",
                row=row,
            )
    if not known:
        raise BadTable("There is no gold label in the file: it needs rows with the columns item and label.", column="label")
    return known


@dataclass(frozen=True, slots=True, eq=False)
class SpanFile:
    """The spans of a file, and the language of each of `spans.documents` where the file has one."""

    spans: "Spans"
    languages: tuple[Hashable, ...] = ()


def has_spans(path: Path) -> bool:
    """Whether a file has the columns start and end, so that its rows are spans."""
    return {"start", "end"} <= {name.strip().lower() for name in _open(path).names}


def read_spans(path: Path) -> SpanFile:
    """Read the spans of a file: columns `item`, `worker`, `start`, `end`, and `label`, `length` and `language` where there are any.

    Offsets count code points from 0, the end is exclusive. A row with neither start nor end says that the person worked on the item and
    marked nothing. `length` is the item's length, without which alpha for unitising is undefined.

    Raises
    ------
    BadTable
        As `read_ratings`; if an offset is no whole number or is given without the other, or an item has two lengths.
    """
    from isogloss.core.agreement.spans import Spans

    source = _open(path)
    wanted = {column: _column(source, column) for column in ("item", "worker", "start", "end")}
    by_name = {name.strip().lower(): name for name in source.names}
    wanted |= {column: source.names[by_name[column]] for column in ("label", "length") if column in by_name}
    language = next((name for name in LANGUAGE_NAMES if name in by_name), None)
    if language is not None:
        wanted["language"] = source.names[by_name[language]]
    columns = {name: _values(cells) for name, cells in _read(source, wanted=wanted).items()}
    offsets = {name: _whole_numbers(columns[name], column=name) for name in ("start", "end", "length") if name in columns}
    marks = [row for row, start in enumerate(offsets["start"]) if start is not None]
    for row, (start, end) in enumerate(zip(offsets["start"], offsets["end"], strict=True), start=1):
        if (start is None) != (end is None):
            raise BadTable(f"Row {row:,} has only one of start and end: give both, or neither where nothing was marked.", row=row)
        if start is not None and end is not None and not 0 <= start < end:
            raise BadTable(f"Row {row:,} marks {start}–{end}: a span needs 0 ≤ start < end.", column="start", row=row)
    spans = Spans.from_columns(
        document=[columns["item"][row] for row in marks],
        worker=[columns["worker"][row] for row in marks],
        start=[offsets["start"][row] or 0 for row in marks],
        end=[offsets["end"][row] or 0 for row in marks],
        label=[columns["label"][row] for row in marks] if "label" in columns else None,
        answered=zip(columns["item"], columns["worker"], strict=True),
        lengths=_lengths(columns["item"], offsets["length"]) if "length" in offsets else None,
    )
    spoken = dict(zip(reversed(columns["item"]), reversed(columns["language"]), strict=True)) if "language" in columns else {}
    return SpanFile(spans, tuple(spoken.get(document) for document in spans.documents) if spoken else ())


def _whole_numbers(cells: Sequence[Any], *, column: str) -> list[int | None]:
    """Read whole numbers; an empty cell is None."""
    read: list[int | None] = []
    for row, cell in enumerate(cells, start=1):
        if cell is None or cell == "" or cell != cell:  # noqa: PLR0124  only NaN differs from itself
            read.append(None)
            continue
        try:
            number = float(cell)
        except (TypeError, ValueError):
            number = 0.5
        if number != int(number):
            raise BadTable(f"Row {row:,} has {cell!r} in the column {column}: give a whole number of characters.", column=column, row=row)
        read.append(int(number))
    return read


def _lengths(items: Sequence[Hashable], lengths: Sequence[int | None]) -> dict[Hashable, int]:
    """Take each item's length, which must be one."""
    known: dict[Hashable, int] = {}
    for row, (item, length) in enumerate(zip(items, lengths, strict=True), start=1):
        if length is None or known.setdefault(item, length) != length:
            before = f", {known[item]:,} before" if item in known else ""
            raise BadTable(f"Row {row:,} has the length {length} for the item {item!r}{before}: give each row its item's length.", row=row)
    return known


def write_rows(path: Path, *, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table as CSV, TSV, JSONL or Parquet, by the file's ending; a list in a cell of CSV is written as JSON."""
    refuse_ending(path)
    ending = _ending(path)
    if ending == ".parquet":
        _write_parquet(path, columns=columns, rows=rows)
        return
    with (
        gzip.open(path, "wt", encoding="utf-8", newline="")
        if path.suffix == ".gz"
        else path.open("w", encoding="utf-8", newline="") as file
    ):
        if ending in {".jsonl", ".ndjson"}:
            file.writelines(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) + "\n" for row in rows)
            return
        _write_text(file, delimiter="\t" if ending == ".tsv" else ",", rows=itertools.chain([columns], rows))


def _write_text(file: IO[str], *, delimiter: str, rows: Iterable[Sequence[Any]]) -> None:
    """Write delimited text."""
    import csv

    sparing = csv.writer(file, delimiter=delimiter, lineterminator="\n")
    careful = csv.writer(file, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        cells = [json.dumps(cell, ensure_ascii=False) if isinstance(cell, list) else cell for cell in row]
        has_return = any(isinstance(cell, str) and "\r" in cell for cell in cells)  # a line end to readers, but not to the sparing writer
        (careful if has_return else sparing).writerow(cells)


def refuse_ending(path: Path) -> None:
    """Refuse a name whose ending does not say how to write it.

    Raises
    ------
    BadTable
    """
    if _ending(path) not in {".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".parquet"} or path.name.endswith(".parquet.gz"):
        raise BadTable(f"{path.name} cannot be written: give it the ending .csv, .tsv, .jsonl or .parquet.")


def _write_parquet(path: Path, *, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write Parquet by way of a file of JSON lines, which DuckDB types by itself."""
    from tempfile import TemporaryDirectory

    import duckdb

    with TemporaryDirectory(dir=path.parent) as folder:
        lines = Path(folder) / "rows.jsonl"
        write_rows(lines, columns=columns, rows=rows)
        scan = _json_scan(lines, extra="")
        duckdb.connect().execute(f"COPY (FROM {scan}) TO {_quote(path)} (FORMAT parquet, COMPRESSION zstd)")


def _ending(path: Path) -> str:
    """Tell the kind of a file by its name, `.gz` aside."""
    return Path(path.name.removesuffix(".gz")).suffix.lower()


def _open(path: Path) -> Source:
    """Find out how to scan a file and which columns it has."""
    if not path.is_file():
        raise BadTable(f"There is no file {path}.")
    if not _has_content(path):
        raise BadTable(f"Row 1 is missing: {path.name} is empty. It needs a first line with the columns item, worker, label.", row=1)
    match _ending(path):
        case ".parquet":
            scan = f"read_parquet({_quote(path)})"
        case ".jsonl" | ".ndjson":
            names = {name: name for name in _first_object(path)}
            typed = ", ".join(f"{_quote(name)}: 'JSON'" for name in names)
            return Source(path, _json_scan(path, extra=f", columns={{{typed}}}"), names, is_json=True)
        case ".csv" | ".tsv" | ".txt":
            return _open_text(path)
        case ending:
            raise BadTable(f"A file {ending or 'without an ending'} cannot be read: give .csv, .tsv, .jsonl or .parquet.")
    described = _run(f"DESCRIBE FROM {scan}", path=path).fetchall()
    return Source(path, scan, {row[0]: row[0] for row in described})


def _open_text(path: Path) -> Source:
    """Read the header of a text file; nothing about it is left to guessing, so that a bad line is an error with its number."""
    import csv

    header = _first_line(path)
    delimiter = "\t" if _ending(path) == ".tsv" else max(_DELIMITERS, key=header.count)
    names = next(csv.reader([header.rstrip("\r\n")], delimiter=delimiter), [])
    doubled = next((name for name in names if name.strip() and names.count(name) > 1), None)
    if doubled is not None:
        raise BadTable(f"Row 1 (the header) of {path.name} has the column {doubled!r} twice: keep one.", column=doubled, row=1)
    columns = ", ".join(f"c{place}: 'VARCHAR'" for place in range(len(names)))
    scan = (
        f"read_csv({_quote(path)}, header=true, delim={_quote(delimiter)}, quote='\"', escape='\"', "
        f"auto_detect=false, strict_mode=true, columns={{{columns}}})"
    )
    return Source(path, scan, {name: f"c{place}" for place, name in enumerate(names)})


def _json_scan(path: Path, *, extra: str) -> str:
    """Name the table function for JSON lines."""
    return f"read_json({_quote(path)}, format='newline_delimited'{extra})"


def _column(source: Source, wanted: str) -> str:
    """Find the column that is needed; returns its name in the scan."""
    by_name = {name.strip().lower(): name for name in source.names}
    if wanted in by_name:
        return source.names[by_name[wanted]]
    near = next((by_name[name] for name in _ALIASES[wanted] if name in by_name), None)
    near = near or next(iter(get_close_matches(wanted, list(source.names), n=1)), None)
    hint = f" Rename {near!r} to {wanted!r} if that is it." if near else ""
    there = ", ".join(list(source.names)[:12])
    first = "first object" if source.is_json else "header"
    raise BadTable(f"Row 1 (the {first}) of {source.path.name} has no column {wanted!r}; it has: {there}.{hint}", column=wanted, row=1)


def _read(source: Source, *, wanted: Mapping[str, str]) -> dict[str, Cells]:
    """Read the columns wanted as NumPy arrays, masked where cells are missing."""
    names = ", ".join(f"{_quote_name(there)} AS {_quote_name(here)}" for here, there in wanted.items())
    columns: dict[str, Cells] = _run(f"FROM {source.scan} SELECT {names}", path=source.path).fetchnumpy()
    if source.is_json:
        return {name: _from_json(cells, column=name) for name, cells in columns.items()}
    return {name: _plain(cells) for name, cells in columns.items()}


def _run(query: str, *, path: Path) -> Any:
    """Run a query on a file; what DuckDB cannot read becomes one sentence with the line."""
    import duckdb

    try:
        return duckdb.connect().execute(query)
    except duckdb.Error as error:
        told = str(error)
        line = re.search(r"[Ll]ine:? (\d+)", told)
        where = f"Line {int(line[1]):,} of {path.name}" if line else path.name
        raise BadTable(f"{where} cannot be read: {_cause(told)}", row=int(line[1]) - 1 if line else None) from error


def _cause(told: str) -> str:
    """Say in plain words what DuckDB complains of."""
    expected = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", told)
    if expected:
        return f"it has {expected[2]} cells where the header has {expected[1]}. Quote cells that hold the delimiter."
    if "unicode" in told.lower() or "utf-8" in told.lower() or "encod" in told.lower():
        return "it is not UTF-8. Save the file as UTF-8."
    if "unterminated quote" in told.lower():
        return "a quoted cell is not closed."
    if "invalid state" in told:
        return "it is not proper CSV. Quote cells that hold quotes or line ends."
    if "JSON" in told:
        return "it is not a JSON object."
    return told.splitlines()[0].removeprefix("Invalid Input Error: ").rstrip(". ") + "."


def _plain(cells: Cells) -> Cells:
    """Take the cells of a typed column, lists as sets."""
    if cells.dtype != object or not len(cells):
        return cells
    first = next((value for value in _values(cells) if value is not None), None)
    if not isinstance(first, (list, np.ndarray)):
        return cells
    sets = np.empty(len(cells), dtype=object)
    for place, value in enumerate(_values(cells)):
        sets[place] = None if value is None else frozenset(np.asarray(value).tolist())
    return sets


def _from_json(cells: Cells, *, column: str) -> Cells:
    """Parse each distinct JSON value once; ids become text, and may not be a number here and text there."""
    meaning: dict[str | None, Hashable] = {None: None}
    for text in set(_values(cells)) - {None}:
        value = json.loads(text)
        if isinstance(value, dict) or (isinstance(value, list) and column != "label"):
            row = _values(cells).index(text) + 1
            raise BadTable(f"Row {row:,} has {text[:40]} in the column {column}: give a text or a number.", column=column, row=row)
        meaning[text] = frozenset(value) if isinstance(value, list) else value
    if column != "label":
        _refuse_mixed_ids(cells, meaning=meaning, column=column)
    parsed = np.empty(len(cells), dtype=object)
    parsed[:] = [meaning[text] for text in _values(cells)]
    return parsed


def _refuse_mixed_ids(cells: Cells, *, meaning: Mapping[str | None, Hashable], column: str) -> None:
    """Refuse 1 beside "1": nobody can tell whether they are one item."""
    kinds = {isinstance(value, str) for value in meaning.values() if value is not None}
    if len(kinds) > 1:
        values = _values(cells)
        first = next(value for value in values if value is not None)
        is_text = isinstance(meaning[first], str)
        row = next(place for place, value in enumerate(values, 1) if value is not None and isinstance(meaning[value], str) != is_text)
        here, there = ("a number", "text") if is_text else ("text", "a number")
        raise BadTable(
            f"Row {row:,} has {here} in the column {column} where earlier rows have {there}: give all as one kind.", column=column, row=row
        )


def _refuse_empty(cells: Cells, *, path: Path) -> None:
    """Refuse a file with a header and nothing else."""
    if len(cells) == 0:
        raise BadTable(f"Row 1 is missing: {path.name} has a header and no rows. Give at least one answer (item, worker, label).", row=1)


def _refuse_mixed(label: Cells) -> None:
    """Refuse numbers among words and words among numbers, naming the first row of the rarer kind."""
    values = _values(label)
    kinds = {value: is_number(value) for value in set(values) if isinstance(value, str)}
    if len(set(kinds.values())) < 2:  # noqa: PLR2004  two kinds are a mixture
        return
    numbers = sum(kinds[value] for value in values if value is not None)
    texts = sum(value is not None for value in values) - numbers
    odd = numbers < texts  # whether the numbers are the odd ones
    row = next(place for place, value in enumerate(values, 1) if value is not None and kinds[value] == odd)
    here, there = ("a number", "words") if odd else ("a word", "numbers")
    raise MixedLabels(
        f"Row {row:,} has {values[row - 1]!r} in the column label, {here} where most rows have {there}.", column="label", row=row
    )


def _values(cells: Cells) -> list[Any]:
    """Give the cells as Python values, None where one is missing."""
    return list(cells.tolist())  # a masked array gives None for hidden cells


def _has_content(path: Path) -> bool:
    """Whether there is anything but blanks in the first kilobytes."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        return bool(file.read(1 << 16).strip(b"\xef\xbb\xbf \t\r\n"))


def _first_line(path: Path) -> str:
    """Read the first line that is not blank."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        line = next((line for line in file if line.strip()), b"")
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadTable(f"Line 1 of {path.name} cannot be read: it is not UTF-8. Save the file as UTF-8.", row=1) from error


def _first_object(path: Path) -> dict[str, Any]:
    """Read the first JSON object of a file of lines."""
    try:
        first = json.loads(_first_line(path))
    except json.JSONDecodeError as error:
        raise BadTable(f"Line 1 of {path.name} is not JSON: {error.msg} at character {error.pos + 1}.", row=1) from error
    except RecursionError:
        raise BadTable(f"Line 1 of {path.name} nests too deep.", row=1) from None
    if not isinstance(first, dict):
        raise BadTable(f"Line 1 of {path.name} is not a JSON object with the keys item, worker, label.", row=1)
    return first


def _quote(text: object) -> str:
    """Write an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"


def _quote_name(text: str) -> str:
    """Write an SQL name."""
    return '"' + text.replace('"', '""') + '"'
