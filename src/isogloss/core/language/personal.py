"""Find personal data in a text: e-mail, phone, card and national numbers with their check digits, and handles."""

# ruff: noqa: PLR2004  lengths, weights and bounds are the issuers' own; a name for each would hide the standard it is compared with

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

__all__ = ["Finding", "Personal", "find_personal", "masked"]


class Personal(StrEnum):
    """What was found."""

    EMAIL = "email"
    PHONE = "phone"
    CARD = "card"
    IBAN = "iban"
    NATIONAL = "national"
    HANDLE = "handle"


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece of personal data from `start` to before `end`, in code points; `detail` names the kind of national number."""

    start: int
    end: int
    kind: Personal
    detail: str = ""


_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b")
_HANDLE = re.compile(r"(?<![\w@.])[@＠](?!user\b)[A-Za-z0-9_](?:[\w.]{0,28}\w)?")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_NUMBER = re.compile(r"(?<![\w.,+])(?:\+|00)?\(?\d(?:[ .()/-]{0,2}\d){6,18}(?:[ -]?[0-9Xx])?(?![\w])")
_RESIDENT = re.compile(r"(?<!\w)[STFGM]\d{7}[A-Z](?!\w)")
_SPANISH = re.compile(r"(?<!\w)[XYZ0-9]\d{7}[ -]?[A-Z](?!\w)")
_ITALIAN = re.compile(r"(?<!\w)[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?!\w)")


def find_personal(text: str) -> list[Finding]:
    """Every piece of personal data in order, none inside another."""
    found: list[Finding] = []
    for finding in sorted(_all(text), key=lambda item: (item.start, -item.end)):
        if not found or finding.start >= found[-1].end:
            found.append(finding)
    return found


def masked(text: str) -> str:
    """The text with each piece replaced by its kind in brackets, such as `[email]`."""
    parts: list[str] = []
    end = 0
    for finding in find_personal(text):
        parts += [text[end : finding.start], f"[{finding.kind.value}]"]
        end = finding.end
    return "".join([*parts, text[end:]])


def _all(text: str) -> Iterator[Finding]:
    if "@" in text or "＠" in text:
        yield from (Finding(match.start(), match.end(), Personal.EMAIL) for match in _EMAIL.finditer(text))
        yield from (Finding(match.start(), match.end(), Personal.HANDLE) for match in _HANDLE.finditer(text))
    if sum(map(str.isdecimal, text)) < 7:
        return
    yield from (Finding(match.start(), match.end(), Personal.IBAN) for match in _IBAN.finditer(text) if _is_iban(match.group()))
    for pattern, detail, is_valid in _LETTERED:
        yield from (
            Finding(match.start(), match.end(), Personal.NATIONAL, detail) for match in pattern.finditer(text) if is_valid(match.group())
        )
    for match in _NUMBER.finditer(text):
        finding = _number(match)
        if finding is not None:
            yield finding


def _number(match: re.Match[str]) -> Finding | None:
    """A card, a national number, or a telephone number; a number that is none of them is left alone."""
    written = match.group()
    digits = "".join(str(int(character)) if character.isdecimal() else character.upper() for character in written if character.isalnum())
    if not written.startswith("+"):
        if _is_card(digits):
            return Finding(match.start(), match.end(), Personal.CARD)
        for detail, is_valid in _NATIONAL:
            if is_valid(digits):
                return Finding(match.start(), match.end(), Personal.NATIONAL, detail)
    return Finding(match.start(), match.end(), Personal.PHONE) if _is_phone(written, digits) else None


def _is_phone(written: str, digits: str) -> bool:
    """International with + or 00, or national with a leading 0 and grouping, or a mobile prefix; not dates, amounts, years."""
    if not digits.isdigit() or len(set(digits)) < 3:
        return False
    if written.startswith("+"):
        return 8 <= len(digits) <= 15
    if digits.startswith("00"):
        return 10 <= len(digits) <= 17
    if re.fullmatch(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}", written):
        return False
    if digits.startswith("0"):
        return 9 <= len(digits) <= 12
    return bool(re.fullmatch(r"\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}", written) or re.fullmatch(r"(?:62|60|63|66|84|91)\d{8,11}", digits))


def _is_card(digits: str) -> bool:
    return digits.isdigit() and 13 <= len(digits) <= 19 and digits[0] in "23456" and len(set(digits)) > 1 and _luhn(digits)


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812: every second digit from the right doubled, digits summed, divisible by ten."""
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _is_iban(written: str) -> bool:
    """ISO 13616: the first four characters moved to the end, letters as numbers, remainder 1 by 97."""
    bare = written.replace(" ", "")
    if not 15 <= len(bare) <= 34:
        return False
    return int("".join(str(int(character, 36)) for character in bare[4:] + bare[:4])) % 97 == 1


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


_PROVINCES = {*range(11, 22), *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82, *range(91, 98)}


def _is_indonesian(digits: str) -> bool:
    """NIK: district of a province that exists, date of birth (a woman's day plus 40), four digits; there is no check digit."""
    if not re.fullmatch(r"\d{16}", digits) or int(digits[:2]) not in _PROVINCES or digits[12:] == "0000":
        return False
    day = int(digits[6:8])
    return _date(2000, int(digits[8:10]), day - 40 if day > 40 else day)


def _is_chinese(digits: str) -> bool:
    """Resident identity card, GB 11643: date of birth and a check character modulo 11."""
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", digits) or not _date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14])):
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits[17] == "10X98765432"[_weighted(digits, weights) % 11]


def _is_thai(digits: str) -> bool:
    """Thirteen digits, weights 13 to 2, (11 − sum mod 11) mod 10."""
    return bool(re.fullmatch(r"[1-8]\d{12}", digits)) and (11 - _weighted(digits, tuple(range(13, 1, -1))) % 11) % 10 == int(digits[12])


def _is_korean(digits: str) -> bool:
    """Resident registration number: date, sex and century, weights 2–9 2–5, (11 − sum mod 11) mod 10."""
    if not re.fullmatch(r"\d{6}[1-8]\d{6}", digits):
        return False
    century = 1900 if digits[6] in "1256" else 2000
    if not _date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6])):
        return False
    return (11 - _weighted(digits, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10 == int(digits[12])


def _is_brazilian(digits: str) -> bool:
    """CPF: two check digits modulo 11."""
    if not re.fullmatch(r"\d{11}", digits) or len(set(digits)) == 1:
        return False
    first = _weighted(digits, tuple(range(10, 1, -1))) * 10 % 11 % 10
    second = _weighted(digits, tuple(range(11, 1, -1))) * 10 % 11 % 10
    return digits[9:] == f"{first}{second}"


_D = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_P = ("0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258")


def _is_indian(digits: str) -> bool:
    """Aadhaar: twelve digits with Verhoeff's check digit."""
    if not re.fullmatch(r"[2-9]\d{11}", digits):
        return False
    check = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        check = int(_D[check][int(_P[place % 8][digit])])
    return check == 0


def _is_singaporean(written: str) -> bool:
    """NRIC and FIN: weights 2 7 6 5 4 3 2 and a letter."""
    total = _weighted(written[1:8], (2, 7, 6, 5, 4, 3, 2)) + {"T": 4, "G": 4, "M": 3}.get(written[0], 0)
    letters = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "KLJNPQRTUWX"}[written[0]]
    return written[8] == (letters[10 - total % 11] if written[0] == "M" else letters[total % 11])


def _is_spanish(written: str) -> bool:
    """DNI and NIE: the number modulo 23 names the letter."""
    bare = written.replace(" ", "").replace("-", "")
    number = bare[:8].translate(str.maketrans("XYZ", "012"))
    return number.isdigit() and bare[-1] == "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23]


_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21) * 2 + (2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)


def _is_italian(written: str) -> bool:
    """Codice fiscale: tables for odd and even places, remainder by 26."""
    total = sum(
        _ODD[character] if place % 2 == 0 else int(character, 36) - (10 if character.isalpha() else 0)
        for place, character in enumerate(written[:15])
    )
    return written[15] == chr(ord("A") + total % 26)


_NATIONAL: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("id-nik", _is_indonesian),
    ("cn-resident", _is_chinese),
    ("th-citizen", _is_thai),
    ("kr-resident", _is_korean),
    ("in-aadhaar", _is_indian),
    ("br-cpf", _is_brazilian),
)
_LETTERED: tuple[tuple[re.Pattern[str], str, Callable[[str], bool]], ...] = (
    (_RESIDENT, "sg-nric", _is_singaporean),
    (_SPANISH, "es-dni", _is_spanish),
    (_ITALIAN, "it-fiscal", _is_italian),
)
