"""What a change of a project's label schema would do to the answers that people gave."""

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from isogloss.annotation.queries import latest_annotation_id, standing_groups
from isogloss.guidelines.queries import renames_since, schema_of
from isogloss.guidelines.schemas import (
    Fate,
    LabelChange,
    LabelSchemaDocument,
    QuestionChange,
    Renames,
    SchemaChange,
    carry_answers,
    compare_schemas,
    values_in,
)

if TYPE_CHECKING:
    from isogloss.projects.models import Project

REASONS_TOLD = 3


@dataclass(slots=True)
class QuestionEffect:
    """A question's change with what becomes of the answers to it; `used` counts answers by part and label of the old version."""

    change: QuestionChange
    answered: int = 0
    kept: int = 0
    cut: int = 0
    lost: int = 0
    used: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def labels(self) -> list[tuple[LabelChange, int]]:
        """Labels that are not as they were, each with the number of answers that use it."""
        return [(row, self.used[row.part, row.was or row.value]) for row in self.change.labels if row.fate is not Fate.KEPT]

    @property
    def told(self) -> list[tuple[str, int]]:
        """The commonest reasons for which something is lost."""
        return self.reasons.most_common(REASONS_TOLD)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a new version would do; counts of annotations are exact while `one_in` is 1, else of a sample of one in so many."""

    change: SchemaChange
    questions: list[QuestionEffect]
    annotations: int
    whole: int
    incomplete: int
    one_in: int
    watermark: int


def effect_of(project: "Project", *, new: LabelSchemaDocument, renames: Renames) -> Effect:
    """Compare a label schema with the project's and carry every standing answer over, without writing anything.

    Answers under earlier versions are taken for what they are worth under the present one: what is lost already is not lost again.
    """
    present = schema_of(project.version_id)
    watermark = latest_annotation_id(project.pk)
    counting = _Counting(compare_schemas(present, new, renames=renames), compare_schemas(present, present))
    since = renames_since(project.guideline_id, until=project.version.number)
    until_now: dict[int, SchemaChange] = {}
    found = standing_groups(project.pk, watermark=watermark)
    for group in found.groups:
        answers = msgspec.json.decode(group.answers)
        if (made := group.guideline_version_id) != project.version_id:
            if made not in until_now:
                until_now[made] = compare_schemas(schema_of(made), present, renames=since.get(made))
            answers, _ = carry_answers(until_now[made], answers)
        counting.add(answers, count=group.count)
    return Effect(
        counting.change,
        list(counting.effects.values()),
        counting.annotations,
        counting.whole,
        counting.incomplete,
        found.one_in,
        watermark,
    )


class _Counting:
    """Adds up what becomes of answers, alike ones at once."""

    def __init__(self, change: SchemaChange, present: SchemaChange) -> None:
        self.change = change
        self.present = present
        self.effects = {step.question: QuestionEffect(step) for step in change.questions}
        self.annotations = self.whole = self.incomplete = 0

    def add(self, answers: dict[str, Any], *, count: int) -> None:
        carried, lost = carry_answers(self.change, answers)
        missing = {one.question for one in lost}
        for name, value in answers.items():
            effect = self.effects[self.change.renames.question(name)]
            effect.answered += count
            if effect.change.question not in missing:
                effect.kept += count
            elif effect.change.question in carried:
                effect.cut += count
            else:
                effect.lost += count
            effect.used.update(dict.fromkeys(values_in(str(effect.change.old_kind), value), count))
        for question, reason in {(one.question, one.reason) for one in lost}:
            self.effects[question].reasons[reason] += count
        self.annotations += count
        self.whole += 0 if lost else count
        if not lost and self._lacks(self.change, carried) and not self._lacks(self.present, answers):
            self.incomplete += count

    @staticmethod
    def _lacks(change: SchemaChange, answers: dict[str, Any]) -> bool:
        return bool(change.compiled.problems(answers, content=None))
