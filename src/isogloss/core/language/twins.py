"""Tell languages apart that share most of their words by those that only one of the two has.

The detectors learned such pairs from news, where they look alike, and a workspace's own model meets chat in one of them far more often than
in the other and then hears it everywhere. What the two do not share is small, known, and decisive where it appears.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

__all__ = ["Pair", "pairs", "share"]

_WORD = re.compile(r"[^\W\d_]+(?:['\u200c-][^\W\d_]+)*")
# Log odds of one word by its strength, and what the votes' own log odds still count beside such words. Logistic regression on Indonesian
# chat and comments, news in both, and 130 lines of chatted Malay written for it gave .5 and 1.2, 2.9, 6.2; these are smaller because who
# wrote the lines wrote the list too.
_VOTES = 0.6
_ODDS = {1: 0.8, 2: 1.8, 3: 3.5}
_MOST = 7.0
_LEAST_SHARE = 0.01
_LEAST_STEM = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """Two languages with the words and endings that tell them apart; log odds are positive for the second."""

    first: str
    second: str
    words: Mapping[str, float]
    endings: Mapping[str, float]

    def lean(self, text: str) -> float:
        """Log odds of the second language against the first by a text's words, each counted once; 0 where no word tells.

        Examples
        --------
        >>> malay = pairs()[0]
        >>> malay.lean("korang nak pergi mana") > 3, malay.lean("kalian mau ke mana sih") < -3, malay.lean("saya makan ikan")
        (True, True, 0.0)
        """
        total = 0.0
        for word in set(_WORD.findall(text.lower())):
            odds = self.words.get(word)
            total += self._ending(word) if odds is None else odds
        return max(-_MOST, min(_MOST, total))

    def _ending(self, word: str) -> float:
        return next((odds for end, odds in self.endings.items() if word.endswith(end) and len(word) >= len(end) + _LEAST_STEM), 0.0)


@lru_cache(maxsize=1)
def pairs() -> tuple[Pair, ...]:
    """Return the pairs of `twins.txt`."""
    found: list[tuple[str, str, dict[str, float], dict[str, float]]] = []
    for line in (files("isogloss.core.language") / "twins.txt").read_text(encoding="utf-8").splitlines():
        tag, *rest = line.split()
        if tag == "pair":
            found.append((rest[0], rest[1], {}, {}))
        elif tag != "#":
            _, second, words, endings = found[-1]
            odds = _ODDS[int(rest[0])] * (1 if tag == second else -1)
            for word in rest[1:]:
                (endings if word.startswith("-") else words)[word.removeprefix("-")] = odds
    return tuple(Pair(*fields) for fields in found)


def share(first: float, second: float, *, lean: float) -> tuple[float, float]:
    """Divide the probability that two languages have together anew by what the words say; the sum stays.

    Examples
    --------
    >>> [round(part, 2) for part in share(0.9, 0.05, lean=3.5)]
    [0.13, 0.82]
    """
    both = first + second
    if not lean or both <= 0.0:
        return first, second
    floor = _LEAST_SHARE * both
    votes = math.log((second + floor) / (first + floor))
    part = both / (1.0 + math.exp(-(_VOTES * votes + lean)))
    return both - part, part
