"""The server is killed under load, again and again: every acknowledged answer is there, every invariant holds."""

import os
import tempfile
from pathlib import Path

import pytest

from tests.concurrency import crashing

KILLS = 100 if os.environ.get("ISOGLOSS_PROVE") else 5
pytestmark = pytest.mark.timeout(1500 if KILLS > 5 else 240)


@pytest.mark.both_engines
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_what_was_acknowledged_survives_a_kill(engine):
    with tempfile.TemporaryDirectory(prefix="isogloss-crash-") as home:
        outcome = crashing.run(Path(home), engine=engine, kills=KILLS, kills_database=False)

    assert outcome["kills"] == KILLS
    assert outcome["acknowledged"] > 0
    assert outcome["violations"] == {}
    assert outcome["lost"] == 0


@pytest.mark.parametrize("engine", ["postgresql"])
def test_what_was_acknowledged_survives_a_kill_of_the_database(engine):
    kills = 20 if KILLS > 5 else 2
    with tempfile.TemporaryDirectory(prefix="isogloss-crash-") as home:
        outcome = crashing.run(Path(home), engine=engine, kills=kills, kills_database=True)

    assert outcome["violations"] == {}
    assert outcome["lost"] == 0
