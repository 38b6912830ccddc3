"""What a lead does on the page of the queue, a program can do: the same services, the same refusals."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from isogloss.accounts.rules import Role
from isogloss.annotation.models import SetAside
from isogloss.corpus.models import Batch
from isogloss.dispatch import services
from isogloss.dispatch.models import Lease
from isogloss.dispatch.rules import milliseconds, moment_of
from isogloss.dispatch.services import add_gold, hold_person
from isogloss.platform import clock, jobs
from isogloss.platform.models import AuditEvent, Job
from isogloss.projects.services import add_member
from tests.dispatch.making import Desk, a_desk, some_items
from tests.support.clients import Program, a_browser
from tests.support.making import NOW, a_lead, a_person, a_project

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def at(desk: Desk, rest: str = "") -> str:
    return f"/projects/{desk.project.public_id}/queue{rest}"


def asked(desk: Desk, rest: str = "") -> dict:
    response = Program(desk.lead).get(at(desk, rest))
    assert response.status_code == 200, response.content
    return response.json()


def run_jobs() -> None:
    for job in Job.objects.filter(kind="dispatch.batches"):
        jobs._KINDS[job.kind](job.ids, jobs.Progress(job.pk))


def a_member(desk: Desk, role: Role):
    person = a_person()
    add_member(desk.project, user=person, role=role, actor=desk.lead, now=NOW)
    return person


# Reading.


def test_what_waits_and_what_is_out_is_told_by_language():
    desk = a_desk(target=2)
    some_items(desk.project, 3, language="en")
    some_items(desk.project, 1, language="id")
    ana = desk.annotator("en")
    leases = desk.next(ana, want=2).leases
    desk.submit(ana, leases[0].lease)

    english, indonesian = asked(desk)["results"]

    assert english == {
        "language": "en", "items": 3, "complete": 0, "waiting": 4, "leased": 1, "done": 1, "surplus": 0, "skipped": 0,
    }  # fmt: skip
    assert (indonesian["language"], indonesian["items"], indonesian["waiting"]) == ("id", 1, 2)


def test_everybody_who_annotates_is_told_with_what_they_hold():
    desk = a_desk(target=2, n=3)
    ana, ben = desk.annotator(username="ana"), desk.annotator(username="ben")
    desk.next(ben, want=2)

    first = asked(desk, "/people?limit=1")
    rest = asked(desk, f"/people?after={first['next']}")

    assert first["results"] == [{"id": ana.public_id, "username": "ana", "name": "Ana", "leased": 0}]
    assert rest == {"results": [{"id": ben.public_id, "username": "ben", "name": "Ben", "leased": 2}], "next": None}


def test_batches_are_listed_newest_first_with_their_state():
    desk = a_desk()
    some_items(desk.project, 1, batch="old", priority=3)
    some_items(desk.project, 1, batch="new")

    listed = Program(desk.lead).get(f"/projects/{desk.project.public_id}/batches").json()["results"]

    assert [(row["name"], row["state"], row["priority"], row["due"]) for row in listed] == [
        ("new", "active", 0, None),
        ("old", "active", 3, None),
    ]


def test_an_item_says_why_it_does_not_move_and_who_holds_it_until_when():
    desk = a_desk(target=2)
    (item,) = some_items(desk.project, 1)
    ana = desk.annotator(username="ana")
    desk.annotator(username="ben")
    desk.next(ana)

    told = asked(desk, f"/items/{item.external_id}")

    ends = moment_of(Lease.objects.get().expires).isoformat().replace("+00:00", "Z")
    assert told == {
        "id": item.external_id, "reason": "waiting", "target": 2, "done": 0, "leased": 1, "free": 1, "candidates": 1, "next_lease_ends": ends,
        "holders": [{"id": ana.public_id, "username": "ana", "name": "Ana", "until": ends}],
    }  # fmt: skip


def test_an_item_whose_id_holds_a_slash_is_found():
    desk = a_desk(target=1)
    (item,) = some_items(desk.project, 1)
    type(item).objects.filter(pk=item.pk).update(external_id="news/2026/candidates")

    assert asked(desk, "/items/news/2026/candidates")["reason"] == "nobody"
    assert asked(desk, "/candidates?item=news/2026/candidates")["results"] == []


def test_gold_is_told_for_what_it_is_to_a_lead_alone():
    desk = a_desk(target=1)
    (item,) = some_items(desk.project, 1)
    add_gold([item.pk], now=NOW)

    refused = Program(desk.annotator()).get(at(desk, f"/items/{item.external_id}"))

    assert asked(desk, f"/items/{item.external_id}")["reason"] == "gold"
    assert refused.status_code == 403
    assert b"gold" not in refused.content


def test_who_could_take_an_item_comes_with_what_keeps_it_from_them():
    desk = a_desk(target=3)
    (item,) = some_items(desk.project, 1, severity=2)
    ana, ben, seen = desk.annotator(username="ana"), desk.annotator(username="ben"), desk.annotator(username="eve")
    desk.ask(ben)
    hold_person(ben, reason="", actor=desk.lead, now=NOW)
    desk.next(seen)

    told = asked(desk, f"/candidates?item={item.external_id}")

    assert told["results"] == [
        {"id": ana.public_id, "username": "ana", "name": "Ana", "obstacle": None, "until": None},
        {"id": ben.public_id, "username": "ben", "name": "Ben", "obstacle": "held", "until": None},
    ]


def test_a_list_of_candidates_goes_on_after_somebody_who_took_the_item_meanwhile():
    desk = a_desk(target=3)
    (item,) = some_items(desk.project, 1)
    ana, ben = desk.annotator(username="ana"), desk.annotator(username="ben")
    first = asked(desk, f"/candidates?item={item.external_id}&limit=1")
    desk.next(ana)

    rest = asked(desk, f"/candidates?item={item.external_id}&limit=1&after={first['next']}")

    assert [row["id"] for row in first["results"]] == [ana.public_id]
    assert ([row["id"] for row in rest["results"]], rest["next"]) == ([ben.public_id], None)


def test_somebody_outside_the_project_is_no_place_in_its_lists():
    desk = a_desk(target=1)
    (item,) = some_items(desk.project, 1)
    stranger, program = a_person(), Program(desk.lead)

    for rest in ("/people?", f"/candidates?item={item.external_id}&"):
        assert program.get(at(desk, f"{rest}after={stranger.public_id}")).status_code == 422


@pytest.mark.parametrize("rest", ["/items/x0", "/candidates?item=x0&limit=500"])
def test_an_item_costs_the_same_with_more_people(rest):
    desk = a_desk(target=3, n=1)
    desk.next(desk.annotator())
    desk.annotator()
    program = Program(desk.lead)

    def cost() -> int:
        program.get(at(desk, rest))
        with CaptureQueriesContext(connection) as captured:
            program.get(at(desk, rest))
        return len(captured)

    before = cost()
    for _ in range(5):
        desk.next(desk.annotator())

    assert cost() == before


# Writing.


def test_a_paused_batch_is_served_to_nobody_until_it_is_served_again():
    desk = a_desk(target=1, n=2)
    ana, program = desk.annotator(), Program(desk.lead)
    desk.next(ana)
    address = f"/batches/{Batch.objects.get().public_id}/state"

    stopped = program.post(address, {"state": "paused"}).json()
    paused = desk.next(ana).leases
    run_jobs()
    going = program.post(address, {"state": "active"}).json()
    run_jobs()

    assert (stopped["state"], going["state"], paused) == ("paused", "active", [])
    assert len(desk.next(ana).leases) == 1
    assert desk.violations() == {}


def test_an_item_is_taken_over_from_its_holder():
    desk = a_desk(target=1)
    (item,) = some_items(desk.project, 1)
    ana, ben = desk.annotator(username="ana"), desk.annotator(username="ben")
    desk.next(ana)

    told = Program(desk.lead).post(at(desk, "/reassign"), {"item": item.external_id, "giver": ana.public_id, "taker": ben.public_id})

    assert (told.status_code, [row["username"] for row in told.json()["holders"]]) == (200, ["ben"])
    assert list(Lease.objects.values_list("person_id", flat=True)) == [ben.pk]
    assert desk.violations() == {}


def test_an_item_that_cannot_be_given_says_why_as_on_the_page():
    desk = a_desk(target=1)
    (item,) = some_items(desk.project, 1, language="id")
    ana = desk.annotator("en", username="ana")

    told = Program(desk.lead).post(at(desk, "/reassign"), {"item": item.external_id, "taker": ana.public_id})

    assert (told.status_code, told["Content-Type"]) == (409, "application/problem+json")
    assert told.json()["type"] == "urn:isogloss:problem:cannot-reassign"
    assert "language, qualification or consent is missing" in told.json()["detail"]


@pytest.mark.parametrize("wrong", ["taker", "giver", "item", "nobody"])
def test_only_an_item_and_people_of_the_project_can_be_named(wrong):
    desk, other = a_desk(target=1, n=1), a_desk(target=1)
    (foreign,) = some_items(other.project, 1, batch="theirs")
    type(foreign).objects.filter(pk=foreign.pk).update(external_id="theirs")
    body = {"item": "x0", "taker": desk.annotator().public_id}
    body |= {
        "taker": {"taker": other.annotator().public_id},
        "giver": {"giver": a_member(desk, Role.REVIEWER).public_id},
        "item": {"item": "theirs"},
        "nobody": {"taker": ""},
    }[wrong]

    told = Program(desk.lead).post(at(desk, "/reassign"), body)

    assert (told.status_code, Lease.objects.count()) == (404, 0)


def test_a_persons_work_is_set_aside_with_a_reason():
    desk = a_desk(target=1, n=2)
    ana = desk.annotator()
    for _ in range(2):
        desk.submit(ana, desk.next(ana).leases[0].lease)

    told = Program(desk.lead).post(at(desk, f"/people/{ana.public_id}/recall"), {"reason": " wrong language "})

    assert told.json() == {"person": ana.public_id, "annotations": 2}
    assert set(SetAside.objects.values_list("reason", "by")) == {("wrong language", desk.lead.pk)}
    assert desk.violations() == {}


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": " "}, {"reason": "x" * 301}])
def test_work_is_not_set_aside_without_a_reason_or_with_one_that_is_cut_off(body):
    desk = a_desk(target=1, n=1)
    ana = desk.annotator()
    desk.submit(ana, desk.next(ana).leases[0].lease)

    told = Program(desk.lead).post(at(desk, f"/people/{ana.public_id}/recall"), body)

    assert (told.status_code, SetAside.objects.count()) == (422, 0)


def test_a_batch_is_active_or_paused_and_nothing_else():
    desk = a_desk(n=1)
    batch = Batch.objects.get()

    told = Program(desk.lead).post(f"/batches/{batch.public_id}/state", {"state": "exploded"})

    batch.refresh_from_db()
    assert (told.status_code, told.json()["errors"][0]["field"], batch.state) == (422, "body.state", "active")


def a_case(desk: Desk, act: str) -> tuple[str, dict, str, dict]:
    """The address and form of the page, and the address and body of the API, for the same act."""
    project, ana, ben = desk.project.public_id, *_two(desk)
    if act in {"paused", "active"}:
        batch = Batch.objects.get(project=desk.project).public_id
        return f"/batches/{batch}/state", {"state": act}, f"/batches/{batch}/state", {"state": act}
    if act == "recall":
        where = f"/projects/{project}/queue/people/{ana}/recall"
        return where, {"reason": "rushed", "sure": "yes"}, where, {"reason": "rushed"}
    where = f"/projects/{project}/queue/reassign"
    named = {"item": "x0", "taker": ben} | ({"giver": ana} if act == "take over" else {})
    return where, named, where, named


def _two(desk: Desk) -> list[str]:
    rows = desk.project.members.filter(role=Role.ANNOTATOR).order_by("user_id").select_related("user")
    return [row.user.public_id for row in rows][:2]


ACTS = {"paused": "pause_batch", "active": "resume_batch", "recall": "recall", "give": "reassign", "take over": "reassign"}


@pytest.mark.parametrize("act", ACTS)
def test_page_and_api_call_the_same_service_with_the_same(act, monkeypatch):
    desk = a_desk(target=2, n=1)
    ana, _ = desk.annotator(), desk.annotator()
    desk.next(ana)
    page, form, address, body = a_case(desk, act)
    calls = []

    def note(*given: object, **named: object) -> int:
        calls.append((given, named))
        return 0

    monkeypatch.setattr(services, ACTS[act], note)
    shown = a_browser(desk.lead).post(page, form)
    told = Program(desk.lead).post(address, body)

    assert (shown.status_code, told.status_code) == (302, 200)
    by_page, by_api = calls
    assert by_page == by_api


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(("kind", "status"), [("foreign lead", 404), ("annotator", 403), ("requester", 403)])
def test_page_and_api_refuse_the_same_people(act, kind, status):
    desk = a_desk(target=2, n=1)
    ana, _ = desk.annotator(), desk.annotator()
    desk.next(ana)
    page, form, address, body = a_case(desk, act)
    person = {"annotator": lambda: ana, "requester": lambda: a_member(desk, Role.REQUESTER), "foreign lead": a_foreign_lead}[kind]()
    events = AuditEvent.objects.exclude(action__startswith="api_token").count()

    shown = a_browser(person).post(page, form)
    told = Program(person).post(address, body)

    assert (shown.status_code, told.status_code, told["Content-Type"]) == (status, status, "application/problem+json")
    assert AuditEvent.objects.exclude(action__startswith="api_token").count() == events
    assert list(Lease.objects.values_list("person_id", flat=True)) == [ana.pk]


def a_foreign_lead():
    """Whoever leads another project, and nothing on the site."""
    person, founder = a_person(), a_lead()
    add_member(a_project(founder), user=person, role=Role.LEAD, actor=founder, now=NOW)
    return person


@pytest.mark.parametrize(("kind", "status"), [("foreign lead", 404), ("annotator", 403), ("requester", 403), ("reviewer", 403)])
def test_what_the_page_shows_is_told_to_leads_alone(kind, status):
    desk = a_desk(target=2, n=1)
    annotator = desk.annotator()
    person = a_foreign_lead() if kind == "foreign lead" else annotator if kind == "annotator" else a_member(desk, Role(kind))
    program = Program(person)
    addresses = [at(desk, rest) for rest in ("", "/people", "/items/x0", "/candidates?item=x0")]

    told = [program.get(address).status_code for address in (*addresses, f"/projects/{desk.project.public_id}/batches")]

    assert told == [status] * 5
    assert a_browser(person).get(at(desk)).status_code == status


@pytest.mark.parametrize("act", ACTS)
def test_a_token_that_may_only_read_writes_nothing(act):
    desk = a_desk(target=2, n=1)
    ana, _ = desk.annotator(), desk.annotator()
    desk.next(ana)
    _, _, address, body = a_case(desk, act)

    assert Program(desk.lead, scopes=("projects:read",)).post(address, body).status_code == 403


@pytest.mark.parametrize("act", ACTS)
def test_a_repeat_with_the_same_key_gets_the_first_answer_and_does_nothing(act):
    desk = a_desk(target=2, n=1)
    ana, _ = desk.annotator(), desk.annotator()
    desk.next(ana)
    _, _, address, body = a_case(desk, act)
    program = Program(desk.lead)

    first = program.post(address, body, key="k")
    done = AuditEvent.objects.count()
    again = program.post(address, body, key="k")

    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())
    assert AuditEvent.objects.count() == done


def test_an_act_that_was_refused_leaves_its_key_free():
    desk = a_desk(target=1)
    (item,) = some_items(desk.project, 1)
    ana, ben = desk.annotator(), desk.annotator()
    desk.next(ana)
    program, body = Program(desk.lead), {"item": item.external_id, "taker": ben.public_id}

    taken = program.post(at(desk, "/reassign"), body, key="k")
    services.release_leases(ana, project_id=desk.project.pk, now=NOW)
    freed = program.post(at(desk, "/reassign"), body, key="k")

    assert (taken.status_code, freed.status_code) == (409, 200)
    assert Lease.objects.get().expires > milliseconds(NOW)
