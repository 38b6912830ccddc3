"""Whom people can talk to: named by the wellbeing officer, shown by the panic key."""

import json
import re

import pytest

from isogloss.accounts.rules import Role
from isogloss.platform.problems import InvalidInput
from isogloss.projects.services import add_member
from isogloss.wellbeing.queries import contacts_for, contacts_of
from isogloss.wellbeing.services import set_contacts
from tests.support.clients import Program, a_browser
from tests.support.making import NOW, a_lead, a_person, a_project, an_annotator


@pytest.fixture
def officer(db):
    return a_person(roles=(Role.WELLBEING_OFFICER,))


@pytest.fixture
def project(db):
    return a_project(a_lead())


def test_the_panic_key_shows_the_projects_contacts_before_the_sites(officer, project):
    set_contacts([("Site", "100")], project=None, actor=officer, now=NOW)
    set_contacts([("Here", "200"), ("Also here", "201")], project=project, actor=officer, now=NOW)
    ana = an_annotator(project, lead=project.created_by)

    page = a_browser(ana).get(f"/projects/{project.public_id}/annotate").content.decode()

    config = json.loads(re.search(r'<script id="workbench-config" type="application/json">(.*?)</script>', page, re.DOTALL)[1])
    assert [row["name"] for row in config["contacts"]] == ["Here", "Also here", "Site"]


def test_an_officer_names_them_one_a_line(officer):
    sent = {"contacts": "Dr. Sari, in confidence: +62 21 555 0100\n\nابتسام：03:00–05:00\n"}

    a_browser(officer).post("/wellbeing/contacts", sent)

    assert contacts_of(None) == [("Dr. Sari, in confidence", "+62 21 555 0100"), ("ابتسام", "03:00–05:00")]


def test_an_empty_list_removes_them_all(officer):
    set_contacts([("Site", "100")], project=None, actor=officer, now=NOW)

    a_browser(officer).post("/wellbeing/contacts", {"contacts": ""})

    assert contacts_of(None) == []


def test_a_line_without_a_way_to_reach_them_is_refused_and_kept(officer):
    answer = a_browser(officer).post("/wellbeing/contacts", {"contacts": "Somebody"})

    assert answer.status_code == 422
    assert "Somebody" in answer.content.decode()
    assert contacts_of(None) == []


@pytest.mark.parametrize("contacts", [[("", "1")], [("a", " ")], [("a", "x" * 201)], [("a", "1")] * 9])
def test_what_nobody_could_read_or_reach_is_refused(officer, contacts):
    with pytest.raises(InvalidInput):
        set_contacts(contacts, project=None, actor=officer, now=NOW)


def test_the_officer_of_a_project_names_its_contacts_and_no_others(project):
    person, other = a_person(), a_project(project.created_by)
    add_member(project, user=person, role=Role.WELLBEING_OFFICER, actor=project.created_by, now=NOW)
    browser = a_browser(person)

    here = browser.post(f"/projects/{project.public_id}/contacts", {"contacts": "Here: 1"}).status_code
    there = browser.post(f"/projects/{other.public_id}/contacts", {"contacts": "There: 1"}).status_code

    assert (here, there) == (302, 404)
    assert (contacts_for(project.pk), contacts_for(other.pk)) == ([("Here", "1")], [])


def test_the_api_sets_and_tells_them(officer):
    program = Program(officer)

    told = program.ask("PUT", "/wellbeing/contacts", {"contacts": [{"name": "Sari", "detail": "100"}]}).json()

    assert told == program.get("/wellbeing/contacts").json() == {"contacts": [{"name": "Sari", "detail": "100"}]}
