"""Names and directions of languages for pages; the tags themselves are `core.language.tags`' business."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError

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
