"""Whether answers fit a label schema; compiled once, then called for every submit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from isogloss.guidelines.schemas.conditions import compile_condition
from isogloss.guidelines.schemas.documents import LabelSchemaDocument, Question, QuestionKind
from isogloss.guidelines.schemas.marks import errors_checker, relations_checker, spans_checker, tokens_checker
from isogloss.guidelines.schemas.values import (
    Checker,
    Content,
    Settings,
    choice_checker,
    choices_checker,
    language_checker,
    pairwise_checker,
    ranking_checker,
    rating_checker,
    shown,
    slider_checker,
    text_checker,
    tree_checker,
)

_CHECKERS: dict[QuestionKind, Callable[[Settings], Checker]] = {
    QuestionKind.CHOICE: choice_checker,
    QuestionKind.CHOICES: choices_checker,
    QuestionKind.TREE: tree_checker,
    QuestionKind.RATING: rating_checker,
    QuestionKind.SLIDER: slider_checker,
    QuestionKind.TEXT: text_checker,
    QuestionKind.LANGUAGE: language_checker,
    QuestionKind.SPANS: spans_checker,
    QuestionKind.RELATIONS: relations_checker,
    QuestionKind.TOKENS: tokens_checker,
    QuestionKind.ERRORS: errors_checker,
    QuestionKind.PAIRWISE: pairwise_checker,
    QuestionKind.RANKING: ranking_checker,
}


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """Why an answer is refused; the path begins at the question's id."""

    question: str
    path: str
    message: str


@dataclass(frozen=True, slots=True)
class _CompiledQuestion:
    id: str
    required: bool
    is_shown: Callable[[Mapping[str, Any]], bool] | None
    check: Checker


class CompiledSchema:
    """Checks of a label schema, ready to be run on many answers."""

    __slots__ = ("_ids", "_questions")

    def __init__(self, questions: tuple[_CompiledQuestion, ...]) -> None:
        self._questions = questions
        self._ids = frozenset(question.id for question in questions)

    def problems(self, answers: Any, *, content: Content | None) -> list[AnswerProblem]:
        """Everything wrong with the answers; with a content of None, what depends on the text is not checked."""
        if type(answers) is not dict:
            return [AnswerProblem("", "", "answers are a mapping from question ids to values")]
        found: list[AnswerProblem] = []
        seen = answers
        for question in self._questions:
            name = question.id
            if question.is_shown is not None and not question.is_shown(seen):
                if name in answers:
                    found.append(AnswerProblem(name, name, "is hidden by the other answers: leave it out"))
                    # What waits for a hidden question is hidden with it.
                    seen = {other: value for other, value in seen.items() if other != name}
            elif name not in answers:
                if question.required:
                    found.append(AnswerProblem(name, name, "an answer is missing"))
            else:
                for path, message in question.check(answers[name], answers, content):
                    joint = "." if path and path[0] != "[" else ""
                    found.append(AnswerProblem(name, f"{name}{joint}{path}", message))
        if not answers.keys() <= self._ids:
            strangers = [name for name in answers if name not in self._ids][:20]
            found += [AnswerProblem(str(name)[:100], str(name)[:100], f"there is no question {shown(name)}") for name in strangers]
        return found

    def shown_questions(self, answers: Mapping[str, Any]) -> list[str]:
        """Ids of the questions that these answers bring to the screen, in order."""
        held: dict[str, Any] = {}
        visible = []
        for question in self._questions:
            if question.is_shown is None or question.is_shown(held):
                visible.append(question.id)
                if question.id in answers:
                    held[question.id] = answers[question.id]
        return visible


def _must_answer(question: Question) -> bool:
    """Tell whether a missing answer is refused: marking nothing is an answer, as a text may hold no span and a translation no error."""
    if question.kind in {QuestionKind.SPANS, QuestionKind.RELATIONS}:
        return False
    return question.required and (question.kind is not QuestionKind.ERRORS or bool(question.settings["score"]))


def compile_schema(schema: LabelSchemaDocument) -> CompiledSchema:
    """Prepare the checks of a schema."""
    kinds: dict[str, str] = {question.id: question.kind for question in schema.questions}
    return CompiledSchema(
        tuple(
            _CompiledQuestion(
                question.id,
                _must_answer(question),
                compile_condition(question.settings["show_when"], kinds=kinds),
                _CHECKERS[question.kind](question.settings),
            )
            for question in schema.questions
        )
    )
