"""Annotations that were made elsewhere: whole files of them, and recorded answers of one person."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from django.conf import settings
from django.db import connection

from isogloss.accounts.services import import_people
from isogloss.annotation.queries import revisions_of
from isogloss.corpus.queries import ItemKey, item_keys
from isogloss.dispatch.messages import DAY_MS
from isogloss.dispatch.services.replays import replay_annotation
from isogloss.dispatch.services.seeding import in_marks, seed_items
from isogloss.dispatch.services.targets import count_imported
from isogloss.dispatch.store.engines import Engine, cold_transaction
from isogloss.guidelines.queries import schema_of
from isogloss.guidelines.schemas import CompiledSchema, Question, QuestionKind, compile_schema
from isogloss.platform import audit
from isogloss.platform.db import is_postgresql, write_transaction
from isogloss.platform.identifiers import new_public_id
from isogloss.platform.plain_text import flaw_of, refuse_unstorable
from isogloss.platform.problems import InvalidInput
from isogloss.platform.rows import BadRow, Row, guess_format, read_rows

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.projects.models import Project

CHUNK = 1500  # rows a transaction, as for texts
_COLUMNS = (
    "public_id, project_id, item_id, item_version, person_id, revision, key, body_hash, guideline_version_id, answers, language, lease,"
    " leased_at, submitted_at, active_ms, suggestion_visible, served, source, counted, gold"
)


@dataclass(slots=True)
class AnnotationImport:
    """What came of a file of annotations."""

    read: int = 0
    added: int = 0
    skipped: int = 0
    people: int = 0
    bad: int = 0
    bad_path: str = ""


@dataclass(slots=True)
class Replay:
    """What came of recorded answers."""

    counted: int = 0
    surplus: int = 0
    correction: int = 0
    repeat: int = 0

    def as_json(self) -> dict[str, int]:
        """Return the counts by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Judgment:
    line: int
    item: str
    worker: str
    answers: str


def import_annotations(
    project: "Project",
    *,
    path: Path,
    columns: dict[str, str],
    actor: "User",
    now: datetime,
    question: str = "",
    repeats: str = "refuse",
) -> AnnotationImport:
    """Read a file with the columns item, worker and label; people become inactive accounts, rows that do not fit come back in a file."""
    outcome = AnnotationImport()
    maker = _JudgmentMaker(project, columns=columns, question=question)
    bad_path = path.with_name(path.name + ".bad.jsonl")
    people: dict[str, int] = {}
    told = 0
    rows = read_rows(path, file_format=guess_format(path.name), most_bytes=settings.CONFIG.max_line)
    with bad_path.open("wb") as bad_file:
        for chunk in _chunks(maker.make(row) for row in rows):
            outcome.read += len(chunk)
            bad = [row for row in chunk if isinstance(row, BadRow)]
            good = [row for row in chunk if isinstance(row, _Judgment)]
            new_names = sorted({row.worker for row in good} - set(people))
            people |= import_people(new_names, group=project.public_id[:8], actor=actor, now=now)
            bad += _store(project, good, people=people, repeats=repeats, outcome=outcome, now=now)
            if outcome.added > 2 * told:
                _tell_planner()
                told = outcome.added
            for row in sorted(bad, key=lambda r: r.line):
                bad_file.write(msgspec.json.encode(row) + b"\n")
            outcome.bad += len(bad)
    if outcome.bad:
        outcome.bad_path = str(bad_path)
    else:
        bad_path.unlink()
    outcome.people = len(people)
    with write_transaction():
        audit.record(
            actor, "annotations.imported", project, now=now, project_id=project.pk, detail={"file": path.name, "added": outcome.added}
        )
    return outcome


def _tell_planner() -> None:
    """In a bulk load PostgreSQL plans by what it knew before, and reads whole tables row by row until somebody looks again."""
    if is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE annotation_annotation, corpus_item, dispatch_progress, dispatch_queue")


class _JudgmentMaker:
    """Turns rows into judgments; each label is checked against the schema once."""

    def __init__(self, project: "Project", *, columns: dict[str, str], question: str) -> None:
        document = schema_of(project.version_id)
        asked = [q for q in document.questions if q.id == question] if question else list(document.questions)
        if len(asked) != 1:
            known = ", ".join(q.id for q in document.questions)
            raise InvalidInput(f"Name the question that the labels answer: one of {known}.")
        self._question, self._columns = asked[0], columns
        self._schema: CompiledSchema = compile_schema(document)
        self._known: dict[str, str] = {}

    def make(self, row: Row | BadRow) -> "_Judgment | BadRow":
        """Return the judgment, or why the row is none."""
        if isinstance(row, BadRow):
            return row
        cells = {}
        for name in ("item", "worker", "label"):
            value = row.values.get(self._columns[name])
            if value is None or not str(value).strip():
                return BadRow(
                    row.line, f"Column {self._columns[name]!r} is missing or empty.", "Fill the cell, or map another column with --map."
                )
            cells[name] = str(value).strip()
            if flaw := flaw_of(cells[name]):
                return BadRow(
                    row.line, f"Column {self._columns[name]!r} holds {flaw}.", "Remove it, or export the file again from its source."
                )
        try:
            answers = self._answers(cells["label"])
        except ValueError as error:
            return BadRow(row.line, str(error), "Mend the label, or add it to the project's label schema.")
        return _Judgment(row.line, cells["item"], cells["worker"], answers)

    def _answers(self, label: str) -> str:
        if label not in self._known:
            answers = {self._question.id: answer_of(self._question, label)}
            problems = [p for p in self._schema.problems(answers, content=None) if p.question == self._question.id]
            if problems:
                raise ValueError(f"The label {label!r} does not fit: {problems[0].message}")
            self._known[label] = msgspec.json.encode(answers).decode()
        return self._known[label]


def answer_of(question: Question, label: str) -> Any:
    """Return the answer that a flat label stands for."""
    match question.kind:
        case QuestionKind.CHOICES:
            return label.split("|")
        case QuestionKind.TREE:
            return label.split("/")
        case QuestionKind.RATING | QuestionKind.SLIDER:
            return float(label) if "." in label else int(label)
        case QuestionKind.LANGUAGE:
            return {"none": True} if label == "none" else {"tag": label}
        case QuestionKind.CHOICE | QuestionKind.TEXT:
            return label
        case _:
            raise InvalidInput(f"Labels cannot be imported for a question of kind {question.kind.value}.")


def _chunks(rows: "Iterable[_Judgment | BadRow]") -> "Iterator[list[_Judgment | BadRow]]":
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _store(
    project: "Project",
    rows: Sequence[_Judgment],
    *,
    people: dict[str, int],
    repeats: str,
    outcome: AnnotationImport,
    now: datetime,
) -> list[BadRow]:
    """Store annotations and count them in the same transaction: an import that is killed leaves none that its item does not know of."""
    if not rows:
        return []
    keys = item_keys(project, external_ids={row.item for row in rows})
    items = sorted({key.id for key in keys.values()})
    writers = sorted({people[row.worker] for row in rows})
    seed_items(project.pk, now=now, item_ids=items)
    with cold_transaction() as engine:
        _lock(engine, project.pk, person_ids=writers)
        standing = revisions_of(item_ids=items, person_ids=writers)
        values, bad = _fitting(project, rows, keys=keys, people=people, standing=standing, repeats=repeats, now=now)
        _insert(values)
        # Of rows that were there before too: who stored them may have died before it could count them.
        count_imported(engine, items, now=now)
    outcome.added += len(values)
    outcome.skipped += len(rows) - len(values) - len(bad)
    return bad


def _lock(engine: Engine, project_id: int, *, person_ids: Sequence[int]) -> None:
    """Make those wait who enter the items meanwhile and would not see these answers, and people of the file who answer here."""
    engine.rows("SELECT 1 FROM dispatch_project WHERE project_id = ? /*lock*/", project_id)
    marks = in_marks(person_ids)
    engine.rows(f"SELECT 1 FROM dispatch_person WHERE person_id IN ({marks}) ORDER BY person_id /*lock*/", *person_ids)  # noqa: S608  marks only


def _fitting(
    project: "Project",
    rows: Sequence[_Judgment],
    *,
    keys: Mapping[str, ItemKey],
    people: dict[str, int],
    standing: dict[tuple[int, int], tuple[int, str]],
    repeats: str,
    now: datetime,
) -> tuple[list[tuple[Any, ...]], list[BadRow]]:
    """Return what is to be stored, and which rows cannot be; what is there already is neither."""
    bad: list[BadRow] = []
    values: list[tuple[Any, ...]] = []
    for row in rows:
        key = keys.get(row.item)
        if key is None:
            bad.append(BadRow(row.line, f"The project has no item {row.item!r}.", "Import the texts first, with the same ids."))
            continue
        person = people[row.worker]
        seen = standing.get((key.id, person))
        if seen is not None and seen[1] == row.answers:
            continue
        if seen is not None and repeats != "last":
            bad.append(_answered_before(row))
            continue
        revision = 0 if seen is None else seen[0] + 1
        standing[key.id, person] = (revision, row.answers)
        values.append(
            _values(
                project,
                item=key.id,
                version=key.version,
                person=person,
                revision=revision,
                answers=row.answers,
                language=key.language or "und",
                now=now,
            )
        )
    return values, bad


def _answered_before(row: _Judgment) -> BadRow:
    return BadRow(row.line, f"{row.worker!r} has answered item {row.item!r} already.", "Remove the row, or import with --repeats=last.")


def _values(
    project: "Project", *, item: int, version: int, person: int, revision: int, answers: str, language: str, now: datetime
) -> tuple[Any, ...]:
    body = hashlib.blake2b(answers.encode(), digest_size=16).hexdigest()
    return (
        new_public_id(), project.pk, item, version, person, revision, f"import-{item}-{revision}", body, project.version_id, answers,
        language, None, None, now, None, False, "", "import", True, False,
    )  # fmt: skip


def _insert(values: list[tuple[Any, ...]]) -> None:
    if not values:
        return
    with connection.cursor() as cursor:
        if is_postgresql():
            with cursor.copy(f"COPY annotation_annotation ({_COLUMNS}) FROM STDIN") as copy:
                for value in values:
                    copy.write_row(value)
        else:
            marks = ", ".join(["%s"] * len(values[0]))
            cursor.executemany(f"INSERT INTO annotation_annotation ({_COLUMNS}) VALUES ({marks})", values)  # noqa: S608  the columns are ours


def replay_answers(
    project: "Project", *, person: "User", rows: Iterable[tuple[int, dict[str, object]]], actor: "User", now: datetime
) -> Replay:
    """Write recorded answers (item, answers, active_ms) as a person; an answer written before is a repeat."""
    outcome = Replay()
    listed = [(line, _storable(line, values)) for line, values in rows]
    keys = item_keys(project, external_ids={str(values.get("item", "")) for _, values in listed})
    for recording in [_recording(line, values, keys=keys) for line, values in listed]:  # all are read before the first is written
        encoded = msgspec.json.encode(recording.answers)
        try:
            stored = replay_annotation(
                item_id=recording.item,
                person=person,
                answers=recording.answers,
                key="replay-" + hashlib.blake2b(f"{recording.item}:".encode() + encoded, digest_size=16).hexdigest(),
                actor=actor,
                now=now,
                active_ms=recording.active_ms,
            )
        except InvalidInput as problem:
            raise InvalidInput(f"Line {recording.line}: {problem.detail}", errors=problem.errors) from problem
        setattr(outcome, stored.state, getattr(outcome, stored.state) + 1)
    return outcome


def _storable(line: int, values: dict[str, object]) -> dict[str, object]:
    try:
        refuse_unstorable(values)
    except InvalidInput as problem:
        raise InvalidInput(f"Line {line}: {problem.detail}", errors=problem.errors) from problem
    return values


@dataclass(frozen=True, slots=True)
class _Recording:
    line: int
    item: int
    answers: dict[str, Any]
    active_ms: int | None


def _recording(line: int, values: dict[str, object], *, keys: Mapping[str, ItemKey]) -> _Recording:
    key, answers, active = keys.get(str(values.get("item", ""))), values.get("answers"), values.get("active_ms")
    if key is None or not isinstance(answers, dict):
        raise InvalidInput(
            f"Line {line}: {'the answers are missing' if key else 'the project has no such item'}. Each line has item and answers."
        )
    if active is None:
        return _Recording(line, key.id, answers, None)
    if isinstance(active, bool) or not isinstance(active, int | float) or not 0 <= active <= DAY_MS:  # also refuses what is not a number
        raise InvalidInput(f"Line {line}: active_ms is {active!r}. Write milliseconds from 0 to {DAY_MS} (a day), or leave it out.")
    return _Recording(line, key.id, answers, int(active))
