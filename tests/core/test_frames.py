"""Files of answers: what is read, and what is said about a bad one."""

import gzip
import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.core.frames import LabelKind, MixedLabels, read_gold, read_ratings, write_rows
from isogloss.core.tables import BadTable
from tests.support.parquet import rows_of


@pytest.fixture
def a_file(tmp_path):
    def make(content, *, name="answers.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


def triples(ratings):
    return [
        (ratings.items[item], ratings.people[person], ratings.labels[label])
        for item, person, label in zip(ratings.item.tolist(), ratings.person.tolist(), ratings.label.tolist(), strict=True)
    ]


ROWS = [("i2", "ana", "x"), ("i2", "ben", "y"), ("i1", "ana", "y")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "item,worker,label\ni2,ana,x\ni2,ben,y\ni1,ana,y\n"),
        ("a.csv", "\ufeffitem,worker,label\r\ni2,ana,x\r\ni2,ben,y\r\ni1,ana,y\r\n"),
        ("a.csv", 'note;"Label";Item ;WORKER\n"a;b";x;i2;ana\n;y;i2;ben\n;y;i1;ana\n'),
        ("a.csv", "item,worker,label,,\ni2,ana,x,,\ni2,ben,y,,\ni1,ana,y,,\n"),
        ("a.tsv", "item\tworker\tlabel\ni2\tana\tx\ni2\tben\ty\ni1\tana\ty\n"),
        ("a.csv.gz", gzip.compress(b"item,worker,label\ni2,ana,x\ni2,ben,y\ni1,ana,y\n", mtime=0)),  # the hour would name the test
        ("a.jsonl", "".join(json.dumps({"item": i, "worker": w, "label": a}) + "\n" for i, w, a in ROWS)),
        ("a'b.csv", "item,worker,label\ni2,ana,x\ni2,ben,y\ni1,ana,y\n"),
    ],
)
def test_the_same_answers_are_read_from_every_kind_of_file(a_file, name, content):
    ratings = read_ratings(a_file(content, name=name))

    assert triples(ratings) == ROWS


def test_parquet_keeps_numbers(tmp_path):
    path = tmp_path / "a.parquet"
    rows_of(f"COPY (SELECT * FROM (VALUES (7, 'ana', 3), (7, 'ben', 10), (5, 'ana', 3)) AS t(item, worker, label)) TO '{path}'")

    ratings = read_ratings(path)

    assert triples(ratings) == [(7, "ana", 3), (7, "ben", 10), (5, "ana", 3)]
    assert list(ratings.labels) == [3, 10]


def test_lists_of_labels_are_sets(a_file, tmp_path):
    lines = a_file('{"item": 1, "worker": "a", "label": ["y", "x"]}\n{"item": 1, "worker": "b", "label": []}\n', name="a.jsonl")
    typed = tmp_path / "a.parquet"
    rows_of(f"COPY (SELECT * FROM (VALUES (1, 'a', ['y', 'x']), (1, 'b', [])) AS t(item, worker, label)) TO '{typed}'")

    for path in (lines, typed):
        assert triples(read_ratings(path)) == [(1, "a", frozenset({"x", "y"})), (1, "b", frozenset())]


def test_a_language_column_is_read_where_there_is_one(a_file):
    ratings = read_ratings(a_file("lang,item,worker,label\nmy,1,a,x\nmy,1,b,x\nen,2,a,y\n"))

    assert [ratings.languages[code] for code in ratings.language] == ["my", "en"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "item,worker,label\n1,a,\n1,b,y\n"),
        ("a.jsonl", '{"item":"1","worker":"a","label":null}\n{"item":"1","worker":"b","label":"y"}\n'),
    ],
)
def test_a_missing_label_is_left_out_and_counted(a_file, name, content):
    ratings = read_ratings(a_file(content, name=name))

    assert triples(ratings) == [("1", "b", "y")]
    assert ratings.n_unlabelled == 1


@settings(max_examples=10, deadline=timedelta(seconds=5))
@given(
    st.lists(
        st.tuples(
            st.integers(0, 5), st.integers(0, 3), st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=6)
        ),
        min_size=1,
        max_size=12,
    )
)
def test_any_text_comes_back_as_it_was_written(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("texts")
    wanted = list({(f"i{item}", f"w{person}"): (f"i{item}", f"w{person}", f"_{text}") for item, person, text in reversed(rows)}.values())

    for name in ("a.csv", "a.tsv", "a.jsonl", "a.parquet"):
        write_rows(folder / name, columns=("item", "worker", "label"), rows=wanted)

        assert triples(read_ratings(folder / name)) == wanted


BAD = [
    pytest.param("a.csv", "", "Row 1 is missing: a.csv is empty", id="nothing"),
    pytest.param("a.csv", "\n\n", "Row 1 is missing: a.csv is empty", id="blank lines"),
    pytest.param("a.csv", "item,worker,label\n", "has a header and no rows", id="header alone"),
    pytest.param(
        "a.csv", "item,annotator,label\n1,a,x\n", r"Row 1 \(the header\).*no column 'worker'.*Rename 'annotator'", id="other name"
    ),
    pytest.param("a.csv", "1,a,x\n2,b,y\n", "no column 'item'; it has: 1, a, x", id="no header"),
    pytest.param("a.csv", "item,item,worker,label\n1,1,a,x\n", "the column 'item' twice", id="column twice"),
    pytest.param(
        "a.csv", "item,worker,label\n1,a,x\n1,b\n", "Line 3 of a.csv cannot be read: it has 2 cells where the header has 3", id="short line"
    ),
    pytest.param("a.csv", "item,worker,label\n1,a,x\n1,b,y,z\n", "Line 3 .* 4 cells where the header has 3", id="long line"),
    pytest.param("a.csv", 'item,worker,label\n1,a,"x\n1,b,y\n', "Line 2 .* quoted cell is not closed", id="open quote"),
    pytest.param("a.csv", b"item,worker,label\n1,a,x\n1,b,\xe9\n", "Line 3 .* not UTF-8", id="latin-1"),
    pytest.param("a.csv", b"it\xe9m,worker,label\n1,a,x\n", "Line 1 .* not UTF-8", id="latin-1 header"),
    pytest.param("a.csv", "item,worker,label\n1,a,x\n,b,y\n", "Row 2 has no item", id="no item"),
    pytest.param("a.csv", "item,worker,label\n1,a,x\n1,,y\n", "Row 2 has no worker", id="no worker"),
    pytest.param("a.csv", "item,worker,label\n1,a,\n", "No row has a label", id="no label"),
    pytest.param(
        "a.csv",
        "item,worker,label\n1,a,1\n1,b,2\n2,a,maybe\n",
        "Row 3 has 'maybe' in the column label, a word where most rows have numbers",
        id="mixed",
    ),
    pytest.param(
        "a.csv",
        "item,worker,label\n1,a,4\n1,b,no\n2,a,maybe\n",
        "Row 1 has '4' in the column label, a number where most rows have words",
        id="mixed words",
    ),
    pytest.param(
        "a.jsonl",
        '{"item":1,"worker":"a","label":"x"}\n{"item":"1","worker":"b","label":"x"}\n',
        "Row 2 has text in the column item",
        id="mixed ids",
    ),
    pytest.param(
        "a.jsonl", '{"item":1,"worker":"a","label":"x"}\n{"item":2,"worker":"b","label":3}\n', "Row 2 has the label 3", id="mixed types"
    ),
    pytest.param("a.jsonl", '{"item":1,"worker":"a"}\n', r"Row 1 \(the first object\).*no column 'label'", id="no key"),
    pytest.param("a.jsonl", '{"item":1,"worker":"a","label":"x"}\n{"item":2\n', "cannot be read: it is not a JSON object", id="cut off"),
    pytest.param("a.jsonl", '{"item":1,\n', "Line 1 of a.jsonl is not JSON", id="cut off at once"),
    pytest.param("a.jsonl", "[1]\n", "not a JSON object", id="a list"),
    pytest.param("a.jsonl", '{"item":1,"worker":"a","label":{"x":1}}\n', "Row 1 has .* in the column label", id="an object"),
    pytest.param("a.xlsx", "x", "A file .xlsx cannot be read", id="spreadsheet"),
    pytest.param("a.parquet", "not parquet", "a.parquet cannot be read", id="not parquet"),
]


@pytest.mark.parametrize(("name", "content", "told"), BAD)
def test_a_bad_file_is_refused_with_what_is_wrong_and_where(a_file, name, content, told):
    with pytest.raises(BadTable, match=told):
        read_ratings(a_file(content, name=name))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadTable, match=r"There is no file .*none\.csv"):
        read_ratings(tmp_path / "none.csv")


def test_numbers_and_words_may_be_mixed_on_purpose(a_file):
    path = a_file("item,worker,label\n1,a,1\n1,b,unsure\n")

    with pytest.raises(MixedLabels):
        read_ratings(path)
    assert list(read_ratings(path, labels=LabelKind.TEXT).labels) == ["1", "unsure"]


def test_gold_is_read_without_its_empty_rows(a_file):
    assert read_gold(a_file("item,label,note\n1,x,sure\n2,,\n3,y,\n3,y,again\n")) == {"1": "x", "3": "y"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("item,label\n1,x\n1,y\n", "Row 2: the item '1' has the label 'y' after 'x'"),
        ("item,label\n", "no gold label"),
        ("item,label\n,x\n", "Row 1 has no item"),
    ],
)
def test_bad_gold_is_refused(a_file, content, told):
    with pytest.raises(BadTable, match=told):
        read_gold(a_file(content))


def test_a_compressed_file_is_written_compressed(tmp_path):
    write_rows(tmp_path / "a.csv.gz", columns=("item", "worker", "label"), rows=ROWS)

    assert gzip.decompress((tmp_path / "a.csv.gz").read_bytes()).startswith(b"item,worker,label\n")
    assert triples(read_ratings(tmp_path / "a.csv.gz")) == ROWS


def test_a_set_is_written_as_json_in_a_cell(tmp_path):
    write_rows(tmp_path / "a.csv", columns=("item", "label"), rows=[("1", ["x", "y"])])

    assert (tmp_path / "a.csv").read_text() == 'item,label\n1,"[""x"", ""y""]"\n'


@pytest.mark.parametrize("name", ["a.xlsx", "a", "a.parquet.gz"])
def test_an_ending_that_says_nothing_is_refused(tmp_path, name):
    with pytest.raises(BadTable, match="cannot be written"):
        write_rows(tmp_path / name, columns=("item",), rows=[])
