"""Every template compiles and uses only tags that exist."""

from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).parents[2] / "src" / "isogloss"
TEMPLATES = sorted(str(path.relative_to(path.parents[1])) for path in ROOT.glob("*/templates/*/*.html"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_template_compiles(name):
    assert get_template(name) is not None


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_template_has_no_inline_script_or_style(name):
    (path,) = ROOT.glob(f"*/templates/{name}")
    text = path.read_text(encoding="utf-8")

    assert "style=" not in text
    assert "hx-on" not in text
    assert "onclick" not in text
    assert "<script>" not in text
