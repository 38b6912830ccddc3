"""How a person stands with dispatch: tokens and their revocation, holds, exposure and consents pushed down by wellbeing, gold record."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING

from django.conf import settings

from isogloss.dispatch.models import Consent, DispatchPerson
from isogloss.dispatch.ports import ask_for_limits
from isogloss.dispatch.rules import FOREVER, SEVERITIES, ExposureLimits, gold_share, milliseconds
from isogloss.dispatch.services.people import end_leases_of, ensure_person, is_closed, sync_membership, sync_person, sync_project
from isogloss.dispatch.store import ledger, reasons
from isogloss.dispatch.store.engines import Engine, Row, cold_transaction
from isogloss.dispatch.tokens import Token, make_token
from isogloss.platform import audit

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.projects.models import Project


def mint_token(person: "User", *, project: "Project", now: datetime) -> Token:
    """Give a person a token for the hot path of a project; the caller has opened the project's door."""
    zone = _zone(person)
    with cold_transaction() as engine:
        ensure_person(engine, person.pk)
        engine.rows("UPDATE dispatch_person SET zone = ? WHERE person_id = ? AND zone <> ?", zone, person.pk, zone)
        is_known = bool(engine.rows("SELECT 1 FROM dispatch_project WHERE project_id = ?", project.pk))
    if is_closed(person.pk):
        ask_for_limits(person_id=person.pk, now=now)
    if is_known:
        sync_membership(person.pk, project_id=project.pk, now=now)
    else:
        sync_project(project.pk, now=now)
    epoch = DispatchPerson.objects.values_list("epoch", flat=True).get(pk=person.pk)
    return make_token(person=person.pk, project=project.pk, epoch=epoch, language=person.language, now=now)


def _zone(person: "User") -> str:
    profile = getattr(person, "profile", None)
    return (profile.time_zone if profile else "") or person.time_zone or settings.TIME_ZONE


def raise_epoch(person_id: int, *, now: datetime) -> None:
    """Void every token of a person at once; who may still work fetches a new one."""
    with cold_transaction() as engine:
        ensure_person(engine, person_id)
        engine.rows("UPDATE dispatch_person SET epoch = epoch + 1 WHERE person_id = ?", person_id)
    sync_person(person_id, now=now)


def hold_person(person: "User", *, reason: str, actor: "User | None", now: datetime) -> None:
    """Serve a person nothing from the next request on; what they hold goes back."""
    with cold_transaction() as engine:
        ensure_person(engine, person.pk)
        engine.rows("UPDATE dispatch_person SET held = ? WHERE person_id = ?", True, person.pk)
        audit.record(actor, "person.held", person, now=now, detail={"reason": reason[:300]})
    end_leases_of(where="person_id = ?", values=(person.pk,), how="paused", now=now)


def resume_person(person: "User", *, actor: "User | None", now: datetime) -> None:
    """Serve a person again."""
    with cold_transaction() as engine:
        ensure_person(engine, person.pk)
        engine.rows("UPDATE dispatch_person SET held = ? WHERE person_id = ?", False, person.pk)
        audit.record(actor, "person.resumed", person, now=now)


def set_exposure(person_id: int, *, limits: ExposureLimits, consents: Mapping[str, tuple[int, datetime | None]], now: datetime) -> None:
    """Put a person's caps, stretch limits and consents in place; what they hold beyond them goes back.

    `consents` is the whole of them: hazard → highest severity, end.
    """
    caps = [_ms(limits.caps.get(level)) for level in SEVERITIES]
    stretches = [_ms(limits.stretches.get(level)) for level in (0, *SEVERITIES)]
    rows = sorted((hazard, severity, FOREVER if until is None else milliseconds(until)) for hazard, (severity, until) in consents.items())
    with cold_transaction() as engine:
        ensure_person(engine, person_id)
        ledger.lock_person(engine, person=person_id)
        ((opened,),) = engine.rows("SELECT open_severity FROM dispatch_person WHERE person_id = ?", person_id)
        agreed = sorted(Consent.objects.filter(person_id=person_id).values_list("hazard", "severity", "until"))
        engine.rows(
            "UPDATE dispatch_person SET cap2 = ?, cap3 = ?, cap4 = ?, limit0 = ?, limit2 = ?, limit3 = ?, limit4 = ?, pause_ms = ?, "
            "pause4_ms = ?, "
            "open_severity = ? WHERE person_id = ?",
            *caps, *stretches, _ms(limits.pause), _ms(limits.pause_after_s4), limits.open_severity, person_id,
        )  # fmt: skip
        ledger.end_leases(engine, leases=_beyond(engine, person_id, now=now), how="returned", now=milliseconds(now))
        if agreed == rows and opened == limits.open_severity:
            return  # caps are read from the person's row; what may be read at all has not changed
        Consent.objects.filter(person_id=person_id).delete()
        Consent.objects.bulk_create(
            Consent(person_id=person_id, hazard=hazard, severity=severity, until=until) for hazard, severity, until in rows
        )
    sync_person(person_id, now=now)


def _beyond(engine: Engine, person_id: int, *, now: datetime) -> list[Row]:
    """Return the leases, the latest first, that must go back for the person's caps to hold."""
    ((exposure, day_ends, _),) = reasons.exposure_of_people(engine, [person_id]).values()
    used = exposure.used if day_ends > milliseconds(now) else [0, 0, 0]
    over = [sum(account) for account in zip(used, exposure.reserved, (-cap for cap in exposure.caps), strict=True)]
    leases = ledger.leases_of(engine, where="person_id = ? AND severity >= ?", values=(person_id, SEVERITIES[0]))
    beyond = []
    for lease in sorted(leases, key=itemgetter(ledger.SERVE), reverse=True):
        counts = [lease[ledger.SEVERITY] >= level for level in SEVERITIES]
        if any(here and too_much > 0 for here, too_much in zip(counts, over, strict=True)):
            beyond.append(lease)
            over = [too_much - here * lease[ledger.RESERVED] for here, too_much in zip(counts, over, strict=True)]
    return beyond


def _ms(duration: timedelta | None) -> int:
    return FOREVER if duration is None else int(duration.total_seconds() * 1000)


def set_gold_record(person_id: int, *, answers: int, right: int, now: datetime) -> None:  # noqa: ARG001  every service takes the moment
    """Note how a person did on gold, pushed down by quality; who has shown it meets less gold."""
    with cold_transaction() as engine:
        ensure_person(engine, person_id)
        ((active_days,),) = engine.rows("SELECT active_days FROM dispatch_person WHERE person_id = ? /*lock*/", person_id)
        share = gold_share(active_days=active_days, answers=answers, right=right)
        engine.rows(
            "UPDATE dispatch_person SET gold_answers = ?, gold_right = ?, gold_share = ? WHERE person_id = ?",
            answers,
            right,
            share,
            person_id,
        )
