"""Competences and qualifications: what a person can do, on what evidence, until when."""

from datetime import timedelta

import pytest

from isogloss.accounts.rules import Role
from isogloss.platform.problems import Conflict, InvalidInput
from isogloss.workforce.models import Competence
from isogloss.workforce.queries import people_qualified, standing_competences
from isogloss.workforce.rules import Level, Modality
from isogloss.workforce.services import grant_competence, make_qualification, record_attempt, withdraw_competence
from tests.support.clients import Program
from tests.support.making import NOW, a_lead, a_person


@pytest.fixture
def lead(db):
    return a_lead()


@pytest.fixture
def person(db):
    return a_person()


def standing(person, *, now=NOW) -> list[tuple[str, str]]:
    return [(row.tag, row.level) for row in standing_competences(user_ids=[person.pk], now=now)]


@pytest.mark.parametrize(("typed", "kept"), [("jw", "jv"), ("ZH-hans", "zh-Hans"), ("tl", "fil"), ("pt_BR", "pt-BR")])
def test_a_competence_is_kept_under_the_normal_tag(lead, person, typed, kept):
    assert grant_competence(person, tag=typed, actor=lead, now=NOW).tag == kept


@pytest.mark.parametrize("tag", ["klingonese", "", "😂"])
def test_an_unknown_language_is_refused(lead, person, tag):
    with pytest.raises(InvalidInput, match="not a language tag"):
        grant_competence(person, tag=tag, actor=lead, now=NOW)


def test_a_new_grant_takes_the_place_of_the_earlier_one_and_both_are_kept(lead, person):
    grant_competence(person, tag="id", level=Level.B1, actor=lead, now=NOW)

    grant_competence(person, tag="id", level=Level.C2, actor=lead, now=NOW)

    assert (standing(person), Competence.objects.count()) == ([("id", "C2")], 2)


def test_reading_and_writing_are_two_competences(lead, person):
    grant_competence(person, tag="id", level=Level.C2, actor=lead, now=NOW)

    grant_competence(person, tag="id", level=Level.B1, modality=Modality.WRITE, actor=lead, now=NOW)

    assert standing(person) == [("id", "C2"), ("id", "B1")]


def test_a_competence_ends_when_it_was_said_to(lead, person):
    grant_competence(person, tag="id", actor=lead, now=NOW, expires_at=NOW + timedelta(days=1))

    assert standing(person, now=NOW + timedelta(hours=23)) == [("id", "C1")]
    assert standing(person, now=NOW + timedelta(days=1)) == []


def test_a_withdrawn_competence_does_not_stand(lead, person):
    row = grant_competence(person, tag="id", actor=lead, now=NOW)

    withdraw_competence(row, actor=lead, now=NOW)

    assert standing(person) == []


def test_the_latest_attempt_decides(lead, person):
    exam = make_qualification(name="Safety", description="", valid_days=None, actor=lead, now=NOW)

    def qualified() -> bool:
        return person.pk in people_qualified(qualification_id=exam.pk, user_ids=[person.pk], now=NOW)

    seen = [qualified()]
    for passed in (True, False, True):
        record_attempt(person, qualification=exam, passed=passed, score=None, actor=lead, now=NOW)
        seen.append(qualified())

    assert seen == [False, True, False, True]


def test_a_pass_lapses(lead, person):
    exam = make_qualification(name="Safety", description="", valid_days=30, actor=lead, now=NOW)
    record_attempt(person, qualification=exam, passed=True, score=0.9, actor=lead, now=NOW)

    held = [
        people_qualified(qualification_id=exam.pk, user_ids=[person.pk], now=NOW + timedelta(days=days)) == {person.pk} for days in (29, 30)
    ]

    assert held == [True, False]


@pytest.mark.parametrize(("name", "days"), [(" ", None), ("x" * 151, None), ("Safety", 0), ("Safety", 10**9)])
def test_a_qualification_that_cannot_be_is_refused(lead, name, days):
    with pytest.raises(InvalidInput):
        make_qualification(name=name, description="", valid_days=days, actor=lead, now=NOW)


def test_a_qualification_has_a_name_of_its_own(lead):
    make_qualification(name="Safety", description="", valid_days=None, actor=lead, now=NOW)

    with pytest.raises(Conflict):
        make_qualification(name=" Safety ", description="", valid_days=None, actor=lead, now=NOW)


def test_a_program_grants_lists_and_withdraws(lead, person):
    program = Program(lead)
    made = program.post(f"/people/{person.public_id}/competences", {"tag": "jw", "level": "B2", "evidence": "test of May"}).json()

    withdrawn = program.post(f"/competences/{made['id']}/withdraw").json()

    (listed,) = program.get(f"/people/{person.public_id}/competences").json()["results"]
    assert (made["tag"], made["level"], made["withdrawn_at"]) == ("jv", "B2", None)
    assert listed == withdrawn
    assert withdrawn["withdrawn_at"] is not None


@pytest.mark.parametrize("body", [{"tag": "klingonese"}, {"tag": "id", "level": "Z1"}, {"tag": "id", "modality": "sing"}, {}])
def test_a_program_is_told_what_is_wrong(lead, person, body):
    assert Program(lead).post(f"/people/{person.public_id}/competences", body).status_code == 422


def test_a_program_keeps_qualifications(db):
    admin, person = a_person(roles=(Role.ADMIN,)), a_person()
    program = Program(admin)
    exam = program.post("/qualifications", {"name": "Safety", "valid_days": 30}).json()

    tried = program.post(f"/qualifications/{exam['id']}/attempts", {"person": person.public_id, "passed": True, "score": 0.9})

    assert (tried.status_code, tried.json()["passed"], tried.json()["lapses_at"] is not None) == (200, True, True)
    assert program.get("/qualifications").json()["results"] == [exam]
