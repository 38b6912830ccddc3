"""What assist does when others have something new."""

from datetime import datetime

from isogloss.platform import jobs


def estimates_ready(*, project_id: int, now: datetime) -> None:
    """Look at the words of texts whose language was estimated."""
    jobs.enqueue_once("assist.segment", ids={"project": project_id}, project_id=project_id, now=now)
