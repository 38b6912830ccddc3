"""Error rates behind an imperfect inspector."""

import numpy as np
import pytest

from isogloss.core.sampling import Study, true_error_rate


def an_estimate(found=30, *, inspected=300, sensitivity=Study(45, 50), specificity=Study(196, 200)):  # noqa: B008  frozen values
    return true_error_rate(found, inspected=inspected, sensitivity=sensitivity, specificity=specificity)


def test_the_estimate_undoes_what_the_inspector_does():
    truth, sensitivity, specificity = 0.07, 0.85, 0.97
    seen = truth * sensitivity + (1 - truth) * (1 - specificity)

    estimate = an_estimate(round(seen * 1_000_000), inspected=1_000_000, sensitivity=sensitivity, specificity=specificity)

    assert estimate.value == pytest.approx(truth, abs=1e-5)
    assert estimate.low < truth < estimate.high


def test_the_interval_is_lang_and_reiczigels():
    # Their worked formula, computed by hand: n' = n + z², Se' = (x+1)/(m+2), shift 2z²(...), in the order of the paper's equations 6, 7, 15, 17.
    z = 1.959963984540054
    se, sp, n_se, n_sp = 46 / 52, 197 / 202, 52, 202
    p, n = (30 + z**2 / 2) / (300 + z**2), 300 + z**2
    prevalence = (p + sp - 1) / (se + sp - 1)
    shift = 2 * z**2 * (prevalence * se * (1 - se) / n_se - (1 - prevalence) * sp * (1 - sp) / n_sp)
    error = np.sqrt(p * (1 - p) / n + prevalence**2 * se * (1 - se) / n_se + (1 - prevalence) ** 2 * sp * (1 - sp) / n_sp) / (se + sp - 1)

    estimate = an_estimate()

    assert (estimate.low, estimate.high) == pytest.approx((prevalence + shift - z * error, prevalence + shift + z * error))


@pytest.mark.parametrize("truth", [0.03, 0.1, 0.3])
def test_the_interval_covers_ninety_five_per_cent(truth):
    rng = np.random.default_rng(5)
    runs = 4000
    seen = rng.binomial(400, truth * 0.85 + (1 - truth) * 0.03, runs).tolist()
    found, passed = rng.binomial(80, 0.85, runs).tolist(), rng.binomial(200, 0.97, runs).tolist()

    estimates = [
        an_estimate(s, inspected=400, sensitivity=Study(f, 80), specificity=Study(p, 200))
        for s, f, p in zip(seen, found, passed, strict=True)
    ]

    assert 0.93 <= np.mean([estimate.low <= truth <= estimate.high for estimate in estimates]) <= 0.975


def test_a_perfect_inspector_changes_nothing():
    assert an_estimate(sensitivity=1.0, specificity=1.0).value == pytest.approx(0.1)


def test_fewer_errors_than_false_alarms_mean_none():
    estimate = an_estimate(2, specificity=0.95)

    assert estimate.value == 0.0
    assert estimate.low == 0.0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"found": 0, "inspected": 0}, "nothing was inspected"),
        ({"sensitivity": Study(0, 0)}, "study of the inspector is empty"),
        ({"sensitivity": 0.5, "specificity": 0.5}, "tells nothing"),
    ],
)
def test_an_undefined_rate_says_why(change, reason):
    estimate = an_estimate(**change)

    assert estimate.value is None
    assert reason in estimate.reason


def test_a_rate_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        an_estimate(sensitivity=1.2)
