"""Pure decisions about imports: which column means what, what makes a row an item, what is wrong with it."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import StrEnum

import msgspec

from isogloss.core.language.identification import Identification
from isogloss.core.language.tags import base, covers
from isogloss.platform.rows import BadRow, Row, Source
from isogloss.projects.rules import clean_hazards

ID_NAMES = ("id", "external_id", "global_key", "item", "item_id", "uid")
TEXT_NAMES = ("text", "content", "sentence", "body", "tweet", "comment", "source")
LANGUAGE_NAMES = ("lang", "language", "locale", "language_tag")
LONGEST_ID = 200
_NO_LANGUAGE = ("", "und", "unknown", "none", "null")


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column is what. `fields` maps the schema's content fields to columns; columns not named are kept as metadata."""

    fields: dict[str, str]
    id: str = ""
    language: str = ""
    severity: str = ""
    hazards: str = ""
    meta: bool = True

    def as_json(self) -> dict[str, object]:
        """Return what is stored with the import."""
        return asdict(self)


def guess_mapping(columns: list[str], *, fields: tuple[str, ...]) -> Mapping:
    """Guess the mapping from the columns' names; a field that has no column of its name takes the first that sounds like a text."""
    lower = {column.lower(): column for column in columns}
    chosen = {name: lower[name.lower()] for name in fields if name.lower() in lower}
    for name in fields:
        if name not in chosen:
            free = next((lower[t] for t in TEXT_NAMES if t in lower and lower[t] not in chosen.values()), None)
            if free:
                chosen[name] = free
    return Mapping(
        fields=chosen,
        id=next((lower[n] for n in ID_NAMES if n in lower), ""),
        language=next((lower[n] for n in LANGUAGE_NAMES if n in lower), ""),
        severity=lower.get("severity", ""),
        hazards=lower.get("hazards", lower.get("hazard", "")),
    )


@dataclass(frozen=True, slots=True)
class NewItem:
    """A row that became an item; a severity of None, and a language or hazards left empty, is what the row does not say."""

    line: int
    external_id: str
    content: str
    content_hash: str
    length: int
    declared_language: str
    severity: int | None
    hazards: str
    meta: str
    source: Source = b""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an item that a row of its id is compared with."""

    content_hash: str
    declared_language: str
    severity: int
    hazards: str


class Difference(StrEnum):
    """In what a row differs from what is known of its item."""

    CONTENT = "content"
    LANGUAGE = "language"
    SEVERITY = "severity"
    HAZARDS = "hazards"


def differences(row: NewItem, known: Known, *, declared_hazards: str = "") -> tuple[Difference, ...]:
    """Return in what a row differs; with `declared_hazards`, an item without hazards also where the project has come to declare some.

    What the row does not say is no difference: a severity that was given once must not fall because a later file has no column for it.
    """
    hazards = row.hazards or known.hazards or declared_hazards
    found = {
        Difference.CONTENT: row.content_hash != known.content_hash,
        Difference.LANGUAGE: bool(row.declared_language) and row.declared_language != known.declared_language,
        Difference.SEVERITY: row.severity is not None and row.severity != known.severity,
        Difference.HAZARDS: hazards != known.hazards,
    }
    return tuple(name for name, differs in found.items() if differs)


def revised(row: NewItem, known: Known, *, declared_hazards: str) -> Known:
    """Return what is known of an item once the row has changed it: what it does not say stays, but another text is of another language."""
    same_text = row.content_hash == known.content_hash
    return Known(
        row.content_hash,
        row.declared_language or (known.declared_language if same_text else ""),
        known.severity if row.severity is None else row.severity,
        row.hazards or known.hazards or declared_hazards,
    )


@dataclass(frozen=True, slots=True)
class ItemMaker:
    """Turns rows into items under one mapping; `clean_language` returns a normal tag of the project or raises ValueError saying why."""

    mapping: Mapping
    clean_language: Callable[[str], str]
    most_text: int
    main_field: str
    _encode: Callable[[object], bytes] = field(default=msgspec.json.encode)

    def make(self, row: Row) -> NewItem | BadRow:
        """Return the item, or why the row is none."""
        values, mapping = row.values, self.mapping
        content: dict[str, object] = {}
        for name, column in mapping.fields.items():
            value = values.get(column)
            if value is None:
                return BadRow(
                    row.line, f"Column {column!r} is missing or null.", "Fill the column, or map another one to the field.", _raw(values)
                )
            content[name] = value
        text = content.get(self.main_field, "")
        if isinstance(text, str) and not text.strip():
            return BadRow(
                row.line,
                f"The text in column {mapping.fields.get(self.main_field)!r} is empty.",
                "Remove the row or fill in the text.",
                _raw(values),
            )
        length = len(text) if isinstance(text, str) else 0
        if length > self.most_text:
            return BadRow(
                row.line,
                f"The text has {length:,} characters; {self.most_text:,} are allowed.",
                "Split it, or raise max_text in isogloss.toml.",
            )
        encoded = self._encode(content)
        if b"\\u0000" in encoded and _holds_nul(content):  # the escape may also stand in the text itself, so look twice
            return BadRow(row.line, "The text holds a NUL character.", "Remove it: no database stores it faithfully.", _raw(values))
        try:
            language = self._language(values)
            severity = self._severity(values)
            hazards = clean_hazards(values.get(mapping.hazards)) if mapping.hazards else ""
            external_id = self._id(values, encoded)
        except ValueError as error:
            return BadRow(row.line, str(error), "Mend the cell, or map another column.", _raw(values))
        return NewItem(
            line=row.line,
            external_id=external_id,
            content=encoded.decode(),
            content_hash=hashlib.blake2b(encoded, digest_size=16).hexdigest(),
            length=length,
            declared_language=language,
            severity=severity,
            hazards=hazards,
            meta=self._meta(values),
            source=row.source,
        )

    def _id(self, values: dict[str, object], encoded: bytes) -> str:
        if not self.mapping.id:
            return "sha-" + hashlib.blake2b(encoded, digest_size=12).hexdigest()
        given = values.get(self.mapping.id)
        external = "" if given is None else str(given).strip()
        if not external:
            raise ValueError(f"The id in column {self.mapping.id!r} is empty.")
        if len(external) > LONGEST_ID:
            raise ValueError(f"The id in column {self.mapping.id!r} has {len(external)} characters; {LONGEST_ID} are allowed.")
        if not external.isprintable():  # a line break would fit no address
            hidden = next(c for c in external if not c.isprintable())
            raise ValueError(f"The id in column {self.mapping.id!r} holds a character that cannot be seen: U+{ord(hidden):04X}.")
        return external

    def _language(self, values: dict[str, object]) -> str:
        given = str(values.get(self.mapping.language) or "").strip() if self.mapping.language else ""
        return "" if given.lower() in _NO_LANGUAGE else self.clean_language(given)

    def _severity(self, values: dict[str, object]) -> int | None:
        given = values.get(self.mapping.severity) if self.mapping.severity else None
        if given in (None, ""):
            return None
        shown = str(given).strip().upper().removeprefix("S")
        if shown not in {"0", "1", "2", "3", "4"}:
            raise ValueError(f"The severity {given!r} is not one of 0 to 4.")
        return int(shown)

    def _meta(self, values: dict[str, object]) -> str:
        if not self.mapping.meta:
            return ""
        used = {*self.mapping.fields.values(), self.mapping.id, self.mapping.language, self.mapping.severity, self.mapping.hazards}
        rest = {name: value for name, value in values.items() if name not in used}
        return self._encode(rest).decode() if rest else ""


def _holds_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_holds_nul(k) or _holds_nul(v) for k, v in value.items())
    return isinstance(value, list) and any(_holds_nul(v) for v in value)


def _raw(values: dict[str, object]) -> str:
    return msgspec.json.encode(values).decode()[:300]


def route(*, declared: str, estimate: str, confidence: float | None, languages: frozenset[str]) -> str:
    """Return the routing language: the declared one, else a sure estimate that is a language of the project, else `und`."""
    if declared:
        return declared
    sure = confidence is not None and confidence >= SURE
    return estimate if sure and estimate in languages else "und"


SURE = 0.8


class FlagKind(StrEnum):
    """What about an item's language a person should look at."""

    UNSURE = "unsure"
    DISPUTED = "disputed"
    DECLARED = "declared"
    ANNOTATOR = "annotator"
    MIXED = "mixed"


UNSURE = 0.5
"""Below this confidence an estimate is flagged: it is likelier wrong than right."""
SURE_DETECTOR = 0.95
"""From this confidence on a detector that differs from an annotator is worth a second look."""
MIXED_FROM = 0.2
"""A text is mixed when a second language has more than this share of its words."""
FROM_ESTIMATE = frozenset({FlagKind.UNSURE, FlagKind.DISPUTED, FlagKind.DECLARED})
"""The flags that an estimate raises by itself."""


def same_language(one: str, two: str) -> bool:
    """Whether two tags speak of one language: equal bases, or one covers the other (`ar` and `arz`)."""
    return base(one) == base(two) or covers(one, two) or covers(two, one)


def flags_of(found: Identification, *, declared: str) -> frozenset[FlagKind]:
    """Return the flags that an estimate raises; a text without language raises none.

    Against the declared locale speaks the free answer: one that is held to the project's languages could not name another.
    """
    if found.outcome == "none":
        return frozenset()
    raised = set()
    if found.confidence < UNSURE:
        raised.add(FlagKind.UNSURE)
    if found.is_disputed:
        raised.add(FlagKind.DISPUTED)
    free = found.free or found.language
    if declared and free not in _NOT_ONE and not same_language(declared, free):
        raised.add(FlagKind.DECLARED)
    return frozenset(raised)


_NOT_ONE = ("", "und", "zxx", "mul")
