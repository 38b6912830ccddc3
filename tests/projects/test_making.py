"""Making and changing projects."""

import pytest

from isogloss.accounts.rules import Role
from isogloss.platform.problems import Forbidden, InvalidInput, NotFound
from isogloss.projects.access import access_project
from isogloss.projects.models import Membership, Project
from isogloss.projects.queries import language_tags, project_roles
from isogloss.projects.rules import ProjectState
from isogloss.projects.services import (
    ProjectDraft,
    add_language,
    add_member,
    change_project,
    make_project,
    remove_member,
    revise_guideline,
    set_state,
)
from tests.support.clients import a_browser
from tests.support.making import CHOICE, NOW, a_lead, a_person, a_project


@pytest.fixture
def lead(db):
    return a_lead()


@pytest.fixture
def project(lead):
    return a_project(lead)


def a_form(**more: object) -> dict[str, object]:
    return {
        "name": "P", "languages": "id, ms", "target": 2, "declared_severity": 1, "routing": "language", "aggregation": "majority",
        "schema_source": CHOICE, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("ID", "id"), ("zh-hant", "zh-Hant"), ("pt_br", "pt-BR"), ("in", "id"), ("jw", "jv"), ("iw", "he"), ("tl", "fil"), ("arz", "arz")],
)
def test_a_language_is_kept_in_its_normal_form(lead, typed, kept):
    assert language_tags(a_project(lead, languages=(typed,))) == [kept]


def test_the_refusal_of_a_language_is_in_the_readers_language(lead, monkeypatch):
    monkeypatch.setattr("isogloss.platform.languages.gettext", lambda text: "غير معروف: %(tag)s" if "%(tag)s" in text else text)

    with pytest.raises(InvalidInput) as refused:
        a_project(lead, languages=("zz!!",))

    assert refused.value.detail == "غير معروف: zz!!"


def test_a_language_named_twice_is_one(lead):
    assert language_tags(a_project(lead, languages=("id", "in", "ID"))) == ["id"]


@pytest.mark.parametrize("tag", ["klingonese", "x", "", "english", "en-", "😂", "zz"])
def test_an_unknown_language_is_named_in_the_refusal(lead, tag):
    with pytest.raises(InvalidInput, match="not a language tag") as refused:
        a_project(lead, languages=("en", tag))

    assert f"“{tag}”" in refused.value.detail
    assert Project.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("name", "x" * 201),
        ("languages", ()),
        ("target", 0),
        ("target", 51),
        ("declared_severity", None),
        ("declared_severity", 5),
        ("lease_minutes", 0),
        ("hazards", ("hate/speech",)),
    ],
)
def test_each_wrong_field_is_named(lead, field, value):
    draft = {"name": "P", "languages": ("en",), "schema_source": CHOICE, "declared_severity": 0, field: value}

    with pytest.raises(InvalidInput) as refused:
        make_project(ProjectDraft(**draft), actor=lead, now=NOW)

    assert {row["field"] for row in refused.value.errors} == {field}


def test_a_wrong_schema_leaves_nothing_behind(lead):
    from isogloss.guidelines.models import Guideline

    with pytest.raises(InvalidInput, match="line"):
        a_project(lead, schema="schema: 1\nquestions: []\n")

    assert (Project.objects.count(), Guideline.objects.count()) == (0, 0)


def test_the_maker_leads_it(lead, project):
    assert Membership.objects.get(project=project).role == Role.LEAD
    assert access_project(lead, project.public_id, roles=(Role.LEAD,)) == project


def test_the_page_makes_a_project(lead):
    answer = a_browser(lead).post("/projects/new", a_form())

    project = Project.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/projects/{project.public_id}/")
    assert (language_tags(project), project.workflow.target, project.declared_severity) == (["id", "ms"], 2, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("languages", "klingonese"),
        ("schema_source", "schema: 1"),
        ("schema_source", "::"),
        ("declared_severity", ""),
        ("target", 99),
        ("name", "x" * 300),
        ("name", "a\x00b"),
        ("hazards", "hate/speech"),
    ],
)
def test_the_page_shows_what_is_wrong_beside_its_field_and_keeps_what_was_typed(lead, field, value):
    answer = a_browser(lead).post("/projects/new", a_form(**{field: value, "description": "kept"}))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert b"kept" in answer.content


def test_a_schema_of_a_million_labels_is_refused_at_once_by_the_page(lead):
    import time

    labels = "\n".join(f"      - l{i}" for i in range(1_000_000))
    schema = f"schema: 1\nquestions:\n  - id: q\n    kind: choice\n    prompt: Q\n    labels:\n{labels}\n"
    browser = a_browser(lead)
    began = time.process_time()

    answer = browser.post("/projects/new", a_form(schema_source=schema))

    assert (answer.status_code, "schema_source" in answer.context["form"].errors) == (422, True)
    assert time.process_time() - began < 6  # of which the test's own encoding and the page that shows the text again are most


@pytest.mark.parametrize("template", ["", "nothing", "../x"])
def test_the_page_of_a_new_project_stands_any_template(lead, template):
    assert a_browser(lead).get("/projects/new", {"template": template}).status_code == 200


def test_every_template_that_ships_makes_a_project(lead):
    from isogloss.guidelines.queries import templates

    for template in templates():
        a_project(lead, schema=template.schema_yaml)

    assert Project.objects.count() == len(templates()) > 5


def test_a_new_guideline_version_is_the_project_s_and_the_old_one_stays(lead, project):
    first = project.version

    second = revise_guideline(project, schema_source=CHOICE, text="new", note="n", actor=lead, now=NOW)

    first.refresh_from_db()
    project.refresh_from_db()
    assert (project.version, second.number, first.text) == (second, 2, "")


@pytest.mark.parametrize("state", list(ProjectState))
def test_a_project_is_put_in_any_state(lead, project, state):
    set_state(project, state=state, actor=lead, now=NOW)

    assert Project.objects.get().state == state


def test_the_page_refuses_a_state_there_is_not(lead, project):
    answer = a_browser(lead).post(f"/projects/{project.public_id}/state", {"state": "exploded"})

    assert (answer.status_code, Project.objects.get().state) == (422, "active")


def test_what_cannot_be_changed_is_refused(lead, project):
    with pytest.raises(InvalidInput):
        change_project(project, actor=lead, now=NOW, pseudonym_key="mine")
    with pytest.raises(InvalidInput):
        change_project(project, actor=lead, now=NOW, name=" ")


def test_a_language_added_again_takes_the_new_level(lead, project):
    add_language(project, tag="jv", level="B1", actor=lead, now=NOW)
    row = add_language(project, tag="JV", level="C2", actor=lead, now=NOW)

    row.refresh_from_db()
    assert (row.level, language_tags(project)) == ("C2", ["en", "id", "jv"])


def test_a_role_given_twice_only_sets_the_pool(lead, project):
    person = a_person()
    add_member(project, user=person, role=Role.ANNOTATOR, actor=lead, now=NOW)

    again = add_member(project, user=person, role=Role.ANNOTATOR, in_pool=True, actor=lead, now=NOW)

    again.refresh_from_db()
    assert (Membership.objects.filter(user=person).count(), again.in_pool) == (1, True)


def test_a_role_of_the_site_is_no_role_of_a_project(lead, project):
    with pytest.raises(InvalidInput):
        add_member(project, user=a_person(), role=Role.ADMIN, actor=lead, now=NOW)


def test_who_was_removed_does_not_find_the_project_any_more(lead, project):
    person = a_person()
    membership = add_member(project, user=person, role=Role.REVIEWER, actor=lead, now=NOW)
    with pytest.raises(Forbidden):
        access_project(person, project.public_id, roles=(Role.LEAD,))

    remove_member(membership, actor=lead, now=NOW)

    assert project_roles(person, project) == frozenset()
    with pytest.raises(NotFound):
        access_project(person, project.public_id)


def test_a_member_of_another_project_cannot_be_removed_through_this_one(lead, project):
    elsewhere = Membership.objects.get(project=a_project(lead))

    answer = a_browser(lead).post(f"/projects/{project.public_id}/people/{elsewhere.pk}/remove")

    assert (answer.status_code, Membership.objects.filter(pk=elsewhere.pk).exists()) == (404, True)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"username": "nobody"}, "username"),
        ({"languages": "klingonese"}, "languages"),
        ({"role": "admin"}, "role"),
        ({"level": "Z9"}, "level"),
    ],
)
def test_adding_somebody_shows_what_is_wrong_beside_its_field(lead, project, sent, field):
    person = a_person("ana")

    answer = a_browser(lead).post(
        f"/projects/{project.public_id}/people", {"username": "ana", "role": "annotator", "languages": "en", "level": "C1", **sent}
    )

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Membership.objects.filter(user=person).exists()
