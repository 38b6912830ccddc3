"""Why nothing comes and why something does not move: answers for a person and for their lead."""

from dataclasses import dataclass
from datetime import datetime

from isogloss.dispatch.rules import FOREVER, milliseconds, moment_of
from isogloss.dispatch.store import reasons
from isogloss.dispatch.store.engines import Engine, engine_of_django
from isogloss.dispatch.store.records import NextRequest, Nothing


def why_nothing(person_id: int, *, project_id: int, now: datetime) -> Nothing:
    """Say why a person gets nothing in a project at the moment."""
    request = NextRequest(person=person_id, project=project_id, epoch=0, want=1, now=milliseconds(now))
    return reasons.why_nothing(engine_of_django(), request)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an item stands; `reason` is one of done, gold, not_routed, project_paused, batch_paused, leased, nobody, waiting."""

    reason: str
    target: int
    done: int
    leased: int
    free: int
    candidates: int
    next_lease_ends: datetime | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who may be served an item; `obstacle` is empty, or what keeps it from them today: held, daily_limit, break."""

    person_id: int
    obstacle: str
    until: datetime | None


def why_not_moving(item_id: int, *, now: datetime) -> Standing:
    """Say why an item is not finished: what it waits for, and for whom."""
    engine = engine_of_django()
    rows = engine.rows("SELECT target, done, gold, project_id FROM dispatch_progress WHERE item_id = ?", item_id)
    if not rows:
        return Standing(reason="not_routed", target=0, done=0, leased=0, free=0, candidates=0, next_lease_ends=None)
    target, done, gold, project = rows[0]
    ((leased, ends),) = engine.rows("SELECT count(*), min(expires) FROM dispatch_lease WHERE item_id = ?", item_id)
    ((free,),) = engine.rows("SELECT coalesce(sum(remaining), 0) FROM dispatch_queue WHERE item_id = ?", item_id)
    candidates = who_could_take(item_id, now=now)
    ready = [c for c in candidates if not c.obstacle]
    reason = _reason(
        engine, item_id, project=project, gold=bool(gold), is_done=done >= target, free=int(free), leased=leased, ready=len(ready)
    )
    return Standing(
        reason=reason, target=target, done=done, leased=leased, free=int(free), candidates=len(ready),
        next_lease_ends=None if ends is None else moment_of(ends),
    )  # fmt: skip


def _reason(engine: Engine, item_id: int, *, project: int, gold: bool, is_done: bool, free: int, leased: int, ready: int) -> str:
    if gold:
        return "gold"
    if is_done:
        return "done"
    if engine.rows("SELECT 1 FROM dispatch_project WHERE project_id = ? AND paused", project):
        return "project_paused"
    if engine.rows("SELECT 1 FROM dispatch_paused_batch b JOIN corpus_item i ON i.batch_id = b.batch_id WHERE i.id = ?", item_id):
        return "batch_paused"
    if free == 0:
        return "leased" if leased else "waiting"
    return "waiting" if ready else "nobody"


def who_could_take(item_id: int, *, now: datetime) -> list[Candidate]:
    """Return the people whose competence, qualification and consent let them at an item they have not seen, and what holds them up."""
    engine = engine_of_django()
    at = milliseconds(now)
    rows = engine.rows(
        "SELECT s.person_id, t.severity, t.reserve_ms FROM dispatch_progress p JOIN dispatch_stratum t ON t.id = p.home_id "
        "JOIN dispatch_subscription s ON s.stratum_id = p.home_id WHERE p.item_id = ? AND s.until > ? "
        "AND NOT EXISTS (SELECT 1 FROM annotation_annotation a WHERE a.item_id = p.item_id AND a.person_id = s.person_id) "
        "AND NOT EXISTS (SELECT 1 FROM annotation_skipped k WHERE k.item_id = p.item_id AND k.person_id = s.person_id) "
        "AND NOT EXISTS (SELECT 1 FROM dispatch_lease l WHERE l.item_id = p.item_id AND l.person_id = s.person_id) ORDER BY s.person_id",
        item_id, at,
    )  # fmt: skip
    accounts = reasons.exposure_of_people(engine, [row[0] for row in rows])
    return [_candidate(accounts[person], person, severity=severity, each=each, now=at) for person, severity, each in rows]


def holders(item_id: int) -> list[tuple[int, datetime]]:
    """Return who holds an item at the moment, and until when."""
    rows = engine_of_django().rows("SELECT person_id, expires FROM dispatch_lease WHERE item_id = ? ORDER BY person_id", item_id)
    return [(person, moment_of(expires)) for person, expires in rows]


def _candidate(account: reasons.Account, person: int, *, severity: int, each: int, now: int) -> Candidate:
    exposure, day_ends, held = account
    if held:
        return Candidate(person_id=person, obstacle="held", until=None)
    if not exposure.room_today(severity=severity, each=each) and day_ends > now:
        return Candidate(person_id=person, obstacle="daily_limit", until=moment_of(day_ends))
    if not exposure.room_now(severity=severity, each=each, now=now):
        ends = exposure.last_active + exposure.pause_needed()
        return Candidate(person_id=person, obstacle="break", until=moment_of(min(ends, FOREVER // 10)))
    return Candidate(person_id=person, obstacle="", until=None)
