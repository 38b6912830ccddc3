"""Every route, walked as every kind of person: who passes, who is told no, and that no data of another project leaks."""

import json
import re
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.contract.world import KINDS, MARK, World, a_world

OK = "ok"
LOGIN = "log-in"
_FINE = {200, 201, 302, 422}

Expected = dict[str, object]


def everybody() -> Expected:
    return dict.fromkeys(KINDS, OK)


def whoever_is_in() -> Expected:
    return {**everybody(), "stranger": LOGIN}


def members(*roles: str) -> Expected:
    """These members, and leads of the site; other members are told no, for others the thing does not exist."""
    refused = dict.fromkeys(KINDS, 403)
    return {**refused, **dict.fromkeys(roles, OK), "site_lead": OK, "stranger": LOGIN, "outsider": 404, "admin": 404}


def site(*kinds: str, refused: int = 403) -> Expected:
    return {**dict.fromkeys(KINDS, refused), **dict.fromkeys(kinds, OK), "stranger": LOGIN}


EVERY_MEMBER = ("annotator", "reviewer", "requester", "officer", "lead")

PAGES: dict[str, Expected] = {
    "GET home": whoever_is_in(),
    "GET health": everybody(),
    "GET accounts:log-in": everybody(),
    "POST accounts:log-in": everybody(),
    "POST accounts:log-out": everybody(),
    "GET accounts:enter": everybody(),
    "POST accounts:enter": everybody(),
    "GET accounts:invitation-accept": everybody(),
    "POST accounts:invitation-accept": everybody(),
    "POST accounts:invitation-withdraw": site("site_lead", "admin"),
    "GET accounts:account": whoever_is_in(),
    "POST accounts:account": whoever_is_in(),
    "POST accounts:reading": whoever_is_in(),
    "POST accounts:keys-reset": whoever_is_in(),
    "GET accounts:password-change": whoever_is_in(),
    "POST accounts:password-change": whoever_is_in(),
    "POST accounts:token-make": whoever_is_in(),
    "POST accounts:token-revoke": site("lead", refused=404),
    "GET accounts:person-list": site("site_lead", "admin"),
    "POST accounts:person-list": site("site_lead", "admin"),
    "GET accounts:person": site("site_lead", "admin", "annotator", refused=404),
    "POST accounts:person": {**site("admin", refused=404), "site_lead": 403, "annotator": 403},
    "GET accounts:audit": site("admin"),
    "GET projects:project-list": whoever_is_in(),
    "GET projects:project-make": site("site_lead"),
    "POST projects:project-make": site("site_lead"),
    "GET projects:guideline": members("lead", "requester", "reviewer", "annotator"),
    "POST projects:guideline": members("lead"),
    "GET projects:languages": members("lead"),
    "POST projects:languages": members("lead"),
    "GET projects:people": members("lead"),
    "POST projects:people": members("lead"),
    "POST projects:member-remove": members("lead"),
    "POST projects:state": members("lead"),
    "POST projects:qualification": members("lead"),
    "GET corpus:import-upload": members("lead"),
    "POST corpus:import-upload": members("lead"),
    "GET corpus:import-map": members("lead"),
    "POST corpus:import-map": members("lead"),
    "GET corpus:import": members("lead"),
    "POST corpus:import-cancel": members("lead"),
    "GET corpus:import-bad-rows": members("lead"),
    "GET corpus:item-list": members("lead", "reviewer"),
    "GET corpus:item": members("lead", "reviewer"),
    "GET dispatch:queue": members("lead"),
    "POST dispatch:batch-state": members("lead"),
    "POST dispatch:recall": members("lead"),
    "POST dispatch:reassign": members("lead"),
    "GET workbench:annotate": {**members("annotator"), "site_lead": 403},
    "POST workbench:token": {**members("annotator"), "site_lead": 403},
    "GET workbench:schema": {**members("annotator"), "site_lead": 403},
    "GET workbench:recent": {**members("annotator"), "site_lead": 403},
    "POST workbench:inquiry": {**members("annotator"), "site_lead": 403},
    "POST workbench:reveal": {**members("annotator"), "site_lead": 403},
    "GET workbench:schema-edit": members("lead"),
    "POST workbench:schema-edit": members("lead"),
    "POST workbench:schema-check": members("lead"),
    "GET guidelines:label-schema": everybody(),
    "GET workbench:inquiries": members("lead", "reviewer", "requester", "annotator"),
    "GET workbench:inquiry-answer": members("lead", "reviewer", "requester"),
    "POST workbench:inquiry-answer": members("lead", "reviewer", "requester"),
    "GET workbench:media": members(*EVERY_MEMBER),
    "POST workbench:keys": whoever_is_in(),
    "GET delivery:release-list": members("lead", "requester"),
    "POST delivery:release-list": members("lead"),
    "GET delivery:release": members("lead", "requester"),
    "POST delivery:release-cancel": members("lead"),
    "GET delivery:release-download": members("lead", "requester"),
    "GET delivery:release-file": members("lead", "requester"),
    "GET wellbeing:mine": whoever_is_in(),
    "POST wellbeing:consent": whoever_is_in(),
    "GET wellbeing:policy": whoever_is_in(),
    "POST wellbeing:policy": site("officer"),
    "POST wellbeing:policy-sign": site("officer", "admin"),
    "GET wellbeing:availability": members("lead"),
    "GET wellbeing:contacts": whoever_is_in(),
    "POST wellbeing:contacts": site("officer", "admin"),
    "GET wellbeing:project-contacts": members(*EVERY_MEMBER),
    "POST wellbeing:project-contacts": {**members("officer"), "site_lead": 403},
    "GET wellbeing:project-consent": {**members("annotator"), "site_lead": 403},
    "POST wellbeing:project-consent": {**members("annotator"), "site_lead": 403},
    "GET workforce:competences": site("site_lead", "admin", "annotator", refused=404),
    "POST workforce:competences": {**site("site_lead", "admin", refused=404), "annotator": 403},
    "POST workforce:profile": {**site("site_lead", "admin", refused=404), "annotator": 403},
    "POST workforce:competence-withdraw": site("site_lead", "admin"),
    "GET workforce:matrix": site("site_lead", "admin"),
    "GET workforce:qualification-list": site("site_lead", "admin"),
    "POST workforce:qualification-list": site("site_lead", "admin"),
    "POST workforce:attempt-record": site("site_lead", "admin"),
    "POST workforce:attempt-lapse": site("site_lead", "admin"),
    "GET insights:project": members("lead", "requester", "reviewer"),
    "POST insights:renew": members("lead", "reviewer"),
    "POST corpus:import-profile": members("lead"),
    "POST corpus:batch-profile": members("lead"),
    "GET corpus:profile": members("lead"),
    "POST corpus:profile-cancel": members("lead"),
    "GET corpus:profile-figures": members("lead"),
    "GET corpus:profile-masked": members("lead"),
    "POST corpus:duplicates-hold": members("lead"),
    "POST corpus:duplicates-serve": members("lead"),
    "POST corpus:duplicate-serve": members("lead"),
    "GET insights:languages": members("lead", "reviewer"),
    "POST insights:reestimate": members("lead"),
    "POST insights:suggestions": members("lead"),
    "GET web:model-list": site("site_lead", "admin"),
    "POST web:model-train": site("site_lead", "admin"),
    "GET web:model": site("site_lead", "admin"),
    "POST web:model-activate": site("site_lead", "admin"),
    "POST web:model-back": site("site_lead", "admin"),
    "GET api:openapi-json": everybody(),
    "GET api:openapi-view": everybody(),
    "GET api:api-root": dict.fromkeys(KINDS, 404),
}
SAME_IN_THE_API = "api:"
STILL_TAKES_POST: set[str] = set()
# A release that is ready cannot be given up, whoever asks.
# Who made a version of the policy cannot sign it too.
# Who drew up a version of the policy cannot be the second person who signs it.
# Of two who let a model speak, the second is told that it does.
ALSO_FINE = {
    "POST delivery:release-cancel": {409},
    "POST /releases/{release_id}/cancel": {409},
    "POST wellbeing:policy-sign": {403, 409},
    "POST /wellbeing/policies/{number}/sign": {403, 409},
    "POST /models/{model}/activate": {409},
}

API: dict[str, Expected] = {
    "GET /models": site("site_lead", "admin"),
    "POST /models/train": site("site_lead", "admin"),
    "GET /models/trainings/{training_id}": {**site("site_lead", "admin"), "site_lead": 404, "admin": 404},
    "POST /models/back": site("site_lead", "admin"),
    "GET /models/{model}": site("site_lead", "admin"),
    "POST /models/{model}/activate": site("site_lead", "admin"),
    "POST /projects/{project_id}/profiles": members("lead"),
    "GET /projects/{project_id}/profiles": members("lead"),
    "POST /projects/{project_id}/profiles/batch": members("lead"),
    "GET /profiles/{profile_id}": members("lead"),
    "POST /projects/{project_id}/suggestions": members("lead"),
    "GET /projects/{project_id}/duplicates": members("lead", "reviewer"),
    "POST /projects/{project_id}/duplicates": members("lead"),
    "POST /projects/{project_id}/duplicates/serve": members("lead"),
    "GET /projects/{project_id}/flags": members("lead", "reviewer"),
    "POST /projects/{project_id}/languages/estimate": members("lead"),
    "GET /me": whoever_is_in(),
    "GET /me/exposure": whoever_is_in(),
    "GET /me/consents": whoever_is_in(),
    "PUT /me/consents/{hazard}": whoever_is_in(),
    "GET /wellbeing/policy": whoever_is_in(),
    "GET /wellbeing/policies": site("officer", "admin"),
    "POST /wellbeing/policies": site("officer"),
    "POST /wellbeing/policies/{number}/sign": site("officer", "admin"),
    "GET /projects/{project_id}/availability": members("lead"),
    "GET /wellbeing/contacts": whoever_is_in(),
    "PUT /wellbeing/contacts": site("officer", "admin"),
    "GET /projects/{project_id}/contacts": members(*EVERY_MEMBER),
    "PUT /projects/{project_id}/contacts": {**members("officer"), "site_lead": 403},
    "GET /competences": site("site_lead", "admin"),
    "POST /qualifications/{qualification_id}/lapse/{person_id}": site("site_lead", "admin"),
    "GET /people": site("site_lead", "admin"),
    "POST /people": site("admin"),
    "GET /people/{person_id}": site("site_lead", "admin", "annotator", refused=404),
    "GET /people/{person_id}/competences": site("site_lead", "admin"),
    "POST /people/{person_id}/competences": site("site_lead", "admin"),
    "POST /competences/{competence_id}/withdraw": site("site_lead", "admin"),
    "GET /qualifications": site("site_lead", "admin"),
    "POST /qualifications": site("site_lead", "admin"),
    "POST /qualifications/{qualification_id}/attempts": site("site_lead", "admin"),
    "GET /projects": whoever_is_in(),
    "POST /projects": site("site_lead"),
    "GET /projects/{project_id}": members(*EVERY_MEMBER),
    "PATCH /projects/{project_id}": members("lead"),
    "POST /projects/{project_id}/languages": members("lead"),
    "POST /projects/{project_id}/state": members("lead"),
    "GET /projects/{project_id}/members": members("lead", "reviewer"),
    "POST /projects/{project_id}/members": members("lead"),
    "DELETE /projects/{project_id}/members/{person_id}/{role}": members("lead"),
    "GET /projects/{project_id}/guideline": members(*EVERY_MEMBER),
    "POST /projects/{project_id}/guideline": members("lead"),
    "POST /projects/{project_id}/guideline/effect": members("lead"),
    "GET /projects/{project_id}/guideline/versions": members("lead", "requester", "reviewer"),
    "GET /projects/{project_id}/guideline/versions/{number}": members(*EVERY_MEMBER),
    "GET /projects/{project_id}/figures": members("lead", "requester", "reviewer"),
    "POST /projects/{project_id}/figures/renew": members("lead", "reviewer"),
    "GET /projects/{project_id}/inquiries": members("lead", "reviewer", "requester", "annotator"),
    "POST /projects/{project_id}/inquiries/{inquiry_id}/answer": members("lead", "reviewer", "requester"),
    "GET /projects/{project_id}/jobs": members("lead"),
    "GET /jobs/{job_id}": members("lead"),
    "GET /projects/{project_id}/imports": members("lead"),
    "POST /projects/{project_id}/imports": members("lead"),
    "GET /imports/{import_id}": members("lead"),
    "POST /imports/{import_id}/cancel": members("lead"),
    "GET /imports/{import_id}/bad-rows": members("lead"),
    "GET /projects/{project_id}/queue": members("lead"),
    "GET /projects/{project_id}/queue/people": members("lead"),
    "POST /projects/{project_id}/queue/people/{person_id}/recall": members("lead"),
    "GET /projects/{project_id}/queue/items/{external_id}": members("lead"),
    "GET /projects/{project_id}/queue/candidates": members("lead"),
    "POST /projects/{project_id}/queue/reassign": members("lead"),
    "GET /projects/{project_id}/batches": members("lead"),
    "POST /batches/{batch_id}/state": members("lead"),
    "GET /projects/{project_id}/items": members("lead", "reviewer"),
    "GET /projects/{project_id}/items/{external_id}": members("lead", "reviewer"),
    "GET /projects/{project_id}/releases": members("lead", "requester"),
    "POST /projects/{project_id}/releases": members("lead"),
    "GET /releases/{release_id}": members("lead", "requester"),
    "POST /releases/{release_id}/cancel": members("lead"),
    "GET /releases/{release_id}/download": members("lead", "requester"),
    "GET /releases/{release_id}/files/{name}": members("lead", "requester"),
}
# Bodies that pass the schema, so that the walk reaches the door behind it.
BODIES: dict[str, dict[str, object]] = {
    "POST /models/train": {"releases": []},
    "POST /projects/{project_id}/suggestions": {"show": True},
    "POST /projects/{project_id}/profiles/batch": {"batch": "texts"},
    "POST /projects/{project_id}/queue/people/{person_id}/recall": {"reason": "a test"},
    "POST /batches/{batch_id}/state": {"state": "paused"},
    "POST /projects/{project_id}/duplicates": {"hold": True},
    "POST /models/{model}/activate": {"insist": False},
    "PUT /me/consents/{hazard}": {"level": 3},
    "PUT /wellbeing/contacts": {"contacts": [{"name": "Sari", "detail": "100"}]},
    "PUT /projects/{project_id}/contacts": {"contacts": [{"name": "Sari", "detail": "100"}]},
    "POST /wellbeing/policies": {"base": 0, "note": "n", "levels": {}, "ramp": []},
    "POST /people": {"username": "somebody"},
    "POST /people/{person_id}/competences": {"tag": "jv"},
    "POST /qualifications": {"name": "Writes clearly"},
    "POST /projects": {"name": "n", "languages": ["en"], "label_schema": "schema: 1", "declared_severity": 0},
    "PATCH /projects/{project_id}": {"description": "Changed."},
    "POST /projects/{project_id}/languages": {"tag": "jv"},
    "POST /projects/{project_id}/state": {"state": "paused"},
    "POST /projects/{project_id}/members": {"username": "outsider", "role": "annotator"},
    "POST /projects/{project_id}/inquiries/{inquiry_id}/answer": {"answer": "Neutral."},
    "POST /projects/{project_id}/guideline": {"label_schema": "schema: 1", "note": "n"},
    "POST /projects/{project_id}/guideline/effect": {"label_schema": "schema: 1"},
    "POST /projects/{project_id}/releases": {"version": "9.0.0"},
}

# What an address must ask to reach its door.
ASKED = {"GET /projects/{project_id}/queue/candidates": "?item={external_id}"}


@pytest.fixture
def world(db, tmp_path) -> World:
    return a_world(tmp_path)


def routes(patterns=None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            namespace = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from routes(pattern.url_patterns, prefix + namespace)
        else:
            yield f"{prefix}{pattern.name}", pattern


def operations() -> set[str]:
    from isogloss.api.routes import api

    paths = api.get_openapi_schema(path_prefix="")["paths"]
    return {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


def page_url(name: str, world: World) -> str:
    pattern = next(p for n, p in routes() if n == name)
    values = {**world.urls, "secret": world.urls["enter_secret"]} if name == "accounts:enter" else world.urls
    return reverse(name, kwargs={key: values[key] for key in pattern.pattern.converters})


def api_url(row: str, world: World) -> str:
    return "/api/v1" + re.sub(r"{(\w+)}", lambda match: world.urls[match[1]], row.split(" ", 1)[1] + ASKED.get(row, ""))


def told(response) -> object:
    """What an answer amounts to."""
    if response.status_code == 401 or (response.status_code == 302 and response["Location"].startswith("/log-in?next=")):
        return LOGIN
    return response.status_code


def content_of(response) -> bytes:
    """Read an answer to its end and close its files; `close()` itself would end the test's transaction."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    for close in response._resource_closers:
        close()
    return body


def wrong(row: str, kind: str, wanted: object, response) -> str:
    got = told(response)
    fits = got in _FINE | ALSO_FINE.get(row, set()) if wanted == OK else got == wanted
    body = content_of(response)
    if not fits:
        return f"{row} as {kind}: {got} instead of {wanted}: {body[:300]!r}"
    if wanted != OK and MARK.encode() in body:
        return f"{row} as {kind}: shows what is another's"
    return ""


def test_every_page_has_an_expectation():
    known = {row.split(" ", 1)[1] for row in PAGES}
    named = {name for name, _ in routes()}
    in_the_api = {name for name in named if name.startswith(SAME_IN_THE_API)} - known

    assert named - known - in_the_api == set()
    assert known - named == set()


def test_every_operation_of_the_api_has_an_expectation():
    assert operations() == set(API)


@pytest.mark.parametrize("kind", KINDS)
def test_every_route_opens_to_whom_it_should(world, kind):
    faults = [*_walk_pages(world, kind), *_walk_api(world, kind)]

    assert [fault for fault in faults if fault] == []


def _walk_pages(world: World, kind: str) -> Iterator[str]:
    for row, expected in PAGES.items():
        method, name = row.split(" ", 1)
        with transaction.atomic():
            response = getattr(world.client(kind), method.lower())(page_url(name, world))
            yield wrong(row, kind, expected[kind], response)
            transaction.set_rollback(True)


def _walk_api(world: World, kind: str) -> Iterator[str]:
    client = world.client("stranger")
    for row, expected in API.items():
        method = row.split(" ", 1)[0]
        with transaction.atomic():
            response = client.generic(method, api_url(row, world), **_sent(row, world), headers=world.bearer(kind))
            yield wrong(row, kind, expected[kind], response)
            transaction.set_rollback(True)


def _sent(row: str, world: World) -> dict[str, object]:
    if row in {"POST /projects/{project_id}/imports", "POST /projects/{project_id}/profiles"}:
        file = SimpleUploadedFile("more.jsonl", b'{"id": "z", "text": "t"}\n')
        return {"data": encode_multipart(BOUNDARY, {"file": file}), "content_type": MULTIPART_CONTENT}
    body = BODIES.get(row)
    if row.endswith("/attempts"):
        body = {"person": world.urls["person_id"], "passed": True}
    if row.endswith("/reassign"):
        body = {"item": world.urls["external_id"], "taker": world.urls["person_id"]}
    return {"data": json.dumps(body) if body is not None else "", "content_type": "application/json"}


def test_a_page_that_only_shows_takes_no_post_and_one_that_only_acts_no_get(world):
    client = world.client("site_lead")
    faults = []
    for name in sorted({row.split(" ", 1)[1] for row in PAGES if not row.split(" ", 1)[1].startswith("api:")}):
        for method in {"GET", "POST"} - {row.split(" ", 1)[0] for row in PAGES if row.split(" ", 1)[1] == name}:
            with transaction.atomic():
                response = getattr(client, method.lower())(page_url(name, world))
                content_of(response)
                transaction.set_rollback(True)
            if response.status_code != 405 and f"{method} {name}" not in STILL_TAKES_POST:
                faults.append(f"{method} {name}: {response.status_code}")

    assert faults == []


def test_every_answer_carries_the_content_security_policy(world):
    client = world.client("lead")
    rows = [row for row in PAGES if row.startswith("GET")]
    bare = []
    for row in rows:
        response = client.get(page_url(row.split(" ", 1)[1], world))
        content_of(response)
        policy = response.headers.get("Content-Security-Policy", "")
        if "default-src 'self'" not in policy or "unsafe" in policy:
            bare.append(row)

    assert bare == []
