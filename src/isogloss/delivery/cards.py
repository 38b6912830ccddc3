"""The texts of a release that people read: the data card, generated from records alone, and the guideline with its rulings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from isogloss.delivery.manifests import FileEntry
from isogloss.delivery.tables import Tally
from isogloss.guidelines.schemas import LabelSchemaDocument, Question
from isogloss.platform.languages import display_name

if TYPE_CHECKING:
    from isogloss.delivery.models import Release
    from isogloss.guidelines.models import GuidelineVersion, Ruling
    from isogloss.projects.models import Project
    from isogloss.quality.models import Figure
    from isogloss.quality.queries import FigureKey

MOST_LABELS = 30
HARMLESS = 1  # up to this severity the card needs no warning

_TABLES = {
    "items": "what was annotated: content as imported, language, severity",
    "item_versions": "content that was replaced later; annotations name the version they were made on",
    "annotations": "every answer of every person under a pseudonym, corrections and uncounted ones too",
    "decisions": "what was concluded on each question of each item",
}
_SINGLE = {
    "schema.yaml": "the label schema as it was written",
    "schema.json": "the label schema with every default filled in",
    "guideline.md": "the guideline and its rulings",
    "manifest.json": "counts, methods, watermarks, and the SHA-256 of every other file",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the card is generated from."""

    project: "Project"
    release: "Release"
    tally: Tally
    annotators: int
    used: Sequence[int]
    figures: "Mapping[FigureKey, Figure]"
    files: Mapping[str, FileEntry]


def card(facts: Facts) -> str:
    """Return the data card."""
    parts = [
        _front_matter(facts),
        _opening(facts),
        _languages(facts),
        _questions(facts),
        _decisions(facts),
        _agreement(facts),
        _made(facts),
        _files(facts),
    ]
    return "\n".join(part for part in parts if part)


def guideline(version: "GuidelineVersion", *, rulings: "Sequence[Ruling]") -> str:
    """Return the guideline of a version as Markdown, with every ruling beneath it."""
    text = version.text.rstrip() or "This version has no text; the label schema says what is asked."
    lines = [text, "", "## Rulings", ""]
    for ruling in rulings:
        about = f" (labels: {', '.join(map(str, ruling.labels))})" if ruling.labels else ""
        indented = ruling.text.replace("\n", "\n    ")
        lines.append(f"{ruling.number}. {indented}{about}")
    if not rulings:
        lines.append("None.")
    return "\n".join(lines) + "\n"


def plain(text: object) -> str:
    """Return text that is one cell of a Markdown table and nothing else: no markup, no line of its own."""
    shown = " ".join(str(text).split())
    for mark in "\\`*_[]<>|#":
        shown = shown.replace(mark, f"\\{mark}")
    return shown


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(plain(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _front_matter(facts: Facts) -> str:
    configs: list[dict[str, object]] = []
    for table in _TABLES:
        files = [f"{table}.{ending}" for ending in ("parquet", "jsonl", "csv") if f"{table}.{ending}" in facts.files]
        if files:
            configs.append({"config_name": table, "data_files": files[0], **({"default": True} if table == "decisions" else {})})
    head = {
        "pretty_name": facts.project.name,
        "language": [tag for tag in facts.tally.by_language() if tag != "und"],
        **({"annotations_creators": ["machine-generated"]} if facts.project.simulated else {}),
        "configs": configs,
    }
    return "---\n" + yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=1000) + "---\n"


def _opening(facts: Facts) -> str:
    project, release, counts = facts.project, facts.release, facts.tally.total()
    lines = [f"# {plain(project.name)}, release {plain(release.version)}", ""]
    if project.simulated:
        lines += ["**Simulated.** The people and their answers in this project were made by a program for a demonstration.", ""]
    if project.description:
        lines += [plain(project.description), ""]
    if release.note:
        lines += [f"Note on this release: {plain(release.note)}", ""]
    worst = max(facts.tally.severities, default=0)
    if worst > HARMLESS:
        shares = ", ".join(f"{facts.tally.severities[level]:,} of severity {level}" for level in sorted(facts.tally.severities))
        lines += [f"**Content warning.** The texts may be upsetting: items by severity, 0 (harmless) to 4 (extreme): {shares}.", ""]
    lines.append(
        f"{counts.items:,} items, {counts.annotations:,} annotations by {facts.annotators:,} people, {counts.decisions:,} decisions;"
        f" made on {release.created_at:%Y-%m-%d} (UTC)."
    )
    return "\n".join(lines) + "\n"


def _languages(facts: Facts) -> str:
    rows = [(tag, display_name(tag), c.items, c.annotations, c.decisions) for tag, c in facts.tally.by_language().items()]
    if not rows:
        return "## Languages\n\nThe project has no items yet.\n"
    return "## Languages\n\n" + _table(("tag", "language", "items", "annotations", "decisions"), rows)


def _questions(facts: Facts) -> str:
    questions = LabelSchemaDocument.from_json(facts.project.version.schema_document).questions
    rows = [(q.id, q.kind.value, q.prompt, "yes" if q.required else "no", _labels(q)) for q in questions]
    return "## Questions\n\n" + _table(("id", "kind", "prompt", "required", "labels"), rows)


def _labels(question: Question) -> str:
    shown = ", ".join(label.value for label in question.labels[:MOST_LABELS])
    more = len(question.labels) - MOST_LABELS
    return f"{shown} and {more} more" if more > 0 else shown or "–"


def _decisions(facts: Facts) -> str:
    tally = facts.tally
    if not tally.statuses:
        return "## Decisions\n\nThere are none yet: no item has reached its target of annotations.\n"
    statuses = sorted({status for _, _, status in tally.statuses})
    places = sorted({(question, tag) for question, tag, _ in tally.statuses})
    rows = [(question, tag, *(tally.statuses[question, tag, status] for status in statuses)) for question, tag in places]
    text = f"## Decisions\n\nMethod: {plain(facts.project.workflow.aggregation)}. A tie has no label.\n\n" + _table(
        ("question", "language", *statuses), rows
    )
    shares: list[tuple[object, ...]] = []
    for question in sorted({question for question, _ in tally.labels}):
        counted = sorted(
            ((n, label or "") for (asked, label), n in tally.labels.items() if asked == question), key=lambda row: (-row[0], row[1])
        )
        total = sum(n for (asked, _, _), n in tally.statuses.items() if asked == question)
        shares += [(question, label or "(tie)", n, f"{n / total:.1%}") for n, label in counted[:MOST_LABELS]]
    return text + "\n" + _table(("question", "label", "decisions", "share"), shares)


def _agreement(facts: Facts) -> str:
    figures = [(key, figure) for key, figure in facts.figures.items() if key.name in {"alpha", "percent"}]
    if not figures:
        return "## Agreement\n\nNo figures were stored when this release was made.\n"
    rows = []
    for key, figure in sorted(figures, key=lambda pair: (pair[0].question, pair[0].language, pair[0].name)):
        interval = "–" if figure.low is None or figure.high is None else f"{figure.low:.3f} to {figure.high:.3f}"
        value = f"undefined: {figure.reason}" if figure.value is None else f"{figure.value:.3f}"
        rows.append((key.question, key.language or "all", figure.method, value, interval, figure.n_items, figure.n_annotations))
    watermark = figures[0][1].watermark
    head = ("question", "language", "measure", "value", "95 % interval", "items", "annotations")
    return f"## Agreement\n\nComputed over the standing, counted answers up to annotation {watermark}.\n\n" + _table(head, rows)


def _made(facts: Facts) -> str:
    tally, total = facts.tally, facts.tally.annotations.total()
    lines = ["## How the annotations came about", ""]
    if facts.used:
        counted = ", ".join(f"version {number}: {tally.versions[number]:,}" for number in facts.used)
        lines.append(
            f"- Guideline versions the answers were given under: {counted}. The files hold version {facts.project.version.number}."
        )
    if tally.sources:
        lines.append("- Source: " + ", ".join(f"{plain(name)} {n:,}" for name, n in sorted(tally.sources.items())) + ".")
    lines += [
        f"- Of {total:,} rows {tally.marks['correction']:,} are corrections, {tally.marks['superseded']:,} were corrected later.",
        f"- {tally.marks['set_aside']:,} were set aside and {tally.marks['surplus']:,} came too late to count.",
        "- Decisions rest on rows with `standing` and `counted`.",
        f"- A model's suggestion was visible during {tally.marks['assisted']:,} of {total:,} answers.",
        "- Gold items, on which people are checked, are "
        + ("in here as `split` = `gold`: keep them out of training data." if facts.release.with_gold else "left out."),
        *_split_line(facts),
        "- Annotators appear under pseudonyms that are the same in every release of this project and differ from project to project.",
    ]
    return "\n".join(lines) + "\n"


def _split_line(facts: Facts) -> list[str]:
    share, splits = facts.release.test_share, facts.tally.splits
    if not share:
        return []
    told = f"`split` holds {splits['train']:,} items for training and {splits['test']:,} for tests (asked: {100 * share:g} %)"
    return [f"- {told}; items that say nearly the same (`cluster`) fall together, and an item keeps its part in later releases."]


def _files(facts: Facts) -> str:
    rows: list[tuple[object, ...]] = []
    for name, entry in sorted(facts.files.items()):
        about = _TABLES.get(name.split(".")[0]) or _SINGLE.get(name) or "the label schema of an earlier version"
        rows.append((name, "" if entry.rows is None else entry.rows, about))
    rows.append(("manifest.json", "", _SINGLE["manifest.json"]))
    text = "## Files\n\n" + _table(("file", "rows", "what it is"), rows)
    text += (
        "\nOffsets count Unicode code points, from 0, end exclusive. Moments are in UTC. JSONL and Parquet are exact. In CSV, a cell that a"
        " spreadsheet would run as a formula begins with an apostrophe, which programs take away (`csv_guard` in the manifest)."
        " `isogloss verify FOLDER` checks every hash.\n"
    )
    return text
