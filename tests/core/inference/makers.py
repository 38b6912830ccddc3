"""Simulated worlds and small tables for the tests of inference."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isogloss.core.tables import Ratings

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """Answers whose truth is known; `matrices` are the people's (true, given)."""

    ratings: Ratings
    truth: npt.NDArray[np.int64]
    matrices: Floats

    def accuracy(self, label: npt.NDArray[np.int32]) -> float:
        """Share of right labels; a tie is wrong."""
        return float((label == self.truth).mean())


def a_world(
    *,
    seed: int,
    items: int = 300,
    people: int = 20,
    labels: int = 3,
    per_item: int = 5,
    right: tuple[float, float] = (0.55, 0.95),
    shares: Sequence[float] | None = None,
    spammers: int = 0,
    adversaries: int = 0,
) -> World:
    """People whose share of right answers is drawn from `right`; spammers answer one label always, adversaries one off the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(labels, size=items, p=shares)
    matrices = np.empty((people, labels, labels))
    for person, share in enumerate(rng.uniform(*right, size=people)):
        matrices[person] = (1 - share) / (labels - 1)
        np.fill_diagonal(matrices[person], share)
    for person in range(spammers):
        matrices[person] = np.eye(labels)[person % labels]
    for person in range(spammers, spammers + adversaries):
        matrices[person] = 0.9 * np.roll(np.eye(labels), 1, axis=1) + 0.1 / labels
    item = np.repeat(np.arange(items), per_item)
    person = np.concatenate([rng.permutation(people)[:per_item] for _ in range(items)])
    chance = matrices[person, truth[item]].cumsum(axis=1)
    label = (rng.random(len(item))[:, None] > chance[:, :-1]).sum(axis=1)
    return World(a_table(item, person, label, labels=labels, people=people), truth, matrices)


def a_table(item: object, person: object, label: object, *, labels: int, people: int) -> Ratings:
    """Ratings from codes; people without an answer are kept out of nothing: the vocabulary holds all of them."""
    codes = [np.asarray(column, dtype=np.int32) for column in (item, person, label)]
    return Ratings(
        items=range(int(codes[0].max()) + 1), people=range(people), labels=range(labels), item=codes[0], person=codes[1], label=codes[2]
    )


def ratings_of(rows: Sequence[str], *, labels: Sequence[str] | None = None) -> Ratings:
    """One string for each person, one character for each item; a dot is no answer."""
    cells = [(f"i{i:02d}", f"w{w}", answer) for w, row in enumerate(rows) for i, answer in enumerate(row) if answer != "."]
    item, worker, label = zip(*cells, strict=True)
    return Ratings.from_columns(item=item, worker=worker, label=label, labels=labels)
