"""Writing a release into a folder: one pass over each table, each row once, in constant memory."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import isogloss
from isogloss.delivery import cards, columns
from isogloss.delivery.files import NEED_CELLS, SINKS, Sink, write_file
from isogloss.delivery.manifests import CSV_GUARD, FORMAT, FORMAT_VERSION, NAME, OFFSET_UNIT, FileEntry, Made, Manifest, Named, Software
from isogloss.delivery.snapshots import Cells, FrozenView, frozen_view
from isogloss.delivery.tables import (
    UNROUTED,
    Annotations,
    Decisions,
    EarlierVersions,
    Items,
    Splits,
    Table,
    Tally,
    content_fields,
    pseudonymous,
)
from isogloss.guidelines.queries import rulings, versions
from isogloss.guidelines.schemas import LabelSchemaDocument
from isogloss.quality.queries import latest_figures, latest_watermark

if TYPE_CHECKING:
    from isogloss.delivery.models import Release
    from isogloss.guidelines.models import GuidelineVersion
    from isogloss.projects.models import Project

PIECE = 100  # rows in memory at a time: few enough that very long texts still fit
TELL_AFTER = 2000  # rows between two words of progress

Tell = Callable[[int, int, str], None]


@dataclass(slots=True)
class _Writing:
    """What the steps of one release share."""

    folder: Path
    view: FrozenView
    formats: Sequence[str]
    tell: Tell
    total: int
    files: dict[str, FileEntry] = field(default_factory=dict)
    done: int = 0
    told: int = 0

    def table(self, table: Table, rows: Iterator[Cells], *, only_if_any: bool = False) -> None:
        """Write a table in every format; one that may be left out is, when it has no rows."""
        lines = [table.line(row) for row in islice(rows, PIECE)]
        if only_if_any and not lines:
            return
        with ExitStack() as stack:
            sinks: list[Sink] = []
            for name in self.formats:
                sink = SINKS[name](self.folder, table)
                stack.callback(sink.abandon)
                sinks.append(sink)
            wants_cells = not NEED_CELLS.isdisjoint(self.formats)
            while lines:
                cells = [table.cells(line) for line in lines] if wants_cells else []
                for sink in sinks:
                    sink.take(lines, cells)
                self.done += len(lines)
                if self.done - self.told >= TELL_AFTER:
                    self.told = self.done
                    self.tell(self.done, self.total, f"{table.name}: {self.done:,} of {self.total:,} rows")
                lines = [table.line(row) for row in islice(rows, PIECE)]
            for sink in sinks:
                self.files[sink.name] = sink.close()


def write_release(folder: Path, *, release: "Release", tell: Tell) -> Manifest:
    """Write every file of a release and return its manifest; `folder` is empty and nobody else's."""
    project = release.project
    with frozen_view() as view:
        sizes = columns.sizes(view, project=project.pk)
        writing = _Writing(folder=folder, view=view, formats=release.formats, tell=tell, total=sizes.rows)
        tell(0, sizes.rows, "")
        known = {version.pk: version for version in versions(project.guideline)}
        tally, pseudonyms = _write_tables(writing, release=release, known=known, watermark=sizes.watermarks["annotations"])
    used = sorted(tally.versions)
    _write_guideline(writing, project=project, known=known, used=used)
    facts = cards.Facts(
        project=project,
        release=release,
        tally=tally,
        annotators=pseudonyms,
        used=used,
        figures=latest_figures(project.pk),
        files=writing.files,
    )
    writing.files["README.md"] = write_file(folder / "README.md", cards.card(facts).encode())
    manifest = Manifest(
        format=FORMAT,
        format_version=FORMAT_VERSION,
        project=Named(id=project.public_id, name=project.name, simulated=project.simulated),
        release=Made(id=release.public_id, version=release.version, made_at=_utc(release.created_at), note=release.note),
        software=Software(name="isogloss", version=isogloss.__version__),
        counts=tally.total(),
        annotators=pseudonyms,
        languages=tally.by_language(),
        method=project.workflow.aggregation,
        includes_gold=release.with_gold,
        test_share=release.test_share,
        guideline_version=project.version.number,
        guideline_versions_used=used,
        renames={str(v.number): v.renames for v in known.values() if v.renames and v.number <= project.version.number},
        watermarks={**sizes.watermarks, "figures": latest_watermark(project.pk)},
        offset_unit=OFFSET_UNIT,
        csv_guard=CSV_GUARD,
        time_zone="UTC",
        files=dict(sorted(writing.files.items())),
    )
    write_file(folder / NAME, manifest.to_json())
    return manifest


def _write_tables(writing: _Writing, *, release: "Release", known: "dict[int, GuidelineVersion]", watermark: int) -> tuple[Tally, int]:
    view, project, with_gold = writing.view, release.project, release.with_gold
    tally = Tally()
    newest_first = sorted(known.values(), key=lambda v: (v.pk == project.version_id, v.number), reverse=True)
    schemas = [LabelSchemaDocument.from_json(version.schema_document) for version in newest_first]
    is_flat = not NEED_CELLS.isdisjoint(writing.formats)
    shown = list(dict.fromkeys(name for schema in schemas for name in schema.fields))
    fields = content_fields(columns.contents(view, project=project.pk), first=shown) if is_flat else []
    asked = list(dict.fromkeys(question.id for schema in schemas for question in schema.questions))
    splits = Splits(project.pseudonym_key, with_gold=with_gold, test_share=release.test_share)
    items = Items(tally, batches=columns.batch_names(view, project=project.pk), fields=fields, splits=splits)
    writing.table(items, columns.item_rows(view, project=project.pk, with_gold=with_gold))
    writing.table(EarlierVersions(fields=fields), columns.earlier_rows(view, project=project.pk, with_gold=with_gold), only_if_any=True)
    numbers = {pk: version.number for pk, version in known.items()}
    annotations = Annotations(tally, pseudonym=pseudonymous(project.pseudonym_key), versions=numbers, questions=asked)
    writing.table(annotations, columns.annotation_rows(view, project=project.pk, watermark=watermark, with_gold=with_gold))
    decided = columns.decided_questions(view, project=project.pk)
    in_order = [question for question in asked if question in decided] + sorted(decided - set(asked))
    decisions = (columns.decision_rows(view, project=project.pk, question=question, with_gold=with_gold) for question in in_order)
    writing.table(Decisions(tally), chain.from_iterable(decisions))
    for tag, n in columns.undecided(view, project=project.pk, with_gold=with_gold).items():
        tally.undecided[tag or UNROUTED] += n
    return tally, len(annotations.pseudonyms)


def _write_guideline(writing: _Writing, *, project: "Project", known: "dict[int, GuidelineVersion]", used: list[int]) -> None:
    """Write the guideline, the label schema as typed and in its normal form, and the schemas of earlier versions that were answered."""
    folder, files, version = writing.folder, writing.files, project.version
    files["schema.yaml"] = write_file(folder / "schema.yaml", _ended(version.schema_source))
    files["schema.json"] = write_file(folder / "schema.json", _ended(version.schema_document))
    for earlier in sorted(known.values(), key=lambda v: v.number):
        if earlier.number in used and earlier.pk != version.pk:
            name = f"schema.version-{earlier.number}.json"
            files[name] = write_file(folder / name, _ended(earlier.schema_document))
    text = cards.guideline(version, rulings=list(rulings(project.guideline)))
    files["guideline.md"] = write_file(folder / "guideline.md", text.encode())


def _ended(text: str) -> bytes:
    return (text if text.endswith("\n") else text + "\n").encode()


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
