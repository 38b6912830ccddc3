"""One way to run the same SQL on both engines: `?` for values, `/*lock*/` where PostgreSQL must lock the rows it reads."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Protocol

from django.db import connection, transaction

from isogloss.dispatch.rules import moment_of

Row = tuple[Any, ...]


class Engine(Protocol):
    """A connection inside a transaction."""

    shards: int

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Run a statement and return its rows, none for one that returns nothing."""
        ...

    def stamp(self, ms: int) -> object:
        """Return a moment as Django's columns of this engine store it."""
        ...

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Insert many rows in the engine's quickest way."""
        ...


class SqliteEngine:
    """SQLite: one writer at a time, so nothing is locked by row and one shard is enough."""

    shards = 1

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._run_many = connection.executemany

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Run a statement and return its rows."""
        return self._run(sql, values).fetchall()

    def stamp(self, ms: int) -> object:
        """Return UTC as text without a zone, as Django does."""
        return str(moment_of(ms).replace(tzinfo=None))

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Insert many rows by one prepared statement."""
        self._run_many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", rows)  # noqa: S608  names are constants


class PostgresqlEngine:
    """PostgreSQL by psycopg: reads that claim lock their rows."""

    shards = 16

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Run a statement and return its rows."""
        done = self._connection.execute(postgresql_form(sql), values)
        return done.fetchall() if done.description else []

    def stamp(self, ms: int) -> object:
        """Return an aware moment."""
        return moment_of(ms)

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Insert many rows by COPY."""
        with self._connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


@lru_cache(maxsize=512)
def postgresql_form(sql: str) -> str:
    """Return the statement as psycopg takes it."""
    return sql.replace("%", "%%").replace("?", "%s").replace("/*lock*/", "FOR UPDATE")


def engine_of_django() -> Engine:
    """Return an engine over Django's own connection of this thread, for services that are not hot."""
    connection.ensure_connection()
    raw = connection.connection
    return SqliteEngine(raw) if connection.vendor == "sqlite" else PostgresqlEngine(_PlainRows(raw))


@contextmanager
def cold_transaction() -> Iterator[Engine]:
    """Open one transaction on Django's connection and hand out an engine in it."""
    with transaction.atomic():
        yield engine_of_django()


class _PlainRows:
    """Django's psycopg connection makes its own cursors; this runs statements through a plain one."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def execute(self, sql: str, values: Sequence[object]) -> Any:
        import psycopg  # noqa: PLC0415  an extra: only there where PostgreSQL is used

        return psycopg.Cursor(self._raw).execute(sql, values)

    def cursor(self) -> Any:
        import psycopg  # noqa: PLC0415  an extra: only there where PostgreSQL is used

        return psycopg.Cursor(self._raw)
