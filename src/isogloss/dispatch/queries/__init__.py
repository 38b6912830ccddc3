"""Reads about the queue: live counters, why something does not move, who could take it, and the invariants."""

from isogloss.dispatch.queries.explanations import Candidate, Standing, holders, who_could_take, why_not_moving, why_nothing
from isogloss.dispatch.queries.figures import (
    LanguageCounters,
    complete_items,
    counters,
    gold_among,
    item_of_lease,
    items_at_target,
    leases_by_person,
    projects_with_work,
)
from isogloss.dispatch.queries.invariants import violations

__all__ = [
    "Candidate",
    "LanguageCounters",
    "Standing",
    "complete_items",
    "counters",
    "gold_among",
    "holders",
    "item_of_lease",
    "items_at_target",
    "leases_by_person",
    "projects_with_work",
    "violations",
    "who_could_take",
    "why_not_moving",
    "why_nothing",
]
