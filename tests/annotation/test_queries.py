"""What a person sees of their last answers."""

import pytest

from isogloss.annotation.queries import last_answers
from tests.dispatch.making import a_desk

pytestmark = pytest.mark.django_db


def test_the_last_answers_stand_as_corrected_newest_first():
    desk = a_desk(n=3)
    ana = desk.annotator()
    one, two = desk.next(ana, want=2).leases
    desk.submit(ana, one.lease)
    desk.submit(ana, two.lease)
    desk.submit(ana, one.lease, label="negative")

    rows = last_answers(person_id=ana.pk, project_id=desk.project.pk, most=20)

    assert [(row.lease, row.revision) for row in rows] == [(one.lease, 1), (two.lease, 0)]
