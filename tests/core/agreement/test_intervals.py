"""Intervals: the same seed gives the same limits, they hold the truth as often as they say, and they never have no width by accident."""

import numpy as np
import pytest

from isogloss.core.agreement import Bootstrap, cohen_kappa, exact_f1, gwet_ac1, krippendorff_alpha, percent_agreement, positive_agreement
from isogloss.core.agreement.intervals import DEFAULT, resamples
from isogloss.core.agreement.spans import Spans
from tests.core.agreement.makers import a_crowd, a_table
from tests.core.agreement.simulations import SCENARIOS, coverage


def test_the_same_seed_gives_the_same_interval():
    ratings = a_crowd(seed=1, items=80)

    one, other = (krippendorff_alpha(ratings, bootstrap=Bootstrap(replicates=200, seed=4)) for _ in range(2))

    assert one == other
    assert (one.seed, one.replicates) == (4, 200)


def test_another_seed_gives_another_interval():
    ratings = a_crowd(seed=1, items=80)

    one, other = (krippendorff_alpha(ratings, bootstrap=Bootstrap(replicates=200, seed=seed)) for seed in (4, 5))

    assert (one.low, one.high) != (other.low, other.high)


def test_a_wider_confidence_gives_a_wider_interval():
    ratings = a_crowd(seed=1, items=80)

    narrow, wide = (krippendorff_alpha(ratings, bootstrap=Bootstrap(confidence=confidence)) for confidence in (0.8, 0.99))

    assert wide.low < narrow.low < narrow.high < wide.high


@pytest.mark.parametrize("multiplicity", [[5, 5], [1] * 40, [200, 300, 500], [30, 1, 1]])
def test_a_resample_has_as_many_items_and_expects_each_pattern_as_often(multiplicity):
    counts = np.array(multiplicity)

    drawn = np.concatenate(list(resamples(counts, bootstrap=Bootstrap(replicates=4000))))

    assert (drawn.sum(axis=1) == counts.sum()).all()
    assert drawn.mean(axis=0) == pytest.approx(counts, rel=0.12)
    assert drawn.var(axis=0) == pytest.approx(counts * (1 - counts / counts.sum()), rel=0.15)


def test_the_interval_of_a_share_is_near_wilsons():
    ratings = a_table([[1, 1]] * 80 + [[1, 2]] * 20)

    found = percent_agreement(ratings)

    assert (found.low, found.high) == pytest.approx((0.711, 0.867), abs=0.015)


@pytest.mark.parametrize("measure", [krippendorff_alpha, gwet_ac1, cohen_kappa, percent_agreement])
def test_five_agreeing_items_prove_less_than_five_hundred(measure):
    few, many = (measure(a_table([["a", "a"], ["b", "b"], ["a", "a"], ["b", "b"], ["a", "a"]] * times)) for times in (1, 100))

    assert few.value == many.value == pytest.approx(1)
    assert few.low < 0.5
    assert 0.95 < many.low < 1
    assert "no disagreement was seen" in few.reason


def test_the_limit_of_unseen_disagreement_is_the_exact_binomial_one():
    ratings = a_table([[1, 1]] * 99 + [[2, 2]])

    found = percent_agreement(ratings)

    assert found.low == pytest.approx(0.025 ** (1 / 100), abs=1e-9)


def test_agreement_on_one_label_has_a_limit_too():
    found = positive_agreement(a_table([[1, 1]] * 10 + [[0, 0]] * 10), label=1)

    assert found.value == 1
    assert found.low < 0.9


def test_spans_that_all_agree_leave_room_for_doubt():
    spans = Spans.from_columns(document=[0, 0, 1, 1], worker=[0, 1, 0, 1], start=[0] * 4, end=[3] * 4)

    found = exact_f1(spans)

    assert found.value == 1
    assert found.low < 0.5


def test_one_item_has_no_interval_and_says_so():
    found = krippendorff_alpha(a_table([[1, 1, 2]]))

    assert found.value is not None
    assert (found.low, found.high) == (None, None)
    assert "at least two items" in found.reason


def test_no_resamples_give_no_interval():
    found = krippendorff_alpha(a_crowd(seed=1, items=30), bootstrap=Bootstrap(replicates=0))

    assert (found.low, found.high, found.seed) == (None, None, None)


@pytest.mark.parametrize("scenario", ["alpha, three people", "kappa", "AC1", "positive agreement"])
def test_intervals_hold_the_truth_in_about_95_of_100_samples(scenario):
    held = coverage(scenario, runs=500, replicates=300, seed=2)

    assert 0.925 <= held <= 0.975  # 93–97 % and the error of 500 runs, half a point


@pytest.mark.prove
@pytest.mark.parametrize("scenario", list(SCENARIOS))
def test_intervals_hold_the_truth_in_93_to_97_of_100_samples(scenario):
    held = coverage(scenario, runs=5000, replicates=DEFAULT.replicates, seed=3)

    assert 0.93 <= held <= 0.97
