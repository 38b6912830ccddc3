"""The form of a BCP-47 language tag (RFC 5646, section 2.1); whether its subtags are registered is for `core.language` to say."""

import re

_TAG = re.compile(
    r"[a-z]{2,3}(?:-[a-z]{3}){0,3}"  # language and extended language; longer ones are reserved, and none is registered
    r"(?:-[a-z]{4})?"  # script
    r"(?:-(?:[a-z]{2}|[0-9]{3}))?"  # region
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"  # variants
    r"(?:-[a-wy-z0-9](?:-[a-z0-9]{2,8})+)*"  # extensions
    r"(?:-x(?:-[a-z0-9]{1,8})+)?"  # private use
    r"|x(?:-[a-z0-9]{1,8})+",
    re.IGNORECASE | re.ASCII,
)
_BARE = re.compile(r"[a-z]{2,3}(?:-[a-z]{4})?", re.IGNORECASE | re.ASCII)
LONGEST_TAG = 64


def is_tag(text: str) -> bool:
    """Tell whether the text has the form of a language tag."""
    return len(text) <= LONGEST_TAG and _TAG.fullmatch(text) is not None


def is_bare(tag: str) -> bool:
    """Tell whether the tag names a language, perhaps with a script, and no narrower variety."""
    return _BARE.fullmatch(tag) is not None


def in_usual_case(tag: str) -> str:
    """Write a tag as RFC 5646 recommends: `zh-Hant-TW`, so that equal tags are equal texts."""
    parts = tag.lower().split("-")
    single = next((place for place, part in enumerate(parts) if len(part) == 1), len(parts))
    for place in range(1, single):
        if len(parts[place]) == 2:  # noqa: PLR2004  a region
            parts[place] = parts[place].upper()
        elif len(parts[place]) == 4 and parts[place].isalpha():  # noqa: PLR2004  a script
            parts[place] = parts[place].title()
    return "-".join(parts)
