"""`python -m benchmarks.dispatch.growth`: what `next` costs as the project and a person's history grow, the database included."""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.dispatch.servers import cpu_seconds

LOOPS = 300
MOST_IN_SHORT_PIECES = 1_000_000
COLUMNS = (
    "public_id", "project_id", "item_id", "item_version", "person_id", "revision", "key", "body_hash", "guideline_version_id", "answers",
    "language", "submitted_at", "suggestion_visible", "served", "source", "counted", "gold",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.dispatch.growth")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--items", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--history", type=int, default=100_000)
    parser.add_argument("--one", action="store_true", help="measure the first size in this process and print it")
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(_with_database(asked.engine, asked.items[0], history=asked.history)))
        return
    found = {}
    for items in asked.items:
        command = [
            sys.executable,
            "-m",
            "benchmarks.dispatch.growth",
            "--one",
            "--engine",
            asked.engine,
            "--items",
            str(items),
            "--history",
            str(min(asked.history, items // 4)),
        ]
        found[items] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    small, large = found[asked.items[0]], found[asked.items[-1]]
    ratios = {
        "next_by_items": round(large["next_ms"] / small["next_ms"], 2),
        "next_by_history": round(large["next_after_history_ms"] / large["next_ms"], 2),
    }
    print(json.dumps({"benchmark": "dispatch-growth", "engine": asked.engine, "sizes": found, "ratios": ratios}))
    sys.exit(1 if max(ratios.values()) > 1.5 else 0)


def _with_database(engine: str, items: int, *, history: int) -> dict[str, float]:
    if engine == "sqlite":
        return measure(items, history=history)
    from tests.support.postgres import start_postgres

    database = start_postgres(settings=("shared_buffers=512MB", "max_wal_size=4GB"))
    try:
        return measure(items, history=history, database_url=database.create_database("growth"), database_pids=database.pids)
    finally:
        database.stop()


def measure(items: int, *, history: int, database_url: str = "", database_pids: Callable[[], list[int]] = list) -> dict[str, float]:
    """Return the median CPU milliseconds of `next`, before and after one person has answered `history` items."""
    from benchmarks.dispatch.sites import make_site, start_django

    home = Path(tempfile.mkdtemp(prefix="isogloss-growth-"))
    try:
        start_django(home, database_url=database_url)
        _seed_in_large_pieces(items)
        site = make_site(items=items, people=20, languages=4, speaks=4, cpu=lambda: time.process_time() + cpu_seconds(database_pids()))
        fresh, veteran = site.people[:2]
        before = _cost_of_next(site.project_id, fresh, database_pids=database_pids)
        _answer_many(site.project_id, veteran, number=history)
        after = _cost_of_next(site.project_id, veteran, database_pids=database_pids)
        return {
            "next_ms": before, "history": history, "next_after_history_ms": after, "seeding_cpu_s": round(site.seeding_cpu, 2),
            "seeding_cpu_s_per_million": round(site.seeding_cpu * 1_000_000 / items, 2),
        }  # fmt: skip
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _seed_in_large_pieces(items: int) -> None:
    """Nobody works while the largest project is seeded, so its transactions need not be short; what comes out is the same."""
    from isogloss.dispatch.services import seeding

    if items > MOST_IN_SHORT_PIECES:
        seeding.PIECE = 30_000


def _cost_of_next(project: int, person: int, *, database_pids: Callable[[], list[int]]) -> float:
    from isogloss.dispatch.store import open_store
    from isogloss.dispatch.store.records import NextRequest, Submission

    store = open_store()
    times = []
    pids: list[int] = []

    def cpu() -> float:
        return time.thread_time() + cpu_seconds(pids)

    for turn in range(LOOPS + 50):
        now = int(time.time() * 1000)
        request = NextRequest(person=person, project=project, epoch=1, want=1, now=now)
        began = cpu()
        (lease,) = store.next_leases(request).leases
        if turn >= 50:
            times.append((cpu() - began) * 1000)
        else:
            pids = database_pids()
        store.submit(
            Submission(
                person=person, project=project, epoch=1, lease=lease.lease, key=uuid.uuid4().hex, body_hash="", answers="{}", active_ms=1,
                suggestion_visible=False, served="", now=now, annotation=uuid.uuid4().hex,
            )
        )  # fmt: skip
    store.close()
    return round(median(times), 4)


def _answer_many(project: int, person: int, *, number: int) -> None:
    """Let the person have answered the first rows of each of their lanes, as if they had been served them one by one."""
    from isogloss.dispatch.store.engines import cold_transaction

    with cold_transaction() as engine:
        lanes = engine.rows(
            "SELECT s.stratum_id FROM dispatch_subscription s WHERE s.person_id = ? AND s.project_id = ? AND s.lane > 0",
            person,
            project,
        )
        for (stratum,) in lanes:
            rows = engine.rows(
                "SELECT position, item_id FROM dispatch_queue WHERE stratum_id = ? ORDER BY position LIMIT ?", stratum, number // len(lanes)
            )
            engine.load("annotation_annotation", COLUMNS, (_row(project, item, person) for _, item in rows))
            last = rows[-1][0]
            engine.rows(
                "UPDATE dispatch_progress SET done = done + 1 WHERE item_id IN "
                "(SELECT item_id FROM dispatch_queue WHERE stratum_id = ? AND position <= ?)",
                stratum,
                last,
            )
            engine.rows("UPDATE dispatch_queue SET remaining = remaining - 1 WHERE stratum_id = ? AND position <= ?", stratum, last)
            engine.rows("UPDATE dispatch_subscription SET position = ? WHERE person_id = ? AND stratum_id = ?", last, person, stratum)


def _is_postgresql() -> bool:
    from django.db import connection

    return connection.vendor == "postgresql"


def _row(project: int, item: int, person: int) -> tuple[object, ...]:
    at = "2026-01-01 00:00:00+00:00" if _is_postgresql() else "2026-01-01 00:00:00"
    return (uuid.uuid4().hex, project, item, 1, person, 0, uuid.uuid4().hex, "", 1, "{}", "en", at, False, "", "live", True, False)


if __name__ == "__main__":
    main()
