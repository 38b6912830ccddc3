"""Recorded answers of one person: what a line may hold, and what is said of one that does not fit."""

import pytest

from isogloss.annotation.models import Annotation
from isogloss.dispatch.messages import DAY_MS
from isogloss.dispatch.services.imports import replay_answers
from isogloss.platform.problems import InvalidInput
from tests.dispatch.making import Desk, a_desk, annotations
from tests.support.making import NOW

pytestmark = pytest.mark.django_db


def a_recording(desk: Desk, *lines: dict[str, object]):
    rows = [
        (number, {"item": f"x{number - 1}", "answers": {"sentiment": "positive"}, **line}) for number, line in enumerate(lines, start=1)
    ]
    return replay_answers(desk.project, person=desk.annotator(), rows=rows, actor=desk.lead, now=NOW)


@pytest.mark.parametrize("active", [-5, DAY_MS + 1, 10**12, float("inf"), float("nan"), "12", True])
def test_a_time_that_nobody_worked_is_refused_with_its_line(active):
    desk = a_desk(n=2)

    with pytest.raises(InvalidInput, match=r"^Line 2: active_ms "):
        a_recording(desk, {}, {"active_ms": active})

    assert annotations(desk) == 0


@pytest.mark.parametrize(("active", "stored"), [(0, 0), (1500, 1500), (1500.7, 1500), (DAY_MS, DAY_MS), (None, None)])
def test_a_time_somebody_may_have_worked_is_kept(active, stored):
    desk = a_desk(n=1)

    a_recording(desk, {"active_ms": active})

    assert Annotation.objects.get(project_id=desk.project.pk).active_ms == stored


def test_answers_that_do_not_fit_the_schema_are_refused_with_their_line():
    desk = a_desk(n=2)

    with pytest.raises(InvalidInput, match=r"^Line 2: The answers do not fit") as refusal:
        a_recording(desk, {}, {"answers": {"sentiment": "purple"}})

    assert refusal.value.errors[0]["question"] == "sentiment"


@pytest.mark.parametrize("line", [{"item": "x1\x00"}, {"answers": {"sentiment": "a\x00"}}, {"answers": {"a\x00": 1}}])
def test_a_nul_is_refused_with_its_line(line):
    desk = a_desk(n=2)

    with pytest.raises(InvalidInput, match=r"^Line 2: .* holds a NUL character"):
        a_recording(desk, {}, line)

    assert annotations(desk) == 0


def test_a_line_without_an_item_of_the_project_stops_all_before_anything_is_written():
    desk = a_desk(n=1)

    with pytest.raises(InvalidInput, match=r"^Line 2: the project has no such item"):
        a_recording(desk, {}, {"item": "unknown"})

    assert annotations(desk) == 0
