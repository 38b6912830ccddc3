"""The words competences are told in."""

from enum import StrEnum


class Modality(StrEnum):
    """How the language is used."""

    READ = "read"
    WRITE = "write"
    LISTEN = "listen"


class Level(StrEnum):
    """CEFR levels, lowest first; they sort as text."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"
