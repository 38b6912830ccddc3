"""How a person reads: theme and text size, chosen on any page and kept with the account."""

import pytest

from isogloss.accounts.models import User
from tests.support.clients import a_browser
from tests.support.making import a_lead, a_person, a_project, an_annotator


@pytest.mark.parametrize(("sent", "kept"), [({"theme": "dark"}, ("dark", 18)), ({"text_size": "24"}, ("auto", 24))])
def test_one_choice_is_kept_and_the_others_stay(db, sent, kept):
    person = a_person()

    answer = a_browser(person).post("/account/reading", sent)

    person.refresh_from_db()
    assert (answer.status_code, person.theme, person.text_size) == (204, *kept)


@pytest.mark.parametrize("sent", [{}, {"theme": "system"}, {"text_size": "60"}, {"text_size": "large"}])
def test_what_cannot_be_read_is_refused(db, sent):
    person = a_person()

    answer = a_browser(person).post("/account/reading", sent)

    assert (answer.status_code, User.objects.get(pk=person.pk).theme) == (422, "auto")


def test_the_workbench_has_the_same_controls_and_theme(db):
    lead = a_lead()
    project = a_project(lead)
    person = an_annotator(project, lead=lead)
    browser = a_browser(person)
    browser.post("/account/reading", {"theme": "dark"})

    page = browser.get(f"/projects/{project.public_id}/annotate").content.decode()

    assert 'data-theme="dark"' in page
    assert page.count("data-text-size=") == 2
    assert "data-theme-switch" in page


def test_a_persons_own_keys_are_shown_and_can_be_reset(db):
    person = a_person()
    User.objects.filter(pk=person.pk).update(keys={"skip": "x"})
    browser = a_browser(person)

    shown = browser.get("/account/").content.decode()
    browser.post("/account/keys/reset")

    person.refresh_from_db()
    assert "<kbd>x</kbd>" in shown
    assert person.keys == {}
