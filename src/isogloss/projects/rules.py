"""The words a project's state, routing, aggregation and hazards are told in."""

import re
import unicodedata
from enum import StrEnum

HAZARDS = (
    "violent_crimes", "non_violent_crimes", "sex_crimes", "child_exploitation", "weapons", "self_harm", "hate", "specialised_advice",
    "privacy", "intellectual_property", "defamation", "sexual_content",
)  # fmt: skip
"""The twelve hazards of AILuminate 1.0; items may name others, but only in the same kind of word."""
LONGEST_HAZARDS = 200
_HAZARD = re.compile(r"[^\W\d]\w{0,63}")


class ProjectState(StrEnum):
    """Whether a project serves items."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"


class Routing(StrEnum):
    """How an item finds its people."""

    LANGUAGE = "language"
    POOL = "pool"


class Aggregation(StrEnum):
    """How annotations become a decision."""

    MAJORITY = "majority"
    AUTO = "auto"


def clean_hazards(given: object) -> str:
    """Return hazard categories in one spelling, or raise ValueError saying which is none.

    People consent to categories and opt out of them by name: a name that only looks like one would be served to who wants nothing of it.
    """
    parts = given if isinstance(given, list | tuple) else re.split("[,;]", given) if isinstance(given, str) else [given]
    names: set[str] = set()
    for part in parts if given is not None else []:
        name = re.sub(r"[\s-]+", "_", unicodedata.normalize("NFKC", part).casefold().strip()) if isinstance(part, str) else None
        if name == "":
            continue
        if name is None or not _HAZARD.fullmatch(name):
            raise ValueError(
                f"{str(part)[:80]!r} is no hazard category. Give a list, or names between commas: {', '.join(HAZARDS)}, or names of your"
                " own of up to 64 letters, digits and underscores."
            )
        names.add(name)
    joined = ",".join(sorted(names))
    if len(joined) > LONGEST_HAZARDS:
        raise ValueError(f"The hazards are longer than {LONGEST_HAZARDS} characters together. Name fewer, or shorter ones.")
    return joined
