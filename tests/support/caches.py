"""What is kept by version id must not outlive a test: rolled-back ids are given out again."""

import pytest


@pytest.fixture(autouse=True)
def fresh_versions():
    """Forget what was kept of versions before each test."""
    from isogloss.dispatch import hot
    from isogloss.guidelines import queries

    for kept in (hot._compiled, queries.schema_of, queries.public_id_of_version):
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()
