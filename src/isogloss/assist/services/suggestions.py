"""What a model would answer to questions about language, precomputed for the workbench; shown only where a lead wants it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from isogloss.assist.models import SegmentPass, Suggestion
from isogloss.core.language.segments import Labelled, label_tokens, mixing
from isogloss.core.language.tags import UnknownTag, base
from isogloss.core.language.tokens import Kind
from isogloss.corpus.queries import Readable
from isogloss.corpus.rules import MIXED_FROM, UNSURE
from isogloss.guidelines.schemas import CompiledSchema, LabelSchemaDocument, Question, QuestionKind, compile_schema
from isogloss.platform import audit, jobs
from isogloss.platform.db import write_transaction

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.core.language.identification import VotingModel
    from isogloss.projects.models import Project

SHIPPED = "isogloss"
LONGEST = 2_000  # characters of a text that are looked at: segments cost ten to a hundred times an identification
ENGLISH = "en"
_NO_LANGUAGE = ("", "und", "zxx")


def set_suggestions(project: "Project", *, suggests: bool, actor: "User", now: datetime) -> None:
    """Say whether people see what a model would answer; turning it on looks at every text again."""
    with write_transaction():
        row, _ = SegmentPass.objects.get_or_create(project_id=project.pk, defaults={"made_at": now})
        changes = {"suggests": suggests, "upto": 0} if suggests and not row.suggests else {"suggests": suggests}
        SegmentPass.objects.filter(pk=row.pk).update(**changes)
        audit.record(actor, "suggestions.shown" if suggests else "suggestions.hidden", project, now=now, project_id=project.pk)
        if suggests:
            jobs.enqueue_once("assist.segment", ids={"project": project.pk}, project_id=project.pk, now=now)


@dataclass(frozen=True, slots=True)
class Suggester:
    """Makes suggestions for the questions of one schema about language."""

    questions: tuple[Question, ...]
    schema: CompiledSchema
    languages: Sequence[str] | None
    project_languages: tuple[str, ...]
    model: "VotingModel | None"
    name: str

    @classmethod
    def of(
        cls,
        schema: LabelSchemaDocument,
        *,
        languages: Sequence[str] | None,
        project_languages: Sequence[str],
        model: "VotingModel | None",
        name: str,
    ) -> "Suggester":
        """Return the suggester of a schema; `languages` are those to choose words among, None to find them in each text."""
        asked = tuple(q for q in schema.questions if q.kind in {QuestionKind.LANGUAGE, QuestionKind.TOKENS})
        return cls(asked, compile_schema(schema), languages, tuple(project_languages), model, name or SHIPPED)

    def suggestions(self, item: Readable, labelled: Sequence[Labelled]) -> dict[str, dict[str, Any]]:
        """Return a suggestion for each question to which the model has an answer that the schema takes."""
        content = msgspec.json.decode(item.content)
        found: dict[str, dict[str, Any]] = {}
        for question in self.questions:
            said = self._language(question, item, labelled) if question.kind is QuestionKind.LANGUAGE else self._tokens(question, content)
            if said is not None and self._is_taken(question, said[0], content=content):
                found[question.id] = {"value": said[0], "confidence": round(said[1], 3), "model": self.name}
        return found

    def _is_taken(self, question: Question, value: object, *, content: Mapping[str, Any]) -> bool:
        """Whether the schema takes the value; what it says of other questions, which have no answer here, does not count."""
        return not any(problem.question == question.id for problem in self.schema.problems({question.id: value}, content=dict(content)))

    def _language(self, question: Question, item: Readable, labelled: Sequence[Labelled]) -> tuple[object, float] | None:
        shares = sorted(mixing(labelled).shares.items(), key=lambda pair: (-pair[1], pair[0]))
        if len(shares) > 1 and shares[1][1] > MIXED_FROM and "mixed" in question.settings.get("allow", ()):
            words = [word.confidence for word in labelled if word.token.kind in {Kind.WORD, Kind.MIXED}]
            return {"mixed": sorted(tag for tag, _ in shares[:2])}, sum(words) / len(words)
        if item.confidence is None or item.confidence < UNSURE or item.language in _NO_LANGUAGE:
            return None
        return {"tag": item.language}, item.confidence

    def _tokens(self, question: Question, content: Mapping[str, Any]) -> tuple[object, float] | None:
        text = content.get(question.settings["field"])
        if not isinstance(text, str) or not text.strip():
            return None
        labels = [label["value"] for label in question.settings["labels"]]
        named = self._named(labels)
        said = [(word, label_of_word(word, labels=labels, named=named)) for word in self._labelled(text)]
        painted = [{"start": word.token.start, "end": word.token.end, "label": label} for word, label in said if label]
        sure = [word.confidence for word, label in said if label]
        return (painted, sum(sure) / len(sure)) if painted else None

    def _labelled(self, text: str) -> list[Labelled]:
        return label_tokens(text[:LONGEST], languages=self.languages, model=self.model)

    def _named(self, labels: Sequence[str]) -> dict[str, str]:
        """Which label a language has: its own tag, or “lang1” and “lang2” where the project's languages say which those are."""
        named: dict[str, str] = {}
        for label in labels:
            try:
                named.setdefault(base(label), label)
            except UnknownTag:
                continue
        if {"lang1", "lang2"} <= set(labels):
            others = [tag for tag in dict.fromkeys(base(tag) for tag in self.project_languages) if tag != ENGLISH]
            if len(others) == 1:  # one language and English, as the template has it; with more nobody knows which is the main one
                named |= {others[0]: "lang1", ENGLISH: "lang2"}
        return named


def label_of_word(word: Labelled, *, labels: Sequence[str], named: Mapping[str, str]) -> str | None:
    """Return the label of a word among those the question has; None leaves it unpainted."""
    kind = word.token.kind
    if kind is Kind.SIGN:
        return None
    if kind is Kind.NAME and "name" in labels:
        return "name"
    if kind is Kind.MIXED and "mixed" in labels:
        return "mixed"
    if word.language == "zxx":
        return "other" if "other" in labels else None
    try:
        found = named.get(base(word.language))
    except UnknownTag:
        return None
    return found or ("foreign" if named and "foreign" in labels else None)


def store_suggestions(project_id: int, *, found: Mapping[int, tuple[int, dict[str, Any]]], now: datetime) -> int:
    """Append what changed, by item; what was shown before stays, with the time it was shown until. Return how many changed."""
    wanted = {item: (version, msgspec.json.encode(said).decode()) for item, (version, said) in found.items()}
    with write_transaction():
        there = {row.item_id: row for row in Suggestion.objects.filter(item_id__in=list(wanted), superseded_at__isnull=True)}
        changed = [item for item, (version, value) in wanted.items() if not _is_same(there.get(item), version, value)]
        Suggestion.objects.filter(pk__in=[there[item].pk for item in changed if item in there]).update(superseded_at=now)
        new = [
            Suggestion(project_id=project_id, item_id=item, item_version=wanted[item][0], value=wanted[item][1], made_at=now)
            for item in changed
            if wanted[item][1] != "{}"
        ]
        Suggestion.objects.bulk_create(new)
    return len(changed)


def _is_same(row: Suggestion | None, version: int, value: str) -> bool:
    return value == "{}" if row is None else (row.item_version, row.value) == (version, value)
