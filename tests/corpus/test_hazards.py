"""Hazards of imported items: one spelling for a category however it was written, and nothing that only looks like one."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from isogloss.corpus.models import Item
from isogloss.corpus.rules import Mapping
from isogloss.dispatch.models import Stratum
from isogloss.platform.jobs import run_waiting
from isogloss.projects.models import Project
from isogloss.projects.rules import HAZARDS
from isogloss.wellbeing.rules import CATEGORIES, NOTHING
from isogloss.wellbeing.services import set_consent
from tests.dispatch.making import a_desk
from tests.support.clients import a_browser
from tests.support.making import NOW, a_file, a_lead, a_project, an_import
from tests.wellbeing.making import a_veteran

pytestmark = pytest.mark.django_db
MAPPED = Mapping(fields={"text": "text"}, id="id", language="lang", severity="severity", hazards="hazards")


def imported(project, folder, *cells, lead, severity=0):
    rows = [{"id": str(i), "text": f"text {i}", "lang": "en", "severity": severity, "hazards": cell} for i, cell in enumerate(cells)]
    return an_import(project, a_file(folder, rows), lead=lead, mapping=MAPPED)


@pytest.mark.parametrize(
    "cell",
    ["hate,self_harm", ["hate", "self_harm"], "Hate; Self_harm", " self-harm ,hate,Hate", ["SELF HARM", "hate", ""], "Hate ;self  harm;"],
)
def test_categories_are_kept_in_one_spelling_however_they_were_written(tmp_path, cell):
    lead = a_lead()
    project = a_project(lead)

    run = imported(project, tmp_path, cell, lead=lead)

    assert (run.added, run.bad, Item.objects.get().hazards) == (1, 0, "hate,self_harm")
    assert set(Stratum.objects.values_list("hazards", flat=True)) == {"hate,self_harm"}


@pytest.mark.parametrize("cell", ["", None, [], " , ;"])
def test_an_item_may_be_of_no_category(tmp_path, cell):
    lead = a_lead()

    run = imported(a_project(lead), tmp_path, cell, lead=lead)

    assert (run.added, Item.objects.get().hazards) == (1, "")


def test_a_site_may_have_categories_of_its_own(tmp_path):
    lead = a_lead()

    imported(a_project(lead), tmp_path, "Kampanye hitam, hate", lead=lead)

    assert Item.objects.get().hazards == "hate,kampanye_hitam"


@pytest.mark.parametrize(
    "cell",
    ["['hate', 'self_harm']", '["hate"]', "hate/self_harm", "hate.", "*", ["hate", 3], {"hate": 1}, 3, True, "x" * 65, ["y" + "x" * n for n in range(20, 60)]],
)  # fmt: skip
def test_what_is_no_category_comes_back_with_those_that_are(tmp_path, cell):
    lead = a_lead()
    project = a_project(lead)

    run = imported(project, tmp_path, cell, "hate", lead=lead)

    (row,) = [json.loads(line) for line in Path(run.bad_path).read_text().splitlines()]
    assert (run.added, run.bad, row["isogloss_line"]) == (1, 1, 1)
    assert "hazard" in row["isogloss_reason"]
    assert "self_harm" in row["isogloss_reason"] or "longer than" in row["isogloss_reason"]


def test_the_categories_are_those_that_people_are_asked_about():
    assert (*HAZARDS, "*") == CATEGORIES


@pytest.mark.parametrize("cell", [["hate", "self_harm"], "Hate; Self_harm", "hate,self_harm"])
def test_who_wants_nothing_of_a_category_is_served_none_of_it_however_it_was_written(tmp_path, cell):
    desk = a_desk()
    imported(desk.project, tmp_path, cell, lead=desk.lead, severity=2)
    ana = a_veteran(desk)

    set_consent(ana, hazard="hate", level=NOTHING, now=NOW)

    assert desk.next(ana).leases == []


def test_in_a_project_of_hateful_material_an_item_without_hazards_counts_as_such(tmp_path):
    desk = a_desk(hazards=("Hate",))
    imported(desk.project, tmp_path, "", "privacy", lead=desk.lead)
    ana = a_veteran(desk)

    set_consent(ana, hazard="hate", level=NOTHING, now=NOW)

    assert list(Item.objects.order_by("external_id").values_list("hazards", flat=True)) == ["hate", "privacy"]
    assert len(desk.next(ana, want=5).leases) == 1


def test_a_project_whose_hazards_are_none_takes_no_items_until_they_are_mended(tmp_path):
    lead = a_lead()
    project = a_project(lead)
    Project.objects.update(hazards=["hate/speech"])

    run = imported(project, tmp_path, "hate", lead=lead)

    assert (run.job.state, "The project's hazards" in run.job.message, run.added) == ("failed", True, 0)


def test_an_opt_out_holds_however_the_category_was_spelt(tmp_path):
    desk = a_desk()
    imported(desk.project, tmp_path, "Self-harm", "privacy", lead=desk.lead)
    ana = a_veteran(desk)

    set_consent(ana, hazard="SELF harm", level=NOTHING, now=NOW)

    assert len(desk.next(ana, want=5).leases) == 1


def test_the_page_asks_for_the_column_of_hazards_and_uses_it():
    lead = a_lead()
    project = a_project(lead)
    browser = a_browser(lead)
    file = SimpleUploadedFile("texts.jsonl", b'{"id": "a", "text": "x", "lang": "en", "kinds": ["hate"]}\n')
    mapping_page = browser.post(f"/projects/{project.public_id}/import", {"file": file})["Location"]

    shown = browser.get(mapping_page).content.decode()
    browser.post(mapping_page, {"field:text": "text", "id": "id", "language": "lang", "severity": "", "hazards": "kinds"})

    run_waiting()

    assert 'name="hazards"' in shown
    assert Item.objects.get().hazards == "hate"
