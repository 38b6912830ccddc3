"""Annotations from a file, and what a person sees of their last answers."""

import pytest

from isogloss.annotation.models import Annotation
from isogloss.annotation.queries import last_answers
from isogloss.annotation.services import ImportedAnswer, record_imported
from isogloss.dispatch.services import register_imported_annotations
from tests.dispatch.making import a_desk, some_items

pytestmark = pytest.mark.django_db


def test_imported_answers_are_stored_without_lease_or_active_time():
    desk = a_desk()
    (item,) = some_items(desk.project, 1)
    ana = desk.annotator()

    refused = record_imported(
        desk.project.pk,
        version_id=desk.project.version_id,
        now=desk.now,
        answers=[ImportedAnswer(item.pk, ana.pk, '{"sentiment":"neutral"}', "en")],
    )

    row = Annotation.objects.get()
    assert refused == []
    assert (row.source, row.lease, row.active_ms, row.counted) == ("import", None, None, True)


def test_a_second_imported_answer_of_a_person_is_refused():
    desk = a_desk()
    (item,) = some_items(desk.project, 1)
    ana = desk.annotator()
    answer = ImportedAnswer(item.pk, ana.pk, '{"sentiment":"neutral"}', "en")

    refused = record_imported(desk.project.pk, version_id=desk.project.version_id, now=desk.now, answers=[answer, answer])
    again = record_imported(desk.project.pk, version_id=desk.project.version_id, now=desk.now, answers=[answer])

    assert (refused, again) == ([answer], [answer])
    assert Annotation.objects.count() == 1


def test_items_without_imported_answers_stay_waiting():
    desk = a_desk(target=1)
    one, other = some_items(desk.project, 2)
    ana, ben = desk.annotator(), desk.annotator()
    record_imported(
        desk.project.pk,
        version_id=desk.project.version_id,
        now=desk.now,
        answers=[ImportedAnswer(one.pk, ana.pk, '{"sentiment":"neutral"}', "en")],
    )

    register_imported_annotations(desk.project.pk, now=desk.now)

    assert [desk.item_of(s.lease) for s in desk.next(ben, want=5).leases] == [other.pk]
    assert desk.violations() == {}


def test_the_last_answers_stand_as_corrected_newest_first():
    desk = a_desk(n=3)
    ana = desk.annotator()
    one, two = desk.next(ana, want=2).leases
    desk.submit(ana, one.lease)
    desk.submit(ana, two.lease)
    desk.submit(ana, one.lease, label="negative")

    rows = last_answers(person_id=ana.pk, project_id=desk.project.pk, most=20)

    assert [(row.lease, row.revision) for row in rows] == [(one.lease, 1), (two.lease, 0)]
