"""What is kept by version id must not outlive a test: rolled-back ids are given out again."""

from tests.dispatch.conftest import fresh_versions

__all__ = ["fresh_versions"]
