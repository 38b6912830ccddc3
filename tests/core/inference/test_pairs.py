"""Ranking from comparisons."""

import numpy as np
import pytest

from isogloss.core.inference.pairs import BadComparisons, rank_pairs


def a_contest(*, seed, items=8, people=6, comparisons=600, liars=0):
    """Comparisons of items whose strength is their number, evenly spaced from -1.5 to 1.5."""
    rng = np.random.default_rng(seed)
    strength = np.linspace(-1.5, 1.5, items)
    left = rng.integers(0, items, comparisons)
    right = (left + rng.integers(1, items, comparisons)) % items
    worker = rng.integers(0, people, comparisons)
    won = (rng.random(comparisons) < 1 / (1 + np.exp(strength[right] - strength[left]))).astype(float)
    won = np.where(worker < liars, 1 - won, won)
    return {"left": left.tolist(), "right": right.tolist(), "worker": worker.tolist(), "won": won.tolist()}, strength


def test_plain_bradley_terry_is_the_logistic_regression_of_statsmodels():
    import statsmodels.api as sm

    contest, _ = a_contest(seed=1)
    ranked = rank_pairs(**contest, prior=0, weigh_people=False)
    design = np.zeros((600, 8))
    design[np.arange(600), contest["left"]] = 1
    design[np.arange(600), contest["right"]] -= 1

    fitted = sm.GLM(np.array(contest["won"]), design[:, 1:], family=sm.families.Binomial()).fit(tol=1e-12)

    expected = np.r_[0, fitted.params]
    ours = np.array([ranked.strength[ranked.items.index(item)] for item in range(8)])
    np.testing.assert_allclose(ours, expected - expected.mean(), atol=1e-5)
    assert ranked.converged


def test_liars_are_weighed_the_other_way():
    contest, strength = a_contest(seed=2, comparisons=2000, liars=2)

    weighed, plain = rank_pairs(**contest), rank_pairs(**contest, weigh_people=False)

    order = [weighed.people.index(person) for person in range(6)]
    assert max(weighed.reliability[order[:2]]) < 0.4 < 0.7 < min(weighed.reliability[order[2:]])  # noqa: PLR0133  a chain reads best
    error = [np.abs([one.strength[one.items.index(item)] - strength[item] for item in range(8)]).max() for one in (weighed, plain)]
    assert error[0] < error[1]


def test_limits_of_strength_hold():
    inside = []
    for seed in range(40):
        contest, strength = a_contest(seed=seed)
        ranked = rank_pairs(**contest, weigh_people=False, prior=0.01)
        at = [ranked.items.index(item) for item in range(8)]
        inside += list((ranked.low[at] <= strength) & (strength <= ranked.high[at]))

    assert 0.92 <= np.mean(inside) <= 0.98


def test_an_item_that_always_won_stays_finite():
    ranked = rank_pairs(left=["a", "a", "a"], right=["b", "c", "b"], worker=["x", "x", "y"], won=[1, 1, 1])

    assert ranked.ranking()[0] == "a"
    assert np.isfinite(ranked.strength).all()


def test_swapping_the_sides_changes_nothing():
    contest, _ = a_contest(seed=3)
    swapped = {**contest, "left": contest["right"], "right": contest["left"], "won": [1 - won for won in contest["won"]]}

    first, second = rank_pairs(**contest), rank_pairs(**swapped)

    for item in range(8):
        assert first.strength[first.items.index(item)] == pytest.approx(second.strength[second.items.index(item)], abs=1e-4)


def test_groups_that_nothing_joins_are_told_apart():
    ranked = rank_pairs(left=["a", "c"], right=["b", "d"], worker=["x", "x"], won=[1, 0])

    assert ranked.components.tolist() == [0, 1, 0, 1]  # items in order of appearance: a, c, b, d


def test_ties_leave_equals_equal():
    ranked = rank_pairs(left=["a", "b"], right=["b", "a"], worker=["x", "y"], won=[0.5, 0.5])

    np.testing.assert_allclose(ranked.strength, 0, atol=1e-6)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"left": ["a"], "right": ["a"], "worker": ["x"], "won": [1]}, "Row 1 compares an item with itself"),
        ({"left": ["a"], "right": ["b"], "worker": ["x"], "won": [2]}, "Row 1 has the result 2"),
        ({"left": ["a"], "right": ["b"], "worker": ["x"], "won": [float("nan")]}, "Row 1 has the result nan"),
        ({"left": [], "right": [], "worker": [], "won": []}, "no comparisons"),
        ({"left": ["a"], "right": [], "worker": ["x"], "won": [1]}, "equally long"),
    ],
)
def test_bad_comparisons_are_refused_by_row(columns, message):
    with pytest.raises(BadComparisons, match=message):
        rank_pairs(**columns)
