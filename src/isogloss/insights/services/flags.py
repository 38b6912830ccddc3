"""Flags that need what people said: annotators against a sure detector, and how often each flag was right."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec
from django.utils.translation import gettext_noop as _

from isogloss.annotation.queries import decided_labels, items_answered, latest_annotation_id, standing_answers_of
from isogloss.assist.queries import flag_watermark
from isogloss.assist.services import FlagCount, store_flag_figures
from isogloss.core.language.tags import UnknownTag, base
from isogloss.corpus.queries import FlaggedItem, flagged_items, sure_estimates
from isogloss.corpus.rules import SURE_DETECTOR, FlagKind, same_language
from isogloss.corpus.services import set_flags
from isogloss.guidelines.queries import schema_of
from isogloss.guidelines.schemas import Question, QuestionKind, label_of
from isogloss.platform.jobs import Progress
from isogloss.projects.queries import language_tags, project_by_id

PIECE = 400
LEAST_PEOPLE = 2
"""So many people's answers make a decision that a flag is measured by, unless it was adjudicated."""
LEAST_LABELS = 2
_NONE = {"none", "other"}
NO_QUESTION = _("The project asks no question about the language, so nobody's decision says whether the flag was right.")
NO_MIXTURE = _("The project's language question does not let people answer “mixed”, so no decision says whether the flag was right.")


def refresh_flags(project_id: int, *, progress: Progress, now: datetime) -> dict[str, object]:
    """Flag the items on which an annotator differs from a sure detector, then count every flag and how often it was right."""
    question = _question(project_id)
    watermark = latest_annotation_id(project_id)
    looked_at = 0
    if question is not None:
        for piece in _pieces(items_answered(project_id, after=flag_watermark(project_id), upto=watermark)):
            _flag_annotators(project_id, question=question, items=piece, watermark=watermark)
            looked_at += len(piece)
            progress.tell(looked_at, message=f"{looked_at:,} answered items looked at")
    counts = count_flags(project_id, question=question)
    store_flag_figures(project_id, counts=counts, watermark=watermark, now=now)
    return {"looked_at": looked_at, "flags": sum(count.items for count in counts if not count.language)}


def _question(project_id: int) -> Question | None:
    """The project's first question about the language of the text: by its kind, or a choice among the project's languages."""
    project = project_by_id(project_id)
    languages = {base(tag) for tag in language_tags(project)}
    questions = schema_of(project.version_id).questions
    return next((question for question in questions if _asks_language(question, languages)), None)


def _asks_language(question: Question, languages: set[str]) -> bool:
    """Whether answers name a language; of a choice two of the labels must be languages of the project (“no” is a tag, too)."""
    if question.kind is QuestionKind.CHOICE:
        return len(languages & {tag for label in question.settings["labels"] if (tag := _tag(label["value"]))}) >= LEAST_LABELS
    return question.kind is QuestionKind.LANGUAGE


def _tag(label: str) -> str:
    try:
        return base(label)
    except UnknownTag:
        return ""


def _flag_annotators(project_id: int, *, question: Question, items: list[int], watermark: int) -> None:
    sure = sure_estimates(items, least=SURE_DETECTOR)
    against: set[int] = set()
    for row in standing_answers_of(items, watermark=watermark):
        value = msgspec.json.decode(row.answers).get(question.id)
        label = label_of(question, value) if value is not None else None
        if label is not None and row.item_id in sure and not agrees(sure[row.item_id], label):
            against.add(row.item_id)
    raised = {item: {FlagKind.ANNOTATOR} if item in against else frozenset[FlagKind]() for item in items}
    set_flags(project_id, raised=raised, kinds={FlagKind.ANNOTATOR})


def agrees(estimate: str, label: str) -> bool:
    """Whether an estimate and a person's label speak of one language; a mixture agrees with each of its parts.

    Examples
    --------
    >>> agrees("id", "mixed:en+id"), agrees("zxx", "none"), agrees("id", "ms")
    (True, True, False)
    """
    if label in _NONE:
        return estimate in {"und", "zxx"} if label == "other" else estimate == "zxx"
    if estimate in {"", "und", "zxx"}:
        return False
    return any(_tag(tag) and same_language(estimate, tag) for tag in label.removeprefix("mixed:").split("+"))


def count_flags(project_id: int, *, question: Question | None) -> list[FlagCount]:
    """Count each flag in all and by language: items, decided items, and those of them on which the flag was right."""
    decided = dict(decided_labels(project_id, question=question.id, least=LEAST_PEOPLE)) if question is not None else {}
    items: Counter[tuple[FlagKind, str]] = Counter()
    known: Counter[tuple[FlagKind, str]] = Counter()
    right: Counter[tuple[FlagKind, str]] = Counter()
    for flagged in flagged_items(project_id):
        keys = ((flagged.kind, ""), (flagged.kind, flagged.routing))
        label = decided.get(flagged.item_id)
        was_right = label is not None and is_right(flagged, label=label)
        for key in keys:
            items[key] += 1
            known[key] += label is not None
            right[key] += was_right
    keys_in_order = [(kind, "") for kind in FlagKind] + sorted(key for key in items if key[1])
    return [
        FlagCount(kind, language, items[kind, language], known[kind, language], right[kind, language], _reason(kind, question))
        for kind, language in keys_in_order
    ]


def is_right(flagged: FlaggedItem, *, label: str) -> bool:
    """Whether the people's decision bears a flag out.

    Unsure and disputed say that the estimate is wrong; declared, that the declared language is; annotator, that the person erred and the
    detector did not; mixed, that the text has more than one language.
    """
    match flagged.kind:
        case FlagKind.UNSURE | FlagKind.DISPUTED:
            return not agrees(flagged.estimate, label)
        case FlagKind.DECLARED:
            return not agrees(flagged.declared, label)
        case FlagKind.ANNOTATOR:
            return agrees(flagged.estimate, label)
        case FlagKind.MIXED:
            return label == "mixed" or label.startswith("mixed:")


def _reason(kind: FlagKind, question: Question | None) -> str:
    if question is None:
        return NO_QUESTION
    if kind is FlagKind.MIXED and not _takes_mixtures(question):
        return NO_MIXTURE
    return ""


def _takes_mixtures(question: Question) -> bool:
    if question.kind is QuestionKind.CHOICE:
        return any(label["value"] == "mixed" for label in question.settings["labels"])
    return "mixed" in question.settings.get("allow", ())


def _pieces(ids: Iterable[int]) -> Iterator[list[int]]:
    piece: list[int] = []
    for item in ids:
        piece.append(item)
        if len(piece) == PIECE:
            yield piece
            piece = []
    if piece:
        yield piece
