"""What a new version of a label schema does to answers that were given under the old one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from isogloss.guidelines.schemas.answers import CompiledSchema, compile_schema
from isogloss.guidelines.schemas.documents import LabelSchemaDocument, Question, QuestionKind
from isogloss.guidelines.schemas.renames import Renames

_LISTS = frozenset({"labels", "categories", "severities", "options", "attributes"})
_APPEARANCE = frozenset({"id", "kind", "prompt"}) | _LISTS
# When these change, old offsets, sides and scores speak about another text.
_ANCHORS = ("field", "source", "target", "a", "b", "spans")


class Fate(StrEnum):
    """What becomes of a question or label."""

    KEPT = "kept"
    RENAMED = "renamed"
    ADDED = "added"
    DROPPED = "dropped"
    KIND_CHANGED = "kind_changed"


@dataclass(frozen=True, slots=True)
class LabelChange:
    """A label before and after; `part` says where in the question it stands, the value of a tree is its path joined by "/".

    `was` is the value it had before, where that was another.
    """

    part: str
    value: str
    fate: Fate
    old_name: str | None
    new_name: str | None
    was: str = ""


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A question before and after; `settings` names what else differs, such as required or overlap; `was` is an id it had before."""

    question: str
    fate: Fate
    old_kind: QuestionKind | None
    new_kind: QuestionKind | None
    old_prompt: str | None
    new_prompt: str | None
    labels: tuple[LabelChange, ...] = ()
    settings: tuple[str, ...] = ()
    was: str = ""


@dataclass(frozen=True)
class SchemaChange:
    """The step from one version to another, questions in the order of the new one, the dropped ones last."""

    old: LabelSchemaDocument
    new: LabelSchemaDocument
    questions: tuple[QuestionChange, ...]
    renames: Renames = field(default_factory=Renames)

    @property
    def is_only_wording(self) -> bool:
        """Tell whether answers mean the same before and after: nothing but names, prompts and hints differs."""
        harmless = {Fate.KEPT, Fate.RENAMED}
        return all(
            change.fate in harmless
            and set(change.settings) <= {"hint", "guideline"}
            and all(label.fate in harmless for label in change.labels)
            for change in self.questions
        )

    @cached_property
    def compiled(self) -> CompiledSchema:
        """Checks of the new version."""
        return compile_schema(self.new)

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Kind of each question of the old version, by its old id."""
        return {question.id: question.kind for question in self.old.questions}

    @cached_property
    def steps(self) -> dict[str, tuple[QuestionChange, Question | None]]:
        """What becomes of each question, by its new id, with how it was before."""
        before = {self.renames.question(question.id): question for question in self.old.questions}
        return {step.question: (step, before.get(step.question)) for step in self.questions}


@dataclass(frozen=True, slots=True)
class LostAnswer:
    """An answer, or the part of it at the path, that the new version has no place for."""

    question: str
    path: str
    reason: str


def compare_schemas(old: LabelSchemaDocument, new: LabelSchemaDocument, *, renames: Renames | None = None) -> SchemaChange:
    """Say for every question and label whether it is kept, renamed, added or dropped.

    A label is the same while its value is, or when the renames say what its value was before.
    """
    known = renames or Renames()
    before = {known.question(question.id): question for question in old.questions}
    after = {question.id: question for question in new.questions}
    changes = [_compare(before.get(name), new=question, renames=known) for name, question in after.items()]
    dropped = [_compare(question, new=None, renames=known) for name, question in before.items() if name not in after]
    return SchemaChange(old, new, (*changes, *dropped), known)


def _compare(old: Question | None, *, new: Question | None, renames: Renames) -> QuestionChange:
    either = new or old
    assert either is not None
    was = old.id if old is not None and new is not None and old.id != new.id else ""
    if old is None or new is None:
        fate = Fate.ADDED if old is None else Fate.DROPPED
    elif old.kind is not new.kind:
        fate = Fate.KIND_CHANGED
    else:
        fate = Fate.KEPT if old.prompt == new.prompt and not was else Fate.RENAMED
    both = old is not None and new is not None and old.kind is new.kind
    return QuestionChange(
        renames.question(either.id) if new is None else either.id,
        fate,
        old.kind if old else None,
        new.kind if new else None,
        old.prompt if old else None,
        new.prompt if new else None,
        _compare_labels(old, new=new, renames=renames),
        _compare_settings(old.settings, new=new.settings) if both and old and new else (),
        was,
    )


def _compare_labels(old: Question | None, *, new: Question | None, renames: Renames) -> tuple[LabelChange, ...]:
    """Labels in the order of the new version, the dropped ones last; of several that were merged into one each is told."""
    before: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for (part, value), name in _named(old.settings) if old else ():
        now = renames.label(old.id, part=part, value=value, is_path=old.kind is QuestionKind.TREE) if old else value
        before.setdefault((part, now), []).append((value, name))
    after = dict(_named(new.settings)) if new else {}
    changes = []
    for part, value in after | before:
        will = after.get((part, value))
        for was, name in before.get((part, value), [("", "")]):
            changes.append(_label_change(part, value=value, was=was, old_name=name if was else None, new_name=will))
    return tuple(changes)


def _label_change(part: str, *, value: str, was: str, old_name: str | None, new_name: str | None) -> LabelChange:
    if old_name is None or new_name is None:
        return LabelChange(part, was or value, Fate.ADDED if old_name is None else Fate.DROPPED, old_name, new_name)
    is_same = was == value and old_name == new_name
    return LabelChange(part, value, Fate.KEPT if is_same else Fate.RENAMED, old_name, new_name, was if was != value else "")


def _named(settings: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for part in ("labels", "categories", "severities", "options"):
        yield from _named_in(settings.get(part, ()), part=part, above="")
    for attribute in settings.get("attributes", ()):
        yield from _named_in(attribute["labels"], part=f"attributes.{attribute['id']}", above="")


def _named_in(labels: Any, *, part: str, above: str) -> Iterator[tuple[tuple[str, str], str]]:
    for label in labels:
        value = above + str(label["value"])
        yield (part, value), label["name"]
        yield from _named_in(label.get("labels", ()), part=part, above=f"{value}/")


def _compare_settings(old: Mapping[str, Any], *, new: Mapping[str, Any]) -> tuple[str, ...]:
    changed = [name for name in new if name not in _APPEARANCE and old.get(name) != new[name]]
    weights = [{label["value"]: label["weight"] for label in settings.get("severities", ())} for settings in (old, new)]
    required = [{one["id"]: one["required"] for one in settings.get("attributes", ())} for settings in (old, new)]
    changed += ["weights"] if any(weights[0].get(value, weight) != weight for value, weight in weights[1].items()) else []
    alone = [{label["value"] for label in settings.get("labels", ()) if label.get("exclusive")} for settings in (old, new)]
    changed += ["exclusive"] if alone[0] != alone[1] else []
    return (*changed, *(["attributes"] if required[0] != required[1] else []))


def rename_faults(change: SchemaChange) -> list[str]:
    """Name the renames that name what the old version never had or what the new one lacks."""
    old = {question.id: question for question in change.old.questions}
    new = {question.id: question for question in change.new.questions}
    renames = change.renames
    faults = []
    for was, now in renames.questions.items():
        if was not in old or now not in new or old[was].kind is not new[now].kind or was in new:
            faults.append(f'The question "{was}" cannot be renamed to "{now}": one of them is not there, or they ask for different things.')
    for (question, part, was), now in renames.labels.items():
        after = new.get(renames.question(question))
        known = question in old and (part, was) in dict(_named(old[question].settings))
        if not known or after is None or (part, now) not in dict(_named(after.settings)):
            faults.append(f'"{was}" of the question "{question}" cannot be renamed to "{now}": one of them is not there.')
    return faults


def carry_answers(change: SchemaChange, answers: Mapping[str, Any]) -> tuple[dict[str, Any], list[LostAnswer]]:
    """Bring answers into the new version: what still fits is kept, the rest is named; what is missing a person has to add."""
    lost: list[LostAnswer] = []
    steps, carried = change.steps, dict[str, Any]()
    if change.renames:
        answers = change.renames.applied(answers, kinds=change.kinds)
    for name in answers:
        step = steps[name][0] if name in steps else None
        if step is None or step.fate in {Fate.DROPPED, Fate.ADDED}:
            lost.append(LostAnswer(name, name, "the question is not there any more"))
        elif step.fate is Fate.KIND_CHANGED:
            lost.append(LostAnswer(name, name, f"the question is of kind {step.new_kind} now, not {step.old_kind}"))
    for question in change.new.questions:
        step, before = steps[question.id]
        if question.id not in answers or before is None or step.fate not in {Fate.KEPT, Fate.RENAMED}:
            continue
        reason = _moved(before.settings, new=question.settings, renames=change.renames)
        if not reason:
            value, dropped = _KEEPERS.get(question.kind, _keep_whole)(question.settings, answers[question.id], carried)
            lost += [LostAnswer(question.id, question.id + path, why) for path, why in dropped]
            if problems := _problems(change, question=question.id, answers=carried | {question.id: value}):
                reason = problems[0]
            else:
                carried[question.id] = value
        if reason:
            lost.append(LostAnswer(question.id, question.id, reason))
    return carried, lost


def _moved(old: Mapping[str, Any], *, new: Mapping[str, Any], renames: Renames) -> str:
    now = {part: renames.question(old[part]) if part == "spans" else old[part] for part in _ANCHORS if part in old}
    moved = next((part for part in _ANCHORS if part in new and now[part] != new[part]), None)
    return f'"{moved}" is {new[moved]} now, not {old[moved]}' if moved else ""


def _problems(change: SchemaChange, *, question: str, answers: dict[str, Any]) -> list[str]:
    return [problem.message for problem in change.compiled.problems(answers, content=None) if problem.question == question]


_Kept = tuple[Any, list[tuple[str, str]]]
_NO_LABEL = "the label is not there any more"


def _keep_whole(_settings: Mapping[str, Any], value: Any, _carried: Mapping[str, Any]) -> _Kept:
    return value, []


def _values(labels: Any) -> list[Any]:
    return [label["value"] for label in labels]


def _keep_choices(settings: Mapping[str, Any], value: Any, _carried: Mapping[str, Any]) -> _Kept:
    order = _values(settings["labels"])
    return [one for one in order if one in value], [
        (f"[{index}]", f'{_NO_LABEL}: "{one}"') for index, one in enumerate(value) if one not in order
    ]


def _keep_marks(settings: Mapping[str, Any], value: Any, _carried: Mapping[str, Any]) -> _Kept:
    labels = _values(settings["labels"])
    attributes = {attribute["id"]: _values(attribute["labels"]) for attribute in settings.get("attributes", ())}
    required = {attribute["id"] for attribute in settings.get("attributes", ()) if attribute["required"]}
    kept, dropped = [], []
    for index, mark in enumerate(value):
        if mark["label"] not in labels:
            dropped.append((f"[{index}]", f'{_NO_LABEL}: "{mark["label"]}"'))
            continue
        given = mark.get("attributes", {})
        still = {name: one for name, one in given.items() if one in attributes.get(name, ())}
        if required - still.keys():
            dropped.append((f"[{index}]", f'attribute "{min(required - still.keys())}" is required now'))
            continue
        dropped += [
            (f"[{index}].attributes.{name}", "the attribute or its label is not there any more") for name in given if name not in still
        ]
        kept.append(mark | {"attributes": still} if "attributes" in mark else mark)
    return kept, dropped


def _keep_relations(settings: Mapping[str, Any], value: Any, carried: Mapping[str, Any]) -> _Kept:
    labels, spans = _values(settings["labels"]), {span["id"] for span in carried.get(settings["spans"], ())}
    kept, dropped = [], []
    for index, relation in enumerate(value):
        if relation["label"] not in labels:
            dropped.append((f"[{index}]", f'{_NO_LABEL}: "{relation["label"]}"'))
        elif not {relation["from"], relation["to"]} <= spans:
            dropped.append((f"[{index}]", "one of its spans is lost"))
        else:
            kept.append(relation)
    return kept, dropped


def _keep_errors(settings: Mapping[str, Any], value: Any, _carried: Mapping[str, Any]) -> _Kept:
    known = {"category": _values(settings["categories"]), "severity": _values(settings["severities"])}
    kept, dropped = [], []
    for index, error in enumerate(value["errors"]):
        gone = next((error[part] for part, values in known.items() if error[part] not in values), None)
        if gone is None:
            kept.append(error)
        else:
            dropped.append((f".errors[{index}]", f'{_NO_LABEL}: "{gone}"'))
    score = {"score": value["score"]} if settings["score"] and "score" in value else {}
    if "score" in value and not score:
        dropped.append((".score", "a score is not asked for any more"))
    return {"errors": kept} | score, dropped


def _keep_ranking(settings: Mapping[str, Any], value: Any, _carried: Mapping[str, Any]) -> _Kept:
    options = _values(settings["options"])
    kept = [[one for one in place if one in options] for place in value]
    dropped = [
        (f"[{rank}]", f'the option "{one}" is not there any more')
        for rank, place in enumerate(value)
        for one in place
        if one not in options
    ]
    return [place for place in kept if place], dropped


_KEEPERS: dict[QuestionKind, Callable[[Mapping[str, Any], Any, Mapping[str, Any]], _Kept]] = {
    QuestionKind.CHOICES: _keep_choices,
    QuestionKind.SPANS: _keep_marks,
    QuestionKind.TOKENS: _keep_marks,
    QuestionKind.RELATIONS: _keep_relations,
    QuestionKind.ERRORS: _keep_errors,
    QuestionKind.RANKING: _keep_ranking,
}
