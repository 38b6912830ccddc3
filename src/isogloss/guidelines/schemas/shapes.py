"""The few shapes that a label schema is made of, each able to read nodes and to describe itself as JSON Schema."""

import math
import re
from collections.abc import Mapping as AbstractMapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from isogloss.guidelines.schemas.nodes import Mapping, Node, Scalar, Sequence
from isogloss.guidelines.schemas.problems import Report, did_you_mean

JsonObject: TypeAlias = dict[str, Any]

_TRUE, _FALSE = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


class Shape(Protocol):
    """A way to read a node; None means that a problem was reported."""

    def read(self, node: Node, *, path: str, report: Report) -> Any:
        """Return the JSON value of the node, or report what is wrong."""

    def published(self) -> JsonObject:
        """Describe what may be written, as JSON Schema."""


def is_nothing(node: Node) -> bool:
    """Tell whether the node is a null: the default is taken instead."""
    return isinstance(node, Scalar) and node.plain and node.text in _NOTHING


def _scalar(node: Node, *, path: str, report: Report, wanted: str) -> Scalar | None:
    report.places[path] = node.place
    if isinstance(node, Scalar):
        return node
    report.complain(path, message=f"{wanted} is wanted here, not a {'list' if isinstance(node, Sequence) else 'mapping'}")
    return None


@dataclass(frozen=True, slots=True)
class Text:
    """A text without space around it; any scalar is one, so that `no`, `1` and `1.0` need no quotes."""

    longest: int = 200
    pattern: str = ""
    explained: str = ""
    may_be_empty: bool = False

    def read(self, node: Node, *, path: str, report: Report) -> str | None:
        """Return the text."""
        scalar = _scalar(node, path=path, report=report, wanted="a text")
        if scalar is None:
            return None
        text = scalar.text.strip()
        if not text and not self.may_be_empty:
            report.complain(path, message="a text is wanted here")
        elif len(text) > self.longest:
            report.complain(path, message=f"longer than {self.longest} characters")
        elif _CONTROL.search(text):
            report.complain(path, message="holds a control character")
        elif text and self.pattern and not re.fullmatch(self.pattern, text):
            report.complain(path, message=f'"{text[:60]}" is not {self.explained}')
        else:
            return text
        return None

    def published(self) -> JsonObject:
        """Describe the text; unquoted numbers and booleans are texts too."""
        bounds: JsonObject = {"maxLength": self.longest} | ({} if self.may_be_empty else {"minLength": 1})
        if self.pattern:
            bounds["pattern"] = f"^(?:{self.pattern})$" if not self.may_be_empty else f"^(?:{self.pattern})?$"
        return {"type": ["string", "number", "boolean"]} | bounds


@dataclass(frozen=True, slots=True)
class Number:
    """A number within bounds, whole unless fractions are allowed."""

    least: float
    most: float
    whole: bool = True

    def read(self, node: Node, *, path: str, report: Report) -> int | float | None:
        """Return the number."""
        wanted = "a whole number" if self.whole else "a number"
        scalar = _scalar(node, path=path, report=report, wanted=wanted)
        if scalar is None:
            return None
        number = self._number(scalar)
        if number is None:
            report.complain(path, message=f'{wanted} is wanted here, not "{scalar.text[:60]}"')
        elif not self.least <= number <= self.most:
            report.complain(path, message=f"{number} is outside {self.least:g} to {self.most:g}")
            return None
        return number

    def _number(self, scalar: Scalar) -> int | float | None:
        if not scalar.plain or len(scalar.text) > 30:  # noqa: PLR2004  longer digits are no measure of anything, and slow to read
            return None
        if re.fullmatch(r"[-+]?[0-9]+", scalar.text):
            return int(scalar.text)
        if self.whole or not re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?", scalar.text):
            return None
        number = float(scalar.text)
        return number if math.isfinite(number) else None

    def published(self) -> JsonObject:
        """Describe the bounds."""
        return {"type": "integer" if self.whole else "number", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Truth:
    """Yes or no."""

    def read(self, node: Node, *, path: str, report: Report) -> bool | None:
        """Return true or false."""
        scalar = _scalar(node, path=path, report=report, wanted="true or false")
        if scalar is None:
            return None
        if scalar.plain and scalar.text.lower() in _TRUE | _FALSE:
            return scalar.text.lower() in _TRUE
        report.complain(path, message=f'true or false is wanted here, not "{scalar.text[:60]}"')
        return None

    def published(self) -> JsonObject:
        """Describe a boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class OneOf:
    """A word out of a few."""

    words: tuple[str, ...]

    def read(self, node: Node, *, path: str, report: Report) -> str | None:
        """Return the word."""
        scalar = _scalar(node, path=path, report=report, wanted="a word")
        if scalar is None:
            return None
        if scalar.text in self.words:
            return scalar.text
        report.complain(path, message=f'"{scalar.text[:60]}" is not known here; {did_you_mean(scalar.text[:60], known=self.words)}')
        return None

    def published(self) -> JsonObject:
        """Describe the words."""
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one shape; a single scalar stands for a list of one where that is allowed."""

    shape: Shape
    least: int = 0
    most: int = 2_000
    single: bool = False

    def read(self, node: Node, *, path: str, report: Report) -> list[Any] | None:
        """Return the list, with None for members that are wrong."""
        report.places[path] = node.place
        if self.single and isinstance(node, Scalar):
            return [self.shape.read(node, path=path, report=report)]
        if not isinstance(node, Sequence):
            report.complain(path, message='a list is wanted here: "- …" on lines of their own, or [a, b]')
            return None
        if not self.least <= len(node.items) <= self.most:
            report.complain(path, message=f"has {len(node.items)} entries; {self.least} to {self.most} are wanted")
            return None
        return [self.shape.read(item, path=f"{path}[{index}]", report=report) for index, item in enumerate(node.items)]

    def published(self) -> JsonObject:
        """Describe the members and their number."""
        several: JsonObject = {"type": "array", "items": self.shape.published(), "minItems": self.least, "maxItems": self.most}
        return {"anyOf": [self.shape.published(), several]} if self.single else several


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping; a default of None is computed later from the rest of the schema."""

    shape: Shape
    default: Any = None
    required: bool = False
    told: str = ""


def _described(entry: Entry) -> JsonObject:
    """Describe what may stand at a key; a null takes the default, unless there is none."""
    shape = entry.shape.published() | ({"description": entry.told} if entry.told else {})
    if entry.required:
        return shape
    if "enum" in shape:
        return shape | {"enum": [*shape["enum"], None]}
    if "type" in shape:
        types = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
        return shape | {"type": [*types, "null"]}
    return shape | {"anyOf": [*shape["anyOf"], {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class MappingOf:
    """A mapping with known keys; where a shorthand is named, a scalar stands for a mapping with that key alone."""

    entries: AbstractMapping[str, Entry]
    shorthand: str = ""
    told: str = ""

    def read(self, node: Node, *, path: str, report: Report) -> JsonObject | None:
        """Return every key, with its default where nothing was written."""
        report.places[path] = node.place
        if self.shorthand and isinstance(node, Scalar):
            node = Mapping(node.place, [(Scalar(self.shorthand, plain=True, place=node.place), node)])
        if not isinstance(node, Mapping):
            report.complain(path, message='a mapping is wanted here: "key: value" on lines of their own')
            return None
        given: dict[str, Node] = {}
        for key, value in node.entries:
            at = f"{path}.{key.text[:60]}" if path else key.text[:60]
            if key.text not in self.entries or key.text in given:
                report.places[at] = key.place
                report.complain(at, message="written twice" if key.text in given else self._unknown(key.text[:60], value=value))
            else:
                given[key.text] = value
        return {name: self._entry(name, entry=entry, given=given, path=path, report=report) for name, entry in self.entries.items()}

    def _unknown(self, key: str, *, value: Node) -> str:
        if is_nothing(value) and " " in key:
            return "unknown key; if it continues the text before it, put that text in quotes"
        return f"unknown key; {did_you_mean(key, known=self.entries)}"

    def _entry(self, name: str, *, entry: Entry, given: dict[str, Node], path: str, report: Report) -> Any:
        at = f"{path}.{name}" if path else name
        node = given.get(name)
        if node is not None and not (is_nothing(node) and not entry.required):
            return entry.shape.read(node, path=at, report=report)
        if entry.required:
            report.complain(path, message=f'"{name}" is missing')
        default = entry.default
        return deepcopy(default)

    def published(self) -> JsonObject:
        """Describe the keys, none but these."""
        properties = {name: _described(entry) for name, entry in self.entries.items()}
        required = [name for name, entry in self.entries.items() if entry.required]
        written: JsonObject = {"type": "object", "properties": properties, "additionalProperties": False}
        written |= {"required": required} if required else {}
        written |= {"description": self.told} if self.told else {}
        return {"anyOf": [properties[self.shorthand], written]} if self.shorthand else written


@dataclass(frozen=True, slots=True)
class ByKind:
    """A mapping whose key `kind` says which other keys it may have."""

    kinds: AbstractMapping[str, MappingOf]

    def read(self, node: Node, *, path: str, report: Report) -> JsonObject | None:
        """Return the mapping of the kind that it names."""
        report.places[path] = node.place
        if not isinstance(node, Mapping):
            report.complain(path, message='a mapping with a "kind" is wanted here')
            return None
        written = next((value for key, value in node.entries if key.text == "kind"), None)
        if written is None:
            report.complain(path, message=f'"kind" is missing; {did_you_mean("", known=self.kinds)}')
            return None
        kind = OneOf(tuple(self.kinds)).read(written, path=f"{path}.kind", report=report)
        return None if kind is None else self.kinds[kind].read(node, path=path, report=report)

    def published(self) -> JsonObject:
        """Describe the alternatives."""
        return {"oneOf": [shape.published() for shape in self.kinds.values()]}


@dataclass(frozen=True, slots=True)
class Named:
    """A shape used by name, so that it may contain itself."""

    name: str
    shapes: dict[str, Shape] = field(repr=False)

    def read(self, node: Node, *, path: str, report: Report) -> Any:
        """Read as the shape of that name."""
        return self.shapes[self.name].read(node, path=path, report=report)

    def published(self) -> JsonObject:
        """Point to the definition."""
        return {"$ref": f"#/$defs/{self.name}"}
