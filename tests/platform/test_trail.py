"""Every write through a page or the API leaves an event with its actor."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from tests.contract.test_hot_urls import Hot
from tests.contract.test_routes import API, PAGES, api_url, page_url
from tests.contract.world import World, a_world
from tests.support.making import CHOICE, PASSWORD

from isogloss.dispatch.services import mint_token
from isogloss.guidelines.schemas import Renames
from isogloss.platform import clock
from isogloss.platform.models import AuditEvent
from isogloss.platform.problems import InvalidInput
from isogloss.projects.services import add_language
from isogloss.workbench.views.schemas import digest_of

NEW_PASSWORD = "quiet rivers run deep"
PROJECT = {
    "name": "P",
    "languages": "en",
    "target": 1,
    "declared_severity": 0,
    "routing": "language",
    "aggregation": "majority",
    "schema_source": CHOICE,
}

# Page, who asks, with what, and the event that must be there afterwards.
PAGE_WRITES = {
    "accounts:log-in": ("stranger", {"username": "annotator", "password": PASSWORD}, "session.begun"),
    "accounts:log-out": ("annotator", {}, "session.ended"),
    "accounts:enter": ("stranger", {}, "session.begun"),
    "accounts:invitation-accept": ("stranger", {"username": "new", "name": "New", "password": PASSWORD}, "invitation.accepted"),
    "accounts:invitation-withdraw": ("admin", {}, "invitation.withdrawn"),
    "accounts:account": (
        "annotator",
        {"name": "A", "language": "ja", "time_zone": "Asia/Tokyo", "theme": "dark", "text_size": 20},
        "preferences.set",
    ),
    "accounts:keys-reset": ("annotator", {}, "preferences.set"),
    "accounts:reading": ("annotator", {"theme": "dark"}, "preferences.set"),
    "accounts:password-change": ("annotator", {"old_password": PASSWORD, "password": NEW_PASSWORD}, "password.set"),
    "accounts:token-make": ("annotator", {"name": "t", "scopes": ["annotate"], "days": 5}, "api_token.made"),
    "accounts:token-revoke": ("lead", {}, "api_token.revoked"),
    "accounts:person-list": ("admin", {"name": "N", "roles": ["annotator"]}, "invitation.made"),
    "accounts:person": ("admin", {"roles": ["annotator", "reviewer"]}, "role.granted"),
    "projects:project-make": ("site_lead", PROJECT, "project.made"),
    "projects:guideline": ("lead", {"text": "# New", "note": "n"}, "project.version_set"),
    "projects:languages": ("lead", {"tag": "jv", "level": "C1"}, "project.language_set"),
    "projects:people": ("lead", {"username": "outsider", "role": "annotator", "languages": "en", "level": "C1"}, "member.added"),
    "projects:member-remove": ("lead", {}, "member.removed"),
    "projects:state": ("lead", {"state": "paused"}, "project.paused"),
    "projects:qualification": ("lead", {"qualification": ""}, "project.qualification_set"),
    "corpus:import-map": ("lead", {"field:text": "text", "id": "id"}, "import.started"),
    "corpus:import-cancel": ("lead", {}, "import.cancelled"),
    "dispatch:batch-state": ("lead", {"state": "paused"}, "batch.paused"),
    "dispatch:recall": ("lead", {"reason": "a test", "sure": "yes"}, "work.recalled"),
    "workbench:inquiry": ("annotator", '{"lease": "LEASE", "text": "Why?"}', "inquiry.asked"),
    "workbench:inquiry-answer": ("lead", {"answer": "Neutral."}, "inquiry.answered"),
    "workbench:schema-edit": (
        "lead",
        {"schema_source": CHOICE, "base": "1", "note": "n", "act": "make", "looked": digest_of(CHOICE, renames=Renames())},
        "project.version_set",
    ),
    "workbench:keys": ("annotator", '{"keys": {"skip": "x"}}', "preferences.set"),
    "delivery:release-list": ("lead", {"version": "2.0.0", "formats": ["jsonl"], "sure": "yes"}, "release.asked"),
    "wellbeing:contacts": ("officer", {"contacts": "Sari: 100"}, "contacts.set"),
    "wellbeing:project-contacts": ("officer", {"contacts": "Sari: 100"}, "contacts.set"),
    "wellbeing:consent": ("annotator", {"hazard": "hate", "level": "3"}, "consent.changed"),
    "wellbeing:policy-sign": ("admin", {}, "policy.signed"),
    "workforce:competences": ("admin", {"tag": "jv", "level": "C1", "modality": "read"}, "competence.granted"),
    "workforce:profile": ("admin", {"time_zone": "Asia/Tokyo", "weekly_hours": "20"}, "profile.set"),
    "workforce:competence-withdraw": ("admin", {}, "competence.withdrawn"),
    "workforce:qualification-list": ("admin", {"name": "Writes clearly"}, "qualification.made"),
    "workforce:attempt-record": ("admin", {"username": "annotator", "outcome": "passed"}, "qualification.attempted"),
    "workforce:attempt-lapse": ("admin", {}, "qualification.lapsed"),
    "web:model-activate": ("admin", {}, "model.activated"),
    "web:model-back": ("admin", {}, "model.went_back"),
    "corpus:import-profile": ("lead", {"field:text": "text", "id": "id"}, "profile.started"),
    "corpus:batch-profile": ("lead", {}, "profile.started"),
    "corpus:profile-cancel": ("lead", {}, "profile.cancelled"),
    "corpus:duplicates-hold": ("lead", {"hold": "yes"}, "duplicates.held"),
    "corpus:duplicates-serve": ("lead", {}, "duplicates.serving_asked"),
    "insights:suggestions": ("lead", {"show": "yes"}, "suggestions.shown"),
    "insights:reestimate": ("lead", {}, "languages.reestimation_asked"),
    "insights:renew": ("lead", {}, "figures.asked"),
}
# These write nothing here: a file that is not imported yet, a token that lives for minutes, a release that is ready for ever, the
# policy, whose tests are its own, and a reveal, which is a record itself; a training needs a release of JSONL and has a test of its own,
# and so have giving an item to a second person and serving a held one; the project here contains nothing that asks for consent.
NO_WRITE = {
    "corpus:duplicate-serve",
    "web:model-train",
    "dispatch:reassign",
    "wellbeing:project-consent",
    "corpus:import-upload",
    "workbench:schema-check",
    "workbench:token",
    "delivery:release-cancel",
    "wellbeing:policy",
    "workbench:reveal",
}

API_WRITES = {
    "POST /models/{model}/activate": ("admin", {}, "model.activated"),
    "POST /projects/{project_id}/profiles": ("lead", None, "profile.started"),
    "POST /projects/{project_id}/profiles/batch": ("lead", {"batch": "texts"}, "profile.started"),
    "POST /projects/{project_id}/suggestions": ("lead", {"show": True}, "suggestions.shown"),
    "POST /projects/{project_id}/duplicates": ("lead", {"hold": True}, "duplicates.held"),
    "POST /projects/{project_id}/duplicates/serve": ("lead", {}, "duplicates.serving_asked"),
    "POST /models/back": ("admin", {}, "model.went_back"),
    "POST /projects/{project_id}/languages/estimate": ("lead", {}, "languages.reestimation_asked"),
    "PUT /me/consents/{hazard}": ("annotator", {"level": 3}, "consent.changed"),
    "POST /wellbeing/policies/{number}/sign": ("admin", {}, "policy.signed"),
    "POST /qualifications/{qualification_id}/lapse/{person_id}": ("admin", {}, "qualification.lapsed"),
    "PUT /wellbeing/contacts": ("officer", {"contacts": [{"name": "Sari", "detail": "100"}]}, "contacts.set"),
    "PUT /projects/{project_id}/contacts": ("officer", {"contacts": [{"name": "Sari", "detail": "100"}]}, "contacts.set"),
    "POST /people": ("admin", {"username": "somebody"}, "account.made"),
    "POST /people/{person_id}/competences": ("admin", {"tag": "jv"}, "competence.granted"),
    "POST /competences/{competence_id}/withdraw": ("admin", {}, "competence.withdrawn"),
    "POST /qualifications": ("admin", {"name": "Writes clearly"}, "qualification.made"),
    "POST /qualifications/{qualification_id}/attempts": ("admin", {"passed": True}, "qualification.attempted"),
    "POST /projects": ("site_lead", {"name": "P", "languages": ["en"], "label_schema": CHOICE, "declared_severity": 0}, "project.made"),
    "PATCH /projects/{project_id}": ("lead", {"description": "d"}, "project.changed"),
    "POST /projects/{project_id}/languages": ("lead", {"tag": "jv"}, "project.language_set"),
    "POST /projects/{project_id}/state": ("lead", {"state": "paused"}, "project.paused"),
    "POST /projects/{project_id}/members": ("lead", {"username": "outsider", "role": "annotator"}, "member.added"),
    "DELETE /projects/{project_id}/members/{person_id}/{role}": ("lead", None, "member.removed"),
    "POST /projects/{project_id}/inquiries/{inquiry_id}/answer": ("lead", {"answer": "Neutral.", "ruling": True}, "inquiry.answered"),
    "POST /projects/{project_id}/guideline": ("lead", {"label_schema": CHOICE, "note": "n"}, "project.version_set"),
    "POST /projects/{project_id}/figures/renew": ("lead", {}, "figures.asked"),
    "POST /projects/{project_id}/imports": ("lead", None, "import.started"),
    "POST /imports/{import_id}/cancel": ("lead", {}, "import.cancelled"),
    "POST /batches/{batch_id}/state": ("lead", {"state": "paused"}, "batch.paused"),
    "POST /projects/{project_id}/queue/people/{person_id}/recall": ("lead", {"reason": "a test"}, "work.recalled"),
    "POST /projects/{project_id}/queue/reassign": ("lead", {"item": "a/1"}, "item.reassigned"),
    "POST /projects/{project_id}/releases": ("lead", {"version": "2.0.0"}, "release.asked"),
}
NO_API_WRITE = {
    "POST /models/train",
    "POST /projects/{project_id}/guideline/effect",
    "POST /releases/{release_id}/cancel",
    "POST /wellbeing/policies",
}


@pytest.fixture
def world(db, tmp_path) -> World:
    world = a_world(tmp_path)
    AuditEvent.objects.all().delete()
    return world


def a_lease(world: World) -> str:
    hot, person = Hot(), world.people["annotator"]
    token = mint_token(person, project=world.project, now=clock.now()).text
    return json.loads(hot.ask("/dispatch/next", {"want": 1}, token=token)[2])["leases"][0]["lease"]


def test_every_page_that_takes_a_post_is_looked_at():
    posts = {row.split(" ", 1)[1] for row in PAGES if row.startswith("POST")}

    assert posts == set(PAGE_WRITES) | NO_WRITE


def test_every_write_of_the_api_is_looked_at():
    assert {row for row in API if not row.startswith("GET")} == set(API_WRITES) | NO_API_WRITE


def test_a_write_through_a_page_is_on_the_trail(world):
    lease, missing = a_lease(world), []
    for name, (kind, sent, action) in PAGE_WRITES.items():
        body = {"data": sent.replace("LEASE", lease), "content_type": "application/json"} if isinstance(sent, str) else {"data": sent}
        wanted = {"accounts:invitation-accept": "new"}.get(name, "annotator" if kind == "stranger" else world.people[kind].username)
        with transaction.atomic():
            response = world.client(kind).post(page_url(name, world), **body)
            if response.status_code >= 400 or (action, wanted) not in events():
                missing.append((name, response.status_code, events(), response.content[-300:]))
            transaction.set_rollback(True)

    assert missing == []


def test_a_write_through_the_api_is_on_the_trail(world):
    client, missing = world.client("stranger"), []
    for row, (kind, sent, action) in API_WRITES.items():
        headers, url = world.bearer(kind), api_url(row, world)
        with transaction.atomic():
            if row.endswith(("/imports", "/profiles")):
                response = client.post(url, {"file": SimpleUploadedFile("m.jsonl", b'{"id": "z", "text": "t"}\n')}, headers=headers)
            else:
                named = {"attempts": "person", "reassign": "taker"}.get(row.rsplit("/", 1)[1])
                body = {**sent, named: world.urls["person_id"]} if named else sent
                response = client.generic(row.split(" ")[0], url, _json(body), content_type="application/json", headers=headers)
            if response.status_code != 200 or (action, world.people[kind].username) not in events():
                missing.append((row, response.status_code, events(), response.content[-300:]))
            transaction.set_rollback(True)

    assert missing == []


def events() -> set[tuple[str, str]]:
    return set(AuditEvent.objects.values_list("action", "actor__username"))


def _json(body: object) -> str:
    return "" if body is None else json.dumps(body)


def test_a_service_that_fails_leaves_no_event(world):
    with pytest.raises(InvalidInput):
        add_language(world.project, tag="klingonese", actor=world.people["lead"], now=clock.now())

    assert AuditEvent.objects.count() == 0


def test_the_audit_page_shows_who_did_what(world):
    world.client("lead").post(page_url("projects:state", world), {"state": "paused"})

    page = world.client("admin").get("/audit/").content.decode()

    assert "project.paused" in page
    assert "<bdi>Lead</bdi>" in page
