"""Filling a fresh installation with the demonstration."""

import json
import re
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from isogloss.accounts.queries import people_by_username, person_by_username
from isogloss.accounts.rules import Origin, Role
from isogloss.accounts.services import make_user
from isogloss.corpus.queries import items_by_external_id
from isogloss.corpus.rules import Mapping
from isogloss.corpus.services import ImportOptions, start_import
from isogloss.demonstration import schemas
from isogloss.demonstration.crew import Crew, SimulatedPerson, Text, read_guideline, read_texts
from isogloss.dispatch.services.imports import replay_answers
from isogloss.guidelines.services import ask_inquiry, number_rulings_after
from isogloss.platform import jobs
from isogloss.projects.rules import Routing
from isogloss.projects.services import ProjectDraft, add_member, make_project
from isogloss.wellbeing.services import set_contacts
from isogloss.workforce.services import grant_competence

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.projects.models import Project

SENTIMENT = ("en", "zh-Hans", "zh-Hant", "id", "ms", "th", "vi", "fil", "ja", "ko", "ar", "hi", "es", "pt-BR")
SAFETY = ("en", "id", "es", "ar", "zh-Hans", "hi")
SEA = ("id", "jv", "su", "ms", "en-SG", "fil", "th", "vi", "en")
HISTORY_DAYS = 9
LEFT_OPEN = 7  # every seventh text stays open, so that there is something to see moving

SEVERE = "safe-en-015"  # declared S2, and open
CONTACTS = (
    ("Mika Example (invented)", "counsellor of the demonstration: no number, nobody answers"),
    ("The demonstration's night line (invented)", "in a real project: a telephone number, at any hour"),
)
QUESTION = "Is a promise to double money always a scam, or only when somebody is told to send some first?"

ROLES = {
    Role.LEAD: ("lead", "Lead (you)"),
    Role.ANNOTATOR: ("annotator", "Annotator (you)"),
    Role.REVIEWER: ("reviewer", "Reviewer (you)"),
    Role.REQUESTER: ("requester", "Requester (you)"),
    Role.WELLBEING_OFFICER: ("wellbeing", "Wellbeing officer (you)"),
    Role.ADMIN: ("administrator", "Administrator (you)"),
}


@dataclass(frozen=True, slots=True)
class _Work:
    """One project of the demonstration."""

    kind: str
    project: "Project"
    texts: list[Text]


def is_filled() -> bool:
    """Whether the demonstration is there already."""
    return person_by_username(ROLES[Role.LEAD][0]) is not None


def fill(*, now: datetime) -> None:
    """Make people, projects, texts and a simulated history of nine days."""
    you = {role: make_user(username=username, name=name, roles=(role,), actor=None, now=now) for role, (username, name) in ROLES.items()}
    lead = you[Role.LEAD]
    crew = Crew()
    simulated = _people(crew, lead=lead, now=now - timedelta(days=HISTORY_DAYS + 1))
    sentiment = _project(
        "sentiment",
        "Sentiment of short comments",
        SENTIMENT,
        schemas.SENTIMENT,
        severity=0,
        lead=lead,
        now=now - timedelta(days=HISTORY_DAYS + 1),
    )
    safety = _project(
        "safety", "Safety policy with severity", SAFETY, schemas.SAFETY, severity=1, lead=lead, now=now - timedelta(days=HISTORY_DAYS)
    )
    language_id = _project(
        "language-id", "Language identification, Southeast Asia", SEA, schemas.LANGUAGE_ID, severity=0, lead=lead, now=now
    )
    _join(you, [sentiment, safety, language_id], lead=lead, now=now)
    for work in (sentiment, safety):
        _history(work, crew=crew, people=simulated, lead=lead, now=now)
    _care(safety, you=you, asker=simulated[next(p.username for p in crew.people if "en" in p.languages)], now=now)
    while jobs.run_waiting():
        continue
    for work in (sentiment, safety):
        jobs.run_inline("quality.figures", ids={"project": work.project.pk}, actor=lead, now=now, project_id=work.project.pk)


def _people(crew: Crew, *, lead: "User", now: datetime) -> "dict[str, User]":
    for person in crew.people:
        made = make_user(username=person.username, name=person.name, roles=(Role.ANNOTATOR,), origin=Origin.SIMULATED, actor=lead, now=now)
        for tag in person.languages:
            grant_competence(made, tag=tag, actor=lead, now=now, evidence="simulated")
    return people_by_username(p.username for p in crew.people)


def _project(kind: str, name: str, languages: tuple[str, ...], schema: str, *, severity: int, lead: "User", now: datetime) -> _Work:
    is_pool = kind == "language-id"
    project = make_project(
        ProjectDraft(
            name=name,
            description=_DESCRIPTIONS[kind],
            languages=languages,
            schema_source=schema,
            guideline=read_guideline(kind),
            target=2,
            declared_severity=severity,
            routing=Routing.POOL if is_pool else Routing.LANGUAGE,
            simulated=not is_pool,
            workflow={"full_share": 0.0},
        ),
        actor=lead,
        now=now,
    )
    number_rulings_after(project.guideline, last=rulings_in(project.version.text))
    texts = read_texts("language-id/sea") if is_pool else [text for tag in languages for text in read_texts(f"{kind}/{tag}")]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{kind}.jsonl"
        rows = [
            {"id": t.id, "text": t.text}
            if is_pool
            else {"id": t.id, "text": t.text, "lang": t.language, "severity": 2 if t.id == SEVERE else severity}
            for t in texts
        ]
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        mapping = Mapping(fields={"text": "text"}, id="id", language="" if is_pool else "lang", severity="" if is_pool else "severity")
        start_import(
            project,
            path=path,
            name=path.name,
            options=ImportOptions(mapping=mapping, batch="demonstration"),
            actor=lead,
            now=now,
            inline=True,
        )
    while jobs.run_waiting():
        continue
    return _Work(kind, project, texts)


_DESCRIPTIONS = {
    "sentiment": "What do people feel about shops, food, phones and trains? For a multilingual classifier.",
    "safety": "Which comments break which policy, and how badly? Mild material, in words that nobody minds.",
    "language-id": "Which language is a comment in, when people mix three in one line?",
}


def rulings_in(text: str) -> int:
    """Return how many rulings the text of a guideline holds, numbered in its section of that name."""
    section = text.partition("\n## Rulings\n")[2].partition("\n## ")[0]
    return len(re.findall(r"^\d+\. ", section, re.MULTILINE))


def _join(you: "dict[Role, User]", works: list[_Work], *, lead: "User", now: datetime) -> None:
    for tag in sorted({*SENTIMENT, *SAFETY, *SEA}):
        grant_competence(you[Role.ANNOTATOR], tag=tag, actor=lead, now=now, evidence="demonstration: so that you can look at every script")
    for work in works:
        add_member(work.project, user=you[Role.ANNOTATOR], role=Role.ANNOTATOR, actor=lead, now=now, in_pool=True)
        add_member(work.project, user=you[Role.REVIEWER], role=Role.REVIEWER, actor=lead, now=now)
        add_member(work.project, user=you[Role.REQUESTER], role=Role.REQUESTER, actor=lead, now=now)
        add_member(work.project, user=you[Role.WELLBEING_OFFICER], role=Role.WELLBEING_OFFICER, actor=lead, now=now)


def _care(work: _Work, *, you: "dict[Role, User]", asker: "User", now: datetime) -> None:
    """Name people to turn to, invented ones, and let somebody ask about a text that waits behind a veil."""
    set_contacts(CONTACTS, project=None, actor=you[Role.WELLBEING_OFFICER], now=now)
    item = items_by_external_id(work.project, external_ids=[SEVERE])[SEVERE]
    ask_inquiry(version=work.project.version, project_id=work.project.pk, item_id=item.pk, text=QUESTION, actor=asker, now=now)


def _history(work: _Work, *, crew: Crew, people: "dict[str, User]", lead: "User", now: datetime) -> None:
    begun = now - timedelta(days=HISTORY_DAYS)
    shares = _shares(work, crew=crew)
    for person in shares:
        add_member(work.project, user=people[person.username], role=Role.ANNOTATOR, actor=lead, now=begun)
    for person, texts in shares.items():
        per_day = max(1, -(-len(texts) // HISTORY_DAYS))
        for day in range(HISTORY_DAYS):
            rows = [
                row
                for number, text in enumerate(texts[day * per_day : (day + 1) * per_day])
                if (row := _row(number, text, person=person, crew=crew, kind=work.kind))
            ]
            if rows:
                replay_answers(
                    work.project,
                    person=people[person.username],
                    rows=rows,
                    actor=lead,
                    now=begun + timedelta(days=day, hours=len(rows) % 7),
                )


def _row(number: int, text: Text, *, person: SimulatedPerson, crew: Crew, kind: str) -> tuple[int, dict[str, object]] | None:
    answered = crew.answer(person, text, project=kind)
    if answered is None:
        return None
    answers, active_ms = answered
    return number + 1, {"item": text.id, "answers": answers, "active_ms": active_ms}


def _shares(work: _Work, *, crew: Crew) -> dict[SimulatedPerson, list[Text]]:
    """Give each text to two people who read its language, in turn, and leave some open."""
    shares: dict[SimulatedPerson, list[Text]] = {}
    readers: dict[str, list[SimulatedPerson]] = {}
    for person in crew.people:
        for tag in person.languages:
            readers.setdefault(tag, []).append(person)
    for number, text in enumerate(work.texts):
        able = readers.get(text.language, [])
        if not able or number % LEFT_OPEN == 0:
            continue
        for turn in range(min(2, len(able))):
            shares.setdefault(able[(number + turn) % len(able)], []).append(text)
    return shares
