"""Stopping and going on: projects, batches, leases."""

from datetime import datetime
from typing import TYPE_CHECKING

from isogloss.dispatch.models import PausedBatch
from isogloss.dispatch.rules import Lane, milliseconds
from isogloss.dispatch.services.people import end_leases_of
from isogloss.dispatch.services.seeding import PIECE, append_rows, shuffle_items
from isogloss.dispatch.store import ledger
from isogloss.dispatch.store.engines import Engine, Row, cold_transaction, engine_of_django
from isogloss.dispatch.store.opening import the_store
from isogloss.platform import audit, jobs
from isogloss.projects.rules import ProjectState
from isogloss.projects.services import set_state

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.corpus.models import Batch
    from isogloss.projects.models import Project


def pause_project(project: "Project", *, actor: "User", now: datetime) -> None:
    """Serve nothing of a project from the next request on; leases go back."""
    set_state(project, state=ProjectState.PAUSED, actor=actor, now=now)


def resume_project(project: "Project", *, actor: "User", now: datetime) -> None:
    """Serve a project again."""
    set_state(project, state=ProjectState.ACTIVE, actor=actor, now=now)


def pause_batch(batch: "Batch", *, actor: "User | None", now: datetime, moves_later: bool = False) -> None:
    """Serve nothing of a batch from the next request on; leases go back, and its rows are put aside so that no reader steps over them.

    With `moves_later` a job puts the rows aside; until then readers step over them.
    """
    with cold_transaction() as engine:
        engine.rows(
            "INSERT INTO dispatch_paused_batch (batch_id, project_id) VALUES (?, ?) ON CONFLICT (batch_id) DO NOTHING",
            batch.pk,
            batch.project_id,
        )
        _note(batch, state="paused", actor=actor, now=now, moves_later=moves_later)
    where = "item_id IN (SELECT i.id FROM corpus_item i WHERE i.batch_id = ?)"
    end_leases_of(where=where, values=(batch.pk,), how="paused", now=now)
    if not moves_later:
        move_batch(batch.pk)


def resume_batch(batch: "Batch", *, actor: "User | None", now: datetime, moves_later: bool = False) -> None:
    """Serve a batch again; its rows are appended anew, so that everybody meets them; with `moves_later` a job does that."""
    with cold_transaction() as engine:
        engine.rows("DELETE FROM dispatch_paused_batch WHERE batch_id = ?", batch.pk)
        _note(batch, state="active", actor=actor, now=now, moves_later=moves_later)
    if not moves_later:
        move_batch(batch.pk)


def move_batch(batch_id: int) -> None:
    """Put a batch's rows where its state wants them: aside while it is paused, else at the end of their lanes, wherever they stood.

    A batch may have been paused and resumed before any row was moved; those who read past the rows meanwhile must still come to them.
    """
    _move(batch_id, parks=PausedBatch.objects.filter(batch_id=batch_id).exists())


def _note(batch: "Batch", *, state: str, actor: "User | None", now: datetime, moves_later: bool) -> None:
    type(batch).objects.filter(pk=batch.pk).update(state=state)
    audit.record(actor, f"batch.{state}", batch, now=now, project_id=batch.project_id)
    batch.state = state
    if moves_later:
        jobs.enqueue("dispatch.batches", ids={"batch": batch.pk}, actor=None, now=now, project_id=batch.project_id)


def _move(batch_id: int, *, parks: bool) -> None:
    """Move a batch's rows between their lanes and the place for what is paused, in short transactions.

    Gold is not put aside, but appended anew with the work: what does not come again after a pause would be known for gold.
    """
    lanes = "s.lane >= 0" if parks else "true"
    rows = engine_of_django().rows(
        "SELECT q.stratum_id, q.position, q.item_id, s.lane FROM corpus_item i JOIN dispatch_queue q ON q.item_id = "  # noqa: S608  two constants
        "i.id "
        f"JOIN dispatch_stratum s ON s.id = q.stratum_id WHERE i.batch_id = ? AND {lanes} ORDER BY q.item_id",
        batch_id,
    )
    if not parks:
        rows = shuffle_items(rows, seed=batch_id)
    for start in range(0, len(rows), PIECE // 2):
        with cold_transaction() as engine:
            if parks and not engine.rows("SELECT 1 FROM dispatch_paused_batch WHERE batch_id = ? /*lock*/", batch_id):
                return  # resumed meanwhile
            _move_piece(engine, batch_id, rows=rows[start : start + PIECE // 2], parks=parks)


def _move_piece(engine: Engine, batch_id: int, *, rows: list[Row], parks: bool) -> None:
    slots: dict[tuple[int, int], int] = {}
    for stratum, position, _, _ in sorted(rows):
        for (remaining,) in engine.rows(
            "DELETE FROM dispatch_queue WHERE stratum_id = ? AND position = ? RETURNING remaining", stratum, position
        ):
            slots[stratum, position] = remaining
    parked: dict[int, int] = {}
    moved = []
    for stratum, position, item, lane in rows:
        if not slots.get((stratum, position)):
            continue
        ((home,),) = engine.rows("SELECT home_id FROM dispatch_progress WHERE item_id = ?", item)
        if parks and home not in parked:
            parked[home] = ledger.lane_beside(engine, stratum=home, lane=Lane.PARKED)
        to = parked[home] if parks else stratum if lane == Lane.GOLD else home
        moved.append((to, item, batch_id, slots[stratum, position]))
    append_rows(engine, moved)


def mend_batches() -> int:
    """Finish moves of batches that a crash cut short; return how many batches were mended."""
    engine = engine_of_django()
    half_resumed = engine.rows(
        "SELECT DISTINCT q.batch_id FROM dispatch_stratum s JOIN dispatch_queue q ON q.stratum_id = s.id WHERE s.lane = -2 "
        "AND NOT EXISTS (SELECT 1 FROM dispatch_paused_batch b WHERE b.batch_id = q.batch_id)"
    )
    for (batch,) in half_resumed:
        _move(batch, parks=False)
    for batch in PausedBatch.objects.values_list("batch_id", flat=True):
        _move(batch, parks=True)
    return len(half_resumed)


def release_leases(person: "User", *, project_id: int | None, now: datetime) -> int:
    """Give back what a person holds, in one project or in all; return how many leases."""
    if project_id is None:
        return end_leases_of(where="person_id = ?", values=(person.pk,), how="returned", now=now)
    return end_leases_of(where="person_id = ? AND project_id = ?", values=(person.pk, project_id), how="returned", now=now)


def sweep_expired(now: datetime) -> int:
    """End leases that have expired, or that a pause missed; return how many. The server does this by itself every few seconds."""
    return the_store().sweep(now=milliseconds(now))
