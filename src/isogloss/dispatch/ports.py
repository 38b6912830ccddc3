"""What higher contexts may plug into dispatch."""

from datetime import datetime
from typing import Protocol


class LimitsTeller(Protocol):
    """Somebody who knows what a person may be exposed to in a day."""

    def __call__(self, *, person_id: int, now: datetime) -> None:
        """Put the person's limits in place by `set_exposure`; until somebody has, they are served nothing above S1."""


_TELLERS: list[LimitsTeller] = []


def use_limits(teller: LimitsTeller) -> None:
    """Register a teller, once, from an `AppConfig.ready()`."""
    if teller not in _TELLERS:
        _TELLERS.append(teller)


def ask_for_limits(*, person_id: int, now: datetime) -> None:
    """Have the limits put in place of somebody who is about to ask for work."""
    for teller in _TELLERS:
        teller(person_id=person_id, now=now)
