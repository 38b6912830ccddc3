"""How many annotations an item wants: targets, gold, adaptive redundancy, imported work."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from isogloss.dispatch.rules import Lane
from isogloss.dispatch.services.seeding import COUNTED, PIECE, append_rows, in_marks, pieces, seed_items, shuffle_items
from isogloss.dispatch.store import ledger
from isogloss.dispatch.store.engines import Engine, cold_transaction, engine_of_django

SMALL = 500
"""Items a transaction changes one by one."""


def set_target(item_ids: Iterable[int], target: int, *, now: datetime) -> int:  # noqa: ARG001  every service takes the moment
    """Set how many annotations items want, but never below what is leased and counted; return how many changed."""
    changed = 0
    for piece in pieces(sorted(set(item_ids)), SMALL):
        with cold_transaction() as engine:
            changed += _retarget(engine, dict.fromkeys(piece, target))
    return changed


def set_targets(targets: dict[int, int], *, now: datetime) -> int:  # noqa: ARG001  every service takes the moment
    """Set targets item by item, as a policy found them; return how many changed."""
    changed = 0
    for piece in pieces(sorted(targets), SMALL):
        with cold_transaction() as engine:
            changed += _retarget(engine, {item: targets[item] for item in piece})
    return changed


def _retarget(engine: Engine, targets: dict[int, int]) -> int:
    """Only free slots are added or taken away, so no target can fall below what is leased and counted."""
    items = sorted(targets)
    free = _free_slots(engine, items)
    states = _states(engine, items)
    places: list[tuple[int, int, int, int]] = []
    moved: Counter[tuple[int, str]] = Counter()
    completed: Counter[tuple[int, str]] = Counter()
    changed = 0
    for item in items:
        if item not in states:
            continue
        project, home, language, target, done, gold, batch, is_paused = states[item]
        difference = max(targets[item] - target, -sum(row[2] for row in free.get(item, ())))
        if gold or difference == 0:
            continue
        if difference > 0:
            place = _add_to_row(engine, home=home, rows=free.get(item, ()), slots=difference)
            if not place:
                places.append((ledger.lane_beside(engine, stratum=home, lane=Lane.PARKED) if is_paused else home, item, batch, difference))
        else:
            _take_from_rows(engine, free[item], slots=-difference)
        engine.rows("UPDATE dispatch_progress SET target = target + ? WHERE item_id = ?", difference, item)
        moved[project, language] += difference
        completed[project, language] += int(done >= target + difference) - int(done >= target)
        changed += 1
    append_rows(engine, places)
    for project, language in sorted(moved):
        ledger.count(
            engine, project=project, language=language, person=0, waiting=moved[project, language], complete=completed[project, language]
        )
    return changed


def _free_slots(engine: Engine, items: Sequence[int]) -> dict[int, list[tuple[int, int, int]]]:
    """Lock and return the rows with free slots, by item: stratum, position, remaining; gold rows hold none."""
    rows = engine.rows(
        "SELECT q.item_id, q.stratum_id, q.position, q.remaining FROM dispatch_queue q WHERE q.item_id IN "  # noqa: S608  marks only
        f"({in_marks(items)}) "
        "AND q.remaining > 0 AND NOT EXISTS (SELECT 1 FROM dispatch_stratum s WHERE s.id = q.stratum_id AND s.lane = -1) "
        "ORDER BY q.stratum_id, q.position /*lock*/",
        *items,
    )
    free: dict[int, list[tuple[int, int, int]]] = {}
    for item, stratum, position, remaining in rows:
        free.setdefault(item, []).append((stratum, position, remaining))
    return free


def _states(engine: Engine, items: Sequence[int]) -> dict[int, tuple[int, int, str, int, int, bool, int, bool]]:
    rows = engine.rows(
        "SELECT p.item_id, p.project_id, p.home_id, p.language, p.target, p.done, p.gold FROM dispatch_progress "  # noqa: S608  marks only
        "p "
        f"WHERE p.item_id IN ({in_marks(items)}) ORDER BY p.item_id /*lock*/",
        *items,
    )
    batches = {
        item: (batch, bool(is_paused))
        for item, batch, is_paused in engine.rows(
            "SELECT i.id, i.batch_id, EXISTS (SELECT 1 FROM dispatch_paused_batch b WHERE b.batch_id = "  # noqa: S608  marks only
            "i.batch_id) "
            f"FROM corpus_item i WHERE i.id IN ({in_marks(items)})",
            *items,
        )
    }
    return {row[0]: (*row[1:6], bool(row[6]), *batches[row[0]]) for row in rows}


def _add_to_row(engine: Engine, *, home: int, rows: Sequence[tuple[int, int, int]], slots: int) -> bool:
    """Add to the item's row in its home lane, if it still stands there: who has read past it has seen the item, so nobody misses a slot."""
    for stratum, position, _ in rows:
        if stratum == home:
            engine.rows(
                "UPDATE dispatch_queue SET remaining = remaining + ? WHERE stratum_id = ? AND position = ?", slots, stratum, position
            )
            return True
    return False


def _take_from_rows(engine: Engine, rows: Sequence[tuple[int, int, int]], *, slots: int) -> None:
    for stratum, position, remaining in rows:
        if slots == 0:
            return
        taken = min(slots, remaining)
        slots -= taken
        if taken == remaining:
            engine.rows("DELETE FROM dispatch_queue WHERE stratum_id = ? AND position = ?", stratum, position)
        else:
            engine.rows(
                "UPDATE dispatch_queue SET remaining = remaining - ? WHERE stratum_id = ? AND position = ?", taken, stratum, position
            )


def add_gold(item_ids: Iterable[int], *, now: datetime) -> int:
    """Serve these items as gold from now on: they leave the work, hold no slots and have no target; return how many are new."""
    wanted = sorted(set(item_ids))
    by_project: dict[int, list[int]] = {}
    for piece in pieces(wanted, SMALL):
        for item, project in engine_of_django().rows(f"SELECT id, project_id FROM corpus_item WHERE id IN ({in_marks(piece)})", *piece):  # noqa: S608  marks only
            by_project.setdefault(project, []).append(item)
    for project, items in sorted(by_project.items()):
        seed_items(project, now=now, item_ids=items)
    added = 0
    # In the order of their import, gold would give itself away by its length or its topic.
    shuffled = [row[0] for row in shuffle_items([(item,) for item in wanted], seed=sum(wanted))]
    for piece in pieces(shuffled, SMALL):
        with cold_transaction() as engine:
            added += _turn_to_gold(engine, piece)
    return added


def _turn_to_gold(engine: Engine, items: Sequence[int]) -> int:
    free = _free_slots(engine, items)
    states = {item: state for item, state in _states(engine, items).items() if not state[5]}
    places = []
    gone: dict[tuple[int, str], Counter[str]] = {}
    for item in (item for item in items if item in states):
        project, home, language, target, done, _, batch, _ = states[item]
        leased = len(engine.rows("UPDATE dispatch_lease SET gold = ? WHERE item_id = ? AND NOT gold RETURNING public_id", True, item))
        slots = sum(row[2] for row in free.get(item, ()))
        _take_from_rows(engine, free.get(item, ()), slots=slots)
        engine.rows("UPDATE dispatch_progress SET gold = ? WHERE item_id = ?", True, item)
        places.append((ledger.lane_beside(engine, stratum=home, lane=Lane.GOLD), item, batch, 1))
        tally = gone.setdefault((project, language), Counter())
        tally.update(items=1, waiting=slots, leased=leased, done=done, complete=int(done >= target))
    append_rows(engine, places)
    for (project, language), tally in sorted(gone.items()):
        ledger.count(engine, project=project, language=language, person=0, **{name: -number for name, number in tally.items()})
    return len(states)


def retire_gold(item_ids: Iterable[int], *, now: datetime) -> int:  # noqa: ARG001  every service takes the moment
    """Serve these gold items no more; they do not become work again."""
    retired = 0
    for piece in pieces(sorted(set(item_ids)), SMALL):
        with cold_transaction() as engine:
            retired += len(
                engine.rows(
                    f"DELETE FROM dispatch_queue WHERE item_id IN ({in_marks(piece)}) AND stratum_id IN "  # noqa: S608  marks only
                    "(SELECT s.id FROM dispatch_stratum s WHERE s.lane = -1) RETURNING item_id",
                    *piece,
                )
            )
    return retired


def register_imported_annotations(project_id: int, *, now: datetime, item_ids: Sequence[int] | None = None) -> int:
    """Count annotations that came from a file: they take free slots, or raise the target; return how many items changed."""
    if item_ids is None:
        item_ids = [
            row[0] for row in engine_of_django().rows("SELECT DISTINCT item_id FROM annotation_annotation WHERE project_id = ?", project_id)
        ]
    seed_items(project_id, now=now, item_ids=item_ids)
    changed = 0
    for piece in pieces(sorted(set(item_ids)), PIECE):
        with cold_transaction() as engine:
            changed += count_imported(engine, piece, now=now)
    return changed


def count_imported(engine: Engine, item_ids: Sequence[int], *, now: datetime) -> int:
    """Count the annotations of items that are in the queue, in the caller's transaction; return how many items changed."""
    if not item_ids:
        return 0
    _end_answered(engine, item_ids, now=now)
    return _recount(engine, item_ids)


def _end_answered(engine: Engine, items: Sequence[int], *, now: datetime) -> None:
    """End leases of people who, by the file, have answered the item already."""
    rows = engine.rows(
        f"SELECT l.public_id FROM dispatch_lease l WHERE l.item_id IN ({in_marks(items)}) AND EXISTS "  # noqa: S608  marks only
        "(SELECT 1 FROM annotation_annotation a WHERE a.item_id = l.item_id AND a.person_id = l.person_id)",
        *items,
    )
    for (public_id,) in rows:
        leases = ledger.leases_of(engine, where="public_id = ?", values=(public_id,))
        ledger.end_leases(engine, leases=leases, how="returned", now=int(now.timestamp() * 1000))


def _recount(engine: Engine, items: Sequence[int]) -> int:
    counted: dict[int, int] = dict(engine.rows(COUNTED.format(marks=in_marks(items)), *items))
    free = _free_slots(engine, items)  # queue rows are locked before progress
    states = _states(engine, items)
    behind = {item: state for item, state in states.items() if not state[5] and counted.get(item, 0) > state[4]}
    tallies: dict[tuple[int, str], Counter[str]] = {}
    for item, (project, _, language, target, done, _, _, _) in behind.items():
        extra = counted[item] - done
        slots = min(extra, sum(row[2] for row in free.get(item, ())))
        _take_from_rows(engine, free.get(item, ()), slots=slots)
        engine.rows("UPDATE dispatch_progress SET done = ?, target = ? WHERE item_id = ?", counted[item], target + extra - slots, item)
        tally = tallies.setdefault((project, language), Counter())
        tally.update(waiting=-slots, done=extra, complete=int(counted[item] >= target + extra - slots) - int(done >= target))
    for (project, language), tally in sorted(tallies.items()):
        ledger.count(engine, project=project, language=language, person=0, **tally)
    return len(behind)
