"""The pages and the API of language models."""

import pytest

from isogloss.accounts.rules import Role
from isogloss.assist import services
from isogloss.assist.detectors import active_detector
from isogloss.assist.models import TrainingRun
from isogloss.platform.jobs import run_waiting
from isogloss.web.dumbbells import LEFT, RIGHT, WIDTH, dumbbells
from tests.assist.making import a_decided_release, a_language_project, a_model
from tests.support.clients import Program, a_browser
from tests.support.making import NOW, a_lead, a_person


def test_without_a_release_the_page_says_what_to_do(db):
    page = a_browser(a_lead()).get("/models/").content.decode()

    assert "The shipped detectors speak alone." in page
    assert "trained from a finished release" in page


def test_a_model_is_trained_looked_at_let_speak_and_taken_back_through_pages(db):
    lead = a_lead()
    release = a_decided_release(a_language_project(lead))
    browser = a_browser(lead)

    asked = browser.post("/models/train", {"releases": [release.public_id]}, follow=True).content.decode()
    run_waiting()
    name = TrainingRun.objects.get().model
    page = browser.get(f"/models/{name}").content.decode()
    browser.post(f"/models/{name}/activate")
    speaking = active_detector.name
    browser.post("/models/back")

    assert "Waiting for its turn" in asked
    assert "Let it speak" in page
    assert "The gate&#x27;s table" in page or "The gate's table" in page
    assert (speaking, active_detector.name) == (name, "")


def test_a_refused_model_shows_why_and_needs_a_word(db):
    lead, name = a_lead(), a_model(passes=False)
    browser = a_browser(lead)

    page = browser.get(f"/models/{name}").content.decode()
    browser.post(f"/models/{name}/activate")
    without = active_detector.name
    browser.post(f"/models/{name}/activate", {"insist": "yes"})

    assert "The gate refused it" in page
    assert (without, active_detector.name) == ("", name)


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.REVIEWER, Role.WELLBEING_OFFICER])
def test_models_are_the_business_of_leads_and_administrators(db, role):
    assert a_browser(a_person(roles=(role,))).get("/models/").status_code == 403


def test_the_api_trains_shows_and_switches(db):
    lead = a_lead()
    release = a_decided_release(a_language_project(lead))
    program = Program(lead)

    asked = program.ask("POST", "/models/train", {"releases": [release.public_id]}).json()
    run_waiting()
    done = program.get(f"/models/trainings/{asked['id']}").json()
    shown = program.get(f"/models/{done['model']}").json()
    speaking = program.ask("POST", f"/models/{done['model']}/activate", {}).json()
    back = program.ask("POST", "/models/back").json()

    assert (asked["state"], done["state"]) == ("waiting", "done")
    assert {row["language"] for row in shown["scores"]} == {"ain", "id"}
    assert (speaking["model"], back) == (done["model"], {"model": None, "before": None})


def test_the_api_says_why_a_refused_model_does_not_speak(db):
    name = a_model(passes=False)

    answer = Program(a_lead()).ask("POST", f"/models/{name}/activate", {})

    assert (answer.status_code, "get worse" in answer.json()["detail"]) == (409, True)


def test_who_let_a_model_speak_is_shown(db):
    lead = a_lead("margaret")
    services.activate(a_model(), actor=lead, now=NOW)

    assert "Margaret" in a_browser(lead).get("/models/").content.decode()


def test_a_dumbbell_reaches_from_before_to_after_and_the_greatest_loss_stands_first():
    chart = dumbbells([("id", 0.5, 1.0), ("jv", 0.75, 0.25)])

    first, second = chart.rows
    span = WIDTH - LEFT - RIGHT
    assert (first.tag, first.is_worse, first.before, first.after) == ("jv", True, LEFT + 0.75 * span, LEFT + 0.25 * span)
    assert (second.tag, second.is_worse, second.after) == ("id", False, LEFT + span)
    assert first.y < second.y < chart.height
