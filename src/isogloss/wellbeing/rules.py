"""Pure decisions about exposure: the policy, what is stricter, and what a person may meet on a day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from isogloss.dispatch.rules import ExposureLimits
from isogloss.projects.rules import HAZARDS

LEVELS = (0, 2, 3, 4)
"""The rows of a policy; 0 stands for S0 and S1, which have no daily limit of their own."""
CAPPED = (2, 3, 4)
NOTHING = -1
"""The level of an opt-out: nothing of this category, however mild."""
REST = timedelta(hours=24)
UNCATEGORISED = "*"
CATEGORIES = (*HAZARDS, UNCATEGORISED)
"""The twelve hazards of AILuminate 1.0, and what nobody has categorised; a site's items may name others."""


class Agreement(StrEnum):
    """What a person must agree to before they are served a severity: the project as a whole, or each category by itself."""

    PROJECT = "project"
    CATEGORY = "category"


class Cut(StrEnum):
    """Why a day's limit is lower than the policy's."""

    RAMP = "ramp"
    DAYS = "days"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRule:
    """What the policy says of one severity; `days` is how many days in a row may hold it, `renewal` how long a consent holds."""

    daily: timedelta | None
    stretch: timedelta
    pause: timedelta
    days: int | None = None
    consent: Agreement = Agreement.PROJECT
    renewal: timedelta | None = None
    support: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of the policy; `ramp` is the share of the daily limits in a new starter's first weeks."""

    levels: Mapping[int, LevelRule]
    ramp: tuple[float, ...] = (0.0, 0.25, 0.5)

    @property
    def open_severity(self) -> int:
        """The highest severity that membership of a project is consent to."""
        closed = [level for level in CAPPED if self.levels[level].consent is Agreement.CATEGORY]
        return min(closed) - 1 if closed else max(CAPPED)


def _minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


HOUSE = Policy(
    levels={
        0: LevelRule(daily=None, stretch=_minutes(90), pause=_minutes(10)),
        2: LevelRule(daily=_minutes(360), stretch=_minutes(60), pause=_minutes(10), support="A check-in every month."),
        3: LevelRule(
            daily=_minutes(240), stretch=_minutes(45), pause=_minutes(10), days=4, consent=Agreement.CATEGORY,
            support="A talk with a counsellor every fortnight.",
        ),
        4: LevelRule(
            daily=_minutes(120), stretch=_minutes(30), pause=_minutes(15), days=2, consent=Agreement.CATEGORY, renewal=timedelta(days=90),
            support="A talk with a counsellor every week, and a debriefing after each block.",
        ),
    }
)  # fmt: skip
"""The default policy pack of the house: a proposal, not an industry fact."""


# --- the policy as it is stored ---------------------------------------------------------------------------------------------------


def as_table(policy: Policy) -> dict[str, object]:
    """Return the policy as JSON, in minutes and days."""
    return {
        "levels": {
            str(level): {
                "daily": _in_minutes(rule.daily),
                "stretch": _in_minutes(rule.stretch),
                "pause": _in_minutes(rule.pause),
                "days": rule.days,
                "consent": rule.consent.value,
                "renewal": rule.renewal.days if rule.renewal is not None else None,
                "support": rule.support,
            }
            for level, rule in policy.levels.items()
        },
        "ramp": list(policy.ramp),
    }


def _in_minutes(duration: timedelta | None) -> int | None:
    return None if duration is None else round(duration / timedelta(minutes=1))


def policy_of(table: Mapping[str, object]) -> Policy:
    """Read a policy as it is stored; raise KeyError, TypeError or ValueError where it is none."""
    levels = table["levels"]
    ramp = table["ramp"]
    if not isinstance(levels, Mapping) or not isinstance(ramp, list | tuple):
        raise TypeError("levels is an object, ramp a list")
    return Policy(levels={level: _rule_of(levels[str(level)]) for level in LEVELS}, ramp=tuple(float(share) for share in ramp))


def _rule_of(row: Mapping[str, object]) -> LevelRule:
    daily, days, renewal = _number(row["daily"]), _number(row["days"]), _number(row["renewal"])
    return LevelRule(
        daily=None if daily is None else _minutes(daily),
        stretch=_minutes(_number(row["stretch"]) or 0),
        pause=_minutes(_number(row["pause"]) or 0),
        days=days,
        consent=Agreement(str(row["consent"])),
        renewal=None if renewal is None else timedelta(days=renewal),
        support=str(row.get("support", ""))[:300],
    )


def _number(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise TypeError(f"{value!r} is not a whole number")


_BOUNDS = {"daily": (0, 1440), "stretch": (1, 480), "pause": (1, 240), "days": (1, 14), "renewal": (1, 366)}


def faults(policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield what no policy may say, as field and message."""
    for level, rule in as_rows(policy):
        for name, (low, high) in _BOUNDS.items():
            value = rule[name]
            if value is not None and not low <= value <= high:
                yield f"{name}_{level}", f"must lie between {low} and {high}"
    if policy.levels[0].daily is not None or policy.levels[0].days is not None or policy.levels[0].consent is not Agreement.PROJECT:
        yield "daily_0", "S0 and S1 have neither daily limit nor consent of their own"
    kinds = [policy.levels[level].consent is Agreement.CATEGORY for level in CAPPED]
    if kinds != sorted(kinds):
        yield "consent_3", "what is consented to by category at one severity is so at every higher one"
    if len(policy.ramp) > 52 or any(not 0 <= share <= 1 for share in policy.ramp):  # noqa: PLR2004  a year of weeks
        yield "ramp", "is a share from 0 to 100 % for each of the first weeks, at most 52"


def as_rows(policy: Policy) -> list[tuple[int, dict[str, int | None]]]:
    """Return the numbers of each level, in minutes and days."""
    return [
        (
            level,
            {
                "daily": _in_minutes(rule.daily),
                "stretch": _in_minutes(rule.stretch),
                "pause": _in_minutes(rule.pause),
                "days": rule.days,
                "renewal": rule.renewal.days if rule.renewal is not None else None,
            },
        )
        for level, rule in policy.levels.items()
    ]


def differences(*, before: Policy, after: Policy) -> list[tuple[str, int, object, object]]:
    """Return what another policy changes: name, level, the value now and then; the ramp, in percent, has level 0."""
    found: list[tuple[str, int, object, object]] = []
    for (level, old), (_, new) in zip(as_rows(before), as_rows(after), strict=True):
        found += [(name, level, old[name], new[name]) for name in old if old[name] != new[name]]
        agreements = before.levels[level].consent.value, after.levels[level].consent.value
        supports = before.levels[level].support, after.levels[level].support
        found += [(name, level, *pair) for name, pair in (("consent", agreements), ("support", supports)) if pair[0] != pair[1]]
    ramps = [", ".join(f"{share:.0%}" for share in policy.ramp) for policy in (before, after)]
    return [*found, ("ramp", 0, ramps[0], ramps[1])] if ramps[0] != ramps[1] else found


def loosened(*, before: Policy, after: Policy) -> list[str]:
    """Return the fields in which the second policy protects less than the first: these need a second person."""
    looser = []
    for level in LEVELS:
        old, new = before.levels[level], after.levels[level]
        claims = {
            "daily": _more(old.daily, new.daily),
            "stretch": new.stretch > old.stretch,
            "pause": new.pause < old.pause,
            "days": _more(old.days, new.days),
            "consent": old.consent is Agreement.CATEGORY and new.consent is Agreement.PROJECT,
            "renewal": _more(old.renewal, new.renewal),
        }
        looser += [f"{name}_{level}" for name, is_looser in claims.items() if is_looser]
    weeks = range(max(len(before.ramp), len(after.ramp)))
    if any(share_in(after, week=week) > share_in(before, week=week) for week in weeks):
        looser.append("ramp")
    return looser


def _more(old: timedelta | int | None, new: timedelta | int | None) -> bool:
    """Whether the new limit allows more; none allows everything."""
    if old is None:
        return False
    return new is None or new > old  # type: ignore[operator]  # both are of one kind


def share_in(policy: Policy, *, week: int) -> float:
    """Return the share of the daily limits in a starter's week, the first being 0."""
    return policy.ramp[week] if 0 <= week < len(policy.ramp) else 1.0


def opens_on(policy: Policy, *, day: date, started: date | None) -> date | None:
    """Return the day on which a starter is first served what has a limit; None where that day has come, or never comes by itself."""
    if started is None:
        return None
    week = max(0, (day - started).days) // 7
    later = next((w for w in range(week, len(policy.ramp) + 1) if share_in(policy, week=w) > 0), week)
    return None if later == week else started + timedelta(weeks=later)


# --- one person's day -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """On which working days a person met a severity or a higher one, and when last."""

    days: Mapping[int, frozenset[date]] = field(default_factory=dict)
    last: Mapping[int, datetime] = field(default_factory=dict)

    def with_day(self, day: date, *, levels: Iterable[int]) -> "History":
        """Return the history as it will be if the person meets these severities on a day."""
        more = {level: self.days.get(level, frozenset()) | {day} for level in levels}
        return History(days={**self.days, **more}, last=self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """A person's limits of one day, and why a limit is lower than the policy's."""

    caps: Mapping[int, timedelta | None]
    cuts: Mapping[int, Cut] = field(default_factory=dict)


def plan_day(policy: Policy, *, day: date, now: datetime, started: date | None, history: History) -> DayPlan:
    """Return the limits of a day: the policy's, less in a starter's first weeks, none after too many days in a row."""
    share = 1.0 if started is None else share_in(policy, week=max(0, (day - started).days) // 7)
    caps: dict[int, timedelta | None] = {level: policy.levels[level].daily for level in CAPPED}
    cuts: dict[int, Cut] = {}
    if share < 1:
        for level, cap in caps.items():
            caps[level] = (timedelta(days=1) if cap is None else cap) * share
            cuts[level] = Cut.RAMP
    for level in CAPPED:
        most = policy.levels[level].days
        if most is not None and _must_rest(level, most=most, day=day, now=now, history=history):
            # After the days of S4 a person rests on S0 and S1; after those of S3, on what is milder than S3.
            for closed in CAPPED if level == max(CAPPED) else [c for c in CAPPED if c >= level]:
                caps[closed] = timedelta()
                cuts[closed] = Cut.DAYS
    return DayPlan(caps=caps, cuts=cuts)


def _must_rest(level: int, *, most: int, day: date, now: datetime, history: History) -> bool:
    before = sorted((d for d in history.days.get(level, frozenset()) if d < day), reverse=True)
    if not before:
        return False
    run = next((n for n in range(1, len(before)) if before[n - 1] - before[n] != timedelta(days=1)), len(before))
    if run < most:
        return False
    last = history.last.get(level)
    return before[0] == day - timedelta(days=1) or (before[0] < day and last is not None and now < last + REST)


def stricter_of(one: DayPlan, other: DayPlan) -> DayPlan:
    """Return the lower limit of each severity."""
    caps, cuts = dict(one.caps), dict(one.cuts)
    for level, cap in other.caps.items():
        if _more(cap, caps[level]):
            caps[level] = cap
            cuts.update({level: other.cuts[level]} if level in other.cuts else {})
    return DayPlan(caps=caps, cuts=cuts)


def may_be_stricter(today: DayPlan, tomorrow: DayPlan) -> bool:
    """Whether the next day has a lower limit somewhere."""
    return any(_more(tomorrow.caps[level], today.caps[level]) for level in CAPPED)


def limits_of(policy: Policy, plan: DayPlan) -> ExposureLimits:
    """Return what dispatch enforces; it knows one pause for all that is milder than S4, so the longest holds."""
    pause = max(policy.levels[level].pause for level in (0, 2, 3))
    return ExposureLimits(
        caps=dict(plan.caps),
        stretches={level: policy.levels[level].stretch for level in LEVELS},
        pause=pause,
        pause_after_s4=max(pause, policy.levels[4].pause),
        open_severity=policy.open_severity,
    )


def standing_level(
    policy: Policy, *, severity: int, given_at: datetime, expires_at: datetime | None, now: datetime
) -> tuple[int, datetime | None] | None:
    """Return the level a consent holds for at this moment and its end; a lapsed S4 leaves S3, None is no consent at all."""
    if severity == NOTHING:
        return NOTHING, None
    for level in [level for level in reversed(CAPPED) if policy.open_severity < level <= severity]:
        renewal = policy.levels[level].renewal
        ends = [end for end in (expires_at if level == severity else None, given_at + renewal if renewal else None) if end is not None]
        end = min(ends, default=None)
        if end is None or end > now:
            return level, end
    return None
