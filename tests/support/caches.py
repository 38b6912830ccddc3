"""What is kept by version id must not outlive a test: rolled-back ids are given out again."""

import pytest


@pytest.fixture(autouse=True)
def fresh_versions():
    """Forget what was kept of versions before each test."""
    from isogloss.guidelines import queries

    queries.schema_of.cache_clear()
    queries.public_id_of_version.cache_clear()
