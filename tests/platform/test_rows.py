"""Reading rows: one line that cannot be read costs that line and no other."""

import pytest

from isogloss.platform.answers import json_body
from isogloss.platform.problems import InvalidInput
from isogloss.platform.rows import MOST_NESTED, BadRow, Row, columns_of, preview, read_rows

LINE = 1 << 24


def rows_of(folder, content: bytes, *, name="rows.jsonl"):
    path = folder / name
    path.write_bytes(content)
    return list(read_rows(path, file_format=name.rpartition(".")[2], most_bytes=LINE))


def nested(depth: int) -> bytes:
    return b'{"text": "deep", "meta": ' + b"[" * depth + b"]" * depth + b"}\n"


@pytest.mark.parametrize("line", [nested(200_000), nested(800), b'{"text": ' + b'{"a": ' * 90_000 + b"\n"], ids=["deep", "less", "cut off"])
def test_a_line_nested_too_deep_comes_back_and_the_rows_after_it_are_read(tmp_path, line):
    first, bad, last = rows_of(tmp_path, b'{"text": "before"}\n' + line + b'{"text": "after"}\n')

    assert (first, last) == (Row(1, {"text": "before"}), Row(3, {"text": "after"}))
    assert (bad.line, f"more than {MOST_NESTED} deep" in bad.reason) == (2, True)


def test_lists_as_deep_as_allowed_and_brackets_within_a_text_are_read(tmp_path):
    brackets = "[" * 1000

    rows = rows_of(tmp_path, nested(MOST_NESTED - 1) + f'{{"text": "{brackets}"}}\n'.encode())

    assert [type(row) for row in rows] == [Row, Row]
    assert rows[1].values == {"text": brackets}


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
def test_what_is_no_number_in_json_is_named_as_that(tmp_path, number):
    (bad,) = rows_of(tmp_path, b'{"text": "a", "score": ' + number + b"}\n")

    assert f"{number.decode()} is no number in JSON" in bad.reason
    assert "null" in bad.remedy


def test_half_a_character_pair_keeps_its_own_reason(tmp_path):
    (bad,) = rows_of(tmp_path, b'{"text": "\\ud800"}\n')

    assert "lone surrogate" in bad.reason


@pytest.mark.parametrize("name", ["rows.csv", "rows.tsv"])
def test_a_header_that_is_not_utf_8_is_refused_with_what_to_do(tmp_path, name):
    cells = b"," if name.endswith("csv") else b"\t"
    path = tmp_path / name
    path.write_bytes(cells.join([b"id", b"text", b"caf\xe9"]) + b"\n" + cells.join([b"1", b"a", b"b"]) + b"\n")

    with pytest.raises(InvalidInput, match="Save the file as UTF-8"):
        columns_of(path, file_format=name[5:], most_bytes=LINE)


def test_a_cell_that_is_not_utf_8_costs_its_record_only(tmp_path):
    good, bad = rows_of(tmp_path, b"id,text\n1,fine\n2,caf\xe9\n", name="rows.csv")

    assert (good.line, isinstance(bad, BadRow), bad.line) == (2, True, 3)


def test_a_script_that_sends_something_nested_too_deep_is_refused(rf):
    request = rf.post("/", "[" * 200_000 + "]" * 200_000, content_type="application/json")

    with pytest.raises(InvalidInput, match="not JSON"):
        json_body(request)


def test_a_script_that_sends_a_form_where_json_is_wanted_is_refused(rf):
    request = rf.post("/", {"keys": "a"})
    assert request.POST["keys"] == "a"  # as a middleware reads it

    with pytest.raises(InvalidInput, match="not JSON"):
        json_body(request)


def test_an_open_quotation_mark_swallows_nothing(tmp_path):
    rows = rows_of(tmp_path, b'id,text\n1,"open\n2,"closed"\n3,plain\n4,"never closed\n5,fine\n', name="x.csv")

    assert [(row.line, type(row).__name__) for row in rows] == [
        (2, "BadRow"), (3, "Row"), (4, "Row"), (5, "BadRow"), (6, "Row"),
    ]  # fmt: skip
    assert [row.raw for row in rows if isinstance(row, BadRow)] == ['1,"open', '4,"never closed']


def test_a_text_over_several_lines_is_still_one_record(tmp_path):
    rows = rows_of(tmp_path, b'id,text\n1,"one\ntwo, three"\n2,next\n', name="x.csv")

    assert [(row.line, row.values["text"]) for row in rows] == [(2, "one\ntwo, three"), (4, "next")]


def test_the_beginning_of_a_file_tells_what_cannot_be_read(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b'id,text\n1,"open\n2,two\n3,a,b\n')

    seen = preview(path, file_format="csv", most_bytes=LINE)

    assert (seen.rows, [row.line for row in seen.bad]) == ([{"id": "2", "text": "two"}], [2, 4])


def test_what_a_file_of_bad_rows_says_is_not_read(tmp_path):
    csv = rows_of(tmp_path, b"id,isogloss_reason,text,isogloss_remedy,isogloss_line,isogloss_raw\n1,r,one,m,2,\n", name="x.csv")
    jsonl = rows_of(tmp_path, b'{"id": "1", "text": "one", "isogloss_reason": "r", "isogloss_line": 2}\n', name="x.jsonl")

    assert [row.values for row in (*csv, *jsonl)] == [{"id": "1", "text": "one"}] * 2
