"""Everything that pages do to projects, a program can do."""

import pytest

from isogloss.api import projects as endpoints
from isogloss.platform.jobs import run_waiting
from isogloss.projects.models import Project
from tests.delivery.making import a_release, a_worked_project
from tests.support.clients import Program
from tests.support.making import CHOICE, a_lead, a_person, a_project, an_annotator
from tests.support.together import Meeting, together


@pytest.fixture
def lead(db):
    return a_lead()


@pytest.fixture
def program(lead):
    return Program(lead)


def a_body(**more: object) -> dict[str, object]:
    return {"name": "p", "languages": ["in", "zh-hant"], "label_schema": CHOICE, "declared_severity": 2, **more}


def test_a_project_is_made_and_read_back(program):
    made = program.post("/projects", a_body(annotations_per_item=5, due="2027-01-31")).json()

    assert program.get(f"/projects/{made['id']}").json() == made
    assert (made["languages"], made["annotations_per_item"], made["due"]) == (["id", "zh-Hant"], 5, "2027-01-31")
    assert program.get("/projects").json()["results"] == [made]


def test_a_project_may_ask_for_a_qualification(program):
    exam = program.post("/qualifications", {"name": "Safety"}).json()

    made = program.post("/projects", a_body(qualification=exam["id"])).json()

    assert made["qualification"] == exam["id"]


def test_a_project_is_changed_in_what_is_sent_alone(program):
    made = program.post("/projects", a_body(description="old", due="2027-01-31")).json()

    changed = program.ask("PATCH", f"/projects/{made['id']}", {"description": "new", "due": None}).json()

    assert changed == {**made, "description": "new", "due": None}


def test_the_hazards_of_a_project_have_the_spelling_that_people_opt_out_by(program):
    made = program.post("/projects", a_body(hazards=["Self-harm", "hate"])).json()

    changed = program.ask("PATCH", f"/projects/{made['id']}", {"hazards": ["Privacy"]}).json()

    assert (made["hazards"], changed["hazards"]) == (["hate", "self_harm"], ["privacy"])
    assert program.ask("PATCH", f"/projects/{made['id']}", {"hazards": ["hate/speech"]}).status_code == 422


def test_a_project_is_paused(program):
    made = program.post("/projects", a_body()).json()

    assert program.post(f"/projects/{made['id']}/state", {"state": "paused"}).json()["state"] == "paused"
    assert program.post(f"/projects/{made['id']}/state", {"state": "exploded"}).status_code == 422


def test_a_language_is_added(program):
    made = program.post("/projects", a_body()).json()

    assert program.post(f"/projects/{made['id']}/languages", {"tag": "jw"}).json()["languages"] == ["id", "zh-Hant", "jv"]
    assert program.post(f"/projects/{made['id']}/languages", {"tag": "klingonese"}).status_code == 422


def test_members_come_and_go(program, lead):
    project, person = a_project(lead), a_person()
    address = f"/projects/{project.public_id}/members"

    made = program.post(address, {"username": person.username, "role": "annotator", "in_pool": True}).json()
    listed = program.get(address).json()["results"]
    gone = program.ask("DELETE", f"{address}/{person.public_id}/annotator")

    assert made in listed
    assert (gone.status_code, gone.json()) == (200, made)
    assert made not in program.get(address).json()["results"]
    assert program.ask("DELETE", f"{address}/{person.public_id}/annotator").status_code == 404


@pytest.mark.parametrize(
    ("body", "status"), [({"username": "nobody", "role": "lead"}, 404), ({"role": "admin"}, 422), ({"role": "king"}, 422)]
)
def test_a_member_that_cannot_be_is_refused(program, lead, body, status):
    project, person = a_project(lead), a_person()

    assert program.post(f"/projects/{project.public_id}/members", {"username": person.username, **body}).status_code == status


def test_guideline_versions_are_made_listed_and_kept(program, lead):
    project = a_project(lead, guideline="first")
    address = f"/projects/{project.public_id}/guideline"

    program.post(address, {"label_schema": CHOICE, "text": "second", "note": "clearer"})

    assert program.get(address).json()["version"] == 2
    assert [row["text"] for row in program.get(f"{address}/versions").json()["results"]] == ["second", "first"]
    assert program.get(f"{address}/versions/1").json()["text"] == "first"
    assert program.get(f"{address}/versions?after=nothing").status_code == 422
    assert program.post(address, {"label_schema": "schema: 1", "note": ""}).json()["errors"][0]["line"] == 1


def test_figures_are_told_with_interval_method_and_size(db):
    project = a_worked_project()
    program = Program(project.created_by)

    told = program.get(f"/projects/{project.public_id}/figures").json()

    assert {row["language"] for row in told["languages"]} == {"en", "id"}
    (row,) = told["agreement"]
    assert row["question"] == "sentiment"
    assert (row["alpha"]["value"], row["alpha"]["low"], row["alpha"]["high"], row["alpha"]["method"]) == (0.81, 0.7, 0.9, "alpha")


def test_figures_are_renewed_once_however_often_it_is_asked(program, lead):
    project = a_project(lead)
    address = f"/projects/{project.public_id}/figures/renew"

    (first,) = program.post(address).json()["results"]
    (again,) = program.post(address).json()["results"]

    assert first["id"] == again["id"]


def test_a_release_is_made_read_and_downloaded(db):
    project = a_worked_project()
    program = Program(project.created_by)
    made = program.post(f"/projects/{project.public_id}/releases", {"version": "1.0.0"}).json()
    run_waiting()

    told = program.get(f"/releases/{made['id']}").json()
    manifest = b"".join(program.get(f"/releases/{made['id']}/files/manifest.json").streaming_content)
    whole = program.get(f"/releases/{made['id']}/download")

    assert (made["state"], told["state"], told["manifest"]["counts"]["items"]) == ("making", "ready", 3)
    assert b'"counts"' in manifest
    assert b"".join(whole.streaming_content).startswith(b"PK")
    assert program.get(f"/releases/{made['id']}/files/..%2F..%2Fsecret.key").status_code == 404


def test_a_release_that_is_ready_cannot_be_given_up(db):
    project = a_worked_project()
    release = a_release(project)

    assert Program(project.created_by).post(f"/releases/{release.public_id}/cancel").status_code == 409


def test_a_requester_sees_what_is_ready_and_no_names(db):
    from isogloss.accounts.rules import Role
    from isogloss.projects.services import add_member
    from tests.support.making import NOW

    project = a_worked_project()
    release, requester = a_release(project), a_person()
    add_member(project, user=requester, role=Role.REQUESTER, actor=project.created_by, now=NOW)
    program = Program(requester)

    assert [row["id"] for row in program.get(f"/projects/{project.public_id}/releases").json()["results"]] == [release.public_id]
    assert program.get(f"/projects/{project.public_id}/members").status_code == 403
    assert program.get(f"/projects/{project.public_id}/items").status_code == 403


def test_an_annotator_reads_the_guideline_and_not_the_figures(lead):
    project = a_project(lead)
    program = Program(an_annotator(project, lead=lead))

    assert program.get(f"/projects/{project.public_id}/guideline").status_code == 200
    assert program.get(f"/projects/{project.public_id}/figures").status_code == 403


def test_the_same_request_twice_at_once_makes_one_project(transactional_db, monkeypatch):
    program = Program(a_lead())
    meeting = Meeting()
    make = endpoints.services.make_project
    monkeypatch.setattr(endpoints.services, "make_project", meeting.after(make))

    answers = together(*[lambda: program.post("/projects", a_body(), key="k")] * 2)

    assert sorted(answer.status_code for answer in answers) in ([200, 200], [200, 409])
    assert Project.objects.count() == 1
