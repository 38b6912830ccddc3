"""What higher contexts may plug into accounts."""

from datetime import datetime
from typing import Protocol


class AccessListener(Protocol):
    """Somebody who must know that what a person may do has changed."""

    def __call__(self, *, user_id: int, now: datetime) -> None:
        """Take note; dispatch raises the person's epoch here."""


_LISTENERS: list[AccessListener] = []


def listen_to_access(listener: AccessListener) -> None:
    """Register a listener, once, from an `AppConfig.ready()`."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def on_access_changed(*, user_id: int, now: datetime) -> None:
    """Tell every listener that what this person may do has changed."""
    for listener in _LISTENERS:
        listener(user_id=user_id, now=now)
