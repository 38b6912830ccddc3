"""The append-only trail of who did what."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Model

from isogloss.platform.models import AuditEvent

if TYPE_CHECKING:
    from isogloss.accounts.models import User


def record(
    actor: "User | None",
    action: str,
    thing: Model,
    *,
    now: datetime,
    project_id: int | None = None,
    detail: dict[str, object] | None = None,
) -> AuditEvent:
    """Append one event; `thing` names itself by its public id where it has one."""
    return AuditEvent.objects.create(
        at=now,
        actor=actor,
        action=action,
        thing=thing._meta.label,  # noqa: SLF001  Django documents it as an API
        thing_id=str(getattr(thing, "public_id", None) or thing.pk),
        project_id=project_id,
        detail=detail or {},
    )


def recent_events(*, before: int | None = None, most: int = 50) -> list[AuditEvent]:
    """Return the latest events, or those before a given one, newest first."""
    rows = AuditEvent.objects.select_related("actor").order_by("-id")
    return list((rows.filter(pk__lt=before) if before is not None else rows)[:most])
