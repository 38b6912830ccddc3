"""The manifest of a release: what is in it, how it was made, and the hash of every file; pure, without Django."""

import hashlib
from pathlib import Path
from typing import Any

import msgspec

NAME = "manifest.json"
FORMAT = "isogloss-release"
FORMAT_VERSION = 1
OFFSET_UNIT = "unicode code points"
CSV_GUARD = "apostrophe"


class FileEntry(msgspec.Struct, frozen=True):
    """One file: its hash, its size in bytes, and its rows where it is a table."""

    sha256: str
    bytes: int
    rows: int | None = None


class Counts(msgspec.Struct):
    """How much there is of everything, and what the decisions are; a manifest of earlier versions does not say the latter."""

    items: int = 0
    annotations: int = 0
    decisions: int = 0
    agreed: int | None = None
    adjudicated: int | None = None
    ambiguous: int | None = None
    ties: int | None = None
    undecided: int | None = None  # items without any decision


class Named(msgspec.Struct, frozen=True):
    """The project a release is of."""

    id: str
    name: str
    simulated: bool


class Made(msgspec.Struct, frozen=True):
    """The release itself."""

    id: str
    version: str
    made_at: str
    note: str


class Software(msgspec.Struct, frozen=True):
    """What wrote the release."""

    name: str
    version: str


class Manifest(msgspec.Struct, frozen=True):
    """Everything one must know of a release to read it and to check that it is whole."""

    format: str
    format_version: int
    project: Named
    release: Made
    software: Software
    counts: Counts
    annotators: int
    languages: dict[str, Counts]
    method: str
    includes_gold: bool
    guideline_version: int
    guideline_versions_used: list[int]
    watermarks: dict[str, int]
    offset_unit: str
    csv_guard: str
    time_zone: str
    files: dict[str, FileEntry]
    test_share: float = 0.0
    renames: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)

    def to_json(self) -> bytes:
        """Return the manifest as a person can read it, the same bytes for the same manifest."""
        return msgspec.json.format(msgspec.json.encode(self, order="deterministic"), indent=2) + b"\n"


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a release; raises OSError or msgspec.MsgspecError."""
    return msgspec.json.decode((folder / NAME).read_bytes(), type=Manifest)


def sha256_of(path: Path) -> str:
    """Return the hash of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
