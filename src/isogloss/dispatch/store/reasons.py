"""Reads beside the hot path, and the sweep: what a lease was about, why somebody gets nothing, which leases must end."""

from collections.abc import Sequence

from isogloss.dispatch.rules import Exposure
from isogloss.dispatch.store import ledger
from isogloss.dispatch.store.engines import Engine, Row
from isogloss.dispatch.store.records import LeaseFacts, NextRequest, Nothing, UnknownLease

_MUST_END = (
    "(l.expires <= ? OR EXISTS (SELECT 1 FROM dispatch_person p WHERE p.person_id = l.person_id AND p.held) "
    "OR EXISTS (SELECT 1 FROM dispatch_project j WHERE j.project_id = l.project_id AND j.paused) "
    "OR EXISTS (SELECT 1 FROM dispatch_paused_batch b JOIN corpus_item i ON i.batch_id = b.batch_id WHERE i.id = l.item_id))"
)
_BLOCKED = (
    "SELECT t.severity, t.reserve_ms, s.until, EXISTS (SELECT 1 FROM dispatch_queue q WHERE q.stratum_id = s.stratum_id AND "
    "q.position > s.position) "
    "FROM dispatch_subscription s JOIN dispatch_stratum t ON t.id = s.stratum_id WHERE s.person_id = ? AND s.project_id = ? AND s.lane >= 0"
)
_EXPOSURE = (
    "SELECT used2, used3, used4, reserved2, reserved3, reserved4, cap2, cap3, cap4, reserved, stretch_since, last_active, peak, "
    "limit0, limit2, limit3, "
    "limit4, pause_ms, pause4_ms, day_ends, held, person_id FROM dispatch_person WHERE person_id {these}"
)
_EXPOSURE_OF_ONE = _EXPOSURE.format(these="= ?")

BURIED = 500
"""Places a transaction of the sweep looks at: some milliseconds."""

_SERVED = "i.version, i.content, i.id FROM {table} l JOIN corpus_item i ON i.id = l.item_id WHERE l.{lease} = ? AND l.person_id = ? LIMIT 1"
_FACTS = (
    "SELECT l.schema_id, l.item_version, " + _SERVED.format(table="dispatch_lease", lease="public_id"),
    "SELECT l.guideline_version_id, l.item_version, " + _SERVED.format(table="annotation_annotation", lease="lease"),
    "SELECT l.schema_id, l.item_version, " + _SERVED.format(table="dispatch_lease_ended", lease="public_id"),
)


def lease_facts(engine: Engine, *, person: int, lease: str) -> LeaseFacts:
    """Return the guideline version and content of a lease that the person holds or held."""
    for sql in _FACTS:
        rows = engine.rows(sql, lease, person)
        if rows:
            schema, served, current, content, item = rows[0]
            if served != current:
                older = engine.rows("SELECT content FROM corpus_itemversion WHERE item_id = ? AND number = ?", item, served)
                content = older[0][0] if older else content
            return LeaseFacts(schema=schema, content=content)
    raise UnknownLease("There is no such lease. Reload the page to be served again.")


def exposure_of(row: Row) -> Exposure:
    """Read a person's account from the first nineteen columns of `_EXPOSURE`."""
    return Exposure(
        used=list(row[0:3]), reserved=list(row[3:6]), caps=list(row[6:9]), reserved_all=row[9], stretch_since=row[10], last_active=row[11],
        peak=row[12], limits=list(row[13:17]), pause=row[17], pause_after_s4=row[18],
    )  # fmt: skip


def exposure_of_person(engine: Engine, person: int) -> Exposure:
    """Return a person's account of the day."""
    return exposure_of(engine.rows(_EXPOSURE_OF_ONE, person)[0])


Account = tuple[Exposure, int, bool]
"""A person's exposure, when their day ends, and whether they are held."""


def exposure_of_people(engine: Engine, people: Sequence[int]) -> dict[int, Account]:
    """Return the accounts of these people."""
    if not people:
        return {}
    rows = engine.rows(_EXPOSURE.format(these=f"IN ({', '.join('?' for _ in people)})"), *people)
    return {row[21]: (exposure_of(row), row[19], bool(row[20])) for row in rows}


def why_nothing(engine: Engine, request: NextRequest) -> Nothing:
    """Say why a person gets nothing: paused, not allowed, at a limit, due for a break, or there is no work."""
    people = engine.rows(_EXPOSURE_OF_ONE, request.person)
    projects = engine.rows("SELECT paused FROM dispatch_project WHERE project_id = ?", request.project)
    if not people or not projects or people[0][20] or projects[0][0]:
        return Nothing(reason="paused")
    strata = engine.rows(_BLOCKED, request.person, request.project)
    if not any(until > request.now for _, _, until, _ in strata):
        return Nothing(reason=_not_allowed(engine, request))
    exposure = exposure_of(people[0])
    blocked_today = blocked_now = False
    for severity, each, until, has_rows in strata:
        if until > request.now and has_rows:
            if exposure.room_today(severity=severity, each=each) == 0:
                blocked_today = True
            elif exposure.room_now(severity=severity, each=each, now=request.now) == 0:
                blocked_now = True
    if blocked_now:
        return Nothing(reason="break", until=exposure.last_active + exposure.pause_needed())
    if blocked_today:
        return Nothing(reason="daily_limit", until=people[0][19])
    return Nothing(reason=_no_work(engine, project=request.project))


def _not_allowed(engine: Engine, request: NextRequest) -> str:
    rows = engine.rows("SELECT reason FROM dispatch_member WHERE person_id = ? AND project_id = ?", request.person, request.project)
    return rows[0][0] if rows and rows[0][0] else "no_work"


def _no_work(engine: Engine, *, project: int) -> str:
    ((items, waiting, leased),) = engine.rows(
        "SELECT coalesce(sum(items), 0), coalesce(sum(waiting), 0), coalesce(sum(leased), 0) FROM dispatch_counter WHERE project_id = ?",
        project,
    )
    return "all_done" if items and not waiting and not leased else "no_work"


def people_to_sweep(engine: Engine, *, now: int) -> list[int]:
    """Return the people who hold a lease that must end; live leases are few, so this reads them all."""
    return [row[0] for row in engine.rows(f"SELECT DISTINCT l.person_id FROM dispatch_lease l WHERE {_MUST_END} ORDER BY l.person_id", now)]  # noqa: S608  a constant


def sweep_person(engine: Engine, *, person: int, now: int) -> int:
    """End the leases of one person that have expired, or that a pause missed."""
    ledger.lock_person(engine, person=person)
    due = {row[0] for row in engine.rows(
        f"SELECT l.public_id FROM dispatch_lease l WHERE l.person_id = ? AND {_MUST_END}", person, now,  # noqa: S608  a constant
    )}  # fmt: skip
    leases = [lease for lease in ledger.leases_of(engine, where="person_id = ?", values=(person,)) if lease[ledger.PUBLIC_ID] in due]
    return ledger.end_leases(engine, leases=leases, how=lambda lease: "expired" if lease[ledger.EXPIRES] <= now else "paused", now=now)


def bury_spent(engine: Engine) -> int:
    """Delete rows whose last slot was served where gold is mixed in; return how many places were looked at, `BURIED` at most."""
    places = engine.rows(
        "DELETE FROM dispatch_spent WHERE id IN (SELECT id FROM dispatch_spent ORDER BY id LIMIT ?) RETURNING stratum_id, position", BURIED
    )
    for stratum, position in sorted(places):
        engine.rows("DELETE FROM dispatch_queue WHERE stratum_id = ? AND position = ? AND remaining = 0", stratum, position)
    return len(places)
