"""Writes about annotations outside the hot path: conclusions, of which earlier rows stay, and lifted veils."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from isogloss.annotation.models import COUNTED, Decision, DecisionStatus, Reveal
from isogloss.platform.db import write_transaction

PIECE = 500


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What the answers to one question of an item come to; no label is a tie."""

    item_id: int
    label: str | None
    confidence: float | None
    votes: dict[str, int]
    annotations: int


def record_decisions(
    project_id: int, *, question: str, conclusions: Iterable[Conclusion], method: str, watermark: int, now: datetime
) -> int:
    """Write a decision where there is none or the conclusion differs from the latest; return how many were written."""
    written, piece = 0, []
    for conclusion in conclusions:
        piece.append(conclusion)
        if len(piece) == PIECE:
            written += _record(project_id, question=question, piece=piece, method=method, watermark=watermark, now=now)
            piece = []
    if piece:
        written += _record(project_id, question=question, piece=piece, method=method, watermark=watermark, now=now)
    return written


def _record(project_id: int, *, question: str, piece: list[Conclusion], method: str, watermark: int, now: datetime) -> int:
    with write_transaction():
        latest = {
            d.item_id: d
            for d in Decision.objects.filter(
                project_id=project_id, question=question, is_latest=True, item_id__in=[c.item_id for c in piece]
            )
        }
        changed = [c for c in piece if (d := latest.get(c.item_id)) is None or _differs(d, c)]
        # An adjudicated decision was made by a person; a model's count of votes does not overrule it.
        changed = [c for c in changed if (d := latest.get(c.item_id)) is None or d.status in {*COUNTED, DecisionStatus.WITHDRAWN}]
        Decision.objects.filter(pk__in=[latest[c.item_id].pk for c in changed if c.item_id in latest]).update(is_latest=False)
        Decision.objects.bulk_create(
            Decision(
                project_id=project_id,
                item_id=c.item_id,
                question=question,
                number=latest[c.item_id].number + 1 if c.item_id in latest else 1,
                label=c.label,
                status=DecisionStatus.TIE if c.label is None else DecisionStatus.AGREED,
                confidence=c.confidence,
                votes=c.votes,
                annotations=c.annotations,
                method=method,
                watermark=watermark,
                made_at=now,
            )
            for c in changed
        )
    return len(changed)


def withdraw_decisions(project_id: int, *, question: str, item_ids: Iterable[int], method: str, watermark: int, now: datetime) -> int:
    """Supersede what was counted from answers that no longer conclude these items; return how many decisions were withdrawn."""
    items, withdrawn = sorted(item_ids), 0
    for start in range(0, len(items), PIECE):
        with write_transaction():
            rows = list(
                Decision.objects.filter(
                    project_id=project_id,
                    question=question,
                    is_latest=True,
                    status__in=COUNTED,
                    item_id__in=items[start : start + PIECE],
                )
            )
            Decision.objects.filter(pk__in=[row.pk for row in rows]).update(is_latest=False)
            Decision.objects.bulk_create(
                Decision(
                    project_id=project_id,
                    item_id=row.item_id,
                    question=question,
                    number=row.number + 1,
                    label=None,
                    status=DecisionStatus.WITHDRAWN,
                    votes={},
                    annotations=0,
                    method=method,
                    watermark=watermark,
                    made_at=now,
                )
                for row in rows
            )
        withdrawn += len(rows)
    return withdrawn


def _differs(decision: Decision, conclusion: Conclusion) -> bool:
    return (decision.label, decision.votes) != (conclusion.label, conclusion.votes)


def record_reveal(*, lease: str, item_id: int, person_id: int, now: datetime) -> None:
    """Note that a person lifted the veil over an item they hold."""
    Reveal.objects.create(lease=lease, item_id=item_id, person_id=person_id, at=now)
