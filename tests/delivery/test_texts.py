"""Texts that break lesser exports, through every format and back."""

import json

import pytest

from isogloss.delivery.queries import release_folder
from isogloss.platform.rows import Row, read_rows
from tests.delivery.making import a_release, an_answer, an_item, fresh_figures, rows_in
from tests.support.making import a_lead, a_person, a_project
from tests.support.parquet import rows_of

TEXTS = {
    "formula": '=HYPERLINK("http://x", "y")',
    "plus": "+62 812",
    "at": "@ana hi",
    "minus": "-1",
    "apostrophe": "'tis",
    "only-an-apostrophe": "'",
    "guarded-formula": "'=1",
    "tab": "\tindented",
    "return": "\rback",
    "lines": "one\ntwo\r\nthree",
    "quotes": 'he said "no", twice',
    "arabic": "مرحبا، كيف الحال؟",
    "bidi": "\u202eabc\u202c \u2067שלום\u2069",
    "emoji": "👩‍👩‍👧‍👦🇮🇩👍🏽",
    "combining": "e\u0301 ≠ é, ก็",
    "plane-2": "𠮷野家で𩸽",
    "separators": "a\u2028b\u2029c\u0085d",
    "backslash": 'C:\\new \\u0041 {"a": 1}',
    "spaces": "  kept  ",
    "control": "bell\x07 and \x1f unit",
}
FORMATS = ("jsonl", "csv", "parquet")


@pytest.fixture
def release(db):
    project = a_project(a_lead())
    ana = a_person()
    for name, text in TEXTS.items():
        an_answer(an_item(project, name, content={"text": text}), ana, {"sentiment": "positive", "why": text})
    fresh_figures(project)
    return a_release(project, formats=FORMATS)


def test_every_text_comes_back_from_jsonl_as_it_was(release):
    assert {row["id"]: row["content"]["text"] for row in rows_in(release, "items")} == TEXTS


def test_every_text_comes_back_from_csv_through_our_own_reader(release):
    rows = list(read_rows(release_folder(release) / "items.csv", file_format="csv", most_bytes=1 << 20, guarded=True))

    assert all(isinstance(row, Row) for row in rows)
    assert {row.values["id"]: row.values["content.text"] for row in rows} == TEXTS


def test_no_cell_of_a_csv_file_begins_as_a_formula(release):
    rows = list(read_rows(release_folder(release) / "items.csv", file_format="csv", most_bytes=1 << 20))

    assert [cell for row in rows for cell in row.values.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_every_text_comes_back_from_parquet_as_it_was(release):
    found = rows_of('SELECT id, "content.text" FROM read_parquet(?)', str(release_folder(release) / "items.parquet"))

    assert dict(found) == TEXTS


def test_answers_are_flat_by_question_and_whole_as_json(release):
    path = str(release_folder(release) / "annotations.parquet")
    found = rows_of('SELECT item, "answer.sentiment", answers, submitted_at::VARCHAR, standing FROM read_parquet(?)', path)

    assert {item: json.loads(answers)["why"] for item, _, answers, _, _ in found} == TEXTS
    assert {(sentiment, standing) for _, sentiment, _, _, standing in found} == {("positive", True)}


def test_numbers_are_not_rounded_on_the_way(db):
    project = a_project(a_lead())
    an_item(project, "a-1", content='{"text": "x", "n": 12345678901234567890123, "f": 1.10, "deep": [1.0, {"a": null}], "none": null}')

    release = a_release(project, formats=FORMATS)

    line = (release_folder(release) / "items.jsonl").read_text()
    assert '"n": 12345678901234567890123, "f": 1.10, "deep": [1.0, {"a": null}]' in line
    path = str(release_folder(release) / "items.parquet")
    assert rows_of('SELECT "content.n", "content.f", "content.deep", "content.none" FROM read_parquet(?)', path) == [
        ("12345678901234567890123", "1.10", '[1.0, {"a": null}]', None)
    ]


def test_fields_that_differ_in_capitals_stay_apart(db):
    project = a_project(a_lead())
    an_item(project, "a-1", content={"text": "lower", "Text": "upper"})

    release = a_release(project, formats=("csv",))

    (row,) = read_rows(release_folder(release) / "items.csv", file_format="csv", most_bytes=1 << 20, guarded=True)
    assert (row.values["content.text"], row.values["content.Text"]) == ("lower", "upper")


def test_content_that_was_stored_over_several_lines_is_one_row(db):
    project = a_project(a_lead())
    an_item(project, "a-1", content='{\n  "text": "x"\n}')

    assert [row["content"] for row in rows_in(a_release(project), "items")] == [{"text": "x"}]


def test_a_text_of_the_greatest_length_comes_through_every_format(db):
    project = a_project(a_lead())
    text = "界" * 1_000_000
    an_item(project, "long", content={"text": text})

    release = a_release(project, formats=FORMATS)

    ((found,),) = rows_of('SELECT "content.text" FROM read_parquet(?)', str(release_folder(release) / "items.parquet"))
    assert (found == text, rows_in(release, "items")[0]["content"]["text"] == text) == (True, True)
