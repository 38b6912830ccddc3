"""How long the item list takes: 50 filtered rows of 100 000 items, through the whole of Django, by the page's own view.

Run: python -m benchmarks.listing [--rows 100000]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.importing import SCHEMA, write_texts

REQUESTS = 30


def measure(path: Path) -> dict[str, object]:
    """Import the texts, then ask for pages of the list as a lead who is logged in."""
    from isogloss.installation import make_directory, migrate

    make_directory(Path(os.environ["ISOGLOSS_DATA"]))
    import django

    django.setup()
    migrate()
    from django.test import Client

    from isogloss.accounts.rules import Role
    from isogloss.accounts.services import make_user
    from isogloss.corpus.services import ImportOptions, start_import
    from isogloss.platform import clock
    from isogloss.projects.services import ProjectDraft, make_project

    lead = make_user(username="lead", roles=(Role.LEAD,), actor=None, now=clock.now())
    draft = ProjectDraft(name="List", languages=("en",), schema_source=SCHEMA, target=3, declared_severity=0)
    project = make_project(draft, actor=lead, now=clock.now())
    run = start_import(project, path=path, name=path.name, options=ImportOptions(detect=False), actor=lead, now=clock.now(), inline=True)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(lead)
    url = f"/projects/{project.public_id}/items/"
    asked = {
        "first_page": f"{url}?language=en",
        "deep_page": f"{url}?language=en&after={run.added // 2}",
        "by_id": f"{url}?language=en&search=item-0099",
        "project_page": f"/projects/{project.public_id}/",
    }
    return {"rows": run.added, **{name: _median_ms(client, address) for name, address in asked.items()}}


def _median_ms(client: object, address: str) -> dict[str, float]:
    wall, cpu = [], []
    for _ in range(REQUESTS):
        started, spent = time.perf_counter(), time.process_time()
        answer = client.get(address)  # type: ignore[attr-defined]  # Django's test client
        wall.append(time.perf_counter() - started)
        cpu.append(time.process_time() - spent)
        assert answer.status_code == 200, answer.status_code
    return {"wall_ms": round(1000 * statistics.median(wall), 1), "cpu_ms": round(1000 * statistics.median(cpu), 1)}


def main() -> None:
    """Measure in a process of its own and print one line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--child", type=Path)
    arguments = parser.parse_args()
    if arguments.child:
        print(json.dumps(measure(arguments.child)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.jsonl"
        write_texts(path, rows=arguments.rows)
        environment = {**os.environ, "ISOGLOSS_DATA": f"{folder}/data", "DJANGO_SETTINGS_MODULE": "isogloss.settings"}
        command = [sys.executable, "-m", "benchmarks.listing", "--child", str(path)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        print(done.stdout.strip().splitlines()[-1])


if __name__ == "__main__":
    main()
