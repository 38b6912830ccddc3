"""Ids written as text become integer codes by their bytes, where that is faster than a dictionary."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]

FEWEST = 20_000  # rows; below, a dictionary takes no time worth saving
AT_A_TIME = 20_000  # rows, whose bytes stay in the cache
SAMPLE = 10_000
FEW = 50  # rows, from which a digit that does not vary may be taken for a constant
MOST_WIDTHS = 12
WIDEST = 64
SMALL_TABLE = 1_000_000
NEWLINE = 10
UNKNOWN = 255


class Irregular(Exception):
    """These texts are for a dictionary."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """The characters met at one place of the texts of one width; `ranks` numbers them, None where they follow one another from `low`."""

    position: int
    low: np.uint8
    radix: int
    ranks: Bytes | None


@dataclass(frozen=True, slots=True, eq=False)
class Alphabet:
    """What texts of one width look like: their numbers run from `offset` on."""

    places: tuple[Place, ...]
    offset: int
    span: int


def factorise_texts(values: Sequence[Hashable]) -> tuple[Codes, list[Hashable]] | None:
    """Number texts by first appearance, or give None where a dictionary is as good: few rows, other kinds, too many combinations.

    Ids such as `item-0001` differ in few characters. Each character that varies is a digit of a mixed-radix number, small enough to serve
    as the place in a table: exact, without hashing or sorting, at half of a dictionary's cost. A sample tells the digits; a row that
    has others sends the whole column to the dictionary.
    """
    if len(values) < FEWEST or not isinstance(values[0], str):
        return None
    try:
        most = 4 * len(values) + SMALL_TABLE
        alphabets = learn_alphabets(values, most=most)
        numbers = np.empty(len(values), dtype=np.int32)
        for first in range(0, len(values), AT_A_TIME):
            number_rows(values[first : first + AT_A_TIME], alphabets=alphabets, most=most, out=numbers[first : first + AT_A_TIME])
    except Irregular:
        return None
    return by_first_appearance(numbers, span=numbers_of(alphabets), values=values)


def learn_alphabets(values: Sequence[Hashable], *, most: int) -> dict[int, Alphabet]:
    """Learn from a sample which widths there are and which characters at which place."""
    sample = values[:: max(1, len(values) // SAMPLE)]
    text, starts, widths = lines(sample)
    occurring = np.flatnonzero(np.bincount(widths)).tolist()
    if len(occurring) > MOST_WIDTHS:
        raise Irregular
    alphabets: dict[int, Alphabet] = {}
    for width in occurring:
        learn_alphabet(cut_out(text, starts=starts[widths == width], width=width), alphabets=alphabets)
    if numbers_of(alphabets) > most:
        raise Irregular
    return alphabets


def learn_alphabet(characters: Bytes, *, alphabets: dict[int, Alphabet]) -> Alphabet:
    """Add what the texts of a width look like; their numbers follow those of the other widths."""
    width = characters.shape[1]
    places = tuple(learn_place(characters[:, position], position=position) for position in range(width))
    span = math.prod(place.radix for place in places)
    alphabets[width] = Alphabet(places, offset=numbers_of(alphabets), span=span)
    return alphabets[width]


def numbers_of(alphabets: Mapping[int, Alphabet]) -> int:
    """How many numbers the alphabets give out."""
    return sum(alphabet.span for alphabet in alphabets.values())


def learn_place(column: Bytes, *, position: int) -> Place:
    """List the characters of a column; where digits vary, or are few, all ten may come."""
    seen = np.zeros(256, dtype=bool)
    seen[column] = True
    known = np.flatnonzero(seen)
    digits = np.arange(ord("0"), ord("9") + 1)
    if (len(known) > 1 or len(column) < FEW) and np.isin(known, digits).all():
        known = digits
    if known[-1] - known[0] + 1 == len(known):
        return Place(position, low=np.uint8(known[0]), radix=len(known), ranks=None)
    ranks = np.full(256, UNKNOWN, dtype=np.uint8)
    ranks[known] = np.arange(len(known))
    return Place(position, low=np.uint8(0), radix=len(known), ranks=ranks)


def joined(values: Sequence[Hashable]) -> bytes:
    """Write texts one a line."""
    try:
        return "\n".join(values).encode()  # type: ignore[arg-type]  # texts only, or the next line
    except (TypeError, UnicodeEncodeError):
        raise Irregular from None


def lines(values: Sequence[Hashable]) -> tuple[bytes, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Write texts one a line: (bytes, start and width of each)."""
    text = joined(values)
    borders = np.concatenate([[-1], np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == NEWLINE), [len(text)]])
    widths = np.diff(borders) - 1
    if len(widths) != len(values) or widths.max() > WIDEST:
        raise Irregular  # a line end inside an id, or a text that is no id
    return text, borders[:-1] + 1, widths


def cut_out(text: bytes, *, starts: npt.NDArray[np.int64], width: int) -> Bytes:
    """Copy the characters from each start as the rows of a matrix."""
    if not width:
        return np.zeros((len(starts), 0), dtype=np.uint8)
    everywhere: npt.NDArray[Any] = np.ndarray((len(text) - width + 1,), dtype=f"V{width}", buffer=text, strides=(1,))
    return everywhere[starts].view(np.uint8).reshape(-1, width)


def number_rows(values: Sequence[Hashable], *, alphabets: dict[int, Alphabet], most: int, out: Codes) -> None:
    """Give each text a number that no different one has; a width that the sample missed is learned here."""
    text = joined(values)
    stride, rest = divmod(len(text) + 1, len(values))
    ends = np.ndarray((len(values) - 1,), dtype=np.uint8, buffer=text, offset=stride - 1, strides=(stride,)) if len(values) > 1 else None
    if not rest and stride - 1 in alphabets and (ends is None or bool((ends == NEWLINE).all())):
        # all of one width; a line end inside an id is a character that no alphabet knows
        rows: Bytes = np.ndarray((len(values), stride - 1), dtype=np.uint8, buffer=text, strides=(stride, 1))
        number_matrix(rows, alphabet=alphabets[stride - 1], out=out)
        return
    text, starts, widths = lines(values)
    for wide in np.flatnonzero(np.bincount(widths)).tolist():
        chosen = np.flatnonzero(widths == wide)
        characters = cut_out(text, starts=starts[chosen], width=wide)
        alphabet = alphabets.get(wide) or learn_alphabet(characters, alphabets=alphabets)
        if alphabet.offset + alphabet.span > most:
            raise Irregular
        part = np.empty(len(chosen), dtype=np.int32)
        number_matrix(characters, alphabet=alphabet, out=part)
        out[chosen] = part


def number_matrix(characters: Bytes, *, alphabet: Alphabet, out: Codes) -> None:
    """Read the characters of each row as the digits of a number."""
    out[:] = 0
    for place in alphabet.places:
        column = characters[:, place.position]
        digits = column - place.low if place.ranks is None else place.ranks[column]
        if digits.max() >= place.radix:  # below `low` the difference wraps round
            raise Irregular
        if place.radix > 1:
            np.multiply(out, np.int32(place.radix), out=out)
            np.add(out, digits, out=out)
    np.add(out, np.int32(alphabet.offset), out=out)


def by_first_appearance(numbers: Codes, *, span: int, values: Sequence[Hashable]) -> tuple[Codes, list[Hashable]]:
    """Renumber the numbers that occur in the order in which they are met."""
    table = np.full(span, -1, dtype=np.int32)
    table[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1, dtype=np.int32)  # of several writes the last stands: the earliest row
    occurring = np.flatnonzero(table >= 0)
    firsts = table[occurring]
    table[occurring[np.argsort(firsts)]] = np.arange(len(firsts), dtype=np.int32)
    if len(firsts) * FEW < len(values):
        return table[numbers], [values[row] for row in np.sort(firsts).tolist()]
    is_first = np.zeros(len(numbers), dtype=bool)
    is_first[firsts] = True
    return table[numbers], list(compress(values, is_first.tobytes()))
