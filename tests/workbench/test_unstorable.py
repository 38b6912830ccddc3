"""Text that no database stores faithfully is refused where pages' scripts send it."""

import json

import pytest

from isogloss.accounts.models import User
from isogloss.guidelines.models import Inquiry
from tests.dispatch.making import a_desk
from tests.support.clients import a_browser

pytestmark = pytest.mark.django_db

UNSTORABLE = pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])


def posted(person: User, url: str, body: object):
    return a_browser(person).post(url, json.dumps(body), content_type="application/json")


@UNSTORABLE
@pytest.mark.parametrize("field", ["text", "lease"])
def test_an_inquiry_is_refused(text, field):
    desk = a_desk(n=1)
    person = desk.annotator()
    body = {"lease": desk.next(person).leases[0].lease, "text": "What is this?"}

    answer = posted(person, f"/projects/{desk.project.public_id}/annotate/inquiry", {**body, field: text})

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["detail"].startswith(f"{field} holds ")
    assert not Inquiry.objects.exists()


@UNSTORABLE
def test_a_reveal_is_refused(text):
    desk = a_desk(n=1)

    answer = posted(desk.annotator(), f"/projects/{desk.project.public_id}/annotate/reveal", {"lease": text})

    assert answer.status_code == 422


@UNSTORABLE
@pytest.mark.parametrize("make", [lambda text: {text: "x"}, lambda text: {"submit": text}])
def test_keys_are_refused(text, make):
    person = a_desk().annotator()

    answer = posted(person, "/account/keys", {"keys": make(text)})

    assert answer.status_code == 422
    assert User.objects.get(pk=person.pk).keys == {}


@UNSTORABLE
def test_a_label_schema_that_is_only_looked_at_shows_where_it_is(text):
    desk = a_desk()

    answer = posted(desk.lead, f"/projects/{desk.project.public_id}/schema/check", {"source": f"schema: 1\ntitle: {text}"})

    assert answer.status_code == 200
    assert answer.json()["problems"][0]["line"] == 2
