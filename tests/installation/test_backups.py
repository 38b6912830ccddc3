"""A backup is whole however busy the database is, and a restore that fails can be run again."""

import sqlite3
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from isogloss.installation import make_backup, restore_backup


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A data directory in use, with 32 MB of database."""
    data = tmp_path / "data"
    for name in ("media", "releases", "jobs", "language-models"):
        (data / name).mkdir(parents=True)
        (data / name / "file").write_text(name)
    (data / "secret.key").write_text("a key")
    database = sqlite3.connect(data / "isogloss.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE big (x)")
    database.execute("CREATE TABLE written (n INTEGER PRIMARY KEY)")
    database.execute("BEGIN")
    database.executemany("INSERT INTO big VALUES (randomblob(?))", [(1_000_000,)] * 32)
    database.execute("COMMIT")
    database.close()
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, data=data))
    monkeypatch.setitem(settings.DATABASES, "default", {"ENGINE": "django.db.backends.sqlite3", "NAME": data / "isogloss.db"})
    return data


class Writer(threading.Thread):
    """Writes to the database without a rest and without patience: a lock would end it."""

    def __init__(self, data: Path) -> None:
        super().__init__(daemon=True)
        self.path, self.written, self.stopped, self.error = data / "isogloss.db", 0, threading.Event(), None

    def run(self) -> None:
        database = sqlite3.connect(self.path, isolation_level=None, timeout=0)
        database.execute("PRAGMA synchronous=OFF")
        while not self.stopped.wait(0.0005):
            try:
                database.execute("INSERT INTO written VALUES (NULL)")
            except sqlite3.OperationalError as error:
                self.error = error
                return
            self.written += 1
        database.close()


def test_a_backup_comes_to_its_end_while_others_write_and_holds_none_of_them_up(installed, tmp_path):
    target = tmp_path / "copy"
    writer, copier = Writer(installed), threading.Thread(target=make_backup, args=(target,), daemon=True)
    writer.start()
    while not writer.written:
        time.sleep(0.001)
    before = writer.written

    copier.start()
    copier.join(20)
    was_done, meanwhile = not copier.is_alive(), writer.written - before
    writer.stopped.set()
    writer.join()
    copier.join()

    assert was_done
    assert writer.error is None
    assert meanwhile > 0
    copy = sqlite3.connect(target / "isogloss.db")
    assert copy.execute("SELECT count(*) FROM big").fetchone() == (32,)
    assert before <= copy.execute("SELECT count(*) FROM written").fetchone()[0] <= before + meanwhile
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.close()


def test_a_backup_holds_the_trained_language_models_too(installed, tmp_path):
    make_backup(tmp_path / "copy")

    restore_backup(tmp_path / "copy", tmp_path / "restored")

    assert {name: (tmp_path / "restored" / name / "file").read_text() for name in ("media", "releases", "language-models")} == {
        "media": "media",
        "releases": "releases",
        "language-models": "language-models",
    }
