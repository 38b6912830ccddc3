"""Jobs of dispatch: adaptive redundancy looks at every project that asked for it; rows of paused and resumed batches are moved."""

from datetime import datetime

from isogloss.annotation.queries import latest_annotation_id
from isogloss.dispatch.policies import policy_of
from isogloss.dispatch.services import apply_redundancy, mend_batches, move_batch
from isogloss.platform import clock, jobs
from isogloss.projects.queries import active_project_ids, project_by_id

REST = 20
_LOOKED: dict[int, int] = {}
"""Up to which annotation each project was looked at by this process; looking twice changes nothing."""


@jobs.job_kind("dispatch.redundancy")
def do_redundancy(ids: dict[str, object], progress: jobs.Progress) -> dict[str, object]:
    """Set the targets of a project's items as its policy finds them."""
    progress.tell(0, total=1, message="redundancy")
    return {"changed": apply_redundancy(int(str(ids["project"])), now=clock.now())}


@jobs.job_kind("dispatch.batches")
def do_batches(ids: dict[str, object], progress: jobs.Progress) -> dict[str, object]:
    """Put the rows of a batch, and of any left half moved, where its state wants them; may run twice, since it looks at what is there."""
    progress.tell(0, total=1, message="batches")
    if "batch" in ids:
        move_batch(int(str(ids["batch"])))
    return {"resumed": mend_batches()}


@jobs.every(seconds=60)
def look_at_redundancy(now: datetime) -> None:
    """Put a job in line for every active project with adaptive redundancy that has new annotations."""
    for project_id in active_project_ids():
        if policy_of(project_by_id(project_id).workflow) is None or jobs.rests(
            kind="dispatch.redundancy", project_id=project_id, factor=REST, now=now
        ):
            continue
        latest = latest_annotation_id(project_id)
        if _LOOKED.get(project_id) != latest:
            _LOOKED[project_id] = latest
            jobs.enqueue_once("dispatch.redundancy", ids={"project": project_id}, project_id=project_id, now=now)
