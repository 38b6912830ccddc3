"""Stratified error rates with their allocation."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.core.sampling import Stratum, neyman_allocation, proportional_allocation, stratified_error_rate, wilson_interval


def a_lot(*strata):
    return [Stratum(f"s{place}", *stratum) for place, stratum in enumerate(strata)]


def test_each_stratum_counts_by_its_share_of_the_lot():
    estimate = stratified_error_rate(a_lot((500, 100, 12), (9500, 200, 2)))

    assert estimate.value == pytest.approx(0.05 * 0.12 + 0.95 * 0.01)


def test_one_stratum_is_a_simple_sample():
    estimate, plain = stratified_error_rate(a_lot((4000, 150, 9))), wilson_interval(9, trials=150, lot=4000)

    assert (estimate.low, estimate.high) == pytest.approx((plain.low, plain.high))


def test_a_lot_inspected_whole_leaves_no_doubt():
    estimate = stratified_error_rate(a_lot((10, 10, 1), (30, 30, 3)))

    assert (estimate.low, estimate.value, estimate.high) == pytest.approx((0.1, 0.1, 0.1))


COVERAGE = [  # sizes, inspections and error rates of the strata
    pytest.param((800, 4000), (120, 250), (0.15, 0.01), id="two unlike"),
    pytest.param((800, 4000), (120, 250), (0.05, 0.05), id="two alike"),
    pytest.param((500, 9500), (100, 200), (0.12, 0.01), id="a large one with rare errors"),
    pytest.param((500,) * 4, (50,) * 4, (0.02, 0.05, 0.1, 0.2), id="four"),
    pytest.param((1000,) * 12, (20,) * 12, (0.05,) * 12, id="many small samples"),
]


def simulated_coverage(sizes, samples, rates, *, runs, seed):
    rng = np.random.default_rng(seed)
    wrong = [round(size * rate) for size, rate in zip(sizes, rates, strict=True)]
    truth = sum(wrong) / sum(sizes)
    errors = [rng.hypergeometric(bad, size - bad, n, runs).tolist() for bad, size, n in zip(wrong, sizes, samples, strict=True)]
    found = [stratified_error_rate(a_lot(*zip(sizes, samples, row, strict=True))) for row in zip(*errors, strict=True)]
    return np.mean([estimate.low <= truth <= estimate.high for estimate in found])


@pytest.mark.parametrize(("sizes", "samples", "rates"), COVERAGE)
def test_the_interval_covers_ninety_five_per_cent(sizes, samples, rates):
    assert 0.93 <= simulated_coverage(sizes, samples, rates, runs=1200, seed=8) <= 0.99


@pytest.mark.prove
@pytest.mark.parametrize(("sizes", "samples", "rates"), COVERAGE)
def test_the_interval_covers_ninety_five_per_cent_in_many_runs(sizes, samples, rates):
    assert 0.945 <= simulated_coverage(sizes, samples, rates, runs=20_000, seed=9) <= 0.98


def test_errors_seen_are_never_denied():
    estimate = stratified_error_rate(a_lot((40, 40, 3), (400, 15, 0)))

    assert estimate.low == pytest.approx(3 / 440)


@pytest.mark.parametrize(("errors", "ends"), [((0, 0), (0.0, None)), ((150, 15), (None, 1.0))])
def test_nothing_or_everything_wrong_still_leaves_doubt(errors, ends):
    estimate = stratified_error_rate(a_lot((4000, 150, errors[0]), (400, 15, errors[1])))

    assert estimate.low == ends[0] or estimate.high == ends[1]
    assert 0.02 < estimate.high - estimate.low < 0.05


@pytest.mark.parametrize(
    ("strata", "reason"), [([], "empty"), ([(0, 0, 0)], "empty"), ([(10, 5, 1), (10, 0, 0)], "nothing was inspected in s1")]
)
def test_an_undefined_rate_says_why(strata, reason):
    estimate = stratified_error_rate(a_lot(*strata))

    assert estimate.value is None
    assert reason in estimate.reason


def test_the_neyman_allocation_has_the_smallest_variance_of_all():
    sizes, rates, total = [40, 200, 25], [0.3, 0.05, 0.5], 30
    spread = [size**2 * rate * (1 - rate) for size, rate in zip(sizes, rates, strict=True)]

    found = neyman_allocation(sizes, rates=rates, total=total)

    variances = {
        split: sum(part / n for part, n in zip(spread, split, strict=True))
        for split in itertools.product(range(2, 30), range(2, 30), range(2, 26))
        if sum(split) == total
    }
    assert variances[tuple(found)] == pytest.approx(min(variances.values()))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 300), st.floats(0, 1)), min_size=1, max_size=6), st.integers(12, 500))
def test_an_allocation_uses_up_the_total_and_no_stratum_more_than_it_has(strata, total):
    sizes, rates = [size for size, _ in strata], [rate for _, rate in strata]

    for found in (neyman_allocation(sizes, rates=rates, total=total), proportional_allocation(sizes, total=total)):
        assert sum(found) == min(total, sum(sizes))
        assert all(0 <= n <= size for n, size in zip(found, sizes, strict=True))


def test_a_total_below_the_minimum_is_refused():
    with pytest.raises(ValueError, match="more than 3"):
        neyman_allocation([10, 10], rates=[0.1, 0.1], total=3)
