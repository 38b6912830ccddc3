"""Text ids as codes: the same as a dictionary gives, whatever the texts look like."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.core.tables import factorise
from isogloss.core.text_codes import FEWEST, factorise_texts

ROWS = FEWEST + 1000


def by_dictionary(values):
    index = {}
    codes = [index.setdefault(value, len(index)) for value in values]
    return codes, list(index)


def some_numbers(seed=0):
    return np.random.default_rng(seed).integers(0, ROWS // 2, ROWS).tolist()


@pytest.mark.parametrize(
    "written",
    [
        lambda number: f"item-{number:07d}",
        lambda number: f"{number}",
        lambda number: f"{number:04x}",
        lambda number: f"{'abcxyz'[number % 6]}{number:05d}",
        lambda number: "" if number == 7 else f"é{number:05d}",
    ],
    ids=["one width", "many widths", "hexadecimal", "letters", "beyond ASCII, and an empty one"],
)
def test_regular_ids_are_numbered_as_a_dictionary_numbers_them(written):
    values = [written(number) for number in some_numbers()]

    found = factorise_texts(values)

    assert found is not None
    assert found[0].tolist() == by_dictionary(values)[0]
    assert found[1] == by_dictionary(values)[1]


@pytest.mark.parametrize("odd", ["item\n0001", "item-00a7", "an id much longer than the others are", "", "ité-0001", "\ud800", None, 7])
@pytest.mark.parametrize("row", [0, 12_345, ROWS - 1])
def test_one_odd_value_changes_nothing_but_the_way(odd, row):
    values = [f"item-{number:04d}" for number in some_numbers()]
    values[row] = odd

    codes, vocabulary = factorise(values)

    assert [None if code < 0 else vocabulary[code] for code in codes] == values


def test_a_width_that_the_sample_misses_is_learned():
    values = [f"item-{number + 1000}" for number in range(ROWS)]
    values[3:5] = ["item-7", "item-8"]

    codes, vocabulary = factorise_texts(values)

    assert [vocabulary[code] for code in codes] == values


@pytest.mark.parametrize("values", [[f"{number * 7919 % 2**40:010x}" for number in range(ROWS)], ["a", "b"]])
def test_random_values_and_few_rows_are_left_to_the_dictionary(values):
    assert factorise_texts(values) is None


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(alphabet="ab1\n", max_size=4), min_size=1, max_size=40), st.integers(0, 2**32 - 1))
def test_short_texts_of_any_kind_are_found_again_under_their_code(some, seed):
    rng = np.random.default_rng(seed)
    values = [
        some[place] if rng.random() < 0.01 else f"x{number}"
        for place, number in zip(rng.integers(0, len(some), ROWS), some_numbers(seed), strict=True)
    ]

    codes, vocabulary = factorise(values)

    assert [vocabulary[code] for code in codes] == values
    assert len(set(vocabulary)) == len(vocabulary)


@pytest.mark.parametrize("odd", ["item\n0001", "item-00\n1", "\nitem-001", "item-001\n"])
@pytest.mark.parametrize("row", [0, 12_345, ROWS - 1])
def test_a_line_end_inside_an_id_of_the_usual_width_is_no_line_end(odd, row):
    values = [f"item-{number:05d}" for number in some_numbers()]
    values[row] = odd

    codes, vocabulary = factorise(values)

    assert [vocabulary[code] for code in codes] == values


def test_two_ids_that_make_lines_of_the_usual_width_together_are_told_apart():
    values = [f"item-{number:05d}" for number in some_numbers()]
    values[100:102] = ["item-0000", "item-000000"]

    codes, vocabulary = factorise(values)

    assert [vocabulary[code] for code in codes] == values


def test_a_few_distinct_ids_keep_the_order_in_which_they_are_met():
    values = [f"label-{number % 7}" for number in some_numbers()]

    codes, vocabulary = factorise_texts(values)

    assert (codes.tolist(), vocabulary) == by_dictionary(values)
