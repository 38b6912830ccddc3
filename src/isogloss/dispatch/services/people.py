"""What a person may be served: subscriptions, brought in line with the facts of the contexts below."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from isogloss.accounts.rules import Role
from isogloss.dispatch.models import Consent, DispatchPerson, Member
from isogloss.dispatch.rules import Eligibility, Lane, Need, Skill, milliseconds
from isogloss.dispatch.store import ledger
from isogloss.dispatch.store.engines import Engine, cold_transaction
from isogloss.projects.queries import members, project_by_id
from isogloss.workforce.queries import standing_competences

if TYPE_CHECKING:
    from isogloss.projects.models import Membership, Project


def sync_project(project_id: int, *, now: datetime) -> None:
    """Copy what the hot path needs of a project, end what a pause ends, and renew everybody's subscriptions."""
    project = project_by_id(project_id)
    paused = project.state != "active"
    with cold_transaction() as engine:
        engine.rows(
            "INSERT INTO dispatch_project (project_id, paused, schema_id, lease_ms, gold) VALUES (?, ?, ?, ?, ?) ON CONFLICT "
            "(project_id) DO UPDATE SET "
            "paused = excluded.paused, schema_id = excluded.schema_id, lease_ms = excluded.lease_ms, gold = excluded.gold",
            project_id, paused, project.version_id, project.workflow.lease_minutes * 60_000, project.workflow.gold_enabled,
        )  # fmt: skip
    if paused:
        end_leases_of(where="project_id = ?", values=(project_id,), how="paused", now=now)
    people = {m.user_id for m in members(project) if m.role == Role.ANNOTATOR}
    people |= set(Member.objects.filter(project_id=project_id).values_list("person_id", flat=True))
    for person, facts in sorted(_facts(project, people=people, now=now).items()):
        _apply(person, facts, now=now)


def sync_person(person_id: int, *, now: datetime) -> None:
    """Renew a person's subscriptions in every project they belong to or belonged to; it takes effect at their next request."""
    seats = get_user_model().objects.get(pk=person_id).memberships.filter(role=Role.ANNOTATOR).values_list("project_id", flat=True)
    for project_id in sorted({*seats, *Member.objects.filter(person_id=person_id).values_list("project_id", flat=True)}):
        sync_membership(person_id, project_id=project_id, now=now)


def sync_membership(person_id: int, *, project_id: int, now: datetime) -> None:
    """Renew one person's subscriptions in one project."""
    for person, facts in _facts(project_by_id(project_id), people={person_id}, now=now).items():
        _apply(person, facts, now=now)


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


def _apply(person_id: int, facts: Eligibility, *, now: datetime) -> None:
    """Bring one person's subscriptions in line with the facts; leases that they may no longer hold go back."""
    with cold_transaction() as engine:
        ensure_person(engine, person_id)
        ledger.lock_person(engine, person=person_id)
        strata = engine.rows(
            "SELECT id, lane, language, severity, hazards FROM dispatch_stratum WHERE project_id = ? ORDER BY id", facts.project_id
        )
        wanted, refused_consent = _wanted(strata, facts)
        held: dict[int, int] = dict(
            engine.rows(
                "SELECT stratum_id, until FROM dispatch_subscription WHERE person_id = ? AND project_id = ?", person_id, facts.project_id
            )
        )
        for stratum, (lane, until) in sorted(wanted.items()):
            if stratum not in held:
                engine.rows(
                    "INSERT INTO dispatch_subscription (person_id, project_id, lane, stratum_id, position, until) VALUES (?, ?, ?, "
                    "?, 0, ?)",
                    person_id, facts.project_id, lane, stratum, until,
                )  # fmt: skip
            elif held[stratum] != until:
                _set_until(engine, person_id, stratum=stratum, until=until)
        lost = sorted(stratum for stratum, until in held.items() if until and stratum not in wanted)
        for stratum in lost:
            _set_until(engine, person_id, stratum=stratum, until=0)
        if lost:
            leases = [
                row
                for row in ledger.leases_of(engine, where="person_id = ? AND project_id = ?", values=(person_id, facts.project_id))
                if row[ledger.STRATUM] in lost
            ]
            ledger.end_leases(engine, leases=leases, how="returned", now=milliseconds(now))
        reason = "" if wanted else _reason(facts, refused_consent=refused_consent)
        engine.rows(
            "INSERT INTO dispatch_member (person_id, project_id, reason) VALUES (?, ?, ?) ON CONFLICT (person_id, project_id) DO "
            "UPDATE SET "
            "reason = excluded.reason",
            person_id, facts.project_id, reason,
        )  # fmt: skip


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
    """Make the person's row if there is none; their day runs on their own clock."""
    engine.rows("INSERT INTO dispatch_person (person_id) VALUES (?) ON CONFLICT (person_id) DO NOTHING", person_id)


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
