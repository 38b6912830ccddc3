"""The pages and the API of workforce: who may see and change competences and qualifications, and what that does."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from isogloss.accounts.models import User
from isogloss.accounts.rules import Role
from isogloss.accounts.services import make_api_token
from isogloss.platform import clock
from isogloss.workforce.models import Attempt, Competence, Profile, Qualification
from isogloss.workforce.queries import competence_matrix
from isogloss.workforce.rules import Level, Modality
from isogloss.workforce.services import grant_competence, make_qualification, record_attempt
from tests.dispatch.making import a_desk
from tests.support.making import NOW, a_lead, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def lead():
    return a_lead("lea")


def as_(client, person):
    client.force_login(person)
    return client


def able(person: User, *tags: str, lead: User, **more: object) -> User:
    for tag in tags:
        grant_competence(person, tag=tag, actor=lead, now=NOW, **more)
    return person


def a_test(lead: User, *, valid_days: int | None = None, name: str = "Entry") -> Qualification:
    return make_qualification(name=name, description="", valid_days=valid_days, actor=lead, now=NOW)


def test_a_lead_grants_a_competence_and_the_person_is_served_at_the_next_request(client):
    desk = a_desk(n=1)
    ana = desk.annotator("fr")
    request = desk.ask(ana)
    before = desk.store.next_leases(request).leases
    data = {"tag": "en", "modality": "read", "level": "C1", "evidence": "grew up there", "expires_on": "2026-12-31"}

    as_(client, desk.lead).post(reverse("workforce:competences", args=[ana.public_id]), data)

    assert (before, len(desk.store.next_leases(request).leases)) == ([], 1)
    row = Competence.objects.get(user=ana, tag="en")
    assert (row.evidence, row.expires_at.isoformat(), row.granted_by_id) == ("grew up there", "2027-01-01T00:00:00+00:00", desk.lead.pk)


def test_a_lead_withdraws_a_competence_and_the_person_is_served_nothing_at_the_next_request(client):
    desk = a_desk(n=2)
    ana = desk.annotator("en")
    request = desk.ask(ana)
    desk.store.next_leases(request)

    as_(client, desk.lead).post(reverse("workforce:competence-withdraw", args=[Competence.objects.get(user=ana).public_id]))

    assert desk.store.next_leases(request).leases == []
    assert desk.violations() == {}


def test_a_tag_that_is_no_language_is_told_on_the_form(client, lead):
    ana = a_person()

    response = as_(client, lead).post(
        reverse("workforce:competences", args=[ana.public_id]), {"tag": "klingonese", "modality": "read", "level": "C1"}
    )

    assert (response.status_code, response.content.decode().count("not a language tag")) == (422, 1)


def test_competences_stand_in_the_order_of_their_names(client, lead):
    ana = a_person()
    for tag in ("es", "zh-Hant", "en", "ar"):
        grant_competence(ana, tag=tag, actor=lead, now=NOW)

    page = as_(client, lead).get(reverse("workforce:competences", args=[ana.public_id]))

    assert [row.tag for row, _state in page.context["rows"]] == ["ar", "zh-Hant", "en", "es"]


def test_a_day_that_is_over_is_refused(client, lead):
    ana = a_person()
    data = {"tag": "en", "modality": "read", "level": "C1", "expires_on": "2026-11-21"}

    response = as_(client, lead).post(reverse("workforce:competences", args=[ana.public_id]), data)

    assert (response.status_code, Competence.objects.count()) == (422, 0)


def test_a_person_reads_their_own_and_changes_nothing(client, lead):
    ana = able(a_person("ana"), "jv", lead=lead)
    url = reverse("workforce:competences", args=[ana.public_id])

    page = as_(client, ana).get(url)
    posting = client.post(url, {"tag": "en", "modality": "read", "level": "C2"})
    withdrawing = client.post(reverse("workforce:competence-withdraw", args=[Competence.objects.get().public_id]))

    assert "Javanese" in page.content.decode()
    assert "<form" not in page.content.decode().split("<main")[1]
    assert (posting.status_code, withdrawing.status_code) == (403, 403)
    assert Competence.objects.filter(withdrawn_at__isnull=True).count() == 1


def test_others_do_not_see_it(client, lead):
    ana = able(a_person("ana"), "jv", lead=lead)

    assert as_(client, a_person()).get(reverse("workforce:competences", args=[ana.public_id])).status_code == 404


@pytest.mark.parametrize("name", ["workforce:matrix", "workforce:qualification-list"])
@pytest.mark.parametrize(
    ("role", "status"), [(Role.LEAD, 200), (Role.ADMIN, 200), (Role.ANNOTATOR, 403), (Role.REQUESTER, 403), (Role.WELLBEING_OFFICER, 403)]
)
def test_who_may_see_the_lists(client, name, role, status):
    assert as_(client, a_person(roles=(role,))).get(reverse(name)).status_code == status


def test_the_matrix_shows_who_can_do_what_today(lead):
    ana, ben = able(a_person("ana"), "id", "jv", lead=lead), able(a_person("ben"), "id", lead=lead, level=Level.B2, modality=Modality.WRITE)
    able(a_person("cleo"), "th", lead=lead, expires_at=NOW)

    columns, rows = competence_matrix(now=NOW)

    assert columns == ["id", "jv"]
    assert [(row.person, [[(s.modality, s.level) for s in cell] for cell in row.cells]) for row in rows] == [
        (ana, [[("read", "C1")], [("read", "C1")]]),
        (ben, [[("write", "B2")], []]),
    ]


def test_the_matrix_by_language_shows_whose_competence_covers_it(client, lead):
    able(a_person("ana"), "ar", lead=lead)
    able(a_person("ben"), "arz", lead=lead)
    able(a_person("cleo"), "id", lead=lead)

    page = as_(client, lead).get(reverse("workforce:matrix"), {"language": "arz"}).content.decode()

    assert [name in page for name in ("<bdi>Ana</bdi>", "<bdi>Ben</bdi>", "<bdi>Cleo</bdi>")] == [True, True, False]


def test_a_language_that_is_none_is_told(client, lead):
    response = as_(client, lead).get(reverse("workforce:matrix"), {"language": "not a tag"})

    assert response.status_code == 200
    assert "notice bad" in response.content.decode()


@pytest.mark.parametrize("name", ["workforce:matrix", "workforce:qualification-list"])
def test_the_lists_cost_the_same_number_of_queries_with_more_people(client, lead, name):
    as_(client, lead)
    counts = []
    for people in (2, 20):
        test = a_test(lead, name=f"Test {people}")
        for _ in range(people):
            record_attempt(able(a_person(), "id", "jv", lead=lead), qualification=test, passed=True, score=None, actor=lead, now=NOW)
        client.get(reverse(name))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_lead_defines_a_qualification_and_records_a_pass(client, lead):
    ana = a_person("ana")
    as_(client, lead).post(reverse("workforce:qualification-list"), {"name": "Safety", "description": "20 items", "valid_days": "30"})
    made = Qualification.objects.get()

    client.post(reverse("workforce:attempt-record", args=[made.public_id]), {"username": "Ana", "outcome": "passed", "score": "0.9"})

    row = Attempt.objects.get()
    assert (row.user, row.passed, row.score, row.lapses_at) == (ana, True, 0.9, NOW + timedelta(days=30))
    assert "<bdi>Ana</bdi>" in client.get(reverse("workforce:qualification-list")).content.decode()


def test_a_name_that_is_taken_is_told_on_the_form(client, lead):
    a_test(lead)

    response = as_(client, lead).post(reverse("workforce:qualification-list"), {"name": "Entry"})

    assert (response.status_code, Qualification.objects.count()) == (422, 1)


def test_an_attempt_of_nobody_is_told_at_its_form(client, lead):
    test = a_test(lead)

    response = as_(client, lead).post(
        reverse("workforce:attempt-record", args=[test.public_id]), {"username": "nobody", "outcome": "passed"}
    )

    assert (response.status_code, Attempt.objects.count()) == (422, 0)
    assert "Nobody has this username" in response.content.decode()


def a_desk_with_a_test():
    from isogloss.dispatch.services import sync_project
    from isogloss.projects.models import Workflow

    desk = a_desk(n=3)
    test = a_test(desk.lead)
    Workflow.objects.filter(project=desk.project).update(qualification=test)
    sync_project(desk.project.pk, now=NOW)
    ana = desk.annotator()
    attempt = record_attempt(ana, qualification=test, passed=True, score=None, actor=desk.lead, now=NOW)
    return desk, ana, test, attempt


def test_a_pass_that_is_ended_takes_effect_at_the_next_request(client):
    desk, ana, test, attempt = a_desk_with_a_test()
    request = desk.ask(ana)
    held = len(desk.store.next_leases(request).leases)

    as_(client, desk.lead).post(reverse("workforce:attempt-lapse", args=[test.public_id, attempt.pk]))

    assert held == 1
    assert desk.store.next_leases(request).leases == []
    assert Attempt.objects.get(pk=attempt.pk).passed is True
    assert desk.violations() == {}


def test_a_pass_of_another_qualification_is_not_ended_through_this_one(client):
    desk, _ana, _test, attempt = a_desk_with_a_test()
    other = a_test(desk.lead, name="Other")

    response = as_(client, desk.lead).post(reverse("workforce:attempt-lapse", args=[other.public_id, attempt.pk]))

    assert (response.status_code, Attempt.objects.get(pk=attempt.pk).lapses_at) == (404, None)


def test_a_failed_try_after_a_pass_ends_it():
    desk, ana, test, _attempt = a_desk_with_a_test()
    request = desk.ask(ana)
    desk.store.next_leases(request)

    record_attempt(ana, qualification=test, passed=False, score=0.2, actor=desk.lead, now=NOW)

    assert desk.store.next_leases(request).leases == []


def test_a_lead_sets_the_clock_a_person_works_by(client, lead):
    ana = a_person()

    as_(client, lead).post(reverse("workforce:profile", args=[ana.public_id]), {"time_zone": "Asia/Tokyo", "weekly_hours": "32.5"})
    wrong = client.post(reverse("workforce:profile", args=[ana.public_id]), {"time_zone": "Mars/Olympus"})

    assert list(Profile.objects.values_list("user_id", "time_zone", "weekly_hours")) == [(ana.pk, "Asia/Tokyo", 32.5)]
    assert wrong.status_code == 422


def bearer(person: User) -> dict[str, str]:
    _, secret = make_api_token(person, name="t", scopes=("admin",), actor=person, now=NOW)
    return {"Authorization": f"Bearer {secret}"}


def test_the_api_lists_the_competences_that_cover_a_tag(client, lead):
    ana = able(a_person(), "ar", lead=lead)
    able(a_person(), "id", lead=lead)

    found = client.get("/api/v1/competences", {"tag": "arz"}, headers=bearer(lead)).json()["results"]
    wrong = client.get("/api/v1/competences", {"tag": "klingonese"}, headers=bearer(lead))

    assert [(row["person"], row["tag"]) for row in found] == [(ana.public_id, "ar")]
    assert wrong.status_code == 422


def test_the_api_ends_a_pass(client, lead):
    ana, test = a_person(), a_test(lead)
    record_attempt(ana, qualification=test, passed=True, score=None, actor=lead, now=NOW)
    url = f"/api/v1/qualifications/{test.public_id}/lapse/{ana.public_id}"

    ended = client.post(url, headers=bearer(lead))
    again = client.post(url, headers=bearer(lead))

    assert (ended.json()["lapses_at"], again.status_code) == (json.loads(json.dumps(NOW.isoformat())).replace("+00:00", "Z"), 404)
    assert client.post(url, headers=bearer(a_person())).status_code == 403
