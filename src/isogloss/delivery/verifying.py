"""Checking a release, or a copy of one, against its manifest; pure, without Django."""

import csv
import os
from pathlib import Path

import msgspec

from isogloss.delivery.manifests import FORMAT, FORMAT_VERSION, NAME, Manifest, read_manifest, sha256_of
from isogloss.delivery.rules import is_file_name

_TABLES = ("items", "annotations", "decisions")


def verify_release(folder: Path, *, manifest_hash: str = "") -> list[str]:
    """Return everything that is wrong with a release; nothing means that it is whole.

    Size, hash and rows of every file are compared with the manifest, and the rows with its counts; `manifest_hash` is what the installation
    remembers of the manifest itself, for where somebody could have rewritten both.
    """
    if not (folder / NAME).is_file():
        return [f"{folder} holds no {NAME}: it is not a release, or the copy is not complete."]
    try:
        manifest = read_manifest(folder)
    except (msgspec.MsgspecError, UnicodeDecodeError, OSError) as error:
        return [f"{NAME} cannot be read: {error}"]
    if manifest.format != FORMAT or manifest.format_version > FORMAT_VERSION:
        readable = f"{FORMAT} up to version {FORMAT_VERSION}"
        return [f"{NAME} is of format {manifest.format!r}, version {manifest.format_version}; {readable} can be read here."]
    problems = []
    if manifest_hash and sha256_of(folder / NAME) != manifest_hash:
        problems.append(f"{NAME} is not the one that was written: its SHA-256 differs from the one the installation remembers.")
    for name in sorted(manifest.files):
        problems += _file_problems(folder, name=name, manifest=manifest)
    present = {entry.name for entry in os.scandir(folder)}
    problems += [f"{name}: the manifest does not name this file." for name in sorted(present - set(manifest.files) - {NAME})]
    return problems + _count_problems(manifest)


def _file_problems(folder: Path, *, name: str, manifest: Manifest) -> list[str]:
    entry, path = manifest.files[name], folder / name
    if not is_file_name(name):
        return [f"{name!r}: the manifest must not name files outside its folder."]
    if path.is_symlink() or not path.is_file():
        return [f"{name}: the file is missing."]
    size = path.stat().st_size
    if size != entry.bytes:
        return [f"{name}: {size:,} bytes, the manifest says {entry.bytes:,}."]
    if sha256_of(path) != entry.sha256:
        return [f"{name}: the content has changed, its SHA-256 is not the manifest's."]
    if entry.rows is not None and (rows := _rows_in(path)) != entry.rows:
        return [f"{name}: {rows:,} rows, the manifest says {entry.rows:,}."]
    return []


def _rows_in(path: Path) -> int:
    if path.suffix == ".jsonl":
        with path.open("rb") as file:
            return sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 20), b""))
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            csv.field_size_limit(1 << 30)
            return sum(1 for _ in csv.reader(file)) - 1
    import duckdb  # noqa: PLC0415  only who has Parquet files waits for it

    with duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False}) as database:
        found = database.execute("SELECT COALESCE(MAX(num_rows), 0) FROM parquet_file_metadata(?)", [str(path)]).fetchone()
    return int(found[0]) if found else 0


def _count_problems(manifest: Manifest) -> list[str]:
    problems = []
    for table in _TABLES:
        total = getattr(manifest.counts, table)
        parts = sum(getattr(counts, table) for counts in manifest.languages.values())
        if parts != total:
            problems.append(f"{NAME}: the {table} of the languages add up to {parts:,}, not to {total:,}.")
        for name, entry in sorted(manifest.files.items()):
            if name.split(".")[0] == table and entry.rows not in {None, total}:
                problems.append(f"{name}: {entry.rows:,} rows, but the manifest counts {total:,} {table}.")
    return problems
