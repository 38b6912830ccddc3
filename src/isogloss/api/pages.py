"""Keyset pages: the same cost wherever one is in a list."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from isogloss.platform.problems import InvalidInput

T = TypeVar("T")
MOST = 500


def page_of(rows: Iterable[T], *, limit: int, show: Callable[[T], dict[str, Any]], cursor: Callable[[T], int]) -> dict[str, Any]:
    """Return `results` and `next`, the value to send as `after` for the rows that follow; null at the end."""
    if not 1 <= limit <= MOST:
        raise InvalidInput(f"limit must lie between 1 and {MOST}.")
    taken = list(rows)
    return {"results": [show(row) for row in taken], "next": cursor(taken[-1]) if len(taken) == limit else None}
