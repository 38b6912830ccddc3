"""One unchanging view of the database, read row by row in constant memory while others go on writing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

ROWS_A_FETCH = 100  # PostgreSQL hands over so many at a time: few enough that very long texts still fit
_NAMED = re.compile(r"%\((\w+)\)s")
_OPENING = {
    # Every page is read once and in order, so none need be kept. Deferred: it shows what was committed when it first looked, and takes no
    # lock that a writer in WAL mode would wait for.
    "sqlite": ("PRAGMA mmap_size = 0", "PRAGMA cache_size = -8192", "BEGIN DEFERRED"),
    "postgresql": ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",),
}

Cells = tuple[Any, ...]


class FrozenView:
    """A connection inside one read transaction."""

    def __init__(self, wrapper: BaseDatabaseWrapper) -> None:
        self.vendor = wrapper.vendor
        self._raw: Any = wrapper.connection
        self._cursors = count(1)

    def rows(self, sql: str, **values: object) -> Iterator[Cells]:
        """Return the rows of a query, fetched as they are asked for; values are named `%(so)s`."""
        if self.vendor == "postgresql":
            return self._fetched(sql, values)
        # sqlite3 steps through the result as it is iterated; the queries cast columns that Django's slow converters would take.
        rows: Iterator[Cells] = self._raw.execute(_NAMED.sub(r":\1", sql), values)
        return rows

    def _fetched(self, sql: str, values: dict[str, object]) -> Iterator[Cells]:
        with self._raw.cursor(f"release_{next(self._cursors)}") as cursor:
            cursor.itersize = ROWS_A_FETCH
            cursor.execute(sql, values)
            yield from cursor

    def row(self, sql: str, **values: object) -> Cells:
        """Return the only row of a query."""
        (found,) = list(self.rows(sql, **values))
        return found


@contextmanager
def frozen_view() -> Iterator[FrozenView]:
    """Open a view of its own connection; inside a transaction of the caller, look through the caller's."""
    if connection.in_atomic_block:
        connection.ensure_connection()
        yield FrozenView(connection)
        return
    reader = connection.copy()
    try:
        reader.ensure_connection()
        with reader.cursor() as cursor:
            for statement in _OPENING[reader.vendor]:
                cursor.execute(statement)
        yield FrozenView(reader)
    finally:
        reader.close()
