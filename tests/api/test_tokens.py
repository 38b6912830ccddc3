"""Personal API tokens: who they speak for, and until when."""

import re
from datetime import timedelta

import pytest

from isogloss.accounts.models import ApiToken
from isogloss.accounts.rules import Role
from isogloss.accounts.services import make_api_token, revoke_api_token, set_active
from isogloss.platform import clock
from tests.support.clients import Program, a_browser
from tests.support.making import a_lead, a_person, a_project


@pytest.fixture
def lead(db):
    return a_lead()


def test_a_token_speaks_for_its_person(lead):
    told = Program(lead, scopes=("projects:read",)).get("/me").json()

    assert (told["username"], told["roles"], told["scopes"]) == (lead.username, ["lead"], ["projects:read"])


def test_only_the_hash_of_a_token_is_stored(lead):
    token, secret = make_api_token(lead, name="x", scopes=("annotate",), actor=lead, now=clock.now())

    stored = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret not in str(stored)
    assert secret.removeprefix("iso_") not in str(stored)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_token_ends_at_its_hour(lead, moment, monkeypatch):
    now = clock.now()
    _, secret = make_api_token(lead, name="x", scopes=("projects:read",), actor=lead, now=now, holds=timedelta(hours=1))
    at = now + timedelta(hours=1) + (timedelta(seconds=-1) if moment == "before" else timedelta())
    monkeypatch.setattr(clock, "now", lambda: at)

    response = Program(secret=secret).get("/me")

    assert response.status_code == (200 if moment == "before" else 401)


def test_a_revoked_token_is_void_from_the_next_request(lead):
    token, secret = make_api_token(lead, name="x", scopes=("projects:read",), actor=lead, now=clock.now())
    program = Program(secret=secret)
    assert program.get("/me").status_code == 200

    revoke_api_token(token, actor=lead, now=clock.now())

    assert program.get("/me").status_code == 401


def test_a_closed_account_takes_its_tokens_with_it(lead):
    admin = a_person(roles=(Role.ADMIN,))
    program = Program(lead)

    set_active(lead, is_active=False, actor=admin, now=clock.now())

    assert program.get("/me").status_code == 401


@pytest.mark.parametrize("secret", ["iso_wrong", "", "iso_", "ü", "x" * 5000])
def test_an_unknown_token_is_not_let_in(db, secret):
    assert Program(secret=secret or None).get("/me").status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/projects", "projects:read"),
        ("POST", "/projects/{id}/state", "projects:write"),
        ("POST", "/projects/{id}/imports", "corpus:write"),
        ("POST", "/projects/{id}/releases", "release"),
        ("GET", "/people", "admin"),
    ],
)
def test_a_token_without_the_scope_is_told_which_it_lacks(lead, method, path, scope):
    project = a_project(lead)
    program = Program(lead, scopes=("annotate",))
    address = path.replace("{id}", project.public_id)

    if path.endswith("imports"):
        from django.core.files.uploadedfile import SimpleUploadedFile

        response = program.upload(address, SimpleUploadedFile("a.jsonl", b"{}"))
    else:
        response = program.ask(method, address, {"state": "paused", "version": "1.0.0"} if method == "POST" else None)

    assert response.status_code == 403
    assert repr(scope) in response.json()["detail"]


def test_whoever_may_write_projects_may_read_them(lead):
    assert Program(lead, scopes=("projects:write",)).get("/projects").status_code == 200


def test_a_scope_gives_nobody_a_role(lead):
    project = a_project(lead)
    stranger = Program(a_person())

    assert stranger.ask("PATCH", f"/projects/{project.public_id}", {"name": "mine"}).status_code == 404
    assert stranger.get("/people").status_code == 403


def test_another_person_cannot_revoke_a_token(lead):
    token, secret = make_api_token(lead, name="x", scopes=("projects:read",), actor=lead, now=clock.now())

    response = a_browser(a_person()).post(f"/account/tokens/{token.public_id}/revoke")

    assert response.status_code == 404
    assert Program(secret=secret).get("/me").status_code == 200


def test_the_page_shows_a_token_once(lead):
    browser = a_browser(lead)

    made = browser.post("/account/tokens", {"name": "laptop", "scopes": ["projects:read"], "days": 30}).content.decode()

    secret = re.search(r'class="secret"[^>]*>([^<]+)<', made)[1]
    assert Program(secret=secret).get("/me").status_code == 200
    assert secret not in browser.get("/account/").content.decode()
