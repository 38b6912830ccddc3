"""Makers of the things most tests need: people, projects, items."""

import json
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from isogloss.accounts.models import User
from isogloss.accounts.rules import Role
from isogloss.accounts.services import make_user
from isogloss.corpus.models import ImportRun
from isogloss.corpus.services import ImportOptions, start_import
from isogloss.platform.jobs import run_waiting
from isogloss.projects.models import Project
from isogloss.projects.services import ProjectDraft, add_member, make_project
from isogloss.workforce.services import grant_competence

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PASSWORD = "a long enough password"
_numbers = count(1)

CHOICE = """
schema: 1
displays: [{kind: text, field: text}]
questions:
  - id: sentiment
    kind: choice
    prompt: Sentiment
    labels: [{value: positive, name: Positive}, {value: neutral, name: Neutral}, {value: negative, name: Negative}]
"""


def a_person(username: str = "", *, roles: tuple[Role, ...] = (), now: datetime = NOW) -> User:
    username = username or f"person-{next(_numbers)}"
    return make_user(username=username, name=username.title(), password=PASSWORD, roles=roles, actor=None, now=now)


def a_lead(username: str = "") -> User:
    return a_person(username, roles=(Role.LEAD,))


def a_project(
    lead: User, *, languages: tuple[str, ...] = ("en", "id"), target: int = 2, schema: str = CHOICE, now: datetime = NOW, **draft: object
) -> Project:
    wanted = ProjectDraft(
        name=f"Project {next(_numbers)}", languages=languages, schema_source=schema, target=target, declared_severity=0, **draft
    )
    return make_project(wanted, actor=lead, now=now)


def an_annotator(
    project: Project, *, lead: User, tags: tuple[str, ...] = ("en", "id"), username: str = "", in_pool: bool = False, now: datetime = NOW
) -> User:
    person = a_person(username, roles=(Role.ANNOTATOR,), now=now)
    for tag in tags:
        grant_competence(person, tag=tag, actor=lead, now=now)
    add_member(project, user=person, role=Role.ANNOTATOR, actor=lead, now=now, in_pool=in_pool)
    return person


def a_file(folder: Path, rows: list[dict[str, object]], *, name: str = "texts.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def an_import(project: Project, path: Path, *, lead: User, now: datetime = NOW, **options: object) -> ImportRun:
    run = start_import(project, path=path, name=path.name, options=ImportOptions(**options), actor=lead, now=now, inline=True)
    run_waiting()  # items enter the queue, languages are estimated
    run.refresh_from_db()
    return run


def items_in(project: Project, folder: Path, *, lead: User, n: int = 5, language: str = "en", now: datetime = NOW) -> ImportRun:
    number = next(_numbers)
    rows = [{"id": f"{number}-{i}", "text": f"A plain sentence, number {i} of file {number}.", "lang": language} for i in range(n)]
    return an_import(project, a_file(folder, rows, name=f"{number}.jsonl"), lead=lead, now=now, detect=False)
