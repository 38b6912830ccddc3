"""`python -m benchmarks.dispatch`: seeds a database, drives the real server, prints one JSON line."""

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.dispatch.clients import Connection, Tally, closed_loop, fixed_rate, submit
from benchmarks.dispatch.servers import Server, cpu_seconds
from benchmarks.dispatch.sites import Site, fresh_tokens, make_site, start_django


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.dispatch")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--rate-seconds", type=float, default=20)
    parser.add_argument("--workers", type=int, default=0, help="0: one on SQLite, two on PostgreSQL")
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--small", action="store_true", help="both engines, a fifth of the items and a third of the time: two minutes")
    asked = parser.parse_args()
    if asked.small:
        small = ["--items", "20000", "--seconds", "7", "--rate-seconds", "7"]
        sys.exit(max(_in_a_process(["--engine", engine, *small]) for engine in ("sqlite", "postgresql")))
    home = Path(tempfile.mkdtemp(prefix="isogloss-bench-"))
    database = None
    try:
        url = ""
        if asked.engine == "postgresql":
            from tests.support.postgres import start_postgres

            database = start_postgres(settings=("shared_buffers=512MB", "max_wal_size=4GB"))
            url = database.create_database("bench")
        start_django(home, database_url=url)
        site = make_site(items=asked.items, people=asked.people)
        workers = asked.workers or (1 if asked.engine == "sqlite" else 2)
        server = Server("isogloss.wsgi:application", workers=workers, threads=asked.threads).start()
        empty = Server("benchmarks.dispatch.empty:application", workers=1, threads=1).start()
        try:
            result = measure(asked, site=site, server=server, empty=empty, database=database)
        finally:
            server.kill()
            empty.kill()
        from isogloss.dispatch.queries import violations

        result["violations"] = violations(site.project_id)
        result["violations"]["lost"] = _lost(result.pop("acknowledged"))
        print(json.dumps(result))
        sys.exit(1 if any(result["violations"].values()) or result["errors"] else 0)
    finally:
        if database is not None:
            database.stop()
        shutil.rmtree(home, ignore_errors=True)


def _in_a_process(arguments: list[str]) -> int:
    """Run the benchmark in a process of its own, because Django can be set up only once a process; return its exit status."""
    return subprocess.run([sys.executable, "-m", "benchmarks.dispatch", *arguments], check=False).returncode


def measure(asked: argparse.Namespace, *, site: Site, server: Server, empty: Server, database: Any) -> dict[str, Any]:
    """Run the phases and return the figures."""

    def cpu() -> tuple[float, float]:
        return cpu_seconds(server.pids()), cpu_seconds(database.pids()) if database else 0.0

    asyncio.run(closed_loop(server.port, tokens=site.tokens, connections=asked.connections, seconds=2))
    before = cpu()
    closed = asyncio.run(closed_loop(server.port, tokens=site.tokens, connections=asked.connections, seconds=asked.seconds))
    after = cpu()
    server_ms, database_ms = ((after[i] - before[i]) * 1000 / max(1, closed.loops) for i in (0, 1))
    single, several, per_submit = asyncio.run(_phases(server, tokens=site.tokens, cpu=lambda: sum(cpu())))
    tokens = fresh_tokens(site.project_id)
    offered, bare = asyncio.run(
        fixed_rate(
            server.port, empty_port=empty.port, tokens=tokens, connections=asked.connections, seconds=asked.rate_seconds, rate=asked.rate
        )
    )
    return {
        "benchmark": "dispatch",
        "engine": asked.engine,
        "items": asked.items,
        "people": asked.people,
        "connections": asked.connections,
        "loops": closed.loops,
        "loops_per_second": round(closed.loops / asked.seconds, 1),
        "server_cpu_ms_per_loop": round(server_ms, 3),
        "database_cpu_ms_per_loop": round(database_ms, 3),
        "cpu_ms_per_loop": round(server_ms + database_ms, 3),
        "next_cpu_ms": round(single, 3),
        "next_of_5_cpu_ms_per_item": round(several, 3),
        "submit_cpu_ms": round(per_submit, 3),
        "closed_next_ms": _percentiles(closed.next_times),
        "closed_submit_ms": _percentiles(closed.submit_times),
        "offered_per_second": asked.rate,
        "offered_next_ms": _percentiles(offered.next_times),
        "offered_submit_ms": _percentiles(offered.submit_times),
        "empty_ms": _percentiles(bare),
        "next_p99_beyond_empty_ms": round(_percentiles(offered.next_times)["p99"] - _percentiles(bare)["p99"], 2),
        "seeding_cpu_s": round(site.seeding_cpu, 2),
        "errors": closed.errors + offered.errors,
        "acknowledged": closed.acknowledged + offered.acknowledged,
    }


async def _phases(server: Server, *, tokens: list[str], cpu: Any) -> tuple[float, float, float]:
    """Return CPU milliseconds of a `next` for one, of a `next` for five per item, and of a submit; each alone, three rounds."""
    connection = Connection(server.port)
    tally = Tally()
    costs: dict[int, list[float]] = {1: [], 5: []}
    submits = []
    for _ in range(3):
        for want in (1, 5):
            held: list[tuple[str, str]] = []
            began = cpu()
            for token in tokens:
                _, told = await connection.post("/dispatch/next", token=token, body={"want": want})
                held += [(token, lease["lease"]) for lease in told["leases"]]
            costs[want].append((cpu() - began) * 1000 / max(1, len(held)))
            began = cpu()
            for token, lease in held:
                await submit(connection, token=token, lease=lease, tally=tally)
            submits.append((cpu() - began) * 1000 / max(1, len(held)))
    connection.close()
    return sorted(costs[1])[1], sorted(costs[5])[1], sorted(submits)[len(submits) // 2]


def _percentiles(times: list[float]) -> dict[str, float]:
    ordered = sorted(times) or [0.0]
    return {
        name: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2)
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    }


def _lost(acknowledged: list[str]) -> int:
    """Count acknowledged annotations that are not there."""
    from isogloss.annotation.models import Annotation

    there: set[str] = set()
    for start in range(0, len(acknowledged), 500):
        there |= set(Annotation.objects.filter(public_id__in=acknowledged[start : start + 500]).values_list("public_id", flat=True))
    return len(set(acknowledged) - there)


if __name__ == "__main__":
    main()
