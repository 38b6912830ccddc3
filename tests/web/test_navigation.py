"""The frame and the links of every page: nobody is shown a way they are refused, everybody is told where their work is."""

import re

import pytest

from isogloss.accounts.rules import Role
from isogloss.projects.services import add_member
from tests.contract.test_routes import PAGES, content_of, page_url
from tests.contract.world import World, a_world
from tests.support.clients import a_browser
from tests.support.making import NOW, a_lead, a_person, a_project


def links_of(world: World, kind: str) -> dict[str, str]:
    """Every address inside the site that a page this person can open links to, with a page that shows it."""
    client, found = world.client(kind), {}
    for row in (row for row in PAGES if row.startswith("GET") and not row.startswith("GET api:")):
        answer = client.get(page_url(row.split(" ", 1)[1], world))
        body = content_of(answer)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            for link in re.findall(r'<a [^>]*href="(/[^"#]*)', body.decode()):
                found.setdefault(link.replace("&amp;", "&"), row)
    return found


def test_no_page_shows_a_link_that_its_reader_is_refused(db, tmp_path):
    world = a_world(tmp_path)

    refused = {}
    for kind in ("annotator", "reviewer", "requester", "officer", "lead", "admin"):
        for link, row in links_of(world, kind).items():
            answer = world.client(kind).get(link)
            if answer.status_code in {403, 404}:
                refused[kind, link] = row
            content_of(answer)

    assert refused == {}


@pytest.mark.parametrize(
    ("role", "place"), [(Role.ADMIN, "/people/"), (Role.ADMIN, "/audit/"), (Role.WELLBEING_OFFICER, "/wellbeing/policy")]
)
def test_who_has_no_project_is_shown_where_their_work_is(db, role, place):
    page = a_browser(a_person(roles=(role,))).get("/projects/").content.decode()

    content = page[page.index('id="content"') :]
    assert f'href="{place}"' in content
    assert "until then there is nothing to do" not in content


def test_an_annotator_without_a_project_is_told_that_a_lead_adds_them(db):
    page = a_browser(a_person(roles=(Role.ANNOTATOR,))).get("/projects/").content.decode()

    assert "until then there is nothing to do" in page


def test_a_wellbeing_officer_reaches_the_contacts_of_their_project_and_those_of_the_site(db):
    officer = a_person(roles=(Role.WELLBEING_OFFICER,))
    lead = a_lead()
    project = a_project(lead)
    add_member(project, user=officer, role=Role.WELLBEING_OFFICER, actor=lead, now=NOW)

    page = a_browser(officer).get("/projects/").content.decode()

    assert f'href="/projects/{project.public_id}/contacts"' in page
    assert 'href="/wellbeing/contacts"' in page[page.index('class="rail"') : page.index("<main")]


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.LEAD])
def test_a_page_without_an_entry_in_the_rail_lights_none(db, role):
    page = a_browser(a_person(roles=(role,))).get("/wellbeing/policy").content.decode()

    rail = page[page.index('class="rail"') : page.index("<main")]
    assert 'aria-current="page"' not in rail


@pytest.mark.parametrize(
    "place", ["/people/", "/account/", "/competences/", "/audit/", "/wellbeing/policy", "/wellbeing/contacts", "/models/"]
)
def test_every_place_names_itself_in_the_bar(db, place):
    browser = a_browser(a_person(roles=(Role.ADMIN, Role.LEAD, Role.WELLBEING_OFFICER)))

    page = browser.get(place).content.decode()

    bar = page[page.index('class="crumbs"') : page.index("</nav>")]
    assert 'aria-current="page"' in bar
