"""Makers for dispatch: a project with items in the queue, people who ask and answer."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction

from isogloss.accounts.models import User
from isogloss.annotation.models import Annotation
from isogloss.corpus.models import Batch, Item
from isogloss.dispatch.rules import ExposureLimits, is_gold_serve, milliseconds
from isogloss.dispatch.services import mint_token, seed_items, set_exposure
from isogloss.dispatch.store import DispatchStore, ledger, reasons, suggestions
from isogloss.dispatch.store.engines import engine_of_django
from isogloss.dispatch.store.records import NextOutcome, NextRequest, Nothing, SkipRequest, Submission, SubmitOutcome
from isogloss.projects.models import Project
from tests.support.making import NOW, a_lead, a_project, an_annotator

GOLD_KEY = b"a key for tests"


def a_borrowed_store() -> DispatchStore:
    """The store of the engine in use, on Django's connection, so that a test can roll everything back."""
    if connection.vendor == "sqlite":
        return _BorrowedSqlite()
    from tests.dispatch.borrowed import BorrowedPostgresql

    return BorrowedPostgresql(gold_key=GOLD_KEY)


class _BorrowedSqlite:
    """The statements of SqliteStore without its writer."""

    def next_leases(self, request: NextRequest) -> NextOutcome:
        from isogloss.dispatch.store.sqlite_next import next_leases

        with transaction.atomic():
            return next_leases(
                _raw(), request, is_gold=lambda serve, share: is_gold_serve(GOLD_KEY, person=request.person, serve=serve, share=share)
            )

    def submit(self, submission: Submission) -> SubmitOutcome:
        from isogloss.dispatch.store.sqlite import submit

        with transaction.atomic():
            return submit(_raw(), submission)

    def skip(self, request: SkipRequest) -> str:
        with transaction.atomic():
            return ledger.skip(engine_of_django(), request)

    def why_nothing(self, request: NextRequest) -> Nothing:
        return reasons.why_nothing(engine_of_django(), request)

    def lease_facts(self, *, person: int, lease: str):
        return reasons.lease_facts(engine_of_django(), person=person, lease=lease)

    def does_suggest(self, *, project: int) -> bool:
        return suggestions.does_suggest(engine_of_django(), project=project)

    def suggestions(self, *, person: int, project: int) -> dict[str, str]:
        return suggestions.suggestions(engine_of_django(), person=person, project=project)

    def sweep(self, *, now: int) -> int:
        engine = engine_of_django()
        ended = sum(reasons.sweep_person(engine, person=p, now=now) for p in reasons.people_to_sweep(engine, now=now))
        while reasons.bury_spent(engine):
            pass
        return ended

    def close(self) -> None:
        return


def _raw():
    connection.ensure_connection()
    return connection.connection


def some_items(
    project: Project, n: int = 5, *, language: str = "en", severity: int = 0, hazards: str = "", batch: str = "first", **fields: object
) -> list[Item]:
    """Items straight in the table, and in the queue."""
    row, _ = Batch.objects.get_or_create(project=project, name=batch, defaults={"created_at": NOW, **fields})
    start = Item.objects.filter(project=project).count()
    items = Item.objects.bulk_create(
        Item(
            project=project, batch=row, external_id=f"x{start + i}", content=json.dumps({"text": f"Sentence {start + i}."}), content_hash="h", length=10,
            language=language, routing_language=language, severity=severity, hazards=hazards, created_at=NOW,
        )
        for i in range(n)
    )  # fmt: skip
    seed_items(project.pk, now=NOW)
    return items


@dataclass
class Desk:
    """One project with its store and a clock that tests turn."""

    lead: User
    project: Project
    store: DispatchStore
    now: datetime = NOW
    tokens: dict[int, int] = field(default_factory=dict)

    def annotator(self, *tags: str, **options: object) -> User:
        """Somebody whose limits are those of the house; in the first weeks there is nothing severe."""
        person = an_annotator(self.project, lead=self.lead, tags=tags or ("en", "id"), **options)
        set_exposure(person.pk, limits=ExposureLimits(), consents={}, now=self.now)
        return person

    def later(self, **duration: float) -> "Desk":
        self.now += timedelta(**duration)
        return self

    def ask(self, person: User, want: int = 1) -> NextRequest:
        epoch = mint_token(person, project=self.project, now=self.now).epoch
        return NextRequest(person=person.pk, project=self.project.pk, epoch=epoch, want=want, now=milliseconds(self.now))

    def next(self, person: User, want: int = 1) -> NextOutcome:
        return self.store.next_leases(self.ask(person, want))

    def why(self, person: User) -> str:
        return self.store.why_nothing(self.ask(person)).reason

    def submission(self, person: User, lease: str, *, key: str = "", label: str = "positive", active: float = 5) -> Submission:
        request = self.ask(person)
        return Submission(
            person=person.pk, project=self.project.pk, epoch=request.epoch, lease=lease, key=key or uuid.uuid4().hex, body_hash=label,
            answers=json.dumps({"sentiment": label}), active_ms=int(active * 1000), suggestion_visible=False, served="", now=request.now,
            annotation=uuid.uuid4().hex,
        )  # fmt: skip

    def submit(self, person: User, lease: str, **answer: object) -> SubmitOutcome:
        return self.store.submit(self.submission(person, lease, **answer))

    def passing_on(self, person: User, lease: str, *, reason: str = "unclear") -> SkipRequest:
        request = self.ask(person)
        return SkipRequest(
            person=person.pk, project=self.project.pk, epoch=request.epoch, lease=lease, key="k", reason=reason, note="", now=request.now
        )  # fmt: skip

    def skip(self, person: User, lease: str, *, reason: str = "unclear") -> str:
        return self.store.skip(self.passing_on(person, lease, reason=reason))

    def sweep(self) -> int:
        return self.store.sweep(now=milliseconds(self.now))

    def item_of(self, lease: str) -> int:
        engine = engine_of_django()
        for sql in (
            "SELECT item_id FROM dispatch_lease WHERE public_id = ?",
            "SELECT item_id FROM annotation_annotation WHERE lease = ?",
            "SELECT item_id FROM dispatch_lease_ended WHERE public_id = ?",
        ):
            if rows := engine.rows(sql, lease):
                return rows[0][0]
        raise AssertionError(lease)

    def violations(self) -> dict[str, int]:
        from isogloss.dispatch.queries import violations

        return {name: number for name, number in violations(self.project.pk).items() if number}


def a_desk(
    *, target: int = 2, n: int = 0, store: DispatchStore | None = None, languages: tuple[str, ...] = ("en", "id"), **draft: object
) -> Desk:
    lead = a_lead()
    project = a_project(lead, target=target, languages=languages, **draft)
    desk = Desk(lead=lead, project=project, store=store or a_borrowed_store())
    if n:
        some_items(project, n)
    return desk


def annotations(desk: Desk) -> int:
    return Annotation.objects.filter(project_id=desk.project.pk).count()


def answered(desk: Desk, item: Item, person: User, *, label: str = "positive") -> None:
    """An annotation as an import writes it."""
    Annotation.objects.create(
        public_id=f"{item.pk:016x}{person.pk:016x}", project_id=desk.project.pk, item=item, person=person, key=f"import-{item.pk}", body_hash="",
        guideline_version=desk.project.version, answers=json.dumps({"sentiment": label}), language="en", submitted_at=desk.now, source="import",
    )  # fmt: skip
