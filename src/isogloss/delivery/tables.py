"""The tables of a release: what a row looks like as a JSON object, and as flat cells for CSV and Parquet."""

import hmac
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from isogloss.delivery.manifests import Counts
from isogloss.delivery.snapshots import Cells

PSEUDONYM_DIGITS = 32
WHOLE_SECONDS = 19  # letters of a moment without a fraction
MOST_REMEMBERED = 10_000  # distinct votes whose sorted form is kept

_fields_of = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_text_of = msgspec.json.Decoder(str).decode
_votes_of = msgspec.json.Decoder(dict[str, int]).decode
_sorted = msgspec.json.Encoder(order="deterministic").encode

Flat = list[str | int | float | bool | None]


class ItemLine(msgspec.Struct, gc=False):
    """An item as it is now; `language` is the one it was routed by, `cluster` the first of the items that say nearly the same."""

    id: str
    content: msgspec.Raw
    language: str | None
    declared_language: str | None
    estimated_language: str | None
    confidence: float | None
    severity: int
    hazards: str
    version: int
    batch: str
    cluster: str | None
    split: str | msgspec.UnsetType
    meta: msgspec.Raw


class EarlierLine(msgspec.Struct, gc=False):
    """Content an item had before it was replaced; annotations stay with the version they were made on."""

    item: str
    version: int
    content: msgspec.Raw


class AnnotationLine(msgspec.Struct, gc=False):
    """One revision of one person's answers to an item."""

    id: str
    item: str
    item_version: int
    annotator: str
    revision: int
    standing: bool
    counted: bool
    set_aside: bool
    gold: bool
    answers: msgspec.Raw
    language: str
    guideline_version: int
    submitted_at: str
    active_ms: int | None
    source: str
    suggestion_visible: bool


class DecisionLine(msgspec.Struct, gc=False):
    """What was concluded on one question of an item."""

    item: str
    question: str
    label: str | None
    status: str
    confidence: float | None
    votes: msgspec.Raw
    n: int
    method: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Column:
    """A flat column and what DuckDB calls its type."""

    name: str
    type: str = "VARCHAR"


class Table(Protocol):
    """Rows of the database → JSON objects → flat cells."""

    @property
    def name(self) -> str:
        """What its files are called."""
        ...

    @property
    def columns(self) -> Sequence[Column]:
        """The flat columns."""
        ...

    def line(self, row: Cells) -> msgspec.Struct:
        """Return the JSON object of a row, and count it."""
        ...

    def cells(self, line: Any) -> Flat:
        """Return the flat cells of a JSON object, in the order of the columns."""
        ...


@dataclass(slots=True)
class Tally:
    """What was written, by language: every figure of the manifest and the card is counted from the rows themselves."""

    items: Counter[str] = field(default_factory=Counter)
    annotations: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # question, language, status
    labels: Counter[tuple[str, str | None]] = field(default_factory=Counter)  # question, label; of very many only the first
    sources: Counter[str] = field(default_factory=Counter)
    severities: Counter[int] = field(default_factory=Counter)
    versions: Counter[int] = field(default_factory=Counter)
    splits: Counter[str] = field(default_factory=Counter)
    marks: Counter[str] = field(default_factory=Counter)  # correction, set_aside, superseded, surplus, gold, assisted

    undecided: Counter[str] = field(default_factory=Counter)

    def by_language(self) -> dict[str, Counts]:
        """Return the counts of each language, in alphabetical order."""
        return {tag: self._counts(tag) for tag in sorted({*self.items, *self.annotations, *self.decisions})}

    def _counts(self, tag: str) -> Counts:
        concluded: Counter[str] = Counter()
        for (_, language, status), n in self.statuses.items():
            concluded[status] += n if language == tag else 0
        return Counts(
            items=self.items[tag],
            annotations=self.annotations[tag],
            decisions=self.decisions[tag],
            agreed=concluded["agreed"],
            adjudicated=concluded["adjudicated"],
            ambiguous=concluded["ambiguous"],
            ties=concluded["tie"],
            undecided=self.undecided[tag],
        )

    def total(self) -> Counts:
        """Return the counts over all languages."""
        rows = list(self.by_language().values())
        return Counts(**{name: sum(getattr(row, name) for row in rows) for name in Counts.__struct_fields__})


UNROUTED = "und"


def spliced(text: str) -> msgspec.Raw:
    """Return stored JSON as it stands; only where it was laid out over lines is it written again, as a row is one line."""
    if "\n" in text or "\r" in text:
        return msgspec.Raw(msgspec.json.encode(msgspec.json.decode(text)))
    return msgspec.Raw(text)


def moment(text: str) -> str:
    """Return a moment as RFC 3339 writes it, always with its fraction: 2026-11-22T12:00:00.000000Z."""
    return f"{text[:10]}T{text[11:]}{'Z' if len(text) > WHOLE_SECONDS else '.000000Z'}"


def flat(value: msgspec.Raw | None) -> str | None:
    """Return a JSON value as one cell: a text as itself, anything else as its JSON, null and absence as nothing."""
    if value is None:
        return None
    raw = bytes(value)
    if raw.startswith(b'"'):
        return _text_of(raw)
    return None if raw == b"null" else raw.decode()


def content_fields(contents: Iterable[str], *, first: Sequence[str]) -> list[str]:
    """Return the fields that items have: those the schema shows first, then the others in alphabetical order."""
    found: set[str] = set()
    for content in contents:
        found.update(_fields_of(content))
    return [name for name in first if name in found] + sorted(found - set(first))


@dataclass(frozen=True, slots=True)
class Splits:
    """Which part of a release an item belongs to: gold, test or train; `work` where nothing is held out for tests.

    The part follows from the project's key and the first item of those that say nearly the same: such items fall together, and an item
    keeps its part from release to release as long as its cluster keeps its first item.
    """

    key: str
    with_gold: bool
    test_share: float

    @property
    def is_told(self) -> bool:
        """Whether items carry their part at all."""
        return self.with_gold or self.test_share > 0

    def of(self, cluster: str, *, is_gold: bool) -> str:
        """Return the part of an item, by the external id of the first item of its cluster."""
        if is_gold:
            return "gold"
        if self.test_share <= 0:
            return "work"
        digest = hmac.digest(self.key.encode(), f"split:{cluster}".encode(), "sha256")
        return "test" if int.from_bytes(digest[:4], "big") < self.test_share * 2**32 else "train"


class Items:
    """The items."""

    name = "items"

    def __init__(self, tally: Tally, *, batches: dict[int, str], fields: Sequence[str], splits: "Splits") -> None:
        self._tally, self._batches, self._fields, self._splits = tally, batches, fields, splits
        self.columns = [
            Column("id"),
            *(Column(f"content.{name}") for name in fields),
            *(Column(name) for name in ("language", "declared_language", "estimated_language")),
            Column("confidence", "DOUBLE"),
            Column("severity", "INTEGER"),
            Column("hazards"),
            Column("version", "INTEGER"),
            Column("batch"),
            Column("cluster"),
            *([Column("split")] if splits.is_told else []),
            Column("meta"),
        ]

    def line(self, row: Cells) -> ItemLine:
        """Return the JSON object of an item, and count it."""
        external_id, content, language, declared, estimated, confidence, severity, hazards, version, batch, gold, cluster, meta = row
        self._tally.items[language or UNROUTED] += 1
        self._tally.severities[severity] += 1
        split = self._splits.of(cluster or external_id, is_gold=bool(gold)) if self._splits.is_told else msgspec.UNSET
        if split is not msgspec.UNSET:
            self._tally.splits[split] += 1
        return ItemLine(
            external_id, spliced(content), language, declared or None, estimated or None, confidence, severity, hazards, version,
            self._batches[batch], cluster, split, spliced(meta or "{}"),
        )  # fmt: skip

    def cells(self, line: ItemLine) -> Flat:
        """Return the flat cells of an item: a column for each field of the content."""
        content = _fields_of(line.content)
        split: Flat = [str(line.split)] if self._splits.is_told else []
        return [
            line.id, *(flat(content.get(name)) for name in self._fields), line.language, line.declared_language, line.estimated_language,
            line.confidence, line.severity, line.hazards, line.version, line.batch, line.cluster, *split, bytes(line.meta).decode(),
        ]  # fmt: skip


class EarlierVersions:
    """Content that was replaced."""

    name = "item_versions"

    def __init__(self, *, fields: Sequence[str]) -> None:
        self._fields = fields
        self.columns = [Column("item"), Column("version", "INTEGER"), *(Column(f"content.{name}") for name in fields)]

    def line(self, row: Cells) -> EarlierLine:
        """Return the JSON object of a replaced content."""
        external_id, number, content = row
        return EarlierLine(external_id, number, spliced(content))

    def cells(self, line: EarlierLine) -> Flat:
        """Return the flat cells of a replaced content."""
        content = _fields_of(line.content)
        return [line.item, line.version, *(flat(content.get(name)) for name in self._fields)]


class Annotations:
    """What people said, under pseudonyms."""

    name = "annotations"

    def __init__(self, tally: Tally, *, pseudonym: Callable[[str], str], versions: dict[int, int], questions: Sequence[str]) -> None:
        self._tally, self._versions, self._questions = tally, versions, questions
        self._make = pseudonym
        self.pseudonyms: dict[str, str] = {}
        self.columns = [
            *(Column(name) for name in ("id", "item")),
            Column("item_version", "INTEGER"),
            Column("annotator"),
            Column("revision", "INTEGER"),
            *(Column(name, "BOOLEAN") for name in ("standing", "counted", "set_aside", "gold")),
            *(Column(f"answer.{name}") for name in questions),
            *(Column(name) for name in ("answers", "language")),
            Column("guideline_version", "INTEGER"),
            Column("submitted_at", "TIMESTAMPTZ"),
            Column("active_ms", "BIGINT"),
            Column("source"),
            Column("suggestion_visible", "BOOLEAN"),
        ]

    def line(self, row: Cells) -> AnnotationLine:
        """Return the JSON object of an annotation, and count it."""
        (
            public_id, item, item_version, person, revision, is_superseded, set_aside, counted, gold, answers, language, version,
            submitted_at, active_ms, source, assisted,
        ) = row  # fmt: skip
        pseudonym = self.pseudonyms.get(person)
        if pseudonym is None:
            pseudonym = self.pseudonyms[person] = self._make(person)
        standing = not (is_superseded or set_aside)
        number = self._versions[version]
        tally = self._tally
        tally.annotations[language or UNROUTED] += 1
        tally.sources[source] += 1
        tally.versions[number] += 1
        if revision or set_aside or gold or assisted or not (standing and counted):
            self._mark(
                correction=revision, set_aside=set_aside, superseded=is_superseded, surplus=not counted, gold=gold, assisted=assisted
            )
        return AnnotationLine(
            public_id, item, item_version, pseudonym, revision, standing, counted == 1, set_aside == 1, gold == 1, spliced(answers),
            language, number, moment(submitted_at), active_ms, source, assisted == 1,
        )  # fmt: skip

    def _mark(self, **marks: int | bool) -> None:
        for name, is_so in marks.items():
            if is_so:
                self._tally.marks[name] += 1

    def cells(self, line: AnnotationLine) -> Flat:
        """Return the flat cells of an annotation: a column for each question, and all answers as JSON."""
        answers = _fields_of(line.answers)
        return [
            line.id, line.item, line.item_version, line.annotator, line.revision, line.standing, line.counted, line.set_aside, line.gold,
            *(flat(answers.get(name)) for name in self._questions), bytes(line.answers).decode(), line.language, line.guideline_version,
            line.submitted_at, line.active_ms, line.source, line.suggestion_visible,
        ]  # fmt: skip


class Decisions:
    """What was concluded."""

    name = "decisions"
    columns = (
        *(Column(name) for name in ("item", "question", "label", "status")),
        Column("confidence", "DOUBLE"),
        Column("votes"),
        Column("n", "INTEGER"),
        Column("method"),
        Column("language"),
    )

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._votes: dict[str, msgspec.Raw] = {}

    def line(self, row: Cells) -> DecisionLine:
        """Return the JSON object of a decision, and count it."""
        item, question, label, status, confidence, votes, n, method, language = row
        tally = self._tally
        tally.decisions[language or UNROUTED] += 1
        tally.statuses[question, language or UNROUTED, status] += 1
        if (question, label) in tally.labels or len(tally.labels) < MOST_REMEMBERED:
            tally.labels[question, label] += 1
        return DecisionLine(item, question, label, status, confidence, self._in_order(votes), n, method, language)

    def _in_order(self, votes: str) -> msgspec.Raw:
        """Return votes with their labels sorted: the engines keep the keys of an object in orders of their own."""
        known = self._votes.get(votes)
        if known is None:
            known = msgspec.Raw(_sorted(_votes_of(votes)))
            if len(self._votes) < MOST_REMEMBERED:
                self._votes[votes] = known
        return known

    def cells(self, line: DecisionLine) -> Flat:
        """Return the flat cells of a decision."""
        votes = bytes(line.votes).decode()
        return [line.item, line.question, line.label, line.status, line.confidence, votes, line.n, line.method, line.language]


def pseudonymous(key: str) -> Callable[[str], str]:
    """Return what turns a person's public id into their pseudonym: the same in every release of a project, another in the next project."""
    secret = key.encode()
    return lambda public_id: hmac.digest(secret, public_id.encode(), "sha256").hex()[:PSEUDONYM_DIGITS]
