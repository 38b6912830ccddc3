"""Languages that join a project after it was made."""

import pytest

from isogloss.projects.models import ProjectLanguage
from tests.support.clients import a_browser
from tests.support.making import a_lead, a_project, an_annotator


@pytest.fixture
def project(db):
    return a_project(a_lead(), languages=("en", "ar"))


def test_a_lead_adds_a_language_on_its_page(project):
    browser = a_browser(project.created_by)

    answer = browser.post(f"/projects/{project.public_id}/languages/asked", {"tag": "zh-hant", "level": "C1"})

    assert answer.status_code == 302
    assert ProjectLanguage.objects.filter(project=project, tag="zh-Hant", level="C1").exists()


def test_naming_a_language_again_changes_its_level(project):
    browser = a_browser(project.created_by)

    browser.post(f"/projects/{project.public_id}/languages/asked", {"tag": "en", "level": "C2"})

    assert list(ProjectLanguage.objects.filter(project=project, tag="en").values_list("level", flat=True)) == ["C2"]


def test_what_is_no_language_is_refused_beside_its_field(project):
    answer = a_browser(project.created_by).post(f"/projects/{project.public_id}/languages/asked", {"tag": "klingonese", "level": "C1"})

    assert answer.status_code == 422
    assert ProjectLanguage.objects.filter(project=project).count() == 2


def test_the_page_counts_the_annotators_whose_competence_covers_a_language(project):
    browser = a_browser(project.created_by)
    an_annotator(project, lead=project.created_by, tags=("ar", "en"))
    an_annotator(project, lead=project.created_by, tags=("ar",))
    browser.post(f"/projects/{project.public_id}/languages/asked", {"tag": "arz", "level": "B2"})

    rows = browser.get(f"/projects/{project.public_id}/languages/asked").context["rows"]

    assert {row.tag: readers for row, readers in rows} == {"ar": 2, "arz": 2, "en": 1}
