"""The movements of slots that both engines share: ending a lease, returning a slot, late answers, corrections, skips.

Whoever writes locks the person's row first, then queue rows, then progress, strata, and counters last: this order is what keeps
PostgreSQL free of deadlocks.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Collection

from isogloss.dispatch.rules import SEVERITIES, Lane, day_of, gold_share, moment_of
from isogloss.dispatch.store.engines import Engine, Row
from isogloss.dispatch.store.records import KeyClash, Outdated, SkipRequest, Submission, SubmitOutcome, UnknownLease

LEASE_COLUMNS = (
    "public_id, person_id, item_id, project_id, stratum_id, schema_id, item_version, serve, issued, expires, severity, reserved_ms, gold"
)
PUBLIC_ID, PERSON, ITEM, PROJECT, STRATUM, SCHEMA, VERSION, SERVE, ISSUED, EXPIRES, SEVERITY, RESERVED, GOLD, HOW = range(14)


def lock_person(engine: Engine, *, person: int, epoch: int | None = None) -> None:
    """Lock the person's row; with an epoch, refuse what was revoked since."""
    rows = engine.rows("SELECT epoch FROM dispatch_person WHERE person_id = ? /*lock*/", person)
    if epoch is not None and (not rows or rows[0][0] != epoch):
        raise Outdated


def roll_day(engine: Engine, *, person: int, now: int) -> None:
    """Begin the person's next working day: nothing used, one more active day, the share of gold that goes with it."""
    ((zone, active_days, answers, right),) = engine.rows(
        "SELECT zone, active_days, gold_answers, gold_right FROM dispatch_person WHERE person_id = ? /*lock*/", person
    )
    day, ends = day_of(moment_of(now), zone=zone)
    share = gold_share(active_days=active_days + 1, answers=answers, right=right)
    engine.rows(
        "UPDATE dispatch_person SET day = ?, day_ends = ?, today = 0, used2 = 0, used3 = 0, used4 = 0, active_days = ?, gold_share = ? "
        "WHERE person_id = ? AND day_ends <= ?",
        day, ends, active_days + 1, share, person, now,
    )  # fmt: skip


def count(
    engine: Engine, *, project: int, language: str, person: int, waiting: int = 0, leased: int = 0, done: int = 0, complete: int = 0,
    surplus: int = 0, skipped: int = 0, items: int = 0,
) -> None:  # fmt: skip
    """Add to the live counters; always the last thing a transaction does. `writes` makes a row change where gold adds nothing else."""
    engine.rows(
        "INSERT INTO dispatch_counter (project_id, language, shard, items, complete, waiting, leased, done, surplus, skipped, writes) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (project_id, language, shard) DO UPDATE SET "
        "items = dispatch_counter.items + excluded.items, complete = dispatch_counter.complete + excluded.complete, "
        "waiting = dispatch_counter.waiting + excluded.waiting, leased = dispatch_counter.leased + excluded.leased, "
        "done = dispatch_counter.done + excluded.done, surplus = dispatch_counter.surplus + excluded.surplus, "
        "skipped = dispatch_counter.skipped + excluded.skipped, writes = dispatch_counter.writes + 1",
        project, language, person % engine.shards, items, complete, waiting, leased, done, surplus, skipped,
    )  # fmt: skip


def append_row(engine: Engine, *, stratum: int, item: int, batch: int, remaining: int) -> int:
    """Append slots to a lane and return the position.

    The update of `tail` orders writers, so that no position appears below one that readers have passed.
    """
    ((position,),) = engine.rows("UPDATE dispatch_stratum SET tail = tail + 1 WHERE id = ? RETURNING tail", stratum)
    engine.rows(
        "INSERT INTO dispatch_queue (stratum_id, position, item_id, batch_id, remaining) VALUES (?, ?, ?, ?, ?)",
        stratum, position, item, batch, remaining,
    )  # fmt: skip
    return int(position)


def lane_beside(engine: Engine, *, stratum: int, lane: int) -> int:
    """Return the stratum with the same people in another lane; seeding made it."""
    ((found,),) = engine.rows(
        "SELECT r.id FROM dispatch_stratum h JOIN dispatch_stratum r ON r.project_id = h.project_id AND r.language = h.language "
        "AND r.severity = h.severity AND r.hazards = h.hazards AND r.lane = ? WHERE h.id = ?",
        lane, stratum,
    )  # fmt: skip
    return int(found)


def return_slots(engine: Engine, *, items: list[int], feigned: Collection[int] = (), marks: bool = False) -> None:
    """Put one slot of each item back where it is served first, or aside while its batch is paused; strata are locked by id.

    What is feigned comes back with no slot; with `marks` the sweep looks at every row and deletes those.
    """
    places = []
    for item in items:
        ((home, batch, is_paused),) = engine.rows(
            "SELECT p.home_id, i.batch_id, EXISTS(SELECT 1 FROM dispatch_paused_batch b WHERE b.batch_id = i.batch_id) "
            "FROM dispatch_progress p JOIN corpus_item i ON i.id = p.item_id WHERE p.item_id = ?",
            item,
        )
        places.append((lane_beside(engine, stratum=home, lane=Lane.PARKED if is_paused else Lane.RETURNED), item, batch))
    for stratum, item, batch in sorted(places):
        position = append_row(engine, stratum=stratum, item=item, batch=batch, remaining=int(item not in feigned))
        if marks:
            engine.rows("INSERT INTO dispatch_spent (stratum_id, position) VALUES (?, ?)", stratum, position)


def take_slot(engine: Engine, *, item: int) -> bool:
    """Take one free slot of an item, wherever it stands in the queue; gold rows hold none."""
    rows = engine.rows(
        "SELECT q.stratum_id, q.position, q.remaining FROM dispatch_queue q WHERE q.item_id = ? "
        "AND q.remaining > 0 AND NOT EXISTS (SELECT 1 FROM dispatch_stratum s WHERE s.id = q.stratum_id AND s.lane = -1) "
        "ORDER BY q.stratum_id, q.position /*lock*/",
        item,
    )
    if not rows:
        return False
    stratum, position, remaining = rows[0]
    if remaining == 1:
        engine.rows("DELETE FROM dispatch_queue WHERE stratum_id = ? AND position = ?", stratum, position)
    else:
        engine.rows("UPDATE dispatch_queue SET remaining = remaining - 1 WHERE stratum_id = ? AND position = ?", stratum, position)
    return True


def release_reserve(engine: Engine, *, lease: Row, used: int, now: int, answered: bool) -> int:
    """Give back what a lease had reserved, charge what it took, keep the stretch; return the answers of the day."""
    person, severity, reserved = lease[PERSON], lease[SEVERITY], lease[RESERVED]
    begins = now - used
    parts = [int(severity >= level) for level in SEVERITIES]
    ((today,),) = engine.rows(
        "UPDATE dispatch_person SET today = today + ?, reserved = reserved - ?, "
        "used2 = used2 + ?, used3 = used3 + ?, used4 = used4 + ?, reserved2 = reserved2 - ?, reserved3 = reserved3 - ?, reserved4 = "
        "reserved4 - ?, "
        "peak = CASE WHEN ? - last_active >= (CASE WHEN peak >= 4 THEN pause4_ms ELSE pause_ms END) THEN ? WHEN peak < ? THEN ? ELSE "
        "peak END, "
        "stretch_since = CASE WHEN ? - last_active >= (CASE WHEN peak >= 4 THEN pause4_ms ELSE pause_ms END) THEN ? ELSE "
        "stretch_since END, "
        "last_active = CASE WHEN last_active < ? THEN ? ELSE last_active END WHERE person_id = ? RETURNING today",
        int(answered), reserved, *(used * p for p in parts), *(reserved * p for p in parts),
        begins, severity, severity, severity, begins, begins, now, now, person,
    )  # fmt: skip
    return int(today)


def drop_reserve(engine: Engine, *, lease: Row) -> None:
    """Give back what a lease had reserved, without a trace of activity."""
    parts = [lease[RESERVED] * int(lease[SEVERITY] >= level) for level in SEVERITIES]
    engine.rows(
        "UPDATE dispatch_person SET reserved = reserved - ?, reserved2 = reserved2 - ?, reserved3 = reserved3 - ?, reserved4 = "
        "reserved4 - ? "
        "WHERE person_id = ?",
        lease[RESERVED], *parts, lease[PERSON],
    )  # fmt: skip


def language_of(engine: Engine, *, item: int) -> str:
    """Return the language under which an item is counted."""
    return str(engine.rows("SELECT language FROM dispatch_progress WHERE item_id = ?", item)[0][0])


def end_leases(
    engine: Engine, *, leases: list[Row], how: str | Callable[[Row], str], now: int, drop: bool = True, hides_gold: bool = False
) -> int:
    """End live leases unanswered: slots go back, the leases are remembered. The callers have locked the persons.

    With `hides_gold`, as for a skip, gold is ended by the same statements, so that it takes the time of any other, and none comes again.
    """
    ended = [
        lease for lease in leases if engine.rows("DELETE FROM dispatch_lease WHERE public_id = ? RETURNING public_id", lease[PUBLIC_ID])
    ]
    for lease in ended:
        _remember(engine, lease=lease, how=how if isinstance(how, str) else how(lease), now=now)
        if drop:
            drop_reserve(engine, lease=lease)
        if not hides_gold:
            _read_again(engine, lease=lease)
    shown = [lease for lease in ended if hides_gold or not lease[GOLD]]
    feigned = {lease[ITEM] for lease in shown if lease[GOLD]}
    return_slots(engine, items=[lease[ITEM] for lease in shown], feigned=feigned, marks=hides_gold)
    moved: Counter[tuple[int, str, int]] = Counter()
    for lease in shown:
        moved[lease[PROJECT], language_of(engine, item=lease[ITEM]), lease[PERSON]] += int(not lease[GOLD])
    for (project, language, person), number in sorted(moved.items()):
        count(engine, project=project, language=language, person=person, waiting=number, leased=-number)
    return len(ended)


def supersede(engine: Engine, *, lease: Row, how: str, now: int) -> None:
    """End a live lease whose slot goes elsewhere: to the person's own late answer, or to somebody else."""
    engine.rows("DELETE FROM dispatch_lease WHERE public_id = ?", lease[PUBLIC_ID])
    _remember(engine, lease=lease, how=how, now=now)
    drop_reserve(engine, lease=lease)


def _read_again(engine: Engine, *, lease: Row) -> None:
    """Take the person back to before the rows of an item that they let go: whoever takes the slot they held may leave another behind them.

    Gold comes again by this alone.
    """
    rows = engine.rows(
        "SELECT stratum_id, min(position) FROM dispatch_queue WHERE item_id = ? AND remaining > 0 GROUP BY stratum_id", lease[ITEM]
    )
    for stratum, position in rows:
        engine.rows(
            "UPDATE dispatch_subscription SET position = ? WHERE person_id = ? AND project_id = ? AND stratum_id = ? AND position >= ?",
            position - 1, lease[PERSON], lease[PROJECT], stratum, position,
        )  # fmt: skip


def _remember(engine: Engine, *, lease: Row, how: str, now: int) -> None:
    engine.rows(
        f"INSERT INTO dispatch_lease_ended ({LEASE_COLUMNS}, how, ended) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "  # noqa: S608  a constant
        "?)",
        *lease[:HOW], how, now,
    )  # fmt: skip


def leases_of(engine: Engine, *, where: str, values: tuple[object, ...]) -> list[Row]:
    """Return live leases as rows of `LEASE_COLUMNS`, in the order their strata must be locked."""
    return engine.rows(f"SELECT {LEASE_COLUMNS} FROM dispatch_lease WHERE {where} ORDER BY person_id, stratum_id, item_id", *values)  # noqa: S608  callers pass constants


def skip(engine: Engine, request: SkipRequest) -> str:
    """End the lease, return its slot, and never serve the person that item again."""
    lock_person(engine, person=request.person, epoch=request.epoch)
    leases = leases_of(engine, where="public_id = ? AND person_id = ?", values=(request.lease, request.person))
    if not leases:
        return _skip_again(engine, request)
    lease = leases[0]
    ((last_active,),) = engine.rows("SELECT last_active FROM dispatch_person WHERE person_id = ?", request.person)
    seen_for = max(0, min(lease[RESERVED], request.now - max(last_active, lease[ISSUED])))
    _record_skip(engine, request, item=lease[ITEM], project=lease[PROJECT])
    language = language_of(engine, item=lease[ITEM])
    release_reserve(engine, lease=lease, used=seen_for, now=request.now, answered=False)
    end_leases(engine, leases=[lease], how="skipped", now=request.now, drop=False, hides_gold=True)
    count(engine, project=lease[PROJECT], language=language, person=request.person, skipped=int(not lease[GOLD]))
    return "skipped"


def _skip_again(engine: Engine, request: SkipRequest) -> str:
    """A skip of a lease that is not live: a repeat, or one that ended otherwise and is now marked as skipped too."""
    rows = engine.rows(
        "SELECT item_id, project_id FROM dispatch_lease_ended WHERE public_id = ? AND person_id = ?", request.lease, request.person
    )
    if rows:
        recorded = _record_skip(engine, request, item=rows[0][0], project=rows[0][1])
        return "skipped" if recorded else "repeat"
    if engine.rows("SELECT 1 FROM annotation_annotation WHERE lease = ? AND person_id = ?", request.lease, request.person):
        raise KeyClash("This item was answered already; correct the answer instead of skipping it.")
    raise UnknownLease("There is no such lease. Reload the page to be served again.")


def _record_skip(engine: Engine, request: SkipRequest, *, item: int, project: int) -> bool:
    return bool(
        engine.rows(
            "INSERT INTO annotation_skipped (item_id, person_id, project_id, key, reason, note, at) VALUES (?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING RETURNING id",
            item, request.person, project, request.key, request.reason, request.note, engine.stamp(request.now),
        )
    )  # fmt: skip


ANNOTATION = (
    "INSERT INTO annotation_annotation (public_id, project_id, item_id, item_version, person_id, revision, key, body_hash, "
    "guideline_version_id, "
    "answers, language, lease, leased_at, submitted_at, active_ms, suggestion_visible, served, source, counted, gold) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def insert_annotation(
    engine: Engine, submission: Submission, *, lease: Row, language: str, revision: int, counted: bool, source: str = "live"
) -> None:
    """Append one annotation under a lease."""
    engine.rows(
        ANNOTATION,
        submission.annotation, lease[PROJECT], lease[ITEM], lease[VERSION], submission.person, revision, submission.key,
        submission.body_hash,
        lease[SCHEMA], submission.answers, language, submission.lease, engine.stamp(lease[ISSUED]), engine.stamp(submission.now),
        submission.active_ms, submission.suggestion_visible, submission.served, source, counted, bool(lease[GOLD]),
    )  # fmt: skip


def submit_otherwise(engine: Engine, submission: Submission) -> SubmitOutcome:
    """Store an answer whose lease is not live: a repeat, a correction, or late work; the person's row is locked."""
    today = int(engine.rows("SELECT today FROM dispatch_person WHERE person_id = ?", submission.person)[0][0])
    by_key = engine.rows(
        "SELECT lease, body_hash, public_id, revision FROM annotation_annotation WHERE person_id = ? AND key = ?",
        submission.person,
        submission.key,
    )
    if by_key:
        lease, body_hash, public_id, revision = by_key[0]
        if lease != submission.lease or body_hash != submission.body_hash:
            raise KeyClash("This key was used for another answer. Make a new key for each answer.")
        return SubmitOutcome(state="repeat", annotation=public_id, revision=revision, today=today)
    ended = engine.rows(
        f"SELECT {LEASE_COLUMNS}, how FROM dispatch_lease_ended WHERE public_id = ? AND person_id = ?",  # noqa: S608  a constant
        submission.lease, submission.person,
    )  # fmt: skip
    if ended:
        return _submit_late(engine, submission, lease=ended[0], today=today)
    answered = engine.rows(
        "SELECT item_id, guideline_version_id, item_version FROM annotation_annotation WHERE lease = ? AND person_id = ? ORDER BY "
        "revision LIMIT 1",
        submission.lease, submission.person,
    )  # fmt: skip
    if not answered:
        raise UnknownLease("There is no such lease. Reload the page to be served again.")
    return correct(engine, submission, item=answered[0][0], today=today)


def correct(engine: Engine, submission: Submission, *, item: int, today: int, under: Row | None = None) -> SubmitOutcome:
    """Append the next revision of the person's annotation on an item; it counts as the one before, unless that was set aside.

    `under` is an ended lease under which the correction came, where that is not the lease of the annotation itself.
    """
    rows = engine.rows(
        "SELECT a.project_id, a.item_version, a.guideline_version_id, a.language, a.leased_at, a.revision, a.counted, a.gold, "
        "EXISTS(SELECT 1 FROM annotation_setaside s WHERE s.annotation_id = a.id) "
        "FROM annotation_annotation a WHERE a.item_id = ? AND a.person_id = ? ORDER BY a.revision DESC LIMIT 1",
        item, submission.person,
    )  # fmt: skip
    project, version, schema, language, leased_at, revision, counted, gold, is_set_aside = rows[0]
    if under is not None:
        version, schema, leased_at = under[VERSION], under[SCHEMA], engine.stamp(under[ISSUED])
    engine.rows(
        ANNOTATION,
        submission.annotation, project, item, version, submission.person, revision + 1, submission.key, submission.body_hash, schema,
        submission.answers, language, submission.lease, leased_at, engine.stamp(submission.now), submission.active_ms,
        submission.suggestion_visible, submission.served, "live", bool(counted) and not is_set_aside, bool(gold),
    )  # fmt: skip
    return SubmitOutcome(state="correction", annotation=submission.annotation, revision=revision + 1, today=today)


def _submit_late(engine: Engine, submission: Submission, *, lease: Row, today: int) -> SubmitOutcome:
    """Store work that came after its lease had ended: it takes a free slot if there is one, else it is kept uncounted."""
    item, person, gold = lease[ITEM], submission.person, bool(lease[GOLD])
    if engine.rows("SELECT 1 FROM annotation_annotation WHERE item_id = ? AND person_id = ? AND revision = 0", item, person):
        return correct(engine, submission, item=item, today=today, under=lease)
    live = leases_of(engine, where="item_id = ? AND person_id = ?", values=(item, person))
    taken = False
    if live:
        supersede(engine, lease=live[0], how="superseded", now=submission.now)
    elif not gold and lease[HOW] != "recalled":
        taken = take_slot(engine, item=item)
    counts = bool(live) or taken or (gold and _would_count(engine, lease))
    used = min(submission.active_ms, max(0, lease[EXPIRES] - lease[ISSUED]))
    unreserved = (*lease[:RESERVED], 0, *lease[GOLD:])
    today = release_reserve(engine, lease=unreserved, used=used, now=submission.now, answered=True)
    language, done, target = _progress_after(engine, item=item, adds=int(counts))
    insert_annotation(engine, submission, lease=lease, language=language, revision=0, counted=counts)
    work = int(not gold)
    count(
        engine, project=lease[PROJECT], language=language, person=person, leased=-work * int(bool(live)), waiting=-int(taken),
        done=work * int(counts), surplus=work * int(not counts), complete=work * int(counts and done == target),
    )  # fmt: skip
    return SubmitOutcome(state="counted" if counts else "surplus", annotation=submission.annotation, revision=0, today=today)


_ENDED = (
    "SELECT e.person_id, e.item_id, e.ended, e.serve FROM dispatch_lease_ended e WHERE e.project_id = ? AND e.how = ? AND e.ended "
    "{where} AND NOT e.gold ORDER BY {order} LIMIT 50"
)
_WITH_IT = _ENDED.format(where="= ? AND e.person_id = ?", order="abs(e.serve - ?)")
_BEFORE, _AFTER = _ENDED.format(where="<= ?", order="e.ended DESC"), _ENDED.format(where="> ?", order="e.ended")


def _would_count(engine: Engine, lease: Row) -> bool:
    """Whether work would count in the place of late gold: as a lease that ended the same way beside it, if possible the same person's.

    Gold has no slots that could be taken meanwhile; a word that only work is ever given would tell the two apart.
    """
    if lease[HOW] == "recalled":
        return False
    project, how, person = lease[PROJECT], lease[HOW], lease[PERSON]
    ((ended,),) = engine.rows("SELECT ended FROM dispatch_lease_ended WHERE public_id = ?", lease[PUBLIC_ID])
    beside = engine.rows(_WITH_IT, project, how, ended, person, lease[SERVE])
    if not beside:
        others = engine.rows(_BEFORE, project, how, ended) + engine.rows(_AFTER, project, how, ended)
        beside = sorted(others, key=lambda row: (row[0] != person, abs(row[2] - ended), row))
    if not beside:
        return True
    person, item, *_ = beside[0]
    answered = engine.rows("SELECT counted FROM annotation_annotation WHERE item_id = ? AND person_id = ? AND revision = 0", item, person)
    if answered:
        return bool(answered[0][0])
    ((is_open,),) = engine.rows(
        "SELECT EXISTS (SELECT 1 FROM dispatch_lease l WHERE l.item_id = ? AND l.person_id = ?) OR EXISTS (SELECT 1 FROM dispatch_queue q "
        "JOIN dispatch_stratum s ON s.id = q.stratum_id WHERE q.item_id = ? AND q.remaining > 0 AND s.lane <> -1)",
        item, person, item,
    )  # fmt: skip
    return bool(is_open)


def _progress_after(engine: Engine, *, item: int, adds: int) -> tuple[str, int, int]:
    ((language, done, target),) = engine.rows(
        "UPDATE dispatch_progress SET done = done + ? WHERE item_id = ? RETURNING language, done, target", adds, item
    )
    return language, done, target


def submit_live(engine: Engine, submission: Submission, *, lease: Row) -> SubmitOutcome:
    """Store an answer under a lease that has just been deleted; the person's row is locked."""
    used = min(submission.active_ms, max(0, lease[EXPIRES] - lease[ISSUED]))
    gold = bool(lease[GOLD])
    # Gold is answered by the same statements, so that it takes the time of any other answer; what it counts up nobody reads.
    language, done, target = _progress_after(engine, item=lease[ITEM], adds=1)
    insert_annotation(engine, submission, lease=lease, language=language, revision=0, counted=True)
    today = release_reserve(engine, lease=lease, used=used, now=submission.now, answered=True)
    work = int(not gold)
    count(
        engine, project=lease[PROJECT], language=language, person=submission.person, leased=-work, done=work,
        complete=work * int(done == target),
    )  # fmt: skip
    return SubmitOutcome(state="counted", annotation=submission.annotation, revision=0, today=today)


def new_leases(number: int) -> list[str]:
    """Return random public ids for leases."""
    return [secrets.token_hex(16) for _ in range(number)]
