"""The dispatch store on SQLite: one writer, and a COMMIT shared by everything that waits for it."""

import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

from isogloss.dispatch.rules import is_gold_serve
from isogloss.dispatch.store import ledger, reasons, suggestions
from isogloss.dispatch.store.engines import SqliteEngine
from isogloss.dispatch.store.records import (
    KeyClash,
    LeaseFacts,
    NextOutcome,
    NextRequest,
    Nothing,
    Outdated,
    SkipRequest,
    StorageFull,
    Submission,
    SubmitOutcome,
    Unavailable,
)  # fmt: skip
from isogloss.dispatch.store.sqlite_next import next_leases

WAIT_FOR_WRITER = 10.0
"""Seconds to wait for a writer in another connection, in steps short enough that nobody notices."""

_LEASE = f"DELETE FROM dispatch_lease WHERE public_id = ? AND person_id = ? RETURNING {ledger.LEASE_COLUMNS}"  # noqa: S608  a constant


class _Ticket:
    """One operation that waits for a transaction."""

    __slots__ = ("error", "is_done", "is_durable", "operation", "result")

    def __init__(self, operation: Callable[[sqlite3.Connection], object], *, is_durable: bool) -> None:
        self.operation = operation
        self.is_durable = is_durable
        self.is_done = False
        self.result: object = None
        self.error: BaseException | None = None


class GroupCommit:
    """Whoever gets the lock does everything that waits in one transaction; the others find their work done.

    Beside a thread of its own this saves two hand-overs a request, and under load the group forms while the one before it is on its way
    to the disk. A power cut may lose a lease with its queue change, so groups without a submit are not synced.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._waiting: deque[_Ticket] = deque()
        self._connection: sqlite3.Connection | None = None
        self._is_synced = True

    def run(self, operation: Callable[[sqlite3.Connection], object], *, is_durable: bool) -> object:
        """Run the operation in a transaction that is committed when this returns."""
        ticket = _Ticket(operation, is_durable=is_durable)
        self._waiting.append(ticket)
        with self._lock:
            if not ticket.is_done:
                self._do_waiting()
        if ticket.error is not None:
            raise ticket.error
        return ticket.result

    def close(self) -> None:
        """Close the connection; the next run opens another."""
        with self._lock:
            self._drop()

    def _do_waiting(self) -> None:
        group = []
        while self._waiting:
            group.append(self._waiting.popleft())
        try:
            self._commit(group)
        except BaseException as error:  # noqa: BLE001  whatever it is, each of the group must hear of it
            self._drop()
            told = _told(error)
            for ticket in group:
                ticket.error = ticket.error or told
        for ticket in group:
            ticket.is_done = True

    def _commit(self, group: list[_Ticket]) -> None:
        connection = self._open()
        wants_sync = any(ticket.is_durable for ticket in group)
        if wants_sync != self._is_synced:
            connection.execute("PRAGMA synchronous=FULL" if wants_sync else "PRAGMA synchronous=NORMAL")
            self._is_synced = wants_sync
        _begin(connection)
        if len(group) == 1:
            self._run_alone(connection, group[0])
            return
        for ticket in group:
            connection.execute("SAVEPOINT one")
            try:
                ticket.result = ticket.operation(connection)
            except sqlite3.OperationalError:
                raise
            except Exception as error:  # noqa: BLE001  it belongs to the one who asked, not to the group
                ticket.error = error
                connection.execute("ROLLBACK TO one")
            connection.execute("RELEASE one")
        connection.execute("COMMIT")

    def _run_alone(self, connection: sqlite3.Connection, ticket: _Ticket) -> None:
        try:
            ticket.result = ticket.operation(connection)
        except sqlite3.OperationalError:
            raise
        except Exception as error:  # noqa: BLE001  it belongs to the one who asked
            ticket.error = error
            connection.execute("ROLLBACK")
            return
        connection.execute("COMMIT")

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connect(self._path)
            self._is_synced = True
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except sqlite3.Error:
                return


def connect(path: Path) -> sqlite3.Connection:
    """Open the database as the hot path uses it: WAL, synced, no foreign keys to check (their rows were read from checked ones)."""
    if not path.exists():
        raise Unavailable(f"The database {path.name} is not there. Was the data directory moved? `isogloss doctor` says more.")
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0, cached_statements=256)
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=OFF",
        "temp_store=MEMORY",
        "cache_size=-65536",
        "mmap_size=268435456",
        "wal_autocheckpoint=4000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _begin(connection: sqlite3.Connection) -> None:
    """Begin as the writer. SQLite's own wait sleeps up to 100 ms at a time; this looks again every millisecond."""
    give_up = monotonic() + WAIT_FOR_WRITER
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > give_up:
                raise
            sleep(0.001)
        else:
            return


def _told(error: BaseException) -> BaseException:
    """Say in words what the person or the admin can do about a fault of the database."""
    if not isinstance(error, sqlite3.OperationalError):
        return error
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return StorageFull("The disk of the server is full. Nothing was stored; your answer stays in the outbox and is sent again.")
    if code == sqlite3.SQLITE_BUSY:
        return Unavailable("Another process holds the database. Nothing was stored; try again in a few seconds.")
    return Unavailable("The database cannot be read or written. Nothing was stored; try again in a few seconds.")


class SqliteStore:
    """`DispatchStore` on a SQLite file."""

    def __init__(self, path: Path, *, gold_key: bytes) -> None:
        self._path = path
        self._gold_key = gold_key
        self._writer = GroupCommit(path)
        self._readers = threading.local()
        self._open_readers: list[sqlite3.Connection] = []

    def next_leases(self, request: NextRequest) -> NextOutcome:
        """Top the person up to `want` live leases and return all, oldest first."""
        outcome = self._writer.run(
            lambda connection: next_leases(
                connection,
                request,
                is_gold=lambda serve, share: is_gold_serve(self._gold_key, person=request.person, serve=serve, share=share),
            ),
            is_durable=False,
        )
        assert isinstance(outcome, NextOutcome)
        return outcome

    def lease_facts(self, *, person: int, lease: str) -> LeaseFacts:
        """Return what an answer under this lease is checked against."""
        try:
            return reasons.lease_facts(SqliteEngine(self._reader()), person=person, lease=lease)
        except sqlite3.OperationalError as error:
            self._forget_reader()
            raise _told(error) from error

    def submit(self, submission: Submission) -> SubmitOutcome:
        """Store an answer durably."""
        outcome = self._writer.run(lambda connection: submit(connection, submission), is_durable=True)
        assert isinstance(outcome, SubmitOutcome)
        return outcome

    def skip(self, request: SkipRequest) -> str:
        """End the lease and return its slot."""
        return str(self._writer.run(lambda connection: ledger.skip(SqliteEngine(connection), request), is_durable=True))

    def why_nothing(self, request: NextRequest) -> Nothing:
        """Say why the person gets nothing."""
        try:
            return reasons.why_nothing(SqliteEngine(self._reader()), request)
        except sqlite3.OperationalError as error:
            self._forget_reader()
            raise _told(error) from error

    def does_suggest(self, *, project: int) -> bool:
        """Whether people see suggestions in this project."""
        return suggestions.does_suggest(SqliteEngine(self._reader()), project=project)

    def suggestions(self, *, person: int, project: int) -> dict[str, str]:
        """Return the suggestions for a person's leases as JSON, by lease."""
        return suggestions.suggestions(SqliteEngine(self._reader()), person=person, project=project)

    def sweep(self, *, now: int) -> int:
        """End leases that have expired or that a pause missed, a person at a time."""
        engine = SqliteEngine(self._reader())
        ended = sum(self._sweep_person(person, now=now) for person in reasons.people_to_sweep(engine, now=now))
        while engine.rows("SELECT 1 FROM dispatch_spent LIMIT 1"):
            self._writer.run(lambda connection: reasons.bury_spent(SqliteEngine(connection)), is_durable=False)
        return ended

    def _sweep_person(self, person: int, *, now: int) -> int:
        ended = self._writer.run(
            lambda connection: reasons.sweep_person(SqliteEngine(connection), person=person, now=now), is_durable=False
        )
        assert isinstance(ended, int)
        return ended

    def checkpoint(self) -> None:
        """Move what the log holds into the database, without making writers wait."""
        self._reader().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def close(self) -> None:
        """Let go of connections."""
        self._writer.close()
        for connection in self._open_readers:
            connection.close()
        self._open_readers.clear()
        self._readers = threading.local()

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._readers, "connection", None)
        if connection is None:
            connection = self._readers.connection = connect(self._path)
            self._open_readers.append(connection)
        return connection

    def _forget_reader(self) -> None:
        self._readers.connection = None


def submit(connection: sqlite3.Connection, submission: Submission) -> SubmitOutcome:
    """Store an answer: delete the lease, append the annotation, count; what has no live lease is looked into."""
    rows = connection.execute("SELECT epoch, day_ends FROM dispatch_person WHERE person_id = ?", (submission.person,)).fetchall()
    if not rows or rows[0][0] != submission.epoch:
        raise Outdated
    engine = SqliteEngine(connection)
    if rows[0][1] <= submission.now:
        ledger.roll_day(engine, person=submission.person, now=submission.now)
    leases = connection.execute(_LEASE, (submission.lease, submission.person)).fetchall()
    if not leases:
        return ledger.submit_otherwise(engine, submission)
    try:
        return ledger.submit_live(engine, submission, lease=leases[0])
    except sqlite3.IntegrityError as error:
        raise KeyClash("This key was used for another answer. Make a new key for each answer.") from error
