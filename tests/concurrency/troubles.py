"""A served site, driven over HTTP while something happens to it: an import, a database that goes away, a backup.

It runs as `python -m tests.concurrency.troubles`, because Django can be set up only once a process.
"""

import http.client
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.support.serving import Installation

ROOT = Path(__file__).parent.parent.parent
PROBLEM = "application/problem+json"


def run(home: Path, *, engine: str, trouble: str, size: float) -> dict[str, object]:
    """Run a site in `home` through a trouble, and return what was found."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "ISOGLOSS_DATA", "DJANGO_SETTINGS_MODULE"}}
    done = subprocess.run(
        [sys.executable, "-m", "tests.concurrency.troubles", str(home), engine, trouble, str(size)],
        cwd=ROOT, env=kept, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise AssertionError(done.stdout[-2000:] + done.stderr[-4000:])
    return json.loads(done.stdout.splitlines()[-1])


@dataclass
class Load:
    """People at work: four connections, each asking and answering at a steady pace until told to stop."""

    port: int
    tokens: list[str]
    pause: float = 0.1
    acknowledged: list[str] = field(default_factory=list)
    submits: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self.threads = [threading.Thread(target=self._work, args=(number,)) for number in range(4)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def _work(self, number: int) -> None:
        turn = number
        while not self.stopped.wait(self.pause):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            turn += 4
            token = self.tokens[turn % len(self.tokens)]
            told = self._post(connection, "next", {"want": 1}, token=token)
            for lease in told.get("leases", []):
                answer = {"lease": lease["lease"], "key": uuid.uuid4().hex, "answers": {"sentiment": "positive"}, "active_ms": 900}
                began = time.perf_counter()
                stored = self._post(connection, "submit", answer, token=token)
                if "annotation" in stored:
                    self.submits.append(time.perf_counter() - began)
                    self.acknowledged.append(stored["annotation"])
            connection.close()

    def _post(self, connection: http.client.HTTPConnection, path: str, body: object, *, token: str) -> dict[str, object]:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request("POST", f"/dispatch/{path}", json.dumps(body), headers)
        answer = connection.getresponse()
        told = json.loads(answer.read())
        self.statuses[answer.status] += 1
        if answer.status != 200 and (answer.getheader("Content-Type") != PROBLEM or not told.get("detail")):
            self.faults.append(f"{answer.status}: {told}")
        return told if answer.status == 200 else {}

    def until_it_works(self, *, within: float) -> bool:
        """Whether a submit is acknowledged within so many seconds from now."""
        before, end = len(self.acknowledged), time.monotonic() + within
        while time.monotonic() < end:
            if len(self.acknowledged) > before:
                return True
            time.sleep(0.05)
        return False


def main(home: Path, engine: str, trouble: str, size: float) -> None:
    from benchmarks.dispatch.sites import make_site, start_django

    database, url = None, ""
    if engine == "postgresql":
        from tests.support.postgres import start_postgres

        database = start_postgres(settings=("fsync=on",))
        url = database.create_database("trouble")
    server = Installation(data=home, database_url=url)
    try:
        start_django(home, database_url=url)
        site = make_site(items=4000, people=24, languages=4, target=3)
        server.serve()
        load = Load(port=server.port, tokens=site.tokens)
        found = {"import": _import, "away": _away, "backup": _backup}[trouble](load, server=server, database=database, site=site, size=size)
        sys.stdout.write(json.dumps(found | _standing(site.project_id, load=load)) + "\n")
    finally:
        server.stop()
        if database is not None:
            database.stop()


def _standing(project_id: int, *, load: Load) -> dict[str, object]:
    from django.db import connections

    from isogloss.annotation.models import Annotation
    from isogloss.dispatch.queries import violations

    connections.close_all()
    there = set(Annotation.objects.values_list("public_id", flat=True))
    return {
        "acknowledged": len(load.acknowledged),
        "lost": len(set(load.acknowledged) - there),
        "statuses": dict(load.statuses),
        "faults": load.faults[:3],
        "violations": {name: number for name, number in violations(project_id).items() if number},
    }


def _import(load: Load, *, server: Installation, database: object, site: object, size: float) -> dict[str, object]:
    """Import a file of texts while people work; how long do their submits take?"""
    from isogloss.accounts.models import User
    from isogloss.corpus.models import Item
    from isogloss.corpus.services import ImportOptions, start_import
    from isogloss.platform import clock
    from isogloss.platform.models import Job
    from isogloss.projects.models import Project

    path = server.data / "more.jsonl"
    with path.open("w") as file:
        for number in range(int(size)):
            text = f"A plain sentence about nothing in particular, number {number}, as long as a comment usually is."
            file.write(json.dumps({"id": f"more-{number}", "text": text, "lang": "en"}) + "\n")
    project = Project.objects.get(pk=site.project_id)
    load.pause = 0.05
    with load:
        load.until_it_works(within=10)
        load.submits.clear()
        start_import(
            project,
            path=path,
            name="more.jsonl",
            options=ImportOptions(detect=False),
            actor=User.objects.get(username="lead"),
            now=clock.now(),
        )
        end = time.monotonic() + 240
        while time.monotonic() < end and Job.objects.filter(state__in=["waiting", "running"]).exists():
            time.sleep(0.1)
    taken = sorted(load.submits)
    return {
        "imported": Item.objects.filter(external_id__startswith="more-").count(),
        "jobs": sorted(set(Job.objects.values_list("state", flat=True))),
        "submits": len(taken),
        "submit_p99_ms": round(taken[int(len(taken) * 0.99)] * 1000, 1),
        "submit_median_ms": round(taken[len(taken) // 2] * 1000, 1),
    }


def _away(load: Load, *, server: Installation, database: object, site: object, size: float) -> dict[str, object]:
    """Take the database away for some seconds; does everything go on by itself?"""
    from django.db import connections

    with load:
        works_before = load.until_it_works(within=10)
        connections.close_all()
        if database is None:
            holder = sqlite3.connect(server.data / "isogloss.db", isolation_level=None, timeout=30)
            holder.execute("BEGIN IMMEDIATE")
            time.sleep(size)
            holder.execute("ROLLBACK")
            holder.close()
        else:
            database._run("pg_ctl", "-D", str(database.home / "data"), "-w", "-m", "fast", "stop")
            time.sleep(size)
            database.start()
        works_after = load.until_it_works(within=15)
        refused = _refused(load)
        time.sleep(2)
        refused_after = _refused(load) - refused
    return {"works_before": works_before, "works_after": works_after, "refused_after": refused_after, "server_lives": server.answers()}


def _refused(load: Load) -> int:
    return sum(number for status, number in load.statuses.items() if status != 200)


def _backup(load: Load, *, server: Installation, database: object, site: object, size: float) -> dict[str, object]:
    """Back up while people work, restore elsewhere, and let the copy go on."""
    path = os.environ["PATH"]
    os.environ["PATH"] = f"{database.bin}:{path}" if database else path
    with load:
        load.until_it_works(within=10)
        before = list(load.acknowledged)
        server.run("backup", str(server.data / "copy"))
        at_backup = len(load.acknowledged)
    url = database.create_database("restored") if database else ""
    restored = Installation(data=server.data / "restored", database_url=url)
    restored.run("restore", str(server.data / "copy"))
    check = (
        "import json, django; django.setup()\n"
        "from isogloss.annotation.models import Annotation\nfrom isogloss.dispatch.queries import violations\n"
        f"print(json.dumps([list(Annotation.objects.values_list('public_id', flat=True)), violations({site.project_id})]))"
    )
    environment = {**restored.environment(), "DJANGO_SETTINGS_MODULE": "isogloss.settings"}
    told = subprocess.run([sys.executable, "-c", check], env=environment, capture_output=True, text=True, check=True).stdout
    there, broken = json.loads(told.splitlines()[-1])
    restored.serve()
    goes_on = Load(port=restored.port, tokens=load.tokens)
    with goes_on:
        works = goes_on.until_it_works(within=10)
    restored.stop()
    return {
        "acknowledged_before": len(before),
        "acknowledged_meanwhile": at_backup - len(before),
        "missing_in_copy": len(set(before) - set(there)),
        "violations_in_copy": {name: number for name, number in broken.items() if number},
        "copy_works": works,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4]))
