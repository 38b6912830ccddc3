"""The size and the manners of the tree, checked so that nobody has to remember them."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 500
LONGEST_FUNCTION = 50
LONGEST_SLOW_TEST = 80
CONTEXTS = {
    "accounts", "annotation", "assist", "corpus", "delivery", "dispatch", "guidelines", "insights", "projects", "quality", "wellbeing",
    "workbench", "workforce",
}  # fmt: skip
OPEN_TO_OTHERS = {"services", "queries", "access", "ports", "rules", "schemas"}


def tracked(*endings: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if name.endswith(endings) and (ROOT / name).is_file()]


def python_files() -> list[Path]:
    return [path for path in tracked(".py") if "migrations" not in path.parts]


def test_no_file_is_longer_than_five_hundred_lines():
    long = {
        str(p.relative_to(ROOT)): n
        for p in [*python_files(), *tracked(".ts")]
        if (n := p.read_text(encoding="utf-8").count("\n")) > LONGEST_FILE
    }

    assert long == {}


def test_no_function_is_longer_than_fifty_lines():
    long = {}
    for path in python_files():
        most = LONGEST_SLOW_TEST if {"e2e", "concurrency"} & set(path.parts) else LONGEST_FUNCTION
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (n := _length(node)) > most:
                long[f"{path.relative_to(ROOT)}:{node.name}"] = n

    assert long == {}


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines without the docstring: what a statistic must say of its shapes, formula and source is no complexity."""
    first = node.body[0]
    told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    return (node.end_lineno or 0) - node.lineno + 1 - ((first.end_lineno or 0) - first.lineno + 1 if told else 0)


def test_every_module_opens_with_what_it_is_for():
    silent = [
        str(p.relative_to(ROOT))
        for p in python_files()
        if (text := p.read_text(encoding="utf-8")).strip() and ast.get_docstring(ast.parse(text)) is None
    ]

    assert silent == []


def test_contexts_see_only_the_open_modules_of_others():
    broken = []
    for path in (ROOT / "src" / "isogloss").rglob("*.py"):
        here = path.relative_to(ROOT / "src" / "isogloss").parts[0]
        if here == "core":
            continue
        for node in _runtime_imports(ast.parse(path.read_text(encoding="utf-8"))):
            parts = (node.module or "").split(".")
            if len(parts) < 3 or parts[0] != "isogloss" or parts[1] not in CONTEXTS or parts[1] == here:
                continue
            if here in {"urls.py", "wsgi.py", "api", "cli"} and parts[2] != "models":
                continue  # the top of the house joins whatever it needs
            if parts[2] not in OPEN_TO_OTHERS:
                broken.append(f"{path.relative_to(ROOT)}:{node.lineno} imports {node.module}")

    assert broken == []


def _runtime_imports(tree: ast.Module) -> list[ast.ImportFrom]:
    typing_only = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    return [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and id(node) not in typing_only]


def test_core_imports_nothing_but_numpy_at_module_level():
    broken = []
    for path in (ROOT / "src" / "isogloss" / "core").rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom) and not node.level
                else []
            )
            broken += [
                f"{path.relative_to(ROOT)}: {n}"
                for n in names
                if n.split(".")[0] in {"scipy", "duckdb", "django", "sklearn", "pandas", "msgspec"}
            ]

    assert broken == []


@pytest.mark.parametrize("lock", ["requirements/run.txt", "requirements/dev.txt", "frontend/package-lock.json"])
def test_locks_hold_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")

    addresses = [line for line in text.splitlines() if "://" in line and '"url"' not in line]

    assert addresses == []


def test_no_path_of_a_machine_and_no_unfinished_note_is_committed():
    found = []
    for path in tracked(".py", ".ts", ".md", ".toml", ".css", ".html", ".yaml", ".mjs", "Makefile", "run"):
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if re.search(r"(?<![\w.])/(work|root)/|\bTODO\b|\bFIXME\b|\bXXX\b", line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")

    assert found == []
