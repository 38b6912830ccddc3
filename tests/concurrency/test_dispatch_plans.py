"""`next` reads a handful of rows, however many stand in the lane and whatever the planner believes."""

import pytest
from django.db import connection

from tests.concurrency.racing import a_racing_desk, a_real_store, a_request

pytestmark = pytest.mark.django_db(transaction=True)

QUEUE = {"table": "dispatch_queue", "index": "dispatch_queue_pkey"}


def rows_read(store, request, *, table: str, index: str) -> int:
    """Rows that one `next` looks at in a table, as its own backend counts them."""
    store.next_leases(request)
    raw = store._threads.connection
    with raw.transaction():
        store.next_leases(request)
        (read,) = raw.execute(
            "SELECT pg_stat_get_xact_tuples_returned(%s::regclass) + pg_stat_get_xact_tuples_returned(%s::regclass)", (table, index)
        ).fetchone()
    return read


@pytest.fixture
def nobody_tells_the_planner():
    """Neither a test before, whose word outlives its rollback, nor the server's own rounds, which may fall into this one."""
    if connection.vendor == "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE dispatch_queue")
        cursor.execute("ALTER TABLE dispatch_queue SET (autovacuum_enabled = false)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE dispatch_queue RESET (autovacuum_enabled)")


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite's plan is written into the statement")
def test_postgresql_reads_few_rows_before_anybody_has_told_its_planner_of_an_import(monkeypatch, nobody_tells_the_planner):
    from isogloss.dispatch.store.postgresql import PostgresqlStore

    settings = connection.settings_dict
    desk = a_racing_desk(None, target=3, n=2000)
    places = {"dbname": settings["NAME"], "user": settings["USER"], "host": settings["HOST"]}

    store = PostgresqlStore(gold_key=b"k", **places)
    read = rows_read(store, a_request(desk, desk.annotator()), **QUEUE)
    store.close()
    monkeypatch.setattr("isogloss.dispatch.store.postgresql.SETTINGS", ("plan_cache_mode=force_generic_plan",))
    unguarded = PostgresqlStore(gold_key=b"k", **places)
    read_without = rows_read(unguarded, a_request(desk, desk.annotator()), **QUEUE)
    unguarded.close()

    assert read < 50
    assert read_without > 1000


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite's plan is written into the statement")
def test_postgresql_reads_nothing_of_what_a_person_has_answered_before():
    from benchmarks.dispatch.growth import _answer_many

    with a_real_store() as store:
        desk = a_racing_desk(store, target=3, n=2000)
        ana = desk.annotator("en")
        request = a_request(desk, ana)
        store.next_leases(a_request(desk, desk.annotator("en")))  # plans are made while nobody has answered anything
        _answer_many(desk.project.pk, ana.pk, number=1500)

        by_key = rows_read(store, request, table="annotation_annotation", index="one_annotation_per_key")

    assert by_key < 50
