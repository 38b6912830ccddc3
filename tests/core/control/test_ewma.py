"""The EWMA of errors against published settings and simulation."""

import math

import numpy as np
import pytest

from isogloss.core.control import Ewma, tune_ewma


def simulated_runs(chart, *, rate, runs, seed):
    """Run lengths of many independent charts at once, without the code under test."""
    rng = np.random.default_rng(seed)
    limit = chart.in_control + chart.width * math.sqrt(chart.in_control * (1 - chart.in_control) * chart.smoothing / (2 - chart.smoothing))
    level, lengths, alive = np.full(runs, chart.in_control), np.zeros(runs), np.ones(runs, dtype=bool)
    while alive.any():
        level = chart.smoothing * (rng.random(runs) < rate) + (1 - chart.smoothing) * level
        lengths += alive
        alive &= level <= limit
    return lengths


@pytest.mark.parametrize(("p0", "p1", "width", "arl"), [(0.05, 0.10, 3.41, 106), (0.05, 0.15, 3.40, 42), (0.10, 0.20, 3.15, 60)])
def test_a_tuned_chart_has_the_published_settings(p0, p1, width, arl):
    chart = tune_ewma(p0)

    assert chart.width == pytest.approx(width, abs=0.015)
    assert chart.run_length(p0) == pytest.approx(1000, rel=0.01)
    assert chart.run_length(p1) == pytest.approx(arl, rel=0.02)


@pytest.mark.parametrize(("p0", "smoothing", "rate"), [(0.05, 0.05, 0.05), (0.05, 0.05, 0.12), (0.10, 0.2, 0.10), (0.02, 0.1, 0.04)])
def test_the_run_length_is_the_simulated_one(p0, smoothing, rate):
    chart = Ewma(p0, smoothing, 2.7)

    lengths = simulated_runs(chart, rate=rate, runs=4000, seed=6)

    assert chart.run_length(rate) == pytest.approx(lengths.mean(), abs=4 * lengths.std() / math.sqrt(lengths.size) + 0.01 * lengths.mean())


def test_a_chart_goes_on_where_it_stopped():
    chart, errors = tune_ewma(0.05), [False, True, False, False, True, True, True, False]
    whole, first = chart.trace(errors), chart.trace(errors[:3])

    second = chart.trace(errors[3:], start=first.state)

    assert [*first.values, *second.values] == whole.values.tolist()


def test_an_alarm_starts_the_chart_again():
    chart = tune_ewma(0.05)

    trace = chart.trace([True] * 5)

    assert trace.alarms.tolist() == [2]
    assert trace.values[3] == pytest.approx(0.95 * 0.05 + 0.05)


def test_a_limit_that_cannot_be_passed_never_alarms():
    assert Ewma(0.5, 0.9, 10).run_length(0.5) == math.inf
    assert tune_ewma(0.05).run_length(0.0) == math.inf


@pytest.mark.parametrize(("p0", "smoothing"), [(0.0, 0.1), (0.1, 0.0), (1.0, 0.1), (0.1, 1.0)])
def test_settings_outside_their_range_are_refused(p0, smoothing):
    with pytest.raises(ValueError, match="strictly between"):
        tune_ewma(p0, smoothing=smoothing)
