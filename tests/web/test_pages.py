"""Every page and fragment, drawn with real things: no undefined variable, foreign text isolated, in every interface language."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.template import engines
from django.test.signals import template_rendered

from isogloss.accounts.models import User
from isogloss.corpus.models import ImportRun
from isogloss.platform.models import Job
from isogloss.projects.models import Project
from tests.contract.test_routes import PAGES, content_of, page_url
from tests.contract.world import World, a_world
from tests.support.making import CHOICE

ROOT = Path(__file__).parents[2] / "src" / "isogloss"
UNDEFINED = "«undefined: %s»"
HEBREW = "שלום־עולם"


@pytest.fixture
def world(db, tmp_path) -> World:
    return a_world(tmp_path)


@pytest.fixture
def undefined_shows():
    """Let a variable that no view gave be seen in the page."""
    engine = engines["django"].engine
    before, engine.string_if_invalid = engine.string_if_invalid, UNDEFINED
    yield
    engine.string_if_invalid = before


@pytest.fixture
def drawn():
    """The names of the templates that were drawn."""
    names: set[str] = set()

    def note(sender, template, **kwargs):
        names.add(template.name)

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


def pages(world: World, kind: str = "lead") -> dict[str, str]:
    """Every page this person can see."""
    client, found = world.client(kind), {}
    for row in (row for row in PAGES if row.startswith("GET") and not row.startswith("GET api:")):
        response = client.get(page_url(row.split(" ", 1)[1], world))
        body = content_of(response)
        if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
            found[row] = body.decode()
    return found


def refused(world: World) -> dict[str, str]:
    """Pages that show what is wrong with a form."""
    client = world.client("site_lead")
    posts = {
        "accounts:log-in": {"username": "a"},
        "accounts:account": {"text_size": 3},
        "accounts:password-change": {"old_password": "x", "password": "y"},
        "accounts:token-make": {"name": ""},
        "accounts:person-list": {"email": "not an address"},
        "accounts:invitation-accept": {"username": "two words"},
        "projects:project-make": {"name": "", "languages": "klingonese"},
        "projects:guideline": {"text": "# New", "note": ""},
        "workbench:inquiry-answer": {"answer": ""},
        "workbench:schema-edit": {"schema_source": "schema: 1", "base": "1", "act": "look"},
        "projects:languages": {"tag": "klingonese", "level": "C1"},
        "projects:people": {"username": "nobody", "role": "annotator", "level": "C1"},
        "corpus:import-upload": {"batch": ""},
        "corpus:import-map": {"field:text": "nothing"},
        "delivery:release-list": {"version": "", "formats": []},
    }
    found = {}
    for name, sent in posts.items():
        response = client.post(page_url(name, world), sent)
        assert response.status_code == 422, (name, response.status_code)
        found[name] = response.content.decode()
    return found


def fragments(world: World) -> dict[str, str]:
    """What htmx asks for, in every state of the job behind it."""
    client, found = world.client("lead"), {}
    headers = {"HX-Request": "true"}
    for state in ("waiting", "running", "failed", "cancelled", "done"):
        Job.objects.filter(pk=world.run.job_id).update(state=state, message=f"{state} …", finished_at=None)
        ImportRun.objects.filter(pk=world.run.pk).update(finished_at=None)
        found[f"import {state}"] = client.get(page_url("corpus:import", world), headers=headers).content.decode()
    found["release"] = client.get(page_url("delivery:release", world), headers=headers).content.decode()
    found["problem"] = client.get("/imports/nothing", headers=headers).content.decode()
    return found


def others(world: World) -> dict[str, str]:
    """Pages that no walk meets: a new token, a link shown once, what is not there, what is forbidden, what broke."""
    from django.test import RequestFactory

    from isogloss.web.views import broken, forbidden, origin_unproven

    lead, request = world.client("site_lead"), RequestFactory().get("/")
    request.user = world.people["lead"]
    return {
        "token": lead.post("/account/tokens", {"name": "t", "scopes": ["annotate"], "days": 3}).content.decode(),
        "effect": lead.post(
            page_url("workbench:schema-edit", world),
            {"schema_source": CHOICE.replace("positive", "good").replace("id: sentiment", "id: mood"), "base": "1", "q:sentiment": "mood"},
        ).content.decode(),
        "link": lead.post("/people/", {"name": "n", "roles": []}).content.decode(),
        "recall": world.client("lead")
        .post(f"/projects/{world.project.public_id}/queue/people/{world.people['annotator'].public_id}/recall", {"reason": "a test"})
        .content.decode(),
        "make for good": lead.post(page_url("delivery:release-list", world), {"version": "7.0.0", "formats": ["jsonl"]}).content.decode(),
        "404": lead.get("/nowhere").content.decode(),
        "problem": lead.get("/projects/nothing/").content.decode(),
        "csrf": origin_unproven(request).content.decode(),
        "403": forbidden(request).content.decode(),
        "500": broken(request).content.decode(),
    }


def everything(world: World) -> dict[str, str]:
    return {**pages(world, "annotator"), **pages(world, "admin"), **pages(world), **refused(world), **others(world), **fragments(world)}


def test_every_template_is_drawn_and_none_asks_for_what_nobody_gave(world, undefined_shows, drawn):
    shown = everything(world)

    wrong = {name: body[body.index("«undefined") :][:80] for name, body in shown.items() if "«undefined" in body}
    assert wrong == {}
    missing = {str(path.relative_to(path.parents[1])) for path in ROOT.glob("*/templates/*/*.html")} - drawn
    assert missing == set()


def test_a_fragment_is_no_whole_page(world):
    whole = [name for name, body in fragments(world).items() if "<html" in body]

    assert whole == []


def test_what_is_wrong_with_a_field_stands_beside_it(world):
    pages_with_errors = refused(world)

    for name in ("projects:project-make", "projects:guideline", "projects:people", "accounts:invitation-accept", "delivery:release-list"):
        assert '<div class="error">' in pages_with_errors[name], name
        assert "has-error" in pages_with_errors[name], name
    assert "Line 1" in pages_with_errors["workbench:schema-edit"].split('id="schema-problems"')[1]


@pytest.mark.parametrize("language", [code for code, _ in django_settings.LANGUAGES])
def test_every_page_stands_in_every_interface_language(world, language):
    User.objects.update(language=language)

    shown = pages(world)

    assert len(shown) > 12
    right_to_left = language == "ar"
    for row, body in shown.items():
        assert f'dir="{"rtl" if right_to_left else "ltr"}"' in body[:400], row
        assert f'lang="{language}"' in body[:400].lower(), row


class Isolated(HTMLParser):
    """Finds text that runs in another direction and is not isolated from what stands around it."""

    ALONE = frozenset({"title", "option", "textarea", "script", "bdi"})

    def __init__(self, mark: str) -> None:
        super().__init__()
        self.mark, self.open, self.loose = mark, [], []

    def handle_starttag(self, tag, attrs):
        if tag not in {"meta", "link", "input", "br", "img", "hr", "rect", "line", "circle"}:
            self.open.append((tag, dict(attrs).get("dir") == "auto"))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.mark in data and not any(tag in self.ALONE or auto for tag, auto in self.open):
            self.loose.append(f"<{self.open[-1][0]}> {data.strip()[:80]}")


def test_text_of_people_is_isolated_wherever_it_is_shown(world):
    Project.objects.update(name=HEBREW, description=HEBREW)
    User.objects.update(name=HEBREW)
    Job.objects.filter(pk=world.run.job_id).update(message="")
    ImportRun.objects.update(file_name=f"{HEBREW}.jsonl")
    world.run.batch.__class__.objects.update(name=HEBREW)
    world.invitation.__class__.objects.update(name=HEBREW)
    world.token.__class__.objects.update(name=HEBREW)
    world.project.version.__class__.objects.update(note=HEBREW, text=f"# {HEBREW}\n\n{HEBREW}\n\n- {HEBREW}")

    loose = {}
    for name, body in everything(world).items():
        parser = Isolated(HEBREW)
        parser.feed(body)
        if parser.loose:
            loose[name] = parser.loose

    assert loose == {}


def test_what_people_wrote_is_never_markup(world):
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    Project.objects.update(name=attack, description=attack)
    User.objects.update(name=attack)
    ImportRun.objects.update(file_name=attack)
    world.project.version.__class__.objects.update(note=attack, text=f"# {attack}\n\n[x](javascript:alert(1)) {attack}")

    loud = [name for name, body in everything(world).items() if re.search(r"<script>alert|<img|href=.?javascript:", body, re.IGNORECASE)]

    assert loud == []
