"""Writes about releases: ask for one, make it, give it up, copy it out."""

import os
import secrets
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import IntegrityError
from django.db.models import Q

from isogloss.delivery.archives import zip_pieces
from isogloss.delivery.manifests import NAME, Manifest, sha256_of
from isogloss.delivery.models import Release, ReleaseState
from isogloss.delivery.queries import manifest_of, release_folder, releases_folder
from isogloss.delivery.rules import LONGEST_NOTE, MOST_TEST, is_version, ordered_formats
from isogloss.delivery.verifying import verify_release
from isogloss.delivery.writing import write_release
from isogloss.platform import audit, jobs
from isogloss.platform.db import write_transaction
from isogloss.platform.jobs import Progress
from isogloss.platform.models import JobState
from isogloss.platform.problems import Conflict, InvalidInput, Problem
from isogloss.quality.queries import are_figures_behind
from isogloss.quality.services import refresh_figures

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.projects.models import Project

NEVER_BEGUN = timedelta(days=1)


class ReleaseFailed(Problem):
    """The release could not be made; nothing of it is left."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    title = "The release was not made"


class ReleaseDamaged(Problem):
    """The files of a release are no longer what was released."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    title = "The release is damaged"


def make_release(
    project: "Project",
    *,
    version: str,
    actor: "User",
    now: datetime,
    formats: Sequence[str] = ("jsonl",),
    note: str = "",
    include_gold: bool = False,
    test_share: float = 0.0,
    inline: bool = False,
) -> Release:
    """Freeze what the project holds under a version; in line for the job runner, or done here and now (and then a failure is raised)."""
    version = version.strip()
    wanted = check_release(version=version, formats=formats, note=note, test_share=test_share)
    try:
        with write_transaction():
            # What failed was never a release, so its version is free again.
            Release.objects.filter(project=project, version=version, state=ReleaseState.FAILED).delete()
            release = Release.objects.create(
                project=project,
                version=version,
                formats=wanted,
                with_gold=include_gold,
                test_share=test_share,
                note=note.strip(),
                created_by=actor,
                created_at=now,
            )
            detail: dict[str, object] = {"version": version, "formats": wanted, "gold": include_gold, "test_share": test_share}
            audit.record(actor, "release.asked", release, now=now, project_id=project.pk, detail=detail)
            if not inline:
                release.job = jobs.enqueue("delivery.release", ids={"release": release.pk}, actor=actor, now=now, project_id=project.pk)
                release.save(update_fields=["job"])
    except IntegrityError as error:
        raise _taken(version) from error
    if inline:
        job = jobs.run_inline("delivery.release", ids={"release": release.pk}, actor=actor, now=now, project_id=project.pk)
        release.refresh_from_db()
        if release.state != ReleaseState.READY:
            raise ReleaseFailed(job.message or "The release was not made.", errors=job.result.get("errors"))
    return release


def _taken(version: str) -> Conflict:
    message = f"The project has a release {version} already, and releases never change. Choose another version."
    return Conflict(message, errors=[{"field": "version", "message": message}])


def check_version(project: "Project", *, version: str) -> None:
    """Say before anything is asked for that a version is taken; what decides is the index, when the release is asked for."""
    if Release.objects.filter(project=project, version=version.strip()).exclude(state=ReleaseState.FAILED).exists():
        raise _taken(version.strip())


def check_release(*, version: str, formats: Sequence[str], note: str, test_share: float) -> list[str]:
    """Return the formats in their order, or say everything that is wrong with what is asked for."""
    errors: list[dict[str, object]] = []
    wanted: list[str] = []
    if not is_version(version):
        errors.append(
            {"field": "version", "message": "A version is three numbers, MAJOR.MINOR.PATCH, and at most one addition: 1.2.0 or 1.2.0-rc.1."}
        )
    try:
        wanted = ordered_formats(formats)
    except ValueError as error:
        errors.append({"field": "formats", "message": f"There is no format {error}; those there are: jsonl, csv, parquet."})
    if not wanted and not errors:
        errors.append({"field": "formats", "message": "Choose at least one format: jsonl, csv or parquet."})
    if not 0 <= test_share <= MOST_TEST:
        errors.append({"field": "test_share", "message": "The share held out for tests lies between 0 and one half."})
    if len(note) > LONGEST_NOTE:
        errors.append({"field": "note", "message": f"The note is longer than {LONGEST_NOTE:,} characters. Shorten it."})
    if errors:
        raise InvalidInput(" ".join(str(row["message"]) for row in errors), errors=errors)
    return wanted


def fulfil_release(release: Release, *, progress: Progress, now: datetime) -> dict[str, object]:
    """Write the files of a release and make it visible; whatever goes wrong leaves neither files nor a release behind."""
    if release.state == ReleaseState.READY:
        return _told(release)
    if release.state != ReleaseState.MAKING:
        raise ReleaseFailed("This release was given up. Make it again under the same version.")
    Release.objects.filter(pk=release.pk).update(job_id=progress.job_id)
    _renew_decisions(release, progress=progress, now=now)
    folder = _new_folder(release)
    try:
        manifest = write_release(
            folder, release=release, tell=lambda done, total, message: progress.tell(done, total=total, message=message)
        )
        _publish(release, folder=folder, manifest=manifest, now=now)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        Release.objects.filter(pk=release.pk, state=ReleaseState.MAKING).update(state=ReleaseState.FAILED, finished_at=now)
        if isinstance(error, OSError):
            reason = error.strerror or type(error).__name__
            raise ReleaseFailed(
                f"The files could not be written: {reason}. Look at the disk of the data directory, then make the release again."
            ) from error
        raise
    return _told(release)


def _told(release: Release) -> dict[str, object]:
    return {"release": release.public_id, "items": release.items, "annotations": release.annotations, "decisions": release.decisions}


def _renew_decisions(release: Release, *, progress: Progress, now: datetime) -> None:
    """Conclude what was said or recalled since the figures were last computed, so that a release never lags behind its own annotations."""
    if are_figures_behind(release.project_id):
        refresh_figures(release.project_id, progress=progress, now=now)


def _new_folder(release: Release) -> Path:
    """Make a folder of this attempt's own: a worker that was taken for dead may still be writing to the last one."""
    above = releases_folder()
    above.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = above / f".making-{release.public_id}-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    return folder


def _publish(release: Release, *, folder: Path, manifest: Manifest, now: datetime) -> None:
    """Turn the written folder into the release: of two attempts one does, and there is no moment with half a release."""
    _flush(folder)
    target = releases_folder() / release.public_id
    counts = manifest.counts
    with write_transaction():
        changes: dict[str, object] = {
            "state": ReleaseState.READY,
            "folder": target.name,
            "items": counts.items,
            "annotations": counts.annotations,
            "decisions": counts.decisions,
            "ties": counts.ties,
            "manifest_hash": sha256_of(folder / NAME),
            "watermark": manifest.watermarks["annotations"],
            "finished_at": now,
        }
        if not Release.objects.filter(pk=release.pk, state=ReleaseState.MAKING).update(**changes):
            raise Conflict("Another worker has finished this release, or it was given up.")
        audit.record(
            release.created_by, "release.made", release, now=now, project_id=release.project_id, detail={"version": release.version}
        )
        if target.exists():  # an attempt died between renaming and committing; nobody has seen what it left
            shutil.rmtree(target)
        folder.rename(target)
        _flush(target.parent)
    _sweep(release)
    release.refresh_from_db()


def _flush(folder: Path) -> None:
    """Write a folder's list of names to the disk, where the system can."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(release: Release) -> None:
    """Remove what attempts that died have left."""
    for leftover in releases_folder().glob(f".making-{release.public_id}-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def cancel_release(release: Release, *, actor: "User", now: datetime) -> None:
    """Give up a release that is being made; one that is ready stays for ever."""
    if release.state == ReleaseState.READY:
        raise Conflict("The release is finished, and releases never change. Make the next version instead.")
    if release.job is not None:
        jobs.request_cancel(release.job)
    audit.record(actor, "release.cancelled", release, now=now, project_id=release.project_id)
    settle_abandoned(now=now)


def settle_abandoned(*, now: datetime) -> int:
    """Mark as failed what nobody makes any more, and remove what it left; return how many there were."""
    over = Q(job__state__in=[JobState.FAILED, JobState.CANCELLED]) | Q(job__isnull=True, created_at__lt=now - NEVER_BEGUN)
    settled = 0
    for release in Release.objects.filter(over, state=ReleaseState.MAKING):
        settled += Release.objects.filter(pk=release.pk, state=ReleaseState.MAKING).update(state=ReleaseState.FAILED, finished_at=now)
        _sweep(release)
    return settled


def record_download(release: Release, *, actor: "User", file: str, now: datetime) -> None:
    """Note who took what of a release, and when."""
    audit.record(
        actor, "release.downloaded", release, now=now, project_id=release.project_id, detail={"version": release.version, "file": file}
    )


def archive_name(release: Release) -> str:
    """Return what a copy of the release is called: the project's name in plain letters, and the version."""
    letters = "".join(c if c.isalnum() else "-" for c in release.project.name.lower())
    plain = "-".join(part for part in letters.split("-") if part)[:80]
    return f"{plain or 'release'}-{release.version}"


def file_names(release: Release) -> list[str]:
    """Return the names of a release's files, the manifest first."""
    return [NAME, *sorted(manifest_of(release).files)]


def export_release(release: Release, *, to: Path) -> Path:
    """Copy a release out: to a new folder, or to one ZIP file where the name ends so; what has changed on the disk is not passed on."""
    folder = release_folder(release)
    if to.exists():
        raise Conflict(f"{to} exists already. Name a new folder or a new .zip file.")
    if problems := verify_release(folder, manifest_hash=release.manifest_hash):
        raise ReleaseDamaged(
            f"Release {release.version} is damaged: {problems[0]} Restore it from a backup.", errors=[{"message": p} for p in problems]
        )
    to.parent.mkdir(parents=True, exist_ok=True)
    unfinished = to.with_name(f".{to.name}-{secrets.token_hex(4)}")
    try:
        if to.suffix.lower() == ".zip":
            with unfinished.open("xb") as file:
                for piece in zip_pieces(folder, names=file_names(release), inside=archive_name(release), made_at=release.created_at):
                    file.write(piece)
        else:
            unfinished.mkdir()
            for name in file_names(release):
                shutil.copyfile(folder / name, unfinished / name)
        unfinished.rename(to)
    except BaseException:
        if unfinished.is_dir():
            shutil.rmtree(unfinished, ignore_errors=True)
        else:
            unfinished.unlink(missing_ok=True)
        raise
    return to
