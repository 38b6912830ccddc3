"""The people of a project: who is added as what is said, nobody is removed unasked, a project keeps a lead."""

import pytest

from isogloss.accounts.rules import Role
from isogloss.platform.problems import Conflict
from isogloss.projects import services
from isogloss.projects.models import Membership
from isogloss.projects.services import add_member, remove_member
from tests.support.clients import a_browser
from tests.support.making import NOW, a_lead, a_person, a_project, an_annotator
from tests.support.together import Meeting, together


@pytest.fixture
def lead(db):
    return a_lead()


@pytest.fixture
def project(lead):
    return a_project(lead)


def added(browser, project, **sent: object) -> str:
    """What is said after somebody was added."""
    form = {"role": "annotator", "languages": "", "level": "C1", **sent}
    answer = browser.post(f"/projects/{project.public_id}/people", form, follow=True)
    assert answer.status_code == 200
    return " ".join(str(message) for message in answer.context["messages"])


def removed(browser, membership: Membership):
    return browser.post(f"/projects/{membership.project.public_id}/people/{membership.pk}/remove", follow=True)


def test_the_only_lead_cannot_be_removed(lead, project):
    with pytest.raises(Conflict):
        remove_member(Membership.objects.get(project=project), actor=lead, now=NOW)

    assert Membership.objects.filter(project=project, role=Role.LEAD).count() == 1


def test_a_lead_whose_account_is_closed_is_no_other_lead(lead, project):
    gone = a_person()
    add_member(project, user=gone, role=Role.LEAD, actor=lead, now=NOW)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)

    with pytest.raises(Conflict):
        remove_member(Membership.objects.get(project=project, user=lead), actor=lead, now=NOW)


def test_two_leads_who_remove_each_other_at_once_leave_one(transactional_db, monkeypatch):
    ana = a_lead("ana")
    ben = a_person("ben")
    project = a_project(ana)
    add_member(project, user=ben, role=Role.LEAD, actor=ana, now=NOW)
    first, second = Membership.objects.select_related("user").filter(project=project).order_by("pk")
    monkeypatch.setattr(services, "_refuse_last_lead", Meeting().after(services._refuse_last_lead))

    outcomes = together(lambda: remove_member(first, actor=ben, now=NOW), lambda: remove_member(second, actor=ana, now=NOW))

    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Conflict]
    assert Membership.objects.filter(project=project, role=Role.LEAD).count() == 1


def test_the_page_offers_to_remove_everybody_but_the_only_lead(lead, project):
    person = an_annotator(project, lead=lead)

    page = a_browser(lead).get(f"/projects/{project.public_id}/people").content.decode()

    keys = {m.user_id: f"people/{m.pk}/remove" in page for m in Membership.objects.filter(project=project)}
    assert keys == {lead.pk: False, person.pk: True}


def test_removing_asks_first_without_a_script_and_says_what_was_done(lead, project):
    person = an_annotator(project, lead=lead, username="ana")
    membership = Membership.objects.get(user=person)
    browser = a_browser(lead)

    before = browser.get(f"/projects/{project.public_id}/people").content.decode()
    after = removed(browser, membership)

    form = before.index(f"people/{membership.pk}/remove")
    assert before.rindex("<details", 0, form) > before.rindex("<tr", 0, form)
    assert "Ana" in before[form : before.index("</form>", form)]
    assert "Ana is no longer annotator in the project." in after.content.decode()


def test_who_removes_themselves_is_sent_where_they_may_still_be(lead, project):
    other = a_person("other")
    membership = add_member(project, user=other, role=Role.LEAD, actor=lead, now=NOW)

    answer = removed(a_browser(other), membership)

    assert answer.redirect_chain[-1][0] == "/projects/"
    assert "no longer lead" in answer.content.decode()


def test_a_person_of_two_roles_is_one_name_with_both(lead, project):
    person = an_annotator(project, lead=lead, username="ana")
    add_member(project, user=person, role=Role.REVIEWER, actor=lead, now=NOW)

    answer = a_browser(lead).get(f"/projects/{project.public_id}/people")

    rows = {str(user): [str(membership.role) for membership, _ in roles] for user, _, roles in answer.context["rows"]}
    assert rows["Ana"] == ["annotator", "reviewer"]
    assert answer.content.decode().count("<bdi>Ana</bdi></t") == 1


def test_adding_somebody_names_the_role_and_those_held_already(lead, project):
    person = a_person("ana")
    add_member(project, user=person, role=Role.REVIEWER, actor=lead, now=NOW)
    browser = a_browser(lead)

    assert "Ana is annotator in the project now, beside: reviewer." in added(browser, project, username="ana", languages="en")
    assert "Ana was annotator in the project already" in added(browser, project, username="ana", in_pool="on")


def test_an_annotator_whose_languages_are_none_of_the_project_s_draws_a_warning(lead, project):
    a_person("ana")
    a_person("ben")
    a_person("eve")
    browser = a_browser(lead)

    assert "gets no work" in added(browser, project, username="ana")
    assert "gets no work" in added(browser, project, username="ben", languages="jv")
    assert "gets no work" not in added(browser, project, username="eve", languages="en")
    assert "gets no work" not in added(browser, project, username="ana", role="reviewer")


def test_pausing_asks_first_and_the_overview_says_that_it_is_paused(lead, project):
    browser = a_browser(lead)

    before = browser.get(f"/projects/{project.public_id}/").content.decode()
    after = browser.post(f"/projects/{project.public_id}/state", {"state": "paused"}, follow=True)

    form = before.index(f"/projects/{project.public_id}/state")
    assert before.rindex("<details", 0, form) > before.rindex("</details", 0, form)
    assert "The project is paused: nobody is served its items." in [str(message) for message in after.context["messages"]]
    again = browser.get(f"/projects/{project.public_id}/").content.decode()
    assert "This project is paused" in again
    assert "Open the project" in again
