"""Writes about who gets which item next."""

from isogloss.dispatch.queries import item_of_lease
from isogloss.dispatch.services.people import sync_membership, sync_person, sync_project
from isogloss.dispatch.services.seeding import seed_items
from isogloss.dispatch.services.standing import hold_person, mint_token, raise_epoch, resume_person, set_exposure, set_gold_record
from isogloss.dispatch.services.timings import refresh_timings

__all__ = [
    "hold_person",
    "item_of_lease",
    "mint_token",
    "raise_epoch",
    "refresh_timings",
    "resume_person",
    "seed_items",
    "set_exposure",
    "set_gold_record",
    "sync_membership",
    "sync_person",
    "sync_project",
]
