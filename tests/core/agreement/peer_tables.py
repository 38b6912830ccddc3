"""Tables of answers that peers were run on: run this file with a Python that has them and it prints `peer_figures.py`'s figures.

python3 -m venv peers && peers/bin/pip install krippendorff==0.9.0 irrCAC==0.4.4 nltk==3.10.4 && peers/bin/python tests/core/agreement/peer_tables.py
"""

import random

Matrix = list[list[int | None]]  # a row for each item, a column for each person


def a_matrix(
    *, seed: int, items: int, people: int, labels: list[int], keep: float, noise: float, weights: list[float] | None = None
) -> Matrix:
    """Make answers that follow a hidden truth except for a share of noise; `keep` of them are there."""
    rng = random.Random(seed)
    rows: Matrix = []
    for _ in range(items):
        truth = rng.choices(labels, weights)[0]
        answers = [truth if rng.random() > noise else rng.choice(labels) for _ in range(people)]
        rows.append([answer if rng.random() < keep else None for answer in answers])
    return rows


MATRICES: dict[str, tuple[Matrix, list[int]]] = {
    "five people, gaps": (a_matrix(seed=1, items=40, people=5, labels=[1, 2, 3, 4], keep=0.7, noise=0.4), [1, 2, 3, 4]),
    "two people, rare label": (
        a_matrix(seed=2, items=80, people=2, labels=[0, 1], keep=1.0, noise=0.1, weights=[0.93, 0.07]),
        [0, 1],
    ),
    "three people, a label nobody uses": (a_matrix(seed=3, items=30, people=3, labels=[1, 2, 4], keep=1.0, noise=0.3), [1, 2, 3, 4]),
    "scores from 0 to 10": (a_matrix(seed=4, items=50, people=4, labels=list(range(11)), keep=0.8, noise=0.5), list(range(11))),
}


def sets_of(answer: int) -> frozenset[str]:
    """Read the bits of the next number as a set of labels; nltk cannot compare empty sets."""
    return frozenset(name for bit, name in enumerate("abcd") if (answer + 1) >> bit & 1)


def print_figures() -> None:
    """Print what krippendorff, irrCAC and nltk make of the tables."""
    import krippendorff
    import numpy as np
    import pandas as pd
    from irrCAC.raw import CAC
    from nltk.metrics.agreement import AnnotationTask
    from nltk.metrics.distance import masi_distance

    figures: dict[str, float] = {}
    for name, (rows, labels) in MATRICES.items():
        data = np.array([[np.nan if answer is None else answer for answer in row] for row in rows])
        for level in ("nominal", "ordinal", "interval", "ratio"):
            value = krippendorff.alpha(reliability_data=data.T, value_domain=labels, level_of_measurement=level)
            figures[f"{name}: krippendorff {level}"] = round(float(value), 6)
        for weights in ("identity", "linear", "quadratic", "ordinal"):
            cac = CAC(pd.DataFrame(data), weights=weights, categories=labels, digits=8)
            for method in ("gwet", "fleiss") if weights == "identity" else ("gwet",):
                figures[f"{name}: irrCAC {method} {weights}"] = round(float(getattr(cac, method)()["est"]["coefficient_value"]), 6)
            figures[f"{name}: irrCAC agreement {weights}"] = round(float(cac.gwet()["est"]["pa"]), 6)
    rows, _ = MATRICES["scores from 0 to 10"]
    triples = [(person, item, sets_of(answer)) for item, row in enumerate(rows) for person, answer in enumerate(row) if answer is not None]
    counted = [triple for triple in triples if sum(other[1] == triple[1] for other in triples) > 1]
    figures["sets: nltk masi"] = round(AnnotationTask(counted, distance=masi_distance).alpha(), 6)
    for name, value in figures.items():
        print(f'    "{name}": {value},')  # noqa: T201  printing is what this is for


if __name__ == "__main__":
    print_figures()
