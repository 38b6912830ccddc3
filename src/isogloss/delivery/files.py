"""Files of a release as they grow: hashed while they are written, then flushed to the disk and locked."""

import csv
import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from isogloss.delivery.manifests import FileEntry, sha256_of
from isogloss.delivery.tables import Column, Flat, Table
from isogloss.platform.rows import GUARDED, write_guarded

BUFFER = 1 << 20
READ_ONLY = 0o444
ROW_GROUP = 20_480  # rows DuckDB holds before it writes them
SHORTEST_BUFFER = 1 << 20


class HashedFile:
    """A new file that knows the hash of what was written."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb", buffering=BUFFER)
        self._hash = hashlib.sha256()
        self._path = path
        self.bytes = 0

    def write(self, piece: bytes) -> None:
        """Append a piece."""
        self._hash.update(piece)
        self.bytes += len(piece)
        self._file.write(piece)

    def close(self, *, rows: int | None = None) -> FileEntry:
        """Flush to the disk, lock, and return what the manifest says of the file."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._path.chmod(READ_ONLY)
        return FileEntry(sha256=self._hash.hexdigest(), bytes=self.bytes, rows=rows)

    def abandon(self) -> None:
        """Let go of the file; whoever removes the folder removes it."""
        self._file.close()


def write_file(path: Path, content: bytes) -> FileEntry:
    """Write a small file in one go."""
    file = HashedFile(path)
    file.write(content)
    return file.close()


class Sink(Protocol):
    """A file of one format that takes rows."""

    name: str

    def take(self, lines: Sequence[msgspec.Struct], cells: Sequence[Flat]) -> None:
        """Append some rows."""
        ...

    def close(self) -> FileEntry:
        """Finish the file."""
        ...

    def abandon(self) -> None:
        """Let go of the file unfinished."""
        ...


class JsonLines:
    """One JSON object a line; exact."""

    def __init__(self, folder: Path, table: Table) -> None:
        self.name = f"{table.name}.jsonl"
        self._file = HashedFile(folder / self.name)
        self._encode = msgspec.json.Encoder().encode_lines
        self._rows = 0

    def take(self, lines: Sequence[msgspec.Struct], cells: Sequence[Flat]) -> None:  # noqa: ARG002  other formats need the cells
        """Append some rows."""
        self._file.write(self._encode(lines))
        self._rows += len(lines)

    def close(self) -> FileEntry:
        """Finish the file."""
        return self._file.close(rows=self._rows)

    def abandon(self) -> None:
        """Let go of the file unfinished."""
        self._file.abandon()


class _Utf8:
    """What the csv module writes its text to."""

    def __init__(self, file: HashedFile) -> None:
        self._file = file
        self._buffer: list[str] = []
        self._held = 0

    def write(self, text: str) -> None:
        self._buffer.append(text)
        self._held += len(text)
        if self._held > BUFFER:
            self.flush()

    def flush(self) -> None:
        self._file.write("".join(self._buffer).encode())
        self._buffer.clear()
        self._held = 0


class GuardedCsv:
    """Cells for spreadsheets: what one would run as a formula begins with an apostrophe, which our importer takes away again."""

    def __init__(self, folder: Path, table: Table) -> None:
        self.name = f"{table.name}.csv"
        self._file = HashedFile(folder / self.name)
        self._text = _Utf8(self._file)
        # As RFC 4180 has it; with "\n" alone the writer of Python before 3.13 leaves a carriage return in a cell unquoted.
        writer = csv.writer(self._text, lineterminator="\r\n")
        writer.writerow([column.name for column in table.columns])
        self._write_all = writer.writerows
        self._rows = 0

    def take(self, lines: Sequence[msgspec.Struct], cells: Sequence[Flat]) -> None:  # noqa: ARG002  JSONL needs the lines
        """Append some rows."""
        self._write_all([_cell(c) if c.__class__ in _SHOWN else c for c in row] for row in cells)
        self._rows += len(cells)

    def close(self) -> FileEntry:
        """Finish the file."""
        self._text.flush()
        return self._file.close(rows=self._rows)

    def abandon(self) -> None:
        """Let go of the file unfinished."""
        self._file.abandon()


_SHOWN = frozenset({str, bool})  # of the rest, numbers and nothing, the csv module makes what is wanted
_FIRST = frozenset(GUARDED)


def _cell(cell: str | float | bool | None) -> str | float | None:  # noqa: FBT001  it is what a cell may hold
    if isinstance(cell, str):
        return write_guarded(cell) if cell[:1] in _FIRST else cell
    return ("false", "true")[cell] if isinstance(cell, bool) else cell


class Parquet:
    """Columns for analysis: rows are laid down as JSON texts, of which DuckDB makes the file."""

    def __init__(self, folder: Path, table: Table) -> None:
        self.name = f"{table.name}.parquet"
        self._path = folder / self.name
        self._columns = table.columns
        # Numbered: DuckDB takes names that differ in their capitals for the same.
        self._names = [f"c{number}" for number in range(len(table.columns))]
        self._rows_path = folder / f".{table.name}.rows"
        self._file = HashedFile(self._rows_path)
        self._encode = msgspec.json.Encoder().encode
        self._rows = self._longest = 0

    def take(self, lines: Sequence[msgspec.Struct], cells: Sequence[Flat]) -> None:  # noqa: ARG002  JSONL needs the lines
        """Append some rows."""
        rows = [self._encode(dict(zip(self._names, row, strict=True))) for row in cells]
        self._longest = max(self._longest, *map(len, rows))
        self._file.write(b"\n".join(rows) + b"\n")
        self._rows += len(rows)

    def close(self) -> FileEntry:
        """Make the file."""
        self._file.close()
        _to_parquet(self._rows_path, self._path, columns=self._columns, longest=self._longest)
        self._rows_path.unlink()
        with self._path.open("rb") as file:
            os.fsync(file.fileno())
        self._path.chmod(READ_ONLY)
        return FileEntry(sha256=sha256_of(self._path), bytes=self._path.stat().st_size, rows=self._rows)

    def abandon(self) -> None:
        """Let go of the file unfinished."""
        self._file.abandon()


def _to_parquet(source: Path, target: Path, *, columns: Sequence[Column], longest: int) -> None:
    """Let DuckDB turn rows into Parquet: on one thread and in their order, so that the same rows are the same bytes."""
    import duckdb  # noqa: PLC0415  it takes a tenth of a second, which only those who ask for Parquet should wait

    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "temp_directory": str(source.parent),
    }
    types = ", ".join(f"c{number}: '{column.type}'" for number, column in enumerate(columns))
    names = ", ".join(f"c{number} AS {_name(column.name)}" for number, column in enumerate(columns))
    # DuckDB sets aside twice the size of an object at once, so it is told no more than it needs.
    options = f"format = 'newline_delimited', columns = {{{types}}}, maximum_object_size = {max(longest, SHORTEST_BUFFER)}"
    rows = f"SELECT {names} FROM read_json({_text(source)}, {options})"  # noqa: S608  names and paths are quoted
    with duckdb.connect(config=settings) as database:
        database.execute("SET TimeZone = 'UTC'")
        database.execute(f"COPY ({rows}) TO {_text(target)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})")


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


SINKS: dict[str, Callable[[Path, Table], Sink]] = {"jsonl": JsonLines, "csv": GuardedCsv, "parquet": Parquet}
NEED_CELLS = {"csv", "parquet"}
