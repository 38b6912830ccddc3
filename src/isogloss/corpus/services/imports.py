"""Starting an import: check what can be checked before the file is read, store the file, put the job in line."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from django.conf import settings

from isogloss.corpus.models import ImportRun
from isogloss.corpus.rules import Mapping, guess_mapping
from isogloss.corpus.services.batches import the_batch
from isogloss.guidelines.queries import schema_of
from isogloss.platform import audit, jobs
from isogloss.platform.db import write_transaction
from isogloss.platform.identifiers import new_public_id
from isogloss.platform.problems import InvalidInput, TooLarge
from isogloss.platform.rows import columns_of, guess_format

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.projects.models import Project

COPY_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How a file is to be read."""

    batch: str = ""
    file_format: str = ""
    mapping: Mapping | None = None
    update: bool = False
    guarded: bool = False
    detect: bool = True


class Readable(Protocol):
    """A file or an upload that gives its bytes in pieces."""

    def read(self, size: int, /) -> bytes:
        """Return the next piece; empty at the end."""


def store_upload(stream: Readable, *, name: str) -> Path:
    """Copy an upload to the data directory in pieces; refuse one that is too large before the disk is full."""
    folder = settings.CONFIG.data / "jobs" / "imports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{new_public_id()}{Path(name).suffix.lower()[:10]}"
    size = 0
    with path.open("xb") as file:
        while piece := stream.read(COPY_CHUNK):
            size += len(piece)
            if size > settings.CONFIG.max_upload:
                file.close()
                path.unlink()
                raise TooLarge(
                    f"The file is larger than {settings.CONFIG.max_upload // 1024**2} MiB. Split it, or raise max_upload in isogloss.toml."
                )
            file.write(piece)
    return path


def batch_name(asked: str, *, file: str) -> str:
    """Return the batch that texts go to: the one asked for, else one of the file's name."""
    return asked or Path(file).stem[:150] or "import"


def start_import(
    project: "Project", *, path: Path, name: str, options: ImportOptions, actor: "User", now: datetime, inline: bool = False
) -> ImportRun:
    """Put the reading of a stored file in line (or do it now) and return its record."""
    file_format = options.file_format or guess_format(name)
    mapping = options.mapping or _guessed(path, file_format=file_format, project=project)
    fields = schema_of(project.version_id).fields
    if missing := [name for name in fields if name not in mapping.fields]:
        raise InvalidInput(
            f"No column is mapped to the field {missing[0]!r} that the label schema shows. Map one.",
            errors=[{"field": f, "message": "Map a column to it."} for f in missing],
        )
    batch = the_batch(project, name=batch_name(options.batch, file=name), actor=actor, now=now)
    with write_transaction():
        run = ImportRun.objects.create(
            project=project,
            batch=batch,
            file_name=name[:300],
            file_format=file_format,
            file_path=str(path),
            mapping=mapping.as_json(),
            options={"update": options.update, "guarded": options.guarded, "detect": options.detect},
            created_by=actor,
            created_at=now,
        )
        audit.record(actor, "import.started", run, now=now, project_id=project.pk, detail={"file": name[:300]})
    begin = jobs.run_inline if inline else jobs.enqueue
    job = begin("corpus.import", ids={"run": run.pk}, actor=actor, now=now, project_id=project.pk)
    ImportRun.objects.filter(pk=run.pk).update(job=job)
    run.refresh_from_db()
    return run


def cancel_import(run: ImportRun, *, actor: "User", now: datetime) -> None:
    """Ask an import to stop; what has come in stays."""
    if run.job is not None:
        jobs.request_cancel(run.job)
    audit.record(actor, "import.cancelled", run, now=now, project_id=run.project_id)


def discard_stored(path: Path) -> None:
    """Remove a stored file and what was made beside it."""
    path.unlink(missing_ok=True)
    shutil.rmtree(path.with_suffix(".d"), ignore_errors=True)


def _guessed(path: Path, *, file_format: str, project: "Project") -> Mapping:
    columns, _ = columns_of(path, file_format=file_format, most_bytes=settings.CONFIG.max_line)
    return guess_mapping(columns, fields=schema_of(project.version_id).fields)
