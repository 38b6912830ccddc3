"""Annotations from a file count as they are stored, and once."""

import pytest

from isogloss.annotation.models import Annotation
from isogloss.dispatch.models import Progress
from isogloss.dispatch.services import imports
from tests.dispatch.making import a_desk, some_items
from tests.support.making import a_file

pytestmark = pytest.mark.django_db
COLUMNS = {"item": "item", "worker": "worker", "label": "label"}


def a_file_of(folder, items, *, workers=("una", "vic"), label="positive"):
    rows = [{"item": item.external_id, "worker": worker, "label": label} for item in items for worker in workers]
    return a_file(folder, rows, name="annotations.jsonl")


def imported(desk, path, **options):
    return imports.import_annotations(desk.project, path=path, columns=COLUMNS, actor=desk.lead, now=desk.now, **options)


def standing_of(items):
    return [(p.target, p.done) for p in Progress.objects.filter(pk__in=[item.pk for item in items]).order_by("pk")]


def test_what_an_import_had_stored_when_it_was_killed_counts(tmp_path, monkeypatch):
    desk = a_desk(target=2)
    items = some_items(desk.project, 3)
    path = a_file_of(tmp_path, items)
    monkeypatch.setattr(imports, "CHUNK", 2)
    with monkeypatch.context() as patched:
        patched.setattr(imports, "import_people", killed_at(3, imports.import_people))
        with pytest.raises(KeyboardInterrupt):
            imported(desk, path)

    served = {desk.item_of(seat.lease) for seat in desk.next(desk.annotator(), want=9).leases}

    assert Annotation.objects.count() == 4
    assert standing_of(items) == [(2, 2), (2, 2), (2, 0)]
    assert served == {items[2].pk}
    assert desk.violations() == {}


def killed_at(call, function):
    calls = []

    def counting(*values, **named):
        calls.append(1)
        if len(calls) == call:
            raise KeyboardInterrupt
        return function(*values, **named)

    return counting


def test_rows_that_are_there_already_are_counted_where_an_earlier_import_was_not(tmp_path, monkeypatch):
    desk = a_desk(target=2)
    items = some_items(desk.project, 2)
    path = a_file_of(tmp_path, items)
    with monkeypatch.context() as patched:
        patched.setattr(imports, "count_imported", lambda *values, **named: 0)
        imported(desk, path)

    outcome = imported(desk, path)

    assert (outcome.added, outcome.skipped) == (0, 4)
    assert standing_of(items) == [(2, 2), (2, 2)]
    assert desk.next(desk.annotator(), want=9).leases == []
    assert desk.violations() == {}


def test_imported_work_beside_answers_given_here_raises_the_target(tmp_path):
    desk = a_desk(target=1)
    items = some_items(desk.project, 1)
    ana = desk.annotator()
    desk.submit(ana, desk.next(ana).leases[0].lease)

    imported(desk, a_file_of(tmp_path, items))

    assert standing_of(items) == [(3, 3)]
    assert desk.violations() == {}


def test_a_file_that_names_no_item_of_the_project_comes_back_whole(tmp_path):
    desk = a_desk(target=2, n=1)
    path = a_file(tmp_path, [{"item": "nowhere", "worker": "una", "label": "positive"}], name="annotations.jsonl")

    outcome = imported(desk, path)

    assert (outcome.added, outcome.skipped, outcome.bad) == (0, 0, 1)
    assert desk.violations() == {}
