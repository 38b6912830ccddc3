"""Agreement by language, label, person and pair."""

import numpy as np
import pytest

from isogloss.core.agreement import (
    Level,
    Ratings,
    Spans,
    by_label,
    by_language,
    by_pair,
    by_person,
    cohen_kappa,
    exact_f1,
    krippendorff_alpha,
    partial_f1,
    spans_by_label,
    spans_by_language,
    spans_by_pair,
    spans_by_person,
)
from tests.core.agreement.makers import NO_INTERVAL, a_crowd, a_table


def test_a_languages_figure_is_that_of_its_items_alone():
    ratings = a_crowd(seed=1, items=60)
    spoken = np.where(ratings.item < 20, "sw", "am")
    mixed = Ratings.from_columns(item=ratings.item, worker=ratings.person, label=ratings.label, language=spoken)

    found = by_language(mixed)

    assert [row.key for row in found] == ["sw", "am"]
    assert [row.estimate for row in found] == [krippendorff_alpha(ratings.where(spoken == language)) for language in ("sw", "am")]


def test_items_without_a_language_are_not_lost():
    ratings = Ratings.from_columns(item=["a", "a", "b", "b"], worker=["x", "y"] * 2, label=[1, 1, 1, 2], language=["sw", "sw", None, None])

    found = by_language(ratings)

    assert [(row.key, row.estimate.n_items) for row in found] == [("sw", 1), (None, 1)]


def test_a_table_without_languages_has_no_breakdown():
    assert by_language(a_crowd(seed=1, items=9)) == ()


def test_a_labels_figure_is_that_of_the_label_against_the_rest():
    ratings = a_crowd(seed=2, items=60)

    found = by_label(ratings)

    binary = Ratings.from_columns(item=ratings.item, worker=ratings.person, label=ratings.label == 2)
    assert [row.key for row in found] == [0, 1, 2]
    assert found[2].estimate.value == pytest.approx(krippendorff_alpha(binary).value)


def test_a_member_of_sets_is_measured_by_its_presence():
    ratings = a_table([[{"a", "b"}, {"a"}], [{"b"}, {"b", "c"}], [set(), {"b"}]])

    found = by_label(ratings)

    present = a_table([[1, 0], [1, 1], [0, 1]])
    assert [row.key for row in found] == ["a", "b", "c"]
    assert found[1].estimate.value == krippendorff_alpha(present).value


@pytest.mark.parametrize("level", [Level.NOMINAL, Level.ORDINAL, Level.INTERVAL])
def test_the_mean_of_the_people_is_alpha_when_all_answer_everything(level):
    ratings = a_crowd(seed=3, items=60)

    found = by_person(ratings, level=level, bootstrap=NO_INTERVAL)

    mean = np.mean([row.estimate.value for row in found])
    assert mean == pytest.approx(krippendorff_alpha(ratings, level=level, bootstrap=NO_INTERVAL).value, abs=1e-9)


def test_the_person_who_guesses_is_found():
    ratings = a_crowd(seed=4, items=200, people=4, noise=0.1)
    label = ratings.label.copy()
    guesses = ratings.person == 2
    label[guesses] = np.random.default_rng(1).integers(0, 3, guesses.sum())

    found = by_person(ratings.relabelled(label, labels=ratings.labels))

    worst = found[2].estimate
    assert all(worst.high < row.estimate.low for row in found if row.key != 2)
    assert worst.low < 0.15


def test_a_person_whom_nobody_joined_has_no_figure():
    found = by_person(a_table([[1, 2, None], [2, 2, None], [None, None, 1]]))

    assert found[2].estimate.value is None
    assert "nobody else" in found[2].estimate.reason


def test_a_pairs_figure_is_its_cohens_kappa():
    ratings = a_crowd(seed=5, items=40, people=4)

    found = by_pair(ratings)

    assert [row.key for row in found] == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    assert all(row.estimate == cohen_kappa(ratings, pair=row.key) for row in found)


def test_pairs_with_few_common_items_are_left_out():
    ratings = a_table([[1, 2, None], [1, 1, 1], [2, 2, None]])

    assert [row.key for row in by_pair(ratings, least=3)] == [(0, 1)]


def some_spans() -> Spans:
    """Three people mark two documents."""
    return Spans.from_columns(
        document=["d", "d", "d", "e", "e"],
        worker=["x", "y", "z", "x", "y"],
        start=[0, 0, 2, 1, 1],
        end=[5, 5, 7, 4, 3],
        label=["A", "A", "B", "A", "A"],
        answered=[("e", "z")],
    )


def test_spans_by_language_keeps_to_the_documents_of_each():
    found = spans_by_language(some_spans(), languages=["sw", "am"], measure=exact_f1)

    assert [(row.key, row.estimate.value) for row in found] == [("sw", pytest.approx(1 / 3)), ("am", 0)]


def test_spans_by_label_keeps_to_the_spans_of_each():
    found = spans_by_label(some_spans(), measure=exact_f1)

    assert [(row.key, row.estimate.value) for row in found] == [("A", pytest.approx(1 / 4)), ("B", 0)]


def test_spans_by_person_keeps_to_each_persons_pairs():
    found = spans_by_person(some_spans(), measure=exact_f1)

    assert [(row.key, row.estimate.value) for row in found] == [("x", pytest.approx(2 / 7)), ("y", pytest.approx(2 / 7)), ("z", 0)]


def test_spans_by_pair_compares_two_people():
    found = spans_by_pair(some_spans(), measure=partial_f1)

    assert [row.key for row in found] == [("x", "y"), ("x", "z"), ("y", "z")]
    assert found[0].estimate.value == pytest.approx((1 + 1 + 2 / 3 + 1) / 4)
