"""How well each word fits each of a few languages, without any labelled token."""

from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from isogloss.core.language.detectors import LangidDetector, WordsDetector, load_detectors
from isogloss.core.language.identification import VotingModel
from isogloss.core.language.models import WorkspaceModel

__all__ = ["word_scores"]

# Weights of the parts of a word's score, chosen on sentences joined from monolingual ones (docs/methods/code-switching.md).
LANGID = 0.5
LISTED = 1.5
TRAINED = 1.0
_FLOOR = -6.0


def word_scores(words: Sequence[str], *, languages: Sequence[str], model: VotingModel | None = None) -> NDArray[np.float64]:
    """Words × languages, log scale, best language of each word near 0."""
    plain = [word.strip("'’-").lower() or word.lower() for word in words]
    scores = np.zeros((len(plain), len(languages)))
    detectors = {detector.name: detector for detector in load_detectors()}
    if "py3langid" in detectors:
        scores += LANGID * cast("LangidDetector", detectors["py3langid"]).log_scores(plain, languages=languages)
    scores += LISTED * cast("WordsDetector", detectors["words"]).listed(plain, languages=languages)
    if isinstance(model, WorkspaceModel):
        scores += TRAINED * _trained(model, plain, languages)
    return np.maximum(scores - scores.max(axis=1, keepdims=True, initial=-1e9), _FLOOR) if len(languages) else scores


def _trained(model: WorkspaceModel, words: list[str], languages: Sequence[str]) -> NDArray[np.float64]:
    """Log-probabilities of the workspace model among the languages it knows; nothing where it knows fewer than two."""
    labels = {label: number for number, label in enumerate(model.classifier.labels)}
    known = [place for place, language in enumerate(languages) if language in labels]
    result = np.zeros((len(words), len(languages)))
    if len(known) <= 1 or not words:
        return result
    chances, _ = model.classifier.probabilities(words)
    columns = [labels[languages[place]] for place in known]
    logs = np.log(chances[:, columns].astype(np.float64) + 1e-4)
    result[:, known] = logs - logs.max(axis=1, keepdims=True)
    unknown = [place for place in range(len(languages)) if place not in known]
    result[:, unknown] = result[:, known].mean(axis=1, keepdims=True)
    return result
