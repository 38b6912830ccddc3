"""What people ask of the corpus that a job then does."""

from datetime import datetime
from typing import TYPE_CHECKING

from isogloss.platform import audit, jobs
from isogloss.platform.db import write_transaction

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.projects.models import Project


def ask_reestimate(project: "Project", *, actor: "User", now: datetime) -> None:
    """Put the estimating of a project's languages in line once more, unless it waits or runs already."""
    with write_transaction():
        audit.record(actor, "languages.reestimation_asked", project, now=now, project_id=project.pk)
        jobs.enqueue_once("corpus.reestimate", ids={"project": project.pk}, project_id=project.pk, now=now)
