"""A site in a process of its own, driven over HTTP and killed at random moments.

It runs as `python -m tests.concurrency.crashing`, because Django can be set up only once a process.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
from pathlib import Path

from benchmarks.dispatch.clients import Connection, Tally, loop_once
from benchmarks.dispatch.servers import Server

ROOT = Path(__file__).parent.parent.parent


def run(home: Path, *, engine: str, kills: int, kills_database: bool) -> dict[str, object]:
    """Run a site in `home` through so many kills, and return what was found afterwards."""
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "ISOGLOSS_DATA", "DJANGO_SETTINGS_MODULE"}
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.concurrency.crashing", str(home), engine, str(kills), str(int(kills_database))],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise AssertionError(done.stdout[-2000:] + done.stderr[-4000:])
    return json.loads(done.stdout.splitlines()[-1])


def main(home: Path, engine: str, *, kills: int, kills_database: bool) -> None:
    from benchmarks.dispatch.sites import fresh_tokens, make_site, start_django

    database = None
    url = ""
    if engine == "postgresql":
        from tests.support.postgres import start_postgres

        database = start_postgres(settings=("fsync=on",))
        url = database.create_database("crash")
    try:
        start_django(home, database_url=url)
        site = make_site(items=3000, people=24, languages=4, target=3)
        chance = random.Random(20261122)
        acknowledged: list[str] = []
        for _ in range(kills):
            server = Server("isogloss.wsgi:application", workers=1 if engine == "sqlite" else 2).start()
            tally = Tally()
            asyncio.run(
                _load_until_killed(
                    server, tokens=site.tokens, tally=tally, after=chance.uniform(0.1, 0.9), database=database if kills_database else None
                )
            )
            acknowledged += tally.acknowledged
            server.kill()
            assert not server.answers(), "something still answers after the kill"
            if kills_database:
                database.start()
                _reconnect()
            site_tokens = fresh_tokens(site.project_id)
            site.tokens[:] = site_tokens
        sys.stdout.write(json.dumps(_found(site.project_id, acknowledged=acknowledged, kills=kills)) + "\n")
    finally:
        if database is not None:
            database.stop()


async def _load_until_killed(server: Server, *, tokens: list[str], tally: Tally, after: float, database: object) -> None:
    """Work over eight connections; pull the plug in the middle."""

    async def work(number: int) -> None:
        connection = Connection(server.port)
        try:
            while True:
                await loop_once(connection, token=tokens[number % len(tokens)], tally=tally, want=random.choice([1, 2, 5]))
                number += 8
        except (OSError, asyncio.IncompleteReadError):
            return

    tasks = [asyncio.create_task(work(number)) for number in range(8)]
    await asyncio.sleep(after)
    if database is not None:
        database.kill()
        await asyncio.sleep(0.2)
    server.kill()
    await asyncio.wait(tasks, timeout=5)
    for task in tasks:
        task.cancel()


def _reconnect() -> None:
    from django.db import connections

    connections.close_all()


def _found(project_id: int, *, acknowledged: list[str], kills: int) -> dict[str, object]:
    from isogloss.annotation.models import Annotation
    from isogloss.dispatch.queries import violations

    there = set(Annotation.objects.values_list("public_id", flat=True))
    broken = {name: number for name, number in violations(project_id).items() if number}
    return {
        "kills": kills,
        "acknowledged": len(acknowledged),
        "lost": len(set(acknowledged) - there),
        "stored": len(there),
        "violations": broken,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], kills=int(sys.argv[3]), kills_database=bool(int(sys.argv[4])))
