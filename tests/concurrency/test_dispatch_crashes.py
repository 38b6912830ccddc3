"""The server is killed under load, again and again: every acknowledged answer is there, every invariant holds."""

import tempfile
from pathlib import Path

import pytest

from tests.concurrency import crashing

pytestmark = pytest.mark.timeout(2400)


@pytest.mark.parametrize("kills", [5, pytest.param(100, marks=pytest.mark.prove)])
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_what_was_acknowledged_survives_a_kill(engine, kills):
    with tempfile.TemporaryDirectory(prefix="isogloss-crash-") as home:
        outcome = crashing.run(Path(home), engine=engine, kills=kills, kills_database=False)

    assert outcome["kills"] == kills
    assert outcome["acknowledged"] > 0
    assert outcome["violations"] == {}
    assert outcome["lost"] == 0


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.prove)])
def test_what_was_acknowledged_survives_a_kill_of_the_database(kills):
    with tempfile.TemporaryDirectory(prefix="isogloss-crash-") as home:
        outcome = crashing.run(Path(home), engine="postgresql", kills=kills, kills_database=True)

    assert outcome["violations"] == {}
    assert outcome["lost"] == 0
