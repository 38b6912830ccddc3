"""Adding people to a project with what they read: a competence holds for the whole site, and a better one stays."""

from datetime import timedelta

import pytest

from isogloss.accounts.models import User
from isogloss.accounts.rules import Role
from isogloss.projects.models import Membership, Project
from isogloss.projects.services import add_member
from isogloss.workforce.models import Competence
from isogloss.workforce.rules import Level, Modality
from isogloss.workforce.services import grant_competence
from tests.support.clients import a_browser
from tests.support.making import NOW, a_lead, a_person, a_project

pytestmark = pytest.mark.django_db


def a_project_lead(project: Project) -> User:
    person = a_person()
    add_member(project, user=person, role=Role.LEAD, actor=project.created_by, now=NOW)
    return person


def adding(project: Project, person: User, *, by: User, languages: str, level: str = "A2") -> str:
    sent = {"username": person.username, "role": "annotator", "languages": languages, "level": level}
    answer = a_browser(by).post(f"/projects/{project.public_id}/people", sent, follow=True)
    assert Membership.objects.filter(project=project, user=person, role=Role.ANNOTATOR).exists()
    return "\n".join(str(message) for message in answer.context["messages"])


def held(person: User) -> list[tuple[str, str, str]]:
    rows = Competence.objects.filter(user=person, withdrawn_at__isnull=True).order_by("tag")
    return [(row.tag, row.level, row.evidence) for row in rows]


def test_who_leads_one_project_alone_adds_people_and_records_no_competence():
    project, person = a_project(a_lead()), a_person()

    told = adding(project, person, by=a_project_lead(project), languages="id zh-Hant")

    assert held(person) == []
    assert "id, zh-Hant" in told
    assert "lead of the site" in told


@pytest.mark.parametrize("role", [Role.LEAD, Role.ADMIN])
def test_a_lead_of_the_site_or_an_administrator_records_competences(role):
    project, person, actor = a_project(a_lead()), a_person(), a_person(roles=(role,))
    add_member(project, user=actor, role=Role.LEAD, actor=project.created_by, now=NOW)

    adding(project, person, by=actor, languages="id zh-Hant", level="B2")

    stated = f"stated by the lead of {project.name}"
    assert held(person) == [("id", "B2", stated), ("zh-Hant", "B2", stated)]


@pytest.mark.parametrize("asked", ["A2", "C2"])
def test_a_competence_of_the_same_or_a_higher_level_stays_as_it_was_shown(asked):
    lead, person = a_lead(), a_person()
    grant_competence(person, tag="id", level=Level.C2, evidence="exam 2026", actor=lead, now=NOW)

    told = adding(a_project(lead), person, by=lead, languages="id en", level=asked)

    assert ("id", "C2", "exam 2026") in held(person)
    assert Competence.objects.filter(user=person, tag="id").count() == 1
    assert "en" in {tag for tag, _, _ in held(person)}
    assert "already: id" in told


def test_a_wider_competence_of_a_higher_level_needs_no_narrower_one():
    lead, person = a_lead(), a_person()
    grant_competence(person, tag="ar", level=Level.C2, evidence="exam 2026", actor=lead, now=NOW)

    adding(a_project(lead), person, by=lead, languages="arz", level="B2")

    assert held(person) == [("ar", "C2", "exam 2026")]


def test_a_lower_competence_is_raised():
    lead, person = a_lead(), a_person()
    grant_competence(person, tag="id", level=Level.A1, evidence="guess", actor=lead, now=NOW)

    adding(a_project(lead), person, by=lead, languages="id", level="B2")

    assert [(tag, level) for tag, level, _ in held(person)] == [("id", "B2")]


@pytest.mark.parametrize("other", [{"modality": Modality.LISTEN}, {"expires_at": NOW - timedelta(days=300)}])
def test_a_competence_in_something_else_or_of_the_past_is_no_reason_to_record_none(other):
    lead, person = a_lead(), a_person()
    grant_competence(person, tag="id", level=Level.C2, actor=lead, now=NOW - timedelta(days=400), **other)

    adding(a_project(lead), person, by=lead, languages="id", level="B2")

    assert ("id", "B2") in [(tag, level) for tag, level, _ in held(person)]


def test_who_leads_one_project_alone_is_told_what_is_on_record_and_what_is_not():
    lead, person = a_lead(), a_person()
    project = a_project(lead)
    grant_competence(person, tag="id", level=Level.C2, actor=lead, now=NOW)

    told = adding(project, person, by=a_project_lead(project), languages="id ja")

    assert ("already: id" in told, "recorded: ja" in told) == (True, True)
