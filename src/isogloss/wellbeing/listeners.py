"""What wellbeing does when dispatch asks."""

from datetime import datetime

from isogloss.wellbeing.services import tell_of_person


def limits_wanted(*, person_id: int, now: datetime) -> None:
    """Put the limits of somebody in place who is about to ask for work for the first time."""
    tell_of_person(person_id, now=now, anew=True)
