"""Jobs of wellbeing: exposure is derived from the work, and dispatch is told the limits of each person's day."""

from datetime import datetime

from isogloss.platform import clock, jobs
from isogloss.wellbeing.services import derive_entries, renew_allowances, welcome_people


@jobs.every(seconds=5)
def tell_of_new_people(now: datetime) -> None:
    """Put the limits of people in place whom dispatch came to know since."""
    welcome_people(now=now)


@jobs.every(seconds=60)
def renew(now: datetime) -> None:
    """Derive what people met since the last time, and renew whose limits that or the clock has changed."""
    derive_entries(now=now)
    renew_allowances(now=now)


@jobs.job_kind("wellbeing.renew")
def do_renew(ids: dict[str, object], progress: jobs.Progress) -> dict[str, object]:  # noqa: ARG001  a job takes ids
    """Tell dispatch the limits of everybody anew, as after a change of the policy."""
    return {"changed": renew_allowances(now=clock.now(), progress=progress)}
