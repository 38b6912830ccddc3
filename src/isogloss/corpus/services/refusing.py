"""The file of bad rows of an import: the rows as they stood, in their own format, with why they were not taken and what to do."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import msgspec

from isogloss.corpus.models import ImportRun
from isogloss.platform.rows import SEPARATORS, TOLD, BadRecord, BadRow, header_of


class BadRows:
    """The open file; what is mended in it can be imported as it is, since the columns that are added here are not read."""

    def __init__(self, path: Path, *, run: ImportRun, most_bytes: int) -> None:
        self._separator = SEPARATORS.get(run.file_format, "")
        self._names = header_of(Path(run.file_path), file_format=run.file_format, most_bytes=most_bytes) if self._separator else []
        self._file = path.open("w", encoding="utf-8", newline="")
        if self._separator:
            self._write_cells([*self._names, *TOLD])

    def __enter__(self) -> Self:
        """Use it as a file is used."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it, whatever happened."""
        self._file.close()

    def write(self, rows: Iterable[BadRow]) -> None:
        """Add rows, in the order of their lines."""
        for row in sorted(rows, key=lambda r: r.line):
            source = row.source if isinstance(row, BadRecord) else None
            if not self._separator:
                self._file.write(_with_reason(source if isinstance(source, bytes) else b"", row))
            elif isinstance(source, list):
                self._write_cells([*source, row.reason, row.remedy, str(row.line), ""])
            else:
                self._write_cells([*("" for _ in self._names), row.reason, row.remedy, str(row.line), row.raw])

    def _write_cells(self, cells: list[str]) -> None:
        csv.writer(self._file, delimiter=self._separator, lineterminator="\n").writerow(cells)


def _with_reason(line: bytes, row: BadRow) -> str:
    """Return a line of JSON with what is said of it, its own part exactly as it stood; what was no object stands in a field of its own."""
    told = dict(zip(TOLD, (row.reason, row.remedy, row.line, row.raw), strict=True))
    if not line:
        return msgspec.json.encode(told).decode() + "\n"
    del told[TOLD[3]]
    own = msgspec.json.decode(line)
    if TOLD[0] in own:  # it comes from such a file
        return msgspec.json.encode({name: value for name, value in own.items() if name not in TOLD} | told).decode() + "\n"
    body = line.decode().strip()[:-1].rstrip()
    return f"{body}{',' if own else ''}{msgspec.json.encode(told).decode()[1:]}\n"
