"""Jobs of insights: what flags come to is counted while people work."""

from datetime import datetime, timedelta

from isogloss.annotation.queries import latest_annotation_id
from isogloss.assist.queries import flag_state
from isogloss.corpus.queries import count_flags
from isogloss.insights.services import refresh_flags
from isogloss.platform import clock, jobs
from isogloss.projects.queries import active_project_ids

REST = 50  # after a computation of a second fifty go by without one
OLD = timedelta(minutes=10)


@jobs.job_kind("insights.flags")
def do_flags(ids: dict[str, object], progress: jobs.Progress) -> dict[str, object]:
    """Flag annotators against sure detectors and count every flag of a project."""
    return refresh_flags(int(str(ids["project"])), progress=progress, now=clock.now())


@jobs.every(seconds=30)
def renew_stale_flags(now: datetime) -> None:
    """Put a job in line for every project with answers or flags that its figures do not count yet, or whose decisions may have changed."""
    for project_id in active_project_ids():
        if jobs.rests(kind="insights.flags", project_id=project_id, factor=REST, now=now):
            continue
        state, flags = flag_state(project_id), count_flags(project_id)
        is_old = state.made_at is not None and now - state.made_at > OLD and flags > 0
        if is_old or state.items != flags or state.watermark < latest_annotation_id(project_id):
            jobs.enqueue_once("insights.flags", ids={"project": project_id}, project_id=project_id, now=now)
