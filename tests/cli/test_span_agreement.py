"""`isogloss agreement` on files of spans."""

import json

import pytest
from click.testing import CliRunner

from isogloss.cli import main
from isogloss.core.agreement import exact_f1, partial_f1, unitising_alpha
from isogloss.core.frames import read_spans

ROWS = """item,worker,start,end,label,length,language
a,ana,0,4,PER,20,cs
a,ben,0,4,PER,20,cs
a,ana,10,14,LOC,20,cs
a,ben,12,16,LOC,20,cs
b,ana,3,6,PER,30,ms
b,ben,,,,30,ms
c,ana,1,2,LOC,10,ms
c,ben,1,2,LOC,10,ms
"""


def a_file(tmp_path, text=ROWS):
    path = tmp_path / "spans.csv"
    path.write_text(text, encoding="utf-8")
    return path


def run(*arguments):
    return CliRunner().invoke(main, ["agreement", *map(str, arguments)])


def test_start_and_end_make_the_rows_spans(tmp_path):
    path = a_file(tmp_path)
    spans = read_spans(path).spans

    told = json.loads(run(path, "--json").output)

    assert (told["items"], told["people"], told["spans"]) == (3, 2, 7)
    assert told["exact_f1"]["value"] == pytest.approx(exact_f1(spans).value)
    assert told["partial_f1"]["value"] == pytest.approx(partial_f1(spans).value)
    assert told["alpha"]["value"] == pytest.approx(unitising_alpha(spans).value)


def test_the_figures_are_those_counted_by_hand(tmp_path):
    told = json.loads(run(a_file(tmp_path), "--json").output)

    assert told["exact_f1"]["value"] == pytest.approx(2 * 2 / 7)
    assert told["partial_f1"]["value"] == pytest.approx((1 + 1 / 2 + 0 + 1 + 1 + 1 / 2 + 1) / 7)


def test_parts_are_told_by_language_label_person_and_pair(tmp_path):
    told = json.loads(run(a_file(tmp_path), "--json", "--people", "--pairs").output)

    assert [part["language"] for part in told["by_language"]] == ["cs", "ms"]
    assert {part["label"] for part in told["by_label"]} == {"LOC", "PER"}
    assert [part["worker"] for part in told["by_person"]] == ["ana", "ben"]
    assert [part["workers"] for part in told["by_pair"]] == [["ana", "ben"]]


def test_without_lengths_alpha_says_why_it_has_no_value(tmp_path):
    text = "item,worker,start,end\na,ana,0,4\na,ben,0,4\n"

    told = run(a_file(tmp_path, text))

    assert told.exit_code == 0
    assert "lengths of the documents are not given" in " ".join(told.output.split())


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,ana,5,4,PER,20,cs", "Row 1 marks 5–4"),
        ("a,ana,5,,PER,20,cs", "Row 1 has only one of start and end"),
        ("a,ana,x,4,PER,20,cs", "Row 1 has 'x' in the column start"),
        ("a,ana,0,40,PER,20,cs", "marks 0–40"),
        ("a,ana,0,4,PER,21,cs", "Row 2 has the length 20 for the item 'a', 21 before"),
        (",ana,0,4,PER,20,cs", "no"),
    ],
)
def test_a_bad_row_is_named(tmp_path, row, message):
    head, first, *rest = ROWS.splitlines()
    assert first

    told = run(a_file(tmp_path, "\n".join([head, row, *rest])))

    assert told.exit_code == 2
    assert message in " ".join(told.output.split())


def test_one_person_is_nobody_to_compare_with(tmp_path):
    told = run(a_file(tmp_path, "item,worker,start,end\na,ana,0,4\n"))

    assert told.exit_code == 2
    assert "one person only" in " ".join(told.output.split())
