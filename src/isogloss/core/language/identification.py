"""Name the language of texts, with a confidence that means what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from isogloss.core.language import tags

__all__ = ["Identification", "Outcome", "identify"]

Outcome = Literal["language", "other", "none"]


@dataclass(frozen=True, slots=True)
class Identification:
    """What is known of one text's language.

    `language` is `und` where the outcome is `other` (a language nobody here knows, or none of the project's) and `zxx` where it is `none`
    (nothing in the text is language). `free` is the answer that would have been given without the project's languages, when they were given.
    `votes` are the detectors' own first answers.
    """

    language: str
    confidence: float
    outcome: Outcome
    runner_up: str | None = None
    free: str | None = None
    free_confidence: float | None = None
    votes: tuple[tuple[str, str], ...] = ()


def identify(texts: Sequence[str], *, languages: Sequence[str] | None = None) -> list[Identification]:
    """Identify each text, in order; with `languages` the answer is one of them or `other`, and `free` keeps the open one."""
    allowed = None if languages is None else {tags.base(tag) for tag in languages}
    return [_identify_one(text, allowed=allowed) for text in texts]


def _identify_one(text: str, *, allowed: set[str] | None) -> Identification:
    if not any(character.isalpha() for character in text):
        return Identification("zxx", 0.99, "none")
    ranked = _detector().rank(text[:2000])
    pairs = [(tags.normalise(tag), float(score)) for tag, score in ranked if tag != "zxx"]
    free, confidence = pairs[0]
    inside = pairs if allowed is None else [pair for pair in pairs if pair[0] in allowed]
    if not inside or inside[0][1] < 0.02:
        return Identification("und", confidence, "other", free, free if allowed is not None else None, confidence if allowed is not None else None)
    runner = inside[1][0] if len(inside) > 1 else None
    if allowed is None:
        return Identification(free, confidence, "language", runner)
    return Identification(inside[0][0], min(1.0, inside[0][1] / max(sum(score for _, score in inside), 1e-9)), "language", runner, free, confidence)


@lru_cache(maxsize=1)
def _detector() -> Any:
    from py3langid.langid import LanguageIdentifier

    return LanguageIdentifier.from_model_file("data/model.npz.xz", norm_probs=True)
