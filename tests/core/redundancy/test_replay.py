"""A policy run over finished annotations."""

import numpy as np
import pytest

from isogloss.core.redundancy import Policy, replay
from tests.core.inference.makers import World, a_world


def a_finished_project(*, seed: int = 1) -> World:
    return a_world(seed=seed, items=100, people=12, labels=2, per_item=6, right=(0.7, 0.95))


def gold_of(world: World) -> dict[int, int]:
    return dict(enumerate(world.truth.tolist()))


def test_a_policy_saves_annotations_and_loses_little():
    saved, lost = [], []
    for seed in range(3):
        world = a_finished_project(seed=seed)
        told = replay(world.ratings, policy=Policy(maximum=6, burn_in=5), gold=gold_of(world), seed=seed, compare_fixed=False)
        saved.append(told.saved)
        lost.append(told.lost)

    assert np.mean(saved) > 0.15
    assert np.mean(lost) < 0.03


def test_a_policy_that_wants_everything_gets_everything():
    world = a_finished_project()

    told = replay(world.ratings, policy=Policy(minimum=6, maximum=6), gold=gold_of(world), compare_fixed=False)

    assert (told.saved, told.lost, told.policy.same_as_all) == (0.0, 0.0, 1.0)


def test_no_item_gets_fewer_than_the_minimum_nor_more_than_the_maximum():
    told = replay(a_finished_project().ratings, policy=Policy(minimum=3, maximum=5, burn_in=0), compare_fixed=False)

    assert min(told.histogram) >= 3
    assert max(told.histogram) <= 5
    assert sum(told.histogram.values()) == 100


def test_every_fixed_number_is_compared():
    world = a_finished_project()

    told = replay(world.ratings, gold=gold_of(world))

    assert [outcome.name for outcome in told.fixed] == [f"{n} each" for n in range(1, 6)]
    assert [outcome.n_annotations for outcome in told.fixed] == [100 * n for n in range(1, 6)]
    assert "The policy saves" in told.told()


def test_without_gold_the_loss_is_the_share_of_labels_that_differ():
    told = replay(a_finished_project().ratings, compare_fixed=False)

    assert told.policy.accuracy is None
    assert told.lost == pytest.approx(1 - told.policy.same_as_all)


def test_gold_measures_and_does_not_help():
    world = a_finished_project()

    blind, told = replay(world.ratings, compare_fixed=False), replay(world.ratings, gold=gold_of(world), compare_fixed=False)

    assert blind.histogram == told.histogram


def test_the_same_seed_gives_the_same_replay():
    world = a_finished_project()

    assert replay(world.ratings, seed=3, compare_fixed=False) == replay(world.ratings, seed=3, compare_fixed=False)


@pytest.mark.parametrize("gap", [0, 1])
def test_items_without_enough_annotations_get_what_there_is(gap):
    world = a_finished_project()
    keep = (world.ratings.item > 4) | (np.arange(len(world.ratings)) % 6 < gap)

    told = replay(world.ratings.where(keep), compare_fixed=False)

    assert told.histogram.get(1, 0) == (5 if gap else 0)
    assert sum(told.histogram.values()) == (100 if gap else 95)
