"""Enumerations of rules as the choices of a column; the rules know no Django."""

from enum import StrEnum


def choices_of(words: type[StrEnum]) -> list[tuple[str, str]]:
    """Return what Django's `choices` takes."""
    return [(word.value, word.value) for word in words]
