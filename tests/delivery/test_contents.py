"""What stands in the files of a release."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from isogloss.corpus.models import ItemVersion
from isogloss.delivery.queries import manifest_of, release_folder
from isogloss.guidelines.schemas import Renames
from isogloss.guidelines.services import make_ruling
from isogloss.projects.services import revise_guideline
from tests.delivery.making import a_decision, a_recall, a_release, a_worked_project, an_answer, an_item, fresh_figures, gold, rows_in
from tests.support.making import CHOICE, NOW, a_lead, a_person, a_project


@pytest.fixture
def lead(db):
    return a_lead()


@pytest.fixture
def project(lead):
    return a_project(lead)


def test_an_item_is_released_with_all_that_is_known_of_it(project):
    an_item(
        project,
        "a-1",
        content={"text": "Halo 👋"},
        language="id",
        declared_language="id",
        confidence=0.25,
        severity=2,
        hazards="abuse",
        meta='{"shop":"Solo"}',
    )

    (row,) = rows_in(a_release(project), "items")

    assert row == {
        "id": "a-1",
        "content": {"text": "Halo 👋"},
        "language": "id",
        "declared_language": "id",
        "estimated_language": None,
        "confidence": 0.25,
        "severity": 2,
        "hazards": "abuse",
        "version": 1,
        "batch": "first",
        "cluster": None,
        "meta": {"shop": "Solo"},
    }


def test_an_annotation_is_released_with_its_circumstances(project):
    at = datetime(2026, 11, 22, 13, 0, 0, 5, tzinfo=UTC)
    said = an_answer(
        an_item(project, "a-1"), a_person(), {"sentiment": "neutral"}, at=at, item_version=1, active_ms=None, suggestion_visible=True
    )
    fresh_figures(project)

    (row,) = rows_in(a_release(project), "annotations")

    pseudonym = row.pop("annotator")
    assert (len(pseudonym), int(pseudonym, 16) > 0) == (32, True)
    assert row == {
        "id": said.public_id,
        "item": "a-1",
        "item_version": 1,
        "revision": 0,
        "standing": True,
        "counted": True,
        "set_aside": False,
        "gold": False,
        "answers": {"sentiment": "neutral"},
        "language": "en",
        "guideline_version": 1,
        "submitted_at": "2026-11-22T13:00:00.000005Z",
        "active_ms": None,
        "source": "live",
        "suggestion_visible": True,
    }


def test_moments_without_a_fraction_are_written_alike(project):
    an_answer(an_item(project), a_person(), at=NOW)
    fresh_figures(project)

    (row,) = rows_in(a_release(project), "annotations")

    assert row["submitted_at"] == "2026-11-22T12:00:00.000000Z"


def test_a_decision_is_released_with_its_votes_in_one_order(project):
    a_decision(an_item(project, "a-1"), None, votes={"positive": 1, "negative": 1})

    (row,) = rows_in(a_release(project), "decisions")

    assert list(row["votes"]) == ["negative", "positive"]
    assert (row["item"], row["question"], row["label"], row["status"], row["n"], row["method"]) == (
        "a-1",
        "sentiment",
        None,
        "tie",
        2,
        "majority",
    )


def test_only_the_latest_decision_is_released(project):
    item = an_item(project)
    a_decision(item, "negative", is_latest=False)
    a_decision(item, "positive", number=2)

    assert [row["label"] for row in rows_in(a_release(project), "decisions")] == ["positive"]


def test_of_a_correction_the_latest_revision_stands_and_the_first_is_kept(project):
    item, ana = an_item(project), a_person()
    an_answer(item, ana, "negative")
    an_answer(item, ana, "positive", revision=1)
    fresh_figures(project)

    rows = rows_in(a_release(project), "annotations")

    assert [(row["answers"]["sentiment"], row["standing"]) for row in rows] == [("negative", False), ("positive", True)]


def test_surplus_work_is_kept_uncounted(project):
    an_answer(an_item(project), a_person(), counted=False)
    fresh_figures(project)

    (row,) = rows_in(a_release(project), "annotations")

    assert (row["counted"], row["standing"]) == (False, True)


def test_what_was_set_aside_is_marked_and_does_not_stand(project):
    item, ana, ben = an_item(project), a_person(), a_person()
    a_recall(an_answer(item, ana))
    an_answer(item, ben)
    fresh_figures(project)

    rows = rows_in(a_release(project), "annotations")

    assert [(row["set_aside"], row["standing"]) for row in rows] == [(True, False), (False, True)]


def test_gold_is_left_out_with_its_answers_and_decisions(project):
    common, checked, person = an_item(project, "common"), an_item(project, "checked"), a_person()
    for item in (common, checked):
        an_answer(item, person, gold=item is checked)
        a_decision(item)
    gold(checked)
    fresh_figures(project)

    release = a_release(project)

    assert [row["id"] for row in rows_in(release, "items")] == ["common"]
    assert [row["item"] for row in rows_in(release, "annotations")] == ["common"]
    assert [row["item"] for row in rows_in(release, "decisions")] == ["common"]


def test_an_answer_to_what_was_gold_then_is_left_out(project):
    an_answer(an_item(project, "retired"), a_person(), gold=True)
    fresh_figures(project)

    release = a_release(project)

    assert ([row["id"] for row in rows_in(release, "items")], rows_in(release, "annotations")) == (["retired"], [])


def test_gold_that_is_asked_for_comes_as_a_split(project):
    checked, common = an_item(project, "checked"), an_item(project, "common")
    gold(checked)
    an_answer(checked, a_person(), gold=True)
    fresh_figures(project)

    release = a_release(project, include_gold=True)

    assert {row["id"]: row["split"] for row in rows_in(release, "items")} == {"checked": "gold", common.external_id: "work"}
    assert ([row["gold"] for row in rows_in(release, "annotations")], manifest_of(release).includes_gold) == ([True], True)


def test_a_person_has_one_pseudonym_in_every_release_of_a_project_and_another_in_another(lead):
    ana = a_person()
    projects = [a_project(lead), a_project(lead)]
    for project in projects:
        an_answer(an_item(project), ana)
        fresh_figures(project)

    first, again, other = (a_release(projects[0]), a_release(projects[0], version="1.1.0"), a_release(projects[1]))

    (one,), (two,), (three,) = ({row["annotator"] for row in rows_in(release, "annotations")} for release in (first, again, other))
    assert (one == two, one == three) == (True, False)


def test_nothing_in_a_release_names_an_annotator(lead):
    ana = a_person("anastasia-of-solo")
    project = a_project(lead)
    an_answer(an_item(project), ana)
    make_ruling(project.guideline, text="Irony counts as what is meant.", labels=("negative",), actor=ana, now=NOW)
    fresh_figures(project)

    folder = release_folder(a_release(project, formats=("jsonl", "csv", "parquet")))

    whole = b"".join(path.read_bytes() for path in folder.iterdir()).lower()
    assert [word for word in ("anastasia", ana.public_id) if word.encode() in whole] == []


def test_content_that_was_replaced_is_released_beside_the_present_one(project):
    item = an_item(project, "a-1", content={"text": "second"}, version=2)
    for number, text in ((1, "first"), (2, "second")):
        ItemVersion.objects.create(item=item, number=number, content=json.dumps({"text": text}), content_hash="", at=NOW)

    release = a_release(project)

    assert rows_in(release, "item_versions") == [{"item": "a-1", "version": 1, "content": {"text": "first"}}]
    assert [(row["version"], row["content"]) for row in rows_in(release, "items")] == [(2, {"text": "second"})]


def test_answers_keep_the_guideline_version_they_were_given_under_and_its_schema_is_there(lead, project):
    first = project.version
    item = an_item(project)
    an_answer(item, a_person(), guideline_version_id=first.pk)
    revise_guideline(
        project,
        schema_source=CHOICE.replace("Sentiment", "Feeling"),
        text="Second.",
        note="clearer",
        actor=lead,
        now=NOW + timedelta(hours=1),
    )
    an_answer(item, a_person())
    fresh_figures(project)

    release = a_release(project)

    assert [row["guideline_version"] for row in rows_in(release, "annotations")] == [1, 2]
    assert "Sentiment" in (release_folder(release) / "schema.version-1.json").read_text()
    assert "Feeling" in (release_folder(release) / "schema.json").read_text()
    assert manifest_of(release).guideline_versions_used == [1, 2]


def test_the_manifest_says_what_goes_by_another_name_than_in_the_version_before(lead, project):
    revise_guideline(
        project,
        schema_source=CHOICE.replace("positive", "good"),
        text="",
        note="renamed",
        actor=lead,
        now=NOW,
        renames=Renames(labels={("sentiment", "labels", "positive"): "good"}),
    )

    manifest = manifest_of(a_release(project))

    assert manifest.renames == {
        "2": {"questions": {}, "labels": [{"question": "sentiment", "part": "labels", "from": "positive", "to": "good"}]}
    }


def test_the_guideline_brings_its_rulings(lead, project):
    make_ruling(project.guideline, text="Count emoji.", labels=("neutral",), actor=lead, now=NOW)

    text = (release_folder(a_release(project)) / "guideline.md").read_text(encoding="utf-8")

    assert "1. Count emoji. (labels: neutral)" in text


def test_the_manifest_counts_what_the_files_hold_by_language(lead):
    project = a_worked_project(lead)

    manifest = manifest_of(a_release(project))

    assert (manifest.counts.items, manifest.counts.annotations, manifest.counts.decisions, manifest.annotators) == (3, 5, 2, 2)
    assert {tag: (c.items, c.annotations, c.decisions) for tag, c in manifest.languages.items()} == {"en": (2, 5, 2), "id": (1, 0, 0)}
    assert (manifest.offset_unit, manifest.csv_guard, manifest.method) == ("unicode code points", "apostrophe", "majority")


def test_the_card_tells_languages_agreement_and_ties(lead):
    project = a_worked_project(lead)

    card = (release_folder(a_release(project, note="For the | pilot")) / "README.md").read_text(encoding="utf-8")

    assert "| en | English | 2 | 5 | 2 |" in card
    assert "| sentiment | all | alpha | 0.810 | 0.700 to 0.900 | 2 | 4 |" in card
    assert "| sentiment | \\(tie) | 1 | 50.0% |".replace("\\(", "(") in card
    assert "For the \\| pilot" in card


def test_a_project_without_anything_can_be_released(project):
    release = a_release(project, formats=("jsonl", "csv", "parquet"))

    assert (release.items, release.annotations, release.decisions, rows_in(release, "items")) == (0, 0, 0, [])


def test_decisions_that_lag_behind_the_answers_are_made_before_the_release(lead):
    project = a_worked_project(lead)
    late = an_item(project)
    an_answer(late, a_person(), "negative")

    release = a_release(project)

    assert manifest_of(release).watermarks["figures"] == release.watermark
