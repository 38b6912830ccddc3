"""Questions with any number of labels: one yes-or-no inference for each label."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from isogloss.core.tables import Ratings

from .incidence import Floats
from .inferring import infer
from .results import Inference

LabelSet = frozenset[Hashable]


class NotSets(TypeError):
    """The answers are not sets of labels."""


@dataclass(frozen=True, eq=False)
class SetInference:
    """What the answers say about each label of each item; `by_label` holds the yes-or-no results, `undecided` the labels that tied."""

    items: Sequence[Hashable]
    by_label: Mapping[Hashable, Inference]

    def rows(self) -> Iterator[tuple[Hashable, LabelSet, float]]:
        """Give (item, labels, confidence); the confidence is that of the least sure label, and a tied label is left out."""
        labels = list(self.by_label)
        yes = np.stack([result.label == 1 for result in self.by_label.values()])
        sure = np.stack([result.confidence for result in self.by_label.values()]).min(axis=0)
        for position, item in enumerate(self.items):
            chosen = frozenset(label for row, label in enumerate(labels) if yes[row, position])
            yield item, chosen, float(sure[position])

    def undecided(self, item: Hashable) -> LabelSet:
        """List the labels on which an item's answers tie."""
        position = next(iter(self.by_label.values())).positions[item]
        return frozenset(label for label, result in self.by_label.items() if result.tied[position])

    def probability(self, label: Hashable) -> Floats:
        """Probability of a label for each item."""
        return np.asarray(self.by_label[label].posterior[:, -1])


def infer_sets(
    ratings: Ratings,
    *,
    method: str = "auto",
    gold: Mapping[Hashable, LabelSet] | None = None,
    labels: Sequence[Hashable] | None = None,
    seed: int = 0,
) -> SetInference:
    """Conclude the set of labels of each item; `ratings` holds a frozenset for each answer, the empty set meaning "none of them".

    Each label is a question of its own, so labels that exclude or imply one another are not kept from contradicting each other:
    report such pairs, or ask one question. A label that nobody ever gave is not in the result unless `labels` declares it.
    """
    if not all(isinstance(answer, frozenset) for answer in ratings.labels):
        odd = next(answer for answer in ratings.labels if not isinstance(answer, frozenset))
        raise NotSets(f"The answer {odd!r} is not a set of labels: give sets, or use infer for questions with one label.")
    members: set[Hashable] = set().union(*ratings.labels)  # type: ignore[arg-type]
    vocabulary = sorted(members, key=str) if labels is None else list(labels)
    by_label = {}
    for label in vocabulary:
        says_yes = np.array([label in answer for answer in ratings.labels], dtype=np.int32)  # type: ignore[operator]
        binary = ratings.relabelled(says_yes[ratings.label], labels=(False, True))
        known = None if gold is None else {item: label in answer for item, answer in gold.items()}
        by_label[label] = infer(binary, method=method, gold=known, seed=seed)
    return SetInference(items=ratings.items, by_label=by_label)
