"""How much an import of 100 000 texts costs: CPU seconds and peak memory of a process that does nothing else.

Run: python -m benchmarks.importing [--rows 100000] [--url postgresql://…]
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCHEMA = """
schema: 1
displays: [{kind: text, field: text}]
questions:
  - {id: q, kind: choice, prompt: Q, labels: [{value: a, name: A}, {value: b, name: B}]}
"""


def write_texts(path: Path, *, rows: int) -> None:
    """Write texts of about 80 characters, as comments have."""
    with path.open("w", encoding="utf-8") as file:
        for i in range(rows):
            text = f"Comment number {i}: the delivery came late again, but the noodles were 👍 really good."
            file.write(json.dumps({"id": f"item-{i:07}", "text": text, "lang": "en", "source": "shop"}) + "\n")


def measure(path: Path, *, detect: bool) -> dict[str, float]:
    """Import the file in this process and return what that cost."""
    from isogloss.installation import make_directory, migrate

    make_directory(Path(os.environ["ISOGLOSS_DATA"]))
    import django

    django.setup()
    migrate()
    from isogloss.accounts.rules import Role
    from isogloss.accounts.services import make_user
    from isogloss.corpus.services import ImportOptions, start_import
    from isogloss.platform import clock
    from isogloss.projects.services import ProjectDraft, make_project

    lead = make_user(username="lead", roles=(Role.LEAD,), actor=None, now=clock.now())
    draft = ProjectDraft(name="Import", languages=("en",), schema_source=SCHEMA, target=3, declared_severity=0)
    project = make_project(draft, actor=lead, now=clock.now())
    before_memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    before = time.process_time()
    run = start_import(project, path=path, name=path.name, options=ImportOptions(detect=detect), actor=lead, now=clock.now(), inline=True)
    return {
        "rows": run.added,
        "cpu_s": round(time.process_time() - before, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "before_mb": round(before_memory),
    }


def main() -> None:
    """Write the texts, measure in a process of its own, print one line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--child", type=Path)
    arguments = parser.parse_args()
    if arguments.child:
        print(json.dumps(measure(arguments.child, detect=False)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.jsonl"
        write_texts(path, rows=arguments.rows)
        environment = {**os.environ, "ISOGLOSS_DATA": f"{folder}/data", "DJANGO_SETTINGS_MODULE": "isogloss.settings"}
        command = [sys.executable, "-m", "benchmarks.importing", "--child", str(path)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        print(done.stdout.strip().splitlines()[-1])


if __name__ == "__main__":
    main()
