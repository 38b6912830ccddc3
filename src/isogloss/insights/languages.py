"""What the languages page of a project shows, joined from the corpus and from what models said: the same number of queries at any size."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from isogloss.assist.queries import SuggestionState, flag_figures, speaking, suggestion_state
from isogloss.corpus.queries import Repetition, repetition
from isogloss.corpus.rules import FlagKind
from isogloss.guidelines.queries import schema_of
from isogloss.guidelines.schemas import QuestionKind
from isogloss.platform.jobs import jobs_of_project
from isogloss.platform.languages import display_name, name_key

if TYPE_CHECKING:
    from isogloss.assist.models import FlagFigure
    from isogloss.platform.models import Job
    from isogloss.projects.models import Project

_SUGGESTED = {QuestionKind.LANGUAGE, QuestionKind.TOKENS}
KINDS = ("corpus.detect", "corpus.reestimate", "assist.segment", "insights.flags", "corpus.clusters", "corpus.serve_held")


@dataclass(frozen=True, slots=True)
class FlagRow:
    """One flag: the figure over all languages, and by language with the language's name."""

    total: "FlagFigure"
    by_language: list[tuple[str, "FlagFigure"]]


@dataclass(frozen=True, slots=True)
class LanguagesPage:
    """Everything the page shows; `speaks` is empty where the shipped detectors speak alone."""

    speaks: str
    flags: list[FlagRow]
    as_of: datetime | None
    repetition: Repetition
    suggestions: SuggestionState
    asks_language: bool
    jobs: list["Job"]
    last: "Job | None"

    @property
    def is_measured(self) -> bool:
        """Whether any flag's precision is known, so that there is something to draw."""
        return any(row.total.value is not None for row in self.flags)


def languages_page(project: "Project", *, reader: str) -> LanguagesPage:
    """Gather the page."""
    figures = flag_figures(project.pk)
    totals = {figure.kind: figure for figure in figures if not figure.language}
    rows = [
        FlagRow(
            totals[kind],
            sorted(
                ((display_name(figure.language, reader=reader), figure) for figure in figures if figure.language and figure.kind == kind),
                key=lambda row: name_key(row[0]),
            ),
        )
        for kind in FlagKind
        if kind in totals
    ]
    known = jobs_of_project(project.pk).filter(kind__in=KINDS)
    return LanguagesPage(
        speaks=speaking(),
        flags=rows,
        as_of=max((figure.made_at for figure in figures), default=None),
        repetition=repetition(project.pk),
        suggestions=suggestion_state(project.pk),
        asks_language=any(question.kind in _SUGGESTED for question in schema_of(project.version_id).questions),
        jobs=list(known.filter(state__in=["waiting", "running"])[:10]),
        last=known.filter(kind="corpus.reestimate", state="done").first(),
    )
