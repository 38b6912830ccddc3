"""Train a workspace's tagger of tokens from labelled sentences and judge it on sentences it has not seen."""

import hashlib
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from isogloss.core.language import tags
from isogloss.core.language.decoding import decode
from isogloss.core.language.segments import SHARE_WEIGHT, SWITCH_PENALTY
from isogloss.core.language.taggers import Tagger, train_tagger
from isogloss.core.language.training import TooFewExamples
from isogloss.core.language.wordscores import word_scores

__all__ = ["KIND", "Sentence", "TokenTrained", "token_card", "train_token_model"]

KIND = "token tagger"
LEAST = 20  # sentences
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words with their decided labels, and where the sentence came from."""

    words: tuple[tuple[str, str], ...]
    source: str


@dataclass(frozen=True, slots=True)
class TokenTrained:
    """The tagger, the verdict on held-out sentences, and what the manifest says."""

    tagger: Tagger
    passes: bool
    manifest: dict[str, Any]


def train_token_model(sentences: Sequence[Sentence], *, seed: int) -> TokenTrained:
    """Train on all sentences; the verdict is from five folds at random, and from each source left out where there are two.

    A tagger passes when, in every evaluation, it is right on no fewer tokens than the way without labels.
    """
    languages = _languages(sentences)
    if len(sentences) < LEAST or len(languages) < 2:  # noqa: PLR2004  a mixture has two
        raise TooFewExamples(
            f"A tagger of tokens needs {LEAST} sentences in two languages; there are {len(sentences)} in {len(languages)} "
            f"({', '.join(languages) or 'no label is a language tag'})."
        )
    evaluations: dict[str, dict[str, float]] = {}
    for name, groups in _groups(sentences, seed=seed).items():
        evaluations[name] = _evaluated(sentences, groups=groups, languages=languages)
    passes = all(found["candidate"] >= found["live"] for found in evaluations.values())
    tagger = train_tagger([sentence.words for sentence in sentences], languages=languages)
    counted = Counter(label for sentence in sentences for _, label in sentence.words)
    manifest = {
        "kind": KIND,
        "seed": seed,
        "rows": len(sentences),
        "words_by_label": dict(sorted(counted.items())),
        "rows_by_source": dict(sorted(Counter(sentence.source for sentence in sentences).items())),
        "languages": languages,
        "data_sha256": _digest(sentences),
        "gate": {"passes": passes, "accuracy": evaluations},
    }
    return TokenTrained(tagger, passes, manifest)


def token_card(name: str, manifest: dict[str, Any]) -> str:
    """Markdown for people."""
    lines = [
        f"# Tagger of tokens {name}",
        "",
        f"Logistic regression over hashed n-grams, trained {manifest.get('trained', '')} on {manifest['rows']} sentences.",
        f"Languages: {', '.join(manifest['languages'])}. Seed {manifest['seed']}.",
        f"Training data (SHA-256 of source, words and labels): `{manifest['data_sha256']}`.",
        "",
        "Passed." if manifest["gate"]["passes"] else "Refused: it is right on fewer tokens than the way without labels.",
        "",
        "| held out | tokens right without labels | with the tagger |",
        "| --- | --- | --- |",
        *(f"| {kind} | {found['live']:.3f} | {found['candidate']:.3f} |" for kind, found in manifest["gate"]["accuracy"].items()),
        "",
        "It knows the labels and the kind of text it was trained on; the line “source” is what to expect of another kind.",
        "",
    ]
    return "\n".join(lines)


def _languages(sentences: Sequence[Sentence]) -> list[str]:
    """The labels that are language tags, most frequent first; at most four speak."""
    counted = Counter(label for sentence in sentences for _, label in sentence.words)
    found = []
    for label, _ in counted.most_common():
        try:
            found.append(tags.base(label))
        except tags.UnknownTag:
            continue
    return list(dict.fromkeys(tag for tag in found if tag not in {"und", "zxx", "mul", "mis"}))[:4]


def _groups(sentences: Sequence[Sentence], *, seed: int) -> dict[str, list[int]]:
    order = list(range(len(sentences)))
    random.Random(seed).shuffle(order)  # noqa: S311  no secret
    folds = [0] * len(sentences)
    for rank, place in enumerate(order):
        folds[place] = rank % _FOLDS
    by_size = [source for source, _ in Counter(sentence.source for sentence in sentences).most_common()]
    groups = {"random": folds}
    if len(by_size) > 1:
        groups["source"] = [by_size.index(sentence.source) % _FOLDS for sentence in sentences]
    return groups


def _evaluated(sentences: Sequence[Sentence], *, groups: list[int], languages: list[str]) -> dict[str, float]:
    """Shares of tokens that are right: without labels, and with a tagger trained on the other groups."""
    live = candidate = total = 0
    for group in sorted(set(groups)):
        others = [sentence.words for sentence, own in zip(sentences, groups, strict=True) if own != group]
        tagger = train_tagger(others, languages=languages)
        for sentence, own in zip(sentences, groups, strict=True):
            if own == group and sentence.words:
                words, gold = zip(*sentence.words, strict=True)
                live += sum(map(str.__eq__, _unlabelled(words, languages=languages), gold))
                candidate += sum(map(str.__eq__, tagger.tag(words)[0], gold))
                total += len(words)
    return {"live": live / max(total, 1), "candidate": candidate / max(total, 1)}


def _unlabelled(words: Sequence[str], *, languages: list[str]) -> list[str]:
    scores = word_scores(words, languages=languages)
    _, chances = decode(scores, penalty=SWITCH_PENALTY)
    path, _ = decode(scores + SHARE_WEIGHT * np.log(chances.mean(axis=0) + 0.05), penalty=SWITCH_PENALTY)
    return [languages[place] for place in path]


def _digest(sentences: Sequence[Sentence]) -> str:
    digest = hashlib.sha256()
    for sentence in sentences:
        row = "\x1d".join(f"{word}\x1c{label}" for word, label in sentence.words)
        digest.update(f"{sentence.source}\x1f{row}\x1e".encode("utf-8", errors="replace"))
    return digest.hexdigest()
