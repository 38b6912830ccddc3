"""A backup is whole however busy the database is, and a restore that fails can be run again."""

import sqlite3
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from isogloss.installation import make_backup, restore_backup
from isogloss.platform.problems import Conflict, InvalidInput


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


@pytest.fixture
def dumped(tmp_path, monkeypatch):
    """A backup of PostgreSQL, and no program on the path yet."""
    source = tmp_path / "backup"
    for name in ("media", "releases"):
        (source / name).mkdir(parents=True)
    (source / "secret.key").write_text("a key")
    (source / "isogloss.pgdump").write_text("what pg_dump wrote")
    (tmp_path / "programs").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "programs"))
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone@localhost/empty")
    return source


def a_pg_restore(folder, *, says: str = "", ends: int = 0) -> None:
    program = folder / "programs" / "pg_restore"
    program.write_text(f'#!/bin/sh\necho "$@" > {folder}/called\necho "{says}" >&2\nexit {ends}\n')
    program.chmod(0o700)


def test_without_a_database_a_restore_says_so_as_often_as_it_is_run(dumped, tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    a_pg_restore(tmp_path)

    for _ in range(2):
        with pytest.raises(InvalidInput, match="Set DATABASE_URL"):
            restore_backup(dumped, tmp_path / "restored")

    assert not (tmp_path / "restored").exists()


def test_a_database_of_another_kind_is_refused_before_anything_is_copied(dumped, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:///somewhere.db")
    a_pg_restore(tmp_path)

    with pytest.raises(InvalidInput, match="Set DATABASE_URL"):
        restore_backup(dumped, tmp_path / "restored")

    assert not (tmp_path / "restored").exists()


def test_a_restore_without_the_client_programs_says_what_to_install(dumped, tmp_path):
    with pytest.raises(InvalidInput, match="pg_restore is not on the PATH"):
        restore_backup(dumped, tmp_path / "restored")

    assert not (tmp_path / "restored").exists()


def test_a_restore_that_the_database_refuses_can_be_run_again(dumped, tmp_path):
    a_pg_restore(tmp_path, says="relation exists", ends=1)
    with pytest.raises(InvalidInput, match=r"(?s)pg_restore .*relation exists.*DATABASE_URL"):
        restore_backup(dumped, tmp_path / "restored")
    a_pg_restore(tmp_path)

    restore_backup(dumped, tmp_path / "restored")

    assert sorted(path.name for path in (tmp_path / "restored").iterdir()) == ["jobs", "media", "releases", "secret.key"]
    assert "--single-transaction" in (tmp_path / "called").read_text()


def test_a_restore_takes_a_folder_that_is_there_and_empty(installed, tmp_path):
    make_backup(tmp_path / "copy")
    (tmp_path / "mounted" / "lost+found").mkdir(parents=True)

    restore_backup(tmp_path / "copy", tmp_path / "mounted")

    names = ["isogloss.db", "jobs", "language-models", "lost+found", "media", "releases", "secret.key"]
    assert sorted(path.name for path in (tmp_path / "mounted").iterdir()) == names
    assert (tmp_path / "mounted").stat().st_mode & 0o777 == 0o700


def test_a_restore_touches_nothing_where_a_file_stands_in_its_way(installed, tmp_path):
    make_backup(tmp_path / "copy")
    (tmp_path / "taken" / "media").mkdir(parents=True)

    with pytest.raises(Conflict, match="media"):
        restore_backup(tmp_path / "copy", tmp_path / "taken")

    assert [path.name for path in (tmp_path / "taken").iterdir()] == ["media"]
