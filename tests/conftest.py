"""What every test runs under: a data directory of its own, one engine, no network beyond loopback."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.postgres import Postgres

ENGINE = os.environ.get("ISOGLOSS_TEST_ENGINE", "sqlite")
ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"
_HOME = tempfile.TemporaryDirectory(prefix="isogloss-test-")
KEPT = {"ISOGLOSS_TEST_ENGINE", "ISOGLOSS_PEER_PYTHON", "ISOGLOSS_PROVE", "ISOGLOSS_INNER"}
_STARTED: list["Postgres"] = []


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the environment before Django reads its settings."""
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        return  # with -n this process only distributes; what it set would reach the workers before they choose their own
    for name in [n for n in os.environ if n.startswith("ISOGLOSS_") and n not in KEPT]:
        del os.environ[name]
    os.environ["ISOGLOSS_DATA"] = _HOME.name
    os.environ["DJANGO_SETTINGS_MODULE"] = "isogloss.settings"
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    (Path(_HOME.name) / "secret.key").write_text("a key that guards only tests")
    from hypothesis import HealthCheck
    from hypothesis import settings as hypothesis_settings

    # The machine is noisy: a slow example is no failure, and the same commit finds the same examples.
    hypothesis_settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    hypothesis_settings.load_profile("house")
    if ENGINE == "postgresql":
        from tests.support.postgres import start_postgres

        _STARTED.append(start_postgres())
        os.environ["DATABASE_URL"] = _STARTED[0].url("isogloss")
    else:
        os.environ.pop("DATABASE_URL", None)
    from django.conf import settings

    # The test database of SQLite is a file, as in use: an in-memory one has no WAL and cannot be shared between threads.
    if ENGINE == "sqlite":
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(Path(_HOME.name) / "test.db")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    for server in _STARTED:
        server.stop()
    _HOME.cleanup()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long forms to `make prove`, and on PostgreSQL run what touches the database only."""
    chosen, left = [], []
    for item in items:
        is_long = item.get_closest_marker("prove") is not None and not os.environ.get("ISOGLOSS_PROVE")
        touches_database = (
            item.get_closest_marker("django_db") is not None
            or "db" in getattr(item, "fixturenames", ())
            or "transactional_db" in getattr(item, "fixturenames", ())
        )
        both = touches_database or item.get_closest_marker("both_engines") is not None
        (left if is_long or (ENGINE == "postgresql" and not both) else chosen).append(item)
        if item.get_closest_marker("shared") is not None and not SHARED.exists():
            item.add_marker(pytest.mark.skip(reason="../shared/data is not on this machine"))
    if left:
        config.hook.pytest_deselected(items=left)
    items[:] = chosen


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Refuse connections to anything but this machine."""
    from pytest_socket import socket_allow_hosts

    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def _fresh_versions() -> None:
    """Forget what is kept by version id: ids of a test that was rolled back are given out again."""
    from isogloss.dispatch import hot
    from isogloss.dispatch.services import replays
    from isogloss.guidelines import queries

    for kept in (hot._compiled, replays._compiled, queries.public_id_of_version, queries.schema_of):
        kept.cache_clear()


@pytest.fixture(autouse=True)
def _no_models() -> Iterator[None]:
    """Leave no language model behind: the data directory is shared by the tests of a process, and files are not rolled back."""
    yield
    shutil.rmtree(Path(_HOME.name) / "language-models", ignore_errors=True)


@pytest.fixture
def shared() -> Path:
    """The folder of real data, beside the repository."""
    return SHARED
