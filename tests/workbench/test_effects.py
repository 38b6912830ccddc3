"""What a change of the label schema would do to annotations that are there."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from isogloss.annotation.models import Annotation
from isogloss.annotation.queries import STREWN, standing_groups
from isogloss.guidelines.queries import renames_since
from isogloss.guidelines.schemas import Fate, Renames, parse_schema
from isogloss.platform.jobs import Progress
from isogloss.projects.services import revise_guideline
from isogloss.quality.models import Figure
from isogloss.quality.services import refresh_figures
from isogloss.workbench.queries import Effect, effect_of
from tests.delivery.making import a_recall, an_answer, an_item
from tests.support.making import CHOICE, NOW, a_lead, a_person, a_project

GOOD = CHOICE.replace("{value: positive, name: Positive}", "{value: good, name: Good}")
RENAMED = Renames(labels={("sentiment", "labels", "positive"): "good"})


@pytest.fixture
def project(db):
    return a_project(a_lead())


def answers(project, *labels: object) -> None:
    for label in labels:
        an_answer(an_item(project), a_person(), label)


def the_effect(project, source: str, *, renames: Renames | None = None) -> Effect:
    project.refresh_from_db()
    return effect_of(project, new=parse_schema(source), renames=renames or Renames())


def counted(effect: Effect) -> dict[str, tuple[int, int, int, int]]:
    return {row.change.question: (row.answered, row.kept, row.cut, row.lost) for row in effect.questions}


def test_answers_with_a_dropped_label_are_counted_as_lost(project):
    answers(project, "positive", "positive", "negative")

    effect = the_effect(project, GOOD)

    assert (effect.annotations, effect.whole, effect.one_in) == (3, 1, 1)
    assert counted(effect) == {"sentiment": (3, 1, 0, 2)}
    labels = {(row.value, row.fate): used for row, used in effect.questions[0].labels}
    assert labels == {("good", Fate.ADDED): 0, ("positive", Fate.DROPPED): 2}


def test_answers_with_a_renamed_label_are_counted_as_kept(project):
    answers(project, "positive", "positive", "negative")

    effect = the_effect(project, GOOD, renames=RENAMED)

    assert (effect.whole, counted(effect)) == (3, {"sentiment": (3, 3, 0, 0)})
    assert [(row.value, row.was, used) for row, used in effect.questions[0].labels] == [("good", "positive", 2)]


def test_a_question_that_is_dropped_loses_its_answers_and_a_new_one_is_lacking(project):
    answers(project, "positive", "negative")
    other = CHOICE.replace("id: sentiment", "id: mood")

    effect = the_effect(project, other)
    kept = the_effect(project, other, renames=Renames({"sentiment": "mood"}))

    assert counted(effect) == {"mood": (0, 0, 0, 0), "sentiment": (2, 0, 0, 2)}
    assert counted(kept) == {"mood": (2, 2, 0, 0)}
    assert effect.incomplete == 0


def test_annotations_that_lack_a_new_required_answer_are_counted(project):
    answers(project, "positive", "negative")

    more = the_effect(project, CHOICE + "  - {id: sure, kind: rating}\n")
    optional = the_effect(project, CHOICE + "  - {id: sure, kind: rating, required: false}\n")

    assert (more.whole, more.incomplete) == (2, 2)
    assert (optional.whole, optional.incomplete) == (2, 0)


def test_an_answer_that_keeps_some_of_its_labels_is_counted_as_cut(db):
    several = CHOICE.replace("kind: choice", "kind: choices")
    project = a_project(a_lead(), schema=several)
    answers(project, {"sentiment": ["positive", "negative"]}, {"sentiment": ["negative"]})

    effect = the_effect(project, several.replace("{value: positive, name: Positive}, ", ""))

    assert counted(effect) == {"sentiment": (2, 1, 1, 0)}


def test_only_answers_that_stand_are_counted(project):
    item, person = an_item(project), a_person()
    an_answer(item, person, "positive")
    an_answer(item, person, "negative", revision=1)
    a_recall(an_answer(an_item(project), a_person(), "positive"))

    effect = the_effect(project, GOOD)

    assert counted(effect) == {"sentiment": (1, 1, 0, 0)}


def test_what_an_earlier_version_lost_is_not_lost_again(project):
    answers(project, "positive", "negative")
    revise_guideline(project, schema_source=GOOD, text="", note="n", actor=project.created_by, now=NOW)

    effect = the_effect(project, GOOD + "# a remark\n")

    assert (effect.annotations, effect.whole) == (2, 2)


def test_answers_of_an_earlier_version_are_read_under_the_names_it_was_given_since(project):
    answers(project, "positive", "negative")
    lead = project.created_by
    revise_guideline(project, schema_source=GOOD, text="", note="n", actor=lead, now=NOW, renames=RENAMED)
    project.refresh_from_db()

    effect = the_effect(project, GOOD.replace("value: good", "value: fine"))

    assert {(row.was or row.value): used for row, used in effect.questions[0].labels}["good"] == 1
    assert renames_since(project.guideline_id, until=2)[project.guideline.versions.get(number=1).pk] == RENAMED


def test_decisions_and_agreement_read_earlier_answers_under_their_new_names(project):
    item = an_item(project)
    an_answer(item, a_person(), "positive")
    revise_guideline(project, schema_source=GOOD, text="", note="n", actor=project.created_by, now=NOW, renames=RENAMED)
    project.refresh_from_db()
    an_answer(item, a_person(), "good", guideline_version_id=project.version_id)

    refresh_figures(project.pk, progress=Progress(0), now=NOW)

    percent = Figure.objects.get(project_id=project.pk, name="percent", question="sentiment", language="")
    assert percent.value == 1.0
    assert set(Annotation.objects.values_list("answers", flat=True)) == {'{"sentiment": "positive"}', '{"sentiment": "good"}'}


def many(project, n: int) -> None:
    """Two answers to each of many items, written at once."""
    first = an_answer(an_item(project), a_person(), "positive")
    second = a_person()
    batch = first.item.batch
    model = type(first.item)
    items = model.objects.bulk_create(
        [
            model(
                project=project, batch=batch, external_id=f"m{i}", content='{"text": "t"}', content_hash=f"{i:032x}", length=1,
                routing_language="en", severity=0, created_at=NOW,
            )
            for i in range(n // 2)
        ],
        batch_size=2000,
    )  # fmt: skip
    rows = [(item, person) for item in items for person in (first.person, second)]
    Annotation.objects.bulk_create(
        [
            Annotation(
                public_id=f"{i:032x}x"[-32:], project_id=project.pk, item=item, person=person, key=f"m{i}", body_hash="", language="en",
                guideline_version_id=project.version_id, submitted_at=NOW,
                answers='{{"sentiment":"{}"}}'.format(("positive", "neutral", "negative")[i % 3]),
            )
            for i, (item, person) in enumerate(rows)
        ],
        batch_size=2000,
    )  # fmt: skip


def test_the_number_of_queries_does_not_depend_on_the_number_of_answers(project):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            the_effect(project, GOOD)
        return len(captured)

    answers(project, "positive")
    asked()
    few = asked()
    many(project, 3000)

    assert asked() == few
    assert few < 12


def test_of_very_many_answers_a_sample_is_read_and_told(project):
    many(project, 4000)

    found = standing_groups(project.pk, watermark=10**9, most=1000)

    read = sum(group.count for group in found.groups)
    assert found.one_in == 5
    assert 600 < read < 1000
    # The first answer is spelt otherwise than the many, and stands alone where the sample meets it.
    assert all(0.2 < group.count / read < 0.47 for group in found.groups if group.count > 1)


@pytest.mark.parametrize("one_in", [2, 5, 7])
@pytest.mark.parametrize("rhythm", [2, 3, 7])
def test_a_sample_keeps_no_step_with_the_work(db, one_in, rhythm):
    ids = "WITH RECURSIVE ids(id) AS (SELECT CAST(%s AS BIGINT) UNION ALL SELECT id + 1 FROM ids WHERE id < %s)"
    for first in (1, 123_457, 2**33 + 5):
        with connection.cursor() as cursor:
            cursor.execute(
                f"{ids} SELECT id %% %s, COUNT(*) FROM ids WHERE {STREWN.format(id='id')} %% %s = 0 GROUP BY 1",
                [first, first + 9_999, rhythm, one_in],
            )
            found = dict(cursor.fetchall())

        fair = 10_000 / rhythm / one_in
        assert len(found) == rhythm
        assert all(abs(count - fair) < 4 * fair**0.5 for count in found.values()), (first, found)


def test_answers_that_are_all_different_are_sampled_too(project):
    many(project, 400)

    found = standing_groups(project.pk, watermark=10**9, most_groups=2)

    assert found.one_in > 100
    assert sum(group.count for group in found.groups) < 20


@pytest.mark.prove
def test_the_effect_on_two_hundred_thousand_answers_is_counted_in_seconds(project):
    many(project, 200_000)

    begun = time.process_time()
    effect = the_effect(project, GOOD)

    assert effect.annotations == 200_001
    assert time.process_time() - begun < 3
