"""A table as lines of a terminal, by the columns its characters take there: a Chinese one takes two, a combining mark none."""

from collections.abc import Iterator, Sequence
from unicodedata import category, east_asian_width

GAP = "  "
NARROWEST = 12
"""Columns below which nothing is folded any further."""


def drawn(header: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[str], width: int) -> Iterator[str]:
    """Yield the lines of a table no wider than `width` where folding its widest column can reach that; `right` holds numbers."""
    widths = [max(columns_of(row[place]) for row in (header, *rows)) for place in range(len(header))]
    widest = max(range(len(widths)), key=widths.__getitem__)
    widths[widest] = max(
        min(widths[widest], width - sum(widths) + widths[widest] - len(GAP) * (len(widths) - 1)), min(widths[widest], NARROWEST)
    )
    yield _line(header, widths=widths, header=header, right=right)
    yield "─" * (sum(widths) + len(GAP) * (len(widths) - 1))
    for row in rows:
        parts = list(folded(row[widest], width=widths[widest]))
        yield _line([*row[:widest], parts[0], *row[widest + 1 :]], widths=widths, header=header, right=right)
        for part in parts[1:]:
            yield _line([part if place == widest else "" for place in range(len(row))], widths=widths, header=header, right=right)


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(_columns(character) for character in text)


def folded(text: str, *, width: int) -> Iterator[str]:
    """Yield the text in pieces of at most `width` columns, broken after spaces where there are any."""
    while columns_of(text) > width:
        taken = fitting = 0
        for place, character in enumerate(text):
            taken += _columns(character)
            if taken > width:
                break
            fitting = place + 1
        broken = text.rfind(" ", 0, fitting + 1)
        cut = broken if broken > 0 else max(1, fitting)
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    yield text


def _columns(character: str) -> int:
    if category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def _line(cells: Sequence[str], *, widths: Sequence[int], header: Sequence[str], right: Sequence[str]) -> str:
    padded = []
    for name, cell, width in zip(header, cells, widths, strict=True):
        space = " " * (width - columns_of(cell))
        padded.append(space + cell if name in right else cell + space)
    return GAP.join(padded).rstrip()
