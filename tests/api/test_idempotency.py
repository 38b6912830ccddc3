"""A repeated request with the same key does nothing twice."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from isogloss.accounts.models import User
from isogloss.accounts.rules import Role
from isogloss.corpus.models import ImportRun
from isogloss.platform import clock
from isogloss.platform.models import IdempotentReply
from isogloss.projects.models import Project
from tests.support.clients import Program
from tests.support.making import CHOICE, a_lead, a_person, a_project


@pytest.fixture
def program(db):
    return Program(a_lead())


def a_body(**more: object) -> dict[str, object]:
    return {"name": "p", "languages": ["en"], "label_schema": CHOICE, "declared_severity": 0, **more}


def test_a_repeat_gets_the_first_answer_and_makes_nothing(program):
    first = program.post("/projects", a_body(), key="k")

    again = program.post("/projects", a_body(), key="k")

    assert (again.status_code, again.json()) == (200, first.json())
    assert Project.objects.count() == 1


def test_without_a_key_each_request_is_its_own(program):
    program.post("/projects", a_body())

    program.post("/projects", a_body())

    assert Project.objects.count() == 2


def test_the_same_key_with_another_body_is_refused(program):
    program.post("/projects", a_body(), key="k")

    again = program.post("/projects", a_body(name="q"), key="k")

    assert (again.status_code, Project.objects.count()) == (409, 1)


def test_the_same_key_at_another_address_is_refused(program):
    made = program.post("/projects", a_body(), key="k").json()

    again = program.post(f"/projects/{made['id']}/guideline", {"label_schema": CHOICE, "note": "n"}, key="k")

    assert again.status_code == 409


def test_keys_of_two_people_have_nothing_to_do_with_each_other(program):
    program.post("/projects", a_body(), key="k")

    other = Program(a_lead()).post("/projects", a_body(name="q"), key="k")

    assert (other.status_code, Project.objects.count()) == (200, 2)


def test_a_refused_request_leaves_its_key_free(program):
    program.post("/projects", a_body(languages=["klingonese"]), key="k")

    again = program.post("/projects", a_body(), key="k")

    assert again.status_code == 200


def test_while_the_first_is_answered_a_repeat_is_told_to_wait(program):
    program.post("/projects", a_body(), key="k")
    IdempotentReply.objects.update(body=None, status=None)

    again = program.post("/projects", a_body(), key="k")

    assert (again.status_code, "still being answered" in again.json()["detail"]) == (409, True)


def test_a_request_whose_server_died_can_be_made_again(program):
    program.post("/projects", a_body(), key="k")
    IdempotentReply.objects.update(body=None, status=None, at=clock.now() - timedelta(minutes=11))

    again = program.post("/projects", a_body(), key="k")

    assert again.status_code == 200
    assert IdempotentReply.objects.get().body["id"] == again.json()["id"]


def test_replies_are_forgotten_after_a_week(program):
    program.post("/projects", a_body(), key="old")
    IdempotentReply.objects.update(at=clock.now() - timedelta(days=8))

    program.post("/projects", a_body(name="q"), key="new")

    assert list(IdempotentReply.objects.values_list("key", flat=True)) == ["new"]


@pytest.mark.parametrize("key", ["x" * 129])
def test_a_key_that_is_too_long_is_refused(program, key):
    assert program.post("/projects", a_body(), key=key).status_code == 422


def test_a_one_time_password_is_shown_once_and_not_kept(db):
    program = Program(a_person(roles=(Role.ADMIN,)))
    first = program.post("/people", {"username": "newcomer"}, key="k").json()

    again = program.post("/people", {"username": "newcomer"}, key="k").json()

    assert first["one_time_password"]
    assert again == {**first, "one_time_password": None}
    assert first["one_time_password"] not in str(IdempotentReply.objects.values().get())
    assert User.objects.filter(username="newcomer").count() == 1


def test_another_password_under_the_same_key_is_another_request(db):
    program = Program(a_person(roles=(Role.ADMIN,)))
    program.post("/people", {"username": "newcomer", "password": "quiet rivers run deep"}, key="k")

    again = program.post("/people", {"username": "newcomer", "password": "loud rivers run shallow"}, key="k")

    assert again.status_code == 409


def test_an_upload_of_the_same_size_with_other_content_is_another_request(program):
    project = Project.objects.get(public_id=program.post("/projects", a_body()).json()["id"])
    address = f"/projects/{project.public_id}/imports"
    first = program.upload(address, SimpleUploadedFile("a.jsonl", b'{"text": "one"}\n'), key="k")

    same = program.upload(address, SimpleUploadedFile("a.jsonl", b'{"text": "one"}\n'), key="k")
    other = program.upload(address, SimpleUploadedFile("a.jsonl", b'{"text": "two"}\n'), key="k")

    assert (same.json(), other.status_code, ImportRun.objects.count()) == (first.json(), 409, 1)


def test_a_project_of_a_maker_can_be_found_under_its_answer(program):
    made = program.post("/projects", a_body(), key="k").json()

    assert program.get(f"/projects/{made['id']}").json() == made


def test_a_lead_makes_nothing_for_another(db):
    lead = a_lead()
    a_project(lead)

    assert Program(a_person()).get("/projects").json() == {"results": [], "next": None}
