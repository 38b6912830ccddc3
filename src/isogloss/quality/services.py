"""Computing what is known about a project's quality and storing it, so that pages compute nothing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import numpy.typing as npt
from django.db.models import Q

from isogloss.annotation.queries import (
    answers_decided_by,
    items_without_label,
    latest_annotation_id,
    latest_recall_id,
    standing_answers,
    work_by_person,
)
from isogloss.annotation.services import Conclusion, record_decisions, withdraw_decisions
from isogloss.core.agreement import Bootstrap, Estimate, Level, Ratings, krippendorff_alpha, percent_agreement
from isogloss.core.inference import infer
from isogloss.dispatch.queries import complete_items, gold_among, items_at_target
from isogloss.guidelines.queries import renames_since, schema_of
from isogloss.guidelines.schemas import Question, QuestionKind, label_of, question_scale
from isogloss.platform.db import write_transaction
from isogloss.platform.jobs import Progress
from isogloss.projects.queries import project_by_id
from isogloss.quality.models import Figure

if TYPE_CHECKING:
    from isogloss.projects.models import Project

SEED = 20261122
REPLICATES = 1000
_LEVELS = {
    "nominal": Level.NOMINAL,
    "ordinal": Level.ORDINAL,
    "sets": Level.SETS,
    "language": Level.NOMINAL,
    "pairs": Level.NOMINAL,
}


@dataclass(slots=True)
class _Answers:
    """The standing answers to one question, as columns."""

    item: list[int] = field(default_factory=list)
    person: list[int] = field(default_factory=list)
    label: list[str] = field(default_factory=list)
    language: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Run:
    """One computation: of what, from which inputs, when."""

    project_id: int
    recalls: int
    complete: int
    watermark: int
    made_at: datetime


def refresh_figures(project_id: int, *, progress: Progress, now: datetime) -> dict[str, object]:
    """Recompute decisions, agreement and workload of a project up to now, and store them with their inputs."""
    project = project_by_id(project_id)
    # What is recalled or completed while we compute counts next time: how far we look is settled before we look.
    run = _Run(project_id, latest_recall_id(), complete_items(project_id), latest_annotation_id(project_id), now)
    questions = {q.id: q for q in schema_of(project.version_id).questions if question_scale(q) in _LEVELS}
    columns = _columns(project, watermark=run.watermark, questions=questions)
    finished = items_at_target(project_id)
    figures: list[Figure] = []
    decided = withdrawn = 0
    for number, (question, answers) in enumerate(columns.items()):
        progress.tell(number, total=len(columns) + 1, message=question)
        if answers.item:
            figures += _agreement(questions[question], answers, run=run)
        new, gone = _decide(question, answers, finished=finished, method=project.workflow.aggregation, run=run)
        decided, withdrawn = decided + new, withdrawn + gone
    figures += _work(run) + _ties(run)
    with write_transaction():
        # A figure an hour is history enough, and one of the same answers; people's work is kept as of now alone.
        earlier = Figure.objects.filter(project_id=project_id).exclude(watermark__gt=run.watermark)
        this_hour = now.replace(minute=0, second=0, microsecond=0)
        earlier.filter(Q(watermark=run.watermark) | Q(made_at__gte=this_hour) | Q(name__in=["answered", "active_minutes"])).delete()
        Figure.objects.bulk_create(figures)
    return {"watermark": run.watermark, "figures": len(figures), "decisions": decided, "withdrawn": withdrawn}


def _decide(question: str, answers: _Answers, *, finished: set[int], method: str, run: _Run) -> tuple[int, int]:
    """Write what the answers conclude, and withdraw what they no longer do; return how many decisions were written and withdrawn."""
    rested = answers_decided_by(run.project_id, question=question)
    standing = Counter(answers.item)
    # What was decided before more answers were asked for, or before it became gold, stays decided by the answers that stand, unless some of
    # those it rested on were recalled.
    still = {item for item in rested.keys() - finished if standing[item] >= rested[item]}
    settled = (finished | still | gold_among(rested.keys() - finished)) & standing.keys()
    about: dict[str, Any] = {"question": question, "method": method, "watermark": run.watermark, "now": run.made_at}
    conclusions = _conclusions(answers, settled=settled, method=method, seed=SEED) if settled else ()
    written = record_decisions(run.project_id, conclusions=conclusions, **about)
    return written, withdraw_decisions(run.project_id, item_ids=rested.keys() - settled, **about)


def _columns(project: "Project", *, watermark: int, questions: dict[str, Question]) -> dict[str, _Answers]:
    """Return the answers by question; what an earlier version called otherwise is read under its present name."""
    columns = {name: _Answers() for name in questions}
    decode = msgspec.json.decode
    renamed = {pk: names for pk, names in renames_since(project.guideline_id, until=project.version.number).items() if names}
    kinds = {pk: {question.id: str(question.kind) for question in schema_of(pk).questions} for pk in renamed}
    for row in standing_answers(project.pk, watermark=watermark):
        answers = decode(row.answers)
        if row.guideline_version_id in renamed:
            answers = renamed[row.guideline_version_id].applied(answers, kinds=kinds[row.guideline_version_id])
        for name, question in questions.items():
            label = label_of(question, answers[name]) if name in answers else None
            if label is not None:
                column = columns[name]
                column.item.append(row.item_id)
                column.person.append(row.person_id)
                column.label.append(label)
                column.language.append(row.language)
    return columns


def _agreement(question: Question, answers: _Answers, *, run: _Run) -> list[Figure]:
    level = _LEVELS[question_scale(question)]
    language, item, person = np.array(answers.language), np.array(answers.item), np.array(answers.person)
    labels = _on_level(answers.label, level=level)
    declared = _order(question, level=level)
    bootstrap = Bootstrap(replicates=REPLICATES, seed=SEED)
    figures = []
    for tag in ["", *sorted(set(answers.language))]:
        keep = np.ones(len(language), dtype=bool) if tag == "" else language == tag
        ratings = Ratings.from_columns(item=item[keep], worker=person[keep], label=list(labels[keep]), labels=declared)
        for name, estimate in (
            ("alpha", krippendorff_alpha(ratings, level=level, bootstrap=bootstrap)),
            ("percent", percent_agreement(ratings, bootstrap=bootstrap)),
        ):
            figures.append(_figure(estimate, name=name, question=question.id, language=tag, run=run))
    return figures


def _on_level(labels: list[str], *, level: Level) -> npt.NDArray[np.object_]:
    """Give set-valued labels back their parts, so that two that share some agree in part."""
    column = np.empty(len(labels), dtype=object)
    column[:] = [frozenset(label.split("|")) if label else frozenset() for label in labels] if level is Level.SETS else labels
    return column


def _order(question: Question, *, level: Level) -> list[str] | None:
    """Return the labels in the order of the scale, where there is one."""
    if level is not Level.ORDINAL:
        return None
    if question.kind is QuestionKind.RATING:
        return [str(value) for value in range(question.settings["min"], question.settings["max"] + 1)]
    return [label["value"] for label in question.settings["labels"]]


def _figure(estimate: Estimate, *, name: str, question: str, language: str, run: _Run) -> Figure:
    return Figure(
        **asdict(run),
        name=name,
        question=question,
        language=language,
        value=estimate.value,
        low=estimate.low,
        high=estimate.high,
        n_items=estimate.n_items,
        n_annotations=estimate.n_ratings,
        method=estimate.method[:120],
        reason=(estimate.reason or "")[:300],
        seed=estimate.seed,
    )


def _conclusions(answers: _Answers, *, settled: set[int], method: str, seed: int) -> Iterator[Conclusion]:
    ratings = Ratings.from_columns(item=np.array(answers.item), worker=np.array(answers.person), label=answers.label)
    inference = infer(ratings, method=method, seed=seed)
    votes: dict[int, Counter[str]] = {}
    for item_id, label in zip(answers.item, answers.label, strict=True):
        votes.setdefault(item_id, Counter())[label] += 1
    for row in inference.rows():
        item_id = int(str(row.item))
        if item_id in settled:
            counted = votes[item_id]
            yield Conclusion(
                item_id=item_id,
                label=None if row.label is None else str(row.label),
                confidence=row.confidence,
                votes=dict(sorted(counted.items())),
                annotations=counted.total(),
            )


def _work(run: _Run) -> list[Figure]:
    figures = []
    for row in work_by_person(run.project_id, watermark=run.watermark):
        for name, value, counted in (("answered", row.annotations, row.annotations), ("active_minutes", row.active_ms / 60_000, row.timed)):
            figures.append(
                Figure(
                    **asdict(run),
                    name=name,
                    question=str(row.person_id),
                    value=value,
                    n_annotations=counted,
                    method="sum over first answers",
                )
            )
    return figures


def _ties(run: _Run) -> list[Figure]:
    """Count by language what is finished and has no label all the same; gold is nobody's progress."""
    tied = items_without_label(run.project_id)
    gold = gold_among(tied.keys())
    counted = Counter(language for item, language in tied.items() if item not in gold)
    method = "items with a tie on a question"
    return [Figure(**asdict(run), name="ties", language=tag, value=n, n_items=n, method=method) for tag, n in sorted(counted.items())]
