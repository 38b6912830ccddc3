"""What the project page shows, joined from dispatch's counters and the stored figures: the same number of queries at any size."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from isogloss.accounts.queries import people_by_id
from isogloss.dispatch.queries import counters
from isogloss.guidelines.queries import schema_of
from isogloss.platform.languages import display_name, name_key
from isogloss.projects.queries import language_tags
from isogloss.quality.queries import FigureKey, latest_figures

if TYPE_CHECKING:
    from isogloss.projects.models import Project
    from isogloss.quality.models import Figure


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """How one language stands."""

    tag: str
    name: str
    items: int
    finished: int
    annotations: int
    wanted: int
    leased: int
    ties: int = 0

    @property
    def share(self) -> int:
        """Whole per cent of the wanted annotations that are there."""
        return round(100 * self.annotations / self.wanted) if self.wanted else 0


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """Agreement on one question in one language (or in all)."""

    tag: str
    name: str
    alpha: "Figure | None"
    percent: "Figure | None"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """How much one person did."""

    name: str
    answered: int
    minutes: float | None
    seconds_each: float | None

    @property
    def seconds(self) -> float | None:
        """Active time in seconds."""
        return None if self.minutes is None else self.minutes * 60


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """Everything the project page shows."""

    languages: list[LanguageRow]
    total: LanguageRow
    questions: list[tuple[str, str, list[QuestionRow]]]
    people: list[PersonRow]
    as_of: datetime | None


def project_page(project: "Project", *, reader: str) -> ProjectPage:
    """Gather the project page."""
    figures = latest_figures(project.pk)
    languages = _languages(project, figures, reader=reader)
    total = LanguageRow(
        "",
        "",
        *(sum(getattr(row, name) for row in languages) for name in ("items", "finished", "annotations", "wanted", "leased", "ties")),
    )
    made = [figure.made_at for figure in figures.values()]
    return ProjectPage(
        languages=languages,
        total=total,
        questions=_questions(project, figures, reader=reader),
        people=_people(figures),
        as_of=max(made) if made else None,
    )


def _languages(project: "Project", figures: "dict[FigureKey, Figure]", *, reader: str) -> list[LanguageRow]:
    counted = {row.language: row for row in counters(project.pk)}
    tags = [*language_tags(project), *sorted(set(counted) - set(language_tags(project)))]
    rows = []
    for tag in tags:
        row = counted.get(tag)
        numbers = (row.items, row.complete, row.done, row.done + row.waiting + row.leased, row.leased) if row is not None else (0,) * 5
        tied = figures.get(FigureKey("ties", "", tag))
        rows.append(LanguageRow(tag, display_name(tag, reader=reader), *numbers, ties=int(tied.value or 0) if tied else 0))
    return sorted(rows, key=lambda row: name_key(row.name))


def _questions(project: "Project", figures: "dict[FigureKey, Figure]", *, reader: str) -> list[tuple[str, str, list[QuestionRow]]]:
    prompts = {question.id: question.prompt for question in schema_of(project.version_id).questions}
    known = sorted(
        {key.question for key in figures if key.name == "alpha"}, key=lambda q: list(prompts).index(q) if q in prompts else len(prompts)
    )
    result = []
    for question in known:
        tags = {key.language for key in figures if key.name == "alpha" and key.question == question}
        rows = [
            QuestionRow(
                tag,
                display_name(tag, reader=reader) if tag else "",
                figures.get(FigureKey("alpha", question, tag)),
                figures.get(FigureKey("percent", question, tag)),
            )
            for tag in tags
        ]
        rows.sort(key=lambda row: (bool(row.tag), name_key(row.name)))  # all languages first
        result.append((question, prompts.get(question, question), rows))
    return result


def _people(figures: "dict[FigureKey, Figure]") -> list[PersonRow]:
    answered = {int(key.question): figure for key, figure in figures.items() if key.name == "answered"}
    minutes = {int(key.question): figure for key, figure in figures.items() if key.name == "active_minutes"}
    names = people_by_id(answered)
    rows = []
    for person_id, figure in answered.items():
        timed = minutes.get(person_id)
        has_time = timed is not None and timed.n_annotations > 0 and bool(timed.value)
        rows.append(
            PersonRow(
                name=names.get(person_id, "–"),
                answered=int(figure.value or 0),
                minutes=timed.value if timed is not None and has_time else None,
                seconds_each=60 * timed.value / timed.n_annotations if timed is not None and has_time and timed.value is not None else None,
            )
        )
    return sorted(rows, key=lambda row: -row.answered)
