"""Files of annotations made elsewhere: which rows come back, and why."""

import json
from pathlib import Path

import pytest

from isogloss.accounts.models import User
from isogloss.accounts.rules import Origin
from isogloss.dispatch.services.imports import AnnotationImport, import_annotations
from tests.dispatch.making import Desk, a_desk, annotations
from tests.support.making import CHOICE, NOW, a_file

pytestmark = pytest.mark.django_db

COLUMNS = {"item": "item", "worker": "worker", "label": "label"}
FREE = CHOICE + "  - {id: remark, kind: text, prompt: Remark}\n"
GOOD = {"item": "x1", "worker": "w2", "label": "positive"}


def imported(desk: Desk, path: Path, **options: object) -> AnnotationImport:
    return import_annotations(desk.project, path=path, columns=COLUMNS, actor=desk.lead, now=NOW, **options)


def bad_rows(outcome: AnnotationImport) -> list[dict[str, object]]:
    return [json.loads(line) for line in Path(outcome.bad_path).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("column", ["item", "worker", "label"])
def test_a_cell_with_a_nul_comes_back_and_the_others_are_added(tmp_path, column):
    desk = a_desk(n=2)
    path = a_file(tmp_path, [{"item": "x0", "worker": "w1", "label": "positive"} | {column: "a\x00b"}, GOOD])

    outcome = imported(desk, path)

    assert (outcome.added, outcome.bad, annotations(desk)) == (1, 1, 1)
    (row,) = bad_rows(outcome)
    assert (row["line"], row["reason"]) == (1, f"Column {column!r} holds a NUL character.")
    assert list(User.objects.filter(origin=Origin.IMPORT).values_list("name", flat=True)) == ["w2"]


def test_a_text_label_with_a_nul_comes_back(tmp_path):
    desk = a_desk(n=2, schema=FREE)
    path = a_file(tmp_path, [{**GOOD, "label": "a\x00b"}])

    outcome = imported(desk, path, question="remark")

    assert (outcome.added, outcome.bad) == (0, 1)


@pytest.mark.parametrize("column", ["item", "worker", "label"])
@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_a_cell_with_half_of_a_character_pair_comes_back(tmp_path, column, ending):
    desk = a_desk(n=2)
    rows = [{"item": "x0", "worker": "w1", "label": "positive"} | {column: "half"}, GOOD]
    path = tmp_path / f"labels.{ending}"
    if ending == "jsonl":
        path.write_text("".join(json.dumps(row).replace("half", "\\ud800") + "\n" for row in rows))
    else:
        lines = [",".join(COLUMNS), *(",".join(str(cell) for cell in row.values()) for row in rows)]
        path.write_bytes("\n".join(lines).encode().replace(b"half", b"\xed\xa0\x80") + b"\n")

    outcome = imported(desk, path)

    assert (outcome.added, outcome.bad) == (1, 1)
