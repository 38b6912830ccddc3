"""Operating characteristic and design of single plans."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from isogloss.core.sampling import SinglePlan, two_point_plan, zero_acceptance_plan


def test_the_operating_characteristic_is_binomial_in_an_endless_stream():
    rates = np.linspace(0, 1, 21)

    found = SinglePlan(50, 3).acceptance_probability(rates)

    assert found == pytest.approx(stats.binom.cdf(3, 50, rates))


def test_the_operating_characteristic_is_hypergeometric_in_a_small_lot():
    found = SinglePlan(32, 2, lot=200).acceptance_probability([0.05])

    assert found == pytest.approx(stats.hypergeom.cdf(2, 200, 10, 32))


def test_a_tenth_of_the_lot_counts_as_endless():
    assert SinglePlan(20, 1, lot=200).acceptance_probability([0.05]) == pytest.approx(stats.binom.cdf(1, 20, 0.05))


@settings(deadline=None)
@given(st.integers(1, 300), st.integers(0, 20), st.integers(1, 5))
def test_worse_lots_never_pass_more_often(sample, acceptance, times):
    plan = SinglePlan(sample, acceptance, lot=sample * times)

    probabilities = plan.acceptance_probability(np.linspace(0, 1, 50))

    assert np.all(np.diff(probabilities) <= 1e-12)
    assert probabilities[0] == 1.0


@settings(deadline=None)
@given(st.integers(1, 400), st.integers(0, 30), st.floats(0.01, 0.99))
def test_the_rejectable_quality_solves_the_operating_characteristic(sample, acceptance, probability):
    plan = SinglePlan(sample, acceptance)

    quality = plan.rejectable_quality(acceptance_probability=probability)

    if acceptance >= sample:
        assert quality == 1.0
    else:
        assert plan.acceptance_probability(quality) == pytest.approx(probability, abs=1e-6)


def test_the_rejectable_quality_of_a_small_lot_is_its_smallest_share_that_rarely_passes():
    plan = SinglePlan(32, 2, lot=200)

    wrong = round(plan.rejectable_quality() * 200)

    assert stats.hypergeom.cdf(2, 200, wrong, 32) <= 0.10 < stats.hypergeom.cdf(2, 200, wrong - 1, 32)


@pytest.mark.parametrize(
    ("acceptable", "rejectable", "sample", "acceptance"),
    [(0.01, 0.05, 132, 3), (0.02, 0.06, 194, 7), (0.025, 0.08, 130, 6), (0.04, 0.10, 152, 10), (0.05, 0.10, 233, 17)],
)
def test_a_two_point_plan_is_the_published_one(acceptable, rejectable, sample, acceptance):
    assert two_point_plan(acceptable, rejectable=rejectable) == SinglePlan(sample, acceptance)


def test_no_smaller_plan_keeps_both_risks():
    best = two_point_plan(0.03, rejectable=0.12)

    smaller = [
        (n, c)
        for n in range(1, best.sample)
        for c in range(n)
        if stats.binom.cdf(c, n, 0.03) >= 0.95 and stats.binom.cdf(c, n, 0.12) <= 0.10
    ]

    assert smaller == []


@pytest.mark.parametrize(("rate", "sample"), [(0.01, 299), (0.02, 149), (0.03, 99), (0.05, 59)])
def test_a_zero_acceptance_plan_is_the_published_one(rate, sample):
    assert zero_acceptance_plan(rate) == SinglePlan(sample, 0)


@pytest.mark.parametrize("lot", [1, 7, 50, 300, 5000])
def test_a_zero_acceptance_plan_in_a_lot_is_the_smallest_that_keeps_the_risk(lot):
    plan = zero_acceptance_plan(0.02, lot=lot)
    wrong = max(1, -(-lot * 2 // 100))

    assert stats.hypergeom.pmf(0, lot, wrong, plan.sample) <= 0.05
    assert plan.sample == 1 or stats.hypergeom.pmf(0, lot, wrong, plan.sample - 1) > 0.05


@pytest.mark.parametrize(("sample", "acceptance", "lot"), [(0, 0, None), (5, -1, None), (10, 0, 9)])
def test_an_impossible_plan_is_refused(sample, acceptance, lot):
    with pytest.raises(ValueError, match="plan"):
        SinglePlan(sample, acceptance, lot)


@pytest.mark.parametrize("rates", [(0.05, 0.05), (0.1, 0.05), (0.0, 0.1), (0.5, 1.0)])
def test_rates_that_cannot_be_told_apart_are_refused(rates):
    with pytest.raises(ValueError, match="rates must satisfy"):
        two_point_plan(rates[0], rejectable=rates[1])


def test_an_error_rate_that_is_none_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        SinglePlan(5, 0).acceptance_probability([0.1, float("nan")])
