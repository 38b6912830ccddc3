"""What a release may be called, which forms it comes in, and what the files in it are called."""

import re
from collections.abc import Iterable

FORMATS = ("jsonl", "csv", "parquet")
LONGEST_NOTE = 4000
MOST_TEST = 0.5
LONGEST_VERSION = 32
_VERSION = re.compile(r"(0|[1-9]\d{0,8})(\.(0|[1-9]\d{0,8})){2}(-[0-9A-Za-z]+([.-][0-9A-Za-z]+)*)?", re.ASCII)
_NUMBERED = re.compile(r"v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})")
_FILE = re.compile(r"[0-9A-Za-z_][0-9A-Za-z._-]{0,99}")


def is_version(version: str) -> bool:
    """Whether a release may be called so: MAJOR.MINOR.PATCH, as it is a promise; short and plain, as it names folders and downloads."""
    return len(version) <= LONGEST_VERSION and _VERSION.fullmatch(version) is not None


def is_file_name(name: str) -> bool:
    """Whether a manifest may name such a file: no folders, nothing hidden, nothing above."""
    return _FILE.fullmatch(name) is not None


def ordered_formats(formats: Iterable[str]) -> list[str]:
    """Return the formats, each once, in one order, so that asking twice makes the same bytes; unknown ones raise ValueError."""
    wanted = set(formats)
    if unknown := wanted - set(FORMATS):
        raise ValueError(", ".join(sorted(unknown)))
    return [name for name in FORMATS if name in wanted]


def next_version(taken: Iterable[str]) -> str:
    """Propose the version after the highest numbered one: more rows are a minor step, as semantic versions count."""
    numbers = [tuple(map(int, found.groups())) for version in taken if (found := _NUMBERED.fullmatch(version))]
    if not numbers:
        return "1.0.0"
    major, minor, _ = max(numbers)
    return f"{major}.{minor + 1}.0"
