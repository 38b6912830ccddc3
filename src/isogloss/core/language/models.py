"""A workspace's own language model, and a fastText file that was brought: one more voice among the detectors."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from isogloss.core.language import tags
from isogloss.core.language.classifiers import Classifier
from isogloss.core.language.detectors import Votes
from isogloss.core.language.ngrams import Hashing

__all__ = ["FastTextMissing", "FastTextModel", "WorkspaceModel", "top_votes"]

Floats = NDArray[np.float32]
_GLOT_LABEL = re.compile(r"^__label__([A-Za-z]{2,3})(?:[_-]([A-Z][a-z]{3}))?")


class FastTextMissing(RuntimeError):
    """A fastText file was brought but the library that reads it is not installed; the message says how to install it."""


def top_votes(probabilities: Floats, labels: Sequence[str], *, most: int = 5) -> list[Votes]:
    """Each row's likeliest languages, best first; labels of one language are added up."""
    count = min(most, probabilities.shape[1])
    best = np.argpartition(-probabilities, count - 1, axis=1)[:, :count]
    result: list[Votes] = []
    for row, columns in zip(probabilities, best, strict=True):
        merged: dict[str, float] = {}
        for column in columns:
            merged[labels[column]] = merged.get(labels[column], 0.0) + float(row[column])
        result.append(tuple(sorted(merged.items(), key=lambda pair: (-pair[1], pair[0]))))
    return result


@dataclass(frozen=True, slots=True)
class WorkspaceModel:
    """A trained classifier with what its held-out answers said of each language."""

    classifier: Classifier
    evidence: dict[str, dict[str, float]]  # language → answer → log P(answer | language) − log P(answer)
    about: dict[str, Any]

    @property
    def languages(self) -> frozenset[str]:
        """The languages it was trained on."""
        return frozenset(self.classifier.labels)

    def votes(self, texts: Sequence[str]) -> tuple[list[Votes], Floats]:
        """The five likeliest languages of each cleaned text, and the share of its n-grams that training has seen."""
        probabilities, familiar = self.classifier.probabilities(texts)
        return top_votes(probabilities, self.classifier.labels), familiar

    def table(self, labels: Sequence[str]) -> Floats | None:
        """Languages × (answers + 1) in the order of the label space; zero where held-out rows said nothing."""
        place = {label: number for number, label in enumerate(labels)}
        table = np.zeros((len(labels), len(labels) + 1), dtype=np.float32)
        for language, answers in self.evidence.items():
            row = place.get(language)
            for answer, weight in answers.items():
                column = place.get(answer)
                if row is not None and column is not None:
                    table[row, column] = weight
        return table

    def save(self, file: Path) -> None:
        """One file; vectors in half precision, only of buckets that training has seen."""
        model = self.classifier
        seen = np.flatnonzero(model.seen)
        about = {
            "labels": model.labels, "buckets": model.hashing.buckets, "longest": model.hashing.longest, "words": model.hashing.words,
            "evidence": self.evidence, "about": self.about,
        }  # fmt: skip
        text = np.frombuffer(json.dumps(about, sort_keys=True).encode(), dtype=np.uint8)
        np.savez(file, about=text, seen=seen.astype(np.uint32), vectors=model.vectors[seen].astype(np.float16), output=model.output)

    @classmethod
    def read(cls, file: Path) -> "WorkspaceModel":
        """Read what `save` wrote."""
        with np.load(file, allow_pickle=False) as stored:
            about = json.loads(bytes(stored["about"]).decode())
            hashing = Hashing(buckets=about["buckets"], longest=about["longest"], words=about["words"])
            seen = np.zeros(hashing.buckets, dtype=np.bool_)
            seen[stored["seen"]] = True
            vectors = np.zeros((hashing.buckets, stored["output"].shape[0]), dtype=np.float32)
            vectors[seen] = stored["vectors"]
            return cls(Classifier(tuple(about["labels"]), hashing, vectors, stored["output"], seen), about["evidence"], about["about"])


class FastTextModel:
    """A fastText language-identification file (GlotLID, OpenLID, lid.176) that the workspace brought."""

    def __init__(self, file: Path) -> None:
        try:
            import fasttext  # type: ignore[import-not-found,unused-ignore]  # brought by whoever brings a model
        except ImportError as error:
            raise FastTextMissing(
                "This model is a fastText file. Install the library that reads it: pip install fasttext-numpy2"
            ) from error
        self._model: Any = fasttext.load_model(str(file))
        self.languages = frozenset(filter(None, map(_language, self._model.get_labels())))

    def votes(self, texts: Sequence[str]) -> tuple[list[Votes], Floats]:
        """Its five best labels with their probabilities, as languages."""
        found = [self._vote(text) for text in texts]
        return found, np.array([1.0 if vote else 0.0 for vote in found], dtype=np.float32)

    def _vote(self, text: str) -> Votes:
        labels, chances = self._model.predict(text.replace("\n", " "), k=5)
        merged: dict[str, float] = {}
        for label, chance in zip(labels, chances, strict=True):
            language = _language(label)
            if language:
                merged[language] = merged.get(language, 0.0) + min(1.0, float(chance))
        return tuple(sorted(merged.items(), key=lambda pair: (-pair[1], pair[0])))

    def table(self, labels: Sequence[str]) -> Floats | None:  # noqa: ARG002  the Protocol's argument
        """Nothing is known of its mistakes here."""
        return None


def _language(label: str) -> str:
    """`__label__eng_Latn` → `en`; empty for a label that is no tag."""
    match = _GLOT_LABEL.match(label)
    try:
        return tags.base(match.group(1)) if match else ""
    except tags.UnknownTag:
        return ""
