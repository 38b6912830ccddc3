"""Reading columns of answers into codes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core.tables import BadTable, Ratings, factorise


def a_reading(**changes):
    """Read a small table with some columns changed."""
    columns = {"item": ["a", "a", "b"], "worker": ["x", "y", "x"], "label": ["no", "yes", "no"]}
    return Ratings.from_columns(**(columns | changes))


def test_strings_become_codes_and_vocabularies():
    ratings = a_reading()

    assert (list(ratings.items), list(ratings.people), list(ratings.labels)) == (["a", "b"], ["x", "y"], ["no", "yes"])
    assert (ratings.item.tolist(), ratings.person.tolist(), ratings.label.tolist()) == ([0, 0, 1], [0, 1, 0], [0, 1, 0])
    assert {ratings.item.dtype, ratings.person.dtype, ratings.label.dtype} == {np.dtype(np.int32)}


@given(st.lists(st.one_of(st.none(), st.text(max_size=3)), max_size=30))
def test_every_value_is_found_again_under_its_code(values):
    codes, vocabulary = factorise(values)

    assert [None if code < 0 else vocabulary[code] for code in codes.tolist()] == values
    assert len(set(vocabulary)) == len(vocabulary)


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=30))
def test_arrays_of_numbers_are_numbered_in_ascending_order(values):
    codes, vocabulary = factorise(np.array(values))

    assert list(vocabulary) == sorted(set(values))
    assert [vocabulary[code] for code in codes.tolist()] == values


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int16, np.uint64, np.int64])
def test_small_kinds_of_numbers_do_not_overflow(kind):
    values = np.array([np.iinfo(kind).max, np.iinfo(kind).min, np.iinfo(kind).max], dtype=kind)

    codes, vocabulary = factorise(values)

    assert [int(vocabulary[code]) for code in codes.tolist()] == [int(value) for value in values]


def test_codes_without_gaps_are_not_copied():
    item = np.array([0, 1, 2], dtype=np.int32)

    assert factorise(item)[0] is item


@pytest.mark.parametrize("values", [np.array(["b", "a", "b"]), np.array(["b", "a", "b"], dtype=object), ("b", "a", "b")])
def test_strings_come_in_any_sequence(values):
    codes, vocabulary = factorise(values)

    assert (codes.tolist(), vocabulary) == ([0, 1, 0], ["b", "a"])


def test_masked_cells_are_missing():
    codes, vocabulary = factorise(np.ma.masked_array(["b", "x", "a"], mask=[False, True, False]))

    assert (codes.tolist(), vocabulary) == ([0, -1, 1], ["b", "a"])


def test_nan_is_missing():
    codes, vocabulary = factorise(np.array([2.5, np.nan, 1.0]))

    assert (codes.tolist(), vocabulary) == ([1, -1, 0], [1.0, 2.5])


def test_the_first_of_a_persons_answers_to_an_item_counts():
    ratings = a_reading(item=["a", "a", "a", "b"], worker=["x", "y", "x", "x"], label=["no", "yes", "yes", "yes"])

    assert ratings.label.tolist() == [0, 1, 1]
    assert (ratings.n_repeats, ratings.rows.tolist()) == (1, [0, 1, 3])


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.sampled_from([None, "a", "b"])), min_size=1, max_size=40).filter(
        lambda rows: any(row[2] for row in rows)
    )
)
def test_the_rows_that_count_are_those_met_first(rows):
    firsts: dict[tuple[int, int], int] = {}
    for place, (item, person, label) in enumerate(rows):
        if label is not None:
            firsts.setdefault((item, person), place)
    item, person, label = zip(*rows, strict=True)

    ratings = Ratings.from_columns(item=item, worker=person, label=label)

    kept = list(range(len(rows))) if ratings.rows is None else ratings.rows.tolist()
    assert kept == sorted(firsts.values())
    assert ratings.n_unlabelled == label.count(None)
    assert ratings.n_repeats == len(rows) - label.count(None) - len(firsts)


def test_answers_without_a_label_are_left_out_and_counted():
    ratings = a_reading(label=["no", None, float("nan")])

    assert (len(ratings), ratings.n_unlabelled, ratings.rows.tolist()) == (1, 2, [0])


def test_a_first_answer_without_a_label_gives_way_to_the_second():
    ratings = a_reading(item=["a", "a"], worker=["x", "x"], label=[None, "yes"])

    assert (len(ratings), ratings.n_unlabelled, ratings.n_repeats) == (1, 1, 0)


def test_digits_are_sorted_as_numbers():
    assert list(a_reading(label=["10", "9", "-1"]).labels) == ["-1", "9", "10"]


def test_declared_labels_keep_their_order_used_or_not():
    ratings = a_reading(labels=["yes", "maybe", "no"])

    assert list(ratings.labels) == ["yes", "maybe", "no"]
    assert ratings.label.tolist() == [2, 0, 2]


def test_sets_and_rankings_become_labels():
    assert list(a_reading(label=[{"b", "a"}, set(), {"a"}]).labels) == [frozenset(), frozenset("a"), frozenset("ab")]
    assert list(a_reading(label=[["b", "a"], ["a", "b"], ["a", "b"]]).labels) == [("a", "b"), ("b", "a")]


def test_an_items_language_is_that_of_its_first_row():
    ratings = a_reading(language=["fr", "en", "de"])

    assert [ratings.languages[code] for code in ratings.language] == ["fr", "de"]


def test_part_of_the_answers_keeps_the_codes():
    ratings = a_reading()

    part = ratings.where(ratings.person == 0)

    assert (part.items, part.labels, part.item.tolist(), part.rows.tolist()) == (ratings.items, ratings.labels, [0, 1], [0, 2])


@pytest.mark.parametrize(
    ("changes", "message", "column", "row"),
    [
        ({"item": ["a", None, "b"]}, "Row 2 has no item", "item", 2),
        ({"worker": ["x", "y", None]}, "Row 3 has no worker", "worker", 3),
        ({"label": ["no", "yes", 1]}, "Row 3 has the label 1 .a number. where earlier rows have text", "label", 3),
        ({"labels": ["yes"]}, "Row 1 has the label 'no', which is not one of: yes", "label", 1),
        ({"label": ["no"]}, "differ in length .item 3, worker 3, label 1 rows", None, None),
        ({"item": [], "worker": [], "label": []}, "has no rows", None, None),
        ({"label": [None, None, None]}, "No row has a label", "label", None),
    ],
)
def test_a_table_that_cannot_be_read_says_where(changes, message, column, row):
    with pytest.raises(BadTable, match=message) as caught:
        a_reading(**changes)

    assert (caught.value.column, caught.value.row) == (column, row)


@pytest.mark.parametrize("per_item", [1, 3, 6, 7, 9])
@pytest.mark.parametrize("repeats", [0, 1])
def test_rows_sorted_by_item_lose_their_repeats_and_nothing_else(per_item, repeats):
    item = [place // per_item for place in range(10 * per_item)] + [9] * repeats
    worker = [place % per_item for place in range(10 * per_item)] + [0] * repeats

    ratings = Ratings.from_columns(item=item, worker=worker, label=["a"] * len(item))

    assert (len(ratings), ratings.n_repeats) == (10 * per_item, repeats)
