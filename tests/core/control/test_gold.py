"""Leakage of gold against statsmodels, scipy and simulation."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score
from statsmodels.discrete.discrete_model import Logit

from isogloss.core.control import exposure_trend, gold_pool_size, speed_gap


def answers_with_slope(slope, *, seed, n=600, people=1):
    rng = np.random.default_rng(seed)
    person, shown = rng.integers(0, people, n), rng.integers(0, 20, n)
    skill = np.linspace(0.5, 2.5, people)[person]
    return rng.random(n) < 1 / (1 + np.exp(-(skill + slope * shown))), shown, person


def test_the_trend_without_strata_is_the_score_test_of_the_logistic_slope():
    correct, shown, _ = answers_with_slope(0.05, seed=1)
    n = correct.size

    found = exposure_trend(correct, exposures=shown)

    r = np.corrcoef(correct, shown)[0, 1]  # Cochran-Armitage: z² = (n − 1) r²
    assert found.p_value == pytest.approx(stats.norm.sf(np.sqrt(n - 1) * r))


def test_a_small_slope_is_that_of_the_fitted_model():
    correct, shown, _ = answers_with_slope(0.04, seed=2, n=20_000)
    model = Logit(correct.astype(float), np.column_stack([np.ones(shown.size), shown])).fit(disp=0)

    found = exposure_trend(correct, exposures=shown)

    assert found.effect == pytest.approx(model.params[1], rel=0.12)
    assert found.low < 0.04 < found.high


def test_a_stratum_of_its_own_takes_out_what_only_differs_between_people():
    rng = np.random.default_rng(3)
    person = np.repeat([0, 1], 400)
    shown = rng.integers(0, 10, 800) + 10 * person  # the better person came later, nobody learns
    correct = rng.random(800) < np.where(person == 1, 0.95, 0.7)

    assert exposure_trend(correct, exposures=shown).p_value < 1e-6
    assert exposure_trend(correct, exposures=shown, strata=person).p_value > 0.01


@pytest.mark.parametrize("people", [1, 8])
def test_without_a_leak_one_test_in_twenty_alarms(people):
    alarms = []
    for seed in range(600):
        correct, shown, person = answers_with_slope(0.0, seed=seed, n=200, people=people)
        alarms.append(exposure_trend(correct, exposures=shown, strata=person).p_value < 0.05)

    assert 0.025 < np.mean(alarms) < 0.075


def test_a_leak_is_found():
    correct, shown, person = answers_with_slope(0.15, seed=5, people=6)

    assert exposure_trend(correct, exposures=shown, strata=person).p_value < 1e-3


@pytest.mark.parametrize(("correct", "shown"), [([], []), ([1, 1, 1], [0, 1, 2]), ([0, 1, 0], [4, 4, 4])])
def test_a_trend_that_cannot_be_seen_says_so(correct, shown):
    found = exposure_trend(correct, exposures=shown)

    assert found.effect is None
    assert found.reason


def test_each_answer_needs_its_exposures_and_stratum():
    with pytest.raises(ValueError, match="one exposure count"):
        exposure_trend([0, 1], exposures=[1])
    with pytest.raises(ValueError, match="one stratum"):
        exposure_trend([0, 1], exposures=[1, 2], strata=["a"])


def some_times(*, faster, seed, n=150):
    rng = np.random.default_rng(seed)
    return np.round(rng.lognormal(2.0 - faster, 0.5, n)), np.round(rng.lognormal(2.0, 0.5, 2 * n))


def test_the_speed_test_is_mann_and_whitneys_with_ties():
    gold, live = some_times(faster=0.1, seed=1)

    found = speed_gap(gold, live=live)

    peer = stats.mannwhitneyu(gold, live, alternative="less", method="asymptotic", use_continuity=False)
    assert found.p_value == pytest.approx(peer.pvalue)
    assert found.effect == pytest.approx(roc_auc_score(np.repeat([0, 1], [gold.size, live.size]), np.concatenate([gold, live])))


def test_strata_are_combined_with_van_elterens_weights():
    times = [some_times(faster=0.1 * person, seed=person, n=20 + 10 * person) for person in range(3)]
    top = bottom = 0.0
    for gold, live in times:  # each stratum's U and its z from SciPy, combined here by the formula of the paper
        peer = stats.mannwhitneyu(gold, live, alternative="less", method="asymptotic", use_continuity=False)
        above = gold.size * live.size / 2 - peer.statistic
        top += above / (gold.size + live.size + 1)
        bottom += (above / stats.norm.isf(peer.pvalue) / (gold.size + live.size + 1)) ** 2

    found = speed_gap(
        np.concatenate([gold for gold, _ in times]),
        live=np.concatenate([live for _, live in times]),
        gold_strata=np.repeat(["a", "b", "c"], [gold.size for gold, _ in times]),
        live_strata=np.repeat(["a", "b", "c"], [live.size for _, live in times]),
    )

    assert found.p_value == pytest.approx(stats.norm.sf(top / np.sqrt(bottom)))


def test_strata_take_out_that_quick_people_meet_more_gold():
    rng = np.random.default_rng(9)
    gold = np.concatenate([rng.lognormal(1, 0.4, 90), rng.lognormal(3, 0.4, 10)])
    live = np.concatenate([rng.lognormal(1, 0.4, 100), rng.lognormal(3, 0.4, 100)])

    pooled = speed_gap(gold, live=live)
    matched = speed_gap(gold, live=live, gold_strata=np.repeat([1, 2], [90, 10]), live_strata=np.repeat([1, 2], 100))

    assert pooled.p_value < 1e-6
    assert matched.p_value > 0.02
    assert matched.low < 0.5 < matched.high


def test_strata_of_one_side_alone_are_refused():
    with pytest.raises(ValueError, match="or for neither"):
        speed_gap([1, 2], live=[3, 4], gold_strata=["a", "a"])


def test_the_interval_of_the_speed_gap_covers_ninety_five_per_cent():
    truth = stats.norm.cdf(0.3 / (0.5 * np.sqrt(2)))
    held = []
    for seed in range(600):
        rng = np.random.default_rng(seed)
        found = speed_gap(rng.lognormal(1.7, 0.5, 80), live=rng.lognormal(2.0, 0.5, 120))
        held.append(found.low <= truth <= found.high)

    assert 0.93 <= np.mean(held) <= 0.97


@pytest.mark.parametrize(
    ("gold", "live", "reason"), [([], [], "two times"), ([1.0], [2.0, 3.0], "two times"), ([2.0, 2.0], [2.0, 2.0], "equal")]
)
def test_a_gap_that_cannot_be_seen_says_so(gold, live, reason):
    assert reason in speed_gap(gold, live=live).reason


def test_a_time_that_is_none_is_refused():
    with pytest.raises(ValueError, match="finite"):
        speed_gap([1.0, float("nan")], live=[1.0, 2.0])


def test_a_pool_lasts_for_its_exposures():
    assert gold_pool_size(20, gold_per_day=20, days=20, most_exposures=40) == 200
