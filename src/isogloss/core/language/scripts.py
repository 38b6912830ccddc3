"""Which script each character is written in, by ranges of code points."""

# ruff: noqa: PLR2004  code points are themselves

from bisect import bisect_right
from collections import Counter

__all__ = ["SCRIPT_OF_LANGUAGE", "UNSPACED", "counts", "dominant", "script_of"]

# (first code point, script); None ends a run. ISO 15924 names. Only letters are looked up, so punctuation inside a block does no harm.
_RANGES: tuple[tuple[int, str | None], ...] = (
    (0x0041, "Latn"), (0x02B0, None), (0x0370, "Grek"), (0x0400, "Cyrl"), (0x0530, "Armn"), (0x0590, "Hebr"), (0x0600, "Arab"),
    (0x0700, "Syrc"), (0x0750, "Arab"), (0x0780, "Thaa"), (0x07C0, "Nkoo"), (0x0800, None), (0x0840, "Mand"), (0x0860, "Syrc"),
    (0x0870, "Arab"), (0x0900, "Deva"), (0x0980, "Beng"), (0x0A00, "Guru"), (0x0A80, "Gujr"), (0x0B00, "Orya"), (0x0B80, "Taml"),
    (0x0C00, "Telu"), (0x0C80, "Knda"), (0x0D00, "Mlym"), (0x0D80, "Sinh"), (0x0E00, "Thai"), (0x0E80, "Laoo"), (0x0F00, "Tibt"),
    (0x1000, "Mymr"), (0x10A0, "Geor"), (0x1100, "Hang"), (0x1200, "Ethi"), (0x13A0, "Cher"), (0x1400, "Cans"), (0x1680, None),
    (0x1700, "Tglg"), (0x1780, "Khmr"), (0x1800, "Mong"), (0x18B0, "Cans"), (0x1900, "Limb"), (0x1950, "Tale"), (0x1980, "Talu"),
    (0x19E0, "Khmr"), (0x1A00, "Bugi"), (0x1A20, "Lana"), (0x1B00, "Bali"), (0x1B80, "Sund"), (0x1BC0, "Batk"), (0x1C00, "Lepc"),
    (0x1C50, "Olck"), (0x1C80, "Cyrl"), (0x1C90, "Geor"), (0x1CC0, None), (0x1D00, "Latn"), (0x1D26, None), (0x1E00, "Latn"),
    (0x1F00, "Grek"), (0x2000, None), (0x2C60, "Latn"), (0x2C80, "Copt"), (0x2D00, "Geor"), (0x2D30, "Tfng"), (0x2D80, "Ethi"),
    (0x2DE0, "Cyrl"), (0x2E00, None), (0x2E80, "Hani"), (0x3040, "Hira"), (0x30A0, "Kana"), (0x3100, "Bopo"), (0x3130, "Hang"),
    (0x3190, "Hani"), (0x31F0, "Kana"), (0x3200, None), (0x3400, "Hani"), (0x4DC0, None), (0x4E00, "Hani"), (0xA000, "Yiii"),
    (0xA4D0, "Lisu"), (0xA500, "Vaii"), (0xA640, "Cyrl"), (0xA6A0, None), (0xA720, "Latn"), (0xA800, None), (0xA8E0, "Deva"),
    (0xA900, "Kali"), (0xA930, None), (0xA960, "Hang"), (0xA980, "Java"), (0xA9E0, "Mymr"), (0xAA00, "Cham"), (0xAA60, "Mymr"),
    (0xAA80, None), (0xAAE0, "Mtei"), (0xAB00, "Ethi"), (0xAB30, "Latn"), (0xAB70, "Cher"), (0xABC0, "Mtei"), (0xAC00, "Hang"),
    (0xD800, None), (0xF900, "Hani"), (0xFB00, "Latn"), (0xFB13, "Armn"), (0xFB1D, "Hebr"), (0xFB50, "Arab"), (0xFE00, None),
    (0xFE70, "Arab"), (0xFEFF, None), (0xFF21, "Latn"), (0xFF66, "Kana"), (0xFFA0, "Hang"), (0xFFE0, None), (0x10330, "Goth"),
    (0x10350, None), (0x1E900, "Adlm"), (0x1E960, None), (0x20000, "Hani"), (0x32000, None),
)  # fmt: skip
_STARTS = [first for first, _ in _RANGES]

UNSPACED = frozenset({"Hani", "Hira", "Kana", "Thai", "Laoo", "Khmr", "Mymr", "Tibt", "Lana", "Tale", "Talu"})

# Scripts written for one language in practice: a detector that answers otherwise is wrong.
SCRIPT_OF_LANGUAGE = {
    "Grek": "el", "Armn": "hy", "Thai": "th", "Laoo": "lo", "Khmr": "km", "Geor": "ka", "Hang": "ko", "Hira": "ja", "Kana": "ja",
    "Guru": "pa", "Gujr": "gu", "Orya": "or", "Taml": "ta", "Telu": "te", "Knda": "kn", "Mlym": "ml", "Sinh": "si", "Thaa": "dv",
    "Cher": "chr", "Syrc": "syr", "Java": "jv", "Bali": "ban", "Sund": "su", "Olck": "sat", "Mtei": "mni", "Tglg": "fil",
    "Limb": "lif", "Adlm": "ff", "Vaii": "vai", "Nkoo": "nqo", "Lisu": "lis", "Yiii": "ii", "Goth": "got", "Copt": "cop",
    "Batk": "bbc", "Bugi": "bug", "Lepc": "lep", "Mand": "mid", "Tale": "tdd",
}  # fmt: skip


def script_of(character: str) -> str | None:
    """The script of a letter, or None for what belongs to no script."""
    code = ord(character)
    if code < 0x0370:
        return "Latn" if character.isalpha() else None
    place = bisect_right(_STARTS, code) - 1
    return _RANGES[place][1] if place >= 0 else None


def counts(text: str) -> Counter[str]:
    """How many letters (and vowel signs) of each script a text has."""
    if text.isascii():
        number = sum(map(str.isalpha, text))
        return Counter({"Latn": number}) if number else Counter()
    found: Counter[str] = Counter()
    for character, number in Counter(text).items():
        if character.isalpha() or ord(character) > 0x0900:
            script = script_of(character)
            if script is not None:
                found[script] += number
    return found


def dominant(text: str) -> tuple[str, int]:
    """The script with the most letters ("" where there are none; kana make a text Japanese) and the number of letters."""
    found = counts(text)
    if not found:
        return "", 0
    total = sum(found.values())
    kana = found["Hira"] + found["Kana"]
    if kana and kana + found["Hani"] >= total / 2 and kana * 8 >= found["Hani"]:
        return ("Hira" if found["Hira"] >= found["Kana"] else "Kana"), total
    return max(found.items(), key=lambda pair: (pair[1], pair[0]))[0], total
