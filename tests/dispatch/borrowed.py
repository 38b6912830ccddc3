"""PostgresqlStore on Django's connection; kept apart because psycopg is only there where PostgreSQL is used."""

from contextlib import contextmanager

import psycopg
from django.db import connection, transaction

from isogloss.dispatch.store.postgresql import SETTINGS, PostgresqlStore
from isogloss.dispatch.store.records import KeyClash


class _Plain:
    def execute(self, sql, values=None, **options):
        cursor = psycopg.Cursor(connection.connection)
        if options.pop("binary", False):
            cursor.format = psycopg.pq.Format.BINARY
        return cursor.execute(sql, values)

    @contextmanager
    def transaction(self):
        with transaction.atomic():
            yield


class BorrowedPostgresql(PostgresqlStore):
    """Each call in a savepoint of the test's transaction, which runs under the settings of the store's own connections."""

    def __init__(self, **options):
        super().__init__(**options)
        with connection.cursor() as cursor:
            for setting in SETTINGS:
                name, _, value = setting.partition("=")
                cursor.execute("SELECT set_config(%s, %s, true)", [name, value])

    def _on_connection(self, work):
        connection.ensure_connection()
        try:
            with transaction.atomic():
                return work(_Plain())
        except psycopg.errors.UniqueViolation as error:
            raise KeyClash("used") from error
