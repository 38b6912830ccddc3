"""The pure decision: how many annotations an item should have."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core.redundancy import BadPolicy, Policy

POLICY = Policy(minimum=2, maximum=6, settled=0.95)


@pytest.mark.parametrize(
    ("n", "settled", "target"),
    [
        (0, None, 2),
        (1, 0.99, 2),  # sure after one annotation is not sure
        (2, 0.99, 2),
        (2, 0.90, 3),
        (5, 0.90, 6),
        (6, 0.50, 6),
        (3, None, 3),
        (2, math.nan, 2),
        (8, 0.10, 8),
    ],
)
def test_the_target_follows_how_settled_an_item_is_between_minimum_and_maximum(n, settled, target):
    assert POLICY.target(n_annotations=n, settled=settled, probability=1.0) == target


def test_an_item_that_divides_people_stays_open_though_settled():
    assert POLICY.wants_more(n_annotations=3, settled=0.999, probability=0.7)
    assert not POLICY.wants_more(n_annotations=3, settled=0.999, probability=0.9)


def test_a_closed_item_reopens_when_the_model_becomes_less_sure():
    assert not POLICY.wants_more(n_annotations=3, settled=0.97, probability=1.0)
    assert POLICY.wants_more(n_annotations=3, settled=0.93, probability=1.0)


def test_the_full_part_gets_the_maximum_whatever_the_model_says():
    assert POLICY.target(n_annotations=2, settled=0.999, probability=1.0, is_full=True) == 6


@given(st.integers(0, 50), st.none() | st.floats(0, 1), st.booleans())
def test_a_target_is_never_below_what_the_item_has_nor_needlessly_above_the_maximum(n, settled, is_full):
    target = POLICY.target(n_annotations=n, settled=settled, probability=1.0, is_full=is_full)

    assert n <= target <= max(n, 6)


@given(st.integers(0, 6), st.floats(0, 1), st.floats(0, 1))
def test_being_less_settled_never_lowers_the_target(n, one, other):
    low, high = sorted((one, other))

    assert POLICY.target(n_annotations=n, settled=low, probability=1.0) >= POLICY.target(n_annotations=n, settled=high, probability=1.0)


def test_the_full_part_has_the_size_it_says():
    drawn = sum(Policy(full_share=0.1, burn_in=0).is_full(f"item {i}", n_items=10_000) for i in range(10_000))

    assert 900 < drawn < 1100


def test_the_burn_in_raises_the_full_part_of_a_small_project():
    assert Policy(full_share=0.03, burn_in=20).share_full(n_items=100) == 0.2
    assert Policy(full_share=0.03, burn_in=20).share_full(n_items=10) == 1.0


def test_the_draw_depends_on_item_and_seed_alone():
    first = [POLICY.is_full(str(i), n_items=50, seed="a") for i in range(50)]

    assert first == [POLICY.is_full(str(i), n_items=50, seed="a") for i in range(50)]
    assert first != [POLICY.is_full(str(i), n_items=50, seed="b") for i in range(50)]


@pytest.mark.parametrize(
    "numbers", [{"minimum": 1}, {"minimum": 5, "maximum": 4}, {"settled": 1.0}, {"probability": 1.0}, {"full_share": 2}, {"burn_in": -1}]
)
def test_contradictory_numbers_are_refused(numbers):
    with pytest.raises(BadPolicy):
        Policy(**numbers)
