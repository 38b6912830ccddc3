"""Tables in a terminal: aligned in every script, folded where they are too wide."""

from isogloss.cli.drawing import columns_of, drawn, folded


def test_columns_line_up_whatever_the_script():
    lines = list(drawn(["label", "n"], [["中文", "3"], ["é́", "12"], ["ไทย้", "1"]], right=["n"], width=80))

    assert {columns_of(line) for line in lines} == {columns_of(lines[0])}
    assert lines[2] == "中文    3"


def test_the_widest_column_is_folded_at_a_space():
    lines = list(drawn(["who", "why"], [["a", "undefined: nobody annotated two items"]], right=[], width=25))

    assert lines[2:] == ["a    undefined: nobody", "     annotated two items"]


def test_a_text_without_spaces_is_folded_by_columns_and_nothing_is_lost():
    parts = list(folded("語" * 20, width=7))

    assert (set(map(columns_of, parts[:-1])), "".join(parts)) == ({6}, "語" * 20)


def test_a_table_without_rows_has_its_header():
    assert list(drawn(["a", "b"], [], right=[], width=80)) == ["a  b", "────"]
