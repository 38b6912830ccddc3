"""What race tests share: the real store on the test database, threads that start together, a site with people."""

import json
import threading
import uuid
from collections.abc import Callable
from contextlib import contextmanager

from django.db import connection, connections

from isogloss.dispatch.models import DispatchPerson
from isogloss.dispatch.rules import milliseconds
from isogloss.dispatch.services import mint_token
from isogloss.dispatch.store import open_store
from isogloss.dispatch.store.records import NextRequest, Submission
from tests.dispatch.making import Desk, a_desk
from tests.support.making import NOW


@contextmanager
def a_real_store():
    """The store as the server opens it, with connections of its own."""
    store = open_store()
    try:
        yield store
    finally:
        store.close()


def a_racing_desk(store, **options: object) -> Desk:
    return a_desk(store=store, **options)


def at_once(*actions: Callable[[], object]) -> list[object]:
    """Run the actions in threads that start together; return what each returned or raised."""
    results: list[object] = [None] * len(actions)
    barrier = threading.Barrier(len(actions))

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = actions[number]()
        except Exception as error:  # noqa: BLE001  each thread's error is looked at
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def a_request(desk: Desk, person, *, want: int = 1) -> NextRequest:
    epoch = mint_token(person, project=desk.project, now=NOW).epoch
    return NextRequest(person=person.pk, project=desk.project.pk, epoch=epoch, want=want, now=milliseconds(NOW))


def a_submission(request: NextRequest, lease: str, *, key: str = "", now: int = 0) -> Submission:
    return Submission(
        person=request.person, project=request.project, epoch=request.epoch, lease=lease, key=key or uuid.uuid4().hex, body_hash="h",
        answers=json.dumps({"sentiment": "positive"}), active_ms=2000, suggestion_visible=False, served="", now=now or request.now,
        annotation=uuid.uuid4().hex,
    )  # fmt: skip


_OPENED = []


def a_raw_connection():
    """A connection beside Django's and the store's; closed with the test."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        import sqlite3

        _OPENED.append(sqlite3.connect(settings["NAME"], isolation_level=None, timeout=10, check_same_thread=False))
    else:
        import psycopg

        _OPENED.append(psycopg.connect(dbname=settings["NAME"], user=settings["USER"], host=settings["HOST"], autocommit=True))
    return _OPENED[-1]


def close_raw_connections() -> None:
    while _OPENED:
        _OPENED.pop().close()


def begin_day(person) -> None:
    """Begin the person's day, so that the bare function of the database finds nothing to tidy."""
    DispatchPerson.objects.filter(pk=person.pk).update(day_ends=2**50)
