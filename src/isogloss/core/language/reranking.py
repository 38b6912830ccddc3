"""Choose among the languages that the detectors name: a small model over their votes, fitted once and shipped."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from isogloss.core.language.evidence import SLOTS, Evidence, Space

__all__ = ["CANDIDATES", "Choice", "Network", "Reranker", "candidate_features", "targets", "vote_tables"]

CANDIDATES = 10
LENGTHS = (4.0, 12.0, 40.0, 120.0)  # letters at which a temperature is fitted
_SHORT = 12  # letters
_MODEL = SLOTS.index("model")
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Choice:
    """For n texts: the candidates' numbers (n × k), their probabilities, and the probability that it is none of them."""

    candidates: NDArray[np.int64]
    probabilities: Floats
    other: Floats


@dataclass(slots=True)
class Network:
    """One hidden layer that scores each candidate by itself; softmax over a text's candidates and “none of them”."""

    hidden: Floats
    bias: Floats
    output: Floats
    direct: Floats

    @classmethod
    def random(cls, features: int, *, size: int, rng: np.random.Generator) -> "Network":
        """Small random weights."""
        return cls(
            hidden=rng.normal(0, features**-0.5, (features, size)).astype(np.float32),
            bias=np.zeros(size, dtype=np.float32),
            output=rng.normal(0, size**-0.5, size).astype(np.float32),
            direct=rng.normal(0, 0.01, features).astype(np.float32),
        )

    def scores(self, features: Floats) -> Floats:
        """A number for each candidate: n × (k + 1)."""
        result: Floats = np.maximum(features @ self.hidden + self.bias, 0.0) @ self.output + features @ self.direct
        return result

    def weights(self) -> list[Floats]:
        """The four arrays, in the order of the fields."""
        return [self.hidden, self.bias, self.output, self.direct]

    def fit(self, features: Floats, gold: NDArray[np.int64], importance: Floats, *, epochs: int, rng: np.random.Generator) -> "Network":
        """Adam on the log loss with a cosine rate."""
        importance = importance / importance.mean()
        moments = [(np.zeros_like(weight), np.zeros_like(weight)) for weight in self.weights()]
        step = 0
        for epoch in range(epochs):
            rate = 0.0015 * (1.0 + np.cos(np.pi * epoch / epochs))
            order = rng.permutation(len(gold))
            for start in range(0, len(order), 512):
                chosen = order[start : start + 512]
                slopes = self._slopes(features[chosen], gold[chosen], importance[chosen])
                step += 1
                for weight, slope, (mean, square) in zip(self.weights(), slopes, moments, strict=True):
                    np.add(mean, 0.1 * (slope - mean), out=mean)
                    np.add(square, 0.001 * (slope**2 - square), out=square)
                    np.subtract(weight, rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8), out=weight)
        return self

    def _slopes(self, features: Floats, gold: NDArray[np.int64], importance: Floats) -> list[Floats]:
        active = np.maximum(features @ self.hidden + self.bias, 0.0)
        error = softmax(active @ self.output + features @ self.direct)
        error[np.arange(len(gold)), gold] -= 1.0
        error *= (importance / len(gold))[:, None]
        back = (error[:, :, None] * self.output * (active > 0)).reshape(-1, len(self.bias))
        flat = features.reshape(-1, features.shape[2])
        output = active.reshape(-1, len(self.bias)).T @ error.ravel()
        return [
            flat.T @ back + 1e-5 * self.hidden,
            back.sum(axis=0),
            output + 1e-5 * self.output,
            flat.T @ error.ravel() + 1e-5 * self.direct,
        ]


@dataclass(frozen=True, slots=True)
class Reranker:
    """The fitted file in memory: what each answer says of each language, two networks (without and with a model), calibration."""

    labels: tuple[str, ...]
    tables: Floats
    alone: Network
    joined: Network
    calibration: Floats
    about: dict[str, Any]

    def choose(
        self, evidence: Evidence, *, space: Space, model_table: Floats | None = None, extra: NDArray[np.int64] | None = None
    ) -> Choice:
        """Probabilities over each text's candidates; `extra` are languages that must be among them."""
        tables = self.tables
        if model_table is not None:
            tables = np.concatenate([tables[:_MODEL], model_table[None]])
        features, candidates = candidate_features(evidence, space=space, tables=tables, extra=extra)
        has_model = bool(evidence.present[_MODEL].any())
        scores = (self.joined if has_model else self.alone).scores(features)
        probabilities = softmax(scores / self._temperature(evidence, has_model=has_model)[:, None])
        return Choice(candidates, probabilities[:, :-1], probabilities[:, -1])

    def extended(self, languages: frozenset[str]) -> "Reranker":
        """With languages that no shipped detector and no fitted row knows: what a detector says speaks neither for nor against them."""
        new = tuple(sorted(languages - set(self.labels)))
        if not new:
            return self
        slots, size, _ = self.tables.shape
        tables = np.zeros((slots, size + len(new), size + len(new) + 1), dtype=np.float32)
        tables[:, :size, :size], tables[:, :size, -1] = self.tables[:, :, :size], self.tables[:, :, size]
        return replace(self, labels=self.labels + new, tables=tables)

    def _temperature(self, evidence: Evidence, *, has_model: bool) -> Floats:
        """One temperature for short, middling and long texts, joined by straight lines in the logarithm of the length."""
        row = self.calibration[1 if has_model else 0]
        result: Floats = np.interp(np.log1p(evidence.letters), np.log1p(LENGTHS), row).astype(np.float32)
        return result


def softmax(scores: Floats) -> Floats:
    """Rows of probabilities."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return result


def targets(candidates: NDArray[np.int64], gold: NDArray[np.int64]) -> NDArray[np.int64]:
    """Which candidate is right, or their number where none is."""
    hit = candidates == gold[:, None]
    return np.asarray(np.where(hit.any(axis=1), hit.argmax(axis=1), candidates.shape[1]))


def vote_tables(
    first: NDArray[np.int64], gold: NDArray[np.int64], importance: Floats, *, known: NDArray[np.bool_], strength: float = 8.0
) -> Floats:
    """Log P(answer | language) − log P(answer) of each detector, shrunk where few rows speak: slots × languages × (languages + 1).

    The last answer is “no opinion”. A language without rows gets what detectors do on average with languages they know, or do not know.
    """
    size = known.shape[1]
    result = np.zeros((len(first), size, size + 1), dtype=np.float32)
    for slot in range(len(first)):
        counted = np.zeros((size, size + 1))
        np.add.at(counted, (gold, first[slot]), importance)
        total = counted.sum(axis=1, keepdims=True)
        rate = counted / np.maximum(total, 1e-9)
        has_rows = total[:, 0] > 0
        overall = (rate[has_rows].sum(axis=0) + 0.02) / (has_rows.sum() + 0.02 * (size + 1))
        knows = known[slot]
        both = np.flatnonzero(has_rows & knows)
        right = min(0.98, float(np.mean(rate[both, both]))) if len(both) else 0.5  # never so sure that an answer is impossible
        unknown = rate[has_rows & ~knows].sum(axis=0) + 2 * overall
        prior = np.where(knows[:, None], (1.0 - right) * overall[None], (unknown / unknown.sum())[None])
        prior[np.flatnonzero(knows), np.flatnonzero(knows)] += right
        result[slot] = np.log((counted + strength * prior) / (total + strength)) - np.log(overall)[None]
    return result


def candidate_features(
    evidence: Evidence, *, space: Space, tables: Floats, extra: NDArray[np.int64] | None = None, hidden: NDArray[np.int64] | None = None
) -> tuple[Floats, NDArray[np.int64]]:
    """Features n × (k + 1) × f, the last row standing for “none of them”, and the candidates n × k.

    `extra` languages are candidates of every text; `hidden`, a language for each text, is none of its (to learn what not knowing is like).
    """
    slots, number, _ = evidence.scores.shape
    likely = np.stack([tables[slot][:, evidence.first[slot]].T * evidence.present[slot][:, None] for slot in range(slots)])
    total = likely.sum(axis=0)
    rough = total + 4.0 * evidence.scores.sum(axis=0) - 6.0 * ~evidence.fits
    count = CANDIDATES
    if extra is not None:
        rough[:, extra] += 1000.0
        count += len(extra)
    if hidden is not None:
        rough[np.arange(number), hidden] -= 1000.0
    count = min(count, rough.shape[1])
    candidates = np.argpartition(-rough, count - 1, axis=1)[:, :count]
    rows = np.arange(number)[:, None]
    columns: list[Any] = []
    for slot in range(slots):
        score = evidence.scores[slot][rows, candidates]
        is_first = evidence.first[slot][:, None] == candidates
        columns += [score, np.log(score + 1e-3) / 3, is_first, likely[slot][rows, candidates] / 3]
        columns.append(space.known[slot][candidates] & evidence.present[slot][:, None])
        columns.append(score - evidence.scores[slot].max(axis=1, initial=0.0)[:, None])
    chosen = total[rows, candidates]
    backers = sum((evidence.first[slot][:, None] == candidates).astype(np.float32) for slot in range(slots))
    columns += [chosen / 8, (chosen - chosen.max(axis=1, keepdims=True)) / 8, evidence.fits[rows, candidates], backers]
    columns.append(space.known[:_MODEL, candidates].sum(axis=0) / 3)
    own = np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=2)
    shared = _shared(evidence, chosen.max(axis=1, initial=-20.0))
    width = candidates.shape[1] + 1
    features = np.zeros((number, width, own.shape[2] + shared.shape[1] + 1), dtype=np.float32)
    features[:, :-1, : own.shape[2]] = own
    features[:, :, own.shape[2] : -1] = shared[:, None]
    features[:, -1, -1] = 1.0
    return features, candidates


def _shared(evidence: Evidence, best: Floats) -> Floats:
    """What holds for the text as a whole."""
    first = evidence.first
    nothing = evidence.scores.shape[2]
    columns: list[Any] = [
        np.log1p(evidence.letters) / 5,
        1 / (1 + evidence.letters),
        np.minimum(evidence.words, 10) / 10,
        evidence.words == 1,
    ]
    columns += [evidence.letters < _SHORT, evidence.familiar, best / 8]
    for slot in range(len(first)):
        columns += [evidence.scores[slot].max(axis=1, initial=0.0), evidence.margin[slot], first[slot] == nothing, evidence.present[slot]]
    columns += [(first[one] == first[two]) & (first[one] != nothing) for one in range(len(first)) for two in range(one)]
    return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)
