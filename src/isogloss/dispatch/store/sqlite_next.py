"""`next` on SQLite: a handful of indexed statements, whatever the size of the project."""

import sqlite3
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter

from isogloss.dispatch.rules import Exposure
from isogloss.dispatch.store import ledger, reasons
from isogloss.dispatch.store.engines import Row, SqliteEngine
from isogloss.dispatch.store.records import NextOutcome, NextRequest, Outdated, Served

SCAN = 200
"""Rows a reader looks at in one step."""
MOST_STEPS = 10
"""Steps in one request; a reader among rows that they have all seen gets further with each request."""

_PERSON = (
    "SELECT p.epoch, p.held, p.day_ends, p.served, p.today, p.gold_share, p.used2, p.used3, p.used4, p.reserved2, p.reserved3, "
    "p.reserved4, "
    "p.cap2, p.cap3, p.cap4, p.reserved, p.stretch_since, p.last_active, p.peak, p.limit0, p.limit2, p.limit3, p.limit4, p.pause_ms, "
    "p.pause4_ms, "
    "j.paused, j.schema_id, j.lease_ms, j.gold FROM dispatch_person p, dispatch_project j WHERE p.person_id = ? AND j.project_id = ?"
)
_LEASES = (
    "SELECT l.public_id, l.schema_id, l.expires, l.serve, s.language, l.severity, i.hazards, "
    "coalesce((SELECT v.content FROM corpus_itemversion v WHERE v.item_id = l.item_id AND v.number = l.item_version), i.content) "
    "FROM dispatch_lease l "
    "JOIN corpus_item i ON i.id = l.item_id JOIN dispatch_stratum s ON s.id = l.stratum_id WHERE l.person_id = ? AND l.project_id = "
    "? ORDER BY l.serve"
)
_SUBSCRIPTIONS = (
    "SELECT s.lane, s.stratum_id, s.position, t.severity, t.reserve_ms, t.language FROM dispatch_subscription s "
    "CROSS JOIN dispatch_stratum t ON t.id = s.stratum_id WHERE s.person_id = ? AND s.project_id = ? AND s.lane {lanes} AND s.until > ? "
    "AND EXISTS (SELECT 1 FROM dispatch_queue q WHERE q.stratum_id = s.stratum_id AND q.position > s.position) ORDER BY s.lane, "
    "s.stratum_id"
)
_WORK = _SUBSCRIPTIONS.format(lanes=">= 0")
_GOLD = _SUBSCRIPTIONS.format(lanes="= -1")
# The inner LIMIT keeps a step short; the outer one stops as soon as enough unseen rows are found.
_TAKE = """
SELECT q.position, q.item_id, q.remaining, p.language, i.version, i.hazards, i.content FROM (
  SELECT position, item_id, remaining FROM dispatch_queue
  WHERE stratum_id = :stratum AND position > :position AND remaining > 0 AND batch_id NOT IN (SELECT batch_id FROM dispatch_paused_batch)
  ORDER BY position LIMIT 200
) q CROSS JOIN dispatch_progress p ON p.item_id = q.item_id CROSS JOIN corpus_item i ON i.id = q.item_id
WHERE NOT EXISTS (SELECT 1 FROM annotation_annotation a WHERE a.item_id = q.item_id AND a.person_id = :person AND a.revision = 0)
  AND NOT EXISTS (SELECT 1 FROM dispatch_lease l WHERE l.person_id = :person AND l.item_id = q.item_id)
  AND NOT EXISTS (SELECT 1 FROM annotation_skipped k WHERE k.item_id = q.item_id AND k.person_id = :person)
LIMIT :need"""
_SCANNED = (
    "SELECT count(*), max(position) FROM (SELECT position FROM dispatch_queue WHERE stratum_id = ? AND position > ? "
    "AND remaining > 0 AND batch_id NOT IN (SELECT batch_id FROM dispatch_paused_batch) ORDER BY position LIMIT 200)"
)
_LEASE = f"INSERT INTO dispatch_lease ({ledger.LEASE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  a constant


def next_leases(connection: sqlite3.Connection, request: NextRequest, *, is_gold: Callable[[int, int], bool]) -> NextOutcome:
    """Keep the live leases, top up to `want`, return all, oldest first."""
    rows = connection.execute(_PERSON, (request.person, request.project)).fetchall()
    if not rows or rows[0][0] != request.epoch:
        raise Outdated
    row = rows[0]
    if row[2] <= request.now:
        ledger.roll_day(SqliteEngine(connection), person=request.person, now=request.now)
        row = connection.execute(_PERSON, (request.person, request.project)).fetchone()
    if row[1] or row[25]:
        return NextOutcome(leases=[], today=row[4])
    held = connection.execute(_LEASES, (request.person, request.project)).fetchall()
    if any(lease[2] <= request.now for lease in held):
        reasons.sweep_person(SqliteEngine(connection), person=request.person, now=request.now)
        return next_leases(connection, request, is_gold=is_gold)
    served = [Served(*lease) for lease in held]
    visit = _Visit(connection, request, row=row)
    if len(served) < request.want:
        served += visit.top_up(request.want - len(served), is_gold=is_gold)
    return NextOutcome(leases=served, today=row[4], break_in=visit.break_in())


class _Visit:
    """One person at the queue, once."""

    def __init__(self, connection: sqlite3.Connection, request: NextRequest, *, row: Row) -> None:
        self.run = connection.execute
        self.connection = connection
        self.request = request
        self.served: int = row[3]
        self.share: int = row[5]
        self.schema, self.lease_ms, self.has_gold = row[26], row[27], row[28]
        self.exposure = Exposure(
            used=list(row[6:9]), reserved=list(row[9:12]), caps=list(row[12:15]), reserved_all=row[15], stretch_since=row[16],
            last_active=row[17], peak=row[18], limits=list(row[19:23]), pause=row[23], pause_after_s4=row[24],
        )  # fmt: skip
        self.new: list[Served] = []
        self.moved: dict[str, int] = {}

    def top_up(self, need: int, *, is_gold: Callable[[int, int], bool]) -> list[Served]:
        """Serve up to `need` items of the best lanes, with gold among them where the keyed hash of the serve number says so."""
        if self.has_gold:
            while need and self._serve_either(wants_gold=is_gold(self.served + 1, self.share)):
                need -= 1
        else:
            self._serve_work(need)
        if self.new:
            self._account()
        return self.new

    def break_in(self) -> int | None:
        """Seconds of work left before the stretch asks for a break."""
        exposure = self.exposure
        elapsed = 0 if exposure.is_rested(begins=self.request.now) else max(0, self.request.now - exposure.stretch_since)
        return max(0, exposure.limit(exposure.peak) - elapsed) // 1000

    def _serve_work(self, need: int) -> None:
        for subscription in self._subscriptions(_WORK):
            rows, position = self._look(subscription, need=need)
            for row in rows:
                self._lease(row, subscription, gold=False)
            self._move_on(subscription, position=position)
            need -= len(rows)
            if need == 0:
                return

    def _serve_either(self, *, wants_gold: bool) -> bool:
        """Serve one item where gold is mixed in: work and gold are both looked for, whichever is served, so that neither takes longer."""
        work, gold = self._find(_WORK), self._find(_GOLD)
        found = gold if wants_gold and gold else work
        if found is None:
            return False
        subscription, row = found
        self._lease(row, subscription, gold=found is gold)
        self._move_on(subscription, position=row[0])
        return True

    def _find(self, sql: str) -> tuple[Row, Row] | None:
        for subscription in self._subscriptions(sql):
            rows, position = self._look(subscription, need=1)
            if rows:
                return subscription, rows[0]
            self._move_on(subscription, position=position)
        return None

    def _subscriptions(self, sql: str) -> Iterator[Row]:
        for group in _by_lane(self.run(sql, (self.request.person, self.request.project, self.request.now))):
            # languages of equal rank take turns, so that the first in the table is not emptied before the others begin
            first = self.served % len(group)
            yield from group[first:] + group[:first]

    def _look(self, subscription: Row, *, need: int) -> tuple[list[Row], int]:
        """Return rows that the person may be served now, and how far they have then read."""
        _, stratum, position, severity, each, _ = subscription
        need = min(need, self.exposure.room_today(severity=severity, each=each))
        need = min(need, self.exposure.room_now(severity=severity, each=each, now=self.request.now))
        taken: list[Row] = []
        for _ in range(MOST_STEPS if need > 0 else 0):
            wanted = need - len(taken)
            found = self.run(_TAKE, {"stratum": stratum, "position": position, "person": self.request.person, "need": wanted}).fetchall()
            taken += found
            if len(found) == wanted:
                position = found[-1][0]
                break
            scanned, last = self.run(_SCANNED, (stratum, position)).fetchone()
            position = last if scanned else position
            if scanned < SCAN:
                break
        # an item may stand in a lane twice, by two returned slots; to one person it is served once
        return list({row[1]: row for row in reversed(taken)}.values())[::-1], position

    def _move_on(self, subscription: Row, *, position: int) -> None:
        lane, stratum, start, *_ = subscription
        if position != start:
            self.run(
                "UPDATE dispatch_subscription SET position = ? WHERE person_id = ? AND project_id = ? AND lane = ? AND stratum_id = ?",
                (position, self.request.person, self.request.project, lane, stratum),
            )

    def _lease(self, row: Row, subscription: Row, *, gold: bool) -> None:
        position, item, remaining, counted_as, version, hazards, content = row
        _, stratum, _, severity, each, language = subscription
        if self.has_gold:
            # A gold row counts up, so that its page is written as any other. The row of a last slot stays, empty, until the sweep:
            # deleting it here would take longer than gold ever does.
            step = 1 if gold else -1
            self.run("UPDATE dispatch_queue SET remaining = remaining + ? WHERE stratum_id = ? AND position = ?", (step, stratum, position))
            self.run("INSERT INTO dispatch_spent (stratum_id, position) VALUES (?, ?)", (stratum, position))
        elif remaining == 1:
            self.run("DELETE FROM dispatch_queue WHERE stratum_id = ? AND position = ?", (stratum, position))
        else:
            self.run("UPDATE dispatch_queue SET remaining = remaining - 1 WHERE stratum_id = ? AND position = ?", (stratum, position))
        self.moved[counted_as] = self.moved.get(counted_as, 0) + int(not gold)
        self.served += 1
        now, expires = self.request.now, self.request.now + self.lease_ms
        (public_id,) = ledger.new_leases(1)
        self.run(
            _LEASE,
            (
                public_id, self.request.person, item, self.request.project, stratum, self.schema, version, self.served, now, expires,
                severity, each, gold,
            ),
        )  # fmt: skip
        self._reserve(severity=severity, each=each)
        self.new.append(Served(public_id, self.schema, expires, self.served, language, severity, hazards, content))

    def _reserve(self, *, severity: int, each: int) -> None:
        exposure = self.exposure
        if exposure.is_rested(begins=self.request.now):
            exposure.stretch_since = exposure.last_active = self.request.now
            exposure.peak = 0
        exposure.peak = max(exposure.peak, severity)
        exposure.reserved_all += each
        for index in range(max(0, severity - 1)):
            exposure.reserved[index] += each

    def _account(self) -> None:
        exposure = self.exposure
        self.run(
            "UPDATE dispatch_person SET served = ?, reserved = ?, reserved2 = ?, reserved3 = ?, reserved4 = ?, stretch_since = ?, "
            "last_active = ?, "
            "peak = ? WHERE person_id = ?",
            (
                self.served,
                exposure.reserved_all,
                *exposure.reserved,
                exposure.stretch_since,
                exposure.last_active,
                exposure.peak,
                self.request.person,
            ),
        )
        engine = SqliteEngine(self.connection)
        for language, number in sorted(self.moved.items()):
            ledger.count(
                engine, project=self.request.project, language=language, person=self.request.person, waiting=-number, leased=number
            )


def _by_lane(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Read subscriptions a lane at a time, no further than needed."""
    for _, group in groupby(rows, key=itemgetter(0)):
        yield list(group)
