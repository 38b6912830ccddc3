"""Setting a person's work aside, and giving an item to another."""

from datetime import datetime
from typing import TYPE_CHECKING

from isogloss.dispatch.models import Lease
from isogloss.dispatch.rules import milliseconds
from isogloss.dispatch.services.people import end_leases_of, ensure_person
from isogloss.dispatch.store import ledger, reasons
from isogloss.dispatch.store.engines import Engine, Row, cold_transaction
from isogloss.platform import audit
from isogloss.platform.problems import Conflict, InvalidInput

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.projects.models import Project

SMALL = 200


class CannotReassign(Conflict):
    """The item cannot go to that person; the detail says why."""

    title = "The item cannot be given to this person"


_STANDING = (
    "SELECT a.id, a.item_id, a.counted, a.gold, a.language FROM annotation_annotation a WHERE a.person_id = ? AND a.project_id = ? "
    "AND NOT EXISTS (SELECT 1 FROM annotation_annotation b WHERE b.item_id = a.item_id AND b.person_id = a.person_id AND b.revision "
    "> a.revision) "
    "AND NOT EXISTS (SELECT 1 FROM annotation_setaside s WHERE s.annotation_id = a.id) ORDER BY a.item_id LIMIT ?"
)


def recall(person: "User", *, project: "Project", reason: str, actor: "User | None", now: datetime) -> int:
    """Set a person's work in a project aside: nothing is deleted, their slots return, they never see the items again; return how many."""
    if not reason.strip():
        raise InvalidInput("Say why the work is set aside.")
    end_leases_of(where="person_id = ? AND project_id = ?", values=(person.pk, project.pk), how="recalled", now=now)
    total = 0
    while True:
        with cold_transaction() as engine:
            ensure_person(engine, person.pk)
            ledger.lock_person(engine, person=person.pk)
            rows = engine.rows(_STANDING, person.pk, project.pk, SMALL)
            for row in rows:
                engine.rows(
                    "INSERT INTO annotation_setaside (annotation_id, by_id, reason, at) VALUES (?, ?, ?, ?)",
                    row[0], actor.pk if actor else None, reason[:300], engine.stamp(milliseconds(now)),
                )  # fmt: skip
            _give_back(engine, [row for row in rows if row[2] and not row[3]], person=person.pk, project=project.pk)
            total += len(rows)
            if len(rows) < SMALL:
                audit.record(
                    actor, "work.recalled", person, now=now, project_id=project.pk, detail={"annotations": total, "reason": reason[:300]}
                )
                return total


def _give_back(engine: Engine, rows: list[Row], *, person: int, project: int) -> None:
    by_language: dict[str, list[int]] = {}
    for _, item, _, _, _ in rows:
        ((language, done, target),) = engine.rows(
            "UPDATE dispatch_progress SET done = done - 1 WHERE item_id = ? RETURNING language, done, target", item
        )
        by_language.setdefault(language, []).append(int(done + 1 >= target))
    ledger.return_slots(engine, items=[row[1] for row in rows])
    for language, were_complete in sorted(by_language.items()):
        number = len(were_complete)
        ledger.count(engine, project=project, language=language, person=person, waiting=number, done=-number, complete=-sum(were_complete))


def reassign(item_id: int, *, giver: "User | None", taker: "User", actor: "User | None", now: datetime) -> str:
    """Give an item to a person: from somebody's lease, or from its free slots; return the new lease. The limits of `next` hold here too."""
    at = milliseconds(now)
    with cold_transaction() as engine:
        for person in sorted({taker.pk, *([giver.pk] if giver else [])}):
            ensure_person(engine, person)
            ledger.lock_person(engine, person=person)
        project, home, language, severity, each = _place(engine, item_id)
        _check_taker(engine, item_id, taker=taker, project=project, home=home, severity=severity, each=each, now=at)
        if giver is not None:
            leases = ledger.leases_of(engine, where="item_id = ? AND person_id = ?", values=(item_id, giver.pk))
            if not leases:
                raise CannotReassign("The person does not hold this item any more. Look at the item again.")
            ledger.supersede(engine, lease=leases[0], how="reassigned", now=at)
        elif not ledger.take_slot(engine, item=item_id):
            raise CannotReassign("The item has no free place. Raise its target, or take it from a person who holds it.")
        lease = _lease_to(engine, item_id, taker=taker.pk, project=project, stratum=home, severity=severity, each=each, now=at)
        if giver is None:
            ledger.count(engine, project=project, language=language, person=taker.pk, waiting=-1, leased=1)
        audit.record(
            actor,
            "item.reassigned",
            taker,
            now=now,
            project_id=project,
            detail={"item": item_id, "from": giver.public_id if giver else None},
        )
    return lease


def _place(engine: Engine, item_id: int) -> Row:
    rows = engine.rows(
        "SELECT p.project_id, p.home_id, p.language, t.severity, t.reserve_ms FROM dispatch_progress p JOIN dispatch_stratum t ON "
        "t.id = p.home_id "
        "WHERE p.item_id = ? AND NOT p.gold",
        item_id,
    )
    if not rows:
        raise CannotReassign("The item is not in the queue.")
    return rows[0]


def _check_taker(engine: Engine, item_id: int, *, taker: "User", project: int, home: int, severity: int, each: int, now: int) -> None:
    state = engine.rows(
        "SELECT p.held, j.paused FROM dispatch_person p, dispatch_project j WHERE p.person_id = ? AND j.project_id = ?", taker.pk, project
    )
    if not state or state[0][0] or state[0][1]:
        raise CannotReassign("The person or the project is paused.")
    seen = (
        "SELECT 1 FROM annotation_annotation WHERE item_id = ? AND person_id = ?",
        "SELECT 1 FROM annotation_skipped WHERE item_id = ? AND person_id = ?",
        "SELECT 1 FROM dispatch_lease WHERE item_id = ? AND person_id = ?",
    )
    if any(engine.rows(sql, item_id, taker.pk) for sql in seen):
        raise CannotReassign("The person has seen this item before.")
    if not engine.rows("SELECT 1 FROM dispatch_subscription WHERE person_id = ? AND stratum_id = ? AND until > ?", taker.pk, home, now):
        raise CannotReassign("The person may not be served this item: language, qualification or consent is missing.")
    exposure = reasons.exposure_of_person(engine, taker.pk)
    if not exposure.room_today(severity=severity, each=each) or not exposure.room_now(severity=severity, each=each, now=now):
        raise CannotReassign("The person has no exposure left for an item like this at the moment.")


def _lease_to(engine: Engine, item_id: int, *, taker: int, project: int, stratum: int, severity: int, each: int, now: int) -> str:
    (public_id,) = ledger.new_leases(1)
    ((schema, lease_ms, version),) = engine.rows(
        "SELECT j.schema_id, j.lease_ms, i.version FROM dispatch_project j, corpus_item i WHERE j.project_id = ? AND i.id = ?",
        project,
        item_id,
    )
    parts = [each * int(severity >= level) for level in (2, 3, 4)]
    ((serve,),) = engine.rows(
        "UPDATE dispatch_person SET served = served + 1, reserved = reserved + ?, reserved2 = reserved2 + ?, reserved3 = reserved3 + ?, "
        "reserved4 = reserved4 + ? WHERE person_id = ? RETURNING served",
        each, *parts, taker,
    )  # fmt: skip
    Lease.objects.create(
        public_id=public_id, person_id=taker, item_id=item_id, project_id=project, stratum_id=stratum, schema_id=schema,
        item_version=version,
        serve=serve, issued=now, expires=now + lease_ms, severity=severity, reserved_ms=each, gold=False,
    )  # fmt: skip
    return public_id
