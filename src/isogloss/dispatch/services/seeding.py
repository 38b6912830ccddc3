"""Entering items into the queue."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from isogloss.dispatch.policies import policy_of
from isogloss.dispatch.rules import Lane, hazard_key, work_lane
from isogloss.dispatch.services.people import sync_project
from isogloss.dispatch.store import ledger
from isogloss.dispatch.store.engines import Engine, Row, cold_transaction, engine_of_django
from isogloss.projects.queries import project_by_id

PIECE = 4000
"""Rows a transaction writes: some 30 ms, so that nobody waits for it."""
BESIDE = (Lane.PARKED, Lane.GOLD, Lane.RETURNED)
Key = tuple[int, str, int, str]
"""Lane, language, severity and hazards of a stratum."""

_UNSEEDED = (
    "SELECT i.id, i.batch_id, i.routing_language, i.severity, i.hazards FROM corpus_item i WHERE i.project_id = ? AND "
    "i.routing_language IS NOT NULL "
    "AND NOT EXISTS (SELECT 1 FROM dispatch_progress p WHERE p.item_id = i.id)"
)
COUNTED = (
    "SELECT a.item_id, count(*) FROM annotation_annotation a WHERE a.item_id IN ({marks}) AND a.counted AND NOT a.gold "
    "AND NOT EXISTS (SELECT 1 FROM annotation_annotation b WHERE b.item_id = a.item_id AND b.person_id = a.person_id AND b.revision "
    "> a.revision) "
    "AND NOT EXISTS (SELECT 1 FROM annotation_setaside s WHERE s.annotation_id = a.id) GROUP BY a.item_id"
)
"""How many people have a counted, standing annotation on each of these items."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a project's items are entered."""

    project_id: int
    target: int
    full_target: int
    full_share: float
    fulls_first: bool
    is_pool: bool
    lanes: dict[int, int]
    has_annotations: bool


def seed_items(project_id: int, *, now: datetime, batch_id: int | None = None, item_ids: Sequence[int] | None = None) -> int:
    """Enter items that have a routing language and are not in the queue yet, shuffled within each batch; return how many."""
    engine = engine_of_django()
    if item_ids is not None:
        rows = [
            row for piece in pieces(item_ids) for row in engine.rows(f"{_UNSEEDED} AND i.id IN ({in_marks(piece)})", project_id, *piece)
        ]
    elif batch_id is not None:
        rows = engine.rows(f"{_UNSEEDED} AND i.batch_id = ?", project_id, batch_id)
    else:
        rows = engine.rows(_UNSEEDED, project_id)
    if not rows:
        return 0
    plan = _plan(engine, project_id, batches={row[1] for row in rows}, coming=len(rows))
    keys = {row[1:]: _key(plan, row) for row in {row[1:]: row for row in rows}.values()}
    strata = strata_for(project_id, keys=keys.values(), now=now)
    places = {kind: (strata[key], strata[Lane.PARKED, *key[1:]]) for kind, key in keys.items()}
    shuffled = _shuffle(rows, project_id=project_id)
    if plan.fulls_first:
        # What people are reliable in is learnt on fully annotated items, before the others open.
        shuffled.sort(key=lambda row: not _wants_full(plan, row[0]))
    for start in range(0, len(shuffled), PIECE):
        _enter(plan, shuffled[start : start + PIECE], places=places)
    return len(shuffled)


def homes_of(rows: list[Row], *, project_id: int, now: datetime) -> dict[int, int]:
    """Return the stratum of work where each item belongs; rows are item, batch, routing language, severity, hazards."""
    plan = _plan(engine_of_django(), project_id, batches={row[1] for row in rows}, coming=0)
    keys = {row[0]: _key(plan, row) for row in rows}
    strata = strata_for(project_id, keys=keys.values(), now=now)
    return {item: strata[key] for item, key in keys.items()}


def _plan(engine: Engine, project_id: int, *, batches: set[int], coming: int) -> _Plan:
    project = project_by_id(project_id)
    workflow = project.workflow
    policy = policy_of(workflow)
    ((there,),) = (
        engine.rows("SELECT count(*) FROM corpus_item i JOIN dispatch_progress p ON p.item_id = i.id WHERE i.project_id = ?", project_id)
        if policy
        else ((0,),)
    )
    found = engine.rows(f"SELECT id, priority, due FROM corpus_batch WHERE id IN ({in_marks(batches)})", *sorted(batches))  # noqa: S608  marks only
    lanes = {batch: work_lane(priority=priority, due=_date(due) or project.due) for batch, priority, due in found}
    return _Plan(
        project_id=project_id,
        target=policy.minimum if policy else workflow.target,
        full_target=max(workflow.target, workflow.maximum or workflow.target),
        full_share=policy.share_full(n_items=there + coming) if policy else workflow.full_share,
        fulls_first=policy is not None,
        is_pool=workflow.routing == "pool",
        lanes=lanes,
        has_annotations=bool(engine.rows("SELECT 1 FROM annotation_annotation WHERE project_id = ? LIMIT 1", project_id)),
    )


def _date(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value if isinstance(value, date) else None


def _key(plan: _Plan, row: Row) -> Key:
    _, batch, language, severity, hazards = row
    return plan.lanes[batch], "und" if plan.is_pool else language, severity, hazard_key(hazards) if hazards else ""


def _shuffle(rows: list[Row], *, project_id: int) -> list[Row]:
    """Order by batch, and within a batch by a shuffle that its project, batch and first item determine."""
    by_batch: dict[int, list[Row]] = {}
    for row in rows:
        by_batch.setdefault(row[1], []).append(row)
    return [
        row
        for batch in sorted(by_batch)
        for row in shuffle_items(by_batch[batch], seed=project_id * 1_000_003 + batch + by_batch[batch][0][0])
    ]


def shuffle_items(rows: list[Row], *, seed: int) -> list[Row]:
    """Shuffle rows in a way that the seed determines."""
    return [rows[index] for index in np.random.default_rng(seed).permutation(len(rows)).tolist()]


def strata_for(project_id: int, *, keys: Iterable[Key], now: datetime) -> dict[Key, int]:
    """Return the ids of these strata; make those that are missing, with their lanes beside, and subscribe who may read them."""
    wanted = set(keys)
    wanted |= {(lane, language, severity, hazards) for _, language, severity, hazards in set(wanted) for lane in BESIDE}
    with cold_transaction() as engine:
        missing = sorted(wanted - _strata(engine, project_id).keys())
        for lane, language, severity, hazards in missing:
            engine.rows(
                "INSERT INTO dispatch_stratum (project_id, lane, language, severity, hazards, tail, reserve_ms) VALUES (?, ?, ?, ?, "
                "?, 0, 60000) "
                "ON CONFLICT DO NOTHING",
                project_id, lane, language, severity, hazards,
            )  # fmt: skip
        found = _strata(engine, project_id)
    if missing:
        sync_project(project_id, now=now)
    return found


def _strata(engine: Engine, project_id: int) -> dict[Key, int]:
    rows = engine.rows("SELECT id, lane, language, severity, hazards FROM dispatch_stratum WHERE project_id = ?", project_id)
    return {(lane, language, severity, hazards): stratum for stratum, lane, language, severity, hazards in rows}


def is_full(*, project_id: int, item: int, share: float) -> bool:
    """Whether an item belongs to the random share that always gets full redundancy: a hash, so that it stays the same."""
    digest = hashlib.blake2b(f"{project_id}:{item}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") < share * 2**32


def _wants_full(plan: _Plan, item: int) -> bool:
    return plan.full_target > plan.target and is_full(project_id=plan.project_id, item=item, share=plan.full_share)


def _enter(plan: _Plan, rows: list[Row], *, places: dict[Row, tuple[int, int]]) -> None:
    """Write one piece: progress, queue rows at the tails of their strata, counters; `places` are home and parking place by kind of row."""
    with cold_transaction() as engine:
        rows = _still_unknown(engine, plan.project_id, rows)
        if not rows:
            return
        counted = _counted(engine, [row[0] for row in rows]) if plan.has_annotations else {}
        paused = {row[0] for row in engine.rows("SELECT batch_id FROM dispatch_paused_batch WHERE project_id = ?", plan.project_id)}
        fulls = {row[0] for row in rows if _wants_full(plan, row[0])} if plan.full_target > plan.target else set()
        progress, free = [], []
        for row in rows:
            item, batch, language, _, _ = row
            home, aside = places[row[1:]]
            done = counted.get(item, 0)
            target = max(plan.full_target if item in fulls else plan.target, done)
            progress.append((item, plan.project_id, home, language, target, done, False, item in fulls))
            if target > done:
                free.append((aside if batch in paused else home, item, batch, target - done))
        progress.sort()  # written in the order of the table
        engine.load("dispatch_progress", ("item_id", "project_id", "home_id", "language", "target", "done", "gold", "is_full"), progress)
        append_rows(engine, free)
        _count(engine, plan, Counter((language, target, done) for _, _, _, language, target, done, _, _ in progress))


def _still_unknown(engine: Engine, project_id: int, rows: list[Row]) -> list[Row]:
    """Leave out what another job has entered since we looked; the project's row makes those who enter items wait for one another."""
    engine.rows("SELECT 1 FROM dispatch_project WHERE project_id = ? /*lock*/", project_id)
    items = [row[0] for row in rows]
    known = {row[0] for row in engine.rows(f"SELECT item_id FROM dispatch_progress WHERE item_id IN ({in_marks(items)})", *items)}  # noqa: S608  marks
    return [row for row in rows if row[0] not in known]


def _counted(engine: Engine, items: list[int]) -> dict[int, int]:
    return dict(engine.rows(COUNTED.format(marks=in_marks(items)), *items))


def append_rows(engine: Engine, rows: list[tuple[int, int, int, int]]) -> None:
    """Append (stratum, item, batch, slots) in this order; strata are locked in order of their ids."""
    tails = Counter(row[0] for row in rows)
    positions: dict[int, int] = {}
    for stratum in sorted(tails):
        ((tail,),) = engine.rows("UPDATE dispatch_stratum SET tail = tail + ? WHERE id = ? RETURNING tail", tails[stratum], stratum)
        positions[stratum] = tail - tails[stratum]
    entered = []
    for stratum, item, batch, slots in rows:
        positions[stratum] += 1
        entered.append((stratum, positions[stratum], item, batch, slots))
    entered.sort()
    engine.load("dispatch_queue", ("stratum_id", "position", "item_id", "batch_id", "remaining"), entered)


def _count(engine: Engine, plan: _Plan, kinds: Counter[tuple[str, int, int]]) -> None:
    by_language: dict[str, Counter[str]] = {}
    for (language, target, done), number in kinds.items():
        by_language.setdefault(language, Counter()).update(
            items=number, complete=number * int(done >= target), waiting=number * (target - done), done=number * done
        )
    for language, tally in sorted(by_language.items()):
        ledger.count(engine, project=plan.project_id, language=language, person=0, **tally)


def in_marks(values: Iterable[object]) -> str:
    """Return a `?` for each value, for `IN (…)`."""
    return ", ".join("?" for _ in values)


def pieces(values: Sequence[int], size: int = PIECE) -> Iterator[Sequence[int]]:
    """Cut values into pieces that a short transaction can do."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
