"""Makes a database with people, languages and items in the queue."""

import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

LANGUAGES = (
    "en",
    "zh-Hans",
    "zh-Hant",
    "id",
    "ms",
    "th",
    "vi",
    "fil",
    "ja",
    "ko",
    "ar",
    "hi",
    "es",
    "pt-BR",
    "fr",
    "de",
    "sw",
    "yo",
    "jv",
    "su",
)
SCHEMA = """
schema: 1
displays: [{kind: text, field: text}]
questions:
  - id: sentiment
    kind: choice
    prompt: Sentiment
    labels: [{value: positive, name: Positive}, {value: neutral, name: Neutral}, {value: negative, name: Negative}]
"""


@dataclass(frozen=True)
class Site:
    """A database with one project."""

    project_id: int
    people: list[int]
    tokens: list[str]
    seeding_cpu: float


def start_django(data: Path, *, database_url: str = "") -> None:
    """Point Django at a data directory and set it up; once a process."""
    data.mkdir(parents=True, exist_ok=True)
    os.environ["ISOGLOSS_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "isogloss.settings"
    if database_url:
        os.environ["DATABASE_URL"] = database_url
    (data / "secret.key").write_text(secrets.token_hex(32))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def make_site(
    *, items: int, people: int = 200, languages: int = 20, target: int = 3, speaks: int = 3, cpu: Callable[[], float] = time.process_time
) -> Site:
    """Make people who read some languages each, and a project with items in all of them; `cpu` says what seeding costs."""
    from isogloss.accounts.models import User
    from isogloss.accounts.rules import Role
    from isogloss.corpus.models import Batch
    from isogloss.dispatch.services import seed_items
    from isogloss.projects.models import Membership
    from isogloss.projects.services import ProjectDraft, make_project
    from isogloss.workforce.models import Competence

    now = datetime.now(tz=UTC)
    since = now - timedelta(days=365)  # who is new is served little at first, and the benchmark is not about them
    tags = LANGUAGES[:languages]
    lead = User.objects.create(username="lead", created_at=since)
    draft = ProjectDraft(name="Benchmark", languages=tags, schema_source=SCHEMA, target=target, declared_severity=0, lease_minutes=60)
    project = make_project(draft, actor=lead, now=now)
    users = User.objects.bulk_create(User(username=f"person{i}", created_at=since) for i in range(people))
    Competence.objects.bulk_create(
        Competence(user=user, tag=tags[(i + j * 7) % len(tags)], level="C2", granted_at=now)
        for i, user in enumerate(users)
        for j in range(min(speaks, languages))
    )
    Membership.objects.bulk_create(Membership(project=project, user=user, role=Role.ANNOTATOR, added_at=now) for user in users)
    batch = Batch.objects.create(project=project, name="all", created_at=now)
    _load_items(_items(project.pk, batch.pk, items, tags))
    began = cpu()
    seed_items(project.pk, now=now)
    seeding = cpu() - began
    return Site(project_id=project.pk, people=[u.pk for u in users], tokens=fresh_tokens(project.pk), seeding_cpu=seeding)


def fresh_tokens(project_id: int) -> list[str]:
    """Return a token for every person, valid for fifteen minutes."""
    from isogloss.accounts.models import User
    from isogloss.dispatch.services import mint_token
    from isogloss.projects.models import Project

    project = Project.objects.select_related("workflow").get(pk=project_id)
    now = datetime.now(tz=UTC)
    return [mint_token(user, project=project, now=now).text for user in User.objects.filter(username__startswith="person").order_by("pk")]


def _items(project: int, batch: int, number: int, tags: tuple[str, ...]) -> Iterator[tuple[object, ...]]:
    made = datetime.now(tz=UTC)
    stamp = made.replace(tzinfo=None).isoformat(sep=" ") if _is_sqlite() else made
    for i in range(number):
        content = json.dumps({"text": f"A plain sentence about nothing in particular, number {i}, as long as a comment usually is."})
        yield (project, batch, f"x{i}", 1, content, f"{i:032x}", 80, "", tags[i % len(tags)], "", tags[i % len(tags)], 0, "", "", stamp)


def _is_sqlite() -> bool:
    from django.db import connection

    return connection.vendor == "sqlite"


def _load_items(rows: Iterator[tuple[object, ...]]) -> None:
    from itertools import islice

    from isogloss.dispatch.store.engines import cold_transaction

    columns = ("project_id", "batch_id", "external_id", "version", "content", "content_hash", "length", "declared_language", "language",
               "runner_up", "routing_language", "severity", "hazards", "meta", "created_at")  # fmt: skip
    while piece := list(islice(rows, 50_000)):
        with cold_transaction() as engine:
            engine.load("corpus_item", columns, piece)
