"""Cut a text into words, with the parts that no language owns (addresses, mentions, emoji, numbers) told apart, by character offsets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from isogloss.core.language import scripts

__all__ = ["Kind", "Token", "tokens"]

WINDOW = 4  # characters of a script without spaces that are decided together


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"
    MIXED = "mixed"  # a word of two languages, such as an English stem with an Indonesian prefix
    NAME = "name"
    URL = "url"
    MENTION = "mention"
    EMOJI = "emoji"
    NUMBER = "number"
    SIGN = "sign"


LINGUISTIC = frozenset({Kind.WORD, Kind.MIXED, Kind.NAME})


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text from `start` to before `end`, in code points."""

    start: int
    end: int
    text: str
    kind: Kind
    script: str


_PIECES = re.compile(
    r"(?P<url>(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.]+|\b[\w-]+\.(?:com|org|net|id|co|me|ly)\b(?:/\S*)?)"
    r"|(?P<mention>[@＠]\w+)"
    r"|(?P<number>[+-]?\d[\d.,:/]*\d|\d)(?![^\W\d_])"
    r"|(?P<word>(?:[^\W_]|[\u0300-\u036f\u0900-\u0dff\u200c\u200d\u064b-\u065f\u0e31-\u0e4e\u102b-\u103e])+"
    r"(?:['’\u02bc-](?:[^\W_]|[\u0300-\u036f])+)*['’]?)"
    r"|(?P<emoji>[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\U000e0020-\U000e007f]+|[:;=8xX][-'^o]?[()DPpO/\\|]+|<3)"
    r"|(?P<sign>[^\s])"
)


def tokens(text: str) -> list[Token]:
    """The tokens of a text in order; words of two scripts are cut where the script changes."""
    return [piece for match in _PIECES.finditer(text) for piece in _pieces(match)]


def _pieces(match: re.Match[str]) -> Iterator[Token]:
    name = match.lastgroup or "sign"
    start, found = match.start(), match.group()
    if name != "word":
        yield Token(start, match.end(), found, Kind(name), "")
        return
    for begin, end, script in _script_runs(found):
        part = found[begin:end]
        if not script:
            yield Token(start + begin, start + end, part, Kind.NUMBER if part[:1].isdigit() else Kind.SIGN, "")
        elif script in scripts.UNSPACED:
            for place in range(begin, end, WINDOW):
                last = min(place + WINDOW, end)
                yield Token(start + place, start + last, found[place:last], Kind.WORD, script)
        else:
            yield Token(start + begin, start + end, part, Kind.WORD, script)


def _script_runs(word: str) -> Iterator[tuple[int, int, str]]:
    """Runs of one script; digits, marks and signs stay with the run they follow; kana and Han are one run (Japanese writes both)."""
    begin, current = 0, ""
    for place, character in enumerate(word):
        script = scripts.script_of(character) if character.isalpha() else None
        if script is None:
            continue
        joined = "Hani" if script in {"Hira", "Kana", "Hani"} else script
        if current and joined != current:
            yield begin, place, current
            begin = place
        current = joined
    yield begin, len(word), current
