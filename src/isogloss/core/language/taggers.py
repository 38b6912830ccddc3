"""Learn the language of each word from labelled sentences, on top of what is known without labels."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from isogloss.core.language.decoding import decode
from isogloss.core.language.identification import VotingModel
from isogloss.core.language.ngrams import Hashing, hashed
from isogloss.core.language.wordscores import word_scores

__all__ = ["Tagger", "train_tagger"]

Array = NDArray[np.float64]
_HASHING = Hashing(buckets=1 << 14, longest=4)
_SCALE = 1.5  # of the n-gram counts of a word, against scores of about the same size
TRANSITION_WEIGHT = 0.25


@dataclass(frozen=True, slots=True)
class Tagger:
    """Weights per label, log-transitions between labels, and the languages whose scores without labels it builds on."""

    labels: tuple[str, ...]
    languages: tuple[str, ...]
    weights: NDArray[np.float32]
    transitions: Array

    def tag(self, words: Sequence[str], *, model: VotingModel | None = None) -> tuple[list[str], Array]:
        """The label of each word of one sentence, and the probability of every label (forward–backward)."""
        if not words:
            return [], np.zeros((0, len(self.labels)))
        scores = np.asarray(_features([words], languages=self.languages, model=model) @ self.weights, dtype=np.float64)
        path, chances = decode(scores, transitions=self.transitions)
        return [self.labels[place] for place in path], chances

    def save(self, file: Path) -> None:
        """One file."""
        about = np.frombuffer(json.dumps([self.labels, self.languages]).encode(), dtype=np.uint8)
        np.savez_compressed(file, about=about, weights=self.weights.astype(np.float16), transitions=self.transitions)

    @classmethod
    def read(cls, file: Path) -> "Tagger":
        """Read what `save` wrote."""
        with np.load(file, allow_pickle=False) as stored:
            labels, languages = json.loads(bytes(stored["about"]).decode())
            return cls(tuple(labels), tuple(languages), stored["weights"].astype(np.float32), stored["transitions"])


def train_tagger(
    sentences: Sequence[Sequence[tuple[str, str]]], *, languages: Sequence[str], model: VotingModel | None = None, strength: float = 0.3
) -> Tagger:
    """Multinomial logistic regression of each word's label, L2 of the given strength, transitions from the labels; deterministic.

    Parameters
    ----------
    sentences : sequence of sentences, each a sequence of (word, label)
        Labels may be languages or anything else, such as `other` or `mixed`.
    languages : sequence of tags
        The languages whose scores without labels are features.
    """
    from scipy.optimize import minimize

    labels = sorted({label for sentence in sentences for _, label in sentence})
    place = {label: number for number, label in enumerate(labels)}
    features = _features([[word for word, _ in sentence] for sentence in sentences], languages=languages, model=model)
    gold = np.array([place[label] for sentence in sentences for _, label in sentence])
    shape = (features.shape[1], len(labels))
    target = np.eye(len(labels))[gold]

    def loss(flat: Array) -> tuple[float, Array]:
        weights = flat.reshape(shape)
        scores = features @ weights
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        slope = features.T @ (np.exp(logs) - target) + strength * weights
        return float(-(logs * target).sum() + 0.5 * strength * (weights**2).sum()), np.asarray(slope).ravel()

    found = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 150})
    return Tagger(tuple(labels), tuple(languages), found.x.reshape(shape).astype(np.float32), _transitions(sentences, place))


def _transitions(sentences: Sequence[Sequence[tuple[str, str]]], place: dict[str, int]) -> Array:
    """A share of the pointwise mutual information of neighbouring labels: the features already know frequencies and neighbours."""
    counted = np.full((len(place), len(place)), 0.5)
    for sentence in sentences:
        for (_, one), (_, two) in pairwise(sentence):
            counted[place[one], place[two]] += 1
    joint = counted / counted.sum()
    independent = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    result: Array = TRANSITION_WEIGHT * np.log(joint / independent)
    return result


def _features(sentences: Sequence[Sequence[str]], *, languages: Sequence[str], model: VotingModel | None) -> Any:
    """Words × features: the word's n-grams, its neighbours' n-grams, scores of the languages for it, its neighbours and the sentence."""
    from scipy.sparse import csr_matrix, hstack

    words = [word for sentence in sentences for word in sentence]
    bounds = np.cumsum([0, *map(len, sentences)])
    own = hashed(words, hashing=_HASHING)
    before, after = _shifted(bounds, 1), _shifted(bounds, -1)
    scores = word_scores(words, languages=languages, model=model)
    mean = np.concatenate(
        [np.repeat(scores[start:end].mean(axis=0, keepdims=True), end - start, axis=0) for start, end in pairwise(bounds)]
    )
    dense = np.concatenate([scores, before @ scores * 0.5, after @ scores * 0.5, mean, _shape(words), np.ones((len(words), 1))], axis=1)
    return hstack([own * _SCALE, before @ own * (_SCALE / 2), after @ own * (_SCALE / 2), csr_matrix(dense)], format="csr").astype(
        np.float64
    )


def _shifted(bounds: NDArray[np.int64], step: int) -> Any:
    """A matrix that puts each word's neighbour in its place, within the sentence."""
    from scipy.sparse import csr_matrix

    total = int(bounds[-1])
    sentence = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    rows = np.arange(total)
    source = rows - step
    inside = (source >= 0) & (source < total)
    inside[inside] &= sentence[source[inside]] == sentence[rows[inside]]
    return csr_matrix((np.ones(int(inside.sum())), (rows[inside], source[inside])), shape=(total, total))


def _shape(words: Sequence[str]) -> Array:
    """Capital, digit, sign, length."""
    return np.array(
        [[word[:1].isupper(), any(map(str.isdigit, word)), not any(map(str.isalpha, word)), min(len(word), 12) / 12] for word in words],
        dtype=np.float64,
    ).reshape(len(words), 4)
