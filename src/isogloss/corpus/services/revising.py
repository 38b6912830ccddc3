"""Rows of an import with `--update` that say of a known item something else than what is known: its text, language, severity, hazards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from isogloss.core import duplicates
from isogloss.core.language.identification import Identification
from isogloss.corpus.models import ImportRun, Item, ItemVersion, SignatureBlock
from isogloss.corpus.ports import detector, detector_name, on_items_changed, on_items_ready
from isogloss.corpus.rules import FROM_ESTIMATE, Difference, NewItem, differences, flags_of, revised, route
from isogloss.corpus.services.detection import shown_text
from isogloss.corpus.services.flags import set_flags
from isogloss.guidelines.queries import schema_of
from isogloss.projects.queries import language_tags

PIECE = 25
"""Items a transaction changes one by one and moves in the queue."""
_SPOKEN = frozenset({Difference.CONTENT, Difference.LANGUAGE})
"""What makes the language of an item another question."""


@dataclass(frozen=True, slots=True)
class Revision:
    """Rows that change known items, with what is estimated of their texts: made before the transaction that writes them."""

    rows: list[NewItem]
    estimates: dict[str, Identification]
    detector: str
    fields: tuple[str, ...]
    languages: frozenset[str]


def prepare_revision(run: ImportRun, changes: Sequence[tuple[NewItem, tuple[Difference, ...]]]) -> Revision:
    """Estimate the languages of the rows' texts at once: an item whose text is another must not wait in the queue of its old language."""
    fields = schema_of(run.project.version_id).fields
    languages = language_tags(run.project)
    read = [row for row, found in changes if not _SPOKEN.isdisjoint(found)]
    name = detector_name()
    estimates: dict[str, Identification] = {}
    if read and run.options.get("detect", True):
        found = detector()([shown_text(row.content, fields) for row in read], languages=languages)
        estimates = {row.external_id: identification for row, identification in zip(read, found, strict=True)}
    return Revision([row for row, _ in changes], estimates, name, fields, frozenset(languages))


def write_revision(run: ImportRun, revision: Revision, *, declared_hazards: str, now: datetime) -> list[int]:
    """Write what the rows say, move the items in the queue, and return those that were held for a text they no longer repeat.

    It runs in the caller's transaction.
    """
    rows = {row.external_id: row for row in revision.rows}
    items = list(Item.objects.filter(project_id=run.project_id, external_id__in=list(rows)).order_by("pk"))
    rewritten: list[Item] = []
    flagged: dict[int, Identification] = {}
    for item in items:
        row, known = rows[item.external_id], item.known()
        found = differences(row, known, declared_hazards=declared_hazards)
        wanted = revised(row, known, declared_hazards=declared_hazards)
        item.declared_language, item.severity, item.hazards = wanted.declared_language, wanted.severity, wanted.hazards
        columns = ["declared_language", "severity", "hazards"]
        if Difference.CONTENT in found:
            columns += _rewrite(item, row, now=now)
            rewritten.append(item)
        if not _SPOKEN.isdisjoint(found):
            estimate = revision.estimates.get(item.external_id)
            columns += _estimate(item, estimate, revision=revision)
            if estimate is not None:
                flagged[item.pk] = estimate
        item.save(update_fields=columns)  # its cluster may be found at this moment
    declared = {item.pk: item.declared_language for item in items}
    raised = {pk: flags_of(found, declared=declared[pk]) for pk, found in flagged.items()}
    set_flags(run.project_id, raised=raised, kinds=FROM_ESTIMATE)
    _sign_anew(run.project_id, rewritten, fields=revision.fields)
    on_items_changed(project_id=run.project_id, item_ids=[item.pk for item in items], now=now)
    return [item.pk for item in rewritten if item.held_for is not None]


def _rewrite(item: Item, row: NewItem, *, now: datetime) -> list[str]:
    """Put the row's content in the place of the item's, which is kept as a version."""
    if not ItemVersion.objects.filter(item=item, number=item.version).exists():
        ItemVersion.objects.create(item=item, number=item.version, content=item.content, content_hash=item.content_hash, at=item.created_at)
    item.version += 1
    item.content, item.content_hash, item.length, item.meta = row.content, row.content_hash, row.length, row.meta
    ItemVersion.objects.create(item=item, number=item.version, content=item.content, content_hash=item.content_hash, at=now)
    return ["version", "content", "content_hash", "length", "meta"]


def _estimate(item: Item, found: Identification | None, *, revision: Revision) -> list[str]:
    item.language, item.runner_up = (found.language, found.runner_up or "") if found else ("", "")
    item.confidence = found.confidence if found else None
    item.estimated_by = revision.detector if found else ""
    item.routing_language = route(
        declared=item.declared_language, estimate=item.language, confidence=item.confidence, languages=revision.languages
    )
    return ["language", "runner_up", "confidence", "estimated_by", "routing_language"]


def _sign_anew(project_id: int, items: Sequence[Item], *, fields: tuple[str, ...]) -> None:
    """Store signatures of texts that are others now, in a block that is read before those that hold the old ones."""
    if not items or not SignatureBlock.objects.filter(project_id=project_id).exists():
        return  # nothing is signed yet: the first pass reads the texts as they are then
    texts = [shown_text(item.content, fields) for item in items]
    SignatureBlock.objects.create(
        project_id=project_id,
        last_item=0,
        items=np.array([item.pk for item in items], dtype="<i8").tobytes(),
        hashes=np.array([duplicates.exact_hash(text) for text in texts], dtype="<i8").tobytes(),
        signatures=duplicates.signatures(texts).astype("<u4").tobytes(),
    )


def serve_rewritten(run: ImportRun, item_ids: Sequence[int], *, now: datetime) -> None:
    """Serve items that were held for a text which they no longer repeat."""
    rows = list(Item.objects.filter(pk__in=item_ids).values_list("pk", "batch_id"))
    for batch in sorted({batch for _, batch in rows}):
        on_items_ready(project_id=run.project_id, batch_id=batch, item_ids=[pk for pk, of in rows if of == batch], now=now)
    Item.objects.filter(pk__in=item_ids).update(held_for=None)  # last: who dies in between leaves them held, and listed as that
