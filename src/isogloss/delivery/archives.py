"""A release as one ZIP archive, made while it is sent: stored, not deflated, so that the first byte leaves at once."""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

PIECE = 1 << 20
READ_BY_ALL = 0o100444 << 16
NEEDS_ZIP64 = 1 << 31


class _Outlet:
    """A file that cannot be rewound and gives away what it was given."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, piece: bytes, /) -> int:
        self._held.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def close(self) -> None:
        """There is nothing to close."""

    def take(self) -> bytes:
        held = b"".join(self._held)
        self._held.clear()
        return held


def zip_pieces(folder: Path, *, names: Sequence[str], inside: str, made_at: datetime) -> Iterator[bytes]:
    """Yield a ZIP archive of the named files in pieces; equal for equal files, whenever it is asked for."""
    outlet = _Outlet()
    moment = made_at.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:
        for name in names:
            entry = zipfile.ZipInfo(f"{inside}/{name}", date_time=moment)
            entry.external_attr = READ_BY_ALL
            path = folder / name
            with archive.open(entry, "w", force_zip64=path.stat().st_size >= NEEDS_ZIP64) as target, path.open("rb") as source:
                while piece := source.read(PIECE):
                    target.write(piece)
                    yield outlet.take()
    yield outlet.take()
