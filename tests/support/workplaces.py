"""Makes people, projects and items on an installation that may be serving, and reads back what people said; in a process of its own."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.support.serving import Installation

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Task:
    """A project to annotate: its schema, and texts in their languages."""

    name: str
    schema: str
    rows: list[dict[str, Any]]
    languages: tuple[str, ...] = ("en",)
    guideline: str = ""
    severity: int = 0
    routing: str = "language"
    rulings: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Stored:
    """One annotation as the database holds it."""

    item: str
    person: str
    revision: int
    lease: str
    key: str
    answers: dict[str, Any]
    active_ms: int
    suggestion_visible: bool
    served: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Workplace:
    """The projects by name, and each person's cookies by username."""

    projects: dict[str, str]
    cookies: dict[str, dict[str, str]]


def a_workplace(installation: Installation, *, tasks: list[Task], people: dict[str, dict[str, Any]]) -> Workplace:
    """Make the tasks and the people, who may work on all of them; `people` gives each one's preferences."""
    wanted = {"people": people, "tasks": [vars(task) for task in tasks], "folder": str(installation.data.parent)}
    made = _in_a_process(installation, "make", wanted)
    return Workplace(projects=made["projects"], cookies=made["cookies"])


def set_member(installation: Installation, *, project: str, person: str, is_member: bool) -> None:
    """Take an annotator off a project, or put them back."""
    _in_a_process(installation, "member", {"project": project, "person": person, "is_member": is_member})


def _in_a_process(installation: Installation, what: str, wanted: dict[str, Any]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.workplaces", what], cwd=ROOT, env={**installation.environment(), "DJANGO_SETTINGS_MODULE": "isogloss.settings"},
        input=json.dumps(wanted), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    if done.returncode:
        raise AssertionError(done.stdout[-2000:] + done.stderr[-4000:])
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def make(wanted: dict[str, Any]) -> dict[str, Any]:
    from isogloss.accounts.rules import Role
    from isogloss.accounts.services import set_preferences
    from isogloss.platform import clock
    from isogloss.wellbeing.services import set_consent
    from isogloss.workforce.services import grant_competence

    now = clock.now()
    lead = _a_person(f"lead-of-{'-'.join(sorted(wanted['people']))}"[:60], roles=(Role.LEAD,), now=now)
    people = []
    for username, preferences in wanted["people"].items():
        person = _a_person(username, roles=(Role.ANNOTATOR,), now=now - timedelta(days=90))  # no beginner: they see nothing severe
        set_consent(person, hazard="*", level=4, now=now)
        for tag in sorted({tag for task in wanted["tasks"] for tag in task["languages"]}):
            grant_competence(person, tag=tag, actor=lead, now=now)
        if preferences:
            set_preferences(person, actor=person, now=now, **preferences)
        people.append(person)
    projects = {task["name"]: _a_project(task, lead=lead, people=people, folder=Path(wanted["folder"])) for task in wanted["tasks"]}
    return {"projects": projects, "cookies": {person.username: _cookies(person) for person in people}}


def _a_person(username: str, **given: Any) -> Any:
    """The person of this name: where two processes share the tests of a file, its workplace may be made on one site twice."""
    from isogloss.accounts.models import User
    from tests.support.making import a_person

    return User.objects.filter(username=username).first() or a_person(username, **given)


def member(wanted: dict[str, Any]) -> dict[str, Any]:
    from isogloss.accounts.rules import Role
    from isogloss.platform import clock
    from isogloss.projects.models import Membership, Project
    from isogloss.projects.services import add_member, remove_member

    project = Project.objects.get(public_id=wanted["project"])
    if wanted["is_member"]:
        from isogloss.accounts.models import User

        add_member(
            project, user=User.objects.get(username=wanted["person"]), role=Role.ANNOTATOR, actor=project.created_by, now=clock.now()
        )
    else:
        remove_member(Membership.objects.get(project=project, user__username=wanted["person"]), actor=project.created_by, now=clock.now())
    return {}


def _a_project(task: dict[str, Any], *, lead: Any, people: list[Any], folder: Path) -> str:
    from isogloss.accounts.rules import Role
    from isogloss.guidelines.services import make_ruling
    from isogloss.platform import clock
    from isogloss.projects.services import ProjectDraft, add_member, make_project
    from tests.support.making import a_file, an_import

    now = clock.now()
    draft = ProjectDraft(
        name=task["name"], languages=tuple(task["languages"]), schema_source=task["schema"], guideline=task["guideline"], target=len(people),
        declared_severity=task["severity"], routing=task["routing"],
    )  # fmt: skip
    project = make_project(draft, actor=lead, now=now)
    for text, labels in task["rulings"]:
        make_ruling(project.guideline, text=text, labels=tuple(labels), actor=lead, now=now)
    for person in people:
        add_member(project, user=person, role=Role.ANNOTATOR, actor=lead, now=now, in_pool=True)
    run = an_import(project, a_file(folder, task["rows"], name=f"{project.public_id}.jsonl"), lead=lead, now=now, detect=False)
    assert (run.added, run.bad) == (len(task["rows"]), 0), run.bad_path and Path(run.bad_path).read_text(encoding="utf-8")
    return str(project.public_id)


def _cookies(person: Any) -> dict[str, str]:
    from django.test import Client

    client = Client()
    client.force_login(person)
    return {name: morsel.value for name, morsel in client.cookies.items()}


_ANNOTATIONS = """
SELECT item.external_id, person.username, said.revision, said.lease, said.key, said.answers, said.active_ms, said.suggestion_visible, said.served
FROM annotation_annotation said JOIN corpus_item item ON item.id = said.item_id JOIN accounts_user person ON person.id = said.person_id
JOIN projects_project project ON project.id = said.project_id WHERE project.public_id = '{project}' ORDER BY said.id
"""


def annotations_in(installation: Installation, project: str) -> list[Stored]:
    """Every annotation of a project in the order of storing, read beside the server."""
    rows = rows_of(installation, _ANNOTATIONS.format(project=project))
    return [
        Stored(item, person, revision, lease, key, json.loads(answers), active, bool(suggestion), json.loads(served) if served else {})
        for item, person, revision, lease, key, answers, active, suggestion, served in rows
    ]


def rows_of(installation: Installation, query: str) -> list[tuple[Any, ...]]:
    """Ask the installation's database, whichever engine it is on."""
    if installation.database_url:
        import psycopg

        with psycopg.connect(installation.database_url) as connection:
            return connection.execute(query).fetchall()  # type: ignore[arg-type]  # composed from our own ids
    with closing(sqlite3.connect(f"file:{installation.data}/isogloss.db?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write(json.dumps({"make": make, "member": member}[sys.argv[1]](json.load(sys.stdin))) + "\n")
