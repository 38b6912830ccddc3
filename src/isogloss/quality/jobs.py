"""Jobs of quality: figures and decisions are renewed while people work."""

from datetime import datetime

from isogloss.platform import clock, jobs
from isogloss.projects.queries import active_project_ids
from isogloss.quality.queries import are_figures_behind
from isogloss.quality.services import refresh_figures

REST = 20  # after a computation of a second nineteen go by without one: figures of a large project must not eat the server


@jobs.job_kind("quality.figures")
def do_figures(ids: dict[str, object], progress: jobs.Progress) -> dict[str, object]:
    """Recompute the figures and decisions of a project."""
    return refresh_figures(int(str(ids["project"])), progress=progress, now=clock.now())


@jobs.every(seconds=15)
def renew_stale_figures(now: datetime) -> None:
    """Put a job in line for every active project whose figures do not count yet what people answered, recalled or asked for."""
    for project_id in active_project_ids():
        if jobs.rests(kind="quality.figures", project_id=project_id, factor=REST, now=now):
            continue
        if are_figures_behind(project_id):
            jobs.enqueue_once("quality.figures", ids={"project": project_id}, project_id=project_id, now=now)
