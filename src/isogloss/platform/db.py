"""Transactions that are short, and begin as writers."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def write_transaction() -> Iterator[None]:
    """Run the block in one transaction; SQLite begins it IMMEDIATE (settings), so two writers queue instead of failing half-way."""
    with transaction.atomic():
        yield


def is_postgresql() -> bool:
    """Whether the default database is PostgreSQL."""
    return connection.vendor == "postgresql"
