"""Reliability and confusion matrices of people, and whether their intervals hold."""

import numpy as np
import pytest

from isogloss.core.inference import infer

from .makers import a_world, ratings_of


def coverage(*, seeds: range, method: str) -> tuple[float, float]:
    """How often the limits hold the true reliability, and the true diagonal of the confusion matrix."""
    held, cells = [], []
    for seed in seeds:
        world = a_world(seed=seed, items=400, people=16, labels=2, per_item=5, right=(0.6, 0.95))
        result = infer(world.ratings, method=method, calibrate=False)
        true = np.diagonal(world.matrices, axis1=1, axis2=2)
        held += list((result.reliability.low <= true[:, 0]) & (true[:, 0] <= result.reliability.high))
        limits = result.confusion_intervals
        inside = (limits.low <= world.matrices) & (world.matrices <= limits.high)
        cells += list(np.diagonal(inside, axis1=1, axis2=2).ravel())
    return float(np.mean(held)), float(np.mean(cells))


def test_the_limits_of_reliability_hold_about_as_often_as_they_say():
    held, cells = coverage(seeds=range(12), method="one-coin")

    assert 0.90 <= held <= 0.99  # 192 people: two standard errors are three points
    assert 0.90 <= cells <= 0.99


@pytest.mark.prove
@pytest.mark.parametrize("method", ["one-coin", "dawid-skene"])
def test_the_limits_of_people_hold_in_93_to_97_per_cent(method):
    held, cells = coverage(seeds=range(150), method=method)

    assert 0.93 <= held <= 0.97
    assert 0.93 <= cells <= 0.97


def test_the_limits_of_reliability_widen_where_the_truth_is_uncertain():
    sure = a_world(seed=1, people=10, per_item=8, labels=2, right=(0.85, 0.9))
    unsure = a_world(seed=1, people=10, per_item=2, items=1200, labels=2, right=(0.6, 0.7))

    widths = []
    for world in (sure, unsure):
        told = infer(world.ratings, method="one-coin", calibrate=False).reliability
        widths.append(np.mean((told.high - told.low) * np.sqrt(told.n)))

    assert widths[1] > widths[0]


def test_a_person_without_an_answer_may_be_anything():
    world = a_world(seed=2, people=8)
    result = infer(world.ratings.where(world.ratings.person != 3), method="one-coin")

    assert (result.reliability.low[3], result.reliability.high[3], result.reliability.n[3]) == (0.0, 1.0, 0)


def test_a_spammer_is_found_out():
    world = a_world(seed=3, people=12, labels=2, spammers=1, right=(0.8, 0.95))

    told = infer(world.ratings).reliability

    assert told.value.argmin() == 0
    assert told.high[0] < 0.7 < told.low[1:].min() + 0.2


@pytest.mark.parametrize("method", ["auto", "dawid-skene"])
def test_confusion_rows_sum_to_one_and_come_near_the_truth(method):
    world = a_world(seed=4, items=1500, people=6, per_item=5, right=(0.7, 0.9))

    result = infer(world.ratings, method=method)

    np.testing.assert_allclose(result.confusion.sum(axis=2), 1)
    assert np.abs(result.confusion - world.matrices).max() < 0.1


def test_person_rows_are_those_of_the_file():
    result = infer(ratings_of(["0101", "0101", "1101"]))

    rows = list(result.person_rows())

    assert [row[0] for row in rows] == ["w0", "w1", "w2"]
    assert all(low <= value <= high and n == 4 for _, value, low, high, n in rows)
