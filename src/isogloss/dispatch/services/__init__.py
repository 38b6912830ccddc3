"""Writes about who gets which item next."""

from isogloss.dispatch.queries import item_of_lease
from isogloss.dispatch.services.moving import move_items
from isogloss.dispatch.services.pauses import (
    mend_batches,
    move_batch,
    pause_batch,
    pause_project,
    release_leases,
    resume_batch,
    resume_project,
    sweep_expired,
)
from isogloss.dispatch.services.people import sync_membership, sync_person, sync_project
from isogloss.dispatch.services.recalls import reassign, recall
from isogloss.dispatch.services.redundancy import apply_redundancy
from isogloss.dispatch.services.replays import replay_annotation
from isogloss.dispatch.services.seeding import seed_items
from isogloss.dispatch.services.standing import hold_person, mint_token, raise_epoch, resume_person, set_exposure, set_gold_record
from isogloss.dispatch.services.targets import add_gold, register_imported_annotations, retire_gold, set_target, set_targets
from isogloss.dispatch.services.timings import refresh_timings

__all__ = [
    "add_gold",
    "apply_redundancy",
    "hold_person",
    "item_of_lease",
    "mend_batches",
    "mint_token",
    "move_batch",
    "move_items",
    "pause_batch",
    "pause_project",
    "raise_epoch",
    "reassign",
    "recall",
    "refresh_timings",
    "register_imported_annotations",
    "release_leases",
    "replay_annotation",
    "resume_batch",
    "resume_person",
    "resume_project",
    "retire_gold",
    "seed_items",
    "set_exposure",
    "set_gold_record",
    "set_target",
    "set_targets",
    "sweep_expired",
    "sync_membership",
    "sync_person",
    "sync_project",
]
