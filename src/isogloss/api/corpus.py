"""The API of the corpus: imports and items."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from django.conf import settings
from django.http import FileResponse, HttpRequest
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from isogloss.accounts.rules import Role
from isogloss.api.authentication import caller
from isogloss.api.idempotency import TAKES_KEY, digest_of, has_key, once
from isogloss.api.pages import USUAL, page_of
from isogloss.api.shapes import ImportOut, ItemOut, Page, ProfileOut
from isogloss.corpus import queries
from isogloss.corpus.access import access_import, access_item, access_profile
from isogloss.corpus.rules import FlagKind, Mapping, guess_mapping
from isogloss.corpus.services import (
    ImportOptions,
    cancel_import,
    discard_stored,
    start_batch_profile,
    start_file_profile,
    start_import,
    store_upload,
)
from isogloss.guidelines.queries import schema_of
from isogloss.platform import clock
from isogloss.platform.problems import InvalidInput, NotFound, Problem
from isogloss.platform.rows import MEDIA_TYPES, columns_of, guess_format
from isogloss.projects.access import access_project

if TYPE_CHECKING:
    from isogloss.corpus.models import ImportRun, Item, ProfileRun

router = Router(tags=["corpus"])


class BatchIn(Schema):
    """A batch of the project, by its name."""

    batch: str


def shown_import(run: "ImportRun") -> dict[str, Any]:
    """Return what the API tells of an import."""
    job = run.job
    return {
        "id": run.public_id,
        "job": job.public_id if job else None,
        "file": run.file_name,
        "batch": run.batch.name if run.batch else None,
        "state": job.state if job else None,
        "message": job.message if job else "",
        "read": run.read or (job.done if job else 0),
        "added": run.added,
        "skipped": run.skipped,
        "updated": run.updated,
        "bad": run.bad,
        "mapping": run.mapping,
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
    }


def shown_item(item: "Item", flags: Sequence[str] = ()) -> dict[str, Any]:
    """Return what the API tells of an item."""
    return {
        "id": item.external_id,
        "content": json.loads(item.content),
        "meta": json.loads(item.meta) if item.meta else {},
        "language": item.routing_language,
        "estimate": item.language or None,
        "confidence": item.confidence,
        "estimated_by": item.estimated_by or None,
        "flags": [str(flag) for flag in flags],
        "severity": item.severity,
        "version": item.version,
        "length": item.length,
    }


def _mapping(text: str) -> Mapping | None:
    if not text:
        return None
    try:
        return msgspec.convert(json.loads(text), Mapping, strict=True)
    except (ValueError, msgspec.ValidationError, RecursionError) as error:
        raise InvalidInput(f'mapping is not a JSON object such as {{"fields": {{"text": "body"}}, "id": "id"}}: {error}.') from error


@router.post("/projects/{project_id}/imports", response=ImportOut, openapi_extra=TAKES_KEY)
def make_import(  # noqa: PLR0917  ninja passes form fields by name
    request: HttpRequest,
    project_id: str,
    file: File[UploadedFile],
    batch: Form[str] = "",
    mapping: Form[str] = "",
    update: Form[bool] = False,  # noqa: FBT002  ninja fills it by name
    guarded: Form[bool] = False,  # noqa: FBT002  as above
) -> dict[str, Any]:
    """Import a JSONL, CSV or TSV file; returns at once, the import goes on as a job."""
    holder = caller(request, scope="corpus:write")
    project = access_project(holder.user, project_id, roles=(Role.LEAD,))
    options = ImportOptions(batch=batch, mapping=_mapping(mapping), update=update, guarded=guarded)
    name = file.name or "import"

    def act() -> dict[str, Any]:
        path = store_upload(file, name=name)
        try:
            return shown_import(start_import(project, path=path, name=name, options=options, actor=holder.user, now=clock.now()))
        except Problem:
            discard_stored(path)
            raise

    content = digest_of(file) if has_key(request) else ""
    return once(request, actor=holder.user, fingerprint=[name, content, batch, mapping, update, guarded], act=act)


@router.get("/projects/{project_id}/imports", response=Page[ImportOut])
def imports(request: HttpRequest, project_id: str, after: str = "", limit: int = USUAL) -> dict[str, Any]:
    """List the imports of a project, newest first; send `next` as `after` for more."""
    holder = caller(request, scope="projects:read")
    project = access_project(holder.user, project_id, roles=(Role.LEAD,))
    return page_of(queries.import_runs(project), after=after, limit=limit, show=shown_import)


@router.get("/imports/{import_id}", response=ImportOut)
def one_import(request: HttpRequest, import_id: str) -> dict[str, Any]:
    """Return how far an import is."""
    holder = caller(request, scope="projects:read")
    return shown_import(access_import(holder.user, import_id))


@router.post("/imports/{import_id}/cancel", response=ImportOut)
def cancel(request: HttpRequest, import_id: str) -> dict[str, Any]:
    """Ask an import to stop; what has come in stays."""
    holder = caller(request, scope="corpus:write")
    cancel_import(access_import(holder.user, import_id), actor=holder.user, now=clock.now())
    return shown_import(access_import(holder.user, import_id))


@router.get("/imports/{import_id}/bad-rows")
def bad_rows(request: HttpRequest, import_id: str) -> FileResponse:
    """Send the rows that could not be used, in the format of their file, with what was wrong and what to do."""
    holder = caller(request, scope="projects:read")
    run = access_import(holder.user, import_id)
    if not run.bad_path or not Path(run.bad_path).exists():
        raise NotFound("This import left no bad rows.")
    return FileResponse(Path(run.bad_path).open("rb"), content_type=MEDIA_TYPES[Path(run.bad_path).suffix])


def shown_profile(run: "ProfileRun") -> dict[str, Any]:
    """Return what the API tells of a profile."""
    job = run.job
    return {
        "id": run.public_id,
        "job": job.public_id if job else None,
        "of": run.title,
        "batch": run.batch.name if run.batch else None,
        "state": job.state if job else None,
        "message": job.message if job else "",
        "read": job.done if job else 0,
        "figures": run.result or None,
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
    }


@router.post("/projects/{project_id}/profiles", response=ProfileOut, openapi_extra=TAKES_KEY)
def make_profile(
    request: HttpRequest,
    project_id: str,
    file: File[UploadedFile],
    mapping: Form[str] = "",
    mask: Form[bool] = False,  # noqa: FBT002  ninja fills it by name
) -> dict[str, Any]:
    """Say what a file is made of without importing it, as a job; with `mask`, also make a copy with personal data masked."""
    holder = caller(request, scope="corpus:write")
    project = access_project(holder.user, project_id, roles=(Role.LEAD,))
    name = file.name or "profile"
    given = _mapping(mapping)

    def act() -> dict[str, Any]:
        file_format = guess_format(name)
        path = store_upload(file, name=name)
        try:
            chosen = given or guess_mapping(
                columns_of(path, file_format=file_format, most_bytes=settings.CONFIG.max_line)[0],
                fields=schema_of(project.version_id).fields,
            )
            run = start_file_profile(
                project, path=path, name=name, file_format=file_format, mapping=chosen, mask=mask, actor=holder.user, now=clock.now()
            )
        except Problem:
            discard_stored(path)
            raise
        return shown_profile(run)

    content = digest_of(file) if has_key(request) else ""
    return once(request, actor=holder.user, fingerprint=["profile", name, content, mapping, mask], act=act)


@router.post("/projects/{project_id}/profiles/batch", response=ProfileOut)
def profile_batch(request: HttpRequest, project_id: str, body: BatchIn) -> dict[str, Any]:
    """Say what a batch is made of, as a job."""
    holder = caller(request, scope="corpus:write")
    project = access_project(holder.user, project_id, roles=(Role.LEAD,))
    batch = queries.batch_named(project, name=body.batch)
    if batch is None:
        raise NotFound(f"The project has no batch {body.batch!r}.")
    return shown_profile(start_batch_profile(batch, actor=holder.user, now=clock.now()))


@router.get("/projects/{project_id}/profiles", response=Page[ProfileOut])
def profiles(request: HttpRequest, project_id: str, after: str = "", limit: int = USUAL) -> dict[str, Any]:
    """List the profiles of a project, newest first; send `next` as `after` for more."""
    holder = caller(request, scope="projects:read")
    project = access_project(holder.user, project_id, roles=(Role.LEAD,))
    return page_of(queries.profile_runs(project), after=after, limit=limit, show=shown_profile)


@router.get("/profiles/{profile_id}", response=ProfileOut)
def one_profile(request: HttpRequest, profile_id: str) -> dict[str, Any]:
    """Return how far a profile is, and its figures."""
    holder = caller(request, scope="projects:read")
    return shown_profile(access_profile(holder.user, profile_id))


@router.get("/projects/{project_id}/items", response=Page[ItemOut])
def items(  # noqa: PLR0917  ninja passes query fields by name
    request: HttpRequest,
    project_id: str,
    language: str = "",
    batch: str = "",
    search: str = "",
    flag: str = "",
    after: str = "",
    limit: int = USUAL,
) -> dict[str, Any]:
    """List items in the order they came; send `next` as `after` for more. `flag`: unsure, disputed, declared, annotator or mixed."""
    holder = caller(request, scope="projects:read")
    project = access_project(holder.user, project_id, roles=(Role.LEAD, Role.REVIEWER))
    if flag and flag not in set(FlagKind):
        raise InvalidInput(f"There is no flag {flag!r}; those that are: {', '.join(FlagKind)}.")
    rows = queries.items(project, narrowed=queries.ItemFilter(language=language, batch=batch, search=search, flag=flag))
    rows = rows.prefetch_related("flags")
    return page_of(rows, after=after, limit=limit, show=_with_flags, newest_first=False, key="external_id")


def _with_flags(item: "Item") -> dict[str, Any]:
    return shown_item(item, sorted(flag.kind for flag in item.flags.all()))


@router.get("/projects/{project_id}/items/{path:external_id}", response=ItemOut)
def item(request: HttpRequest, project_id: str, external_id: str) -> dict[str, Any]:
    """Return one item by the id it was imported with."""
    holder = caller(request, scope="projects:read")
    return _with_flags(access_item(holder.user, project_id, external_id))
