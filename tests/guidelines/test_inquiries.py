"""Inquiries, rulings and versions."""

import pytest

from isogloss.guidelines.models import GuidelineVersion, Inquiry, Ruling
from isogloss.guidelines.queries import open_inquiries, schema_of
from isogloss.guidelines.services import answer_inquiry, ask_inquiry, make_ruling, make_version
from isogloss.platform.problems import Conflict, InvalidInput
from tests.support.making import CHOICE, NOW, a_lead, a_person, a_project
from tests.support.together import together


def an_inquiry(project, *, text: str = "Is 😅 positive?") -> Inquiry:
    return ask_inquiry(version=project.version, project_id=project.pk, item_id=None, text=text, actor=project.created_by, now=NOW)


@pytest.fixture
def project(db):
    return a_project(a_lead())


def test_an_inquiry_is_answered_once(project):
    inquiry, ben = an_inquiry(project), a_person()
    answer_inquiry(inquiry, actor=project.created_by, ruling="Count emoji as neutral.", now=NOW)

    with pytest.raises(Conflict):
        answer_inquiry(inquiry, actor=ben, ruling="Count emoji as positive.", now=NOW)

    assert [ruling.text for ruling in Ruling.objects.all()] == ["Count emoji as neutral."]


def test_an_answered_inquiry_is_not_open_any_more(project):
    first, second = an_inquiry(project), an_inquiry(project, text="And 🙃?")

    answer_inquiry(first, actor=project.created_by, ruling="Neutral.", labels=("neutral",), now=NOW)

    assert list(open_inquiries(project_id=project.pk)) == [second]
    first.refresh_from_db()
    assert (first.ruling.number, first.ruling.labels, first.answer) == (1, ["neutral"], "Neutral.")


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_question_or_ruling_is_refused(project, text):
    inquiry = an_inquiry(project)

    with pytest.raises(InvalidInput):
        an_inquiry(project, text=text)
    with pytest.raises(InvalidInput):
        answer_inquiry(inquiry, actor=project.created_by, ruling=text, now=NOW)
    with pytest.raises(InvalidInput):
        make_ruling(project.guideline, text=text, actor=project.created_by, now=NOW)


def test_of_two_who_answer_at_once_the_second_is_told_so(transactional_db):
    project = a_project(a_lead())
    inquiry, ben = an_inquiry(project), a_person()

    def answer(actor, ruling: str):
        stale = Inquiry.objects.select_related("version__guideline").get(pk=inquiry.pk)
        return lambda: answer_inquiry(stale, actor=actor, ruling=ruling, now=NOW)

    outcomes = together(answer(project.created_by, "Neutral."), answer(ben, "Positive."))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "Ruling"]
    assert Ruling.objects.count() == 1
    inquiry.refresh_from_db()
    assert inquiry.ruling in outcomes


def test_rulings_made_at_once_have_numbers_of_their_own(transactional_db):
    project = a_project(a_lead())

    together(*[lambda: make_ruling(project.guideline, text="Neutral.", actor=project.created_by, now=NOW)] * 4)

    assert sorted(Ruling.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_versions_made_at_once_have_numbers_of_their_own(transactional_db):
    project = a_project(a_lead())

    together(*[lambda: make_version(project.guideline, schema_source=CHOICE, text="", note="n", actor=project.created_by, now=NOW)] * 3)

    assert sorted(GuidelineVersion.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_a_version_keeps_the_schema_it_was_made_with(project):
    other = CHOICE.replace("positive", "good").replace("Positive", "Good")

    second = make_version(project.guideline, schema_source=other, text="", note="n", actor=None, now=NOW)

    values = [[label.value for label in schema_of(version.pk).questions[0].labels] for version in (project.version, second)]
    assert values == [["positive", "neutral", "negative"], ["good", "neutral", "negative"]]


@pytest.mark.parametrize(
    ("schema", "said"),
    [("schema: 1", "questions"), ("a: [", "YAML"), ("", ""), ("schema: 1\nquestions: []", "questions"), (CHOICE + "\x00", "NUL")],
)
def test_a_wrong_schema_is_told_with_its_line(project, schema, said):
    with pytest.raises(InvalidInput, match="line") as refused:
        make_version(project.guideline, schema_source=schema, text="", note="", actor=None, now=NOW)

    assert said in refused.value.detail
    assert all(isinstance(row["line"], int) and row["message"] for row in refused.value.errors)
    assert GuidelineVersion.objects.count() == 1
