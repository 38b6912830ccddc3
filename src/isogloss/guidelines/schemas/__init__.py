"""Label schemas: reading them, checking answers against them, comparing their versions; pure, without Django."""

from isogloss.guidelines.schemas.answers import AnswerProblem, CompiledSchema, compile_schema
from isogloss.guidelines.schemas.changes import (
    Fate,
    LabelChange,
    LostAnswer,
    QuestionChange,
    SchemaChange,
    carry_answers,
    compare_schemas,
    rename_faults,
)
from isogloss.guidelines.schemas.documents import Label, LabelSchemaDocument, Question, QuestionKind, parse_schema
from isogloss.guidelines.schemas.problems import SchemaErrors, SchemaProblem
from isogloss.guidelines.schemas.published import published_schema
from isogloss.guidelines.schemas.renames import Renames, values_in
from isogloss.guidelines.schemas.scales import Scale, label_of, question_scale

__all__ = [
    "AnswerProblem",
    "CompiledSchema",
    "Fate",
    "Label",
    "LabelChange",
    "LabelSchemaDocument",
    "LostAnswer",
    "Question",
    "QuestionChange",
    "QuestionKind",
    "Renames",
    "Scale",
    "SchemaChange",
    "SchemaErrors",
    "SchemaProblem",
    "carry_answers",
    "compare_schemas",
    "compile_schema",
    "label_of",
    "parse_schema",
    "published_schema",
    "question_scale",
    "rename_faults",
    "values_in",
]
