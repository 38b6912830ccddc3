"""The API of releases: make, list, look at, download."""

from typing import TYPE_CHECKING, Any

import msgspec
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from ninja import Router, Schema

from isogloss.accounts.rules import Role
from isogloss.api.authentication import caller
from isogloss.api.idempotency import TAKES_KEY, once
from isogloss.api.pages import USUAL, page_of
from isogloss.api.shapes import Page, ReleaseOut, ReleaseWithManifest
from isogloss.delivery.access import READERS, access_release
from isogloss.delivery.archives import zip_pieces
from isogloss.delivery.queries import manifest_of, release_folder, releases
from isogloss.delivery.services import archive_name, cancel_release, file_names, make_release, record_download
from isogloss.platform import clock
from isogloss.platform.problems import NotFound
from isogloss.projects.access import access_project
from isogloss.projects.queries import project_roles

if TYPE_CHECKING:
    from isogloss.delivery.models import Release

router = Router(tags=["releases"])


class ReleaseIn(Schema):
    """A new release."""

    version: str
    formats: tuple[str, ...] = ("jsonl",)
    note: str = ""
    include_gold: bool = False
    test_share: float = 0.0


def shown(release: "Release") -> dict[str, Any]:
    """Return what the API tells of a release."""
    return {
        "id": release.public_id,
        "job": release.job.public_id if release.job else None,
        "version": release.version,
        "state": release.state,
        "formats": release.formats,
        "items": release.items,
        "annotations": release.annotations,
        "decisions": release.decisions,
        "manifest_sha256": release.manifest_hash or None,
        "message": release.job.message if release.job else "",
        "created_at": release.created_at.isoformat(),
        "finished_at": release.finished_at.isoformat() if release.finished_at else None,
    }


@router.get("/projects/{project_id}/releases", response=Page[ReleaseOut])
def list_releases(request: HttpRequest, project_id: str, after: str = "", limit: int = USUAL) -> dict[str, Any]:
    """List the releases of a project, newest first; send `next` as `after` for more."""
    holder = caller(request, scope="projects:read")
    project = access_project(holder.user, project_id, roles=READERS)
    only_ready = Role.LEAD not in project_roles(holder.user, project)
    return page_of(releases(project, only_ready=only_ready), after=after, limit=limit, show=shown)


@router.post("/projects/{project_id}/releases", response=ReleaseOut, openapi_extra=TAKES_KEY)
def new_release(request: HttpRequest, project_id: str, body: ReleaseIn) -> dict[str, Any]:
    """Freeze what the project holds as a release; returns at once, the writing goes on as a job."""
    holder = caller(request, scope="release")
    project = access_project(holder.user, project_id, roles=(Role.LEAD,))

    def act() -> dict[str, Any]:
        made = make_release(
            project,
            version=body.version,
            formats=body.formats,
            note=body.note,
            include_gold=body.include_gold,
            test_share=body.test_share,
            actor=holder.user,
            now=clock.now(),
        )
        return shown(made)

    return once(request, actor=holder.user, fingerprint=body.model_dump(), act=act)


@router.get("/releases/{release_id}", response=ReleaseWithManifest)
def one_release(request: HttpRequest, release_id: str) -> dict[str, Any]:
    """Return a release, with its manifest once it is ready."""
    holder = caller(request, scope="projects:read")
    release = access_release(holder.user, release_id)
    return {**shown(release), "manifest": msgspec.to_builtins(manifest_of(release)) if release.state == "ready" else None}


@router.get("/releases/{release_id}/download")
def download(request: HttpRequest, release_id: str) -> StreamingHttpResponse:
    """Send a release as one ZIP file, as it is read from the disk."""
    holder = caller(request, scope="projects:read")
    release = access_release(holder.user, release_id)
    folder, name = release_folder(release), archive_name(release)
    record_download(release, actor=holder.user, file="", now=clock.now())
    pieces = zip_pieces(folder, names=file_names(release), inside=name, made_at=release.created_at)
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.zip") or "attachment"
    return response


@router.get("/releases/{release_id}/files/{name}")
def file(request: HttpRequest, release_id: str, name: str) -> FileResponse:
    """Send one file of a release; only what the manifest names can be asked for."""
    holder = caller(request, scope="projects:read")
    release = access_release(holder.user, release_id)
    folder = release_folder(release)
    if name not in file_names(release):
        raise NotFound("This release has no such file.")
    record_download(release, actor=holder.user, file=name, now=clock.now())
    return FileResponse((folder / name).open("rb"), as_attachment=True, filename=name)


@router.post("/releases/{release_id}/cancel", response=ReleaseOut)
def cancel(request: HttpRequest, release_id: str) -> dict[str, Any]:
    """Give up a release that is being made; one that is ready stays for ever."""
    holder = caller(request, scope="release")
    cancel_release(access_release(holder.user, release_id, roles=(Role.LEAD,)), actor=holder.user, now=clock.now())
    return shown(access_release(holder.user, release_id))
