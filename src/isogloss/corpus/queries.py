"""Reads about batches, items and imports."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from isogloss.corpus.models import Batch, ClusterPass, Flag, ImportRun, Item, ItemVersion, ProfileRun
from isogloss.corpus.rules import FlagKind
from isogloss.platform.models import JobState

if TYPE_CHECKING:
    from isogloss.projects.models import Project

PAGE = 50


def batches(project: "Project") -> QuerySet[Batch]:
    """Batches of a project, newest first."""
    return Batch.objects.filter(project=project).order_by("-id")


def items_in_batch(project: "Project", *, name: str) -> int | None:
    """Return how many items a batch of this name has; None where there is no such batch."""
    found = Batch.objects.filter(project=project, name=name).first()
    return None if found is None else Item.objects.filter(batch=found).count()


def import_runs(project: "Project") -> QuerySet[ImportRun]:
    """Return the imports into a project, newest first."""
    return ImportRun.objects.filter(project=project).select_related("job", "batch", "created_by").order_by("-id")


def left_imports() -> QuerySet[ImportRun]:
    """Return the imports that stopped without storing that they did, oldest first."""
    ended = (JobState.FAILED, JobState.CANCELLED)
    return (
        ImportRun.objects.filter(finished_at__isnull=True, job__state__in=ended, batch__isnull=False)
        .select_related("project")
        .order_by("id")[:20]
    )


def profile_runs(project: "Project") -> QuerySet[ProfileRun]:
    """Return the profiles of a project's files and batches, newest first."""
    return ProfileRun.objects.filter(project=project).select_related("job", "batch").order_by("-id")


def batch_named(project: "Project", *, name: str) -> Batch | None:
    """Return a project's batch of this name."""
    return Batch.objects.filter(project=project, name=name).first()


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """What the item list is narrowed to; `search` is a prefix of the external id."""

    language: str = ""
    batch: str = ""
    search: str = ""
    flag: str = ""
    after: int = 0


def items(project: "Project", *, narrowed: ItemFilter) -> QuerySet[Item]:
    """Items of a project in the order they came, from after a given id (keyset: a page costs the same wherever it lies)."""
    rows = Item.objects.filter(project=project, pk__gt=narrowed.after).order_by("pk")
    if narrowed.language:
        rows = rows.filter(routing_language=narrowed.language)
    if narrowed.batch:
        rows = rows.filter(batch__public_id=narrowed.batch)
    if narrowed.search:
        # A range, not LIKE: both engines answer it from the unique index, whatever their collation settings.
        rows = rows.filter(external_id__gte=narrowed.search, external_id__lt=narrowed.search + "\U0010ffff")
    if narrowed.flag:
        # Subquery over the flag's own index: of a rare flag only its rows are read, whatever the project's size.
        rows = rows.filter(pk__in=Flag.objects.filter(project=project, kind=narrowed.flag, item_id__gt=narrowed.after).values("item_id"))
    return rows


def flags_of_items(item_ids: Iterable[int]) -> dict[int, list[FlagKind]]:
    """Return the flags of these items."""
    found: dict[int, list[FlagKind]] = {}
    for item, kind in Flag.objects.filter(item_id__in=list(item_ids)).order_by("kind").values_list("item_id", "kind"):
        found.setdefault(item, []).append(FlagKind(kind))
    return found


@dataclass(frozen=True, slots=True)
class FlaggedItem:
    """What the precision of a flag is counted from."""

    kind: FlagKind
    item_id: int
    routing: str
    estimate: str
    declared: str


def flagged_items(project_id: int) -> Iterator[FlaggedItem]:
    """Yield every flag of a project with what is known of its item's language, in one query."""
    columns = ("kind", "item_id", "item__routing_language", "item__language", "item__declared_language")
    for kind, item, routing, estimate, declared in Flag.objects.filter(project_id=project_id).values_list(*columns).iterator(5000):
        yield FlaggedItem(FlagKind(kind), item, routing or "und", estimate, declared)


def count_flags(project_id: int) -> int:
    """Count the flags of a project."""
    return Flag.objects.filter(project_id=project_id).count()


@dataclass(frozen=True, slots=True)
class Readable:
    """An item's text as stored, and its estimate."""

    pk: int
    content: str
    version: int
    language: str
    confidence: float | None


def items_to_read(project_id: int, *, after: int, most: int) -> list[Readable]:
    """Return items from after an id, in order."""
    rows = Item.objects.filter(project_id=project_id, pk__gt=after).order_by("pk")[:most]
    return [Readable(*row) for row in rows.values_list("pk", "content", "version", "language", "confidence")]


def sure_estimates(item_ids: Iterable[int], *, least: float) -> dict[int, str]:
    """Return the estimated language of those of these items whose detector was sure."""
    return dict(Item.objects.filter(pk__in=list(item_ids), confidence__gte=least).values_list("pk", "language"))


@dataclass(frozen=True, slots=True)
class Repetition:
    """What comparing a project's texts came to; `made_at` is None until somebody has."""

    holds: bool
    items: int
    clusters: int
    clustered: int
    exact: int
    largest: int
    held: int
    made_at: datetime | None

    @property
    def repeated(self) -> int:
        """Texts that say what an earlier one says."""
        return self.clustered - self.clusters


def repetition(project_id: int) -> Repetition:
    """Return what comparing a project's texts came to."""
    held = Item.objects.filter(project_id=project_id, held_for__isnull=False).count()
    row = ClusterPass.objects.filter(project_id=project_id).first()
    if row is None:
        return Repetition(holds=False, items=0, clusters=0, clustered=0, exact=0, largest=0, held=held, made_at=None)
    return Repetition(row.holds, row.items, row.clusters, row.clustered, row.exact, row.largest, held, row.made_at)


@dataclass(frozen=True, slots=True)
class BatchRepetition:
    """Of a batch's items: how many say what an earlier item says, and how many of them what an item of another batch says."""

    repeated: int
    elsewhere: int
    held: int


def batch_repetition(batch: Batch) -> BatchRepetition:
    """Count a batch's repetitions."""
    inside = Item.objects.filter(batch=batch, cluster__isnull=False)
    first_elsewhere = Exists(Item.objects.filter(pk=OuterRef("cluster")).exclude(batch=batch))
    found = inside.exclude(cluster=F("pk")).aggregate(
        n=Count("pk"), away=Count("pk", filter=Q(first_elsewhere)), held=Count("pk", filter=Q(held_for__isnull=False))
    )
    return BatchRepetition(found["n"], found["away"], found["held"])


def cluster_of(item: Item, *, most: int = 20) -> list[Item]:
    """Return other items that say nearly what this one says, in the order they came."""
    if item.cluster is None:
        return []
    return list(Item.objects.filter(cluster=item.cluster).exclude(pk=item.pk).select_related("batch").order_by("pk")[:most])


def items_by_external_id(project: "Project", *, external_ids: Iterable[str]) -> dict[str, Item]:
    """Return the items with these external ids."""
    return {item.external_id: item for item in Item.objects.filter(project=project, external_id__in=list(external_ids))}


def contents_of(versions: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Return the content of these (item, version), where it was kept: version 1 of an item that never changed stands in it alone."""
    wanted = set(versions)
    rows = ItemVersion.objects.filter(item_id__in={item for item, _ in wanted}).values_list("item_id", "number", "content")
    return {(item, number): content for item, number, content in rows if (item, number) in wanted}


def item_versions(item: Item) -> QuerySet[ItemVersion]:
    """Every content an item has had, oldest first; empty for an item that never changed."""
    return ItemVersion.objects.filter(item=item).order_by("number")


@dataclass(frozen=True, slots=True)
class ItemFact:
    """What other contexts need to know of an item without its content."""

    id: int
    batch_id: int
    external_id: str
    version: int
    routing_language: str | None
    severity: int
    length: int


def item_facts(item_ids: Iterable[int]) -> list[ItemFact]:
    """Return the facts of these items, by id."""
    rows = Item.objects.filter(pk__in=list(item_ids)).order_by("pk")
    return [
        ItemFact(*row) for row in rows.values_list("id", "batch_id", "external_id", "version", "routing_language", "severity", "length")
    ]


@dataclass(frozen=True, slots=True)
class ItemKey:
    """What an annotation needs to know of its item."""

    id: int
    version: int
    language: str | None


def item_keys(project: "Project", *, external_ids: Iterable[str]) -> dict[str, ItemKey]:
    """Return the keys of the items with these external ids."""
    rows = Item.objects.filter(project=project, external_id__in=list(external_ids)).values_list(
        "external_id", "pk", "version", "routing_language"
    )
    return {external: ItemKey(pk, version, language) for external, pk, version, language in rows}


def items_with_ids(item_ids: Iterable[int]) -> dict[int, Item]:
    """Return these items by their ids."""
    return Item.objects.in_bulk(list(item_ids))


EXAMPLES_AMONG = 60


def example_items(project: "Project", *, most: int) -> list[Item]:
    """Return a few of the project's first items, one of each language before a second of any, the milder ones first."""
    first = list(Item.objects.filter(project=project).order_by("pk")[:EXAMPLES_AMONG])
    met: dict[str | None, int] = {}
    ranked = []
    for item in sorted(first, key=lambda item: item.severity):
        met[item.routing_language] = met.get(item.routing_language, 0) + 1
        ranked.append((met[item.routing_language], item))
    return [item for _, item in sorted(ranked, key=lambda pair: pair[0])[:most]]
