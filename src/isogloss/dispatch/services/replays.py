"""Writing answers that were recorded elsewhere: tests and migrations, by `isogloss annotate --as`."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from isogloss.dispatch.rules import milliseconds
from isogloss.dispatch.services.people import ensure_person
from isogloss.dispatch.store import ledger
from isogloss.dispatch.store.engines import Engine, cold_transaction
from isogloss.dispatch.store.records import KeyClash, SubmitOutcome
from isogloss.guidelines.queries import schema_of
from isogloss.guidelines.schemas import CompiledSchema, compile_schema
from isogloss.platform import audit
from isogloss.platform.identifiers import new_public_id
from isogloss.platform.problems import InvalidInput, NotFound

if TYPE_CHECKING:
    from isogloss.accounts.models import User


def replay_annotation(
    *, item_id: int, person: "User", answers: Mapping[str, Any], key: str, actor: "User | None", now: datetime, active_ms: int | None = None
) -> SubmitOutcome:
    """Store a recorded answer in a person's name: it takes a free place if there is one, counts neither for gold nor for exposure."""
    encoded = msgspec.json.encode(answers).decode()
    body_hash = hashlib.blake2b(encoded.encode(), digest_size=16).hexdigest()
    with cold_transaction() as engine:
        ensure_person(engine, person.pk)
        ledger.lock_person(engine, person=person.pk)
        project, version, schema, language, gold = _facts(engine, item_id, answers=answers)
        known = engine.rows(
            "SELECT public_id, revision, body_hash FROM annotation_annotation WHERE person_id = ? AND key = ?", person.pk, key
        )
        if known:
            if known[0][2] != body_hash:
                raise KeyClash("This key was used for another answer. Make a new key for each answer.")
            return SubmitOutcome(state="repeat", annotation=known[0][0], revision=known[0][1], today=0)
        earlier = engine.rows(
            "SELECT a.revision, a.counted, EXISTS (SELECT 1 FROM annotation_setaside s WHERE s.annotation_id = a.id) FROM "
            "annotation_annotation a "
            "WHERE a.item_id = ? AND a.person_id = ? ORDER BY a.revision DESC LIMIT 1",
            item_id, person.pk,
        )  # fmt: skip
        revision = earlier[0][0] + 1 if earlier else 0
        counts, from_lease, from_queue = bool(earlier and earlier[0][1] and not earlier[0][2]), False, False
        if not earlier and not gold:
            from_lease = _use_lease(engine, item_id, person=person.pk, now=milliseconds(now))
            from_queue = not from_lease and ledger.take_slot(engine, item=item_id)
            counts = from_lease or from_queue
        annotation = new_public_id()
        engine.rows(
            ledger.ANNOTATION,
            annotation, project, item_id, version, person.pk, revision, key, body_hash, schema, encoded, language, None, None,
            engine.stamp(milliseconds(now)), active_ms, False, "", "replayed", counts, False,
        )  # fmt: skip
        if not earlier and not gold:
            _count(engine, item_id, person=person.pk, project=project, counts=counts, from_lease=from_lease)
        audit.record(
            actor, "annotation.replayed", person, now=now, project_id=project, detail={"annotation": annotation, "revision": revision}
        )
    state = "correction" if earlier else "counted" if counts else "surplus"
    return SubmitOutcome(state=state, annotation=annotation, revision=revision, today=0)


def _facts(engine: Engine, item_id: int, *, answers: Mapping[str, Any]) -> tuple[int, int, int, str, bool]:
    rows = engine.rows(
        "SELECT i.project_id, i.version, j.schema_id, p.language, p.gold, i.content FROM corpus_item i JOIN dispatch_progress p ON "
        "p.item_id = i.id "
        "JOIN dispatch_project j ON j.project_id = i.project_id WHERE i.id = ?",
        item_id,
    )
    if not rows:
        raise NotFound("The item is not in the queue.")
    project, version, schema, language, gold, content = rows[0]
    problems = _compiled(schema).problems(dict(answers), content=msgspec.json.decode(content))
    if problems:
        errors: list[dict[str, object]] = [{"question": p.question, "path": p.path, "message": p.message} for p in problems]
        raise InvalidInput("The answers do not fit the project's questions.", errors=errors)
    return project, version, schema, language, bool(gold)


@lru_cache(maxsize=64)
def _compiled(version_id: int) -> CompiledSchema:
    return compile_schema(schema_of(version_id))


def _use_lease(engine: Engine, item_id: int, *, person: int, now: int) -> bool:
    leases = ledger.leases_of(engine, where="item_id = ? AND person_id = ?", values=(item_id, person))
    for lease in leases:
        ledger.supersede(engine, lease=lease, how="superseded", now=now)
    return bool(leases)


def _count(engine: Engine, item_id: int, *, person: int, project: int, counts: bool, from_lease: bool) -> None:
    ((language, done, target),) = engine.rows(
        "UPDATE dispatch_progress SET done = done + ? WHERE item_id = ? RETURNING language, done, target", int(counts), item_id
    )
    ledger.count(
        engine, project=project, language=language, person=person, waiting=-int(counts and not from_lease), leased=-int(from_lease),
        done=int(counts), complete=int(counts and done == target), surplus=int(not counts),
    )  # fmt: skip
