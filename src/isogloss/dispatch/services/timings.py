"""Typical active times, from which `next` reserves: kept as histograms that only read what is new."""

import math

from isogloss.dispatch.models import Timing
from isogloss.dispatch.rules import ENOUGH_ANSWERS, TYPICAL_MS
from isogloss.dispatch.store.engines import cold_transaction, engine_of_django

PIECE = 5000
BINS = 80
SHORTEST = 500.0
RATIO = 1.2
"""Bins grow by a fifth: the P90 read from them is at most 20 % too high, never too low."""


def bin_of(ms: int) -> int:
    """Return the bin of an active time."""
    return 0 if ms <= SHORTEST else min(BINS - 1, math.ceil(math.log(ms / SHORTEST) / math.log(RATIO)))


def p90_of(bins: list[int]) -> int:
    """Return the upper edge of the bin in which the 90th percentile lies, in milliseconds."""
    wanted, seen = math.ceil(0.9 * sum(bins)), 0
    for index, number in enumerate(bins):
        seen += number
        if seen >= wanted:
            return int(SHORTEST * RATIO**index)
    return TYPICAL_MS


def refresh_timings(*, most: int = 20) -> int:
    """Take in the active times of new answers and set what each stratum reserves; return how many answers were read."""
    read = 0
    for project_id, mark in engine_of_django().rows(
        "SELECT project_id, timed_until FROM dispatch_project WHERE NOT paused ORDER BY project_id"
    ):
        after = mark
        for _ in range(most):
            number, after = _refresh(project_id, after=after)
            read += number
            if number < PIECE:
                break
    return read


def _refresh(project_id: int, *, after: int) -> tuple[int, int]:
    rows = engine_of_django().rows(
        "SELECT a.id, a.active_ms, h.language, h.severity, a.source, a.revision FROM annotation_annotation a "
        "JOIN dispatch_progress p ON p.item_id = a.item_id JOIN dispatch_stratum h ON h.id = p.home_id "
        "WHERE a.project_id = ? AND a.id > ? ORDER BY a.id LIMIT ?",
        project_id, after, PIECE,
    )  # fmt: skip
    if not rows:
        return 0, after
    fresh: dict[tuple[str, int], list[int]] = {}
    for _, active, language, severity, source, revision in rows:
        if source == "live" and revision == 0 and active is not None:
            fresh.setdefault((language, severity), [0] * BINS)[bin_of(active)] += 1
    with cold_transaction() as engine:
        # Of two processes that read the same answers, one moves the mark; the other throws its count away.
        moved = engine.rows(
            "UPDATE dispatch_project SET timed_until = ? WHERE project_id = ? AND timed_until = ? RETURNING project_id",
            rows[-1][0],
            project_id,
            after,
        )
        for (language, severity), bins in sorted(fresh.items()) if moved else ():
            row, _ = Timing.objects.get_or_create(
                project_id=project_id, language=language, severity=severity, defaults={"bins": [0] * BINS}
            )
            total = [old + new for old, new in zip(row.bins, bins, strict=True)]
            Timing.objects.filter(pk=row.pk).update(bins=total, answers=sum(total))
            if sum(total) >= ENOUGH_ANSWERS:
                engine.rows(
                    "UPDATE dispatch_stratum SET reserve_ms = ? WHERE project_id = ? AND language = ? AND severity = ? AND reserve_ms <> ?",
                    p90_of(total), project_id, language, severity, p90_of(total),
                )  # fmt: skip
    return len(rows), int(rows[-1][0])
