"""The disk fills, the database goes away, a backup runs: clear errors, no loss, recovery without hands."""

import random
import shutil
import sqlite3
import string
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection, connections

from isogloss.annotation.models import Annotation
from isogloss.dispatch.store.records import StorageFull, Unavailable
from isogloss.dispatch.store.sqlite import SqliteStore
from tests.concurrency.racing import a_racing_desk, a_raw_connection, a_real_store, a_request, a_submission, at_once, close_raw_connections

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store():
    with a_real_store() as opened:
        yield opened
    close_raw_connections()


def only(vendor: str) -> None:
    if connection.vendor != vendor:
        pytest.skip(f"this is about {vendor}")


def test_sqlite_a_full_disk_is_told_and_nothing_is_half_done(store):
    only("sqlite")
    desk = a_racing_desk(store, target=3, n=30)
    request = a_request(desk, desk.annotator(), want=9)
    leases = [s.lease for s in store.next_leases(request).leases]
    raw = store._writer._connection
    raw.execute("VACUUM")
    (pages,) = raw.execute("PRAGMA page_count").fetchone()
    raw.execute(f"PRAGMA max_page_count={pages}")

    refused = stored = 0
    for lease in leases:
        submission = a_submission(request, lease)
        try:
            store.submit(type(submission)(**{**{f: getattr(submission, f) for f in submission.__struct_fields__}, "served": "x" * 20_000}))
            stored += 1
        except StorageFull:
            refused += 1

    assert refused > 0
    assert Annotation.objects.count() == stored
    assert desk.violations() == {}


def test_sqlite_after_the_disk_has_room_again_the_same_answer_is_taken(store):
    only("sqlite")
    desk = a_racing_desk(store, target=3, n=3)
    request = a_request(desk, desk.annotator())
    (lease,) = store.next_leases(request).leases
    raw = store._writer._connection
    raw.execute("VACUUM")
    raw.execute(f"PRAGMA max_page_count={raw.execute('PRAGMA page_count').fetchone()[0]}")
    submission = a_submission(request, lease.lease)
    large = type(submission)(**{**{f: getattr(submission, f) for f in submission.__struct_fields__}, "served": "x" * 100_000})
    with pytest.raises(StorageFull, match="outbox"):
        store.submit(large)

    assert store.submit(large).state == "counted"
    assert desk.violations() == {}


def test_sqlite_a_writer_elsewhere_is_waited_for(store):
    only("sqlite")
    desk = a_racing_desk(store, target=3, n=3)
    request = a_request(desk, desk.annotator())
    other = a_raw_connection()
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, lambda: other.execute("ROLLBACK")).start()

    began = time.monotonic()
    outcome = store.next_leases(request)

    assert len(outcome.leases) == 1
    assert time.monotonic() - began < 2


def test_sqlite_a_database_that_is_missing_is_told(tmp_path):
    only("sqlite")
    store = SqliteStore(tmp_path / "gone.db", gold_key=b"k")

    with pytest.raises(Unavailable, match="doctor"):
        store.lease_facts(person=1, lease="0" * 32)


def test_sqlite_a_copy_made_while_serving_is_whole(store, tmp_path):
    only("sqlite")
    desk = a_racing_desk(store, target=3, n=120)
    requests = [a_request(desk, desk.annotator()) for _ in range(3)]
    copied = tmp_path / "copy.db"

    def work(request):
        for _ in range(40):
            for lease in store.next_leases(request).leases:
                store.submit(a_submission(request, lease.lease))

    def copy():
        source, target = a_raw_connection(), sqlite3.connect(copied)
        source.backup(target, pages=20, sleep=0.001)
        target.close()

    results = at_once(*(lambda r=r: work(r) for r in requests), copy)
    whole = sqlite3.connect(copied)
    ((orphans,),) = whole.execute(
        "SELECT count(*) FROM annotation_annotation a LEFT JOIN dispatch_progress p ON p.item_id = a.item_id WHERE p.done IS NULL OR p.done < 1"
    ).fetchall()
    ((checked,),) = whole.execute("PRAGMA integrity_check").fetchall()
    ((counted, done),) = whole.execute(
        "SELECT (SELECT count(*) FROM annotation_annotation), (SELECT sum(done) FROM dispatch_progress)"
    ).fetchall()
    whole.close()

    assert [r for r in results if r is not None] == []
    assert (checked, orphans) == ("ok", 0)
    assert counted == done
    assert desk.violations() == {}


def test_postgresql_connections_that_the_server_ended_are_replaced(store):
    only("postgresql")
    desk = a_racing_desk(store, target=3, n=3)
    request = a_request(desk, desk.annotator())
    (lease,) = store.next_leases(request).leases
    a_raw_connection().execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    connections.close_all()

    outcome = store.submit(a_submission(request, lease.lease))

    assert outcome.state == "counted"
    assert desk.violations() == {}


def test_postgresql_a_server_that_is_away_is_told_and_found_again():
    only("postgresql")
    from isogloss.dispatch.store.postgresql import PostgresqlStore
    from tests.conftest import _STARTED

    settings = connection.settings_dict
    desk = a_racing_desk(None, target=3, n=3)
    request = a_request(desk, desk.annotator())
    store = PostgresqlStore(gold_key=b"k", dbname=settings["NAME"], user=settings["USER"], host=settings["HOST"])
    (lease,) = store.next_leases(request).leases
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")  # `next` commits lazily by design: without this the crash may take the lease with it
    connections.close_all()
    (server,) = _STARTED
    server._run("pg_ctl", "-D", str(server.home / "data"), "-w", "-m", "immediate", "stop")
    submission = a_submission(request, lease.lease)

    with pytest.raises(Unavailable):
        store.submit(submission)
    server.start()
    outcome = store.submit(submission)
    store.close()

    assert outcome.state == "counted"
    assert desk.violations() == {}


def test_sqlite_a_restored_copy_goes_on(store, tmp_path):
    only("sqlite")
    desk = a_racing_desk(store, target=3, n=3)
    request = a_request(desk, desk.annotator())
    (lease,) = store.next_leases(request).leases
    target = sqlite3.connect(tmp_path / "copy.db")
    a_raw_connection().backup(target)
    target.close()
    shutil.copy(tmp_path / "copy.db", tmp_path / "restored.db")

    restored = SqliteStore(Path(tmp_path / "restored.db"), gold_key=b"k")
    outcome = restored.submit(a_submission(request, lease.lease))
    restored.close()

    assert outcome.state == "counted"
    assert Annotation.objects.count() == 0


@pytest.fixture
def small_disk():
    """A file system of 16 MB inside the server's folder; mounting one needs rights that not every machine gives."""
    only("postgresql")
    from tests.conftest import _STARTED

    folder = _STARTED[0].home / "small"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m,mode=777", "tmpfs", str(folder)], capture_output=True, check=False)
    if done.returncode:
        folder.rmdir()
        pytest.skip("a file system of limited size cannot be mounted here")
    (folder / "tables").mkdir()
    shutil.chown(folder / "tables", 65534, 65534)
    raw = a_raw_connection()
    raw.execute(f"CREATE TABLESPACE small LOCATION '{folder / 'tables'}'")
    raw.execute("ALTER TABLE annotation_annotation SET TABLESPACE small")
    yield folder
    (folder / "filler").unlink(missing_ok=True)
    connections.close_all()
    raw = a_raw_connection()
    raw.execute("ALTER TABLE annotation_annotation SET TABLESPACE pg_default")
    raw.execute("DROP TABLESPACE small")
    close_raw_connections()
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_postgresql_a_full_disk_is_told_and_the_same_answer_is_taken_when_there_is_room(small_disk, store):
    desk = a_racing_desk(store, target=3, n=3)
    request = a_request(desk, desk.annotator())
    (lease,) = store.next_leases(request).leases
    with suppress(OSError), (small_disk / "filler").open("wb", buffering=0) as filler:
        while filler.write(b"x" * 4096):
            pass
    submission = a_submission(request, lease.lease)
    noise = "".join(random.Random(1).choices(string.printable, k=5_000))  # PostgreSQL would compress anything plainer
    large = type(submission)(**{**{f: getattr(submission, f) for f in submission.__struct_fields__}, "served": noise})

    with pytest.raises(StorageFull, match="outbox"):
        store.submit(large)
    standing = (Annotation.objects.count(), desk.violations())
    (small_disk / "filler").unlink()

    assert standing == (0, {})
    assert store.submit(large).state == "counted"
    assert desk.violations() == {}
