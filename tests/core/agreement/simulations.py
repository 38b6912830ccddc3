"""How often 95 % intervals hold the true value when answers are simulated from a known model."""

from collections.abc import Callable
from functools import partial

import numpy as np

from isogloss.core.agreement import (
    Bootstrap,
    Estimate,
    Level,
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
    positive_agreement,
)
from isogloss.core.tables import Ratings

Measure = Callable[..., Estimate]
LARGE = 400_000


def a_sample(rng: np.random.Generator, *, items: int, people: int, noise: float, prevalence: list[float]) -> Ratings:
    """Draw answers of people who see the truth except for a share of noise."""
    labels = len(prevalence)
    truth = np.repeat(rng.choice(labels, size=items, p=prevalence), people)
    answer = np.where(rng.random(len(truth)) < noise, rng.integers(0, labels, len(truth)), truth)
    return Ratings.from_columns(
        item=np.repeat(np.arange(items), people), worker=np.tile(np.arange(people), items), label=answer, labels=list(range(labels))
    )


SCENARIOS: dict[str, tuple[Measure, dict[str, object]]] = {
    "alpha, three people": (krippendorff_alpha, {"items": 200, "people": 3, "noise": 0.3, "prevalence": [0.5, 0.3, 0.2]}),
    "alpha, two people, a label at 20 %": (krippendorff_alpha, {"items": 300, "people": 2, "noise": 0.1, "prevalence": [0.8, 0.2]}),
    "alpha, ordinal": (
        partial(krippendorff_alpha, level=Level.ORDINAL),
        {"items": 150, "people": 3, "noise": 0.4, "prevalence": [0.1, 0.3, 0.4, 0.2]},
    ),
    "alpha, interval": (
        partial(krippendorff_alpha, level=Level.INTERVAL),
        {"items": 150, "people": 3, "noise": 0.4, "prevalence": [0.1, 0.3, 0.4, 0.2]},
    ),
    "kappa": (cohen_kappa, {"items": 200, "people": 2, "noise": 0.3, "prevalence": [0.6, 0.4]}),
    "AC1": (gwet_ac1, {"items": 200, "people": 3, "noise": 0.2, "prevalence": [0.9, 0.1]}),
    "percent agreement": (percent_agreement, {"items": 200, "people": 3, "noise": 0.3, "prevalence": [0.6, 0.4]}),
    "positive agreement": (partial(positive_agreement, label=1), {"items": 300, "people": 2, "noise": 0.2, "prevalence": [0.8, 0.2]}),
}


def coverage(scenario: str, *, runs: int, replicates: int, seed: int) -> float:
    """Give the share of simulated tables whose interval holds the value that a very large table has."""
    measure, model = SCENARIOS[scenario]
    truth = measure(a_sample(np.random.default_rng(seed), **(model | {"items": LARGE})), bootstrap=Bootstrap(replicates=0)).value
    held = 0
    for run in range(runs):
        found = measure(a_sample(np.random.default_rng([seed, run]), **model), bootstrap=Bootstrap(replicates=replicates, seed=run))
        held += found.low <= truth <= found.high
    return held / runs
