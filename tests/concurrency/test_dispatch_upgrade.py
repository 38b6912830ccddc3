"""People hold leases while the schema is brought up from the version before: their answers are taken."""

import pytest
from django.core.management import call_command
from django.db import connection

from isogloss.dispatch.models import QueueRow, SpentRow
from isogloss.dispatch.services import add_gold, sync_project
from isogloss.dispatch.store.engines import cold_transaction
from isogloss.projects.models import Workflow
from tests.concurrency.racing import a_racing_desk, a_real_store, a_request, a_submission, begin_day
from tests.dispatch.making import some_items

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = "0002_functions"


@pytest.fixture
def back_and_forth():
    """Go to the schema before and, whatever happens, come back."""

    def go(*to: str) -> None:
        call_command("migrate", "dispatch", *to, verbosity=0)

    yield go
    go()


def columns() -> set[str]:
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, "dispatch_counter")}


def is_clustered(table: str) -> bool:
    """Whether the table is kept by its key; Django's way of changing a table of SQLite would lose that."""
    if connection.vendor == "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [table])
        return "WITHOUT ROWID" in cursor.fetchone()[0]


def lease_as_before(request) -> str:
    """Lease the first row as the version before did: by its function on PostgreSQL, by its statements on SQLite."""
    if connection.vendor == "postgresql":
        with a_real_store() as store:
            return store.next_leases(request).leases[0].lease
    row = QueueRow.objects.order_by("stratum_id", "position").first()
    with cold_transaction() as engine:
        engine.rows(
            "INSERT INTO dispatch_lease (public_id, person_id, item_id, project_id, stratum_id, schema_id, item_version, serve, issued, "
            "expires, severity, reserved_ms, gold) SELECT ?, ?, ?, ?, ?, schema_id, 1, 1, ?, ?, 0, 60000, ? FROM dispatch_project "
            "WHERE project_id = ?",
            "a" * 32, request.person, row.item_id, request.project, row.stratum_id, request.now, request.now + 1_800_000, False,
            request.project,
        )  # fmt: skip
        engine.rows(
            "UPDATE dispatch_queue SET remaining = remaining - 1 WHERE stratum_id = ? AND position = ?", row.stratum_id, row.position
        )
        engine.rows("UPDATE dispatch_person SET served = 1, reserved = 60000 WHERE person_id = ?", request.person)
        engine.rows("UPDATE dispatch_counter SET waiting = waiting - 1, leased = leased + 1 WHERE project_id = ?", request.project)
    return "a" * 32


def test_a_lease_from_before_an_upgrade_is_answered_after_it(back_and_forth):
    desk = a_racing_desk(None, target=2, n=3)
    ana = desk.annotator()
    request = a_request(desk, ana)
    begin_day(ana)
    back_and_forth(BEFORE)
    assert "writes" not in columns()
    lease = lease_as_before(request)

    back_and_forth()
    with a_real_store() as store:
        outcome = store.submit(a_submission(request, lease))
        after = store.next_leases(request).leases

    assert outcome.state == "counted"
    assert len(after) == 1
    assert is_clustered("dispatch_counter")
    assert desk.violations() == {}


def test_rows_that_gold_left_empty_are_not_served_by_the_version_before(back_and_forth):
    desk = a_racing_desk(None, target=1, n=2)
    Workflow.objects.filter(project=desk.project).update(gold_enabled=True)
    sync_project(desk.project.pk, now=desk.now)
    add_gold([item.pk for item in some_items(desk.project, 1, batch="gold")], now=desk.now)
    with a_real_store() as store:
        request = a_request(desk, desk.annotator(), want=3)
        for lease in store.next_leases(request).leases:
            store.submit(a_submission(request, lease.lease))
    assert SpentRow.objects.exists()

    back_and_forth(BEFORE)

    assert not QueueRow.objects.filter(remaining=0).exists()
