"""Texts that say the same: compared by signature, held where a project wants nobody to read a text twice, served again on request."""

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from isogloss.core import duplicates
from isogloss.corpus.models import ClusterPass, Item, SignatureBlock
from isogloss.corpus.ports import on_items_ready
from isogloss.corpus.services.detection import shown_text
from isogloss.guidelines.queries import schema_of
from isogloss.platform import audit, jobs
from isogloss.platform.db import write_transaction
from isogloss.platform.jobs import Progress

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.projects.models import Project

BLOCK = 2000
PIECE = 500
Ints = NDArray[np.int64]


def hold_duplicates(project_id: int) -> bool:
    """Whether texts of an import that say what another item says are held instead of served."""
    return ClusterPass.objects.filter(project_id=project_id, holds=True).exists()


def set_hold(project: "Project", *, holds: bool, actor: "User", now: datetime) -> None:
    """Say whether repeated texts of later imports are held; what is served already stays served, what is held stays held."""
    with write_transaction():
        ClusterPass.objects.update_or_create(project=project, defaults={"holds": holds})
        audit.record(actor, "duplicates.held" if holds else "duplicates.served", project, now=now, project_id=project.pk)


def ask_serve_held(project: "Project", *, actor: "User", now: datetime) -> None:
    """Put the serving of everything that is held in line."""
    with write_transaction():
        audit.record(actor, "duplicates.serving_asked", project, now=now, project_id=project.pk)
        jobs.enqueue_once("corpus.serve_held", ids={"project": project.pk}, project_id=project.pk, now=now)


def serve_item(item: Item, *, actor: "User", now: datetime) -> None:
    """Serve one held item after all; one whose language is not known yet is entered when it is."""
    if item.held_for is None:
        return
    on_items_ready(project_id=item.project_id, batch_id=item.batch_id, item_ids=[item.pk], now=now)
    with write_transaction():
        Item.objects.filter(pk=item.pk).update(held_for=None)
        audit.record(actor, "duplicate.served", item, now=now, project_id=item.project_id, detail={"held_for": item.held_for})


def serve_held(project: "Project", *, progress: Progress, now: datetime) -> int:
    """Serve everything that is held."""
    served = 0
    while rows := list(Item.objects.filter(project=project, held_for__isnull=False).order_by("pk").values_list("pk", "batch_id")[:PIECE]):
        for batch in sorted({batch for _, batch in rows}):
            on_items_ready(project_id=project.pk, batch_id=batch, item_ids=[pk for pk, of in rows if of == batch], now=now)
        Item.objects.filter(pk__in=[pk for pk, _ in rows]).update(held_for=None)  # last: a run that dies in between is done again
        served += len(rows)
        progress.tell(served, message=f"{served:,} items in the queue")
    return served


def cluster_items(project: "Project", *, holds: bool, progress: Progress, now: datetime) -> dict[str, object]:
    """Sign the texts that are new, group all signatures, and store for each item the first of those that say the same.

    With `holds`, new items that repeat an earlier one are held for it.
    """
    done, _ = ClusterPass.objects.get_or_create(project=project)
    signed = _sign(project, progress=progress)
    items, hashes, rows = _signatures(project.pk)
    found = duplicates.grouped(rows, hashes)
    sizes = np.bincount(found.near, minlength=len(items)) if len(items) else np.zeros(0, dtype=np.int64)
    inside = sizes[found.near] > 1 if len(items) else np.zeros(0, dtype=np.bool_)
    wanted = dict(zip(items[inside].tolist(), items[found.near[inside]].tolist(), strict=True))
    changed = _store(project.pk, wanted, progress=progress)
    held = _hold(wanted, after=done.upto) if holds else 0
    ClusterPass.objects.filter(pk=done.pk).update(
        upto=int(items[-1]) if len(items) else 0,
        items=len(items),
        clusters=int((sizes > 1).sum()),
        clustered=len(wanted),
        exact=len(items) - len(np.unique(found.exact)),
        largest=int(sizes.max()) if len(items) else 0,
        made_at=now,
    )
    return {"compared": len(items), "signed": signed, "clustered": len(wanted), "changed": changed, "held": held}


def _sign(project: "Project", *, progress: Progress) -> int:
    """Store the signatures of items that have none, a block at a time; a pass that died goes on behind its last block."""
    fields = schema_of(project.version_id).fields
    last = SignatureBlock.objects.filter(project=project).order_by("-last_item").values_list("last_item", flat=True).first() or 0
    new = Item.objects.filter(project=project).order_by("pk")
    signed = 0
    while rows := list(new.filter(pk__gt=last).values_list("pk", "content")[:BLOCK]):
        last = rows[-1][0]
        texts = [shown_text(content, fields) for _, content in rows]
        SignatureBlock.objects.create(
            project=project,
            last_item=last,
            items=np.array([pk for pk, _ in rows], dtype="<i8").tobytes(),
            hashes=np.array([duplicates.exact_hash(text) for text in texts], dtype="<i8").tobytes(),
            signatures=duplicates.signatures(texts).astype("<u4").tobytes(),
        )
        signed += len(rows)
        progress.tell(signed, message=f"{signed:,} texts compared")
    return signed


def _signatures(project_id: int) -> tuple[Ints, Ints, duplicates.Signatures]:
    """Every item's signature, by item."""
    items, hashes, rows = [], [], []
    blocks = SignatureBlock.objects.filter(project_id=project_id).order_by("last_item", "-id")
    for ids, exact, signatures in blocks.values_list("items", "hashes", "signatures").iterator(20):
        items.append(np.frombuffer(ids, dtype="<i8"))
        hashes.append(np.frombuffer(exact, dtype="<i8"))
        rows.append(np.frombuffer(signatures, dtype="<u4").reshape(-1, duplicates.SIGNATURE))
    if not items:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, np.zeros((0, duplicates.SIGNATURE), dtype=np.uint32)
    # Blocks of two workers may overlap; what was rewritten is signed anew in blocks with the last item 0, the newest of which counts.
    every, first = np.unique(np.concatenate(items), return_index=True)
    return every.astype(np.int64), np.concatenate(hashes)[first].astype(np.int64), np.concatenate(rows)[first]


def _store(project_id: int, wanted: dict[int, int], *, progress: Progress) -> int:
    """Write the clusters that changed; an earlier item joins where a new text lies between two of them."""
    there = dict(Item.objects.filter(project_id=project_id, cluster__isnull=False).values_list("pk", "cluster").iterator(5000))
    changes: list[tuple[int | None, int]] = [(cluster, pk) for pk, cluster in wanted.items() if there.get(pk) != cluster]
    changes += [(None, pk) for pk in there.keys() - wanted.keys()]
    for start in range(0, len(changes), PIECE):
        with write_transaction(), connection.cursor() as cursor:
            cursor.executemany("UPDATE corpus_item SET cluster = %s WHERE id = %s", changes[start : start + PIECE])
        progress.tell(start, message=f"{start:,} items joined with those that say the same")
    return len(changes)


def _hold(wanted: dict[int, int], *, after: int) -> int:
    """Hold new items that repeat another; the first of each cluster is served."""
    new = [(first, pk) for pk, first in wanted.items() if pk > after and pk != first]
    for start in range(0, len(new), PIECE):
        with write_transaction(), connection.cursor() as cursor:
            cursor.executemany("UPDATE corpus_item SET held_for = %s WHERE id = %s", new[start : start + PIECE])
    return len(new)
