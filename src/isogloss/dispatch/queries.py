"""Reads about the queue: live counters, why something does not move, who could take it, and the invariants."""

from dataclasses import dataclass

from isogloss.dispatch.store.engines import engine_of_django
from isogloss.dispatch.store.records import UnknownLease


@dataclass(frozen=True, slots=True)
class LanguageCounters:
    """Live figures of one language of a project, as the hot path keeps them."""

    language: str
    items: int
    complete: int
    waiting: int
    leased: int
    done: int
    surplus: int
    skipped: int


def counters(project_id: int) -> list[LanguageCounters]:
    """Return the live figures by language; a handful of rows, whatever the size of the project."""
    rows = engine_of_django().rows(
        "SELECT language, sum(items), sum(complete), sum(waiting), sum(leased), sum(done), sum(surplus), sum(skipped) FROM dispatch_counter "
        "WHERE project_id = ? GROUP BY language ORDER BY language",
        project_id,
    )
    return [LanguageCounters(row[0], *(int(number) for number in row[1:])) for row in rows]


_COUNTED_PEOPLE = (
    "(SELECT count(*) FROM annotation_annotation a WHERE a.item_id = p.item_id AND a.counted AND NOT a.gold "
    "AND a.revision = (SELECT max(b.revision) FROM annotation_annotation b WHERE b.item_id = a.item_id AND b.person_id = a.person_id) "
    "AND NOT EXISTS (SELECT 1 FROM annotation_setaside s WHERE s.annotation_id = a.id))"
)
_FREE = "(SELECT coalesce(sum(q.remaining), 0) FROM dispatch_queue q WHERE q.item_id = p.item_id)"
_LEASED = "(SELECT count(*) FROM dispatch_lease l WHERE l.item_id = p.item_id AND NOT l.gold)"
_INVARIANTS = {
    "slots": f"SELECT count(*) FROM dispatch_progress p WHERE p.project_id = ? AND NOT p.gold AND {_FREE} + {_LEASED} + {_COUNTED_PEOPLE} <> p.target",
    "over_target": f"SELECT count(*) FROM dispatch_progress p WHERE p.project_id = ? AND NOT p.gold AND {_COUNTED_PEOPLE} > p.target",
    "progress": f"SELECT count(*) FROM dispatch_progress p WHERE p.project_id = ? AND NOT p.gold AND p.done <> {_COUNTED_PEOPLE}",
    "empty_rows": "SELECT count(*) FROM dispatch_queue q JOIN dispatch_stratum s ON s.id = q.stratum_id WHERE s.project_id = ? AND q.remaining < 1",
    "beyond_tail": "SELECT count(*) FROM dispatch_queue q JOIN dispatch_stratum s ON s.id = q.stratum_id WHERE s.project_id = ? AND q.position > s.tail",
    "leased_and_answered": (
        "SELECT count(*) FROM dispatch_lease l WHERE l.project_id = ? AND EXISTS "
        "(SELECT 1 FROM annotation_annotation a WHERE a.item_id = l.item_id AND a.person_id = l.person_id)"
    ),
    "counter_waiting": (
        "SELECT count(*) FROM (SELECT coalesce((SELECT sum(c.waiting) FROM dispatch_counter c WHERE c.project_id = ?), 0) AS kept, "
        "coalesce((SELECT sum(q.remaining) FROM dispatch_queue q JOIN dispatch_stratum s ON s.id = q.stratum_id WHERE s.project_id = ? "
        "AND s.lane <> -1), 0) AS found) t WHERE t.kept <> t.found"
    ),
    "counter_leased": (
        "SELECT count(*) FROM (SELECT coalesce((SELECT sum(c.leased) FROM dispatch_counter c WHERE c.project_id = ?), 0) AS kept, "
        "(SELECT count(*) FROM dispatch_lease l WHERE l.project_id = ? AND NOT l.gold) AS found) t WHERE t.kept <> t.found"
    ),
    "counter_done": (
        "SELECT count(*) FROM (SELECT coalesce((SELECT sum(c.done) FROM dispatch_counter c WHERE c.project_id = ?), 0) AS kept, "
        "(SELECT coalesce(sum(p.done), 0) FROM dispatch_progress p WHERE p.project_id = ? AND NOT p.gold) AS found) t WHERE t.kept <> t.found"
    ),
    "counter_complete": (
        "SELECT count(*) FROM (SELECT coalesce((SELECT sum(c.complete) FROM dispatch_counter c WHERE c.project_id = ?), 0) AS kept, "
        "(SELECT count(*) FROM dispatch_progress p WHERE p.project_id = ? AND NOT p.gold AND p.done >= p.target) AS found) t WHERE t.kept <> t.found"
    ),
    "reserved": (
        "SELECT count(*) FROM dispatch_person p WHERE p.reserved <> coalesce((SELECT sum(l.reserved_ms) FROM dispatch_lease l "
        "WHERE l.person_id = p.person_id), 0)"
    ),
}


def violations(project_id: int) -> dict[str, int]:
    """Count, for each invariant, how many rows break it; reads everything, so it is for tests, benchmarks and `doctor`."""
    engine = engine_of_django()
    return {name: int(engine.rows(sql, *[project_id] * sql.count("?"))[0][0]) for name, sql in _INVARIANTS.items()}




def items_at_target(project_id: int) -> set[int]:
    """Return the items that have as many counted annotations as they want; for jobs, never for pages."""
    rows = engine_of_django().rows(
        "SELECT item_id FROM dispatch_progress WHERE project_id = ? AND done >= target AND done > 0 AND NOT gold", project_id
    )
    return {row[0] for row in rows}


def item_of_lease(lease: str, *, person_id: int) -> int:
    """Return the item of a lease that the person holds, held or answered under; for them it is only known by the lease."""
    engine = engine_of_django()
    for table, column in (("dispatch_lease", "public_id"), ("annotation_annotation", "lease"), ("dispatch_lease_ended", "public_id")):
        rows = engine.rows(f"SELECT item_id FROM {table} WHERE {column} = ? AND person_id = ? LIMIT 1", lease, person_id)  # noqa: S608  names are constants
        if rows:
            return int(rows[0][0])
    raise UnknownLease("There is no such lease. Reload the page to be served again.")
