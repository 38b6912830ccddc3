"""Train a workspace's language model from labelled texts, evaluate it by source as well as at random, and judge whether it may speak."""

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from isogloss.core.language import tags
from isogloss.core.language.classifiers import Classifier, Settings, train
from isogloss.core.language.cleaning import clean
from isogloss.core.language.detectors import Votes
from isogloss.core.language.gates import Gate, judge
from isogloss.core.language.identification import Identifier, VotingModel
from isogloss.core.language.models import WorkspaceModel, top_votes
from isogloss.core.language.reranking import vote_tables

__all__ = ["Example", "TooFewExamples", "Trained", "Training", "train_model"]

LEAST = 20  # rows in all
_CUT, _CUT_SHARE = 4, 0.5  # words of the longest cut, share of rows that are also met as a cut
_CAP = 200  # rows of one source and language that count fully: a source must not drown the others
Floats = NDArray[np.float32]
Report = Callable[[str, float], None]


class TooFewExamples(ValueError):
    """There is nothing to learn from; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text with its decided language and where it came from (the batch, the file, the site)."""

    text: str
    language: str
    source: str


@dataclass(frozen=True, slots=True)
class Training:
    """How to train: settings of the classifier, folds of the random evaluation, most groups of the evaluation by source, the gate."""

    settings: Settings = field(default_factory=Settings)
    folds: int = 3
    source_groups: int = 4
    least_rows: int = 50
    tolerance: float = 0.02


@dataclass(frozen=True, slots=True)
class Trained:
    """The model, its gate, and what the manifest says."""

    model: WorkspaceModel
    gate: Gate
    manifest: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Data:
    texts: list[str]
    languages: list[str]
    sources: list[str]
    weights: Floats


def train_model(
    examples: Sequence[Example], *, training: Training | None = None, live: VotingModel | None = None, report: Report = lambda _, __: None
) -> Trained:
    """Train on all examples; evaluate on held-out folds and held-out sources against what speaks now (`live`, or the detectors alone)."""
    chosen = training or Training()
    data = _prepared(examples)
    current = Identifier(live)
    votes = current.detector_votes(data.texts)
    now = current.languages_of(data.texts, votes=votes)
    rounds = _rounds(data, training=chosen)
    steps = sum(int(groups.max()) + 1 for groups in rounds.values()) + 1
    held: dict[str, tuple[list[Votes], Floats]] = {}
    for name, groups in rounds.items():
        held[name] = _held_out(data, groups, settings=chosen.settings, report=partial(report, f"evaluating ({name})"), share=1 / steps)
    report("training", 1 - 1 / steps)
    classifier = _trained(data, [*range(len(data.texts))], settings=chosen.settings)
    evidence = _evidence(data, [found for found, _ in held.values()], labels=frozenset(classifier.labels))
    model = WorkspaceModel(classifier, evidence, {"settings": asdict(chosen.settings)})
    candidate = Identifier(model)
    answers = {
        name: candidate.languages_of(data.texts, votes=votes, model_votes=found[0], familiar=found[1]) for name, found in held.items()
    }
    gate = judge(
        data.languages,
        now=now,
        answers=answers,
        taught={name: _taught(data, groups) for name, groups in rounds.items()},
        sources=data.sources,
        least_rows=chosen.least_rows,
        tolerance=chosen.tolerance,
    )
    return Trained(model, gate, _manifest(examples, data, chosen, gate))


def _prepared(examples: Sequence[Example]) -> _Data:
    rows = [(clean(example.text), tags.base(example.language), example.source) for example in examples]
    rows = [row for row in rows if row[0]]
    languages = {language for _, language, _ in rows}
    if len(rows) < LEAST or len(languages) == 1:
        raise TooFewExamples(f"A language model needs {LEAST} texts in two languages; there are {len(rows)} in {len(languages)}.")
    counted = Counter((source, language) for _, language, source in rows)
    weights = np.array([min(1.0, _CAP / counted[source, language]) for _, language, source in rows], dtype=np.float32)
    return _Data([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows], weights)


def _rounds(data: _Data, *, training: Training) -> dict[str, NDArray[np.int64]]:
    """Group numbers of each evaluation: folds at random by the text's hash (equal texts fall together), and sources where there are two."""
    folds = np.array(
        [hashlib.blake2b(text.encode("utf-8", errors="replace"), digest_size=4).digest()[0] % training.folds for text in data.texts]
    )
    rounds = {"random": folds.astype(np.int64)}
    by_size = [source for source, _ in Counter(data.sources).most_common()]
    if len(by_size) > 1:
        groups = {source: number % min(training.source_groups, len(by_size)) for number, source in enumerate(by_size)}
        rounds["source"] = np.array([groups[source] for source in data.sources], dtype=np.int64)
    return {name: groups for name, groups in rounds.items() if len(set(groups.tolist())) > 1}


def _taught(data: _Data, groups: NDArray[np.int64]) -> list[bool]:
    """Whether another group has rows of each row's language."""
    groups_of: dict[str, set[int]] = {}
    for language, group in zip(data.languages, groups.tolist(), strict=True):
        groups_of.setdefault(language, set()).add(group)
    return [len(groups_of[language]) > 1 for language in data.languages]


def _held_out(
    data: _Data, groups: NDArray[np.int64], *, settings: Settings, report: Callable[[float], None], share: float
) -> tuple[list[Votes], Floats]:
    """What a model trained without a text's group says of it."""
    votes: list[Votes] = [()] * len(data.texts)
    familiar = np.zeros(len(data.texts), dtype=np.float32)
    for number, group in enumerate(sorted(set(groups.tolist()))):
        others, mine = np.flatnonzero(groups != group).tolist(), np.flatnonzero(groups == group).tolist()
        report(number * share)
        model = _trained(data, others, settings=settings)
        chances, seen = model.probabilities([data.texts[place] for place in mine])
        familiar[mine] = seen
        for place, vote in zip(mine, top_votes(chances, model.labels), strict=True):
            votes[place] = vote
    return votes, familiar


def _trained(data: _Data, places: list[int], *, settings: Settings) -> Classifier:
    texts, languages, weights = _augmented(data, places, seed=settings.seed)
    return train(texts, languages, weights=weights, settings=settings)


def _augmented(data: _Data, places: list[int], *, seed: int) -> tuple[list[str], list[str], list[float]]:
    """The rows of some places, and of half of them a cut of one to four words, so that the model meets short texts."""
    rng = random.Random(seed)  # noqa: S311  no secret
    texts = [data.texts[place] for place in places]
    languages = [data.languages[place] for place in places]
    weights = [float(data.weights[place]) for place in places]
    for place in places:
        words = data.texts[place].split()
        if len(words) >= _CUT and rng.random() < _CUT_SHARE:
            length = rng.choice([1, 1, 2, 2, 3, _CUT])
            start = rng.randrange(len(words) - length + 1)
            texts.append(" ".join(words[start : start + length]))
            languages.append(data.languages[place])
            weights.append(float(data.weights[place]) * 0.5)
    return texts, languages, weights


def _evidence(data: _Data, held: list[list[Votes]], *, labels: frozenset[str]) -> dict[str, dict[str, float]]:
    """What the held-out answers say of each language, kept where it says anything."""
    names = sorted(labels)
    place = {name: number for number, name in enumerate(names)}
    first = np.array([place[vote[0][0]] if vote else len(names) for found in held for vote in found])
    gold = np.array([place[language] for _ in held for language in data.languages])
    weights = np.concatenate([data.weights for _ in held])
    known = np.ones((1, len(names)), dtype=np.bool_)
    table = vote_tables(first[None], gold, weights, known=known)[0]
    return {name: {other: round(float(table[place[name], place[other]]), 3) for other in names} for name in names}


def _manifest(examples: Sequence[Example], data: _Data, training: Training, gate: Gate) -> dict[str, Any]:
    digest = hashlib.sha256()
    for example in examples:
        digest.update(f"{example.source}\x1f{example.language}\x1f{example.text}\x1e".encode("utf-8", errors="replace"))
    return {
        "kind": "hashed character n-grams",
        "seed": training.settings.seed,
        "settings": asdict(training.settings),
        "rows": len(data.texts),
        "rows_by_language": dict(sorted(Counter(data.languages).items())),
        "rows_by_source": dict(sorted(Counter(data.sources).items())),
        "data_sha256": digest.hexdigest(),
        "gate": gate.as_dict(),
    }
