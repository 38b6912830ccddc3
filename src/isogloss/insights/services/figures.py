"""Writes that the project page asks for."""

from datetime import datetime
from typing import TYPE_CHECKING

from isogloss.platform import audit, jobs
from isogloss.platform.db import write_transaction

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.platform.models import Job
    from isogloss.projects.models import Project


def renew_figures(project: "Project", *, actor: "User", now: datetime) -> "list[Job]":
    """Put the recomputing of a project's figures in line, once, and return the jobs that wait or run."""
    with write_transaction():
        jobs.enqueue_once("quality.figures", ids={"project": project.pk}, project_id=project.pk, now=now)
        audit.record(actor, "figures.asked", project, now=now, project_id=project.pk)
    return list(jobs.jobs_of_project(project.pk).filter(kind="quality.figures", state__in=["waiting", "running"]))
