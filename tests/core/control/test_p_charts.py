"""p-charts with Laney's correction."""

import numpy as np
import pytest

from isogloss.core.control import p_chart


def test_the_limits_are_shewharts():
    chart = p_chart([4, 6, 2], sizes=[100, 150, 50], correct=False)

    spread = np.sqrt(0.04 * 0.96 / np.array([100, 150, 50]))
    assert chart.centre == pytest.approx(0.04)
    assert chart.high == pytest.approx(0.04 + 3 * spread)
    assert chart.low == pytest.approx([0, 0, 0])
    assert chart.is_reliable.tolist() == [False, True, False]


def test_laneys_dispersion_is_the_mean_moving_range_of_the_scores():
    errors, size = np.array([50, 62, 41, 70]), 1000
    share = errors.mean() / size
    scores = (errors / size - share) / np.sqrt(share * (1 - share) / size)

    chart = p_chart(errors, sizes=[size] * 4, correct=True)

    assert chart.dispersion == pytest.approx(np.abs(np.diff(scores)).mean() / 1.128)
    assert chart.high[0] == pytest.approx(share + 3 * chart.dispersion * np.sqrt(share * (1 - share) / size))


def test_binomial_days_are_left_uncorrected_and_rarely_signal():
    rng = np.random.default_rng(2)

    charts = [p_chart(rng.binomial(400, 0.1, 30), sizes=[400] * 30) for _ in range(300)]

    assert np.mean([chart.is_corrected for chart in charts]) < 0.02
    assert np.mean([chart.is_out.mean() for chart in charts]) < 0.006
    assert np.mean([chart.dispersion for chart in charts]) == pytest.approx(1.0, abs=0.03)


def test_over_dispersed_days_are_corrected_and_rarely_signal():
    rng = np.random.default_rng(2)

    charts = [p_chart(rng.binomial(5000, rng.beta(20, 180, 30)), sizes=[5000] * 30) for _ in range(200)]
    plain = [p_chart(np.round(chart.shares * 5000), sizes=[5000] * 30, correct=False) for chart in charts]

    assert all(chart.is_corrected for chart in charts)
    assert np.mean([chart.is_out.mean() for chart in charts]) < 0.02
    assert np.mean([chart.is_out.mean() for chart in plain]) > 0.3


def test_one_bad_day_still_signals_when_correction_is_left_to_the_chart():
    errors = [20, 22, 18, 21, 19, 70, 20, 23, 17, 20, 21, 19]

    assert np.flatnonzero(p_chart(errors, sizes=[400] * 12).is_out).tolist() == [5]


@pytest.mark.parametrize(
    ("errors", "sizes", "reason"),
    [([], [], "two points"), ([1], [10], "two points"), ([0, 0], [9, 9], "No point"), ([9, 9], [9, 9], "Every item")],
)
def test_an_undefined_chart_says_why(errors, sizes, reason):
    chart = p_chart(errors, sizes=sizes)

    assert reason in chart.reason
    assert chart.high.size == 0


@pytest.mark.parametrize(("errors", "sizes"), [([1, 2], [10]), ([1, 11], [10, 10]), ([0, 0], [10, 0]), ([-1, 0], [5, 5])])
def test_impossible_counts_are_refused(errors, sizes):
    with pytest.raises(ValueError, match="one size above 0"):
        p_chart(errors, sizes=sizes)
