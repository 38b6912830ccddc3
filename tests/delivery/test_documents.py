"""The document about releases names every field there is."""

from pathlib import Path

import msgspec
import pytest

from isogloss.delivery import manifests, tables

DOCUMENT = (Path(__file__).parents[2] / "docs" / "methods" / "release.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "struct", [tables.ItemLine, tables.EarlierLine, tables.AnnotationLine, tables.DecisionLine, manifests.Manifest, manifests.FileEntry]
)
def test_every_field_is_documented(struct):
    assert [field.name for field in msgspec.structs.fields(struct) if f"`{field.name}`" not in DOCUMENT] == []
