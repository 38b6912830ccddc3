"""Reads about releases."""

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import QuerySet

from isogloss.delivery import columns
from isogloss.delivery.manifests import Manifest, read_manifest
from isogloss.delivery.models import Release, ReleaseState
from isogloss.delivery.snapshots import frozen_view
from isogloss.platform.problems import NotFound

if TYPE_CHECKING:
    from isogloss.projects.models import Project


def releases(project: "Project", *, only_ready: bool = False) -> QuerySet[Release]:
    """Releases of a project, newest first; to a requester those that are not ready do not exist."""
    rows = Release.objects.filter(project=project).select_related("job", "created_by").order_by("-id")
    return rows.filter(state=ReleaseState.READY) if only_ready else rows


def ready_releases(projects: "QuerySet[Project]") -> QuerySet[Release]:
    """Finished releases of these projects, newest first."""
    within = projects.order_by().values("pk")
    return Release.objects.filter(project__in=within, state=ReleaseState.READY).select_related("project").order_by("-id")


def release_by_version(project: "Project", version: str) -> Release:
    """Return the finished release of this version, or say which ones there are."""
    release = Release.objects.select_related("project").filter(project=project, version=version, state=ReleaseState.READY).first()
    if release is None:
        made = ", ".join(releases(project, only_ready=True).values_list("version", flat=True)[:20])
        raise NotFound(f"The project has no release {version!r}. " + (f"Those there are: {made}." if made else "None has been made yet."))
    return release


def releases_folder() -> Path:
    """Return the folder that holds every release of the installation."""
    folder: Path = settings.CONFIG.data / "releases"
    return folder


def release_folder(release: Release) -> Path:
    """Return where the files of a finished release lie, or say that they are gone."""
    folder = releases_folder() / release.folder
    if release.state != ReleaseState.READY or not release.folder:
        raise NotFound("This release is not finished. Wait until it is, or look at why it failed.")
    if not folder.is_dir():
        raise NotFound(f"The files of release {release.version} are missing from the data directory. Restore them from a backup.")
    return folder


def prospect(project: "Project", *, with_gold: bool) -> tuple[int, int]:
    """Return how many items and annotations a release would hold that were made now."""
    with frozen_view() as view:
        return columns.prospect(view, project=project.pk, with_gold=with_gold)


def manifest_of(release: Release) -> Manifest:
    """Return the manifest of a finished release."""
    return read_manifest(release_folder(release))
