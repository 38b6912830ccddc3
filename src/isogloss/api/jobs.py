"""The API of jobs: how far long work is."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from ninja import Router

from isogloss.accounts.rules import Role
from isogloss.api.authentication import caller
from isogloss.api.pages import USUAL, page_of
from isogloss.api.shapes import JobOut, Page
from isogloss.platform.jobs import jobs_of_project
from isogloss.projects.access import access_job, access_project

if TYPE_CHECKING:
    from isogloss.platform.models import Job

router = Router(tags=["jobs"])


def shown(job: "Job") -> dict[str, Any]:
    """Return what the API tells of a job."""
    return {
        "id": job.public_id,
        "kind": job.kind,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "message": job.message,
        "created_at": job.created_at.isoformat(),
        "started_at": job.started_at.isoformat() if job.started_at else None,
        "finished_at": job.finished_at.isoformat() if job.finished_at else None,
    }


@router.get("/projects/{project_id}/jobs", response=Page[JobOut])
def jobs(request: HttpRequest, project_id: str, after: str = "", limit: int = USUAL) -> dict[str, Any]:
    """List the jobs of a project, newest first; imports and releases are cancelled at their own addresses."""
    holder = caller(request, scope="projects:read")
    project = access_project(holder.user, project_id, roles=(Role.LEAD,))
    return page_of(jobs_of_project(project.pk), after=after, limit=limit, show=shown)


@router.get("/jobs/{job_id}", response=JobOut)
def job(request: HttpRequest, job_id: str) -> dict[str, Any]:
    """Return how far a job is."""
    holder = caller(request, scope="projects:read")
    return shown(access_job(holder.user, job_id))
