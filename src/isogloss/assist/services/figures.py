"""Storing what flags come to, so that a page counts nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop as _

from isogloss.assist.models import FlagFigure
from isogloss.core.sampling.intervals import wilson_interval
from isogloss.corpus.rules import FlagKind
from isogloss.platform.db import write_transaction

METHOD = "wilson-95"


@dataclass(frozen=True, slots=True)
class FlagCount:
    """How many items carry a flag in one language (or in all), how many of them are decided, and on how many the flag was right."""

    kind: FlagKind
    language: str
    items: int
    decided: int
    right: int
    reason: str = ""


def store_flag_figures(project_id: int, *, counts: Sequence[FlagCount], watermark: int, now: datetime) -> None:
    """Put these figures in the place of the last ones; a precision without decided items is undefined, with its reason."""
    rows = []
    for count in counts:
        found = wilson_interval(count.right, trials=count.decided) if count.decided and not count.reason else None
        rows.append(
            FlagFigure(
                project_id=project_id,
                kind=count.kind,
                language=count.language,
                items=count.items,
                decided=count.decided,
                right=count.right,
                value=count.right / count.decided if found else None,
                low=found.low if found else None,
                high=found.high if found else None,
                reason=count.reason or ("" if found else NOTHING_DECIDED),
                method=METHOD,
                watermark=watermark,
                made_at=now,
            )
        )
    with write_transaction():
        FlagFigure.objects.filter(project_id=project_id).delete()
        FlagFigure.objects.bulk_create(rows)


NOTHING_DECIDED = _("No item with this flag has been adjudicated, or decided by two people, yet.")
