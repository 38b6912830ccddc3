"""Narrow reads over the tables of the work: answers and skips with what they showed, and dispatch's running account of a person."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection

from isogloss.dispatch.rules import TYPICAL_MS, milliseconds
from isogloss.wellbeing.rules import UNCATEGORISED


@dataclass(frozen=True, slots=True)
class Meeting:
    """A person met an item: what they were shown, and for how long at most."""

    id: int
    person_id: int
    project_id: int
    at: datetime
    active_ms: int | None
    most_ms: int
    revision: int
    severity: int
    hazards: str
    reveals: int


# Severity and hazards as they stand now; the lease's length bounds what a clock in the browser may claim.
_ANSWERS = """
    SELECT a.id, a.person_id, a.project_id, a.submitted_at, a.active_ms, w.lease_minutes, a.revision, i.severity, i.hazards, a.served
    FROM annotation_annotation a JOIN corpus_item i ON i.id = a.item_id JOIN projects_workflow w ON w.project_id = a.project_id
    WHERE a.id > %s AND a.source = 'live' AND i.severity >= 1 ORDER BY a.id LIMIT %s
"""
# A skip's own time is not measured; what dispatch reserves for such an item bounds it.
_SKIPS = """
    SELECT k.id, k.person_id, k.project_id, k.at, i.severity, i.hazards, coalesce(s.reserve_ms, %s)
    FROM annotation_skipped k JOIN corpus_item i ON i.id = k.item_id LEFT JOIN dispatch_progress p ON p.item_id = k.item_id
    LEFT JOIN dispatch_stratum s ON s.id = p.home_id WHERE k.id > %s AND i.severity >= 1 ORDER BY k.id LIMIT %s
"""
_ACCOUNTS = (
    "SELECT person_id, day_ends, used2, used3, used4, reserved2, reserved3, reserved4, cap2, cap3, cap4 "
    "FROM dispatch_person WHERE person_id IN ({marks})"
)


def answers_after(mark: int, *, most: int) -> list[Meeting]:
    """Return people's own answers with a higher id to items of S1 and above, by id; replayed and imported ones exposed nobody here."""
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS, [mark, most])
        rows = cursor.fetchall()
    return [
        Meeting(
            id=row[0],
            person_id=row[1],
            project_id=row[2],
            at=_moment(row[3]),
            active_ms=row[4],
            most_ms=row[5] * 60_000,
            revision=row[6],
            severity=row[7],
            hazards=row[8],
            reveals=_reveals(row[9]),
        )
        for row in rows
    ]


def skips_after(mark: int, *, most: int) -> list[Meeting]:
    """Return skips with a higher id of items of S1 and above, by id."""
    with connection.cursor() as cursor:
        cursor.execute(_SKIPS, [TYPICAL_MS, mark, most])
        rows = cursor.fetchall()
    return [
        Meeting(
            id=row[0], person_id=row[1], project_id=row[2], at=_moment(row[3]), active_ms=None, most_ms=row[6], revision=0,
            severity=row[4], hazards=row[5], reveals=0,
        )
        for row in rows
    ]  # fmt: skip


def latest_answer() -> int:
    """Return the id of the latest annotation, 0 where there is none."""
    return _ids("SELECT coalesce(max(id), 0) FROM annotation_annotation")[0]


def latest_skip() -> int:
    """Return the id of the latest skip, 0 where there is none."""
    return _ids("SELECT coalesce(max(id), 0) FROM annotation_skipped")[0]


def _moment(value: datetime | str) -> datetime:
    """SQLite hands UTC out without a zone, and as text where the column's type is lost on the way."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _reveals(served: str) -> int:
    if not served:
        return 0
    told = json.loads(served)
    return len(told.get("reveals") or ()) if isinstance(told, dict) else 0


@dataclass(frozen=True, slots=True)
class Account:
    """Dispatch's account of a person's running day in milliseconds, by severity: what counts at the queue."""

    used: dict[int, int]
    reserved: dict[int, int]
    caps: dict[int, int]


def accounts(person_ids: Iterable[int], *, now: datetime) -> dict[int, Account]:
    """Return the accounts of these people; where their day has ended since, nothing is used yet."""
    wanted = sorted(set(person_ids))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS.format(marks=", ".join(["%s"] * len(wanted))), wanted)
        rows = cursor.fetchall()
    found = {}
    for person, day_ends, *numbers in rows:
        used, reserved, caps = (dict(zip((2, 3, 4), numbers[start : start + 3], strict=True)) for start in (0, 3, 6))
        found[person] = Account(used=used if day_ends > milliseconds(now) else dict.fromkeys(used, 0), reserved=reserved, caps=caps)
    return found


def people_at_the_queue() -> list[int]:
    """Return everybody whom dispatch may ever serve."""
    return _ids("SELECT p.person_id FROM dispatch_person p JOIN accounts_user u ON u.id = p.person_id ORDER BY p.person_id")


def people_without_allowance(*, most: int) -> list[int]:
    """Return people whom dispatch knows and for whom no limits were put in place yet."""
    return _ids(
        "SELECT p.person_id FROM dispatch_person p JOIN accounts_user u ON u.id = p.person_id "
        "WHERE NOT EXISTS (SELECT 1 FROM wellbeing_allowance a WHERE a.person_id = p.person_id) ORDER BY p.person_id LIMIT %s",
        most,
    )


def _ids(sql: str, *values: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return [row[0] for row in cursor.fetchall()]


def hazards_before(person_id: int) -> set[str]:
    """Return the hazard categories of the material in the person's projects."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT s.hazards FROM dispatch_stratum s JOIN dispatch_member m ON m.project_id = s.project_id "
            "WHERE m.person_id = %s",
            [person_id],
        )
        rows = cursor.fetchall()
    return {name for (hazards,) in rows for name in hazards.split(",") if name}


def hazards_of_project(project_id: int) -> dict[str, int]:
    """Return the highest severity of each category among a project's material; `*` is what nobody has put into a category."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hazards, max(severity) FROM dispatch_stratum WHERE project_id = %s GROUP BY hazards", [project_id])
        rows = cursor.fetchall()
    highest: dict[str, int] = {}
    for hazards, severity in rows:
        for name in hazards.split(",") if hazards else [UNCATEGORISED]:
            highest[name] = max(highest.get(name, 0), severity)
    return highest
