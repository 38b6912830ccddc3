"""What is wrong with an installation, and what to do about it."""

import os
import shutil
import sqlite3
import stat
from dataclasses import dataclass
from pathlib import Path

LEAST_FREE = 1024**3
OLDEST_SQLITE = (3, 38, 0)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    is_fine: bool
    detail: str
    remedy: str = ""


def examine(data: Path, *, reads_queue: bool = False) -> list[Finding]:
    """Look at the directory, the database, the bundle and the jobs, and if asked at every row of the queue; never raises."""
    findings = [*_directory(data)]
    if not all(f.is_fine for f in findings):
        return findings
    findings += [_sqlite(), _disk(data), _bundle()]
    try:
        findings += _database()
        if reads_queue and all(f.is_fine for f in findings if f.name in {"database", "migrations"}):
            findings.append(_queue())
    except Exception as error:  # noqa: BLE001  a doctor reports whatever is wrong
        detail = f"{type(error).__name__}: {error}".splitlines()[0]
        findings.append(
            Finding("database", is_fine=False, detail=detail, remedy="Check DATABASE_URL, that the server runs, and the password.")
        )
    return findings


def _directory(data: Path) -> list[Finding]:
    if not (data / "secret.key").exists():
        return [Finding("data directory", is_fine=False, detail=f"{data} holds no installation", remedy="Run: isogloss init")]
    private = stat.S_IMODE(data.stat().st_mode) & 0o077 == 0
    key_private = stat.S_IMODE((data / "secret.key").stat().st_mode) & 0o077 == 0
    return [
        Finding("data directory", is_fine=private, detail=f"{data}", remedy=f"Others can read it. Run: chmod 700 {data}"),
        Finding(
            "secret key",
            is_fine=key_private,
            detail="private" if key_private else "readable by others",
            remedy=f"Run: chmod 600 {data / 'secret.key'}",
        ),
        Finding("writable", is_fine=os.access(data, os.W_OK), detail=f"{data}", remedy="Give the folder to the user who runs Isogloss."),
    ]


def _sqlite() -> Finding:
    fine = sqlite3.sqlite_version_info >= OLDEST_SQLITE
    return Finding("SQLite", is_fine=fine, detail=sqlite3.sqlite_version, remedy="Use a Python whose sqlite3 is 3.38 or newer.")


def _disk(data: Path) -> Finding:
    free = shutil.disk_usage(data).free
    return Finding(
        "disk",
        is_fine=free > LEAST_FREE,
        detail=f"{free / 1024**3:.1f} GiB free",
        remedy="Make room: answers cannot be stored on a full disk.",
    )


def _bundle() -> Finding:
    bundle = Path(__file__).parent.parent / "web" / "static" / "isogloss" / "workbench.js"
    return Finding(
        "front end",
        is_fine=bundle.exists(),
        detail="built" if bundle.exists() else "missing",
        remedy="Run: make frontend, or install the package again.",
    )


def _database() -> list[Finding]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "isogloss.settings")
    import django  # noqa: PLC0415  only a sound directory gets this far

    django.setup()
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    from isogloss.platform import clock, jobs  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    findings = [
        Finding("database", is_fine=True, detail=connection.vendor),
        Finding(
            "migrations", is_fine=not missing, detail=f"{len(missing)} to apply" if missing else "applied", remedy="Run: isogloss init"
        ),
    ]
    if not missing:
        about = jobs.worker_is_about(clock.now())
        waiting = jobs.count_waiting()
        findings.append(
            Finding(
                "jobs",
                is_fine=about or not waiting,
                detail=f"{waiting} waiting",
                remedy="Nothing does jobs. Start: isogloss serve, or isogloss worker.",
            )
        )
    return findings


def _queue() -> Finding:
    from isogloss.dispatch.queries import violations  # noqa: PLC0415  as above
    from isogloss.projects.queries import all_projects  # noqa: PLC0415

    projects = list(all_projects())
    broken = [
        f"{count} × {rule} in {project.name} ({project.public_id})"
        for project in projects
        for rule, count in violations(project.pk).items()
        if count
    ]
    return Finding(
        "queue",
        is_fine=not broken,
        detail="; ".join(broken) or f"{len(projects)} projects hold together",
        remedy="Start the server again, which mends what a crash can leave. What is still told afterwards is a fault: report this line.",
    )
