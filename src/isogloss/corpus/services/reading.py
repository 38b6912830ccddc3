"""The import itself: rows to items in short transactions, the same file twice without harm, bad rows into a file of their own."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from isogloss.core.language.tags import UnknownTag, covers, normalise
from isogloss.corpus.models import ImportRun, Item
from isogloss.corpus.rules import Difference, ItemMaker, Known, Mapping, NewItem, differences, revised
from isogloss.corpus.services.refusing import BadRows
from isogloss.corpus.services.revising import PIECE, prepare_revision, serve_rewritten, write_revision
from isogloss.guidelines.queries import schema_of
from isogloss.platform.db import is_postgresql, write_transaction
from isogloss.platform.jobs import Progress
from isogloss.platform.problems import InvalidInput
from isogloss.platform.rows import BadRecord, BadRow, Row, read_rows
from isogloss.projects.queries import language_tags
from isogloss.projects.rules import clean_hazards

CHUNK = 1500  # rows a transaction: about 30 ms on SQLite, so that a submit never waits longer than that
CHUNK_SIZE = 32 * 1024 * 1024  # and characters: a row may be 16 MiB long

_Change = tuple[NewItem, tuple[Difference, ...]]
"""A row, and in what it differs from the item that is known."""


def read_import(run: ImportRun, *, progress: Progress, now: datetime) -> dict[str, object]:
    """Read the file of an import; doing it again after a crash skips what is there already.

    What came in is counted with every chunk, so that an import that stops half-way still says what it brought.
    """
    path = Path(run.file_path)
    counts = _Counts(
        path=path.with_name(f"{path.name}.{run.public_id}.bad.{run.file_format}"), added_before=run.added, updated_before=run.updated
    )
    try:
        _read(run, path, counts=counts, progress=progress, now=now)
    except Exception:
        ImportRun.objects.filter(pk=run.pk).update(finished_at=now)
        raise
    if not counts.bad:
        counts.path.unlink(missing_ok=True)  # the same import may be read twice at once after a takeover
    ImportRun.objects.filter(pk=run.pk).update(**counts.columns(), file_hash=_sha256(path), finished_at=now)
    return {name: value for name, value in counts.columns().items() if name != "bad_path"}


def _read(run: ImportRun, path: Path, *, counts: "_Counts", progress: Progress, now: datetime) -> None:
    maker, declared = _maker(run), _declared(run)
    rows = read_rows(path, file_format=run.file_format, most_bytes=settings.CONFIG.max_line, guarded=bool(run.options.get("guarded")))
    with BadRows(counts.path, run=run, most_bytes=settings.CONFIG.max_line) as bad_file:
        made = (row if isinstance(row, BadRow) else _made(maker, row) for row in rows)
        for chunk in _chunks(made):
            bad, changed = _store(run, chunk, counts=counts, declared=declared, now=now)
            bad_file.write(bad)
            for start in range(0, len(changed), PIECE):
                _revise(run, changed[start : start + PIECE], counts=counts, declared=declared, now=now)
            progress.tell(counts.read, message=f"{counts.read:,} rows read")


@dataclass(slots=True, kw_only=True)
class _Counts:
    """What has come of the rows so far; an attempt that died before has brought in some that this one finds there."""

    path: Path
    added_before: int
    updated_before: int
    read: int = 0
    added: int = 0
    skipped: int = 0
    updated: int = 0
    bad: int = 0

    def columns(self) -> dict[str, object]:
        """Return what is stored with the import."""
        return {
            "read": self.read,
            "added": self.added_before + self.added,
            "skipped": max(0, self.skipped - self.added_before - self.updated_before),
            "updated": self.updated_before + self.updated,
            "bad": self.bad,
            "bad_path": str(self.path) if self.bad else "",
        }


def _maker(run: ImportRun) -> ItemMaker:
    tags = language_tags(run.project)
    known: dict[str, str] = {}

    def clean(given: str) -> str:
        if given not in known:
            try:
                tag = normalise(given)
            except UnknownTag as error:
                raise ValueError(str(error)) from error
            if not any(covers(broad, tag) for broad in tags):
                raise ValueError(
                    f"The language {given!r} is not one of the project's ({', '.join(tags)}). Add it to the project, or mend the cell."
                )
            known[given] = tag
        return known[given]

    fields = schema_of(run.project.version_id).fields
    mapping = Mapping(**run.mapping)
    return ItemMaker(
        mapping=mapping,
        clean_language=clean,
        most_text=settings.CONFIG.max_text,
        main_field=fields[0] if fields else next(iter(mapping.fields), ""),
    )


@dataclass(frozen=True, slots=True)
class _Declared:
    """What the project declares of items that say nothing themselves."""

    severity: int
    hazards: str


def _declared(run: ImportRun) -> _Declared:
    try:
        return _Declared(run.project.declared_severity, clean_hazards(run.project.hazards))
    except ValueError as error:
        raise InvalidInput(f"The project's hazards cannot be used: {error}") from error


def _chunks(rows: Iterable[NewItem | BadRow]) -> Iterator[list[NewItem | BadRow]]:
    chunk: list[NewItem | BadRow] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += len(row.content) if isinstance(row, NewItem) else len(row.raw) + _length(row)
        if len(chunk) == CHUNK or size > CHUNK_SIZE:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _length(row: BadRow) -> int:
    source = row.source if isinstance(row, BadRecord) else b""
    return len(source) if isinstance(source, bytes) else sum(map(len, source))


def _made(maker: ItemMaker, row: Row) -> NewItem | BadRow:
    """Return the item, or the bad row with what is needed to give it back whole."""
    made = maker.make(row)
    return made if isinstance(made, NewItem) else BadRecord(made.line, made.reason, made.remedy, source=row.source)


def _store(
    run: ImportRun, chunk: list[NewItem | BadRow], *, counts: _Counts, declared: _Declared, now: datetime
) -> tuple[list[BadRow], list[_Change]]:
    """Store what is new; return what is bad, and the rows that change items which are known."""
    bad = [row for row in chunk if isinstance(row, BadRow)]
    rows = [row for row in chunk if isinstance(row, NewItem)]
    new: dict[str, NewItem] = {}
    changed: dict[str, _Change] = {}
    with write_transaction():
        _only_writer(run.project_id)
        known = _known(run.project_id, rows)
        updates = bool(run.options.get("update"))
        for row in rows:
            if row.external_id not in known:
                new[row.external_id] = row
                known[row.external_id] = _as_known(row, declared=declared)
            elif found := differences(row, known[row.external_id], declared_hazards=declared.hazards if updates else ""):
                if updates and row.external_id not in new and row.external_id not in changed:
                    changed[row.external_id] = (row, found)
                    known[row.external_id] = revised(row, known[row.external_id], declared_hazards=declared.hazards)
                else:
                    bad.append(_known_otherwise(row, found, is_twice=row.external_id in new or row.external_id in changed))
            else:
                counts.skipped += 1
        _insert(run, list(new.values()), declared=declared, now=now)
        counts.read += len(chunk)
        counts.added += len(new)
        counts.bad += len(bad)
        ImportRun.objects.filter(pk=run.pk).update(**counts.columns())  # with the rows themselves: either both are there or neither
    return bad, list(changed.values())


def _revise(run: ImportRun, changes: list[_Change], *, counts: _Counts, declared: _Declared, now: datetime) -> None:
    revision = prepare_revision(run, changes)
    with write_transaction():
        _only_writer(run.project_id)
        held = write_revision(run, revision, declared_hazards=declared.hazards, now=now)
        counts.updated += len(changes)
        ImportRun.objects.filter(pk=run.pk).update(**counts.columns())
    serve_rewritten(run, held, now=now)


def _known_otherwise(row: NewItem, found: tuple[Difference, ...], *, is_twice: bool) -> BadRow:
    others = " and ".join(found) if Difference.CONTENT not in found else "content"
    if is_twice:
        reason, remedy = f"The id {row.external_id!r} is taken by a row of this file with other {others}.", "Give each id once."
    elif Difference.CONTENT in found:
        reason = f"The id {row.external_id!r} is taken by an item with other content."
        remedy = "Give the row another id, or import with “update” to make it the item's next version."
    else:
        reason = f"The item {row.external_id!r} is known with other {others}."
        remedy = "Import with “update” to change it, or leave the row out."
    return BadRecord(row.line, reason, remedy, source=row.source)


def _only_writer(project_id: int) -> None:
    """Let one import at a time write to a project; on SQLite the transaction itself sees to that."""
    if is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_IMPORT_LOCK, project_id % 2**31])


_IMPORT_LOCK = 7101


def _known(project_id: int, rows: list[NewItem]) -> dict[str, Known]:
    found = Item.objects.filter(project_id=project_id, external_id__in=[row.external_id for row in rows])
    columns = ("external_id", "content_hash", "declared_language", "severity", "hazards")
    return {external: Known(*facts) for external, *facts in found.values_list(*columns)}


def _as_known(row: NewItem, *, declared: _Declared) -> Known:
    severity = declared.severity if row.severity is None else row.severity
    return Known(row.content_hash, row.declared_language, severity, row.hazards or declared.hazards)


_COLUMNS = (
    "project_id, batch_id, external_id, version, content, content_hash, length, declared_language, language, confidence, runner_up,"
    " routing_language, severity, hazards, cluster, meta, created_at"
)


def _insert(run: ImportRun, rows: list[NewItem], *, declared: _Declared, now: datetime) -> None:
    """Insert the rows the quick way."""
    if not rows:
        return
    values = [
        (
            run.project_id,
            run.batch_id,
            row.external_id,
            1,
            row.content,
            row.content_hash,
            row.length,
            row.declared_language,
            "",
            None,
            "",
            row.declared_language or (None if run.options.get("detect", True) else "und"),
            declared.severity if row.severity is None else row.severity,
            row.hazards or declared.hazards,
            None,
            row.meta,
            now,
        )
        for row in rows
    ]
    with connection.cursor() as cursor:
        if is_postgresql():
            with cursor.copy(f"COPY corpus_item ({_COLUMNS}) FROM STDIN") as copy:
                for value in values:
                    copy.write_row(value)
        else:
            marks = ", ".join(["%s"] * len(values[0]))
            cursor.executemany(f"INSERT INTO corpus_item ({_COLUMNS}) VALUES ({marks})", values)  # noqa: S608  the columns are ours


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
