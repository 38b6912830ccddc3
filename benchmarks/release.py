"""How much a release of 100 000 items × 100 000 annotations costs, and copying it out: CPU seconds, peak memory, time to the first byte.

Run: python -m benchmarks.release [--rows 100000] [--formats jsonl,csv,parquet] [--postgresql]
Each measurement runs in a process of its own; the database is filled beforehand in another, so that its memory is not counted.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LABELS = ("positive", "neutral", "negative")
SCHEMA = """
schema: 1
displays: [{kind: text, field: text}]
questions:
  - {id: sentiment, kind: choice, prompt: Q, labels: [{value: positive}, {value: neutral}, {value: negative}]}
"""
PEOPLE = 20
PIECE = 5000


def start() -> None:
    """Set up Django in this process."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "isogloss.settings"
    import django

    django.setup()


def fill(rows: int) -> None:
    """Make a project with as many items, each with an annotation by one of 20 people and a decision."""
    from isogloss.installation import make_directory, migrate

    make_directory(Path(os.environ["ISOGLOSS_DATA"]))
    start()
    migrate()
    from isogloss.accounts.rules import Role
    from isogloss.accounts.services import make_user
    from isogloss.annotation.models import Annotation, Decision
    from isogloss.corpus.models import Batch, Item
    from isogloss.projects.services import ProjectDraft, make_project
    from isogloss.quality.models import Figure

    lead = make_user(username="lead", roles=(Role.LEAD,), actor=None, now=NOW)
    people = [make_user(username=f"person-{i}", roles=(Role.ANNOTATOR,), actor=None, now=NOW) for i in range(PEOPLE)]
    project = make_project(
        ProjectDraft(name="Release", languages=("en", "id"), schema_source=SCHEMA, declared_severity=0), actor=lead, now=NOW
    )
    batch = Batch.objects.create(project=project, name="first", created_at=NOW)
    for numbers in pieces(rows):
        items = Item.objects.bulk_create(an_item(number, project=project.pk, batch=batch.pk) for number in numbers)
        Annotation.objects.bulk_create(
            an_annotation(number, item, people[number % PEOPLE].pk, version=project.version_id)
            for number, item in zip(numbers, items, strict=True)
        )
        Decision.objects.bulk_create(a_decision(number, item) for number, item in zip(numbers, items, strict=True))
    latest = Annotation.objects.order_by("-pk").values_list("pk", flat=True)[0]
    Figure.objects.create(
        project_id=project.pk, name="alpha", question="sentiment", value=0.8, method="alpha", watermark=latest, made_at=NOW
    )


def pieces(rows: int) -> Iterator[range]:
    """Yield the numbers of the rows, some thousands at a time."""
    for first in range(0, rows, PIECE):
        yield range(first, min(rows, first + PIECE))


def an_item(number: int, *, project: int, batch: int):  # noqa: ANN201
    """Make an item with a text of about 80 characters, as comments have."""
    from isogloss.corpus.models import Item

    text = f"Comment number {number}: the delivery came late again, but the noodles were 👍 really good."
    content = json.dumps({"text": text}, ensure_ascii=False)
    return Item(
        project_id=project, batch_id=batch, external_id=f"item-{number:07}", content=content, content_hash=f"{number:032x}",
        length=len(text), language="en", confidence=0.99, routing_language="id" if number % 3 else "en", severity=0,
        meta='{"shop":"Solo"}', created_at=NOW,
    )  # fmt: skip


def an_annotation(number: int, item, person: int, *, version: int):  # noqa: ANN001, ANN201
    """Make an annotation."""
    from isogloss.annotation.models import Annotation

    return Annotation(
        public_id=f"{number:032x}", project_id=item.project_id, item=item, person_id=person, key=f"k{number}", body_hash=f"{number:032x}",
        guideline_version_id=version, answers=json.dumps({"sentiment": LABELS[number % 3]}), language=item.routing_language,
        submitted_at=NOW, active_ms=4000 + number % 1000,
    )  # fmt: skip


def a_decision(number: int, item):  # noqa: ANN001, ANN201
    """Make a decision."""
    from isogloss.annotation.models import Decision

    label = LABELS[number % 3]
    return Decision(
        project_id=item.project_id, item=item, question="sentiment", label=label, status="agreed", confidence=1.0, votes={label: 1},
        annotations=1, method="majority", watermark=0, made_at=NOW,
    )  # fmt: skip


def release(formats: list[str], *, version: str) -> dict[str, float]:
    """Make a release in this process and return what that cost."""
    start()
    from isogloss.accounts.models import User
    from isogloss.delivery.services import make_release
    from isogloss.platform import clock
    from isogloss.projects.models import Project

    project, lead = Project.objects.get(), User.objects.get(username="lead")
    before_memory, before = memory(), time.process_time()
    made = make_release(project, version=version, formats=formats, actor=lead, now=clock.now(), inline=True)
    return {"cpu_s": time.process_time() - before, "peak_mb": memory(), "before_mb": before_memory, "annotations": made.annotations}


def export(version: str, *, to: Path) -> dict[str, float]:
    """Copy a release out as a folder, as a ZIP file, and as the stream a browser gets."""
    start()
    from isogloss.delivery.archives import zip_pieces
    from isogloss.delivery.models import Release
    from isogloss.delivery.queries import release_folder
    from isogloss.delivery.services import archive_name, export_release, file_names

    made = Release.objects.select_related("project").get(version=version)
    costs = {}
    for name, target in (("folder", to / "copy"), ("zip", to / "copy.zip")):
        before = time.process_time()
        export_release(made, to=target)
        costs[f"{name}_cpu_s"] = time.process_time() - before
    before, clock = time.process_time(), time.perf_counter()
    stream = zip_pieces(release_folder(made), names=file_names(made), inside=archive_name(made), made_at=made.created_at)
    size = len(next(stream))
    costs["first_byte_s"] = time.perf_counter() - clock
    size += sum(len(piece) for piece in stream)
    return {**costs, "stream_cpu_s": time.process_time() - before, "mb": size / 1e6, "peak_mb": memory()}


def memory() -> float:
    """Return the peak of this process's memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(*arguments: str, environment: dict[str, str]) -> dict[str, float]:
    """Run one step in a process of its own and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.release", *arguments], env=environment, check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {}


def shown(costs: list[dict[str, float]]) -> str:
    """Return the medians of several runs in one line."""
    return ", ".join(f"{name} {statistics.median(cost[name] for cost in costs):.2f}" for name in costs[0])


def main() -> None:
    """Fill a database, then measure each format alone and the export."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--formats", default="jsonl,csv,parquet")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--step", nargs="+")
    arguments = parser.parse_args()
    if arguments.step:
        step, *rest = arguments.step
        result = {
            "fill": lambda: fill(arguments.rows),
            "release": lambda: release([rest[0]], version=rest[1]),
            "export": lambda: export(rest[0], to=Path(rest[1])),
        }[step]()
        print(json.dumps(result or {}))
        return
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "ISOGLOSS_DATA": f"{folder}/data", "OMP_NUM_THREADS": "1"}
        server = None
        if arguments.postgresql:
            from tests.support.postgres import start_postgres

            server = start_postgres()
            environment["DATABASE_URL"] = server.create_database("release")
        try:
            child("--step", "fill", "--rows", str(arguments.rows), environment=environment)
            for number, name in enumerate(arguments.formats.split(","), start=1):
                runs = [child("--step", "release", name, f"{number}.{n}.0", environment=environment) for n in range(arguments.repeats)]
                print(f"release {name}: {shown(runs)}")
            first = "1.0.0"
            exports = [child("--step", "export", first, f"{folder}/export-{n}", environment=environment) for n in range(arguments.repeats)]
            print(f"export of {first}: {shown(exports)}")
        finally:
            if server is not None:
                server.stop()


if __name__ == "__main__":
    main()
