"""Reading rows out of JSONL, CSV and TSV files as a stream: every line becomes a row or a bad row with a reason and what to do."""

import codecs
import csv
import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import msgspec

from isogloss.platform.problems import InvalidInput

FORMATS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv", ".tsv": "tsv", ".tab": "tsv"}
_UTF16_OR_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
MEDIA_TYPES = {".jsonl": "application/x-ndjson", ".csv": "text/csv; charset=utf-8", ".tsv": "text/tab-separated-values; charset=utf-8"}
SEPARATORS = {"csv": ",", "tsv": "\t"}
GUARDED = ("=", "+", "-", "@", "'", "\t", "\r")
MOST_NESTED = 100
"""How deep a line's objects and lists may stand in one another; what is read must be shown and exported again, on a fuller stack."""


TOLD = ("isogloss_reason", "isogloss_remedy", "isogloss_line", "isogloss_raw")
"""What a file of bad rows says beside their own columns; a mended file is read as if it did not."""
MOST_KEPT = 1 << 20

Source = bytes | list[str]
"""A row as it stood in its file: a line of JSON, or the cells of a record."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line that could be read: its number (from 1), its columns, and how it stood there."""

    line: int
    values: dict[str, object]
    source: Source = field(default=b"", compare=False)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that could not be used: why, and what to do about it."""

    line: int
    reason: str
    remedy: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class BadRecord(BadRow):
    """A line that was read and cannot be used for what it says; it can go back whole, in its own form."""

    source: Source = b""


@dataclass(frozen=True, slots=True)
class Preview:
    """The columns of a file, its first readable rows, and what could not be read up to there."""

    columns: list[str]
    rows: list[dict[str, object]]
    bad: list[BadRow]


def guess_format(name: str) -> str:
    """Return the format a file's name promises, or say which endings there are."""
    try:
        return FORMATS[Path(name.lower()).suffix]
    except KeyError:
        raise InvalidInput(f"{name!r} has none of the endings {', '.join(sorted(FORMATS))}. Rename the file or name its format.") from None


def read_rows(path: Path, *, file_format: str, most_bytes: int, guarded: bool = False) -> Iterator[Row | BadRow]:
    """Read a file row by row in constant memory.

    `most_bytes` bounds a line (a JSON document, or a CSV record's line); `guarded` removes the apostrophe that our own CSV export puts
    before cells a spreadsheet would run.
    """
    with path.open("rb") as file:
        _refuse_other_encodings(file)
        if file_format == "jsonl":
            yield from _jsonl(file, most_bytes=most_bytes)
        elif file_format in SEPARATORS:
            yield from _separated(file, delimiter=SEPARATORS[file_format], most_bytes=most_bytes, guarded=guarded)
        else:
            raise InvalidInput(f"{file_format!r} is not a format this import reads; use jsonl, csv or tsv.")


def columns_of(path: Path, *, file_format: str, most_bytes: int, sample: int = 20) -> tuple[list[str], list[dict[str, object]]]:
    """Return the columns a file has and its first readable rows, for the mapping form."""
    seen = preview(path, file_format=file_format, most_bytes=most_bytes, sample=sample)
    return seen.columns, seen.rows


def preview(path: Path, *, file_format: str, most_bytes: int, sample: int = 20) -> Preview:
    """Read the beginning of a file: nothing in it that cannot be read goes without a word."""
    columns: dict[str, None] = {}
    rows: list[dict[str, object]] = []
    bad: list[BadRow] = []
    for row in read_rows(path, file_format=file_format, most_bytes=most_bytes):
        if isinstance(row, Row):
            columns.update(dict.fromkeys(row.values))
            rows.append(row.values)
        elif len(bad) < sample:
            bad.append(row)
        if len(rows) >= sample:
            break
    return Preview(list(columns), rows, bad)


def _refuse_other_encodings(file: BinaryIO) -> None:
    start = file.read(4)
    for bom in _UTF16_OR_32:
        if start.startswith(bom):
            raise InvalidInput("The file is UTF-16 or UTF-32. Save it as UTF-8 (in a spreadsheet: “CSV UTF-8”) and import it again.")
    file.seek(len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0)


def _lines(file: BinaryIO, *, most_bytes: int) -> Iterator[tuple[bytes, bool]]:
    """Yield each line and whether it was longer than allowed; of a longer one only the start is ever in memory."""
    while line := file.readline(most_bytes + 1):
        if len(line) <= most_bytes or line.endswith(b"\n"):
            yield line, False
            continue
        start = line[:200]
        while line and not line.endswith(b"\n"):
            line = file.readline(1 << 20)
        yield start, True


def _jsonl(file: BinaryIO, *, most_bytes: int) -> Iterator[Row | BadRow]:
    decode = msgspec.json.Decoder().decode
    for number, (line, too_long) in enumerate(_lines(file, most_bytes=most_bytes), start=1):
        if too_long:
            yield _too_long(number, line, most_bytes)
            continue
        if not line.strip():
            continue
        try:
            value = decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            yield _bad_json(number, line, error)
            continue
        if line.count(b"[") + line.count(b"{") > MOST_NESTED and _is_too_deep(value):
            yield _too_deep(number, line)
        elif isinstance(value, dict):
            yield Row(number, _own(value), line)
        else:
            yield BadRow(number, "The line is not a JSON object.", "Write one object in braces on each line.", _shown(line))


def _own(value: dict[str, object]) -> dict[str, object]:
    """Leave out what a file of bad rows said."""
    return value if TOLD[0] not in value else {name: cell for name, cell in value.items() if name not in TOLD}


def _bad_json(number: int, line: bytes, error: Exception) -> BadRow:
    try:
        line.decode()
    except UnicodeDecodeError as fault:
        return BadRow(number, f"Byte {fault.start + 1} of the line is not UTF-8.", "Save the file as UTF-8.", _shown(line))
    try:
        json.dumps(json.loads(line, parse_constant=_refuse_constant), ensure_ascii=False).encode()
    except _NoNumber as found:
        return BadRow(
            number, f"{found} is no number in JSON.", "Write null, leave the column out, or put it in quotation marks.", _shown(line)
        )
    except RecursionError:
        return _too_deep(number, line)
    except UnicodeEncodeError:  # Python's reader lets half a character pair pass where the strict one stumbles over it
        return BadRow(
            number, "The text has half of a character pair (a lone surrogate).", "Export the text again from its source.", _shown(line)
        )
    except ValueError:
        pass  # not JSON for either reader: said below in the words of the strict one
    if number == 1 and line.lstrip().startswith(b"["):
        return BadRow(number, "The file is one JSON array.", "Write one object a line (JSONL).", _shown(line))
    remedy = (
        "The line may be cut off: export the file again."
        if not line.endswith(b"\n")
        else "Mend the line: one JSON object, a backslash before each quotation mark inside a text."
    )
    return BadRow(number, f"The line is not valid JSON: {error}.", remedy, _shown(line))


class _NoNumber(Exception):
    """NaN or an infinity, which many programs write into JSON and its standard forbids."""


def _refuse_constant(name: str) -> None:
    raise _NoNumber(name)


def _is_too_deep(value: object) -> bool:
    level = [value]
    for _ in range(MOST_NESTED):
        level = [inner for part in level if isinstance(part, dict | list) for inner in (part.values() if isinstance(part, dict) else part)]
        if not level:
            return False
    return any(isinstance(part, dict | list) for part in level)


def _too_deep(number: int, line: bytes) -> BadRow:
    return BadRow(
        number,
        f"Objects and lists stand in one another more than {MOST_NESTED} deep.",
        "Leave the column out, or write it as a text.",
        _shown(line),
    )


class _NumberedLines:
    """Text lines for the csv module, counted; an over-long one ends the record and is remembered, those of a failed record come again."""

    def __init__(self, file: BinaryIO, *, most_bytes: int) -> None:
        self._lines = _lines(file, most_bytes=most_bytes)
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self.number = 0
        self.too_long: list[int] = []

    def __iter__(self) -> "_NumberedLines":
        return self

    def __next__(self) -> str:  # no generator: lines that were given back come after the end, too
        line = self._again.popleft() if self._again else self._text(*next(self._lines))
        self.number += 1
        self._taken.append(line)
        return line

    def _text(self, line: bytes, too_long: bool) -> str:  # noqa: FBT001  a pair as `_lines` yields it
        if too_long:
            self.too_long.append(self.number + 1)
            return "\n"
        return line.decode("utf-8", "surrogateescape")

    def begin(self) -> int:
        """Begin a record; return the number of its first line."""
        self._taken.clear()
        return self.number + 1

    def taken(self) -> str:
        """Return the lines of the record as they stand."""
        return "".join(self._taken)[:MOST_KEPT].rstrip("\r\n")

    def give_back(self) -> str:
        """Take the first line of a failed record alone, and let the others be read again: an open quotation mark swallows what follows."""
        first, *others = self._taken
        self._again.extendleft(reversed(others))
        self.number -= len(others)
        self._taken = [first]
        return self.taken()


def _separated(file: BinaryIO, *, delimiter: str, most_bytes: int, guarded: bool) -> Iterator[Row | BadRow]:
    csv.field_size_limit(most_bytes)
    lines = _NumberedLines(file, most_bytes=most_bytes)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    header = _header(reader)
    while True:
        first = lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            raw = _readable(lines.give_back())
            yield BadRow(first, f"The record cannot be read: {error}.", "Close the quotation marks, and double those inside a cell.", raw)
            continue
        while lines.too_long:
            yield _too_long(lines.too_long.pop(0), b"", most_bytes)
        if not cells:
            continue
        if len(cells) != len(header):
            yield _other_width(first, cells, header, raw=_readable(lines.taken()))
        else:
            yield _record(first, cells, header, guarded=guarded)


def header_of(path: Path, *, file_format: str, most_bytes: int) -> list[str]:
    """Return the columns that the first line of a CSV or TSV file names, without what a file of bad rows says."""
    with path.open("rb") as file:
        _refuse_other_encodings(file)
        lines = _NumberedLines(file, most_bytes=most_bytes)
        return [name for name in _header(csv.reader(lines, delimiter=SEPARATORS[file_format], strict=True)) if name not in TOLD]


def _readable(raw: str) -> str:
    return raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _header(reader: "Iterator[list[str]]") -> list[str]:
    try:
        header = [cell.strip() for cell in next(reader)]
    except StopIteration:
        raise InvalidInput("The file is empty. Its first line must name the columns.") from None
    except csv.Error as error:
        raise InvalidInput(f"The first line cannot be read: {error}. It must name the columns.") from error
    try:
        "".join(header).encode()
    except UnicodeEncodeError:
        raise InvalidInput("The first line, which names the columns, is not UTF-8. Save the file as UTF-8 and import it again.") from None
    if len(set(header)) != len(header) or not all(header):
        raise InvalidInput("The first line must name every column, each once. Mend the header and import the file again.")
    return header


def _other_width(line: int, cells: list[str], header: list[str], *, raw: str) -> BadRow:
    reason = f"The record has {len(cells)} cells, the header names {len(header)} columns."
    return BadRow(line, reason, "Quote cells that hold the separator or a line break.", raw)


def _record(line: int, cells: list[str], header: list[str], *, guarded: bool) -> Row | BadRow:
    if not {*TOLD}.isdisjoint(header):
        own = [(name, cell) for name, cell in zip(header, cells, strict=True) if name not in TOLD]
        header, cells = [name for name, _ in own], [cell for _, cell in own]
    source = cells
    for name, cell in zip(header, cells, strict=True):
        try:
            cell.encode()
        except UnicodeEncodeError:
            reason = f"The cell in column {name!r} is not UTF-8."
            return BadRecord(line, reason, "Save the file as UTF-8.", source=[_readable(cell) for cell in cells])
    if guarded:
        cells = [cell[1:] if cell.startswith("'") and cell[1:2] in GUARDED else cell for cell in cells]
    return Row(line, dict(zip(header, cells, strict=True)), source)


def _too_long(number: int, line: bytes, most_bytes: int) -> BadRow:
    return BadRow(
        number, f"The line is longer than {most_bytes // 1024**2} MiB.", "Split the text, or raise max_line in isogloss.toml.", _shown(line)
    )


def _shown(line: bytes) -> str:
    return line[:MOST_KEPT].decode("utf-8", "replace").rstrip()


def write_guarded(cell: str) -> str:
    """Return the cell with an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{cell}" if cell.startswith(GUARDED) else cell
