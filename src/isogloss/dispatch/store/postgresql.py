"""The dispatch store on PostgreSQL: a connection a thread, `next` and `submit` as functions of the database."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import psycopg

from isogloss.dispatch.rules import hmac_pads
from isogloss.dispatch.store import ledger, reasons, suggestions
from isogloss.dispatch.store.engines import PostgresqlEngine
from isogloss.dispatch.store.records import (
    KeyClash,
    LeaseFacts,
    NextOutcome,
    NextRequest,
    Nothing,
    Outdated,
    Served,
    SkipRequest,
    StorageFull,
    Submission,
    SubmitOutcome,
    Unavailable,
)  # fmt: skip

T = TypeVar("T")

_NEXT = "SELECT * FROM dispatch_next(%s::bigint, %s::bigint, %s::bigint, %s::int, %s::bigint, %s::text[], %s::bytea, %s::bytea)"
_SUBMIT = (
    "SELECT * FROM dispatch_submit(%s::bigint, %s::bigint, %s::text, %s::bigint, %s::timestamptz, %s::text, %s::text, %s::text, "
    "%s::text, %s::int, "
    "%s::boolean, %s::text)"
)
TRIES = 5
"""How often a day is begun or leases are swept before a `next` is answered as it is; more than once only where clocks disagree."""
SETTINGS = (
    "plan_cache_mode=force_generic_plan",
    "jit=off",
    "timezone=UTC",
    # Before the first ANALYZE after an import the planner takes a lane for small and reads the whole of it for one row. Every statement
    # here finds few rows by an index, so the other ways are ruled out.
    "enable_seqscan=off",
    "enable_bitmapscan=off",
    "enable_hashjoin=off",
    "enable_mergejoin=off",
)
"""What the store's own connections run under."""


class PostgresqlStore:
    """`DispatchStore` on PostgreSQL."""

    def __init__(self, *, gold_key: bytes, **connect: Any) -> None:
        self._connect = connect
        self._ipad, self._opad = hmac_pads(gold_key)
        self._threads = threading.local()
        self._opened: list[psycopg.Connection[Any]] = []

    def next_leases(self, request: NextRequest) -> NextOutcome:
        """Top the person up to `want` live leases and return all, oldest first."""

        def ask(connection: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
            ids = ledger.new_leases(request.want)
            values = (request.person, request.project, request.epoch, request.want, request.now, ids, self._ipad, self._opad)
            return connection.execute(_NEXT, values, prepare=True, binary=True).fetchall()

        rows = self._on_connection(ask)
        for _ in range(TRIES):
            if rows[0][0] != "tidy":
                break
            self._in_transaction(lambda engine: _tidy(engine, person=request.person, now=request.now))
            rows = self._on_connection(ask)
        if rows[0][0] == "outdated":
            raise Outdated
        leases = [Served(*row[3:]) for row in rows if row[3] is not None]
        return NextOutcome(leases=leases, today=rows[0][1], break_in=rows[0][2])

    def lease_facts(self, *, person: int, lease: str) -> LeaseFacts:
        """Return what an answer under this lease is checked against."""
        return self._on_connection(lambda connection: reasons.lease_facts(PostgresqlEngine(connection), person=person, lease=lease))

    def submit(self, submission: Submission) -> SubmitOutcome:
        """Store an answer durably."""

        def ask(connection: psycopg.Connection[Any]) -> tuple[str, int]:
            s = submission
            at = PostgresqlEngine(connection).stamp(s.now)
            values = (
                s.person,
                s.epoch,
                s.lease,
                s.now,
                at,
                s.annotation,
                s.key,
                s.body_hash,
                s.answers,
                s.active_ms,
                s.suggestion_visible,
                s.served,
            )
            ((state, today),) = connection.execute(_SUBMIT, values, prepare=True, binary=True).fetchall()
            return state, today

        state, today = self._on_connection(ask)
        if state == "tidy":
            self._in_transaction(lambda engine: _tidy(engine, person=submission.person, now=submission.now, sweeps=False))
            state, today = self._on_connection(ask)
        if state == "outdated":
            raise Outdated
        if state == "otherwise":
            return self._in_transaction(lambda engine: _submit_otherwise(engine, submission))
        return SubmitOutcome(state=state, annotation=submission.annotation, revision=0, today=today)

    def skip(self, request: SkipRequest) -> str:
        """End the lease and return its slot."""
        return self._in_transaction(lambda engine: ledger.skip(engine, request))

    def why_nothing(self, request: NextRequest) -> Nothing:
        """Say why the person gets nothing."""
        return self._on_connection(lambda connection: reasons.why_nothing(PostgresqlEngine(connection), request))

    def does_suggest(self, *, project: int) -> bool:
        """Whether people see suggestions in this project."""
        return self._on_connection(lambda connection: suggestions.does_suggest(PostgresqlEngine(connection), project=project))

    def suggestions(self, *, person: int, project: int) -> dict[str, str]:
        """Return the suggestions for a person's leases as JSON, by lease."""
        return self._on_connection(lambda connection: suggestions.suggestions(PostgresqlEngine(connection), person=person, project=project))

    def sweep(self, *, now: int) -> int:
        """End leases that have expired or that a pause missed, a person at a time."""
        people = self._on_connection(lambda connection: reasons.people_to_sweep(PostgresqlEngine(connection), now=now))
        ended = sum(self._sweep_person(person, now=now) for person in people)
        while self._in_transaction(reasons.bury_spent) == reasons.BURIED:
            pass
        return ended

    def _sweep_person(self, person: int, *, now: int) -> int:
        return self._in_transaction(lambda engine: reasons.sweep_person(engine, person=person, now=now))

    def close(self) -> None:
        """Let go of connections."""
        for connection in self._opened:
            with suppress(psycopg.Error):
                connection.close()
        self._opened.clear()
        self._threads = threading.local()

    def _in_transaction(self, work: Callable[[PostgresqlEngine], T]) -> T:
        def run(connection: psycopg.Connection[Any]) -> T:
            with connection.transaction():
                return work(PostgresqlEngine(connection))

        return self._on_connection(run)

    def _on_connection(self, work: Callable[[psycopg.Connection[Any]], T]) -> T:
        """Run on this thread's connection; one that the server has closed in the meantime is replaced once."""
        connection: psycopg.Connection[Any] | None = getattr(self._threads, "connection", None)
        is_fresh = connection is None
        try:
            if connection is None:
                connection = self._open()
            return work(connection)
        except psycopg.errors.UniqueViolation as error:
            raise KeyClash("This key was used for another answer. Make a new key for each answer.") from error
        except psycopg.errors.DiskFull as error:
            raise StorageFull(
                "The disk of the database is full. Nothing was stored; your answer stays in the outbox and is sent again."
            ) from error
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            self._threads.connection = None
            if connection is not None:
                with suppress(psycopg.Error):
                    connection.close()
            if not is_fresh and connection is not None and connection.broken:
                return self._on_connection(work)
            raise Unavailable("The database does not answer. Try again in a few seconds.") from error

    def _open(self) -> psycopg.Connection[Any]:
        options = " ".join([self._connect.get("options", ""), *(f"-c {setting}" for setting in SETTINGS)]).strip()
        connection = psycopg.connect(**{**self._connect, "options": options, "connect_timeout": 5}, autocommit=True)
        self._threads.connection = connection
        self._opened.append(connection)
        return connection


def _tidy(engine: PostgresqlEngine, *, person: int, now: int, sweeps: bool = True) -> None:
    """Begin the person's day, and end their expired leases, where either is due."""
    ledger.lock_person(engine, person=person)
    if engine.rows("SELECT 1 FROM dispatch_person WHERE person_id = ? AND day_ends <= ?", person, now):
        ledger.roll_day(engine, person=person, now=now)
    if sweeps:
        reasons.sweep_person(engine, person=person, now=now)


def _submit_otherwise(engine: PostgresqlEngine, submission: Submission) -> SubmitOutcome:
    ledger.lock_person(engine, person=submission.person, epoch=submission.epoch)
    return ledger.submit_otherwise(engine, submission)
