"""What must hold at every moment, as SQL that counts what breaks it."""

from isogloss.dispatch.store.engines import engine_of_django

_COUNTED_PEOPLE = (
    "(SELECT count(*) FROM annotation_annotation a WHERE a.item_id = p.item_id AND a.counted AND NOT a.gold "
    "AND a.revision = (SELECT max(b.revision) FROM annotation_annotation b WHERE b.item_id = a.item_id AND b.person_id = a.person_id) "
    "AND NOT EXISTS (SELECT 1 FROM annotation_setaside s WHERE s.annotation_id = a.id))"
)
_FREE = "(SELECT coalesce(sum(q.remaining), 0) FROM dispatch_queue q WHERE q.item_id = p.item_id)"
_LEASED = "(SELECT count(*) FROM dispatch_lease l WHERE l.item_id = p.item_id AND NOT l.gold)"
_OF_PROJECT = "SELECT count(*) FROM dispatch_progress p WHERE p.project_id = ? AND NOT p.gold AND "
_IN_QUEUE = "SELECT count(*) FROM dispatch_queue q JOIN dispatch_stratum s ON s.id = q.stratum_id WHERE s.project_id = ? AND "
_IS_PAUSED = "EXISTS (SELECT 1 FROM dispatch_paused_batch b WHERE b.batch_id = q.batch_id)"
_INVARIANTS = {
    "slots": f"{_OF_PROJECT}{_FREE} + {_LEASED} + {_COUNTED_PEOPLE} <> p.target",
    "over_target": f"{_OF_PROJECT}{_COUNTED_PEOPLE} > p.target",
    "progress": f"{_OF_PROJECT}p.done <> {_COUNTED_PEOPLE}",
    "empty_rows": (
        f"{_IN_QUEUE}q.remaining < 1 AND NOT (q.remaining = 0 AND EXISTS "  # noqa: S608  a constant
        "(SELECT 1 FROM dispatch_spent e WHERE e.stratum_id = q.stratum_id AND e.position = q.position))"
    ),
    "parked": f"{_IN_QUEUE}s.lane = -2 AND q.remaining > 0 AND NOT {_IS_PAUSED}",
    # rows in the lanes of work that everybody has read past, though somebody may still be served the item
    "unmet": (
        f"{_IN_QUEUE}s.lane >= 0 AND q.remaining > 0 AND NOT {_IS_PAUSED} "  # noqa: S608  a constant
        "AND NOT EXISTS (SELECT 1 FROM dispatch_subscription r WHERE r.stratum_id = s.id AND r.until > 0 AND r.position < q.position) "
        "AND EXISTS (SELECT 1 FROM dispatch_subscription r WHERE r.stratum_id = s.id AND r.until > 0 "
        "AND NOT EXISTS (SELECT 1 FROM annotation_annotation a WHERE a.item_id = q.item_id AND a.person_id = r.person_id) "
        "AND NOT EXISTS (SELECT 1 FROM annotation_skipped k WHERE k.item_id = q.item_id AND k.person_id = r.person_id) "
        "AND NOT EXISTS (SELECT 1 FROM dispatch_lease l WHERE l.item_id = q.item_id AND l.person_id = r.person_id))"
    ),
    "beyond_tail": f"{_IN_QUEUE}q.position > s.tail",
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
        "(SELECT coalesce(sum(p.done), 0) FROM dispatch_progress p WHERE p.project_id = ? AND NOT p.gold) AS found) t WHERE t.kept "
        "<> t.found"
    ),
    "counter_complete": (
        "SELECT count(*) FROM (SELECT coalesce((SELECT sum(c.complete) FROM dispatch_counter c WHERE c.project_id = ?), 0) AS kept, "
        "(SELECT count(*) FROM dispatch_progress p WHERE p.project_id = ? AND NOT p.gold AND p.done >= p.target) AS found) t WHERE "
        "t.kept <> t.found"
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
