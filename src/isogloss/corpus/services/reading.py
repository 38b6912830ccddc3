"""The import itself: rows to items in short transactions, the same file twice without harm, bad rows into a file of their own."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

import msgspec
from django.conf import settings
from django.db import connection

from isogloss.core.language.tags import UnknownTag, covers, normalise
from isogloss.corpus.models import ImportRun, Item, ItemVersion
from isogloss.corpus.rules import ItemMaker, Mapping, NewItem, clean_hazards
from isogloss.guidelines.queries import schema_of
from isogloss.platform.db import is_postgresql, write_transaction
from isogloss.platform.jobs import Progress
from isogloss.platform.problems import InvalidInput
from isogloss.platform.rows import BadRow, read_rows
from isogloss.projects.queries import language_tags

CHUNK = 1500  # rows a transaction: about 30 ms on SQLite, so that a submit never waits longer than that


def read_import(run: ImportRun, *, progress: Progress, now: datetime) -> dict[str, object]:
    """Read the file of an import; doing it again after a crash skips what is there already.

    What came in is counted with every chunk, so that an import that stops half-way still says what it brought.
    """
    path = Path(run.file_path)
    counts = _Counts(path=path.with_name(f"{path.name}.{run.public_id}.bad.jsonl"), added_before=run.added, updated_before=run.updated)
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
    maker = _maker(run)
    rows = read_rows(path, file_format=run.file_format, most_bytes=settings.CONFIG.max_line, guarded=bool(run.options.get("guarded")))
    with counts.path.open("wb") as bad_file:
        made = (row if isinstance(row, BadRow) else maker.make(row) for row in rows)
        for chunk in _chunks(made):
            for row in sorted(_store(run, chunk, counts=counts, now=now), key=lambda r: r.line):
                bad_file.write(msgspec.json.encode(row) + b"\n")
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
                raise ValueError(f"{given!r} is not a language tag: {error}") from error
            if not any(covers(broad, tag) for broad in tags):
                raise ValueError(
                    f"The language {given!r} is not one of the project's ({', '.join(tags)}). Add it to the project, or mend the cell."
                )
            known[given] = tag
        return known[given]

    fields = schema_of(run.project.version_id).fields
    mapping = Mapping(**run.mapping)
    try:
        hazards = clean_hazards(run.project.hazards)
    except ValueError as error:
        raise InvalidInput(f"The project's hazards cannot be used: {error}") from error
    return ItemMaker(
        mapping=mapping,
        declared_severity=run.project.declared_severity,
        declared_hazards=hazards,
        clean_language=clean,
        most_text=settings.CONFIG.max_text,
        main_field=fields[0] if fields else next(iter(mapping.fields), ""),
    )


def _chunks(rows: Iterable[NewItem | BadRow]) -> Iterator[list[NewItem | BadRow]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _store(run: ImportRun, chunk: list[NewItem | BadRow], *, counts: _Counts, now: datetime) -> list[BadRow]:
    bad = [row for row in chunk if isinstance(row, BadRow)]
    rows = [row for row in chunk if isinstance(row, NewItem)]
    new: dict[str, NewItem] = {}
    changed: list[tuple[int, NewItem]] = []
    with write_transaction():
        _only_writer(run.project_id)
        known = _known(run.project_id, rows)
        for row in rows:
            if row.external_id in new:
                there, item_id = new[row.external_id].content_hash, None
            elif row.external_id in known:
                there, item_id = known[row.external_id]
            else:
                new[row.external_id] = row
                continue
            if there == row.content_hash:
                counts.skipped += 1
            elif item_id is not None and run.options.get("update"):
                changed.append((item_id, row))
                known[row.external_id] = (row.content_hash, item_id)
            else:
                bad.append(_other_content(row))
        _insert(run, list(new.values()), now=now)
        for item_id, row in changed:
            _replace(item_id, row, now=now)
        counts.read += len(chunk)
        counts.added += len(new)
        counts.updated += len(changed)
        counts.bad += len(bad)
        ImportRun.objects.filter(pk=run.pk).update(**counts.columns())  # with the rows themselves: either both are there or neither
    return bad


def _other_content(row: NewItem) -> BadRow:
    return BadRow(
        row.line,
        f"The id {row.external_id!r} is taken by an item with other content.",
        "Give the row another id, or import with “update” to make it the item's next version.",
        row.content[:300],
    )


def _only_writer(project_id: int) -> None:
    """Let one import at a time write to a project; on SQLite the transaction itself sees to that."""
    if is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_IMPORT_LOCK, project_id % 2**31])


_IMPORT_LOCK = 7101


def _known(project_id: int, rows: list[NewItem]) -> dict[str, tuple[str, int]]:
    found = Item.objects.filter(project_id=project_id, external_id__in=[row.external_id for row in rows])
    return {external: (content_hash, pk) for external, content_hash, pk in found.values_list("external_id", "content_hash", "pk")}


_COLUMNS = (
    "project_id, batch_id, external_id, version, content, content_hash, length, declared_language, language, confidence, runner_up,"
    " routing_language, severity, hazards, cluster, meta, created_at"
)


def _insert(run: ImportRun, rows: list[NewItem], *, now: datetime) -> None:
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
            row.severity,
            row.hazards,
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


def _replace(item_id: int, row: NewItem, *, now: datetime) -> None:
    item = Item.objects.get(pk=item_id)
    if not ItemVersion.objects.filter(item=item, number=item.version).exists():
        ItemVersion.objects.create(item=item, number=item.version, content=item.content, content_hash=item.content_hash, at=item.created_at)
    number = item.version + 1
    ItemVersion.objects.create(item=item, number=number, content=row.content, content_hash=row.content_hash, at=now)
    Item.objects.filter(pk=item_id).update(
        version=number, content=row.content, content_hash=row.content_hash, length=row.length, meta=row.meta
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
