"""Intervals for proportions against statsmodels, enumeration and the nominal coverage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from isogloss.core.sampling import Interval, exact_interval, sample_size, wilson_interval

COUNTS = [(0, 1), (1, 1), (0, 59), (18, 20), (45, 50), (90, 100), (180, 200), (7, 1000), (999, 1000)]


@pytest.mark.parametrize(("hits", "trials"), COUNTS)
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_intervals_are_those_of_statsmodels(hits, trials, confidence):
    for ours, name in ((wilson_interval, "wilson"), (exact_interval, "beta")):
        found = ours(hits, trials=trials, confidence=confidence)

        assert (found.low, found.high) == pytest.approx(proportion_confint(hits, trials, alpha=1 - confidence, method=name), abs=1e-9)


@pytest.mark.parametrize(("trials", "low", "high"), [(20, 70, 97), (50, 79, 96), (100, 83, 94), (200, 85, 93)])
def test_ninety_per_cent_observed_means_what_the_table_says(trials, low, high):
    found = wilson_interval(trials * 9 // 10, trials=trials)

    assert (round(found.low * 100), round(found.high * 100)) == (low, high)


@settings(deadline=None)
@given(st.integers(1, 60), st.data())
def test_the_exact_interval_of_a_lot_holds_what_neither_test_rejects(lot, data):
    trials = data.draw(st.integers(1, lot))
    hits = data.draw(st.integers(0, trials))
    kept = [
        wrong
        for wrong in range(lot + 1)
        if stats.hypergeom.sf(hits - 1, lot, wrong, trials) > 0.025 and stats.hypergeom.cdf(hits, lot, wrong, trials) > 0.025
    ]

    found = exact_interval(hits, trials=trials, lot=lot)

    assert found == Interval(min(kept) / lot, max(kept) / lot)


@pytest.mark.parametrize("interval", [wilson_interval, exact_interval])
def test_nothing_inspected_says_nothing(interval):
    assert interval(0, trials=0) == Interval(0.0, 1.0)


@pytest.mark.parametrize("interval", [wilson_interval, exact_interval])
def test_a_lot_inspected_whole_leaves_no_doubt(interval):
    assert interval(3, trials=40, lot=40) == Interval(0.075, 0.075)


@pytest.mark.parametrize("interval", [wilson_interval, exact_interval])
@pytest.mark.parametrize(("hits", "trials", "lot"), [(5, 4, None), (-1, 4, None), (1, 10, 9)])
def test_an_impossible_count_is_refused(interval, hits, trials, lot):
    with pytest.raises(ValueError, match="sample"):
        interval(hits, trials=trials, lot=lot)


@settings(deadline=None)
@given(st.integers(0, 200), st.integers(1, 200), st.floats(0.5, 0.999))
def test_errors_and_right_answers_mirror_each_other(hits, trials, confidence):
    hits = min(hits, trials)
    for interval in (wilson_interval, exact_interval):
        wrong, right = interval(hits, trials=trials, confidence=confidence), interval(trials - hits, trials=trials, confidence=confidence)

        assert (wrong.low, wrong.high) == pytest.approx((1 - right.high, 1 - right.low), abs=1e-9)


@pytest.mark.parametrize("lot", [None, 400])
@pytest.mark.parametrize("rate", [0.02, 0.1, 0.3])
def test_the_exact_interval_covers_at_least_as_often_as_it_says(rate, lot):
    trials = 120
    counts = np.arange(trials + 1)
    weights = stats.binom.pmf(counts, trials, rate) if lot is None else stats.hypergeom.pmf(counts, lot, round(rate * lot), trials)

    covered = sum(
        weight
        for count, weight in zip(counts.tolist(), weights, strict=True)
        if (found := exact_interval(count, trials=trials, lot=lot)).low <= rate + 1e-12 and rate - 1e-12 <= found.high
    )

    assert covered >= 0.95


@pytest.mark.parametrize("lot", [None, 400])
def test_the_wilson_interval_covers_ninety_five_per_cent_on_average(lot):
    trials = 120
    counts = np.arange(trials + 1)
    found = [wilson_interval(count, trials=trials, lot=lot) for count in counts.tolist()]
    low, high = np.array([interval.low for interval in found]), np.array([interval.high for interval in found])
    coverage = []
    for rate in np.arange(8, 200, 8) / 400:
        weights = stats.binom.pmf(counts, trials, rate) if lot is None else stats.hypergeom.pmf(counts, lot, round(rate * 400), trials)
        coverage.append(weights[(low <= rate + 1e-12) & (rate - 1e-12 <= high)].sum())

    assert 0.94 < np.mean(coverage) < 0.96
    assert min(coverage) > 0.92


@pytest.mark.parametrize(("half_width", "size"), [(0.01, 1825), (0.02, 457), (0.03, 203)])
def test_a_sample_size_is_the_published_one(half_width, size):
    assert sample_size(half_width, rate=0.05) == size


def test_a_small_lot_needs_fewer():
    endless = 1.959964**2 * 0.05 * 0.95 / 0.01**2

    assert sample_size(0.01, rate=0.05, lot=2000) == int(np.ceil(endless / (1 + (endless - 1) / 2000)))


@settings(deadline=None)
@given(st.floats(0.001, 0.5), st.floats(0, 1), st.integers(1, 5000))
def test_a_sample_size_never_passes_the_lot(half_width, rate, lot):
    assert 1 <= sample_size(half_width, rate=rate, lot=lot) <= lot


def test_a_lot_without_items_is_refused():
    with pytest.raises(ValueError, match="at least 1 item"):
        sample_size(0.05, lot=0)
