"""DuckDB, asked on a connection of its own.

The library's module-level functions share one connection for the whole process. A test that leaves a result half read on it makes the next one fail,
in whichever file the runner happens to put behind it.
"""

from __future__ import annotations

from typing import Any

import duckdb


def rows_of(query: str, *parameters: object) -> list[tuple[Any, ...]]:
    with duckdb.connect() as database:
        return database.execute(query, parameters).fetchall()
