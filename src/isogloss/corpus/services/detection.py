"""Language estimates: a job after the import, in small pieces; items can be served as their piece is done."""

from datetime import datetime

import msgspec
from django.db.models import Case, CharField, F, FloatField, Value, When

from isogloss.core.language.identification import Identification
from isogloss.corpus.models import ImportRun, Item
from isogloss.corpus.ports import detector, on_items_ready
from isogloss.corpus.rules import route
from isogloss.guidelines.queries import schema_of
from isogloss.platform.db import write_transaction
from isogloss.platform.jobs import Progress
from isogloss.projects.queries import language_tags

PIECE = 400
ANNOUNCED = 4000


def detect_languages(run: ImportRun, *, progress: Progress, now: datetime) -> dict[str, object]:
    """Estimate the language of every item of the import's batch that has none yet, and route the items."""
    fields = schema_of(run.project.version_id).fields
    languages = language_tags(run.project)
    assert run.batch_id is not None  # an import is started with one
    waiting = Item.objects.filter(batch_id=run.batch_id, confidence__isnull=True).order_by("pk")
    total = waiting.count()
    done, after = 0, 0
    while rows := list(waiting.filter(pk__gt=after).values_list("pk", "content", "declared_language", "routing_language")[:PIECE]):
        after = rows[-1][0]
        texts = [_text(content, fields) for _, content, _, _ in rows]
        found = detector()(texts, languages=languages)
        to_route = [(pk, declared) for pk, _, declared, routing in rows if routing is None]
        _store({row[0]: identification for row, identification in zip(rows, found, strict=True)}, to_route, languages=frozenset(languages))
        if to_route:
            on_items_ready(project_id=run.project_id, batch_id=run.batch_id, item_ids=[pk for pk, _ in to_route], now=now)
        done += len(rows)
        progress.tell(done, total=total, message=f"{done:,} of {total:,} texts looked at")
    return {"detected": done}


def announce_items(run: ImportRun, *, progress: Progress, now: datetime) -> int:
    """Tell the listeners of every item of the import's batch whose language is settled; who knows an item already takes it as known."""
    assert run.batch_id is not None  # an import is started with one
    settled = Item.objects.filter(batch_id=run.batch_id, routing_language__isnull=False).order_by("pk")
    told, after = 0, 0
    while ids := list(settled.filter(pk__gt=after).values_list("pk", flat=True)[:ANNOUNCED]):
        after = ids[-1]
        on_items_ready(project_id=run.project_id, batch_id=run.batch_id, item_ids=ids, now=now)
        told += len(ids)
        progress.tell(told, message=f"{told:,} items in the queue")
    return told


def _text(content: str, fields: tuple[str, ...]) -> str:
    value = msgspec.json.decode(content)
    texts = [value.get(name) for name in fields] if fields else list(value.values())
    return "\n".join(text for text in texts if isinstance(text, str))


def _store(found: dict[int, Identification], to_route: list[tuple[int, str]], *, languages: frozenset[str]) -> None:
    routes = {
        pk: route(declared=declared, estimate=found[pk].language, confidence=found[pk].confidence, languages=languages)
        for pk, declared in to_route
    }
    with write_transaction():
        Item.objects.filter(pk__in=list(found)).update(
            language=Case(*[When(pk=pk, then=Value(i.language)) for pk, i in found.items()], output_field=CharField()),
            confidence=Case(*[When(pk=pk, then=Value(i.confidence)) for pk, i in found.items()], output_field=FloatField()),
            runner_up=Case(*[When(pk=pk, then=Value(i.runner_up or "")) for pk, i in found.items()], output_field=CharField()),
        )
        if routes:
            Item.objects.filter(pk__in=list(routes)).update(
                routing_language=Case(
                    *[When(pk=pk, then=Value(tag)) for pk, tag in routes.items()], default=F("routing_language"), output_field=CharField()
                )
            )
