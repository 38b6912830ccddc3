"""A linear classifier over hashed character n-grams: mean of n-gram vectors, then softmax (the fastText form), in NumPy."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from isogloss.core.language.ngrams import Hashing, hashed

__all__ = ["Classifier", "Settings", "train"]

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a training run depends on besides its rows."""

    hashing: Hashing = field(default_factory=Hashing)
    size: int = 48
    epochs: int = 6
    rate: float = 1.0
    batch: int = 256
    seed: int = 20260101


@dataclass(frozen=True, slots=True)
class Classifier:
    """Labels, a vector per n-gram bucket, a vector per label, and how many training n-grams fell into each bucket."""

    labels: tuple[str, ...]
    hashing: Hashing
    vectors: Floats
    output: Floats
    seen: NDArray[np.bool_]

    def probabilities(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """Texts × labels, and for each text the share of its n-grams that training has seen."""
        rows = hashed(texts, hashing=self.hashing)
        hidden = np.asarray(rows @ self.vectors)
        scores = hidden @ self.output
        familiar = np.asarray(rows @ self.seen.astype(np.float32))
        return _softmax(scores), familiar


def train(texts: Sequence[str], labels: Sequence[str], *, weights: Sequence[float] | None = None, settings: Settings) -> Classifier:
    """Fit the classifier by minibatches with Adagrad; the same rows, settings and seed give the same weights."""
    rng = np.random.default_rng(settings.seed)
    names = tuple(sorted(set(labels)))
    place = {name: number for number, name in enumerate(names)}
    gold = np.array([place[label] for label in labels])
    importance = np.ones(len(gold), dtype=np.float32) if weights is None else np.asarray(weights, dtype=np.float32)
    importance = importance / importance.mean()
    rows = hashed(texts, hashing=settings.hashing)
    buckets, size = settings.hashing.buckets, settings.size
    vectors = rng.uniform(-1.0 / size, 1.0 / size, (buckets, size)).astype(np.float32)
    output = np.zeros((size, len(names)), dtype=np.float32)
    run = _Run(vectors, output, np.full(buckets, 1e-6, dtype=np.float32), np.full_like(output, 1e-6))
    steps = max(1, settings.epochs * -(-len(gold) // settings.batch))
    step = 0
    for _ in range(settings.epochs):
        order = rng.permutation(len(gold))
        for start in range(0, len(order), settings.batch):
            chosen = order[start : start + settings.batch]
            run.step(rows[chosen], gold[chosen], importance[chosen], rate=settings.rate * (1.0 - step / steps))
            step += 1
    seen = np.zeros(buckets, dtype=np.bool_)
    seen[rows.indices] = True
    vectors[~seen] = 0.0
    return Classifier(names, settings.hashing, vectors, output, seen)


@dataclass(slots=True)
class _Run:
    vectors: Floats
    output: Floats
    vector_history: Floats
    output_history: Floats

    def step(self, rows: Any, gold: NDArray[np.int64], importance: Floats, *, rate: float) -> None:
        """One Adagrad step; only the vectors of n-grams in the batch move (one history number per n-gram)."""
        from scipy.sparse import csr_matrix

        used, local = np.unique(rows.indices, return_inverse=True)
        narrow = csr_matrix((rows.data, local, rows.indptr), shape=(rows.shape[0], len(used)))
        hidden = np.asarray(narrow @ self.vectors[used])
        error = _softmax(hidden @ self.output)
        error[np.arange(len(gold)), gold] -= 1.0
        error *= importance[:, None]
        vector_slope = np.asarray(narrow.T @ (error @ self.output.T))
        output_slope = hidden.T @ error / len(gold)
        self.vector_history[used] += np.mean(vector_slope**2, axis=1)
        self.vectors[used] -= rate * 0.25 * vector_slope / np.sqrt(self.vector_history[used])[:, None]
        self.output_history += output_slope**2
        self.output -= rate * output_slope / np.sqrt(self.output_history)


def _softmax(scores: Floats) -> Floats:
    shifted: Floats = scores - scores.max(axis=1, keepdims=True)
    np.exp(shifted, out=shifted)
    shifted /= shifted.sum(axis=1, keepdims=True)
    return shifted
