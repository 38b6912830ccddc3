"""Items that become something else while people work on them: nobody keeps or gets what they may not read, and the slots add up."""

import random
import threading

import pytest
from django.db import connection

from isogloss.annotation.models import Annotation
from isogloss.corpus.models import Item
from isogloss.dispatch.models import Lease
from isogloss.dispatch.services import move_items, moving
from isogloss.platform.db import write_transaction
from tests.concurrency.racing import a_racing_desk, a_real_store, a_request, a_submission, at_once, close_raw_connections
from tests.dispatch.making import some_items
from tests.support.making import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store():
    with a_real_store() as opened:
        yield opened
    close_raw_connections()


def become(desk, items, **fields):
    with write_transaction():
        Item.objects.filter(pk__in=[item.pk for item in items]).update(**fields)
        move_items([item.pk for item in items], project_id=desk.project.pk, now=NOW)


def misplaced():
    """Live leases on items that are no longer of the language under which they were given out."""
    sql = (
        "SELECT count(*) FROM dispatch_lease l JOIN dispatch_stratum s ON s.id = l.stratum_id JOIN corpus_item i ON i.id = l.item_id "
        "WHERE s.language <> i.routing_language OR s.severity <> i.severity"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def test_people_work_on_while_items_move_to_and_fro(store):
    desk = a_racing_desk(store)
    items = some_items(desk.project, 30)
    requests = [a_request(desk, desk.annotator(tag), want=3) for tag in ("en", "en", "id", "id")]

    def work(request):
        for _ in range(12):
            for lease in store.next_leases(request).leases[:2]:
                store.submit(a_submission(request, lease.lease, key=f"{lease.lease}-once"))

    def move():
        chance = random.Random(7)
        for _ in range(25):
            chosen = sorted(chance.sample(items, 4), key=lambda item: item.pk)
            become(desk, chosen, routing_language=chance.choice(["en", "id"]), severity=chance.choice([0, 1]))

    raised = at_once(*(lambda request=request: work(request) for request in requests), move)

    assert raised == [None] * 5
    assert Annotation.objects.count() > 0
    assert (misplaced(), desk.violations()) == (0, {})


def test_who_was_served_an_item_after_its_holders_were_locked_is_locked_too(store, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite nobody is served anything meanwhile")
    desk = a_racing_desk(store)
    items = some_items(desk.project, 1)
    some_items(desk.project, 1, language="id")  # where it goes is there already: nobody is locked to be told of it
    request = a_request(desk, desk.annotator("en"))
    seen = []

    def holders(engine, wanted, look=moving._holders):
        found = look(engine, wanted)
        if not seen:
            thread = threading.Thread(target=store.next_leases, args=(request,))
            thread.start()
            thread.join(10)
        seen.append(len(found))
        return found

    monkeypatch.setattr(moving, "_holders", holders)

    become(desk, items, routing_language="id")

    assert (seen, Lease.objects.count(), desk.violations()) == ([0, 1], 0, {})
