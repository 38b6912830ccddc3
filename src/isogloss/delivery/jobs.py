"""Jobs of delivery: making a release, and clearing away what was given up."""

from datetime import datetime

from isogloss.delivery.models import Release
from isogloss.delivery.services import fulfil_release, settle_abandoned
from isogloss.platform import clock, jobs


@jobs.job_kind("delivery.release")
def do_release(ids: dict[str, object], progress: jobs.Progress) -> dict[str, object]:
    """Write the files of a release."""
    release = Release.objects.select_related("project__workflow", "project__version", "project__guideline", "created_by").get(
        pk=str(ids["release"])
    )
    return fulfil_release(release, progress=progress, now=clock.now())


@jobs.every(seconds=60)
def clear_abandoned(now: datetime) -> None:
    """Mark as failed the releases whose jobs were cancelled before they began, or were given up."""
    settle_abandoned(now=now)
