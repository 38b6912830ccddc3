"""What a doctor finds."""

import pytest

from isogloss.dispatch.models import Progress
from isogloss.installation import health
from tests.dispatch.making import a_desk

pytestmark = pytest.mark.django_db


def test_a_queue_that_holds_together_is_fine():
    a_desk(n=3)

    assert health._queue().is_fine


def test_what_breaks_a_rule_of_the_queue_is_named_with_its_project():
    desk = a_desk(n=3)
    Progress.objects.filter(project_id=desk.project.pk).update(done=1)

    found = health._queue()

    assert not found.is_fine
    assert f"3 × progress in {desk.project.name} ({desk.project.public_id})" in found.detail
