"""Saying what a file is made of before it is imported, or a batch after: languages, lengths, repetition, mixed text, personal data."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec
from django.conf import settings

from isogloss.core.language.personal import masked
from isogloss.core.language.profiles import Profiler
from isogloss.core.language.sources import SourceRow
from isogloss.corpus.models import Batch, Item, ProfileRun
from isogloss.corpus.ports import detector_model
from isogloss.corpus.rules import Mapping
from isogloss.corpus.services.detection import shown_text
from isogloss.guidelines.queries import schema_of
from isogloss.platform import audit, jobs
from isogloss.platform.db import write_transaction
from isogloss.platform.jobs import Progress
from isogloss.platform.problems import InvalidInput
from isogloss.platform.rows import BadRow, read_rows

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.projects.models import Project

PIECE = 500
Told = tuple[SourceRow, dict[str, object]]


def start_file_profile(
    project: "Project", *, path: Path, name: str, file_format: str, mapping: Mapping, mask: bool, actor: "User", now: datetime
) -> ProfileRun:
    """Put the profile of a stored file in line; with `mask`, also a copy of it in which personal data is masked."""
    if not mapping.fields:
        raise InvalidInput("Say which column holds the text.")
    options: dict[str, object] = {"mapping": mapping.as_json(), "mask": mask}
    run = ProfileRun(project=project, title=name[:300], file_format=file_format, file_path=str(path), options=options)
    return _begun(run, actor=actor, now=now)


def start_batch_profile(batch: Batch, *, actor: "User", now: datetime) -> ProfileRun:
    """Put the profile of a batch in line."""
    return _begun(ProfileRun(project=batch.project, batch=batch, title=batch.name), actor=actor, now=now)


def _begun(run: ProfileRun, *, actor: "User", now: datetime) -> ProfileRun:
    run.created_by, run.created_at = actor, now
    with write_transaction():
        run.save()
        audit.record(actor, "profile.started", run, now=now, project_id=run.project_id, detail={"of": run.title})
        run.job = jobs.enqueue("corpus.profile", ids={"profile": run.pk}, actor=actor, now=now, project_id=run.project_id)
        run.save(update_fields=["job"])
    return run


def cancel_profile(run: ProfileRun, *, actor: "User", now: datetime) -> None:
    """Ask a profile to stop."""
    if run.job is not None:
        jobs.request_cancel(run.job)
    audit.record(actor, "profile.cancelled", run, now=now, project_id=run.project_id)


def profile_texts(run: ProfileRun, *, progress: Progress, now: datetime) -> dict[str, object]:
    """Read the texts once, in memory that does not grow with them, and store the figures."""
    wants_copy = bool(run.options.get("mask"))
    copy = Path(run.file_path).with_name(f"{run.public_id}.masked.jsonl") if wants_copy else None
    mapping = Mapping(**run.options["mapping"]) if run.file_path else None
    done = 0
    with ExitStack() as stack:
        profiler = stack.enter_context(Profiler(model=detector_model()))
        sink = stack.enter_context(copy.open("wb")) if copy is not None else None
        for piece in _pieces(_file_rows(run, mapping) if mapping is not None else _batch_rows(run)):
            profiler.add([row for row, _ in piece])
            if sink is not None and mapping is not None:
                _write_masked(sink, piece, mapping=mapping)
            done += len(piece)
            progress.tell(done, message=f"{done:,} rows read")
        found = profiler.profile().as_dict()
    ProfileRun.objects.filter(pk=run.pk).update(result=found, masked_path=str(copy or ""), finished_at=now)
    return {"rows": found["rows"], "problems": found["problems"]}


def _file_rows(run: ProfileRun, mapping: Mapping) -> Iterator[Told]:
    for row in read_rows(Path(run.file_path), file_format=run.file_format, most_bytes=settings.CONFIG.max_line):
        if isinstance(row, BadRow):
            yield SourceRow("", {}, row.reason), {}
            continue
        texts = [value for column in mapping.fields.values() if isinstance(value := row.values.get(column), str)]
        if not texts:
            yield SourceRow("", {}, "no text"), {}
            continue
        yield SourceRow("\n".join(texts), _declared(row.values.get(mapping.language) if mapping.language else "")), row.values


def _batch_rows(run: ProfileRun) -> Iterator[Told]:
    assert run.batch_id is not None  # a profile is of a file or of a batch
    fields = schema_of(run.project.version_id).fields
    rows = Item.objects.filter(batch_id=run.batch_id).order_by("pk").values_list("pk", "content", "declared_language")
    last = 0
    while piece := list(rows.filter(pk__gt=last)[:PIECE]):
        last = piece[-1][0]
        yield from ((SourceRow(shown_text(content, fields), _declared(declared)), {}) for _, content, declared in piece)


def _declared(language: object) -> dict[str, Any]:
    return {"language": language} if language and isinstance(language, str) else {}


def _write_masked(sink: BinaryIO, piece: list[Told], *, mapping: Mapping) -> None:
    """Write the rows with every text column masked; the other columns as they are, so that the copy can be imported in the file's place."""
    columns = set(mapping.fields.values())
    for row, values in piece:
        if row.problem is None:
            told = {name: masked(value) if name in columns and isinstance(value, str) else value for name, value in values.items()}
            sink.write(msgspec.json.encode(told) + b"\n")


def _pieces(rows: Iterator[Told]) -> Iterator[list[Told]]:
    piece: list[Told] = []
    for row in rows:
        piece.append(row)
        if len(piece) == PIECE:
            yield piece
            piece = []
    if piece:
        yield piece
