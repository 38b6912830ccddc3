"""One annotation at a time against the full inference."""

import numpy as np
import pytest

from isogloss.core.inference import infer
from isogloss.core.inference.updates import LiveInference

from .makers import a_world, ratings_of


def test_single_updates_come_near_the_full_inference():
    world = a_world(seed=1, items=400, people=12, per_item=6)
    late = np.arange(len(world.ratings)) % 6 == 5
    live = LiveInference(infer(world.ratings.where(~late), method="dawid-skene"))
    full = infer(world.ratings, method="dawid-skene")

    for row in np.flatnonzero(late):
        live.add(item=int(world.ratings.item[row]), person=int(world.ratings.person[row]), label=int(world.ratings.label[row]))

    labels = [live.current(item).label for item in range(400)]
    assert np.mean(np.array(labels) == full.label) > 0.97
    assert live.n_since == 400


def test_an_answer_that_agrees_makes_surer():
    live = LiveInference(infer(a_world(seed=2, per_item=3).ratings, method="dawid-skene"))
    before = min((live.current(item) for item in range(300)), key=lambda told: told.confidence)
    person = 0

    after = live.add(item=before.item, person=person, label=before.label)

    assert after.posterior[before.label] > before.posterior[before.label]
    assert after.n_answers in {before.n_answers, before.n_answers + 1}


def test_a_second_answer_by_a_person_replaces_the_first():
    live = LiveInference(infer(a_world(seed=3, people=9, per_item=3).ratings, method="dawid-skene"))
    once = live.add(item="new", person="newcomer", label=1)
    counts = live.confusion_of("newcomer")

    live.add(item="new", person="newcomer", label=2)
    back = live.add(item="new", person="newcomer", label=1)

    assert back.n_answers == once.n_answers == 1
    np.testing.assert_allclose(back.posterior, once.posterior, atol=0.05)  # the person's own matrix has moved a little meanwhile
    np.testing.assert_allclose(live.confusion_of("newcomer"), counts, atol=0.05)


def test_new_items_and_people_are_welcome():
    live = LiveInference(infer(ratings_of(["0101", "0101", "0111"])))

    told = live.add(item="fresh", person="newcomer", label="1")

    assert told.label == "1"
    assert told.n_answers == 1
    assert len(live) == 5


def test_gold_does_not_move():
    live = LiveInference(infer(ratings_of(["0101", "0101", "0111"]), gold={"i00": "1"}))

    told = live.add(item="i00", person="newcomer", label="0")

    assert (told.label, told.confidence) == ("1", 1.0)


def test_posteriors_stay_probabilities():
    world = a_world(seed=5)
    live = LiveInference(infer(world.ratings))
    rng = np.random.default_rng(0)

    rows = [live.add(item=int(rng.integers(320)), person=int(rng.integers(25)), label=int(rng.integers(3))).posterior for _ in range(500)]

    np.testing.assert_allclose(np.sum(rows, axis=1), 1)
    assert np.min(rows) >= 0


def test_a_label_outside_the_question_is_refused():
    live = LiveInference(infer(ratings_of(["01", "01"])))

    with pytest.raises(KeyError):
        live.add(item="i00", person="w0", label="2")
