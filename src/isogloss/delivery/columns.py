"""The queries a release is written from: narrow columns in the order of the rows, never model rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from isogloss.delivery.snapshots import Cells, FrozenView

# Gold is known by dispatch's record of the item; an answer knows for itself that it was given to gold.
_NOT_GOLD = "(%(with_gold)s OR NOT COALESCE(p.gold, FALSE))"

_ITEMS = f"""
    SELECT i.external_id, i.content, i.routing_language, i.declared_language, i.language, i.confidence, i.severity, i.hazards, i.version,
        i.batch_id, COALESCE(p.gold, FALSE), f.external_id, i.meta
    FROM corpus_item i LEFT JOIN dispatch_progress p ON p.item_id = i.id LEFT JOIN corpus_item f ON f.id = i.cluster
    WHERE i.project_id = %(project)s AND {_NOT_GOLD}
    ORDER BY i.id
"""  # noqa: S608  the pieces are constants of this file

# Content that was replaced; what is valid now stands with the item.
_EARLIER = f"""
    SELECT i.external_id, v.number, v.content
    FROM corpus_item i JOIN corpus_itemversion v ON v.item_id = i.id LEFT JOIN dispatch_progress p ON p.item_id = i.id
    WHERE i.project_id = %(project)s AND v.number < i.version AND {_NOT_GOLD}
    ORDER BY i.id, v.number
"""  # noqa: S608

# A recall of any revision takes the person's answer to the item out; the latest revision of the others stands.
_ANNOTATIONS = """
    SELECT a.public_id, i.external_id, a.item_version, u.public_id, a.revision,
        EXISTS (SELECT 1 FROM annotation_annotation n
            WHERE n.item_id = a.item_id AND n.person_id = a.person_id AND n.revision > a.revision AND n.id <= %(watermark)s),
        {set_aside},
        CAST(a.counted AS integer), CAST(a.gold AS integer), a.answers, a.language, a.guideline_version_id, {submitted_at}, a.active_ms,
        a.source, CAST(a.suggestion_visible AS integer)
    FROM annotation_annotation a
        JOIN corpus_item i ON i.id = a.item_id
        JOIN accounts_user u ON u.id = a.person_id
        LEFT JOIN dispatch_progress p ON p.item_id = a.item_id
    WHERE a.project_id = %(project)s AND a.id <= %(watermark)s AND {not_gold} AND (%(with_gold)s OR NOT a.gold)
    ORDER BY a.id
"""
_SET_ASIDE = """EXISTS (SELECT 1 FROM annotation_annotation r JOIN annotation_setaside s ON s.annotation_id = r.id
            WHERE r.item_id = a.item_id AND r.person_id = a.person_id)"""
# UTC as text: 2026-11-22 12:00:00.000000; SQLite holds a fraction only where there is one.
_SUBMITTED_AT = {
    "sqlite": "CAST(a.submitted_at AS text)",
    "postgresql": "to_char(a.submitted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
}

# A decision is withdrawn where answers that it rested on were recalled, or more are wanted.
_VALID = "d.is_latest AND d.status <> 'withdrawn'"
_DECISIONS = f"""
    SELECT i.external_id, d.question, d.label, d.status, d.confidence, CAST(d.votes AS text), d.annotations, d.method, i.routing_language
    FROM annotation_decision d JOIN corpus_item i ON i.id = d.item_id LEFT JOIN dispatch_progress p ON p.item_id = d.item_id
    WHERE d.project_id = %(project)s AND d.question = %(question)s AND {_VALID} AND {_NOT_GOLD}
    ORDER BY d.item_id
"""  # noqa: S608

_UNDECIDED = f"""
    SELECT i.routing_language, COUNT(*)
    FROM corpus_item i LEFT JOIN dispatch_progress p ON p.item_id = i.id
    WHERE i.project_id = %(project)s AND {_NOT_GOLD}
        AND NOT EXISTS (SELECT 1 FROM annotation_decision d WHERE d.item_id = i.id AND {_VALID})
    GROUP BY i.routing_language
"""  # noqa: S608

_PROSPECT = f"""
    SELECT
        (SELECT COUNT(*) FROM corpus_item i LEFT JOIN dispatch_progress p ON p.item_id = i.id
            WHERE i.project_id = %(project)s AND {_NOT_GOLD}),
        (SELECT COUNT(*) FROM annotation_annotation a LEFT JOIN dispatch_progress p ON p.item_id = a.item_id
            WHERE a.project_id = %(project)s AND {_NOT_GOLD} AND (%(with_gold)s OR NOT a.gold))
"""  # noqa: S608

_QUESTIONS = f"SELECT DISTINCT d.question FROM annotation_decision d WHERE d.project_id = %(project)s AND {_VALID}"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Sizes:
    """Up to which row of each table a view of a project reaches, and how many rows that is."""

    watermarks: dict[str, int]
    rows: int


def sizes(view: FrozenView, *, project: int) -> Sizes:
    """Measure what there is; the first query of a view, so it also fixes the moment the view shows."""
    annotations, last_annotation = view.row(
        "SELECT COUNT(*), COALESCE(MAX(id), 0) FROM annotation_annotation WHERE project_id = %(project)s", project=project
    )
    items, last_item = view.row("SELECT COUNT(*), COALESCE(MAX(id), 0) FROM corpus_item WHERE project_id = %(project)s", project=project)
    decisions, last_decision = view.row(
        "SELECT COUNT(*) FILTER (WHERE status <> 'withdrawn'), COALESCE(MAX(id), 0) FROM annotation_decision"
        " WHERE project_id = %(project)s AND is_latest",
        project=project,
    )
    return Sizes({"annotations": last_annotation, "decisions": last_decision, "items": last_item}, rows=items + annotations + decisions)


def contents(view: FrozenView, *, project: int) -> Iterator[str]:
    """Yield the content of every item, present and earlier, to see which fields there are."""
    for (content,) in view.rows("SELECT content FROM corpus_item WHERE project_id = %(project)s", project=project):
        yield content
    for (content,) in view.rows(
        "SELECT v.content FROM corpus_itemversion v JOIN corpus_item i ON i.id = v.item_id WHERE i.project_id = %(project)s",
        project=project,
    ):
        yield content


def batch_names(view: FrozenView, *, project: int) -> dict[int, str]:
    """Return the names of a project's batches."""
    return dict(view.rows("SELECT id, name FROM corpus_batch WHERE project_id = %(project)s", project=project))


def item_rows(view: FrozenView, *, project: int, with_gold: bool) -> Iterator[Cells]:
    """Yield the items in the order they came."""
    return view.rows(_ITEMS, project=project, with_gold=with_gold)


def earlier_rows(view: FrozenView, *, project: int, with_gold: bool) -> Iterator[Cells]:
    """Yield the content that items had before, oldest first."""
    return view.rows(_EARLIER, project=project, with_gold=with_gold)


def annotation_rows(view: FrozenView, *, project: int, watermark: int, with_gold: bool) -> Iterator[Cells]:
    """Yield every revision of every annotation up to the watermark in the order they came."""
    any_set_aside, _ = view.row("SELECT EXISTS (SELECT 1 FROM annotation_setaside), 0")
    sql = _ANNOTATIONS.format(
        set_aside=_SET_ASIDE if any_set_aside else "FALSE", submitted_at=_SUBMITTED_AT[view.vendor], not_gold=_NOT_GOLD
    )
    return view.rows(sql, project=project, watermark=watermark, with_gold=with_gold)


def undecided(view: FrozenView, *, project: int, with_gold: bool) -> dict[str, int]:
    """Return how many items of each language have no decision on any question."""
    return dict(view.rows(_UNDECIDED, project=project, with_gold=with_gold))


def prospect(view: FrozenView, *, project: int, with_gold: bool) -> tuple[int, int]:
    """Return how many items and annotations a release would hold that were made now."""
    items, annotations = view.row(_PROSPECT, project=project, with_gold=with_gold)
    return items, annotations


def decided_questions(view: FrozenView, *, project: int) -> set[str]:
    """Return the questions on which there are decisions."""
    found = view.rows(_QUESTIONS, project=project)
    return {question for (question,) in found}


def decision_rows(view: FrozenView, *, project: int, question: str, with_gold: bool) -> Iterator[Cells]:
    """Yield the valid decisions on one question, by item."""
    return view.rows(_DECISIONS, project=project, question=question, with_gold=with_gold)
