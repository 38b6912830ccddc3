"""Pure decisions about who gets what next: lanes, gold, exposure, consent, the person's day."""

import hashlib
import hmac
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from isogloss.core.language.tags import covers

MINUTE = 60_000
HOUR = 60 * MINUTE
FOREVER = 2**53
"""A moment, or a number of milliseconds, that nobody reaches."""
TYPICAL_MS = MINUTE
"""What an item is reserved with until `ENOUGH_ANSWERS` have been timed in its stratum."""
ENOUGH_ANSWERS = 30
DAY_BEGINS = time(4)


class Lane(IntEnum):
    """The lanes that are not a rank of work; work has the lanes from 1 up, lower first."""

    PARKED = -2
    GOLD = -1
    RETURNED = 0


def milliseconds(moment: datetime) -> int:
    """Return the moment as whole milliseconds since 1970, as the hot tables keep it."""
    return int(moment.timestamp() * 1000)


def moment_of(ms: int) -> datetime:
    """Return the moment of a number of milliseconds since 1970."""
    return datetime.fromtimestamp(ms / 1000, tz=UTC)


def work_lane(*, priority: int, due: date | None) -> int:
    """Rank work by priority first (100 before -100), then by due date; what has none comes last."""
    days = min(99_998, max(0, (due - date(2000, 1, 1)).days)) if due else 99_999
    return 1 + (100 - max(-100, min(100, priority))) * 100_000 + days


def day_of(now: datetime, *, zone: str) -> tuple[int, int]:
    """Return the ordinal of the person's working day and the millisecond it ends; it runs from 04:00 to 04:00 on their clock."""
    here = now.astimezone(ZoneInfo(zone or "UTC"))
    day = here.date() if here.time() >= DAY_BEGINS else here.date() - timedelta(days=1)
    ends = datetime.combine(day + timedelta(days=1), DAY_BEGINS, tzinfo=ZoneInfo(zone or "UTC"))
    return day.toordinal(), milliseconds(ends)


# --- gold ---------------------------------------------------------------------------------------------------------------------------

GOLD_SCALE = 10_000


def wilson_lower(right: int, answers: int, *, z: float = 1.959964) -> float:
    """Return the lower Wilson bound of a share of right answers; 0 without answers."""
    if answers == 0:
        return 0.0
    share = right / answers
    spread = z * math.sqrt(share * (1 - share) / answers + z * z / (4 * answers * answers))
    return (share + z * z / (2 * answers) - spread) / (1 + z * z / answers)


def gold_share(*, active_days: int, answers: int, right: int) -> int:
    """Return how many of 10 000 serves are gold: 10 % on the first five active days, then 5 %, then 2 % for who has shown it."""
    if active_days <= 5:  # noqa: PLR2004  decisions.md: days 1-5
        return 1000
    if answers >= 50 and wilson_lower(right, answers) >= 0.85:  # noqa: PLR2004  decisions.md: 50 answers, .85
        return 200
    return 500


def is_gold_serve(key: bytes, *, person: int, serve: int, share: int) -> bool:
    """Whether this serve is gold: a keyed hash, so that nobody can count along."""
    if share <= 0:
        return False
    digest = hmac.digest(key, f"{person}:{serve}".encode(), "sha256")
    return int.from_bytes(digest[:4], "big") % GOLD_SCALE < share


def hmac_pads(key: bytes) -> tuple[bytes, bytes]:
    """Return the inner and outer pad of HMAC-SHA256, from which SQL computes the same hash with two calls of sha256."""
    block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")  # noqa: PLR2004  SHA-256 has blocks of 64 bytes
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


# --- exposure -----------------------------------------------------------------------------------------------------------------------

SEVERITIES = (2, 3, 4)
"""The severities that have a daily cap; minutes count under their own and the lower ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureLimits:
    """What wellbeing allows a person in a day and at a stretch; the default is the policy pack of the house."""

    caps: Mapping[int, timedelta | None] = field(
        default_factory=lambda: {2: timedelta(hours=6), 3: timedelta(hours=4), 4: timedelta(hours=2)}
    )
    stretches: Mapping[int, timedelta | None] = field(
        default_factory=lambda: {0: timedelta(minutes=90), 2: timedelta(minutes=60), 3: timedelta(minutes=45), 4: timedelta(minutes=30)}
    )
    pause: timedelta = timedelta(minutes=10)
    pause_after_s4: timedelta = timedelta(minutes=15)
    open_severity: int = 2


@dataclass(slots=True, kw_only=True)
class Exposure:
    """A person's running account of one day, in milliseconds."""

    used: list[int]
    reserved: list[int]
    caps: list[int]
    reserved_all: int
    stretch_since: int
    last_active: int
    peak: int
    limits: list[int]
    pause: int
    pause_after_s4: int

    def pause_needed(self) -> int:
        """How long a rest ends the present stretch."""
        return self.pause_after_s4 if self.peak == SEVERITIES[-1] else self.pause

    def is_rested(self, *, begins: int) -> bool:
        """Whether work that begins at this moment begins a new stretch."""
        return begins - self.last_active >= self.pause_needed()

    def limit(self, severity: int) -> int:
        """Return how long a stretch may be that ends with an item of this severity."""
        return self.limits[max(0, severity - 1)] if severity > 1 else self.limits[0]

    def room_today(self, *, severity: int, each: int) -> int:
        """Return how many more items of this severity and typical time the day's caps allow."""
        most = FOREVER
        for index, level in enumerate(SEVERITIES):
            if severity >= level:
                most = min(most, (self.caps[index] - self.used[index] - self.reserved[index]) // each)
        return max(0, most)

    def room_now(self, *, severity: int, each: int, now: int) -> int:
        """Return how many more items of this severity fit before the break that the running stretch asks for."""
        elapsed = 0 if self.is_rested(begins=now) else max(0, now - self.stretch_since)
        return max(0, (self.limit(severity) - elapsed - self.reserved_all) // each)


def hazard_key(hazards: str | Iterable[str]) -> str:
    """Return hazards in the one spelling that a stratum keeps: sorted, comma-separated, without repeats."""
    names = hazards.split(",") if isinstance(hazards, str) else hazards
    return ",".join(sorted({name.strip() for name in names if name.strip()}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a project asks of people in one language."""

    tag: str
    modality: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """What a person can do in one language, and until when."""

    tag: str
    modality: str
    level: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """The facts about one person in one project, gathered from the contexts that own them; `consents` maps a hazard to severity and end."""

    project_id: int
    is_annotator: bool
    needs: tuple[Need, ...] = ()
    skills: tuple[Skill, ...] = ()
    in_pool: bool = False
    is_qualified: bool = True
    qualified_until: datetime | None = None
    open_severity: int = 2
    consents: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def reads_until(self, language: str) -> int | None:
        """Return until when the person may be served this language, None if not at all; `und` is for members of the pool."""
        if not self.is_annotator or not self.is_qualified:
            return None
        until = _end(self.qualified_until)
        if language == "und":
            return until if self.in_pool else None
        need = self.need_for(language)
        ends = [_end(skill.until) for skill in self.skills if _suffices(skill, need=need) and covers(skill.tag, language)]
        return min(until, max(ends)) if ends else None

    def need_for(self, language: str) -> Need:
        """Return what the project asks for this language: by its own row, else by the narrowest one that covers it."""
        fitting = [need for need in self.needs if need.tag == language] or [need for need in self.needs if covers(need.tag, language)]
        return max(fitting, key=lambda need: len(need.tag), default=Need(tag=language, modality="read", level="A1"))

    def knows_any(self) -> bool:
        """Whether any language of the project is one the person may be served."""
        return self.in_pool or any(self.reads_until(need.tag) is not None for need in self.needs)

    def consents_until(self, *, severity: int, hazards: str) -> int | None:
        """Return until when the person agrees to items like these, None if not at all; `*` is material nobody categorised."""
        until = FOREVER
        for name in hazards.split(",") if hazards else ["*"]:
            agreed, ends = self.consents.get(name, (self.open_severity, FOREVER))
            if severity > agreed:
                return None
            if severity > self.open_severity:
                until = min(until, ends)
        return until


def _suffices(skill: Skill, *, need: Need) -> bool:
    is_modality = skill.modality == need.modality or (skill.modality == "write" and need.modality == "read")
    return is_modality and skill.level >= need.level


def _end(moment: datetime | None) -> int:
    return FOREVER if moment is None else milliseconds(moment)
