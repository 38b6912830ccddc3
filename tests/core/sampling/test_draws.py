"""The seeded draw of a sample."""

import numpy as np
import pytest

from isogloss.core.sampling import draw_sample


def a_draw(*, seed=1, lot=50, sample=8):
    return draw_sample(lot, sample=sample, rng=np.random.default_rng(seed))


def test_the_same_seed_draws_the_same_items_in_the_same_order():
    assert a_draw().tolist() == a_draw().tolist()
    assert a_draw(seed=2).tolist() != a_draw().tolist()


def test_no_item_is_drawn_twice():
    assert sorted(a_draw(sample=50).tolist()) == list(range(50))


def test_every_item_is_equally_likely_at_every_place():
    rng = np.random.default_rng(3)
    draws = np.array([draw_sample(6, sample=3, rng=rng) for _ in range(6000)])

    counts = np.array([np.bincount(draws[:, place], minlength=6) for place in range(3)])

    assert np.abs(counts - 1000).max() < 5 * np.sqrt(6000 * 5 / 36)


def test_a_sample_larger_than_its_lot_is_refused():
    with pytest.raises(ValueError, match="cannot come from 50"):
        a_draw(sample=51)
