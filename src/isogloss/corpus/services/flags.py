"""Raising and lowering flags on items."""

from collections.abc import Iterable, Mapping

from isogloss.corpus.models import Flag
from isogloss.corpus.rules import FlagKind
from isogloss.platform.db import write_transaction

PIECE = 500


def set_flags(project_id: int, *, raised: Mapping[int, Iterable[FlagKind]], kinds: Iterable[FlagKind]) -> int:
    """Make the flags of these kinds on these items what they should be; return how many rows changed."""
    looked_at = tuple(sorted(set(kinds)))
    changed = 0
    items = list(raised)
    for start in range(0, len(items), PIECE):
        with write_transaction():
            changed += _set(project_id, items=items[start : start + PIECE], raised=raised, kinds=looked_at)
    return changed


def _set(project_id: int, *, items: list[int], raised: Mapping[int, Iterable[FlagKind]], kinds: tuple[FlagKind, ...]) -> int:
    wanted = {(item, str(kind)) for item in items for kind in raised[item] if kind in kinds}
    there = {
        (item, kind): pk for pk, item, kind in Flag.objects.filter(item_id__in=items, kind__in=kinds).values_list("pk", "item_id", "kind")
    }
    over = [pk for key, pk in there.items() if key not in wanted]
    new = sorted(wanted - there.keys())
    if over:
        Flag.objects.filter(pk__in=over).delete()
    if new:
        Flag.objects.bulk_create([Flag(project_id=project_id, item_id=item, kind=kind) for item, kind in new], ignore_conflicts=True)
    return len(over) + len(new)
