"""Moving items whose language, severity or hazards have changed to where those may read them who may read what they are now."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from isogloss.dispatch.rules import Lane, milliseconds
from isogloss.dispatch.services.seeding import append_rows, homes_of, in_marks
from isogloss.dispatch.store import ledger
from isogloss.dispatch.store.engines import Engine, Row, cold_transaction, engine_of_django


class _Taken(Exception):
    """Somebody was served one of the items after we had locked who held them."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an item belongs, and under which language it is counted."""

    home: int
    language: str


def move_items(item_ids: Sequence[int], *, project_id: int, now: datetime) -> int:
    """Move items that are in the queue to the strata of what they are now; return how many moved.

    Leases under the old stratum go back, since their holders may not be served the item any more; targets and answers stay. Call it in the
    transaction that changes the items: until its end nobody sees them, after it nobody finds them in the old place.
    """
    engine = engine_of_django()
    rows = engine.rows(
        "SELECT i.id, i.batch_id, i.routing_language, i.severity, i.hazards, p.home_id, p.language FROM corpus_item i "  # noqa: S608  marks
        f"JOIN dispatch_progress p ON p.item_id = i.id WHERE i.routing_language IS NOT NULL AND i.id IN ({in_marks(item_ids)})",
        *item_ids,
    )
    if not rows:
        return 0
    homes = homes_of([row[:5] for row in rows], project_id=project_id, now=now)
    places = {row[0]: _Place(homes[row[0]], row[2]) for row in rows if (homes[row[0]], row[2]) != row[5:]}
    while places:
        try:
            with cold_transaction() as engine:
                _move(engine, places, project_id=project_id, now=milliseconds(now))
        except _Taken:
            continue  # the savepoint let go of the rows; whoever came in between is locked first now
        break
    return len(places)


def _move(engine: Engine, places: dict[int, _Place], *, project_id: int, now: int) -> None:
    """Move the items: persons are locked first, then queue rows, progress, strata, counters, as everywhere."""
    items = sorted(places)
    marks = in_marks(items)
    where = f"item_id IN ({marks})"
    holders = _holders(engine, items)
    for person in sorted(holders):
        ledger.lock_person(engine, person=person)
    slots = engine.rows(
        "SELECT q.item_id, q.stratum_id, q.position, q.remaining, q.batch_id, (SELECT s.lane FROM dispatch_stratum s WHERE s.id = "  # noqa: S608  marks
        f"q.stratum_id) FROM dispatch_queue q WHERE q.{where} ORDER BY q.stratum_id, q.position /*lock*/",
        *items,
    )
    leases = ledger.leases_of(engine, where=where, values=tuple(items))  # with the rows locked nobody is served them any more
    if any(lease[ledger.PERSON] not in holders for lease in leases):
        raise _Taken
    engine.rows(f"DELETE FROM dispatch_queue WHERE {where}", *items)  # noqa: S608  marks
    tallies = _rewrite(engine, places, slots=slots, leases=leases)
    append_rows(engine, [_anew(engine, row, home=places[row[0]].home) for row in slots if row[3] > 0])
    ledger.end_leases(engine, leases=leases, how="returned", now=now)
    for language, tally in sorted(tallies.items()):
        ledger.count(engine, project=project_id, language=language, person=0, **tally)


def _holders(engine: Engine, items: Sequence[int]) -> set[int]:
    return {row[0] for row in engine.rows(f"SELECT DISTINCT person_id FROM dispatch_lease WHERE item_id IN ({in_marks(items)})", *items)}  # noqa: S608  marks


def _rewrite(engine: Engine, places: dict[int, _Place], *, slots: list[Row], leases: list[Row]) -> dict[str, Counter[str]]:
    """Write the new homes; return what the counters of each language gain or lose. Gold is in none of them."""
    waiting: Counter[int] = Counter()
    for item, _, _, remaining, _, _ in slots:
        waiting[item] += remaining
    leased = Counter(lease[ledger.ITEM] for lease in leases)
    tallies: dict[str, Counter[str]] = {}
    for item, place in sorted(places.items()):
        ((before, target, done, gold),) = engine.rows(
            "SELECT language, target, done, gold FROM dispatch_progress WHERE item_id = ? /*lock*/", item
        )
        engine.rows("UPDATE dispatch_progress SET home_id = ?, language = ? WHERE item_id = ?", place.home, place.language, item)
        if gold or before == place.language:
            continue
        moved = {"items": 1, "complete": int(done >= target), "waiting": waiting[item], "leased": leased[item], "done": done}
        tallies.setdefault(before, Counter()).subtract(moved)
        tallies.setdefault(place.language, Counter()).update(moved)
    return tallies


def _anew(engine: Engine, row: Row, *, home: int) -> tuple[int, int, int, int]:
    """Return the row as it is appended in the new stratum: work in its lane, what was returned, parked or gold in the lane for that."""
    item, _, _, remaining, batch, lane = row
    return home if lane > Lane.RETURNED else ledger.lane_beside(engine, stratum=home, lane=Lane(lane)), item, batch, remaining
