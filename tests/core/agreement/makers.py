"""Small tables for the tests of agreement."""

from collections.abc import Sequence

import numpy as np

from isogloss.core.agreement import Bootstrap
from isogloss.core.tables import Ratings

NO_INTERVAL = Bootstrap(replicates=0)


def a_table(rows: Sequence[Sequence[object]], *, labels: Sequence[object] | None = None) -> Ratings:
    """Make ratings of a matrix with a row for each item and a column for each person; None is no answer."""
    cells = [(item, person, answer) for item, row in enumerate(rows) for person, answer in enumerate(row) if answer is not None]
    items, people, answers = zip(*cells, strict=True)
    return Ratings.from_columns(item=list(items), worker=list(people), label=list(answers), labels=labels)


def a_crowd(
    *, seed: int, items: int, people: int = 3, labels: int = 3, noise: float = 0.3, prevalence: Sequence[float] | None = None
) -> Ratings:
    """Simulate people who see the truth except for a share of noise."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(labels, size=items, p=prevalence)
    item = np.repeat(np.arange(items), people)
    answer = np.where(rng.random(len(item)) < noise, rng.integers(0, labels, len(item)), truth[item])
    return Ratings.from_columns(item=item, worker=np.tile(np.arange(people), items), label=answer, labels=list(range(labels)))
