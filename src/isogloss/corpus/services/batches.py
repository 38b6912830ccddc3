"""Writes about batches."""

from datetime import datetime
from typing import TYPE_CHECKING

from isogloss.corpus.models import Batch
from isogloss.platform import audit
from isogloss.platform.db import write_transaction
from isogloss.platform.problems import InvalidInput

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.projects.models import Project


def the_batch(project: "Project", *, name: str, actor: "User | None", now: datetime) -> Batch:
    """Return the project's batch of this name; make it if there is none."""
    name = name.strip()
    if not name or len(name) > 200:  # noqa: PLR2004  the column's width
        raise InvalidInput("A batch needs a name of 1 to 200 characters.")
    with write_transaction():
        batch, is_new = Batch.objects.get_or_create(project=project, name=name, defaults={"created_at": now})
        if is_new:
            audit.record(actor, "batch.made", batch, now=now, project_id=project.pk)
    return batch
