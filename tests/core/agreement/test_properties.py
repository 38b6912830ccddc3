"""What must hold for any table of answers."""

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.core.agreement import (
    Level,
    Weighting,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    krippendorff_alpha,
    masi,
    negative_agreement,
    percent_agreement,
    positive_agreement,
)
from isogloss.core.agreement.distances import masi_table
from isogloss.core.tables import Ratings
from tests.core.agreement.makers import NO_INTERVAL, a_crowd, a_table

LABELS = (0, 1, 2, 5)
tables = st.lists(st.lists(st.sampled_from((None, *LABELS)), min_size=4, max_size=4), min_size=1, max_size=12).filter(
    lambda rows: any(answer is not None for row in rows for answer in row)
)


def alpha_by_definition(rows: list[list[int | None]], *, level: Level) -> float | None:
    """Compute alpha from its definition over ordered pairs of answers, one pair at a time."""
    paired = [[answer for answer in row if answer is not None] for row in rows]
    paired = [row for row in paired if len(row) > 1]
    pool = [answer for row in paired for answer in row]

    def delta(one: int, other: int) -> float:
        if level is Level.NOMINAL:
            return float(one != other)
        if level is Level.INTERVAL:
            return float((one - other) ** 2)
        if level is Level.RATIO:
            return ((one - other) / (one + other)) ** 2 if one + other else 0.0
        low, high = min(one, other), max(one, other)
        return (sum(low <= answer <= high for answer in pool) - (pool.count(low) + pool.count(high)) / 2) ** 2

    expected = sum(delta(*pair) for pair in permutations(pool, 2))
    if not expected:
        return None
    observed = sum(delta(*pair) / (len(row) - 1) for row in paired for pair in permutations(row, 2))
    return 1 - (len(pool) - 1) * observed / expected


@pytest.mark.parametrize("level", [Level.NOMINAL, Level.ORDINAL, Level.INTERVAL, Level.RATIO])
@settings(max_examples=60, deadline=None)
@given(rows=tables)
def test_alpha_is_its_definition(level, rows):
    found = krippendorff_alpha(a_table(rows, labels=LABELS), level=level, bootstrap=NO_INTERVAL)

    expected = alpha_by_definition(rows, level=level)
    assert found.value == (None if expected is None else pytest.approx(expected, abs=1e-9))


@pytest.mark.parametrize("measure", [krippendorff_alpha, fleiss_kappa, gwet_ac1, percent_agreement])
@settings(max_examples=30, deadline=None)
@given(rows=tables, rng=st.randoms(use_true_random=False))
def test_order_and_names_of_items_people_and_labels_change_nothing(measure, rows, rng):
    ratings = a_table(rows, labels=LABELS)
    order = np.array(rng.sample(range(len(ratings)), len(ratings)))
    names = rng.sample(range(4), 4)
    renamed = Ratings.from_columns(
        item=[f"i{-ratings.item[row]}" for row in order],
        worker=[f"w{ratings.person[row]}" for row in order],
        label=[f"l{names[ratings.label[row]]}" for row in order],
        labels=[f"l{position}" for position in range(4)],
    )

    one, other = measure(ratings, bootstrap=NO_INTERVAL), measure(renamed, bootstrap=NO_INTERVAL)

    assert other.value == (None if one.value is None else pytest.approx(one.value, abs=1e-9))


@settings(max_examples=30, deadline=None)
@given(rows=tables, seed=st.integers(0, 9))
def test_an_interval_holds_its_value(rows, seed):
    from isogloss.core.agreement import Bootstrap

    found = krippendorff_alpha(a_table(rows, labels=LABELS), bootstrap=Bootstrap(replicates=50, seed=seed))

    assert found.value is None or found.low is None or found.low <= found.value <= found.high


def test_duplicating_every_person_moves_alpha_as_theory_says():
    people = 3
    ratings = a_crowd(seed=11, items=40, people=people)
    doubled = Ratings.from_columns(
        item=np.tile(ratings.item, 2), worker=np.concatenate([ratings.person, ratings.person + people]), label=np.tile(ratings.label, 2)
    )
    n = len(ratings)

    one, other = (krippendorff_alpha(table, bootstrap=NO_INTERVAL).value for table in (ratings, doubled))

    # D_o shrinks by 2 (m - 1) / (2 m - 1): a copy never disagrees with its original; D_e by 2 (n - 1) / (2 n - 1)
    assert other == pytest.approx(1 - (1 - one) * (people - 1) / (2 * people - 1) * (2 * n - 1) / (n - 1), abs=1e-12)


def test_items_answered_once_do_not_move_alpha():
    rows = [[1, 1, 2], [2, 2, 2], [1, 2, None]]

    one = krippendorff_alpha(a_table(rows), bootstrap=NO_INTERVAL)
    other = krippendorff_alpha(a_table([*rows, [1, None, None], [None, 2, None]]), bootstrap=NO_INTERVAL)

    assert other.value == one.value
    assert other.n_items == one.n_items == 3


def test_many_labels_take_the_hashed_path_and_give_the_same_alpha():
    ratings = a_crowd(seed=12, items=60, people=4, labels=4)
    wide = Ratings.from_columns(item=ratings.item, worker=ratings.person, label=ratings.label, labels=list(range(300)))

    one, other = (krippendorff_alpha(table, bootstrap=NO_INTERVAL).value for table in (ratings, wide))

    assert other == pytest.approx(one, abs=1e-12)


@pytest.mark.parametrize("level", [Level.NOMINAL, Level.ORDINAL, Level.INTERVAL, Level.RATIO])
def test_counts_too_large_to_be_dense_give_the_same_figures(level, monkeypatch):
    from isogloss.core.agreement import patterns

    ratings = a_crowd(seed=13, items=60, people=4, labels=30)
    dense = krippendorff_alpha(ratings, level=level)
    monkeypatch.setattr(patterns, "DENSE_CELLS", 0)
    sparse = krippendorff_alpha(ratings, level=level)

    assert (sparse.value, sparse.low, sparse.high) == pytest.approx((dense.value, dense.low, dense.high), abs=1e-9)


@pytest.mark.parametrize("measure", [fleiss_kappa, gwet_ac1, percent_agreement])
def test_sparse_counts_give_the_same_agreement(measure, monkeypatch):
    from isogloss.core.agreement import patterns

    ratings = a_crowd(seed=13, items=60, people=4, labels=30)
    dense = measure(ratings)
    monkeypatch.setattr(patterns, "DENSE_CELLS", 0)
    sparse = measure(ratings)

    assert (sparse.value, sparse.low, sparse.high) == pytest.approx((dense.value, dense.low, dense.high), abs=1e-9)


@pytest.mark.parametrize("weighting", list(Weighting))
def test_people_who_always_agree_have_full_agreement(weighting):
    ratings = a_table([[label] * 2 for label in (1, 2, 3, 2)])

    assert gwet_ac2(ratings, weighting=weighting, bootstrap=NO_INTERVAL).value == pytest.approx(1)
    assert cohen_kappa(ratings, weighting=weighting, bootstrap=NO_INTERVAL).value == pytest.approx(1)


def test_swapping_two_people_does_not_move_cohens_kappa():
    ratings = a_crowd(seed=14, items=50, people=2)

    assert cohen_kappa(ratings, pair=(0, 1)).value == pytest.approx(cohen_kappa(ratings, pair=(1, 0)).value, abs=1e-12)


def test_negative_agreement_is_positive_agreement_on_the_other_of_two_labels():
    ratings = a_crowd(seed=15, items=50, labels=2)

    one, other = negative_agreement(ratings, label=0), positive_agreement(ratings, label=1)

    assert (one.value, one.low, one.high) == (other.value, other.low, other.high)


@given(one=st.frozensets(st.sampled_from("abcde")), other=st.frozensets(st.sampled_from("abcde")))
def test_masi_is_symmetric_and_zero_for_equal_sets_only(one, other):
    assert masi(one, other) == masi(other, one)
    assert 0 <= masi(one, other) <= 1
    assert (masi(one, other) == 0) == (one == other)


@given(st.lists(st.frozensets(st.sampled_from("abcde")), min_size=1, max_size=12))
def test_the_table_of_masi_distances_holds_each_pair(sets):
    found = masi_table(sets)

    assert found == pytest.approx(np.array([[masi(one, other) for other in sets] for one in sets]))


@settings(max_examples=60, deadline=None)
@given(rows=tables)
def test_positive_agreement_adds_up_the_tables_of_all_pairs(rows):
    ratings = a_table(rows, labels=LABELS)
    both = one_only = 0
    for row in rows:
        for first, second in combinations([answer for answer in row if answer is not None], 2):
            both += first == second == 2
            one_only += (first == 2) != (second == 2)

    found = positive_agreement(ratings, label=2, bootstrap=NO_INTERVAL)

    assert found.value == (pytest.approx(2 * both / (2 * both + one_only)) if both + one_only else None)
