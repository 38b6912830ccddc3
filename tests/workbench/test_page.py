"""What the workbench's page is told, besides the hot path."""

import json
import uuid

import pytest

from isogloss.dispatch.services import mint_token
from isogloss.platform import clock
from isogloss.workbench.languages import TAGS, language_names
from tests.contract.test_hot_urls import Hot
from tests.support.clients import a_browser
from tests.support.making import a_file, a_lead, a_project, an_annotator, an_import

PAIR = """
schema: 1
displays: [{kind: text, field: text}]
questions: [{id: better, kind: pairwise, prompt: Better?, a: a, b: b}]
"""


@pytest.fixture
def pairs(db, tmp_path):
    lead = a_lead()
    project = a_project(lead, schema=PAIR, languages=("en",), target=1)
    rows = [{"id": str(n), "lang": "en", "text": f"Question {n}", "a": "Yes.", "b": "No.", "hazards": "hate,privacy"} for n in range(8)]
    an_import(project, a_file(tmp_path, rows), lead=lead, detect=False)
    return project, an_annotator(project, lead=lead, tags=("en",))


def test_an_answer_to_be_corrected_shows_its_sides_as_they_stood_and_its_hazards_as_a_list(pairs):
    project, person = pairs
    hot, token = Hot(), mint_token(person, project=project, now=clock.now()).text
    leases = json.loads(hot.ask("/dispatch/next", {"want": 8}, token=token)[2])["leases"]
    for lease in leases:
        told = {"lease": lease["lease"], "key": uuid.uuid4().hex, "answers": {"better": {"preferred": "a"}}, "active_ms": 5}
        assert hot.ask("/dispatch/submit", told, token=token)[0] == 200

    answered = a_browser(person).get(f"/projects/{project.public_id}/annotate/recent").json()["answered"]

    assert {one["lease"]: one["shuffle"] for one in answered} == {lease["lease"]: lease["shuffle"] for lease in leases}
    assert {lease["shuffle"] for lease in leases} == {True, False} or len(leases) < 8
    assert [one["hazards"] for one in answered] == [lease["hazards"] for lease in leases][::-1]
    assert all(isinstance(one["hazards"], list) for one in answered)


def test_an_answer_to_be_corrected_shows_the_content_it_was_given_to(pairs, tmp_path):
    project, person = pairs
    hot, token = Hot(), mint_token(person, project=project, now=clock.now()).text
    (lease,) = json.loads(hot.ask("/dispatch/next", {"want": 1}, token=token)[2])["leases"]
    told = {"lease": lease["lease"], "key": uuid.uuid4().hex, "answers": {"better": {"preferred": "a"}}, "active_ms": 5}
    hot.ask("/dispatch/submit", told, token=token)
    rows = [{"id": str(n), "lang": "en", "text": f"Question {n}", "a": "Changed.", "b": "No.", "hazards": "hate,privacy"} for n in range(8)]
    an_import(project, a_file(tmp_path, rows), lead=project.created_by, detect=False, update=True)

    (answered,) = a_browser(person).get(f"/projects/{project.public_id}/annotate/recent").json()["answered"]

    assert answered["content"] == lease["content"]
    assert answered["content"]["a"] == "Yes."


@pytest.mark.parametrize("reader", ["en", "zh-hans", "id", "ja", "ar"])
def test_every_language_that_can_be_picked_has_a_name(reader):
    names = language_names(reader)

    assert len(set(TAGS)) == len(TAGS)
    assert [tag for tag in TAGS if tag in names[tag]] == []
