"""Live counters, and which items are finished."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from isogloss.dispatch.rules import milliseconds
from isogloss.dispatch.store.engines import engine_of_django
from isogloss.dispatch.store.records import UnknownLease

PIECE = 4000


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
        "SELECT language, sum(items), sum(complete), sum(waiting), sum(leased), sum(done), sum(surplus), sum(skipped) FROM "
        "dispatch_counter "
        "WHERE project_id = ? GROUP BY language ORDER BY language",
        project_id,
    )
    return [LanguageCounters(row[0], *(int(number) for number in row[1:])) for row in rows]


def leases_by_person(project_id: int) -> dict[int, int]:
    """Return how many items each person holds in a project; live leases are few."""
    return dict(
        engine_of_django().rows("SELECT person_id, count(*) FROM dispatch_lease WHERE project_id = ? GROUP BY person_id", project_id)
    )


def items_at_target(project_id: int) -> set[int]:
    """Return the items that have as many counted annotations as they want; for jobs, never for pages."""
    rows = engine_of_django().rows(
        "SELECT p.item_id FROM corpus_item i JOIN dispatch_progress p ON p.item_id = i.id "
        "WHERE i.project_id = ? AND p.done >= p.target AND p.done > 0 AND NOT p.gold",
        project_id,
    )
    return {row[0] for row in rows}


def gold_among(item_ids: Iterable[int]) -> set[int]:
    """Return which of these items are gold."""
    found: set[int] = set()
    wanted = sorted(item_ids)
    for start in range(0, len(wanted), PIECE):
        piece = wanted[start : start + PIECE]
        marks = ", ".join("?" for _ in piece)
        rows = engine_of_django().rows(f"SELECT item_id FROM dispatch_progress WHERE gold AND item_id IN ({marks})", *piece)  # noqa: S608  marks only
        found |= {row[0] for row in rows}
    return found


def complete_items(project_id: int) -> int:
    """Return how many items have reached their target, as the live counters have it."""
    return sum(row.complete for row in counters(project_id))


def item_of_lease(lease: str, *, person_id: int, project_id: int) -> int:
    """Return the item of a lease of the project that the person holds, held or answered under; they know it by the lease only."""
    engine = engine_of_django()
    for table, column in (("dispatch_lease", "public_id"), ("annotation_annotation", "lease"), ("dispatch_lease_ended", "public_id")):
        sql = f"SELECT item_id FROM {table} WHERE {column} = ? AND person_id = ? AND project_id = ? LIMIT 1"  # noqa: S608  names are constants
        rows = engine.rows(sql, lease, person_id, project_id)
        if rows:
            return int(rows[0][0])
    raise UnknownLease("There is no such lease. Reload the page to be served again.")


def projects_with_work(person_id: int, *, now: datetime) -> list[int]:
    """Return the projects that have something for a person, the most urgent first: by the project's priority, then its due date."""
    rows = engine_of_django().rows(
        "SELECT DISTINCT s.project_id, w.priority, p.due FROM dispatch_subscription s JOIN dispatch_project j ON j.project_id = "
        "s.project_id "
        "JOIN projects_project p ON p.id = s.project_id JOIN projects_workflow w ON w.project_id = s.project_id "
        "WHERE s.person_id = ? AND s.lane >= 0 AND s.until > ? AND NOT j.paused "
        "AND EXISTS (SELECT 1 FROM dispatch_queue q WHERE q.stratum_id = s.stratum_id AND q.position > s.position)",
        person_id, milliseconds(now),
    )  # fmt: skip
    return [project for project, _, _ in sorted(rows, key=lambda row: (-row[1], str(row[2] or "9999"), row[0]))]
