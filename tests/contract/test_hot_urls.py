"""The URLs that are answered in front of Django, asked by whoever should not be."""

import io
import json
import uuid
from datetime import timedelta

import pytest

from isogloss.dispatch.hot import HotPath
from isogloss.dispatch.services import mint_token
from isogloss.platform import clock
from isogloss.projects.models import Membership, Project
from isogloss.projects.services import remove_member
from tests.contract.test_routes import KINDS
from tests.contract.world import MARK, World, a_world
from tests.dispatch.making import a_borrowed_store
from tests.support.making import an_annotator

HOT = {
    "/dispatch/next": {"want": 2},
    "/dispatch/submit": {"lease": "0" * 32, "key": "a-key-of-a-page", "answers": {"sentiment": "positive"}, "active_ms": 1},
    "/dispatch/skip": {"lease": "0" * 32, "key": "a-key-of-a-page", "reason": "unclear"},
}


@pytest.fixture
def world(db, tmp_path) -> World:
    return a_world(tmp_path)


class Hot:
    """The hot path without a server."""

    def __init__(self) -> None:
        self.application = HotPath(lambda environ, start: [b"django"], store=a_borrowed_store())
        self.application._keeper = object()

    def ask(self, path: str, body: object, *, token: str = "", cookie: str = "", method: str = "POST") -> tuple[int, dict[str, str], bytes]:
        data = json.dumps(body).encode()
        seen: list[object] = []
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "CONTENT_LENGTH": str(len(data)), "wsgi.input": io.BytesIO(data)}
        if token:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        if cookie:
            environ["HTTP_COOKIE"] = cookie
        answer = b"".join(self.application(environ, lambda status, headers: seen.extend([int(status[:3]), dict(headers)])))
        return seen[0], seen[1], answer


def test_these_are_all_the_hot_urls_there_are():
    assert {f"/dispatch/{name}" for name in Hot().application._routes} == set(HOT)


def test_without_a_token_of_the_page_nobody_gets_anything(world):
    person, now, hot = world.people["annotator"], clock.now(), Hot()
    token = mint_token(person, project=world.project, now=now).text
    session = "; ".join(f"{name}={morsel.value}" for name, morsel in world.client("annotator").cookies.items())
    tried = {
        "nothing": {},
        "nonsense": {"token": "x" * 100},
        "an API token": {"token": world.secrets["site_lead"]},
        "a session": {"cookie": session},
        "an expired token": {"token": mint_token(person, project=world.project, now=now - timedelta(minutes=16)).text},
        "a token of another secret": {"token": ("A" if token[0] != "A" else "B") + token[1:]},
    }
    let_in = []

    for path, body in HOT.items():
        for name, shown in tried.items():
            status, headers, answer = hot.ask(path, body, **shown)
            if (status, headers.get("WWW-Authenticate")) != (401, "Bearer") or MARK.encode() in answer:
                let_in.append((path, name, status))

    assert let_in == []


def test_another_method_is_refused(world):
    token = mint_token(world.people["annotator"], project=world.project, now=clock.now()).text

    assert [Hot().ask(path, {}, token=token, method="GET")[0] for path in HOT] == [405] * 3


def test_only_an_annotator_gets_a_token(world):
    answers = {kind: world.client(kind).post(f"/projects/{world.project.public_id}/annotate/token").status_code for kind in KINDS}

    assert {kind: status for kind, status in answers.items() if status not in {302, 403, 404}} == {"annotator": 200}


def test_an_annotator_of_one_project_cannot_touch_a_lease_of_another(world):
    hot, now = Hot(), clock.now()
    mine = mint_token(world.people["annotator"], project=world.project, now=now).text
    _, _, served = hot.ask("/dispatch/next", {"want": 1}, token=mine)
    lease = json.loads(served)["leases"][0]["lease"]
    elsewhere = Project.objects.exclude(pk=world.project.pk).get()
    other = an_annotator(elsewhere, lead=world.people["site_lead"], now=now)
    theirs = mint_token(other, project=elsewhere, now=now).text

    for path in ("/dispatch/submit", "/dispatch/skip"):
        status, _, body = Hot().ask(path, {**HOT[path], "lease": lease, "key": uuid.uuid4().hex}, token=theirs)
        assert (status, MARK.encode() in body) == (404, False)
    assert MARK.encode() in served
    assert MARK.encode() not in hot.ask("/dispatch/next", {"want": 5}, token=theirs)[2]


def test_who_is_no_member_any_more_is_out_at_the_next_request(world):
    now = clock.now()
    token = mint_token(world.people["annotator"], project=world.project, now=now).text
    assert Hot().ask("/dispatch/next", {"want": 1}, token=token)[0] == 200

    remove_member(Membership.objects.get(pk=world.membership.pk), actor=world.people["site_lead"], now=now)

    status, _, body = Hot().ask("/dispatch/next", {"want": 1}, token=token)
    assert status == 401 or json.loads(body)["leases"] == []


def test_a_label_that_is_not_in_the_schema_is_refused(world):
    hot, token = Hot(), mint_token(world.people["annotator"], project=world.project, now=clock.now()).text
    lease = json.loads(hot.ask("/dispatch/next", {"want": 1}, token=token)[2])["leases"][0]["lease"]
    body = {**HOT["/dispatch/submit"], "lease": lease, "answers": {"sentiment": "splendid"}}

    status, headers, answer = hot.ask("/dispatch/submit", body, token=token)

    assert (status, headers["Content-Type"]) == (422, "application/problem+json"), answer
    assert "problems" in json.loads(answer), answer
    assert json.loads(answer)["problems"][0]["question"] == "sentiment", answer
