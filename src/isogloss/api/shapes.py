"""What the API answers with: one schema a thing, so that the OpenAPI description says what a program will get."""

from datetime import date, datetime
from typing import Any, Generic, TypeVar

from ninja import Schema
from pydantic import Field

T = TypeVar("T")


class Page(Schema, Generic[T]):
    """One page of a list; send `next` as `after` for the rows that follow, null is the end."""

    results: list[T]
    next: str | None = None


class ProblemRow(Schema):
    """One thing that is wrong: the field or line it is in, and what to do."""

    field: str | None = None
    line: int | None = None
    column: int | None = None
    path: str | None = None
    message: str | None = None


class ProblemOut(Schema):
    """A refusal (RFC 9457): what happened and what to do."""

    type: str = Field(examples=["urn:isogloss:problem:not-found"])
    title: str
    status: int
    detail: str
    errors: list[ProblemRow] | None = None


class PersonOut(Schema):
    """A person with an account."""

    id: str
    username: str
    name: str
    active: bool
    origin: str


class MeOut(PersonOut):
    """Whom the token speaks for, and what it may do."""

    roles: list[str]
    scopes: list[str]


class PersonMade(PersonOut):
    """A new account; a one-time password is shown once and must be changed at the first log-in."""

    one_time_password: str | None = None


class CompetenceOut(Schema):
    """What a person can do in a language variety, on what evidence, until when."""

    id: str
    tag: str
    level: str
    modality: str
    evidence: str
    granted_at: datetime
    expires_at: datetime | None
    withdrawn_at: datetime | None


class QualificationOut(Schema):
    """Something a person must have passed before a project serves them."""

    id: str
    name: str
    description: str
    valid_days: int | None


class AttemptOut(Schema):
    """One try at a qualification and how it ended."""

    person: str
    passed: bool
    score: float | None
    at: datetime
    lapses_at: datetime | None
    note: str


class ProjectOut(Schema):
    """A project and how its items are handed out."""

    id: str
    name: str
    description: str
    state: str
    languages: list[str]
    annotations_per_item: int
    aggregation: str
    routing: str
    declared_severity: int
    hazards: list[str]
    qualification: str | None
    guideline_version: int
    due: date | None
    simulated: bool
    created_at: datetime


class MemberOut(Schema):
    """Who is what in a project."""

    id: str
    username: str
    role: str
    in_pool: bool


class GuidelineOut(Schema):
    """One version of a guideline with its label schema, as it was written."""

    version: int
    label_schema: str
    text: str
    note: str
    created_at: datetime


class InquiryOut(Schema):
    """What somebody asked while they annotated; requesters are not told who."""

    id: str
    person: str | None
    item: str | None
    version: int
    text: str
    asked_at: datetime
    answer: str | None
    ruling: int | None
    answered_at: datetime | None


class LabelEffect(Schema):
    """A label that is not as it was, with the number of answers that use it."""

    part: str
    value: str
    was: str | None
    fate: str
    answers: int


class QuestionEffectOut(Schema):
    """What becomes of a question and of the answers to it."""

    question: str
    was: str | None
    fate: str
    answers: int
    kept: int
    in_part: int
    lost: int
    settings: list[str]
    labels: list[LabelEffect]


class EffectOut(Schema):
    """What a label schema would do; the counts are of one annotation in `one_in`, which is 1 unless there are very many."""

    annotations: int
    one_in: int
    whole: int
    incomplete: int
    only_wording: bool
    questions: list[QuestionEffectOut]


class LanguageProgress(Schema):
    """How one language stands."""

    language: str
    items: int
    finished: int
    annotations: int
    wanted: int
    leased: int


class FigureOut(Schema):
    """A figure with its interval, sample size and method; `value` is null where it is undefined, `reason` says why."""

    value: float | None
    low: float | None
    high: float | None
    items: int
    annotations: int
    method: str
    seed: int | None
    reason: str | None


class AgreementOut(Schema):
    """Agreement on one question in one language; language null is all of them."""

    question: str
    language: str | None
    alpha: FigureOut | None
    percent: FigureOut | None


class FiguresOut(Schema):
    """Progress and agreement by language."""

    as_of: datetime | None
    languages: list[LanguageProgress]
    agreement: list[AgreementOut]


class MappingOut(Schema):
    """Which column is what."""

    fields: dict[str, str]
    id: str
    language: str
    severity: str
    hazards: str
    meta: bool


class ImportOut(Schema):
    """One file that was read, or is being read."""

    id: str
    job: str | None
    file: str
    batch: str | None
    state: str | None
    message: str
    read: int
    added: int
    skipped: int
    updated: int
    bad: int
    mapping: MappingOut
    finished_at: datetime | None


class ProfileOut(Schema):
    """What a file or a batch is made of: figures as `isogloss profile --json` prints them; null until it is finished."""

    id: str
    job: str | None
    of: str
    batch: str | None
    state: str | None
    message: str
    read: int
    figures: dict[str, Any] | None
    finished_at: str | None


class ItemOut(Schema):
    """A thing to annotate and what is known of its language; `id` is the one it was imported with."""

    id: str
    content: dict[str, Any]
    meta: dict[str, Any]
    language: str | None
    estimate: str | None
    confidence: float | None
    estimated_by: str | None
    flags: list[str]
    severity: int
    version: int
    length: int


class ReleaseOut(Schema):
    """A frozen copy of a project's data, or one that is being made."""

    id: str
    job: str | None
    version: str
    state: str
    formats: list[str]
    items: int
    annotations: int
    decisions: int
    manifest_sha256: str | None
    message: str
    created_at: datetime
    finished_at: datetime | None


class ReleaseWithManifest(ReleaseOut):
    """A release with its manifest once it is ready."""

    manifest: dict[str, Any] | None


class JobOut(Schema):
    """Long work outside the request and how far it is."""

    id: str
    kind: str
    state: str
    done: int
    total: int | None
    message: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
