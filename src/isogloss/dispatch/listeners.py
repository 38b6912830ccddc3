"""What dispatch does when a context below says that something has changed."""

from collections.abc import Sequence
from datetime import datetime

from isogloss.dispatch.services import move_items, raise_epoch, seed_items, sync_person, sync_project


def access_changed(*, user_id: int, now: datetime) -> None:
    """Void the person's tokens; who may still work fetches a new one."""
    raise_epoch(user_id, now=now)


def competence_changed(*, user_id: int, now: datetime) -> None:
    """Renew what the person is served."""
    sync_person(user_id, now=now)


def project_changed(*, project_id: int, now: datetime) -> None:
    """Renew what everybody is served in the project."""
    sync_project(project_id, now=now)


def items_ready(*, project_id: int, batch_id: int, item_ids: Sequence[int], now: datetime) -> None:
    """Enter items into the queue."""
    seed_items(project_id, batch_id=batch_id, item_ids=item_ids, now=now)


def items_changed(*, project_id: int, item_ids: Sequence[int], now: datetime) -> None:
    """Move items to where those may read them who may read what they are now."""
    move_items(item_ids, project_id=project_id, now=now)
