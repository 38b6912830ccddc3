"""What people ask while they annotate: read and answered on a page, seen by whoever asked."""

import pytest

from isogloss.accounts.rules import Role
from isogloss.guidelines.models import Inquiry, Ruling
from isogloss.guidelines.services import ask_inquiry, reply_to_inquiry
from isogloss.platform.problems import Conflict, InvalidInput
from isogloss.projects.services import add_member
from tests.delivery.making import an_item
from tests.support.clients import Program, a_browser
from tests.support.making import NOW, a_lead, a_person, a_project, an_annotator

SECRET = "A horrid text nobody wants to meet unasked."


@pytest.fixture
def project(db):
    return a_project(a_lead())


@pytest.fixture
def ana(project):
    return an_annotator(project, lead=project.created_by, username="ana")


def an_inquiry(project, person, *, text: str = "Is 😅 positive?", **item: object) -> Inquiry:
    about = an_item(project, **item)
    return ask_inquiry(version=project.version, project_id=project.pk, item_id=about.pk, text=text, actor=person, now=NOW)


def listed(browser, project, state: str = "") -> str:
    return browser.get(f"/projects/{project.public_id}/inquiries{state}").content.decode()


def answered(browser, inquiry, project, **sent: object):
    return browser.post(f"/projects/{project.public_id}/inquiries/{inquiry.public_id}/answer", sent)


def test_a_lead_reads_what_was_asked_with_the_text_it_is_about(project, ana):
    an_inquiry(project, ana, content={"text": "Great, just great."})

    page = listed(a_browser(project.created_by), project)

    assert "Is 😅 positive?" in page
    assert "Great, just great." in page
    assert "Ana" in page


def test_every_page_of_the_project_tells_how_many_wait_for_an_answer(project, ana):
    an_inquiry(project, ana)
    inquiry = an_inquiry(project, ana)
    reply_to_inquiry(inquiry, actor=project.created_by, answer="Yes.", now=NOW)

    pages = [a_browser(person).get(f"/projects/{project.public_id}/guideline").content.decode() for person in (project.created_by, ana)]

    assert ['<span class="chip warn">1</span>' in page for page in pages] == [True, False]


def test_a_severe_text_waits_behind_its_veil(project, ana):
    an_inquiry(project, ana, content={"text": SECRET}, severity=3, hazards="hate")

    page = listed(a_browser(project.created_by), project)

    veiled = page.split('<details class="inquiry-item">')[1].split("</details>")[0]
    assert SECRET in veiled
    assert "severity 3" in veiled


def test_an_answer_reaches_whoever_asked_and_makes_no_ruling(project, ana):
    inquiry = an_inquiry(project, ana)

    answered(a_browser(project.created_by), inquiry, project, answer="Yes, when it laughs.")

    browser = a_browser(ana)
    assert "Yes, when it laughs." in listed(browser, project)
    assert "Yes, when it laughs." in browser.get(f"/projects/{project.public_id}/annotate").content.decode()
    assert Ruling.objects.count() == 0


def test_an_answer_as_ruling_stands_beside_the_item_with_its_labels(project, ana):
    inquiry = an_inquiry(project, ana)

    answered(a_browser(project.created_by), inquiry, project, answer="Positive.", is_ruling="on", labels=["positive"])

    other = an_annotator(project, lead=project.created_by)
    page = a_browser(other).get(f"/projects/{project.public_id}/annotate").content.decode()
    assert '<li id="ruling-1" value="1" data-labels="positive">' in page


def test_the_second_of_two_who_answer_is_told_so(project, ana):
    inquiry, browser = an_inquiry(project, ana), a_browser(project.created_by)
    answered(browser, inquiry, project, answer="Yes.")

    second = answered(browser, inquiry, project, answer="No.")

    assert second.status_code == 422
    inquiry.refresh_from_db()
    assert inquiry.answer == "Yes."


def test_an_annotator_sees_what_they_asked_and_nothing_else(project, ana):
    ben = an_annotator(project, lead=project.created_by)
    an_inquiry(project, ana, text="Asked by Ana")
    an_inquiry(project, ben, text="Asked by Ben")

    page = listed(a_browser(ben), project)

    assert "Asked by Ben" in page
    assert "Asked by Ana" not in page
    assert "inquiry-form" not in page


def test_a_requester_answers_without_learning_who_asked(project, ana):
    requester = a_person()
    add_member(project, user=requester, role=Role.REQUESTER, actor=project.created_by, now=NOW)
    inquiry = an_inquiry(project, ana)

    page = listed(a_browser(requester), project)
    rows = Program(requester).get(f"/projects/{project.public_id}/inquiries").json()["results"]

    assert "inquiry-form" in page
    assert "Ana" not in page
    assert [(row["id"], row["person"]) for row in rows] == [(inquiry.public_id, None)]


def test_an_inquiry_of_another_project_cannot_be_answered_here(project, ana):
    other = a_project(project.created_by)
    inquiry = an_inquiry(other, ana)

    assert answered(a_browser(project.created_by), inquiry, project, answer="x").status_code == 404


def test_pages_follow_one_another_and_the_filters_hold(project, ana):
    for number in range(27):
        an_inquiry(project, ana, text=f"Question {number}")
    lead = a_browser(project.created_by)
    answered(lead, Inquiry.objects.get(text="Question 26"), project, answer="x")

    first = lead.get(f"/projects/{project.public_id}/inquiries")
    second = lead.get(f"/projects/{project.public_id}/inquiries?before={first.context['older']}")

    assert first.context["rows"][0].inquiry.text == "Question 25"
    assert [row.inquiry.text for row in second.context["rows"]] == ["Question 0"]
    assert "Question 26" in listed(lead, project, "?state=answered")


def test_the_api_answers_and_tells_the_item_to_a_lead_alone(project, ana):
    inquiry = an_inquiry(project, ana)
    path = f"/projects/{project.public_id}/inquiries"
    lead = Program(project.created_by)

    told = lead.post(f"{path}/{inquiry.public_id}/answer", {"answer": "Neutral.", "ruling": True, "labels": ["neutral"]}).json()
    mine = Program(ana).get(f"{path}?state=answered").json()["results"]

    assert (told["ruling"], told["answer"]) == (1, "Neutral.")
    assert lead.get(path).json()["results"][0]["item"].startswith("item-")
    assert [(row["id"], row["item"]) for row in mine] == [(inquiry.public_id, None)]


def test_an_empty_reply_and_a_second_one_are_refused(project, ana):
    inquiry = an_inquiry(project, ana)

    with pytest.raises(InvalidInput):
        reply_to_inquiry(inquiry, actor=project.created_by, answer=" ", now=NOW)
    reply_to_inquiry(inquiry, actor=project.created_by, answer="Yes.", now=NOW)
    with pytest.raises(Conflict):
        reply_to_inquiry(inquiry, actor=project.created_by, answer="No.", now=NOW)


def test_a_reload_after_a_refused_answer_shows_the_inquiry(project, ana):
    inquiry = an_inquiry(project, ana)
    browser = a_browser(project.created_by)

    led = browser.get(f"/projects/{project.public_id}/inquiries/{inquiry.public_id}/answer")

    assert (led.status_code, led["Location"].endswith(f"#inquiry-{inquiry.public_id}")) == (302, True)
    assert f'id="inquiry-{inquiry.public_id}"' in browser.get(led["Location"]).content.decode()
