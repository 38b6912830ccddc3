"""Copying an installation while it serves, and making one from such a copy."""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

from isogloss.platform.problems import Conflict, InvalidInput

KEPT = ("secret.key", "isogloss.toml", "media", "releases", "language-models")


def make_backup(target: Path) -> None:
    """Copy the database consistently and the files beside it to a new folder; a backup that fails leaves no folder."""
    from django.conf import settings  # noqa: PLC0415  restore works without Django

    if target.exists():
        raise Conflict(f"{target} exists. Name a folder that does not, so that no earlier backup is harmed.")
    data: Path = settings.CONFIG.data
    draft = target.with_name(target.name + ".part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    try:
        _copy_database(settings.DATABASES["default"], draft)
        for name in KEPT:
            _copy(data / name, draft / name)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    draft.rename(target)


def _copy_database(database: dict[str, object], folder: Path) -> None:
    if str(database["ENGINE"]).endswith("sqlite3"):
        source = sqlite3.connect(f"file:{database['NAME']}?mode=ro", uri=True)
        copy = sqlite3.connect(folder / "isogloss.db")
        # All at once: each write by another between two pieces would make SQLite begin again. In WAL a reader holds up no writer.
        source.backup(copy)
        copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        copy.close()
        source.close()
        return
    environment = {**os.environ, "PGPASSWORD": str(database["PASSWORD"])}
    arguments = ["pg_dump", "--format=custom", f"--file={folder / 'isogloss.pgdump'}", f"--dbname={database['NAME']}"]
    for flag, key in (("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")):
        if database[key]:
            arguments.append(f"{flag}={database[key]}")
    try:
        subprocess.run(arguments, env=environment, check=True, capture_output=True, text=True)  # noqa: S603  our own arguments
    except FileNotFoundError:
        raise InvalidInput("pg_dump is not on the PATH. Install PostgreSQL's client programs and try again.") from None
    except subprocess.CalledProcessError as error:
        raise InvalidInput(f"pg_dump failed: {error.stderr.strip()}") from error


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copy2(source, target)


def restore_backup(source: Path, data: Path) -> None:
    """Make an installation from a backup, in a place that holds none."""
    if (data / "secret.key").exists():
        raise Conflict(f"{data} holds an installation. Name another directory with --data, or move this one away.")
    if not (source / "secret.key").exists():
        raise InvalidInput(f"{source} is not a backup: it has no secret.key.")
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in (*KEPT, "isogloss.db"):
        if (source / name).exists():
            _copy(source / name, data / name)
    for name in ("media", "releases", "jobs"):
        (data / name).mkdir(exist_ok=True, mode=0o700)
    data.chmod(0o700)
    dump = source / "isogloss.pgdump"
    if dump.exists():
        url = os.environ.get("DATABASE_URL", "")
        if not url:
            raise InvalidInput("This backup is of PostgreSQL. Set DATABASE_URL to an empty database and run the command again.")
        subprocess.run(["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={url}", str(dump)], check=True)  # noqa: S603, S607  our own arguments
