"""What is wrong with a label schema, where, and what to do."""

from bisect import bisect_left
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class SchemaProblem:
    """One thing to mend; line and column count from 1."""

    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.path + ': ' if self.path else ''}{self.message}"


class SchemaErrors(ValueError):
    """A label schema that cannot be used, with everything found wrong in it."""

    def __init__(self, problems: "Iterable[SchemaProblem]") -> None:
        self.problems = sorted(problems, key=lambda problem: (problem.line, problem.column))
        super().__init__("\n".join(map(str, self.problems)))


class TooManyProblems(Exception):
    """Raised inside a reading when listing more would not help anybody."""


@dataclass(slots=True)
class Report:
    """Problems by path; the positions were noted while the nodes were read."""

    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    problems: list[SchemaProblem] = field(default_factory=list)

    def complain(self, path: str, *, message: str) -> None:
        """Record a problem at the nearest noted place above the path."""
        line, column = self._place(path)
        self.problems.append(SchemaProblem(line, column, path, message))
        if len(self.problems) >= MOST_PROBLEMS:
            raise TooManyProblems

    def raise_if_any(self) -> None:
        """End the reading with all that was found so far."""
        if self.problems:
            raise SchemaErrors(self.problems)

    def _place(self, path: str) -> tuple[int, int]:
        while path not in self.places:
            if not path:
                return (1, 1)
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.places[path]


def did_you_mean(word: str, *, known: "Iterable[str]") -> str:
    """Name what was probably meant, or list what there is while the list is short."""
    words = sorted(known)
    close = get_close_matches(word.lower(), words, n=1, cutoff=0.6)
    if close:
        return f'did you mean "{close[0]}"?'
    near = bisect_left(words, word)
    listed = words if len(words) <= 16 else words[max(0, near - 2) : near + 2]  # noqa: PLR2004  a list longer than that is not read
    return f"known: {', '.join(listed)}{' …' if len(listed) < len(words) else ''}" if words else "there are none"
