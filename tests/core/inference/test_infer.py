"""What every method promises."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.core.inference import METHODS, BadGold, UnknownMethod, infer
from isogloss.core.tables import Ratings

from .makers import World, a_table, a_world, ratings_of

MODELS = tuple(method for method in METHODS if method != "majority")


@pytest.mark.parametrize("method", METHODS)
def test_posterior_rows_sum_to_one(method):
    result = infer(a_world(seed=1, items=60).ratings, method=method)

    np.testing.assert_allclose(result.posterior.sum(axis=1), 1, atol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_rows_does_not_matter(method):
    ratings = a_world(seed=2, items=60).ratings
    order = np.random.default_rng(0).permutation(len(ratings))
    shuffled = a_table(ratings.item[order], ratings.person[order], ratings.label[order], labels=3, people=20)

    result, other = infer(ratings, method=method), infer(shuffled, method=method)

    agree = result.label == other.label  # held-out folds are drawn by row: labels on the edge may tip, nothing else
    assert agree.mean() > 0.95


@settings(max_examples=5, deadline=None)
@given(st.permutations(range(3)), st.integers(0, 1000))
def test_renaming_labels_renames_the_result(names, seed):
    ratings = a_world(seed=seed, items=40, people=6, per_item=4).ratings
    renamed = a_table(ratings.item, ratings.person, np.array(names)[ratings.label], labels=3, people=6)

    plain, other = infer(ratings, method="dawid-skene", calibrate=False), infer(renamed, method="dawid-skene", calibrate=False)

    np.testing.assert_allclose(other.posterior[:, list(names)], plain.posterior, atol=0.02)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 1000))
def test_renaming_people_changes_nothing(seed):
    ratings = a_world(seed=seed, items=40, people=6, per_item=4).ratings
    swap = np.array([3, 5, 0, 1, 4, 2], dtype=np.int32)
    renamed = a_table(ratings.item, swap[ratings.person], ratings.label, labels=3, people=6)

    plain, other = infer(ratings, method="auto", calibrate=False), infer(renamed, method="auto", calibrate=False)

    np.testing.assert_allclose(other.posterior, plain.posterior, atol=1e-6)
    np.testing.assert_allclose(other.reliability.value[swap], plain.reliability.value, atol=1e-6)


def test_the_same_seed_gives_the_same_result():
    ratings = a_world(seed=3, items=80).ratings

    first, second = infer(ratings, seed=5), infer(ratings, seed=5)

    np.testing.assert_array_equal(first.posterior, second.posterior)
    assert first.diagnostics == second.diagnostics


@pytest.mark.parametrize("method", METHODS)
def test_gold_is_what_it_is_told_to_be(method):
    world = a_world(seed=4, items=50)
    wrong = {item: (int(world.truth[item]) + 1) % 3 for item in range(10)}

    result = infer(world.ratings, method=method, gold=wrong)

    assert result.label[:10].tolist() == list(wrong.values())
    assert result.confidence[:10].tolist() == [1.0] * 10
    assert result.diagnostics.n_gold == 10


def test_gold_shows_that_most_people_answer_the_wrong_way_round():
    world = inverted_world()
    gold = {item: int(world.truth[item]) for item in range(60)}

    blind, told = infer(world.ratings, method="dawid-skene"), infer(world.ratings, method="dawid-skene", gold=gold)

    assert (blind.label == world.truth)[60:].mean() < 0.5
    assert (told.label == world.truth)[60:].mean() > 0.9


def inverted_world() -> World:
    world = a_world(seed=5, items=300, people=12, labels=2, per_item=5, right=(0.85, 0.95))
    flipped = np.where(world.ratings.person < 9, 1 - world.ratings.label, world.ratings.label)
    return World(a_table(world.ratings.item, world.ratings.person, flipped, labels=2, people=12), world.truth, world.matrices)


def test_gold_for_unknown_items_is_left_out():
    result = infer(ratings_of(["01", "01"]), gold={"elsewhere": "0"})

    assert result.diagnostics.n_gold == 0


def test_a_gold_label_outside_the_table_is_refused_by_name():
    with pytest.raises(BadGold, match="'maybe'"):
        infer(ratings_of(["01", "01"]), gold={"i00": "maybe"})


def test_an_unknown_method_is_refused_with_the_list():
    with pytest.raises(UnknownMethod, match="dawid-skene"):
        infer(ratings_of(["01", "01"]), method="magic")


def test_a_tie_of_the_majority_has_no_label():
    result = infer(ratings_of(["01", "11"]), method="majority")

    assert [row.label for row in result.rows()] == [None, "1"]
    assert result.tied.tolist() == [True, False]


@pytest.mark.parametrize("method", METHODS)
def test_a_world_with_one_label_has_that_label(method):
    result = infer(ratings_of(["aaa", "aaa"]), method=method)

    assert [(row.label, row.confidence) for row in result.rows()] == [("a", 1.0)] * 3
    assert result.reliability.value.shape == (2,)


@pytest.mark.parametrize("method", MODELS)
def test_without_overlap_every_method_is_the_majority_and_says_why(method):
    result = infer(ratings_of(["01..", "..10"]), method=method)

    assert [row.label for row in result.rows()] == ["0", "1", "1", "0"]
    assert result.model == "majority"
    assert "no item has two answers" in (result.diagnostics.fell_back or "")
    assert result.confidence.max() < 0.7  # one answer by somebody unknown is no certainty


@pytest.mark.parametrize("method", METHODS)
def test_an_item_without_answers_has_no_label_and_does_no_harm(method):
    world = a_world(seed=6, items=40)
    keep = world.ratings.item != 7

    result = infer(world.ratings.where(keep), method=method)

    assert result.label[7] == -1
    assert not result.tied[7]
    assert np.isfinite(result.posterior).all()


def test_an_isolated_item_is_judged_by_its_only_answer():
    world = a_world(seed=7, items=100, per_item=3, right=(0.8, 0.9))
    lonely = (world.ratings.item != 0) | (np.arange(300) == 0)

    result = infer(world.ratings.where(lonely))

    assert result.label[0] == world.ratings.label[0]
    assert result.confidence[0] < result.confidence[1:].mean()


def test_a_person_twice_on_an_item_counts_once():
    ratings = Ratings.from_columns(item=["a", "a", "a", "b", "b"], worker=["x", "x", "y", "x", "y"], label=["0", "1", "0", "1", "1"])

    result = infer(ratings, method="majority")

    assert result.label_of("a") == "0"
    assert result.n_answers.tolist() == [2, 2]


def test_too_many_labels_for_matrices_are_weighed_votes():
    n = 1100  # 30 people × 1100² cells
    ratings = a_table(np.repeat(np.arange(n), 3), np.tile([0, 1, 2], n), np.repeat(np.arange(n), 3), labels=n, people=30)

    result = infer(ratings)

    assert result.model == "weighted-majority"
    assert "too much for confusion matrices" in (result.diagnostics.fell_back or "")
    assert (result.label == np.arange(n)).all()


@pytest.mark.parametrize("method", MODELS)
def test_more_annotations_do_not_hurt_in_expectation(method):
    few, many = [], []
    for seed in range(4):
        world = a_world(seed=seed, items=120, people=12, per_item=7)
        turn = np.arange(len(world.ratings)) % 7
        few.append(world.accuracy(infer(world.ratings.where(turn < 3), method=method, calibrate=False).label))
        many.append(world.accuracy(infer(world.ratings, method=method, calibrate=False).label))

    assert np.mean(many) > np.mean(few)
