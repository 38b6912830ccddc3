"""Choose among free texts the one most like the others."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

ORDERS = 6
BETA = 2.0


@dataclass(frozen=True, slots=True)
class Medoid:
    """The chosen answer to one item: `position` among the texts given, its mean chrF against the others, 0 to 100, and ties.

    `score` is None where there was only one text: nothing to compare with. `tied` says that another *different* text scored as high.
    """

    position: int
    text: str
    score: float | None
    tied: bool = False


def chrf(hypothesis: str, *, reference: str, orders: int = ORDERS, beta: float = BETA) -> float:
    """Character n-gram F-score of Popović (2015), 0 to 100, white space left out.

    Precision and recall are averaged over the orders 1 to `orders` that both texts are long enough for, then combined as
    (1 + β²)·P·R / (β²·P + R). Two texts without a common order have 100 if equal, else 0.

    >>> round(chrf("the cat", reference="the cat sat"), 2)
    55.77
    """
    return chrf_of_counts(ngrams(hypothesis, orders=orders), ngrams(reference, orders=orders), beta=beta)


def ngrams(text: str, *, orders: int) -> list[Counter[str]]:
    """Count the n-grams of each order without white space."""
    packed = "".join(text.split())
    return [Counter(packed[at : at + n] for at in range(len(packed) - n + 1)) for n in range(1, orders + 1)]


def chrf_of_counts(hypothesis: Sequence[Counter[str]], reference: Sequence[Counter[str]], *, beta: float = BETA) -> float:
    """Compare two texts' n-gram counts."""
    precision = recall = 0.0
    effective = 0
    for ours, theirs in zip(hypothesis, reference, strict=True):
        n_ours, n_theirs = ours.total(), theirs.total()
        if not (n_ours and n_theirs):
            continue
        small, large = (ours, theirs) if len(ours) < len(theirs) else (theirs, ours)
        common = sum(min(count, large[gram]) for gram, count in small.items() if gram in large)
        precision += common / n_ours
        recall += common / n_theirs
        effective += 1
    if not effective:
        return 100.0 if all(ours == theirs for ours, theirs in zip(hypothesis, reference, strict=True)) else 0.0
    precision, recall = precision / effective, recall / effective
    if precision + recall == 0:
        return 0.0
    return 100 * (1 + beta**2) * precision * recall / (beta**2 * precision + recall)


def medoid(texts: Sequence[str], *, weights: Sequence[float] | None = None) -> Medoid:
    """Choose the text with the highest mean chrF in both directions against the others; the earliest of equals.

    `weights`, say people's reliability, weigh the *other* texts: being like a reliable person's text counts for more.
    """
    if not texts:
        raise ValueError("There are no texts to choose from.")
    if len(texts) == 1:
        return Medoid(0, texts[0], score=None)
    counts = [ngrams(text, orders=ORDERS) for text in texts]
    given = [1.0] * len(texts) if weights is None else [max(float(weight), 1e-9) for weight in weights]
    scores = [0.0] * len(texts)
    for one in range(len(texts)):
        for other in range(one + 1, len(texts)):
            like = (chrf_of_counts(counts[one], counts[other]) + chrf_of_counts(counts[other], counts[one])) / 2
            scores[one] += given[other] * like
            scores[other] += given[one] * like
    means = [score / (sum(given) - own) for score, own in zip(scores, given, strict=True)]
    best = max(range(len(texts)), key=lambda position: (means[position], -position))
    tied = any(abs(means[position] - means[best]) < 1e-9 and texts[position] != texts[best] for position in range(len(texts)))  # noqa: PLR2004  rounding
    return Medoid(best, texts[best], score=means[best], tied=tied)


def choose_texts(
    *, item: Sequence[Hashable], worker: Sequence[Hashable], text: Sequence[str], reliability: Mapping[Hashable, float] | None = None
) -> dict[Hashable, Medoid]:
    """Choose a text for each item, items in order of appearance; a person's first text on an item counts."""
    if not len(item) == len(worker) == len(text):
        raise ValueError("The columns item, worker and text must be equally long.")
    grouped: defaultdict[Hashable, dict[Hashable, str]] = defaultdict(dict)
    for one, person, written in zip(item, worker, text, strict=True):
        grouped[one].setdefault(person, written)
    chosen = {}
    for one, by_person in grouped.items():
        weights = None if reliability is None else [reliability.get(person, 1.0) for person in by_person]
        chosen[one] = medoid(list(by_person.values()), weights=weights)
    return chosen
