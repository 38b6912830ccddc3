"""YAML or JSON text as a tree of nodes that know their line.

PyYAML's own constructors are not used: they would turn the language tag `no` into False, let a later duplicate key win, and build
everything before anything can be refused. Scalars stay text here; the grammar decides what each is.
"""

import re
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from isogloss.guidelines.schemas.problems import SchemaErrors, SchemaProblem

MOST_BYTES = 1 << 20
MOST_ENTRIES = 2_000
MOST_NODES = 60_000
MOST_LEVELS = 32

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# JSON writes characters beyond U+FFFF as two escapes, which YAML refuses; an even number of backslashes before it is text.
_ESCAPED_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


@dataclass(slots=True)
class Scalar:
    """A word or a text; plain means that it was written without quotes."""

    text: str
    plain: bool
    place: tuple[int, int]


@dataclass(slots=True)
class Sequence:
    """A list of nodes."""

    place: tuple[int, int]
    items: "list[Node]" = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    """Keys with their nodes, in order, duplicates included."""

    place: tuple[int, int]
    entries: "list[tuple[Scalar, Node]]" = field(default_factory=list)
    open_key: Scalar | None = None


Node: TypeAlias = Scalar | Sequence | Mapping


def read_nodes(source: str) -> Node:
    """Read one document, refusing what is too large before it is built."""
    text = source.removeprefix("\ufeff")
    if len(text) > MOST_BYTES or len(text.encode(errors="replace")) > MOST_BYTES:
        raise _refusal("the schema is larger than 1 MiB: long lists of labels belong in the items or in several projects")
    if bad := re.search("[\ud800-\udfff\0]", text):
        line = text.count("\n", 0, bad.start()) + 1
        column = bad.start() - text.rfind("\n", 0, bad.start())
        raise _refusal("a NUL or half of a surrogate pair: save the file as UTF-8 text", line=line, column=column)
    if text.lstrip().startswith(("{", "[")):
        text = _ESCAPED_PAIR.sub(_joined_pair, text)
    try:
        return _Composer().compose(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = ": ".join(part for part in (error.context, error.problem) if part)
        raise _refusal(
            f"not readable as YAML: {message}", line=mark.line + 1 if mark else 1, column=mark.column + 1 if mark else 1
        ) from None
    except yaml.YAMLError as error:
        position = getattr(error, "position", None)
        before = text[:position] if isinstance(position, int) else ""
        raise _refusal(f"not readable as YAML: {error}".splitlines()[0], line=before.count("\n") + 1) from None


def _refusal(message: str, *, line: int = 1, column: int = 1, path: str = "") -> SchemaErrors:
    return SchemaErrors([SchemaProblem(line, column, path, message)])


def _joined_pair(match: re.Match[str]) -> str:
    high, low = int(match[2], 16), int(match[3], 16)
    return match[1] + chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


class _Composer:
    """Builds nodes from events, without recursion and within the limits."""

    def __init__(self) -> None:
        self.stack: list[Sequence | Mapping] = []
        self.root: Node | None = None
        self.count = 0

    def compose(self, text: str) -> Node:
        for event in yaml.parse(text, Loader=_LOADER):
            assert event.start_mark is not None
            if isinstance(event, yaml.NodeEvent):
                self._take(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self.stack.pop()
            elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
                raise _refusal("a second document begins here: a schema is one", line=event.start_mark.line + 1)
        if self.root is None:
            raise _refusal('the schema is empty: it needs at least "questions"')
        return self.root

    def _take(self, event: yaml.NodeEvent) -> None:
        assert event.start_mark is not None
        place = (event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise self._refusal("anchors (&) and aliases (*) are not used here: write the text out, or put it in quotes", place=place)
        if getattr(event, "tag", None) not in (None, "!"):
            raise self._refusal("tags (!…) are not used here: put the text in quotes", place=place)
        self.count += 1
        if self.count > MOST_NODES:
            raise self._refusal(f"too large: a schema holds at most {MOST_ENTRIES:,} labels", place=place)
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            node = Scalar(event.value, event.style in (None, ""), place)
        else:
            node = Mapping(place) if isinstance(event, yaml.MappingStartEvent) else Sequence(place)
        self._hang(node, place=place)
        if not isinstance(node, Scalar):
            self.stack.append(node)
            if len(self.stack) > MOST_LEVELS:
                raise self._refusal(f"nested more than {MOST_LEVELS} levels deep", place=place)

    def _hang(self, node: Node, *, place: tuple[int, int]) -> None:
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
            size = len(parent.items)
        elif parent.open_key is None:
            if not isinstance(node, Scalar):
                raise self._refusal("a key is a word, not a list or a mapping", place=place)
            parent.open_key = node
            return
        else:
            parent.entries.append((parent.open_key, node))
            parent.open_key = None
            size = len(parent.entries)
        if size > MOST_ENTRIES:
            raise self._refusal(f"more than {MOST_ENTRIES:,} entries: a schema holds at most {MOST_ENTRIES:,} labels", place=place)

    def _refusal(self, message: str, *, place: tuple[int, int]) -> SchemaErrors:
        path = ""
        for parent, child in zip(self.stack, [*self.stack[1:], None], strict=True):
            if isinstance(parent, Sequence):
                path += f"[{len(parent.items) - (child is not None)}]"
            else:
                key = parent.open_key or (parent.entries[-1][0] if parent.entries else None)
                path += f".{key.text[:40]}" if key else ""
        return _refusal(message, line=place[0], column=place[1], path=path.removeprefix("."))
