"""Bring the detectors' votes on a batch of texts into arrays that the re-ranking model reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from isogloss.core.language import scripts
from isogloss.core.language.detectors import Votes

__all__ = ["ROMANISED", "SLOTS", "Evidence", "Space", "gather", "is_written_in", "plain", "with_script"]

# The last slot is the workspace's own model, or a fastText file that was brought; it is empty until there is one.
SLOTS = ("py3langid", "pycld2", "eldc", "words", "model")

# Languages whose romanised form is a class of its own: no detector was trained on it, so what they say of the language says nothing here.
ROMANISED = frozenset(
    {"hi", "ur", "bn", "ar", "mr", "ne", "pa", "ta", "te", "ml", "gu", "kn", "fa", "ru", "el", "am", "bg", "th", "ko", "ja", "zh"}
)
ROMANISED_WORDS = frozenset({"hi", "bn", "ta", "te", "ml", "mr", "ne", "pa"})
_SUFFIX = "-Latn"

_SEVERAL = {
    "sr": {"Latn", "Cyrl"}, "az": {"Latn", "Cyrl", "Arab"}, "uz": {"Latn", "Cyrl"}, "ku": {"Latn", "Arab"}, "ms": {"Latn", "Arab"},
    "kk": {"Cyrl", "Latn"}, "ky": {"Cyrl", "Latn", "Arab"}, "tt": {"Cyrl", "Latn"}, "ug": {"Arab", "Latn", "Cyrl"}, "mn": {"Cyrl", "Mong"},
    "pa": {"Guru", "Arab"}, "sd": {"Arab", "Deva"}, "ks": {"Arab", "Deva"}, "bs": {"Latn", "Cyrl"}, "tg": {"Cyrl", "Arab"},
    "ha": {"Latn", "Arab"},
    "shi": {"Latn", "Tfng", "Arab"}, "kab": {"Latn", "Tfng"}, "ff": {"Latn", "Adlm"}, "crh": {"Latn", "Cyrl"}, "tk": {"Latn", "Cyrl"},
    "iu": {"Cans", "Latn"}, "bug": {"Latn", "Bugi"}, "ban": {"Latn", "Bali"}, "jv": {"Latn", "Java"}, "su": {"Latn", "Sund"},
    "ace": {"Latn", "Arab"}, "bjn": {"Latn", "Arab"}, "min": {"Latn", "Arab"}, "mey": {"Arab", "Latn"}, "arq": {"Arab", "Latn"},
    "ary": {"Arab", "Latn"}, "aeb": {"Arab", "Latn"}, "zh": {"Hani"}, "yue": {"Hani"}, "wuu": {"Hani"}, "lzh": {"Hani"},
    "ja": {"Hira", "Kana", "Hani"},
    "ko": {"Hang", "Hani"},
}  # fmt: skip


def with_script(language: str, *, is_latin: bool) -> str:
    """`hi` in Latin letters is the class `hi-Latn`; everything else is itself."""
    return language + _SUFFIX if is_latin and language in ROMANISED else language


def plain(label: str) -> str:
    """The language of a class: `hi-Latn` → `hi`."""
    return label.removesuffix(_SUFFIX)


@lru_cache(maxsize=2048)
def _scripts_of(label: str) -> frozenset[str]:
    if label.endswith(_SUFFIX):
        return frozenset({"Latn"})
    if label in _SEVERAL:
        return frozenset(_SEVERAL[label])
    from langcodes.data_dicts import LIKELY_SUBTAGS

    parts = LIKELY_SUBTAGS.get(label, "").split("-")
    return frozenset({parts[1]} if len(parts) > 1 else {"Latn"})


@lru_cache(maxsize=65536)
def is_written_in(label: str, script: str) -> bool:
    """Whether a language is written in a script; a text without letters fits all."""
    if not script:
        return True
    return script in _scripts_of(label)


class Space:
    """The languages that an answer may name, numbered, and which detector knows which."""

    def __init__(self, labels: Sequence[str], known: Sequence[frozenset[str]], *, anywhere: frozenset[str] = frozenset()) -> None:
        self.labels = tuple(labels)
        self.place = {label: number for number, label in enumerate(self.labels)}
        self.known = np.array([[label in languages for label in self.labels] for languages in known], dtype=np.bool_)
        self._anywhere = np.array([label in anywhere for label in self.labels], dtype=np.bool_)
        self._fits: dict[str, NDArray[np.bool_]] = {}

    def fits(self, script: str) -> NDArray[np.bool_]:
        """Which languages are written in a script."""
        if script not in self._fits:
            self._fits[script] = np.array([is_written_in(label, script) for label in self.labels], dtype=np.bool_)
            self._fits[script] |= self._anywhere  # what only a workspace knows is written as the workspace writes it
        return self._fits[script]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of n texts before anyone decides; `scores` is slots × n × languages, `first`, `margin` and `present` slots × n."""

    scores: NDArray[np.float32]
    first: NDArray[np.int64]
    margin: NDArray[np.float32]
    fits: NDArray[np.bool_]
    letters: NDArray[np.float32]
    words: NDArray[np.float32]
    familiar: NDArray[np.float32]
    present: NDArray[np.bool_]


def gather(
    cleaned: Sequence[str],
    *,
    votes: Sequence[Sequence[Votes] | None],
    space: Space,
    familiar: NDArray[np.float32] | None = None,
) -> Evidence:
    """Arrays of the votes of each slot (None where a detector is missing) on cleaned texts."""
    number, size = len(cleaned), len(space.labels)
    scores = np.zeros((len(SLOTS), number, size), dtype=np.float32)
    first = np.full((len(SLOTS), number), size, dtype=np.int64)
    margin = np.zeros((len(SLOTS), number), dtype=np.float32)
    written = [scripts.dominant(text) for text in cleaned]
    for slot, slot_votes in enumerate(votes):
        for row, vote in enumerate(slot_votes or ()):
            is_latin = written[row][0] == "Latn"
            for rank, (language, score) in enumerate(vote):
                column = space.place.get(with_script(language, is_latin=is_latin))
                if column is not None:
                    scores[slot, row, column] = max(score, scores[slot, row, column])
                if rank == 0 and column is not None:
                    first[slot, row] = column
                    margin[slot, row] = score - (vote[1][1] if len(vote) > 1 else 0.0)
    return Evidence(
        scores=scores,
        first=first,
        margin=margin,
        fits=np.stack([space.fits(script) for script, _ in written]) if number else np.zeros((0, size), dtype=np.bool_),
        letters=np.array([letters for _, letters in written], dtype=np.float32),
        words=np.array([text.count(" ") + 1 for text in cleaned], dtype=np.float32),
        familiar=np.zeros(number, dtype=np.float32) if familiar is None else familiar,
        present=np.repeat(np.array([[slot_votes is not None] for slot_votes in votes], dtype=np.bool_), number, axis=1),
    )
