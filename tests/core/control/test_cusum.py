"""The Bernoulli CUSUM against published settings and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.core.control import BernoulliCusum, tune_cusum

# p0, p1, w on an error, w otherwise, h, ARL at p1, for an ARL of about 1 000 at p0 (Markov chain and Monte Carlo, agreeing within 5 %).
PUBLISHED = [
    (0.02, 0.05, 0.916, -0.0311, 2.44, 111),
    (0.03, 0.08, 0.981, -0.0529, 2.87, 78),
    (0.05, 0.10, 0.693, -0.0541, 2.73, 101),
    (0.05, 0.15, 1.099, -0.1112, 3.63, 45),
    (0.10, 0.20, 0.693, -0.1178, 3.35, 61),
]


def simulated_runs(chart, *, rate, runs, seed):
    """Run lengths of many independent charts at once, without the code under test."""
    rng = np.random.default_rng(seed)
    steps, lengths, alive = np.zeros(runs), np.zeros(runs), np.ones(runs, dtype=bool)
    while alive.any():
        steps = np.where(rng.random(runs) < rate, steps + chart.error_steps, np.maximum(0, steps - chart.correct_steps))
        lengths += alive
        alive &= steps <= chart.limit_steps
    return lengths


@pytest.mark.parametrize(("p0", "p1", "error", "correct", "h", "arl"), PUBLISHED)
def test_a_tuned_chart_has_the_published_settings(p0, p1, error, correct, h, arl):  # noqa: PLR0917  a row of the table
    chart = tune_cusum(p0, out_of_control=p1)

    assert chart.error_steps * chart.step == pytest.approx(error, rel=3e-3)
    assert -chart.correct_steps * chart.step == pytest.approx(correct, rel=3e-3)
    assert chart.threshold == pytest.approx(h, rel=0.025)
    assert 1000 <= chart.run_length(p0) < 1030
    assert chart.run_length(p1) == pytest.approx(arl, rel=0.05)


@pytest.mark.parametrize(("p0", "p1", "rate"), [(0.05, 0.10, 0.05), (0.05, 0.10, 0.10), (0.02, 0.05, 0.03), (0.3, 0.6, 0.45)])
def test_the_run_length_is_the_simulated_one(p0, p1, rate):
    chart = tune_cusum(p0, out_of_control=p1, run_length=300)

    lengths = simulated_runs(chart, rate=rate, runs=3000, seed=4)

    assert chart.run_length(rate) == pytest.approx(lengths.mean(), abs=4 * lengths.std() / math.sqrt(lengths.size))


def test_the_run_length_of_a_tiny_chart_is_that_of_its_matrix():
    chart = BernoulliCusum(0.1, 0.3, error_steps=3, correct_steps=2, limit_steps=6, step=0.5)
    moves = np.zeros((7, 7))
    for state in range(7):
        moves[state, max(0, state - 2)] += 0.8
        if state + 3 <= 6:
            moves[state, state + 3] += 0.2

    assert chart.run_length(0.2) == pytest.approx(np.linalg.solve(np.eye(7) - moves, np.ones(7))[0])


def test_a_limit_below_one_error_alarms_at_the_first():
    chart = BernoulliCusum(0.1, 0.3, error_steps=3, correct_steps=5, limit_steps=2, step=0.5)

    assert chart.run_length(0.25) == pytest.approx(4.0)


def test_without_errors_the_alarm_never_comes():
    assert tune_cusum(0.05, out_of_control=0.10).run_length(0.0) == math.inf


@settings(deadline=None, max_examples=20)
@given(st.floats(0.01, 0.2), st.floats(1.3, 4))
def test_more_errors_are_noticed_sooner(in_control, times):
    chart = tune_cusum(in_control, out_of_control=in_control * times, run_length=200)

    lengths = [chart.run_length(rate) for rate in (in_control / 2, in_control, in_control * times, 0.95)]

    assert lengths == sorted(lengths, reverse=True)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.booleans(), max_size=200), st.integers(0, 200))
def test_a_chart_goes_on_where_it_stopped(errors, cut):
    chart = tune_cusum(0.05, out_of_control=0.15, run_length=100)
    whole, first = chart.trace(errors), chart.trace(errors[:cut])

    second = chart.trace(errors[cut:], start=first.state)

    assert np.concatenate([first.values, second.values]).tolist() == whole.values.tolist()
    assert second.state == whole.state
    assert [*first.alarms, *(second.alarms + len(errors[:cut]))] == whole.alarms.tolist()


def test_an_alarm_is_raised_where_the_errors_pile_up_then_the_chart_starts_again():
    chart = tune_cusum(0.05, out_of_control=0.15)

    trace = chart.trace([False] * 20 + [True] * 8)

    assert trace.alarms.tolist() == [23, 27]
    assert trace.state == 0


@pytest.mark.parametrize(("p0", "p1"), [(0.0, 0.1), (0.1, 0.1), (0.2, 0.1), (0.5, 1.0)])
def test_rates_that_cannot_be_told_apart_are_refused(p0, p1):
    with pytest.raises(ValueError, match="in control < out of control"):
        tune_cusum(p0, out_of_control=p1)
