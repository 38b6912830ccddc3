"""Writes about exposure: versions of the policy, consents, entries, and what dispatch is told."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection
from django.db.models import Max

from isogloss.accounts.access import require_site_role
from isogloss.accounts.rules import Role
from isogloss.dispatch.services import set_exposure
from isogloss.platform import audit, jobs
from isogloss.platform.db import write_transaction
from isogloss.platform.problems import Conflict, InvalidInput
from isogloss.projects.rules import clean_hazards
from isogloss.wellbeing.columns import (
    Meeting,
    answers_after,
    hazards_of_project,
    latest_answer,
    latest_skip,
    people_at_the_queue,
    people_without_allowance,
    skips_after,
)
from isogloss.wellbeing.models import Allowance, Consent, Contact, ExposureEntry, ExposurePolicy, Kind, ReadMark
from isogloss.wellbeing.queries import policy_in_force, standing_consents, starters, tellings
from isogloss.wellbeing.rules import CAPPED, NOTHING, UNCATEGORISED, Policy, as_table, faults, loosened, policy_of

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.projects.models import Project

PIECE = 300
MOST_PIECES = 150
NEW_AT_ONCE = 50
SETTLED = timedelta(minutes=2)
"""On PostgreSQL a row may appear below one that was read; by then every transaction that took an id has ended."""
LONGEST_CONTACT_NAME, LONGEST_CONTACT_DETAIL = 100, 200


# --- policy -----------------------------------------------------------------------------------------------------------------------


def make_policy(policy: Policy, *, note: str, base: int, actor: "User", now: datetime) -> ExposurePolicy:
    """Make the next version; one that protects as much or more is in force at once, any other waits for a second person's signature."""
    require_site_role(actor, Role.WELLBEING_OFFICER)
    errors: list[dict[str, object]] = [{"field": field, "message": message} for field, message in faults(policy)]
    if errors:
        raise InvalidInput("The policy cannot be used: " + "; ".join(f"{e['field']} {e['message']}" for e in errors) + ".", errors=errors)
    if not note.strip():
        raise InvalidInput("Say why the policy changes.", errors=[{"field": "note", "message": "Say why the policy changes."}])
    number, present = policy_in_force()
    if base != number:
        raise Conflict(f"Version {number} came into force meanwhile. Look at it, then make your change again.")
    if as_table(policy) == as_table(present):
        raise InvalidInput("Nothing has changed: this is the policy in force.")
    looser = loosened(before=present, after=policy)
    latest = ExposurePolicy.objects.aggregate(latest=Max("number"))["latest"] or 0
    try:
        with write_transaction():
            row = ExposurePolicy.objects.create(
                number=latest + 1, base=base, table=as_table(policy), looser=looser, note=note.strip()[:500], made_by=actor, made_at=now,
                in_force_at=None if looser else now,
            )  # fmt: skip
            audit.record(
                actor, "policy.proposed" if looser else "policy.in_force", row, now=now, detail={"number": row.number, "looser": looser}
            )
    except IntegrityError as error:
        raise Conflict("Somebody else changed the policy just now. Look at their version, then make your change again.") from error
    if not looser:
        jobs.enqueue_once("wellbeing.renew", ids={}, now=now)
    return row


def sign_policy(policy: ExposurePolicy, *, actor: "User", now: datetime) -> None:
    """Put a version that protects less in force: a second person answers for it."""
    require_site_role(actor, Role.WELLBEING_OFFICER, Role.ADMIN)
    if policy.made_by_id == actor.pk:
        raise Conflict("A second person must sign: whoever proposed a policy that protects less cannot put it in force.")
    number, _ = policy_in_force()
    if policy.base != number:
        raise Conflict(f"This was drawn up from version {policy.base}, and version {number} is in force. Propose it again.")
    try:
        with write_transaction():
            if not ExposurePolicy.objects.filter(pk=policy.pk, in_force_at__isnull=True).update(signed_by=actor, in_force_at=now):
                raise Conflict("This version is in force already.")
            audit.record(actor, "policy.signed", policy, now=now, detail={"number": policy.number, "looser": policy.looser})
    except IntegrityError as error:
        raise Conflict("Another version came into force just now. Propose this one again.") from error
    jobs.enqueue_once("wellbeing.renew", ids={}, now=now)


# --- contacts ---------------------------------------------------------------------------------------------------------------------

MOST_CONTACTS = 8


def set_contacts(contacts: Iterable[tuple[str, str]], *, project: "Project | None", actor: "User", now: datetime) -> None:
    """Say whom people can talk to, on the whole site or in one project; the list replaces the one before."""
    clean = [(name.strip(), detail.strip()) for name, detail in contacts]
    if len(clean) > MOST_CONTACTS:
        raise InvalidInput(
            f"Name at most {MOST_CONTACTS}: a long list is not read in need.", errors=[{"field": "contacts", "message": "too many"}]
        )
    for name, detail in clean:
        if not name or not detail or len(name) > LONGEST_CONTACT_NAME or len(detail) > LONGEST_CONTACT_DETAIL:
            message = f"Write a name (at most {LONGEST_CONTACT_NAME} characters) and how to reach them (at most {LONGEST_CONTACT_DETAIL})."
            raise InvalidInput(message, errors=[{"field": "contacts", "message": message}])
    project_id = project.pk if project is not None else None
    with write_transaction():
        here = Contact.objects.filter(project_id=project_id) if project_id is not None else Contact.objects.filter(project_id__isnull=True)
        here.delete()
        Contact.objects.bulk_create(
            Contact(project_id=project_id, place=place, name=name, detail=detail) for place, (name, detail) in enumerate(clean)
        )
        audit.record(actor, "contacts.set", project or actor, now=now, project_id=project_id, detail={"contacts": len(clean)})


# --- consents ---------------------------------------------------------------------------------------------------------------------


def set_consent(person: "User", *, hazard: str, level: int | None, now: datetime) -> Consent | None:
    """Give, change or withdraw one's own consent to a category: a severity, -1 for nothing of it, None for no more than any project asks.

    It takes effect at the next request for work. There is no reason to give, and nothing else follows from it.
    """
    try:
        hazard = hazard if hazard == UNCATEGORISED else clean_hazards([hazard])  # spelt as items have it, or an opt-out would not hold
    except ValueError:
        hazard = ""
    if not hazard:
        raise InvalidInput("Name one hazard category.", errors=[{"field": "hazard", "message": "Name one hazard category."}])
    if level not in {None, NOTHING, *CAPPED}:
        raise InvalidInput(
            "The level is 2, 3 or 4, or -1 for nothing of this category.", errors=[{"field": "level", "message": "2, 3, 4 or -1"}]
        )
    _, policy = policy_in_force()
    renewal = policy.levels[level].renewal if level is not None and level != NOTHING else None
    with write_transaction():
        allowance = _lock(person.pk)
        Consent.objects.filter(person=person, hazard=hazard, ended_at__isnull=True).update(ended_at=now)
        row = None
        if level is not None:
            row = Consent.objects.create(
                person=person, hazard=hazard, severity=level, given_at=now, expires_at=now + renewal if renewal is not None else None
            )
        # The audit trail says that something changed, not what: administrators read it.
        audit.record(person, "consent.changed", person, now=now)
        _tell(allowance, now=now)
    return row


def consent_to_project(person: "User", *, project_id: int, now: datetime) -> int:
    """Agree to what a project's material contains, category by category, never to less than before; return how many changed."""
    _, policy = policy_in_force()
    needed = {hazard: severity for hazard, severity in hazards_of_project(project_id).items() if severity > policy.open_severity}
    standing = standing_consents([person.pk], policy=policy, now=now).get(person.pk, {})
    missing = {hazard: severity for hazard, severity in needed.items() if standing.get(hazard, (policy.open_severity, None))[0] < severity}
    with write_transaction():
        for hazard, severity in sorted(missing.items()):
            set_consent(person, hazard=hazard, level=severity, now=now)
    return len(missing)


# --- what dispatch is told --------------------------------------------------------------------------------------------------------


def _lock(person_id: int) -> Allowance:
    """Lock what dispatch was told of a person: of two who tell it, the second then reads what the first has written."""
    Allowance.objects.get_or_create(person_id=person_id, defaults={"told": {}})
    return Allowance.objects.select_for_update().get(person_id=person_id)


def _tell(allowance: Allowance, *, now: datetime, anew: bool = False) -> bool:
    """Tell dispatch of the person whose allowance is locked, if there is anything new, or `anew` whatever it was told before."""
    telling = tellings([allowance.person_id], now=now)[allowance.person_id]
    told = telling.as_json()
    if allowance.told == told and not anew:
        return False
    set_exposure(allowance.person_id, limits=telling.limits, consents=telling.consents, now=now)
    cuts = {str(level): cut.value for level, cut in telling.cuts.items()}
    Allowance.objects.filter(pk=allowance.pk).update(told=told, cuts=cuts, told_at=now)
    return True


def tell_of_person(person_id: int, *, now: datetime, anew: bool = False) -> bool:
    """Put a person's limits and consents in place; return whether anything was new."""
    with write_transaction():
        return _tell(_lock(person_id), now=now, anew=anew)


def welcome_people(*, now: datetime, most: int = NEW_AT_ONCE) -> int:
    """Put the limits of people in place whom nobody has told dispatch about; return how many."""
    people = people_without_allowance(most=most)
    for person in people:
        tell_of_person(person, now=now)
    return len(people)


def renew_allowances(*, now: datetime, progress: jobs.Progress | None = None) -> int:
    """Tell dispatch what has changed for anybody: by the clock, by what they met, by the policy; return for how many."""
    people = people_at_the_queue()
    told = dict(Allowance.objects.filter(person_id__in=people).values_list("person_id", "told"))
    changed = [person for person, telling in tellings(people, now=now).items() if told.get(person) != telling.as_json()]
    for number, person in enumerate(changed):
        tell_of_person(person, now=now)
        if progress is not None:
            progress.tell(number, total=len(changed))
    return len(changed)


# --- entries ----------------------------------------------------------------------------------------------------------------------


def derive_entries(*, now: datetime) -> int:
    """Append an entry for every answer, correction and skip that has none; may run twice, and beside itself. Return how many."""
    answers = _derive("answer", after=answers_after, latest=latest_answer, now=now)
    return answers + _derive("skip", after=skips_after, latest=latest_skip, now=now)


def _derive(source: str, *, after: Callable[..., list[Meeting]], latest: Callable[[], int], now: datetime) -> int:
    mark, _ = ReadMark.objects.get_or_create(source=source)
    added, read_to = 0, mark.until
    for _ in range(MOST_PIECES):
        top = latest()
        with write_transaction():
            ReadMark.objects.select_for_update().get(source=source)
            found = after(read_to, most=PIECE)
            added += _append(source, found)
        if len(found) < PIECE:
            read_to = max(top, read_to)
            break
        read_to = found[-1].id
    if mark.seen_at is None or mark.seen_at <= now - SETTLED:
        ReadMark.objects.filter(source=source, seen=mark.seen).update(until=mark.seen, seen=read_to, seen_at=now)
    return added


def _append(source: str, found: list[Meeting]) -> int:
    kinds = [Kind.ANSWER, Kind.CORRECTION] if source == "answer" else [Kind.SKIP]
    known = set(ExposureEntry.objects.filter(kind__in=kinds, source_id__in=[m.id for m in found]).values_list("source_id", flat=True))
    fresh = [meeting for meeting in found if meeting.id not in known]
    if not fresh:
        return 0
    here = starters({meeting.person_id for meeting in fresh})
    entries = [
        ExposureEntry(
            person_id=meeting.person_id,
            project_id=meeting.project_id,
            kind=_kind(source, meeting),
            source_id=meeting.id,
            at=meeting.at,
            day=here[meeting.person_id].day(meeting.at)[0],
            severity=meeting.severity,
            hazards=meeting.hazards,
            active_ms=min(meeting.most_ms, meeting.most_ms if meeting.active_ms is None else meeting.active_ms),
            reveals=min(meeting.reveals, 32_767),
        )
        for meeting in fresh
    ]
    ExposureEntry.objects.bulk_create(entries)
    _add_up(entries)
    return len(entries)


def _kind(source: str, meeting: Meeting) -> Kind:
    if source == "skip":
        return Kind.SKIP
    return Kind.CORRECTION if meeting.revision else Kind.ANSWER


_ADD = (
    "INSERT INTO wellbeing_exposureday (person_id, day, severity, active_ms, items, last_at) VALUES (%s, %s, %s, %s, %s, %s) "
    "ON CONFLICT (person_id, day, severity) DO UPDATE SET active_ms = wellbeing_exposureday.active_ms + excluded.active_ms, "
    "items = wellbeing_exposureday.items + excluded.items, "
    "last_at = CASE WHEN wellbeing_exposureday.last_at < excluded.last_at THEN excluded.last_at ELSE wellbeing_exposureday.last_at END"
)


def _add_up(entries: Iterable[ExposureEntry]) -> None:
    """Add entries to the days of their people, in one order, so that nobody waits for another in a circle."""
    days: dict[tuple[int, date, int], list[ExposureEntry]] = {}
    for entry in entries:
        days.setdefault((entry.person_id, entry.day, entry.severity), []).append(entry)
    stored = connection.ops
    rows = [
        (
            person,
            stored.adapt_datefield_value(day),
            severity,
            sum(entry.active_ms for entry in together),
            len(together),
            stored.adapt_datetimefield_value(max(entry.at for entry in together)),
        )
        for (person, day, severity), together in sorted(days.items(), key=itemgetter(0))
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_ADD, rows)


def drawn_up(table: dict[str, object]) -> Policy:
    """Read a policy as somebody wrote it, or say that it is none."""
    try:
        return policy_of(table)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput(f"This is not a policy: {error}. Begin with the policy in force and change its numbers.") from error
