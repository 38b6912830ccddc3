"""A form that cannot be shown to come from this site."""

import json

from django.test import Client

from tests.support.making import a_person


def a_strict_browser(person) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    return client


def test_a_page_says_what_happened_and_leads_back(db):
    answer = a_strict_browser(a_person()).post("/account/", {"name": "x"}, headers={"Referer": "http://testserver/account/"})

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "This was not saved" in page
    assert 'href="http://testserver/account/"' in page


def test_it_leads_to_no_other_site(db):
    page = a_strict_browser(a_person()).post("/account/", {}, headers={"Referer": "https://elsewhere.example/"}).content.decode()

    assert "elsewhere" not in page


def test_a_script_gets_a_problem_it_can_show(db):
    answer = a_strict_browser(a_person()).post("/account/keys", json.dumps({"keys": {}}), content_type="application/json")

    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/problem+json")
    assert "Reload" in answer.json()["detail"]
