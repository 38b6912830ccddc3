"""The examples in docstrings and method pages are what the code prints."""

import doctest
import importlib
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[3] / "docs" / "methods"
MODULES = [
    *(
        f"isogloss.core.sampling.{name}"
        for name in ("intervals", "iso2859", "plans", "recall", "rogan_gladen", "sequential", "sizes", "stratified", "switching")
    ),
    *(f"isogloss.core.control.{name}" for name in ("cusum", "ewma", "gold", "p_charts", "shift_share")),
]
PAGES = [
    "acceptance-sampling",
    "cusum",
    "ewma",
    "gold-leakage",
    "intervals",
    "p-charts",
    "recall",
    "rogan-gladen",
    "sequential-sampling",
    "shift-share",
    "stratified-sampling",
    "switching-rules",
]


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_module_hold(module):
    result = doctest.testmod(importlib.import_module(module))

    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_a_page_hold(page):
    result = doctest.testfile(str(DOCS / f"{page}.md"), module_relative=False, encoding="utf-8")

    assert result.attempted > 0
    assert result.failed == 0
