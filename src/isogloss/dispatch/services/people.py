"""What a person may be served: subscriptions, brought in line with the facts of the contexts below."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from isogloss.accounts.rules import Role
from isogloss.dispatch.models import Consent, DispatchPerson, Member
from isogloss.dispatch.rules import Eligibility, Lane, Need, Skill, milliseconds
from isogloss.dispatch.store import ledger
from isogloss.dispatch.store.engines import Engine, Row, cold_transaction
from isogloss.projects.queries import members, project_by_id
from isogloss.workforce.queries import standing_competences

if TYPE_CHECKING:
    from isogloss.projects.models import Membership, Project

AT_ONCE = 20
"""People whose subscriptions one transaction renews."""


def sync_project(project_id: int, *, now: datetime) -> None:
    """Copy what the hot path needs of a project, end what a pause ends, and renew everybody's subscriptions."""
    with cold_transaction() as engine:
        # What was read before the row is locked, a pause may have overtaken.
        engine.rows(
            "INSERT INTO dispatch_project (project_id, paused, schema_id) VALUES (?, ?, 0) ON CONFLICT (project_id) DO NOTHING",
            project_id, True,
        )  # fmt: skip
        engine.rows("SELECT 1 FROM dispatch_project WHERE project_id = ? /*lock*/", project_id)
        project = project_by_id(project_id)
        paused = project.state != "active"
        engine.rows(
            "UPDATE dispatch_project SET paused = ?, schema_id = ?, lease_ms = ?, gold = ? WHERE project_id = ?",
            paused, project.version_id, project.workflow.lease_minutes * 60_000, project.workflow.gold_enabled, project_id,
        )  # fmt: skip
    if paused:
        end_leases_of(where="project_id = ?", values=(project_id,), how="paused", now=now)
    people = {m.user_id for m in members(project) if m.role == Role.ANNOTATOR}
    people |= set(Member.objects.filter(project_id=project_id).values_list("person_id", flat=True))
    _renew(sorted(people), project_id=project_id, now=now)


def sync_person(person_id: int, *, now: datetime) -> None:
    """Renew a person's subscriptions in every project they belong to or belonged to; it takes effect at their next request."""
    seats = get_user_model().objects.get(pk=person_id).memberships.filter(role=Role.ANNOTATOR).values_list("project_id", flat=True)
    for project_id in sorted({*seats, *Member.objects.filter(person_id=person_id).values_list("project_id", flat=True)}):
        sync_membership(person_id, project_id=project_id, now=now)


def sync_membership(person_id: int, *, project_id: int, now: datetime) -> None:
    """Renew one person's subscriptions in one project."""
    _renew([person_id], project_id=project_id, now=now)


def _renew(people: list[int], *, project_id: int, now: datetime) -> None:
    """Bring the subscriptions of these people, in order of their ids, in line with the facts; what they may no longer hold goes back.

    The facts are read under the locks of the people: what was read before could undo what a person took back meanwhile. All leases end
    last, in one call, which orders the locks of the strata.
    """
    for start in range(0, len(people), AT_ONCE):
        piece = people[start : start + AT_ONCE]
        with cold_transaction() as engine:
            for person in piece:
                ensure_person(engine, person)
                ledger.lock_person(engine, person=person)
            facts = _facts(project_by_id(project_id), people=set(piece), now=now)
            strata = engine.rows(
                "SELECT id, lane, language, severity, hazards FROM dispatch_stratum WHERE project_id = ? ORDER BY id", project_id
            )
            lost = [lease for person in piece for lease in _apply(engine, person, facts=facts[person], strata=strata)]
            ledger.end_leases(engine, leases=lost, how="returned", now=milliseconds(now))


def _facts(project: "Project", *, people: set[int], now: datetime) -> dict[int, Eligibility]:
    """Gather what is known of these people in a project, with a number of queries that does not depend on how many they are."""
    seats = {m.user_id: m for m in members(project) if m.role == Role.ANNOTATOR and m.user_id in people and m.user.is_active}
    needs = tuple(Need(tag=row.tag, modality=row.modality, level=row.level) for row in project.languages.all())
    skills: dict[int, list[Skill]] = {person: [] for person in people}
    for row in standing_competences(user_ids=people, now=now):
        skills[row.user_id].append(Skill(tag=row.tag, modality=row.modality, level=row.level, until=row.expires_at))
    passes = _passes(project, people=people, now=now)
    consents: dict[int, dict[str, tuple[int, int]]] = {person: {} for person in people}
    for consent in Consent.objects.filter(person_id__in=people, until__gt=milliseconds(now)):
        consents[consent.person_id][consent.hazard] = (consent.severity, consent.until)
    opened = dict(DispatchPerson.objects.filter(person_id__in=people).values_list("person_id", "open_severity"))
    return {
        person: Eligibility(
            project_id=project.pk,
            is_annotator=person in seats,
            needs=needs,
            skills=tuple(skills[person]),
            in_pool=_in_pool(seats.get(person)),
            is_qualified=passes is None or person in passes,
            qualified_until=None if passes is None else passes.get(person),
            open_severity=opened.get(person, 2),
            consents=consents[person],
        )
        for person in people
    }


def _in_pool(seat: "Membership | None") -> bool:
    return seat is not None and seat.in_pool


def _passes(project: "Project", *, people: set[int], now: datetime) -> dict[int, datetime | None] | None:
    """Return who has passed the project's qualification and until when; None where it asks for none."""
    qualification = project.workflow.qualification
    if qualification is None:
        return None
    latest = {a.user_id: a for a in qualification.attempts.filter(user_id__in=people).order_by("id")}
    return {user: a.lapses_at for user, a in latest.items() if a.passed and (a.lapses_at is None or a.lapses_at > now)}


def _apply(engine: Engine, person_id: int, *, facts: Eligibility, strata: list[Row]) -> list[Row]:
    """Bring one person's subscriptions in line with the facts; return the leases that they may no longer hold."""
    wanted, refused_consent = _wanted(strata, facts)
    held: dict[int, int] = dict(
        engine.rows(
            "SELECT stratum_id, until FROM dispatch_subscription WHERE person_id = ? AND project_id = ?", person_id, facts.project_id
        )
    )
    for stratum, (lane, until) in sorted(wanted.items()):
        if stratum not in held:
            engine.rows(
                "INSERT INTO dispatch_subscription (person_id, project_id, lane, stratum_id, position, until) VALUES (?, ?, ?, ?, 0, ?)",
                person_id, facts.project_id, lane, stratum, until,
            )  # fmt: skip
        elif held[stratum] != until:
            _set_until(engine, person_id, stratum=stratum, until=until)
    lost = sorted(stratum for stratum, until in held.items() if until and stratum not in wanted)
    for stratum in lost:
        _set_until(engine, person_id, stratum=stratum, until=0)
    reason = "" if wanted else _reason(facts, refused_consent=refused_consent)
    engine.rows(
        "INSERT INTO dispatch_member (person_id, project_id, reason) VALUES (?, ?, ?) ON CONFLICT (person_id, project_id) DO UPDATE SET "
        "reason = excluded.reason",
        person_id, facts.project_id, reason,
    )  # fmt: skip
    if not lost:
        return []
    leases = ledger.leases_of(engine, where="person_id = ? AND project_id = ?", values=(person_id, facts.project_id))
    return [lease for lease in leases if lease[ledger.STRATUM] in lost]


def _wanted(strata: Iterable[tuple[int, int, str, int, str]], facts: Eligibility) -> tuple[dict[int, tuple[int, int]], bool]:
    """Return which strata the person may read, with lane and end, and whether a missing consent kept one away."""
    wanted: dict[int, tuple[int, int]] = {}
    refused = False
    for stratum, lane, language, severity, hazards in strata:
        reads = facts.reads_until(language)
        if lane == Lane.PARKED or reads is None:
            continue
        agrees = facts.consents_until(severity=severity, hazards=hazards)
        if agrees is None:
            refused = True
            continue
        wanted[stratum] = (lane, min(reads, agrees))
    return wanted, refused


def _reason(facts: Eligibility, *, refused_consent: bool) -> str:
    if not facts.is_annotator:
        return "paused"
    if not facts.is_qualified:
        return "qualification"
    if refused_consent:
        return "consent"
    return "" if facts.knows_any() else "competence"


def _set_until(engine: Engine, person_id: int, *, stratum: int, until: int) -> None:
    engine.rows("UPDATE dispatch_subscription SET until = ? WHERE person_id = ? AND stratum_id = ?", until, person_id, stratum)


def ensure_person(engine: Engine, person_id: int) -> None:
    """Make the person's row if there is none: closed to all above S1 until `set_exposure` has told their limits."""
    engine.rows(
        "INSERT INTO dispatch_person (person_id, open_severity, cap2, cap3, cap4) VALUES (?, 1, 0, 0, 0) "
        "ON CONFLICT (person_id) DO NOTHING",
        person_id,
    )


def is_closed(person_id: int) -> bool:
    """Whether a person's limits are those of somebody whom nobody has told them of."""
    return DispatchPerson.objects.filter(person_id=person_id, open_severity=1, cap2=0, cap3=0, cap4=0).exists()


def end_leases_of(*, where: str, values: tuple[object, ...], how: str, now: datetime) -> int:
    """End all leases that fit, a person at a time, so that nobody waits long; `where` is a constant of the caller."""
    with cold_transaction() as engine:
        people = [row[0] for row in engine.rows(f"SELECT DISTINCT person_id FROM dispatch_lease WHERE {where} ORDER BY person_id", *values)]  # noqa: S608  a constant
    ended = 0
    for person in people:
        with cold_transaction() as engine:
            ledger.lock_person(engine, person=person)
            leases = ledger.leases_of(engine, where=f"person_id = ? AND {where}", values=(person, *values))
            ended += ledger.end_leases(engine, leases=leases, how=how, now=milliseconds(now))
    return ended
