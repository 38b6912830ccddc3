"""Recall from inspections of what has a label and of what has not."""

import numpy as np
import pytest

from isogloss.core.sampling import Stratum, estimate_recall


def test_recall_is_right_labels_over_all_that_deserve_one():
    estimate = estimate_recall(
        labelled=[Stratum("yes", 500, inspected=100, errors=12)],
        others=[Stratum("high", 1500, inspected=150, errors=9), Stratum("low", 8000, inspected=150, errors=0)],
    )

    assert estimate.value == pytest.approx(440 / (440 + 90))
    assert estimate.low < estimate.value < estimate.high


def test_everything_inspected_leaves_no_doubt():
    estimate = estimate_recall(labelled=[Stratum("yes", 40, inspected=40, errors=4)], others=[Stratum("no", 60, inspected=60, errors=12)])

    assert (estimate.value, estimate.low, estimate.high) == pytest.approx((36 / 48, 36 / 48, 36 / 48))


def test_nothing_missed_in_the_sample_is_recall_one_with_a_lower_limit():
    estimate = estimate_recall(labelled=[Stratum("yes", 100, inspected=50, errors=0)], others=[Stratum("no", 900, inspected=100, errors=0)])

    assert estimate.value == estimate.high == 1
    assert 0.5 < estimate.low < 0.95


def test_a_label_that_was_never_right_has_recall_nought():
    estimate = estimate_recall(labelled=[Stratum("yes", 10, inspected=10, errors=10)], others=[Stratum("no", 90, inspected=30, errors=3)])

    assert (estimate.value, estimate.low) == (0, 0)


@pytest.mark.parametrize(
    ("labelled", "others", "reason"),
    [
        ([Stratum("yes", 10, 5, 0)], [Stratum("no", 10, 0, 0)], "nothing was inspected in no"),
        ([Stratum("yes", 10, 5, 5)], [Stratum("no", 10, 5, 0)], "no inspected item deserved the label"),
    ],
)
def test_what_cannot_be_known_has_a_reason(labelled, others, reason):
    estimate = estimate_recall(labelled=labelled, others=others)

    assert not estimate.is_defined
    assert reason in estimate.reason


@pytest.mark.parametrize(("precision", "high_rate", "low_rate"), [(0.9, 0.1, 0.005), (0.7, 0.3, 0.02), (0.95, 0.05, 0.05)])
def test_the_limits_hold_at_least_as_often_as_they_say(precision, high_rate, low_rate):
    rng = np.random.default_rng(3)
    sizes, samples = np.array([600, 1500, 6000]), np.array([120, 200, 200])
    deserving = np.round(sizes * [precision, high_rate, low_rate]).astype(int)
    truth = deserving[0] / deserving.sum()
    held, runs = 0, 400
    for _ in range(runs):
        found = rng.hypergeometric(deserving, sizes - deserving, samples).tolist()
        estimate = estimate_recall(
            labelled=[Stratum("yes", 600, 120, errors=120 - found[0])],
            others=[Stratum("high", 1500, 200, errors=found[1]), Stratum("low", 6000, 200, errors=found[2])],
        )
        held += estimate.low <= truth <= estimate.high

    assert 0.93 <= held / runs <= 0.99
