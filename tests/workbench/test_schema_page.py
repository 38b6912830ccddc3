"""The page where a lead edits the label schema: checked while it is typed, its effect shown before it is made."""

import json
import re

import pytest

from isogloss.guidelines.models import GuidelineVersion
from isogloss.projects.services import revise_guideline
from tests.delivery.making import an_answer, an_item
from tests.support.clients import Program, a_browser
from tests.support.making import CHOICE, NOW, a_lead, a_person, a_project, an_annotator

GOOD = CHOICE.replace("{value: positive, name: Positive}", "{value: good, name: Good}")
RENAME = {"l:sentiment:labels:positive": "good"}


@pytest.fixture
def project(db):
    return a_project(a_lead())


@pytest.fixture
def lead(project):
    return a_browser(project.created_by)


def address(project, act: str = "") -> str:
    return f"/projects/{project.public_id}/schema{act}"


def checked(browser, project, source: object):
    return browser.post(address(project, "/check"), json.dumps({"source": source}), content_type="application/json")


def posted(browser, project, source: str = GOOD, **more: str):
    return browser.post(address(project), {"schema_source": source, "base": "1", "act": "look", **more})


def looked(response) -> str:
    return re.search(r'name="looked" value="(\w+)"', response.content.decode())[1]


def config(response) -> dict:
    return json.loads(
        re.search(r'<script id="schema-config" type="application/json">(.*?)</script>', response.content.decode(), re.DOTALL)[1]
    )


def test_the_text_is_checked_as_it_is_typed_and_nothing_is_written(project, lead):
    answer = checked(lead, project, GOOD).json()

    assert answer["ok"]
    assert answer["document"]["questions"][0]["labels"][0]["value"] == "good"
    assert GuidelineVersion.objects.count() == 1


def test_an_error_is_told_with_line_and_path(project, lead):
    answer = checked(lead, project, CHOICE.replace("kind: choice", "kind: chioce")).json()

    (problem,) = answer["problems"]
    assert (answer["ok"], problem["line"], problem["path"]) == (False, 6, "questions[0].kind")
    assert "choice" in problem["message"]


@pytest.mark.parametrize(("source", "status"), [("x" * ((1 << 20) + 1), 413), (7, 422), (None, 422)])
def test_what_is_too_large_or_no_text_is_refused(project, lead, source, status):
    assert checked(lead, project, source).status_code == status


def test_the_preview_is_given_a_few_of_the_projects_own_texts(project, lead):
    for language in ("en", "en", "id"):
        an_item(project, language=language)

    given = config(lead.get(address(project)))

    assert [example["language"] for example in given["examples"]] == ["en", "id", "en"]
    assert given["checked"]["ok"]


@pytest.mark.parametrize(("start", "said"), [("", "sentiment"), ("spans", "kind: spans"), ("empty", "displays:")])
def test_one_begins_with_the_present_version_a_template_or_nothing(project, lead, start, said):
    shown = lead.get(f"{address(project)}?from={start}")

    assert said in shown.context["form"]["schema_source"].value()


def test_the_effect_is_shown_before_a_version_is_made(project, lead):
    an_answer(an_item(project), a_person(), "positive")

    shown = posted(lead, project)

    assert (shown.status_code, shown.context["effect"]["part"]) == (200, 1)
    assert GuidelineVersion.objects.count() == 1


def test_the_version_is_made_once_the_lead_has_looked(project, lead):
    seen = posted(lead, project, **RENAME)

    made = posted(lead, project, act="make", looked=looked(seen), note="Good, not positive", **RENAME)

    project.refresh_from_db()
    assert made.status_code == 302
    assert (project.version.number, project.version.note) == (2, "Good, not positive")
    assert project.version.renames == {
        "questions": {},
        "labels": [{"question": "sentiment", "part": "labels", "from": "positive", "to": "good"}],
    }


def test_a_text_that_changed_after_the_look_is_shown_again_and_not_made(project, lead):
    seen = posted(lead, project)

    again = posted(lead, project, CHOICE.replace("Sentiment", "Feeling"), act="make", looked=looked(seen), note="n")

    assert (again.status_code, GuidelineVersion.objects.count()) == (200, 1)
    assert "has changed since you looked" in again.content.decode()


def test_a_version_needs_a_word_about_what_has_changed(project, lead):
    seen = posted(lead, project)

    refused = posted(lead, project, act="make", looked=looked(seen), note=" ")

    assert (refused.status_code, GuidelineVersion.objects.count()) == (422, 1)
    assert "note" in refused.context["form"].errors


def test_of_two_leads_the_second_is_told_that_the_version_has_moved(project, lead):
    seen = posted(lead, project)
    revise_guideline(project, schema_source=CHOICE, text="", note="n", actor=project.created_by, now=NOW)

    refused = posted(lead, project, act="make", looked=looked(posted(lead, project)), note="n")

    assert looked(seen)
    assert refused.status_code == 422
    assert "another version meanwhile" in refused.content.decode()
    assert GuidelineVersion.objects.count() == 2


def test_a_rename_that_the_text_has_outgrown_is_forgotten(project, lead):
    shown = posted(lead, project, CHOICE, **RENAME, **{"q:nothing": "sentiment", "l:broken": "x"})

    assert shown.status_code == 200
    assert shown.context["effect"]["rows"] == []


def test_a_text_with_an_error_is_kept_with_what_is_wrong(project, lead):
    shown = posted(lead, project, "schema: 1\nquestions: [")

    assert shown.status_code == 422
    assert "questions: [" in shown.context["form"]["schema_source"].value()
    assert config(shown)["checked"]["problems"][0]["line"] >= 2


def test_an_annotator_may_neither_edit_nor_check(project):
    browser = a_browser(an_annotator(project, lead=project.created_by))

    assert {browser.get(address(project)).status_code, checked(browser, project, GOOD).status_code} == {403}


def test_the_json_schema_is_published_for_everybody(db):
    answer = a_browser().get("/label-schema.json")

    assert answer.headers["Content-Type"] == "application/schema+json"
    assert answer.json()["title"] == "Isogloss label schema"


def test_the_api_tells_the_effect_and_makes_a_version_with_renames(project):
    program = Program(project.created_by)
    an_answer(an_item(project), a_person(), "positive")
    renames = {"labels": [{"question": "sentiment", "from": "positive", "to": "good"}]}
    path = f"/projects/{project.public_id}/guideline"

    plain = program.post(f"{path}/effect", {"label_schema": GOOD}).json()
    renamed = program.post(f"{path}/effect", {"label_schema": GOOD, "renames": renames}).json()
    made = program.post(path, {"label_schema": GOOD, "note": "n", "renames": renames, "base": 1})
    late = program.post(path, {"label_schema": CHOICE, "note": "n", "base": 1})

    assert (plain["annotations"], plain["whole"], renamed["whole"]) == (1, 0, 1)
    assert renamed["questions"][0]["labels"] == [{"part": "labels", "value": "good", "was": "positive", "fate": "renamed", "answers": 1}]
    assert (made.json()["version"], late.status_code) == (2, 409)


def test_the_api_refuses_renames_of_what_is_not_there(project):
    renames = {"labels": [{"question": "sentiment", "from": "nobody", "to": "good"}]}

    refused = Program(project.created_by).post(
        f"/projects/{project.public_id}/guideline", {"label_schema": GOOD, "note": "n", "renames": renames}
    )

    assert (refused.status_code, GuidelineVersion.objects.count()) == (422, 1)
