"""Every refusal of the API is a problem document."""

import json

import pytest

from tests.support.clients import Program
from tests.support.making import a_lead, a_person, a_project, an_annotator

MEDIA_TYPE = "application/problem+json"


@pytest.fixture
def lead(db):
    return a_lead()


@pytest.fixture
def program(lead):
    return Program(lead)


def a_problem(response, *, status: int) -> dict[str, object]:
    assert (response.status_code, response.headers["Content-Type"]) == (status, MEDIA_TYPE), response.content
    told = json.loads(response.content)
    assert told["status"] == status
    assert told["type"].startswith("urn:isogloss:problem:")
    assert told["title"]
    assert told["detail"]
    return told


@pytest.mark.parametrize("path", ["/nothing", "/projects/nobody", "/jobs/0", "/items", "/"])
def test_an_unknown_path_is_told_as_a_problem(program, path):
    a_problem(program.get(path), status=404)


def test_an_unknown_path_beside_the_api_is_told_as_a_problem_too(db):
    a_problem(Program().client.get("/api/v0/projects"), status=404)


def test_another_method_is_told_with_those_allowed(program):
    response = program.ask("PUT", "/projects", {})

    a_problem(response, status=405)
    assert set(response.headers["Allow"].split(", ")) == {"GET", "POST"}


def test_who_sends_no_token_is_asked_for_one(db):
    response = Program().get("/projects")

    a_problem(response, status=401)
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_session_is_no_token(lead):
    program = Program()
    program.client.force_login(lead)

    a_problem(program.get("/projects"), status=401)


def test_a_missing_field_is_named(program):
    told = a_problem(program.post("/projects", {"name": "x"}), status=422)

    assert {row["field"] for row in told["errors"]} >= {"body.languages", "body.label_schema"}


def test_a_body_that_is_no_json_is_told_where(program):
    told = a_problem(program.post("/projects", raw=b'{"name": '), status=400)

    assert "column" in told["detail"]


@pytest.mark.parametrize("body", [b"[" * 200_000, b"\xff\xfe", b'"text"', b"null", b"[]"])
def test_a_strange_body_is_refused(program, body):
    response = program.post("/projects", raw=body)

    assert response.status_code in {400, 422}
    a_problem(response, status=response.status_code)


@pytest.mark.parametrize("text", ["a\\u0000b", "\\ud800", "\\udfff tail"])
def test_text_that_no_database_stores_is_refused_with_its_field(program, lead, text):
    project = a_project(lead)

    response = program.ask("PATCH", f"/projects/{project.public_id}", raw=f'{{"description": "{text}"}}'.encode())

    assert a_problem(response, status=422)["errors"][0]["field"] == "description"


@pytest.mark.parametrize("path", ["/projects/a%00b", "/projects?after=%00", "/jobs/%00"])
def test_a_nul_in_the_address_finds_nothing(program, path):
    a_problem(program.get(path), status=404)


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=-1", "after=nobody", "limit=x", f"limit={10**30}"])
def test_a_page_out_of_bounds_is_refused(program, query):
    a_problem(program.get(f"/projects?{query}"), status=422)


@pytest.mark.parametrize("number", [0, 10**30, -1])
def test_a_version_number_out_of_bounds_is_not_found(program, lead, number):
    project = a_project(lead)

    response = program.get(f"/projects/{project.public_id}/guideline/versions/{number}")

    a_problem(response, status=404)


def test_a_fault_of_ours_says_nothing_of_its_inside(program, lead, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise RuntimeError("the password is swordfish")

    monkeypatch.setattr("isogloss.api.projects.shown", broken)
    project = a_project(lead)

    response = program.get(f"/projects/{project.public_id}")

    a_problem(response, status=500)
    assert b"swordfish" not in response.content
    assert "swordfish" in caplog.text


def test_a_json_body_beyond_the_limit_is_told_so(program, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    a_problem(program.post("/projects", {"name": "x" * 2000}), status=413)


def test_a_member_without_the_role_is_told_and_a_stranger_is_not(lead):
    project = a_project(lead)
    annotator = Program(an_annotator(project, lead=lead))
    stranger = Program(a_person())

    a_problem(annotator.ask("PATCH", f"/projects/{project.public_id}", {"name": "mine"}), status=403)
    a_problem(stranger.get(f"/projects/{project.public_id}"), status=404)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("languages", ["klingonese"]),
        ("languages", []),
        ("name", "x" * 201),
        ("name", "  "),
        ("declared_severity", 5),
        ("annotations_per_item", 0),
        ("annotations_per_item", 10**30),
        ("routing", "anywhere"),
        ("aggregation", "guess"),
        ("lease_minutes", 0),
        ("label_schema", "schema: 1"),
        ("label_schema", ": : :"),
        ("due", "yesterday"),
    ],
)
def test_a_project_that_cannot_be_is_refused(program, field, value):
    from tests.support.making import CHOICE

    body = {"name": "p", "languages": ["en"], "label_schema": CHOICE, "declared_severity": 0, field: value}

    told = a_problem(program.post("/projects", body), status=422)

    assert told["errors"]


def test_a_schema_of_a_million_labels_is_refused_at_once(program):
    import time

    labels = ", ".join(f"{{value: l{i}}}" for i in range(1_000_000))
    schema = f"schema: 1\ndisplays: [{{kind: text, field: text}}]\nquestions: [{{id: q, kind: choice, prompt: Q, labels: [{labels}]}}]"
    body = {"name": "p", "languages": ["en"], "label_schema": schema, "declared_severity": 0}
    began = time.process_time()

    told = a_problem(program.post("/projects", body), status=422)

    assert time.process_time() - began < 2
    assert "1 MiB" in told["detail"] or "2,000" in told["detail"]
