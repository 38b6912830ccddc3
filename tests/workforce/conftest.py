"""What is kept by version id must not outlive a test: rolled-back ids are given out again."""

from tests.support.caches import fresh_versions

__all__ = ["fresh_versions"]
