"""What higher contexts may plug into projects."""

from datetime import datetime
from typing import Protocol


class ProjectListener(Protocol):
    """Somebody who must know that a project's state, languages, members or version have changed."""

    def __call__(self, *, project_id: int, now: datetime) -> None:
        """Take note; dispatch renews its subscriptions here."""


_LISTENERS: list[ProjectListener] = []


def listen_to_projects(listener: ProjectListener) -> None:
    """Register a listener, once, from an `AppConfig.ready()`."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def on_project_changed(*, project_id: int, now: datetime) -> None:
    """Tell every listener that something about this project has changed."""
    for listener in _LISTENERS:
        listener(project_id=project_id, now=now)
