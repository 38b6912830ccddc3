"""Gather what the interface says and bring every .po file up to it: `make messages`.

Known translations stay, what nothing says any more goes, nothing is guessed, and no dates are written: a second run changes nothing.
"""

import ast
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po, write_po
from django.template import engines
from django.template.base import Lexer, Node, TokenType
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "isogloss"
LOCALE = SOURCE / "locale"
# Django's numbering of the Arabic forms; Babel's own formula counts the last two the other way round.
ARABIC = "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
PLURALS = {"ar": ARABIC, **dict.fromkeys(("id", "ja", "zh_Hans"), "nplurals=1; plural=0;")}
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Pure modules cannot mark what a page will show: such an argument, and what such a function returns, is shown.
SHOWN_ARGUMENT = "support"
SHOWN_RESULT = "why_"
# What these refuse is told to programs and terminals, which speak English.
FOR_PROGRAMS = ("api", "cli", "core", "demonstration", "installation", "settings")
CONSTANT = re.compile(r"""_\(("[^"]*"|'[^']*')\)""")


@dataclass(frozen=True, slots=True)
class Said:
    """One thing the interface says, and the file that says it; a plural has two texts."""

    file: str
    texts: tuple[str, ...]
    context: str | None = None


def said_by_python(path: Path, *, refusals: frozenset[str]) -> Iterator[Said]:
    """Yield the arguments of gettext's functions, and the plain texts of domain errors: the page that shows one translates it."""
    file = path.relative_to(ROOT).as_posix()
    if "gettext" in path.read_text(encoding="utf-8"):  # Babel's reading is slow, and whoever marks a text has imported the mark
        for _line, message, _comments, context in extract_from_file("python", path, keywords=KEYWORDS):
            yield Said(file, (message,) if isinstance(message, str) else tuple(message), context)
    is_told_to_people = path.relative_to(SOURCE).parts[0] not in FOR_PROGRAMS
    for node in nodes_of(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            refused = node.args[:1] if is_told_to_people and node.func.id in refusals else []
            shown = [argument.value for argument in node.keywords if argument.arg == SHOWN_ARGUMENT]
            yield from (Said(file, (text,)) for text in _plain_texts([*refused, *shown]))
        elif isinstance(node, ast.FunctionDef) and node.name.startswith(SHOWN_RESULT):
            results = [line.value for line in ast.walk(node) if isinstance(line, ast.Return) and line.value is not None]
            yield from (Said(file, (text,)) for text in _plain_texts(results))
        elif isinstance(node, ast.ClassDef) and node.name in refusals and is_told_to_people:
            yield from (Said(file, (title,)) for title in _titles(node))


def _plain_texts(nodes: list[ast.expr]) -> list[str]:
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value]


@cache
def nodes_of(path: Path) -> list[ast.AST]:
    """Parse a module once."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def _titles(node: ast.ClassDef) -> Iterator[str]:
    for line in node.body:
        if isinstance(line, ast.Assign) and [getattr(target, "id", "") for target in line.targets] == ["title"]:
            yield ast.literal_eval(line.value)


def refusal_names() -> frozenset[str]:
    """Return the names of `Problem` and of every class below it."""
    parents: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        for node in nodes_of(path):
            if isinstance(node, ast.ClassDef):
                parents.setdefault(node.name, set()).update(base.id for base in node.bases if isinstance(base, ast.Name))
    found = {"Problem"}
    while more := {name for name, bases in parents.items() if bases & found} - found:
        found |= more
    return frozenset(found)


def said_by_template(path: Path) -> Iterator[Said]:
    """Yield what Django itself would look up while it draws the template, and the constants `_("…")` in its tags."""
    file, source = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    for token in Lexer(source).tokenize():
        if token.token_type in {TokenType.VAR, TokenType.BLOCK}:
            yield from (Said(file, (_doubled(found[1:-1]),)) for found in CONSTANT.findall(token.contents))
    for node in engines["django"].from_string(source).template.nodelist.get_nodes_by_type(Node):
        context = getattr(node, "message_context", None)
        told = context.var.literal if hasattr(getattr(context, "var", None), "literal") else getattr(context, "var", None)
        if isinstance(node, TranslateNode) and node.filter_expression.var.literal is not None:
            yield Said(file, (_doubled(str(node.filter_expression.var.literal)),), told)
        elif isinstance(node, BlockTranslateNode):
            parts = [node.singular, *([node.plural] if node.plural else [])]
            yield Said(file, tuple(node.render_token_list(part)[0] for part in parts), told)


def said_by_starter(path: Path) -> Iterator[Said]:
    """Yield the name and the description of a label schema that ships, which open its guideline."""
    heading, description, *_ = path.read_text(encoding="utf-8").split("\n\n")
    for text in (heading.removeprefix("# "), " ".join(description.split())):
        yield Said(path.relative_to(ROOT).as_posix(), (text,))


def _doubled(text: str) -> str:
    """Return the text as Django's tags look it up."""
    return text.replace("%", "%%")


def everything_said() -> Catalog:
    """Gather the whole interface, each text with the files that say it."""
    catalog = Catalog(fuzzy=False)
    refusals = refusal_names()
    found = {said for path in SOURCE.rglob("*.py") if "migrations" not in path.parts for said in said_by_python(path, refusals=refusals)}
    found |= {said for path in SOURCE.glob("*/templates/**/*.*") for said in said_by_template(path)}
    found |= {said for path in SOURCE.glob("guidelines/templates_yaml/*.md") for said in said_by_starter(path)}
    plurals = {said.texts[0]: said.texts for said in found if len(said.texts) > 1}
    for said in sorted(found, key=lambda said: (said.file, said.texts, said.context or "")):
        texts = plurals.get(said.texts[0], said.texts) if said.context is None else said.texts
        catalog.add(texts if len(texts) > 1 else texts[0], locations=[(said.file, None)], context=said.context)
    return catalog


def read(path: Path) -> Catalog:
    """Read a .po file; one that does not exist yet is empty."""
    if not path.exists():
        return Catalog(fuzzy=False)
    with path.open("rb") as file:
        return read_po(file)


def renewed(path: Path, *, said: Catalog) -> str:
    """Return what the .po file should hold: everything said, with the translations it has for it."""
    language = path.parent.parent.name
    known = read(path)
    forms = int(re.match(r"nplurals=(\d+)", PLURALS[language])[1])
    fresh = read_po(BytesIO(_header(language).encode()))  # Babel gives Indonesian two forms unless a header says one
    for message in said:
        if message.id:
            fresh[message.id] = Message(message.id, _kept(message, known, forms), message.locations, context=message.context)
    body = BytesIO()
    write_po(body, fresh, width=0, omit_header=True, sort_by_file=True, include_lineno=False)
    return _header(language) + body.getvalue().decode()


def _kept(message: Message, known: Catalog, forms: int) -> str | tuple[str, ...]:
    old = known.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
    if isinstance(message.id, str):
        return old.string if old is not None and isinstance(old.string, str) else ""
    return old.string if old is not None and isinstance(old.string, tuple) and len(old.string) == forms else ("",) * forms


def _header(language: str) -> str:
    fields = {
        "Project-Id-Version": "isogloss",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{name}: {value}\\n"\n' for name, value in fields.items()) + "\n"


def po_files() -> list[Path]:
    """Return the file of every language but English, which is what the code says."""
    return [LOCALE / language / "LC_MESSAGES" / "django.po" for language in PLURALS]


def main() -> None:
    """Bring every .po file up to what is said, compile them, and tell what is left to translate."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "isogloss.settings")
    os.environ.setdefault("ISOGLOSS_DATA", tempfile.gettempdir())
    django.setup()
    said = everything_said()
    for path in po_files():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(renewed(path, said=said), encoding="utf-8")
        left = sum(
            1 for message in read(path) if message.id and not all([message.string] if isinstance(message.string, str) else message.string)
        )
        print(f"{path.relative_to(ROOT)}: {len(said)} texts, {left} to translate")
    sys.path.insert(0, str(ROOT))
    from hatch_build import compile_translations  # noqa: PLC0415  it stands in the root, which is on the path only now

    compile_translations()


if __name__ == "__main__":
    main()
