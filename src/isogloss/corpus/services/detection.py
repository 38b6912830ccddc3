"""Language estimates: a job after the import, in small pieces; items can be served as their piece is done."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from django.db.models import Case, CharField, F, FloatField, Value, When

from isogloss.core.language.identification import Identification
from isogloss.corpus.models import ImportRun, Item
from isogloss.corpus.ports import detector, detector_name, on_estimates_ready, on_items_ready
from isogloss.corpus.rules import FROM_ESTIMATE, flags_of, route
from isogloss.corpus.services.flags import set_flags
from isogloss.guidelines.queries import schema_of
from isogloss.platform.db import write_transaction
from isogloss.platform.jobs import Progress
from isogloss.projects.queries import language_tags

if TYPE_CHECKING:
    from isogloss.projects.models import Project

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
    columns = ("pk", "content", "declared_language", "routing_language", "held_for")
    while rows := list(waiting.filter(pk__gt=after).values_list(*columns)[:PIECE]):
        after = rows[-1][0]
        texts = [shown_text(row[1], fields) for row in rows]
        name = detector_name()
        found = detector()(texts, languages=languages)
        to_route = [(pk, declared) for pk, _, declared, routing, _ in rows if routing is None]
        estimates = {row[0]: identification for row, identification in zip(rows, found, strict=True)}
        _store(estimates, to_route, languages=frozenset(languages), name=name)
        _flag(run.project_id, estimates, declared={row[0]: row[2] for row in rows})
        if live := [pk for pk, _, _, routing, held_for in rows if routing is None and held_for is None]:
            on_items_ready(project_id=run.project_id, batch_id=run.batch_id, item_ids=live, now=now)
        done += len(rows)
        progress.tell(done, total=total, message=f"{done:,} of {total:,} texts looked at")
    on_estimates_ready(project_id=run.project_id, now=now)
    return {"detected": done}


def reestimate_languages(project: "Project", *, progress: Progress, now: datetime) -> dict[str, object]:
    """Estimate every item again with the detector that speaks now, and raise the flags anew; nobody's queue changes.

    The routing language stays as it is, also where the new estimate would route elsewhere: work that is under way is not moved silently.
    The result says how many such items there are.
    """
    fields = schema_of(project.version_id).fields
    languages = language_tags(project)
    known = Item.objects.filter(project=project).order_by("pk")
    total = known.count()
    done, after, changed, elsewhere = 0, 0, 0, 0
    columns = ("pk", "content", "declared_language", "routing_language", "language")
    while rows := list(known.filter(pk__gt=after).values_list(*columns)[:PIECE]):
        after = rows[-1][0]
        name = detector_name()
        found = detector()([shown_text(row[1], fields) for row in rows], languages=languages)
        estimates = {row[0]: identification for row, identification in zip(rows, found, strict=True)}
        _store(estimates, [], languages=frozenset(languages), name=name)
        _flag(project.pk, estimates, declared={row[0]: row[2] for row in rows})
        for pk, _, declared, routing, before in rows:
            changed += bool(before) and estimates[pk].language != before
            wanted = route(
                declared=declared, estimate=estimates[pk].language, confidence=estimates[pk].confidence, languages=frozenset(languages)
            )
            elsewhere += routing is not None and wanted != routing
        done += len(rows)
        progress.tell(done, total=total, message=f"{done:,} of {total:,} texts looked at")
    on_estimates_ready(project_id=project.pk, now=now)
    return {"estimated": done, "changed": changed, "would_route_elsewhere": elsewhere, "model": detector_name()}


def _flag(project_id: int, estimates: dict[int, Identification], *, declared: dict[int, str]) -> None:
    raised = {pk: flags_of(found, declared=declared[pk]) for pk, found in estimates.items()}
    set_flags(project_id, raised=raised, kinds=FROM_ESTIMATE)


def announce_items(run: ImportRun, *, progress: Progress, now: datetime) -> int:
    """Tell the listeners of every item of the import's batch whose language is settled; who knows an item already takes it as known."""
    assert run.batch_id is not None  # an import is started with one
    settled = Item.objects.filter(batch_id=run.batch_id, routing_language__isnull=False, held_for__isnull=True).order_by("pk")
    told, after = 0, 0
    while ids := list(settled.filter(pk__gt=after).values_list("pk", flat=True)[:ANNOUNCED]):
        after = ids[-1]
        on_items_ready(project_id=run.project_id, batch_id=run.batch_id, item_ids=ids, now=now)
        told += len(ids)
        progress.tell(told, message=f"{told:,} items in the queue")
    return told


def shown_text(content: str, fields: Sequence[str]) -> str:
    """Return what people read of an item, as one text."""
    value = msgspec.json.decode(content)
    texts = [value.get(name) for name in fields] if fields else list(value.values())
    return "\n".join(text for text in texts if isinstance(text, str))


def _store(found: dict[int, Identification], to_route: list[tuple[int, str]], *, languages: frozenset[str], name: str) -> None:
    routes = {
        pk: route(declared=declared, estimate=found[pk].language, confidence=found[pk].confidence, languages=languages)
        for pk, declared in to_route
    }
    with write_transaction():
        Item.objects.filter(pk__in=list(found)).update(
            language=Case(*[When(pk=pk, then=Value(i.language)) for pk, i in found.items()], output_field=CharField()),
            confidence=Case(*[When(pk=pk, then=Value(i.confidence)) for pk, i in found.items()], output_field=FloatField()),
            runner_up=Case(*[When(pk=pk, then=Value(i.runner_up or "")) for pk, i in found.items()], output_field=CharField()),
            estimated_by=name,
        )
        if routes:
            Item.objects.filter(pk__in=list(routes), routing_language__isnull=True).update(  # not what was replaced and routed meanwhile
                routing_language=Case(
                    *[When(pk=pk, then=Value(tag)) for pk, tag in routes.items()], default=F("routing_language"), output_field=CharField()
                )
            )
