"""The page of the queue: what a lead sees and does there."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from isogloss.annotation.models import SetAside
from isogloss.corpus.models import Batch
from isogloss.dispatch.models import Lease
from isogloss.platform import clock, jobs
from isogloss.platform.models import Job
from tests.dispatch.making import a_desk, some_items
from tests.support.making import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def page_of(client, desk, **asked: str) -> str:
    client.force_login(desk.lead)
    return client.get(reverse("dispatch:queue", args=[desk.project.public_id]), asked).content.decode()


def run_jobs() -> None:
    for job in Job.objects.filter(kind="dispatch.batches"):
        jobs._KINDS[job.kind](job.ids, jobs.Progress(job.pk))


def test_a_lead_sees_what_waits_and_what_is_out(client):
    desk = a_desk(target=2, n=3)
    ana = desk.annotator(username="ana")
    desk.next(ana, want=2)

    page = page_of(client, desk)

    assert '<td class="num">4</td><td class="num">2</td>' in page
    assert f'<bdi>{ana}</bdi></td><td class="num">2</td>' in page


def test_a_lead_is_told_why_an_item_does_not_move_and_who_could_take_it(client):
    desk = a_desk(target=2)
    (item,) = some_items(desk.project, 1)
    ana, ben = desk.annotator(username="ana"), desk.annotator(username="ben")
    desk.next(ana)

    page = page_of(client, desk, item=item.external_id)

    assert "It waits for its turn. Annotations: 0 of 2 · on lease: 1 · free places: 1" in page
    holds, could = page.index("Who holds it"), page.index("Who could take it")
    assert holds < page.index(f"<bdi>{ana}</bdi>") < could < page.index(f"<bdi>{ben}</bdi>")
    assert f"Take it over from <bdi>{ana}</bdi>" in page


def test_a_lead_is_told_what_keeps_people_from_an_item(client):
    desk = a_desk(target=1)
    (item,) = some_items(desk.project, 1, language="id")
    desk.annotator("en", username="ana")

    page = page_of(client, desk, item=item.external_id)

    assert "Nobody can take it at the moment." in page
    assert "its language, the qualification or the consent" in page


def test_an_item_that_is_not_there_is_told(client):
    desk = a_desk()

    assert "The project has no item with this id." in page_of(client, desk, item="nowhere")


def test_a_lead_pauses_a_batch_and_serves_it_again(client):
    desk = a_desk(target=1, n=2)
    ana = desk.annotator()
    desk.next(ana)
    batch = Batch.objects.get()
    client.force_login(desk.lead)

    client.post(reverse("dispatch:batch-state", args=[batch.public_id]), {"state": "paused"})
    paused = desk.next(ana).leases
    run_jobs()
    client.post(reverse("dispatch:batch-state", args=[batch.public_id]), {"state": "active"})
    run_jobs()

    assert paused == []
    assert len(desk.next(ana).leases) == 1
    assert desk.violations() == {}


def test_a_lead_gives_an_item_to_another(client):
    desk = a_desk(target=1)
    (item,) = some_items(desk.project, 1)
    ana, ben = desk.annotator(username="ana"), desk.annotator(username="ben")
    desk.next(ana)
    client.force_login(desk.lead)

    client.post(
        reverse("dispatch:reassign", args=[desk.project.public_id]),
        {"item": item.external_id, "giver": ana.public_id, "taker": ben.public_id},
    )

    assert list(Lease.objects.values_list("person_id", flat=True)) == [ben.pk]
    assert desk.violations() == {}


def test_an_item_that_cannot_be_given_says_why(client):
    desk = a_desk(target=1)
    (item,) = some_items(desk.project, 1, language="id")
    ana = desk.annotator("en", username="ana")
    client.force_login(desk.lead)

    page = client.post(
        reverse("dispatch:reassign", args=[desk.project.public_id]), {"item": item.external_id, "taker": ana.public_id}, follow=True
    ).content.decode()

    assert "language, qualification or consent is missing" in page


def test_a_lead_sets_a_persons_work_aside_with_a_reason(client):
    desk = a_desk(target=1, n=1)
    ana = desk.annotator()
    desk.submit(ana, desk.next(ana).leases[0].lease)
    client.force_login(desk.lead)
    url = reverse("dispatch:recall", args=[desk.project.public_id, ana.public_id])

    silent = client.post(url)
    asked = client.post(url, {"reason": "wrong language"}).content.decode()
    before = SetAside.objects.count()
    client.post(url, {"reason": "wrong language", "sure": "yes"})

    assert (silent.status_code, before) == (422, 0)
    assert ("1 answer no longer counts" in asked, "cannot be undone" in asked) == (True, True)
    assert SetAside.objects.get().reason == "wrong language"
    assert desk.violations() == {}


def test_the_page_costs_the_same_with_more_people(client):
    desk = a_desk(target=3)
    (item,) = some_items(desk.project, 1)
    desk.annotator(username="ana")
    page_of(client, desk, item=item.external_id)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(client, desk, item=item.external_id)
        return len(queries)

    before = cost()
    for number in range(5):
        desk.annotator(username=f"more{number}")

    assert cost() == before
