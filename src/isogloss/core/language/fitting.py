"""Fit the re-ranking model from labelled texts of several origins; read and write its file."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from isogloss.core.language import scripts
from isogloss.core.language.classifiers import Settings, train
from isogloss.core.language.detectors import Votes, load_detectors
from isogloss.core.language.evidence import ROMANISED, ROMANISED_WORDS, SLOTS, Evidence, Space, gather, with_script
from isogloss.core.language.models import top_votes
from isogloss.core.language.reranking import LENGTHS, Network, Reranker, candidate_features, softmax, targets, vote_tables

__all__ = ["FITTED", "Reranker", "fit", "load", "read", "save", "space_for"]

FITTED = Path(__file__).parent / "fitted" / "reranker.npz"
_MODEL = SLOTS.index("model")
_ORIGIN_GROUPS = 5
_SEED = 20260101
_NOTHING = 0.02  # of the probability: a model that does not know the language
Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


def space_for(labels: Sequence[str], *, model: frozenset[str] = frozenset(), anywhere: frozenset[str] = frozenset()) -> Space:
    """The label space with what each installed detector, and the workspace's model, knows."""
    detectors = {detector.name: detector for detector in load_detectors()}
    known = [detectors[slot].languages if slot in detectors else frozenset() for slot in SLOTS[:_MODEL]]
    known[SLOTS.index("words")] |= frozenset(with_script(tag, is_latin=True) for tag in ROMANISED_WORDS)
    return Space(labels, [*known, model], anywhere=anywhere)


@dataclass(frozen=True, slots=True)
class _Rows:
    texts: Sequence[str]
    gold: Integers
    group: Integers
    weights: Floats
    languages: Sequence[str]


def fit(
    texts: Sequence[str],
    *,
    languages: Sequence[str],
    origins: Sequence[str],
    weights: Floats,
    about: dict[str, Any],
    with_model: bool = True,
) -> Reranker:
    """Fit tables, both networks and the calibration; half of what they see is text whose origin the tables and the model do not know."""
    votes = [detector.votes(texts) for detector in load_detectors()]
    is_latin = [scripts.dominant(text)[0] == "Latn" for text in texts]
    classes = [with_script(language, is_latin=latin) for language, latin in zip(languages, is_latin, strict=True)]
    known = frozenset().union(*(detector.languages for detector in load_detectors()))
    labels = sorted({*classes, *known, *(with_script(tag, is_latin=True) for tag in ROMANISED)})
    model_known = frozenset(classes)
    space = space_for(labels, model=model_known)
    gold = np.array([space.place[name] for name in classes])
    names = sorted(set(origins))
    rng = np.random.default_rng(_SEED)
    fold = rng.integers(0, _ORIGIN_GROUPS, len(texts))
    by_size = sorted(names, key=lambda name: -sum(origin == name for origin in origins))
    group_of = {name: number % _ORIGIN_GROUPS for number, name in enumerate(by_size)}
    by_origin = np.array([group_of[origin] for origin in origins])
    parts = []
    for group in (by_origin, fold):
        rows = _Rows(texts, gold, group, weights, languages)
        model_votes, familiar = _held_out_votes(rows) if with_model else (None, None)
        evidence = gather(texts, votes=[*votes, model_votes], space=space, familiar=familiar)
        parts.append((group, evidence))
    alone = _network([_features(space, _silenced(evidence, [_MODEL]), gold, group, weights) for group, evidence in parts], rng=rng)
    joined = alone
    if with_model:
        full = [_features(space, evidence, gold, group, weights) for group, evidence in parts]
        joined = _network([*full, *_small_models(space, parts, gold, weights, rng=rng)], rng=rng)
    calibration = np.ones((2, 4), dtype=np.float32)
    everything = parts[1][1]
    tables = vote_tables(everything.first, gold, weights, known=space.known)
    draft = Reranker(tuple(labels), tables, alone, joined, calibration, about)
    for row, silent in ((0, [_MODEL]), (1, []))[: 2 if with_model else 1]:
        calibration[row] = _calibrated(
            draft, space, [(group, _silenced(evidence, silent)) for group, evidence in parts], gold, weights, row=row
        )
    return replace(draft, calibration=calibration)


def _held_out_votes(rows: _Rows) -> tuple[list[Votes], Floats]:
    """What a workspace's model would say of each text had it been trained on the other groups."""
    votes: list[Votes] = [()] * len(rows.texts)
    familiar = np.zeros(len(rows.texts), dtype=np.float32)
    for group in range(_ORIGIN_GROUPS):
        others = np.flatnonzero(rows.group != group).tolist()
        mine = np.flatnonzero(rows.group == group).tolist()
        settings = Settings(epochs=4)
        model = train(
            [rows.texts[place] for place in others],
            [rows.languages[place] for place in others],
            weights=rows.weights[others].tolist(),
            settings=settings,
        )
        probabilities, seen = model.probabilities([rows.texts[place] for place in mine])
        familiar[mine] = seen
        for place, vote in zip(mine, top_votes(probabilities, model.labels), strict=True):
            votes[place] = vote
    return votes, familiar


def _silenced(evidence: Evidence, slots: Iterable[int]) -> Evidence:
    """The evidence as it would be without some detectors."""
    scores, first = evidence.scores.copy(), evidence.first.copy()
    margin, present, familiar = evidence.margin.copy(), evidence.present.copy(), evidence.familiar
    for slot in slots:
        scores[slot], first[slot], margin[slot], present[slot] = 0.0, evidence.scores.shape[2], 0.0, False
        if slot == _MODEL:
            familiar = np.zeros_like(familiar)
    return replace(evidence, scores=scores, first=first, margin=margin, present=present, familiar=familiar)


def _chosen(evidence: Evidence, rows: Integers) -> Evidence:
    return Evidence(
        scores=evidence.scores[:, rows], first=evidence.first[:, rows], margin=evidence.margin[:, rows], fits=evidence.fits[rows],
        letters=evidence.letters[rows], words=evidence.words[rows], familiar=evidence.familiar[rows], present=evidence.present[:, rows],
    )  # fmt: skip


def _hidden(evidence: Evidence, gold: Integers) -> Evidence:
    """The evidence as if nobody knew the text's language: its votes go to whoever came second."""
    rows = np.arange(len(gold))
    scores, first, margin = evidence.scores.copy(), evidence.first.copy(), evidence.margin.copy()
    scores[:, rows, gold] = 0.0
    nothing = scores.shape[2]
    for slot in range(len(first)):
        lost = np.flatnonzero(first[slot] == gold)
        second = scores[slot, lost].argmax(axis=1)
        first[slot, lost] = np.where(scores[slot, lost, second] > 0, second, nothing)
        margin[slot, lost] = 0.0
    return replace(evidence, scores=scores, first=first, margin=margin)


def _features(space: Space, evidence: Evidence, gold: Integers, group: Integers, weights: Floats) -> tuple[Floats, Integers, Floats]:
    """Features of every row from tables that its own group had no part in; in a tenth of the rows one detector is silent."""
    features, right, importance = [], [], []
    for held in range(int(group.max()) + 1):
        mine, others = np.flatnonzero(group == held), np.flatnonzero(group != held)
        tables = vote_tables(evidence.first[:, others], gold[others], weights[others], known=space.known)
        tables[_MODEL, ~space.known[_MODEL]] = 0.0  # a model's held-out rows say nothing of languages it was not trained on
        for share in range(10):
            rows = mine[share::10]
            part = _chosen(evidence, rows)
            found, candidates = candidate_features(_silenced(part, [held % 3]) if share == 0 else part, space=space, tables=tables)
            features.append(found)
            right.append(targets(candidates, gold[rows]))
            importance.append(weights[rows])
        unknown = mine[~space.known[:3, gold[mine]].any(axis=0) | (np.arange(len(mine)) % 20 == 0)]
        found, candidates = candidate_features(
            _hidden(_chosen(evidence, unknown), gold[unknown]), space=space, tables=tables, hidden=gold[unknown]
        )
        features.append(found)
        right.append(np.full(len(unknown), candidates.shape[1]))
        importance.append(weights[unknown] * 0.2)
    return np.concatenate(features), np.concatenate(right), np.concatenate(importance)


def _small_models(
    space: Space, parts: Sequence[tuple[Integers, Evidence]], gold: Integers, weights: Floats, *, rng: np.random.Generator
) -> list[tuple[Floats, Integers, Floats]]:
    """Features as they would be beside a model that knows few languages and gives one of them to every text."""
    result = []
    own = np.unique(gold)
    sizes = (3, 4, 6, 10, 20, 50)
    share = rng.integers(0, len(sizes), len(gold))
    for number, size in enumerate(sizes):
        rows = np.flatnonzero(share == number)
        chosen = rng.choice(own, size, replace=False)
        few = Space(space.labels, [frozenset()])
        few.known = space.known.copy()
        few.known[_MODEL] = np.isin(np.arange(len(space.labels)), chosen)
        inside = few.known[_MODEL][gold[rows]]
        # Where such a model is at work most texts are of its languages: both halves weigh the same.
        balance = float(weights[rows][~inside].sum() / max(weights[rows][inside].sum(), 1.0))
        importance = weights[rows] * np.where(inside, balance, 1.0).astype(np.float32)
        importance *= weights[rows].sum() / importance.sum()
        for group, evidence in parts:
            part = _restricted(_chosen(evidence, rows), chosen, rng=rng)
            result.append(_features(few, part, gold[rows], group[rows], importance))
    return result


def _restricted(evidence: Evidence, chosen: Integers, *, rng: np.random.Generator) -> Evidence:
    """The model's votes shared out among the chosen languages; where none had any, one of them by chance, as such a model would."""
    scores, first, margin = evidence.scores.copy(), evidence.first.copy(), evidence.margin.copy()
    kept = np.zeros_like(scores[_MODEL])
    kept[:, chosen] = scores[_MODEL][:, chosen]
    blind = np.flatnonzero(kept.sum(axis=1) < _NOTHING)
    guesses = rng.choice(chosen, len(blind))
    kept[blind] = 0.0
    kept[blind, guesses] = rng.uniform(0.35, 1.0, len(blind))
    kept[blind, rng.choice(chosen, len(blind))] += 0.05
    kept /= kept.sum(axis=1, keepdims=True)
    scores[_MODEL] = kept
    first[_MODEL] = kept.argmax(axis=1)
    top = np.sort(kept, axis=1)
    margin[_MODEL] = top[:, -1] - top[:, -2]
    familiar = evidence.familiar.copy()
    familiar[blind] *= rng.uniform(0.4, 0.9, len(blind))
    return replace(evidence, scores=scores, first=first, margin=margin, familiar=familiar.astype(np.float32))


def _network(parts: Sequence[tuple[Floats, Integers, Floats]], *, rng: np.random.Generator) -> Network:
    features = np.concatenate([part[0] for part in parts])
    right = np.concatenate([part[1] for part in parts])
    importance = np.concatenate([part[2] for part in parts])
    return Network.random(features.shape[2], size=32, rng=rng).fit(features, right, importance, epochs=10, rng=rng)


def _calibrated(
    draft: Reranker, space: Space, parts: Sequence[tuple[Integers, Evidence]], gold: Integers, weights: Floats, *, row: int
) -> Floats:
    """Temperatures at four lengths that make held-out answers likeliest; texts of an unknown origin count a fifth."""
    from scipy.optimize import minimize

    scores, right, importance, letters = [], [], [], []
    for (group, evidence), share in zip(parts, (0.2, 1.0), strict=True):
        for held in range(int(group.max()) + 1):
            mine, others = np.flatnonzero(group == held), np.flatnonzero(group != held)
            tables = vote_tables(evidence.first[:, others], gold[others], weights[others], known=space.known)
            found, candidates = candidate_features(_chosen(evidence, mine), space=space, tables=tables)
            scores.append((draft.joined if row else draft.alone).scores(found))
            right.append(targets(candidates, gold[mine]))
            importance.append(weights[mine] * share)
            letters.append(evidence.letters[mine])
    every, answers = np.concatenate(scores), np.concatenate(right)
    weight, length = np.concatenate(importance), np.log1p(np.concatenate(letters))
    knots = np.log1p(LENGTHS)

    def loss(logarithms: NDArray[np.float64]) -> float:
        temperature = np.exp(np.interp(length, knots, logarithms)).astype(np.float32)
        chosen = softmax(every / temperature[:, None])[np.arange(len(answers)), answers]
        return float(-(weight * np.log(chosen + 1e-9)).sum() / weight.sum())

    best = minimize(loss, np.zeros(4), method="Nelder-Mead", options={"maxiter": 120, "xatol": 1e-3, "fatol": 1e-6})
    return np.asarray(np.exp(best.x), dtype=np.float32)


def save(fitted: Reranker, file: Path) -> None:
    """Write the fitted file; equal fits give equal bytes."""
    arrays = {"tables": fitted.tables.astype(np.float16), "calibration": fitted.calibration}
    for name, network in (("alone", fitted.alone), ("joined", fitted.joined)):
        for number, weight in enumerate(network.weights()):
            arrays[f"{name}{number}"] = weight
    arrays["about"] = np.frombuffer(json.dumps({**fitted.about, "labels": fitted.labels}, sort_keys=True).encode(), dtype=np.uint8)
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def read(file: Path) -> Reranker:
    """Read a fitted file."""
    with np.load(file, allow_pickle=False) as stored:
        about = json.loads(bytes(stored["about"]).decode())
        labels = tuple(about.pop("labels"))
        networks = [Network(*(stored[f"{name}{number}"] for number in range(4))) for name in ("alone", "joined")]
        return Reranker(labels, stored["tables"].astype(np.float32), networks[0], networks[1], stored["calibration"], about)


@lru_cache(maxsize=1)
def load() -> Reranker:
    """The shipped file, read once."""
    return read(FITTED)
