"""The pages and the API of wellbeing: who sees what, and what one can do there."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from isogloss.accounts.rules import Role
from isogloss.accounts.services import make_api_token
from isogloss.platform import clock
from isogloss.wellbeing.forms import PolicyForm
from isogloss.wellbeing.models import Consent, ExposurePolicy
from isogloss.wellbeing.queries import policy_in_force
from isogloss.wellbeing.rules import HOUSE, NOTHING
from isogloss.wellbeing.services import make_policy, set_consent
from tests.dispatch.making import a_desk, some_items
from tests.support.making import NOW, a_lead, a_person
from tests.wellbeing.making import a_policy, a_veteran, an_officer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def as_(client, person):
    client.force_login(person)
    return client


def posted(**changes: object) -> dict[str, str]:
    number, policy = policy_in_force()
    values = {**PolicyForm.first(policy, number=number), "note": "because", **changes}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def test_a_person_sees_what_is_left_of_their_day(client):
    desk = a_desk()
    some_items(desk.project, 2, severity=2, hazards="hate")
    ana = a_veteran(desk)
    desk.submit(ana, desk.next(ana).leases[0].lease, active=600)

    page = as_(client, ana).get(reverse("wellbeing:mine")).content.decode()

    assert ">350<" in page
    assert "Texts that attack people for who they are." in page


def test_a_starter_is_told_until_when_nothing_severe_is_served(client):
    desk = a_desk()
    some_items(desk.project, 2, severity=2, hazards="hate")
    ana = desk.annotator()
    type(ana).objects.filter(pk=ana.pk).update(created_at=NOW)

    page = as_(client, ana).get(reverse("wellbeing:mine")).content.decode()

    opens = f"{NOW + timedelta(days=7):%-d %B %Y}"
    assert (f"until {opens} nothing of S2 or above is served" in page, "You agree to" in page, "You are served" in page) == (
        True,
        True,
        False,
    )


def test_a_person_opts_out_and_in_with_one_click_each(client):
    desk = a_desk()
    ana = a_veteran(desk)
    as_(client, ana)

    client.post(reverse("wellbeing:consent"), {"hazard": "hate", "level": str(NOTHING)})
    out = Consent.objects.get(ended_at__isnull=True).severity
    client.post(reverse("wellbeing:consent"), {"hazard": "hate", "level": "4"})
    until = Consent.objects.get(ended_at__isnull=True).expires_at
    client.post(reverse("wellbeing:consent"), {"hazard": "hate", "level": ""})

    assert (out, until) == (NOTHING, NOW + timedelta(days=90))
    assert not Consent.objects.filter(ended_at__isnull=True).exists()


@pytest.mark.parametrize("data", [{"hazard": "hate", "level": "9"}, {"hazard": "", "level": "3"}, {"hazard": "a,b", "level": "3"}])
def test_a_consent_that_means_nothing_is_refused(client, data):
    assert as_(client, a_person()).post(reverse("wellbeing:consent"), data).status_code == 422


def test_the_page_asks_for_no_reason_and_shows_no_performance(client):
    desk = a_desk(n=1)
    ana = a_veteran(desk)
    desk.submit(ana, desk.next(ana).leases[0].lease)

    page = as_(client, ana).get(reverse("wellbeing:mine")).content.decode().lower()

    assert "<textarea" not in page
    for word in ("accuracy", "agreement", "gold", "per hour", "quality"):
        assert word not in page


def test_a_consent_is_changed_by_the_person_who_is_logged_in_and_nobody_else(client):
    desk = a_desk()
    ana = a_veteran(desk)

    as_(client, desk.lead).post(
        reverse("wellbeing:consent"), {"hazard": "hate", "level": "4", "person": ana.public_id, "person_id": ana.pk}
    )

    assert list(Consent.objects.values_list("person_id", flat=True)) == [desk.lead.pk]


def test_a_lead_sees_yes_or_no_and_never_why(client):
    desk = a_desk()
    ana, ben, cleo = a_veteran(desk, username="ana"), a_veteran(desk, username="ben"), desk.annotator(username="cleo")
    set_consent(ana, hazard="hate", level=3, now=NOW)
    set_consent(ben, hazard="hate", level=NOTHING, now=NOW)

    page = as_(client, desk.lead).get(reverse("wellbeing:availability", args=[desk.project.public_id])).content.decode()

    rows = {name: page.split(f"<bdi>{name}</bdi>")[1].split("</tr>")[0] for name in ("Ana", "Ben", "Cleo")}
    assert [row.count("yes") for row in rows.values()] == [2, 1, 1]
    assert cleo.pk
    for word in ("hate", "consent", "opt", "week", "rest"):
        assert word not in page.split("<main")[1].lower().replace("rest of", "")


def test_a_leads_pages_and_api_never_name_a_consent(client):
    desk = a_desk()
    ana = a_veteran(desk, username="ana")
    set_consent(ana, hazard="self_harm", level=NOTHING, now=NOW)
    as_(client, desk.lead)
    token = bearer(desk.lead, "admin", "projects:read", "annotate")

    pages = [
        client.get(url).content.decode()
        for url in (
            reverse("wellbeing:availability", args=[desk.project.public_id]),
            reverse("workforce:competences", args=[ana.public_id]),
            reverse("workforce:matrix"),
            reverse("accounts:person", args=[ana.public_id]),
            reverse("projects:people", args=[desk.project.public_id]),
        )
    ]
    pages += [
        client.get(f"/api/v1/{path}", headers=token).content.decode()
        for path in (f"people/{ana.public_id}", "me/consents", f"projects/{desk.project.public_id}/availability")
    ]

    assert all("self_harm" not in page and "self-harm" not in page for page in pages)


def test_availability_costs_the_same_with_more_people(client):
    desk = a_desk()
    as_(client, desk.lead)
    url = reverse("wellbeing:availability", args=[desk.project.public_id])
    counts = []
    for people in (1, 5):
        for _ in range(people):
            a_veteran(desk)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("annotator", 403), ("lead", 200), ("officer", 404)])
def test_who_may_see_availability(client, who, status):
    desk = a_desk()
    people = {"stranger": a_person(), "annotator": a_veteran(desk), "lead": desk.lead, "officer": an_officer()}

    response = as_(client, people[who]).get(reverse("wellbeing:availability", args=[desk.project.public_id]))

    assert response.status_code == status


def test_an_officer_makes_the_policy_stricter_on_its_page(client):
    response = as_(client, an_officer()).post(reverse("wellbeing:policy"), posted(daily_3=180))

    assert response.status_code == 302
    assert policy_in_force()[1] == a_policy(s3={"daily": timedelta(hours=3)})


def test_the_page_as_it_is_sends_the_policy_as_it_is(client):
    response = as_(client, an_officer()).post(reverse("wellbeing:policy"), posted())

    assert response.status_code == 422
    assert "this is the policy in force" in response.content.decode()


def test_a_second_officer_signs_on_the_page_and_the_first_finds_no_button(client):
    first, second = an_officer(), an_officer()
    as_(client, first).post(reverse("wellbeing:policy"), posted(daily_3=300))
    url = reverse("wellbeing:policy-sign", args=[1])

    own = client.get(reverse("wellbeing:policy")).content.decode()
    refused = client.post(url).status_code
    other = as_(client, second).get(reverse("wellbeing:policy")).content.decode()
    client.post(url)

    assert (url in own, refused, url in other) == (False, 409, True)
    assert '<span class="chip warn">S3: Minutes a day: 240 → 300</span>' in other
    assert policy_in_force()[0] == 1


def test_wrong_numbers_are_told_at_their_place(client):
    response = as_(client, an_officer()).post(reverse("wellbeing:policy"), posted(stretch_4="", ramp="a b"))

    page = response.content.decode()
    assert response.status_code == 422
    assert ("stretch_4" in page, "0 25 50" in page) == (True, True)


@pytest.mark.parametrize(
    ("role", "sees_form"), [(Role.ANNOTATOR, False), (Role.LEAD, False), (Role.ADMIN, False), (Role.WELLBEING_OFFICER, True)]
)
def test_everybody_reads_the_policy_and_officers_change_it(client, role, sees_form):
    person = a_person(roles=(role,))

    page = as_(client, person).get(reverse("wellbeing:policy"))
    posting = client.post(reverse("wellbeing:policy"), posted(daily_3=180))

    assert page.status_code == 200
    assert ('name="daily_3"' in page.content.decode()) is sees_form
    assert posting.status_code == (302 if sees_form else 403)


def test_a_stranger_is_asked_to_log_in(client):
    for url in (reverse("wellbeing:mine"), reverse("wellbeing:policy")):
        assert client.get(url).status_code == 302


def bearer(person, *scopes: str) -> dict[str, str]:
    _, secret = make_api_token(person, name="t", scopes=scopes, actor=person, now=NOW)
    return {"Authorization": f"Bearer {secret}"}


def test_the_api_tells_and_changes_ones_own(client):
    desk = a_desk()
    ana = a_veteran(desk)
    token = bearer(ana, "annotate")

    client.put("/api/v1/me/consents/hate", json.dumps({"level": 4}), content_type="application/json", headers=token)
    consents = client.get("/api/v1/me/consents", headers=token).json()
    exposure = client.get("/api/v1/me/exposure", headers=token).json()

    assert [(c["hazard"], c["level"]) for c in consents["consents"]] == [("hate", 4)]
    assert [(level["severity"], level["limit"], level["left"]) for level in exposure["levels"]] == [
        (2, 360, 360),
        (3, 240, 240),
        (4, 120, 120),
    ]


def test_the_api_makes_and_signs_a_policy(client):
    first, second = bearer(an_officer(), "admin"), bearer(an_officer(), "admin")
    body = client.get("/api/v1/wellbeing/policy", headers=first).json()
    body["levels"]["3"]["daily"] = 300
    sent = {"base": body["number"], "note": "why", "levels": body["levels"], "ramp": body["ramp"]}

    made = client.post("/api/v1/wellbeing/policies", json.dumps(sent), content_type="application/json", headers=first).json()
    own = client.post(f"/api/v1/wellbeing/policies/{made['number']}/sign", headers=first).status_code
    signed = client.post(f"/api/v1/wellbeing/policies/{made['number']}/sign", headers=second).json()

    assert (made["looser"], made["in_force_at"], own) == (["daily_3"], None, 409)
    assert signed["in_force_at"] is not None
    assert client.get("/api/v1/wellbeing/policy", headers=second).json()["levels"]["3"]["daily"] == 300


@pytest.mark.parametrize(("role", "status"), [(Role.LEAD, 403), (Role.ANNOTATOR, 403), (Role.ADMIN, 403)])
def test_the_api_refuses_policies_of_others(client, role, status):
    sent = {"base": 0, "note": "why", "levels": {}, "ramp": []}

    response = client.post(
        "/api/v1/wellbeing/policies", json.dumps(sent), content_type="application/json", headers=bearer(a_person(roles=(role,)), "admin")
    )

    assert response.status_code == status


def test_the_list_of_versions_is_for_who_may_sign(client):
    make_policy(a_policy(s4={"days": 1}), note="n", base=0, actor=an_officer(), now=NOW)

    lead = client.get("/api/v1/wellbeing/policies", headers=bearer(a_lead(), "admin")).status_code
    listed = client.get("/api/v1/wellbeing/policies", headers=bearer(an_officer(), "admin")).json()["results"]

    assert lead == 403
    assert [row["number"] for row in listed] == [1]
    assert ExposurePolicy.objects.count() == 1
    assert policy_in_force()[1] != HOUSE


def test_a_person_agrees_to_all_that_a_project_contains_at_once(client):
    desk = a_desk()
    some_items(desk.project, 1, severity=4, hazards="hate,weapons")
    some_items(desk.project, 1, severity=3, hazards="hate", batch="second")
    some_items(desk.project, 1, severity=2, hazards="privacy", batch="third")
    ana = a_veteran(desk)
    url = reverse("wellbeing:project-consent", args=[desk.project.public_id])

    before = as_(client, ana).get(url).content.decode()
    client.post(url)
    after = client.get(url).content.decode()

    assert "I agree to all that this project contains" in before
    assert "Nothing here needs more than you have agreed to." in after
    assert dict(Consent.objects.filter(ended_at__isnull=True).values_list("hazard", "severity")) == {"hate": 4, "weapons": 4}
    assert len(desk.next(ana, want=3).leases) == 3


def test_agreeing_to_a_project_lowers_no_consent_and_overrides_an_opt_out(client):
    desk = a_desk()
    some_items(desk.project, 1, severity=3, hazards="hate,weapons")
    ana = a_veteran(desk)
    set_consent(ana, hazard="hate", level=4, now=NOW)
    set_consent(ana, hazard="weapons", level=NOTHING, now=NOW)

    as_(client, ana).post(reverse("wellbeing:project-consent", args=[desk.project.public_id]))

    assert dict(Consent.objects.filter(ended_at__isnull=True).values_list("hazard", "severity")) == {"hate": 4, "weapons": 3}


def test_a_category_is_withdrawn_on_the_page_of_its_project(client):
    desk = a_desk()
    some_items(desk.project, 1, severity=3, hazards="hate")
    ana = a_veteran(desk)
    url = reverse("wellbeing:project-consent", args=[desk.project.public_id])
    as_(client, ana).post(url)

    answer = client.post(reverse("wellbeing:consent"), {"hazard": "hate", "level": "", "project": desk.project.public_id})

    assert answer["Location"] == url
    assert desk.next(ana).leases == []


def test_a_project_without_known_harm_says_so(client):
    desk = a_desk(n=1)
    ana = a_veteran(desk)

    page = as_(client, ana).get(reverse("wellbeing:project-consent", args=[desk.project.public_id])).content.decode()

    assert "Nothing harmful is known" in page
