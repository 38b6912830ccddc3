"""Looking at each word of each text: which texts hold more than one language, and what a model would answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from isogloss.assist.detectors import active_detector
from isogloss.assist.models import SegmentPass
from isogloss.assist.services.suggestions import LONGEST, Suggester, store_suggestions
from isogloss.core.language.segments import Labelled, label_tokens, mixing
from isogloss.core.language.tags import base
from isogloss.corpus.queries import items_to_read
from isogloss.corpus.rules import MIXED_FROM, FlagKind
from isogloss.corpus.services import set_flags, shown_text
from isogloss.guidelines.queries import schema_of
from isogloss.platform.jobs import Progress
from isogloss.projects.queries import language_tags, project_by_id

if TYPE_CHECKING:
    from isogloss.projects.models import Project

PIECE = 100
MOST_GIVEN = 4  # with more languages than these, the two to four that a text looks like are found anew for each


def segment_items(project_id: int, *, progress: Progress, now: datetime) -> dict[str, object]:
    """Raise the flag “mixed” on texts in which a second language has more than a fifth of the words, from where the last pass ended.

    A pass begins anew where another model speaks than at the last one.
    """
    project = project_by_id(project_id)
    row, _ = SegmentPass.objects.get_or_create(project_id=project_id, defaults={"model": active_detector.name, "made_at": now})
    if row.model != active_detector.name:
        SegmentPass.objects.filter(pk=row.pk).update(model=active_detector.name, upto=0)
        row.refresh_from_db()
    reader = _Reader.of(project)
    suggester = _suggester(project, reader) if row.suggests else None
    done = mixed = 0
    while items := items_to_read(project_id, after=row.upto, most=PIECE):
        raised, suggested = {}, {}
        for item in items:
            labelled = reader.labelled(shown_text(item.content, reader.fields))
            if suggester is not None:
                suggested[item.pk] = item.version, suggester.suggestions(item, labelled)
            raised[item.pk] = {FlagKind.MIXED} if is_mixed(labelled) else frozenset[FlagKind]()
            mixed += bool(raised[item.pk])
        set_flags(project_id, raised=raised, kinds={FlagKind.MIXED})
        store_suggestions(project_id, found=suggested, now=now)
        row.upto = items[-1].pk
        SegmentPass.objects.filter(pk=row.pk).update(upto=row.upto, made_at=now)
        done += len(items)
        progress.tell(done, message=f"{done:,} texts looked at")
    return {"read": done, "mixed": mixed}


@dataclass(frozen=True, slots=True)
class _Reader:
    """How a project's texts are read: which fields, and among which languages."""

    fields: Sequence[str]
    languages: list[str] | None

    @classmethod
    def of(cls, project: "Project") -> "_Reader":
        tags = list(dict.fromkeys(base(tag) for tag in language_tags(project)))
        # One language given would leave nothing to find beside it.
        return cls(schema_of(project.version_id).fields, tags if 1 < len(tags) <= MOST_GIVEN else None)

    def labelled(self, text: str) -> list[Labelled]:
        return label_tokens(text[:LONGEST], languages=self.languages, model=active_detector.model())


def _suggester(project: "Project", reader: _Reader) -> Suggester | None:
    """What makes suggestions, where the schema asks about language."""
    made = Suggester.of(
        schema_of(project.version_id),
        languages=reader.languages,
        project_languages=language_tags(project),
        model=active_detector.model(),
        name=active_detector.name,
    )
    return made if made.questions else None


def is_mixed(labelled: Sequence[Labelled]) -> bool:
    """Whether a second language has more than a fifth of the words."""
    shares = sorted(mixing(labelled).shares.values(), reverse=True)
    return len(shares) > 1 and shares[1] > MIXED_FROM
