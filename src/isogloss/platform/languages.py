"""Names and directions of languages for pages; the tags themselves are `core.language.tags`' business."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import gettext

from isogloss.core.language.tags import UnknownTag, normalise
from isogloss.platform.problems import InvalidInput

_RTL_LANGUAGES = {
    "ar",
    "arz",
    "apc",
    "ary",
    "arq",
    "aeb",
    "afb",
    "acm",
    "apd",
    "fa",
    "he",
    "ur",
    "ps",
    "sd",
    "ug",
    "yi",
    "dv",
    "ckb",
    "syr",
    "nqo",
}
_RTL_SCRIPTS = {"Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg"}
_OWN_NAMES = {
    "arz": "Arabic (Egypt)",
    "apc": "Arabic (Levant)",
    "afb": "Arabic (Gulf)",
    "ary": "Arabic (Morocco)",
    "arq": "Arabic (Algeria)",
    "aeb": "Arabic (Tunisia)",
    "bjn": "Banjar",
    "mad": "Madurese",
    "nij": "Ngaju",
    "und": "Unknown",
    "zxx": "Not a language",
    "mul": "Mixed",
}


@lru_cache(maxsize=4096)
def display_name(tag: str, *, reader: str = "en") -> str:
    """Return the name of the tag in the reader's language, or the tag itself where nobody named it."""
    try:
        locale = Locale.parse(reader.replace("-", "_"), sep="_")
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse("en")
    language, *rest = tag.replace("_", "-").split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), None)  # noqa: PLR2004  an ISO 15924 code has four letters
    region = next((part.upper() for part in rest if len(part) in {2, 3} and part != script), None)
    named = locale.languages.get(language) or _OWN_NAMES.get(language) or Locale.parse("en").languages.get(language)
    if not named:
        return tag
    details = [locale.scripts.get(script, script) if script else None, locale.territories.get(region, region) if region else None]
    shown = ", ".join(d for d in details if d)
    return f"{named} ({shown})" if shown else named


def normal_tag(tag: str, *, field: str) -> str:
    """Return the one spelling of a language tag, or say in the reader's language that this is none; `field` is where it was typed."""
    try:
        return normalise(tag)
    except UnknownTag as error:
        message = gettext("“%(tag)s” is not a language tag. Use one such as id, ar-EG, zh-Hant or jv (BCP-47).") % {"tag": tag}
        raise InvalidInput(message, errors=[{"field": field, "message": message}]) from error


def named_in_order(tags: Iterable[str], *, reader: str = "en") -> list[tuple[str, str]]:
    """Return tags with their names in the reader's language, in the order in which such names are looked up."""
    return sorted(((tag, display_name(tag, reader=reader)) for tag in tags), key=lambda row: name_key(row[1]))


def name_key(name: str) -> tuple[str, str]:
    """Return what a name is ordered by: its letters without marks or case, and for Chinese its codes.

    Sorting for readers happens in Python; a full collation would need ICU, which no dependency brings.
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return bare.casefold(), name


@lru_cache(maxsize=1024)
def script_display_name(code: str, *, reader: str = "en") -> str:
    """Return the name of a script in the reader's language, or its code where nobody named it."""
    try:
        locale = Locale.parse(reader.replace("-", "_"), sep="_")
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse("en")
    return str(locale.scripts.get(code) or Locale.parse("en").scripts.get(code) or code)


@lru_cache(maxsize=4096)
def direction(tag: str) -> str:
    """Return `rtl` where the tag's script, or the language's usual one, runs from right to left."""
    parts = tag.split("-")
    script = next((p.title() for p in parts[1:] if len(p) == 4), None)  # noqa: PLR2004  an ISO 15924 code has four letters
    if script:
        return "rtl" if script in _RTL_SCRIPTS else "ltr"
    return "rtl" if parts[0] in _RTL_LANGUAGES else "ltr"
