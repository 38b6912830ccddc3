"""The default against simple majority in worlds of many kinds, and the guard against collapse."""

import numpy as np
import pytest

from isogloss.core.inference import infer
from isogloss.core.inference.consensus import EQUAL_SHARE
from isogloss.core.inference.guard import collapse
from isogloss.core.inference.incidence import Incidence
from isogloss.core.inference.one_coin import fit_one_coin

from .makers import a_world

KINDS = {
    "ordinary people": {},
    "few annotations for each person": {"items": 120, "people": 60, "per_item": 4},
    "spammers": {"spammers": 6, "labels": 2},
    "adversaries": {"adversaries": 3},
    "a rare label": {"labels": 2, "shares": (0.95, 0.05), "items": 600},
    "twelve labels": {"labels": 12},
    "two answers each": {"per_item": 2, "labels": 2, "items": 600},
    "three people who answer everything": {"people": 3, "per_item": 3},
    "a small table": {"items": 60, "people": 6, "per_item": 4},
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_default_is_hardly_ever_worse_than_the_majority(kind):
    gains = []
    for seed in range(4):
        world = a_world(seed=seed, **KINDS[kind])
        plain = infer(world.ratings, method="majority")
        votes = (plain.label == world.truth) + 0.5 * plain.tied
        gains.append(world.accuracy(infer(world.ratings, seed=seed, calibrate=False).label) - votes.mean())

    assert np.mean(gains) > -0.01


HARD = {
    "thirty items": {"items": 30, "people": 5, "per_item": 3},
    "hardly better than guessing": {"labels": 2, "right": (0.5, 0.7)},
}


@pytest.mark.parametrize("kind", HARD)
def test_where_there_is_next_to_nothing_to_learn_the_default_loses_little_to_the_majority(kind):
    """A known weakness, bounded: with thirty items, or people who hardly beat chance, four points of accuracy may go."""
    gains = []
    for seed in range(8):
        world = a_world(seed=seed, **HARD[kind])
        plain = infer(world.ratings, method="majority")
        votes = (plain.label == world.truth) + 0.5 * plain.tied
        gains.append(world.accuracy(infer(world.ratings, seed=seed, calibrate=False).label) - votes.mean())

    assert np.mean(gains) > -0.04


@pytest.mark.parametrize("kind", ["spammers", "adversaries", "a rare label"])
def test_the_default_gains_where_people_differ(kind):
    gains = []
    for seed in range(4):
        world = a_world(seed=seed, **KINDS[kind])
        plain = infer(world.ratings, method="majority")
        votes = (plain.label == world.truth) + 0.5 * plain.tied
        gains.append(world.accuracy(infer(world.ratings, seed=seed, calibrate=False).label) - votes.mean())

    assert np.mean(gains) > 0.02


def test_the_guard_sees_a_label_swallowed():
    incidence = Incidence.of(a_world(seed=0, labels=2, right=(0.8, 0.9)).ratings)

    reason = collapse(incidence, posterior=np.tile([0.99, 0.01], (incidence.n_items, 1)))

    assert reason is not None
    assert "overturned" in reason


def test_the_guard_lets_a_sound_fit_pass():
    incidence = Incidence.of(a_world(seed=0, labels=2, right=(0.7, 0.9)).ratings)

    assert collapse(incidence, posterior=fit_one_coin(incidence).posterior) is None


def test_the_guard_sees_a_fit_without_numbers():
    incidence = Incidence.of(a_world(seed=0).ratings)

    assert collapse(incidence, posterior=np.full((incidence.n_items, 3), np.nan)) == "the fit did not produce numbers"


def test_a_collapsed_model_is_replaced_by_the_majority_and_says_so(monkeypatch):
    world = a_world(seed=1, labels=2, right=(0.8, 0.9))

    def everything_is_zero(incidence, **_):
        found = fit_one_coin(incidence)
        found.posterior[:] = [0.99, 0.01]
        return found

    monkeypatch.setattr("isogloss.core.inference.inferring.fit_dawid_skene", everything_is_zero)
    result = infer(world.ratings, method="dawid-skene")

    assert result.model == "majority"
    assert "collapsed" in (result.diagnostics.fell_back or "")
    assert world.accuracy(result.label) > 0.8


def test_a_collapsed_member_leaves_the_consensus_with_a_note(monkeypatch):
    world = a_world(seed=1, labels=2, right=(0.8, 0.9))

    def everything_is_zero(incidence, *, fixed=None):
        found = fit_one_coin(incidence, fixed=fixed)
        found.posterior[:] = [0.99, 0.01]
        return found

    monkeypatch.setattr("isogloss.core.inference.consensus.fit_separate", everything_is_zero)
    result = infer(world.ratings)

    assert "separate" not in result.diagnostics.weights
    assert result.diagnostics.notes[0].startswith("separate was left out")
    assert world.accuracy(result.label) > 0.8


def test_the_weights_of_the_consensus_sum_to_one_and_each_has_its_equal_share():
    weights = infer(a_world(seed=2).ratings).diagnostics.weights

    assert sum(weights.values()) == pytest.approx(1)
    assert min(weights.values()) >= EQUAL_SHARE / len(weights) - 1e-9
