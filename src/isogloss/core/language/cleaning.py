"""Strip a text of what is no language (addresses, mentions, emoji, control characters) before a detector reads it."""

import re
import unicodedata

__all__ = ["clean", "letters"]

LIMIT = 1200  # characters: detectors gain nothing from more, and a megabyte of one character must not cost a second

_NOISE = re.compile(
    r"(?:https?://|www\.)\S*"  # addresses
    r"|\bhttps?\b"  # addresses already masked in published social sets
    r"|[\w.+-]+@[\w-]+\.[\w.]+"  # e-mail
    r"|[@＠][\w.]+"  # mentions
    r"|\[(?:USERNAME|URL|HASHTAG|NAME|SENSITIVE-NO|PHOTO|EMAIL)\]"  # masks
    r"|<[A-Za-z/#][^<>]{0,40}>"  # tags and masks such as <URL>
    r"|&(?:amp|lt|gt|quot|nbsp|#\d+);"
    r"|\bRT\b"
    r"|[0-9]+(?:[.,:/-][0-9]+)*",
)
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_SPACE = re.compile(r"\s+")
# Everything below U+0020 and the surrogates: pycld2 raises on some, eldc stops at NUL.
_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]|[\U000e0000-\U000e007f]"
)


def clean(text: str) -> str:
    """The words of a text in NFC, at most `LIMIT` characters, without addresses, mentions, numbers, emoji and control characters."""
    head = unicodedata.normalize("NFC", _UNPRINTABLE.sub(" ", text[: LIMIT * 2]))
    bare = _NOISE.sub(" ", head).replace("#", " ").replace("_", " ")
    squeezed = _REPEATED.sub(r"\1\1", bare)
    if not squeezed.isascii():
        squeezed = "".join(character if character < "\u2190" or not _is_picture(character) else " " for character in squeezed)
    words = _SPACE.sub(" ", squeezed).strip()[:LIMIT]
    return words.lower() if words.isupper() else words


def letters(text: str) -> int:
    """How many characters of a text are letters."""
    return sum(map(str.isalpha, text))


def _is_picture(character: str) -> bool:
    """Whether a character is an emoji, an arrow, a box or another sign that no language owns."""
    return unicodedata.category(character) in {"So", "Sk", "Cs", "Co", "Cn"} or character in "\ufe0f\u20e3"
