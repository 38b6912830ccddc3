"""Keyset pages: the same cost wherever one is in a list. A cursor is the id of the last row one has."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from isogloss.platform.problems import InvalidInput

R = TypeVar("R", bound=Model)
USUAL, MOST = 50, 500


def _place_of(rows: QuerySet[R], *, key: str, value: str) -> int | None:
    try:
        return rows.select_related(None).prefetch_related(None).filter(**{key: value}).values_list("pk", flat=True).first()
    except ValueError:  # the key is a number and this is none
        return None


def page_of(
    rows: QuerySet[R],
    *,
    after: str,
    limit: int,
    show: Callable[[R], dict[str, Any]],
    newest_first: bool = True,
    key: str = "public_id",
    places: QuerySet[R] | None = None,
) -> dict[str, Any]:
    """Return `results` and `next`, the value to send as `after` for the rows that follow; null at the end.

    A list that loses rows while it is read names in `places` the wider one in which a cursor is looked up.
    """
    if not 1 <= limit <= MOST:
        raise InvalidInput(f"limit must lie between 1 and {MOST}.", errors=[{"field": "limit", "message": f"1 to {MOST}"}])
    ordered = rows.order_by("-pk" if newest_first else "pk")
    if after:
        last = _place_of(rows if places is None else places, key=key, value=after)
        if last is None:
            message = "after is not an id of this list; send the “next” of the page before."
            raise InvalidInput(message, errors=[{"field": "after", "message": message}])
        ordered = ordered.filter(pk__lt=last) if newest_first else ordered.filter(pk__gt=last)
    taken = list(ordered[: limit + 1])
    more = len(taken) > limit
    taken = taken[:limit]
    return {"results": [show(row) for row in taken], "next": str(getattr(taken[-1], key)) if more else None}
