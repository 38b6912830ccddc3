"""The pages of the account and of the audit trail: what one may choose, how a record reads."""

import pytest

from isogloss.accounts.models import ApiToken
from isogloss.accounts.rules import Role
from isogloss.platform import audit
from tests.support.clients import a_browser
from tests.support.making import NOW, a_person, a_project


@pytest.mark.parametrize(
    ("role", "is_offered"),
    [(Role.ANNOTATOR, False), (Role.REQUESTER, False), (Role.LEAD, True), (Role.WELLBEING_OFFICER, True), (Role.ADMIN, True)],
)
def test_a_token_that_manages_people_is_offered_to_whom_the_api_serves_something_for_it(db, role, is_offered):
    page = a_browser(a_person(roles=(role,))).get("/account/").content.decode()

    assert ('value="admin"' in page) == is_offered


def test_a_scope_that_was_not_offered_is_refused_beside_the_field(db):
    answer = a_browser(a_person(roles=(Role.ANNOTATOR,))).post("/account/tokens", {"name": "t", "scopes": ["annotate", "admin"], "days": 3})

    assert (answer.status_code, list(answer.context["token_form"].errors)) == (422, ["scopes"])
    assert ApiToken.objects.count() == 0


@pytest.fixture
def admin(db):
    return a_person("admin", roles=(Role.ADMIN, Role.LEAD))


def the_trail(admin) -> str:
    page = a_browser(admin).get("/audit/").content.decode()
    return page[page.index("<tbody") :]


def test_the_detail_of_a_record_is_told_in_pairs_each_isolated(admin):
    detail = {"version": "2.0.0", "gold": False, "languages": ["ar", "id"], "due": None}
    audit.record(admin, "release.made", a_project(admin), now=NOW, detail=detail)

    trail = the_trail(admin)

    assert "{&#x27;" not in trail
    for name, value in (("version", "2.0.0"), ("gold", "no"), ("languages", "ar, id"), ("due", "–")):
        assert f'<code class="muted">{name}</code> <bdi>{value}</bdi>' in trail


def test_the_person_a_record_is_about_is_a_link_and_every_id_is_there_in_full(admin):
    ana = a_person("ana")
    project = a_project(admin)

    trail = the_trail(admin)

    assert f'href="/people/{ana.public_id}"' in trail
    assert f'title="{project.public_id}"' in trail


def test_the_trail_says_in_which_order_it_stands(admin):
    page = a_browser(admin).get("/audit/").content.decode()

    assert "In the order it was written, the latest first" in page


def test_an_open_invitation_stands_under_what_its_columns_are_and_its_link_can_be_copied(db):
    page = a_browser(a_person(roles=(Role.LEAD,))).post("/people/", {"name": "Nadia", "roles": []}).content.decode()

    assert 'data-copy="#invitation-link"' in page
    table = page[page.index("Open invitations") :]
    assert table.index("<thead") < table.index("<bdi>Nadia</bdi>")
