"""The page of a new project: what was typed stays, every fault is shown at once."""

import pytest

from isogloss.projects.models import Project
from tests.support.clients import a_browser
from tests.support.making import CHOICE, a_lead

TYPED = {
    "name": "Taxi complaints", "description": "For the dialogue team", "languages": "id ms", "target": "4", "declared_severity": "2",
    "routing": "pool", "aggregation": "auto", "schema_source": CHOICE, "guideline": "mine",
}  # fmt: skip


@pytest.fixture
def browser(db):
    return a_browser(a_lead())


def test_choosing_a_template_keeps_what_was_typed_and_brings_its_own_schema_and_guideline(browser):
    answer = browser.post("/projects/new", {**TYPED, "template": "spans"})

    form = answer.context["form"]
    kept = {name: form[name].value() for name in TYPED}
    chosen = answer.context["chosen"]
    assert (answer.status_code, form.errors, chosen.slug, Project.objects.count()) == (200, {}, "spans", 0)
    assert kept == {**TYPED, "schema_source": chosen.schema_yaml, "guideline": chosen.guideline_markdown}


def test_choosing_a_template_says_nothing_yet_of_what_is_missing(browser):
    answer = browser.post("/projects/new", {"name": "", "languages": "klingonese", "template": "spans"})

    assert (answer.status_code, b"has-error" in answer.content) == (200, False)


def test_the_return_key_in_a_field_makes_the_project_and_chooses_no_template(browser):
    page = browser.get("/projects/new").content.decode()

    form = page[page.index('class="form"') :]
    assert "<button" in form
    assert 'name="template"' not in form[form.index("<button") :].split(">", 1)[0]


def test_every_fault_is_shown_at_once_and_the_first_takes_the_focus(browser):
    answer = browser.post(
        "/projects/new", {**TYPED, "languages": "klingonese", "target": "0", "schema_source": "schema: 1\nquestions: []\n"}
    )

    page = answer.content.decode()
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"languages", "target", "schema_source"})
    focused = [part.split(">", 1)[0] for part in page.split("<")[1:] if "autofocus" in part.split(">", 1)[0]]
    assert len(focused) == 1
    assert 'name="languages"' in focused[0]


def test_code_and_tags_run_left_to_right_and_prose_as_it_is_written(browser):
    form = browser.get("/projects/new").context["form"]

    assert {name: form.fields[name].widget.attrs.get("dir") for name in ("languages", "schema_source", "guideline", "name", "description")} == {
        "languages": "ltr", "schema_source": "ltr", "guideline": "auto", "name": "auto", "description": "auto",
    }  # fmt: skip
