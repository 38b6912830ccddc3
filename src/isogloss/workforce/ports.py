"""What higher contexts may plug into workforce."""

from datetime import datetime
from typing import Protocol


class CompetenceListener(Protocol):
    """Somebody who must know that what a person can do has changed."""

    def __call__(self, *, user_id: int, now: datetime) -> None:
        """Take note; dispatch renews the person's subscriptions here."""


_LISTENERS: list[CompetenceListener] = []


def listen_to_competences(listener: CompetenceListener) -> None:
    """Register a listener, once, from an `AppConfig.ready()`."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def on_competence_changed(*, user_id: int, now: datetime) -> None:
    """Tell every listener that this person's competences or qualifications have changed."""
    for listener in _LISTENERS:
        listener(user_id=user_id, now=now)
