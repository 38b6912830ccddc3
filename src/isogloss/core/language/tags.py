"""Language tags: one spelling for each, which tags a competence covers, and the three levels language, variety, macro-language."""

# ruff: noqa: PLR2004  the lengths of subtags are BCP-47's

from dataclasses import dataclass
from functools import lru_cache

__all__ = ["UnknownTag", "base", "covers", "macro", "normalise"]


class UnknownTag(ValueError):
    """The string is not a language tag; the message says what would be one."""


# What langcodes would merge and we keep apart: Bokmål and Nynorsk are told apart by their writers, Colloquial Malay is not the standard.
_KEPT = {"nb": "nb", "zlm": "zlm", "sh": "sh", "hbs": "sh", "prs": "prs", "tw": "tw", "fat": "fat", "fuc": "fuc"}

# Tags in the wild that the registry does not know or that mean another language today.
_RENAMED = {
    "jw": "jv",
    "iw": "he",
    "in": "id",
    "ajp": "apc",
    "kmr": "ku",
    "zh-min-nan": "nan",
    "zh-chs": "zh-Hans",
    "zh-cht": "zh-Hant",
    "bh": "bho",
}

# ISO 639-3 puts these into one macro-language although a reader of one does not read the other: a competence in the macro-language
# says nothing about them. Malay (msa) includes Indonesian, Minangkabau and Banjar; Chinese (zho) includes Cantonese, Min, Wu.
_APART = frozenset({"id", "min", "bjn", "jax", "yue", "nan", "wuu", "hak", "gan", "hsn", "cdo", "mnp", "cpx", "lzh", "dng"})

# Macro-languages of our own, where the registry has none or the private-use tag hides it.
_OWN_MACRO = {"id": "id", "min": "min", "bjn": "bjn", "tw": "ak", "fat": "ak", "prs": "fa", "fuc": "ff", "ckb": "ku", "sdh": "ku"}

# Regions that settle the script of written Chinese.
_CHINESE_SCRIPT = {"CN": "Hans", "SG": "Hans", "MY": "Hans", "TW": "Hant", "HK": "Hant", "MO": "Hant"}

# Arabic dialects and the countries whose `ar-XX` tag names the same variety.
_ARABIC_REGIONS = {
    "arz": {"EG"},
    "apc": {"SY", "LB", "PS", "JO"},
    "afb": {"AE", "BH", "KW", "QA"},
    "acm": {"IQ"},
    "ary": {"MA"},
    "arq": {"DZ"},
    "aeb": {"TN"},
    "ayl": {"LY"},
    "apd": {"SD"},
    "ar-x-maghreb": {"MA", "DZ", "TN", "LY"},
    "ar-x-gulf": {"AE", "BH", "KW", "QA", "OM", "SA"},
    "ar-x-levant": {"SY", "LB", "PS", "JO"},
}
_ARABIC_GROUPS = {
    "ar-x-maghreb": frozenset({"ary", "arq", "aeb", "ayl", "mey"}),
    "ar-x-gulf": frozenset({"afb", "acx", "ars"}),
    "ar-x-levant": frozenset({"apc"}),
}
_SPECIAL = frozenset({"und", "mul", "zxx", "mis"})


@dataclass(frozen=True, slots=True)
class _Parts:
    language: str
    script: str | None
    territory: str | None
    rest: tuple[str, ...]


@lru_cache(maxsize=4096)
def normalise(tag: str) -> str:
    """Give the one spelling of a BCP-47 tag, or raise `UnknownTag`.

    `zh_cn` becomes `zh-Hans-CN`, `eng` becomes `en`, `tl` becomes `fil`, `in` becomes `id`.
    """
    import langcodes
    from langcodes.tag_parser import LanguageTagError

    cleaned = tag.strip().replace("_", "-") if isinstance(tag, str) else ""
    head, _, tail = cleaned.partition("-")
    lowered = cleaned.casefold()
    if lowered in _RENAMED:
        return normalise(_RENAMED[lowered])
    head = _RENAMED.get(head.casefold(), head)
    kept = _KEPT.get(head.casefold())
    try:
        standard = langcodes.standardize_tag(
            f"en-{tail}" if kept and tail else "en" if kept else "-".join(filter(None, (head, tail))), macro=True
        )
        parsed = langcodes.Language.get(standard, normalize=False)
        is_known = not cleaned.endswith("-") and not lowered.startswith("x-") and (parsed.is_valid() or standard in _SPECIAL)
    except LanguageTagError:
        is_known = False
    if not is_known:
        raise UnknownTag(f"“{tag}” is not a language tag. Use a BCP-47 tag such as “id”, “ar-EG”, “zh-Hant” or “jv”.")
    if kept:
        return kept + standard[2:]
    if parsed.language == "zh" and parsed.script is None and parsed.territory in _CHINESE_SCRIPT:
        return standard.replace("zh", f"zh-{_CHINESE_SCRIPT[parsed.territory]}", 1)
    return standard


def covers(broad: str, narrow: str) -> bool:
    """Whether a competence in `broad` is one in `narrow`: the tag itself and what is narrower, never the reverse."""
    first, second = normalise(broad), normalise(narrow)
    if first == second:
        return True
    if first in _SPECIAL or second in _SPECIAL:
        return False
    if first in _ARABIC_REGIONS:
        return _arabic_covers(first, second)
    wide, slim = _split(first), _split(second)
    if wide.language != slim.language:
        is_member = macro(second) == wide.language and slim.language not in _APART
        return is_member and wide.script in {None, slim.script} and wide.territory is None and not wide.rest
    return wide.script in {None, slim.script} and wide.territory in {None, slim.territory} and set(wide.rest) <= set(slim.rest)


@lru_cache(maxsize=4096)
def macro(tag: str) -> str:
    """The macro-language of a tag (`arz` → `ar`, `yue` → `zh`), or its language where it has none."""
    from langcodes.data_dicts import MACROLANGUAGES

    language = base(tag)
    if language in _OWN_MACRO:
        return _OWN_MACRO[language]
    return str(MACROLANGUAGES.get(language, language))


@lru_cache(maxsize=4096)
def base(tag: str) -> str:
    """The language alone, without script, region and variant: `pt-BR` → `pt`, `zh-Hant` → `zh`, `arz` → `arz`."""
    return _split(normalise(tag)).language


@lru_cache(maxsize=4096)
def _split(tag: str) -> _Parts:
    """The parts of a normalised tag, with the script its region implies for Chinese."""
    language, *rest = tag.split("-")
    script = territory = None
    remaining: list[str] = []
    for index, part in enumerate(rest):
        if len(part) == 1:
            remaining.append("-".join(rest[index:]))
            break
        if len(part) == 4 and part.isalpha() and script is None:
            script = part
        elif territory is None and ((len(part) == 2 and part.isalpha()) or (len(part) == 3 and part.isdigit())):
            territory = part
        else:
            remaining.append(part)
    if language == "zh" and script is None and territory is not None:
        script = _CHINESE_SCRIPT.get(territory)
    return _Parts(language=language, script=script, territory=territory, rest=tuple(remaining))


def _arabic_covers(broad: str, narrow: str) -> bool:
    """Whether an Arabic dialect, or group of dialects, covers another tag: `ar-x-maghreb` covers `ary` and `ar-MA`."""
    language = _split(narrow).language
    if language == broad or language in _ARABIC_GROUPS.get(broad, frozenset()):
        return True
    parts = _split(narrow)
    return parts.language == "ar" and parts.territory in _ARABIC_REGIONS[broad] and not parts.rest
