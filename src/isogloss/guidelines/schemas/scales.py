"""How the answers to a question are compared: the scale of agreement, and the flat label of an answer."""

from typing import Any, Literal, TypeAlias

from isogloss.guidelines.schemas.documents import Question, QuestionKind
from isogloss.guidelines.schemas.languages import in_usual_case

Scale: TypeAlias = Literal["nominal", "ordinal", "interval", "sets", "text", "spans", "ranking", "pairs", "language"]

_SCALES: dict[QuestionKind, Scale] = {
    QuestionKind.CHOICE: "nominal",
    QuestionKind.CHOICES: "sets",
    QuestionKind.TREE: "nominal",
    QuestionKind.RATING: "ordinal",
    QuestionKind.SLIDER: "interval",
    QuestionKind.TEXT: "text",
    QuestionKind.LANGUAGE: "language",
    QuestionKind.SPANS: "spans",
    QuestionKind.RELATIONS: "spans",
    QuestionKind.TOKENS: "spans",
    QuestionKind.ERRORS: "spans",
    QuestionKind.PAIRWISE: "pairs",
    QuestionKind.RANKING: "ranking",
}


def question_scale(question: Question) -> Scale:
    """Return the scale on which answers to the question agree or differ."""
    if question.kind is QuestionKind.CHOICE and question.settings["scale"] == "ordinal":
        return "ordinal"
    return _SCALES[question.kind]


def label_of(question: Question, value: Any) -> str | None:  # noqa: PLR0911  one line per kind is the table a reader wants
    """Return the flat label that decisions and agreement use, or None where an answer is not one label.

    `value` must have passed the checks. Tags are put into their usual case, and the languages of a mixture are sorted, so that equal
    answers are equal labels.
    """
    match question.kind:
        case QuestionKind.CHOICE:
            return str(value)
        case QuestionKind.CHOICES:
            return "|".join(sorted(value))
        case QuestionKind.TREE:
            return "/".join(value)
        case QuestionKind.RATING:
            return str(value)
        case QuestionKind.LANGUAGE if "tag" in value:
            return in_usual_case(value["tag"])
        case QuestionKind.LANGUAGE:
            return "mixed:" + "+".join(sorted(map(in_usual_case, value["mixed"]))) if "mixed" in value else "none"
        case QuestionKind.PAIRWISE:
            return str(value["preferred"])
        case _:
            return None
