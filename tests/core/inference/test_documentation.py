"""Worked examples: the methods' pages, the tour and the docstrings print what they say."""

import doctest
import importlib
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[3] / "docs"
PAGES = [
    "majority",
    "one-coin",
    "dawid-skene",
    "ordinal",
    "bradley-terry",
    "text-medoid",
    "span-aggregation",
    "chooser",
    "adaptive-redundancy",
]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_prints_what_it_says(page):
    found = doctest.testfile(str(DOCS / "methods" / f"{page}.md"), module_relative=False, encoding="utf-8")

    assert (found.attempted > 2, found.failed) == (True, 0)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_its_parts(page):
    text = (DOCS / "methods" / f"{page}.md").read_text(encoding="utf-8")

    parts = ("Formula", "Assumptions", "Worked example", "Known failures", "References")
    assert [part for part in parts if f"\n## {part}\n" not in text] == []


@pytest.mark.parametrize("module", ["inferring", "texts"])
def test_a_docstring_prints_what_it_says(module):
    found = doctest.testmod(importlib.import_module(f"isogloss.core.inference.{module}"))

    assert (found.attempted > 0, found.failed) == (True, 0)
