"""Copying an installation while it serves, and making one from such a copy."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import suppress
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
    """Make an installation from a backup, in a place that holds none; one that fails leaves nothing and can be run again."""
    if (data / "secret.key").exists():
        raise Conflict(f"{data} holds an installation. Name another directory with --data, or move this one away.")
    if not (source / "secret.key").exists():
        raise InvalidInput(f"{source} is not a backup: it has no secret.key.")
    if taken := [name for name in (*KEPT, "isogloss.db", "jobs") if (data / name).exists()]:
        raise Conflict(f"{data} holds {taken[0]} already. Name an empty directory with --data, or move this away.")
    dump = source / "isogloss.pgdump"
    url = _empty_database() if dump.exists() else ""
    is_new = not data.exists()
    # Inside, not beside: the directory may be all that this user may write to, or a disk of its own.
    draft = data / ".restoring"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    try:
        data.chmod(0o700)
        for name in (*KEPT, "isogloss.db"):
            _copy(source / name, draft / name)
        for name in ("media", "releases", "jobs"):
            (draft / name).mkdir(exist_ok=True, mode=0o700)
        if url:
            _fill_database(url, dump=dump)
        # The key comes last: where it is, there is an installation.
        for path in sorted(draft.iterdir(), key=lambda path: path.name == "secret.key"):
            path.rename(data / path.name)
        draft.rmdir()
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        if is_new:
            with suppress(OSError):
                data.rmdir()
        raise


def _empty_database() -> str:
    """Return the address of the database to restore to, once everything is there that a restore needs."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith(("postgresql://", "postgres://")):
        raise InvalidInput(
            "This backup is of PostgreSQL. Set DATABASE_URL to an empty database (postgresql://user:password@host/name) and run the"
            " command again."
        )
    if shutil.which("pg_restore") is None:
        raise InvalidInput("pg_restore is not on the PATH. Install PostgreSQL's client programs and run the command again.")
    return url


def _fill_database(url: str, *, dump: Path) -> None:
    arguments = ["pg_restore", "--no-owner", "--single-transaction", f"--dbname={url}", str(dump)]
    try:
        subprocess.run(arguments, check=True, capture_output=True, text=True)  # noqa: S603  our own arguments
    except subprocess.CalledProcessError as error:
        raise InvalidInput(
            f"pg_restore could not restore {dump}: {error.stderr.strip()}\nNothing was kept, in the database or beside it. Check that"
            " DATABASE_URL names an empty database that this user may write to, and run the command again."
        ) from error
