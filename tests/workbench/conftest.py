"""Fixtures of these tests."""

from tests.support.caches import fresh_versions

__all__ = ["fresh_versions"]
