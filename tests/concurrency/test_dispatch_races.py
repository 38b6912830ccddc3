"""Each guard of dispatch: the race without it, and that it does not happen with it."""

import importlib
import threading
import time

import pytest
from django.db import connection

from isogloss.annotation.models import Annotation
from isogloss.dispatch.models import Lease, QueueRow
from isogloss.dispatch.services import set_target, sync_project
from isogloss.dispatch.store import ledger
from isogloss.dispatch.store.engines import PostgresqlEngine, SqliteEngine
from isogloss.dispatch.store.sqlite_next import next_leases
from isogloss.projects.models import Workflow
from tests.concurrency.racing import (
    a_racing_desk,
    a_raw_connection,
    a_real_store,
    a_request,
    a_submission,
    at_once,
    begin_day,
    close_raw_connections,
)
from tests.dispatch.making import some_items

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store():
    with a_real_store() as opened:
        yield opened
    close_raw_connections()


def only(vendor: str) -> None:
    if connection.vendor != vendor:
        pytest.skip(f"this guard is one of {vendor}")


class _PausesAfterReading:
    """A connection that lets others catch up between reading the queue and writing to it."""

    def __init__(self, raw, barrier: threading.Barrier) -> None:
        self._raw, self._barrier = raw, barrier
        self.executemany = raw.executemany

    def execute(self, sql, values=()):
        done = self._raw.execute(sql, values)
        if "dispatch_queue" in sql and ":need" in sql:
            rows = done.fetchall()
            self._barrier.wait(5)
            return _Rows(rows)
        return done


class _Rows(list):
    def fetchall(self):
        return self


def test_sqlite_without_the_writers_turn_two_people_get_the_last_slot(store):
    only("sqlite")
    desk = a_racing_desk(store, target=1, n=1)
    requests = [a_request(desk, desk.annotator()) for _ in range(2)]
    barrier = threading.Barrier(2)
    raws = [_PausesAfterReading(a_raw_connection(), barrier) for _ in range(2)]

    at_once(*(lambda r=r, c=c: next_leases(c, r, is_gold=lambda *_: False) for r, c in zip(requests, raws, strict=True)))

    assert Lease.objects.count() == 2


def test_two_people_never_get_the_last_slot(store):
    desk = a_racing_desk(store, target=1, n=1)
    requests = [a_request(desk, desk.annotator()) for _ in range(6)]

    at_once(*(lambda r=r: store.next_leases(r) for r in requests))

    assert Lease.objects.count() == 1
    assert desk.violations() == {}


def _function_without(guard: str, *, instead: str, sleep: str = "") -> str:
    """Make a variant of `dispatch_next` without one guard; `sleep` opens the window in which it is needed."""
    text = importlib.import_module("isogloss.dispatch.migrations.0003_equal_work").NEXT
    assert text.count(guard) == 1
    text = text.replace(guard, instead).replace("FUNCTION dispatch_next(", "FUNCTION dispatch_next_unguarded(")
    if sleep:
        text = text.replace("    need := p_want - held;", f"    PERFORM pg_sleep({sleep});\n    need := p_want - held;")
    return text


def _call(raw, request, *, function: str):
    from isogloss.dispatch.rules import hmac_pads

    ids = ledger.new_leases(request.want)
    values = (request.person, request.project, request.epoch, request.want, request.now, ids, *hmac_pads(b"k"))
    return raw.execute(
        f"SELECT * FROM {function}(%s::bigint, %s::bigint, %s::bigint, %s::int, %s::bigint, %s::text[], %s::bytea, %s::bytea)", values
    ).fetchall()


def test_postgresql_without_the_lock_on_the_person_tabs_pass_the_cap(store):
    only("postgresql")
    _, requests = _eight_tabs(store)
    guard = "WHERE person_id = p_person FOR UPDATE;"
    with connection.cursor() as cursor:
        cursor.execute(_function_without(guard, instead="WHERE person_id = p_person;", sleep="0.3"))

    try:
        at_once(*(lambda r=r: _call(a_raw_connection(), r, function="dispatch_next_unguarded") for r in requests))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION dispatch_next_unguarded")

    assert Lease.objects.count() > 3


def _eight_tabs(store):
    from datetime import timedelta

    from isogloss.dispatch.rules import ExposureLimits
    from isogloss.dispatch.services import set_exposure

    desk = a_racing_desk(store)
    some_items(desk.project, 40, severity=2)
    ana = desk.annotator()
    each = dict.fromkeys((2, 3, 4), timedelta(minutes=3))
    set_exposure(ana.pk, limits=ExposureLimits(caps=each), consents={}, now=desk.now)
    request = a_request(desk, ana)
    begin_day(ana)
    return desk, [type(request)(**{**_fields(request), "want": want}) for want in (1, 5, 5, 3, 5, 2, 5, 4)]


def _fields(struct) -> dict[str, object]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def test_eight_tabs_never_pass_the_cap(store):
    desk, requests = _eight_tabs(store)

    at_once(*(lambda r=r: store.next_leases(r) for r in requests))

    assert Lease.objects.count() == 3
    assert desk.violations() == {}


def test_postgresql_without_the_hole_a_reader_steps_over_what_others_held_locked(store):
    only("postgresql")
    desk = a_racing_desk(store, target=1, n=2)
    ana = desk.annotator()
    request = a_request(desk, ana)
    begin_day(ana)
    with connection.cursor() as cursor:
        cursor.execute(_function_without("coalesce(v_hole - 1, v_end)", instead="v_end"))

    try:
        served = _while_the_first_row_is_locked(lambda raw: _call(raw, request, function="dispatch_next_unguarded"), desk, request)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION dispatch_next_unguarded")

    assert served == 1


def _last_slot_asked_for_twice(*, guard: str) -> int:
    """Two people ask beside gold for an item's last slot; the second reads the row before the first has emptied it, and locks it after."""
    look = "WHERE x.remaining > 0 AND NOT EXISTS"
    before, real = importlib.import_module("isogloss.dispatch.migrations.0003_equal_work").NEXT.rsplit(look, 1)
    slow = f"{before}WHERE {guard} (SELECT pg_sleep(0.4)) IS NOT NULL AND NOT EXISTS{real}"
    desk = a_racing_desk(None, target=1, n=1)
    Workflow.objects.filter(project=desk.project).update(gold_enabled=True)
    sync_project(desk.project.pk, now=desk.now)
    people = [desk.annotator(), desk.annotator()]
    for person in people:
        begin_day(person)
    a_raw_connection().execute(slow.replace("FUNCTION dispatch_next(", "FUNCTION dispatch_next_slow("))

    def ask(number: int):
        time.sleep(0.2 * number)
        return _call(a_raw_connection(), requests[number], function="dispatch_next_slow")

    requests = [a_request(desk, person) for person in people]
    at_once(lambda: ask(0), lambda: ask(1))
    a_raw_connection().execute("DROP FUNCTION dispatch_next_slow")
    return Lease.objects.count()


def test_postgresql_without_a_second_look_an_emptied_row_is_served_again(store):
    only("postgresql")

    assert _last_slot_asked_for_twice(guard="") == 2


def test_postgresql_looks_again_at_a_row_after_it_has_locked_it(store):
    only("postgresql")

    assert _last_slot_asked_for_twice(guard="x.remaining > 0 AND") == 1


def test_a_reader_comes_back_to_what_others_held_locked(store):
    only("postgresql")
    desk = a_racing_desk(store, target=1, n=2)
    ana = desk.annotator()
    request = a_request(desk, ana)
    begin_day(ana)

    served = _while_the_first_row_is_locked(lambda raw: _call(raw, request, function="dispatch_next"), desk, request)

    assert served == 2


def _while_the_first_row_is_locked(ask, desk, request) -> int:
    """Let a person ask while somebody else's transaction holds the first row, and once more after it was given up."""
    holder, raw = a_raw_connection(), a_raw_connection()
    first = QueueRow.objects.order_by("position").first()
    with holder.transaction(force_rollback=True):
        holder.execute(
            "SELECT 1 FROM dispatch_queue WHERE stratum_id = %s AND position = %s FOR UPDATE", (first.stratum_id, first.position)
        )
        (row,) = ask(raw)
    desk.store.submit(a_submission(request, row[3]))
    return Annotation.objects.count() + sum(r[3] is not None for r in ask(raw))


def test_postgresql_positions_from_a_sequence_would_lose_rows(store):
    only("postgresql")
    one, two, reader = a_raw_connection(), a_raw_connection(), a_raw_connection()
    one.execute("CREATE SEQUENCE naive_position")
    one.execute("CREATE TABLE naive_queue (position bigint PRIMARY KEY)")

    try:
        with one.transaction():
            one.execute("INSERT INTO naive_queue VALUES (nextval('naive_position'))")
            two.execute("INSERT INTO naive_queue VALUES (nextval('naive_position'))")
            position = reader.execute("SELECT max(position) FROM naive_queue").fetchone()[0]
        missed = reader.execute("SELECT count(*) FROM naive_queue WHERE position <= %s", (position,)).fetchone()[0] - 1
    finally:
        one.execute("DROP TABLE naive_queue")
        one.execute("DROP SEQUENCE naive_position")

    assert missed == 1


def test_positions_appear_in_the_order_in_which_readers_pass_them(store):
    only("postgresql")
    desk = a_racing_desk(store, target=1, n=1)
    row = QueueRow.objects.get()
    one, two = a_raw_connection(), a_raw_connection()
    two.execute("SET lock_timeout = '300ms'")

    import psycopg

    with one.transaction(force_rollback=True):
        ledger.append_row(PostgresqlEngine(one), stratum=row.stratum_id, item=row.item_id, batch=row.batch_id, remaining=1)
        with pytest.raises(psycopg.errors.LockNotAvailable):
            ledger.append_row(PostgresqlEngine(two), stratum=row.stratum_id, item=row.item_id, batch=row.batch_id, remaining=1)
    assert desk.violations() == {}


def test_a_slot_read_and_then_taken_would_be_taken_twice(store):
    desk = a_racing_desk(store, target=1, n=1)
    row = QueueRow.objects.get()
    one, two = a_raw_connection(), a_raw_connection()

    found = [raw.execute("SELECT remaining FROM dispatch_queue").fetchone()[0] for raw in (one, two)]
    for raw in (one, two):
        raw.execute("DELETE FROM dispatch_queue")

    assert found == [1, 1]
    assert desk.violations()["slots"] == 1
    assert row.remaining == 1


def test_late_work_and_next_never_share_the_last_slot(store):
    for _ in range(5):
        desk = a_racing_desk(store, target=1, n=1)
        ana, ben = desk.annotator(), desk.annotator()
        late, other = a_request(desk, ana), a_request(desk, ben)
        (lease,) = store.next_leases(late).leases
        after = late.now + 31 * 60_000
        store.sweep(now=after)

        at_once(
            lambda desk=desk, late=late, lease=lease, after=after: store.submit(a_submission(late, lease.lease, now=after)),
            lambda other=other: store.next_leases(other),
        )

        assert desk.violations() == {}


def test_a_submit_sent_twice_at_once_is_one_annotation(store):
    desk = a_racing_desk(store, target=3, n=1)
    request = a_request(desk, desk.annotator())
    (lease,) = store.next_leases(request).leases
    submission = a_submission(request, lease.lease, key="same key")

    results = at_once(*(lambda n=n: store.submit(type(submission)(**{**_fields(submission), "annotation": f"{n:032x}"})) for n in range(6)))

    assert sorted(r.state for r in results) == ["counted", *["repeat"] * 5]
    assert Annotation.objects.count() == 1
    assert desk.violations() == {}


def test_targets_raised_while_people_work_lose_no_slot(store):
    desk = a_racing_desk(store, target=2, n=6)
    requests = [a_request(desk, desk.annotator()) for _ in range(3)]
    items = list(QueueRow.objects.values_list("item_id", flat=True))

    def work(request):
        for _ in range(6):
            for lease in store.next_leases(request).leases:
                store.submit(a_submission(request, lease.lease))

    at_once(
        *(lambda r=r: work(r) for r in requests), lambda: set_target(items, 3, now=desk.now), lambda: set_target(items, 2, now=desk.now)
    )

    assert desk.violations() == {}


def test_sqlite_a_failing_submit_does_not_take_the_group_with_it(store):
    only("sqlite")
    desk = a_racing_desk(store, target=9, n=9)
    requests = [a_request(desk, desk.annotator()) for _ in range(4)]
    leases = [store.next_leases(r).leases[0].lease for r in requests]
    wrong = a_submission(requests[0], "f" * 32)

    results = at_once(
        *(lambda r=r, lease=lease: store.submit(a_submission(r, lease)) for r, lease in zip(requests, leases, strict=True)),
        lambda: store.submit(wrong),
    )

    assert [getattr(r, "state", type(r).__name__) for r in results] == ["counted"] * 4 + ["UnknownLease"]
    assert SqliteEngine(a_raw_connection()).rows("SELECT count(*) FROM annotation_annotation") == [(4,)]
