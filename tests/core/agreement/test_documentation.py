"""Worked examples: the methods' pages and the docstrings print what they say."""

import doctest
import importlib
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[3] / "docs" / "methods"
MODULES = ["alpha", "chances", "distances", "overlaps", "pairs", "rankings", "specific", "unitising", "wordings"]


@pytest.mark.parametrize("page", ["krippendorff-alpha", "kappa", "ac1-ac2", "specific-agreement", "kendall-w", "span-agreement"])
def test_a_page_prints_what_it_says(page):
    found = doctest.testfile(str(PAGES / f"{page}.md"), module_relative=False, encoding="utf-8")

    assert (found.attempted > 2, found.failed) == (True, 0)


@pytest.mark.parametrize("page", ["krippendorff-alpha", "kappa", "ac1-ac2", "specific-agreement", "kendall-w", "span-agreement"])
def test_a_page_has_its_parts(page):
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")

    assert [
        part for part in ("Formula", "Assumptions", "Worked example", "Known failures", "References") if f"\n## {part}\n" not in text
    ] == []


@pytest.mark.parametrize("module", MODULES)
def test_a_docstring_prints_what_it_says(module):
    found = doctest.testmod(importlib.import_module(f"isogloss.core.agreement.{module}"))

    assert (found.attempted > 0, found.failed) == (True, 0)
