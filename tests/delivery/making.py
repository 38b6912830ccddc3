"""Makers of what releases are made of: items, answers, decisions, written straight to their tables."""

import json
from datetime import datetime
from itertools import count
from pathlib import Path

from isogloss.accounts.models import User
from isogloss.annotation.models import Annotation, Decision, DecisionStatus, SetAside, Source
from isogloss.corpus.models import Batch, Item
from isogloss.delivery.models import Release
from isogloss.delivery.queries import release_folder
from isogloss.delivery.services import make_release
from isogloss.dispatch.models import Progress
from isogloss.projects.models import Project
from isogloss.quality.models import Figure
from tests.support.making import NOW, a_lead, a_person, a_project

_numbers = count(1)


def an_item(
    project: Project, external_id: str = "", *, content: dict[str, object] | str | None = None, language: str = "en", **fields: object
) -> Item:
    number = next(_numbers)
    batch, _ = Batch.objects.get_or_create(project=project, name="first", defaults={"created_at": NOW})
    stored = content if isinstance(content, str) else json.dumps(content or {"text": f"Text {number}"}, ensure_ascii=False)
    return Item.objects.create(
        **{
            "project": project,
            "batch": batch,
            "external_id": external_id or f"item-{number}",
            "content": stored,
            "content_hash": f"{number:032x}",
            "length": len(stored),
            "routing_language": language,
            "severity": 0,
            "created_at": NOW,
            **fields,
        }
    )


def an_answer(
    item: Item, person: User, value: object = "positive", *, revision: int = 0, at: datetime = NOW, **fields: object
) -> Annotation:
    number = next(_numbers)
    answers = value if isinstance(value, dict) else {"sentiment": value}
    return Annotation.objects.create(
        **{
            "public_id": f"{number:032x}",
            "project_id": item.project_id,
            "item": item,
            "person": person,
            "revision": revision,
            "key": f"key-{number}",
            "body_hash": f"{number:032x}",
            "guideline_version_id": item.project.version_id,
            "answers": json.dumps(answers, ensure_ascii=False),
            "language": item.routing_language or "und",
            "submitted_at": at,
            "active_ms": 4000,
            "source": Source.LIVE,
            **fields,
        }
    )


def a_recall(annotation: Annotation) -> SetAside:
    return SetAside.objects.create(annotation=annotation, reason="spam", at=NOW)


def a_decision(
    item: Item, label: str | None = "positive", *, question: str = "sentiment", votes: dict[str, int] | None = None, **fields: object
) -> Decision:
    counted = votes if votes is not None else {label or "positive": 2}
    return Decision.objects.create(
        **{
            "project_id": item.project_id,
            "item": item,
            "question": question,
            "label": label,
            "status": DecisionStatus.TIE if label is None else DecisionStatus.AGREED,
            "confidence": None if label is None else 1.0,
            "votes": counted,
            "annotations": sum(counted.values()),
            "method": "majority",
            "watermark": 0,
            "made_at": NOW,
            **fields,
        }
    )


def gold(item: Item) -> None:
    Progress.objects.update_or_create(
        item_id=item.pk,
        defaults={"project_id": item.project_id, "home_id": 1, "language": item.routing_language, "target": 0, "gold": True},
    )


def fresh_figures(project: Project) -> None:
    """Say that decisions are up to date, so that a release has nothing to conclude first."""
    latest = Annotation.objects.filter(project_id=project.pk).order_by("-pk").values_list("pk", flat=True).first() or 0
    Figure.objects.create(
        project_id=project.pk,
        name="alpha",
        question="sentiment",
        value=0.81,
        low=0.7,
        high=0.9,
        n_items=2,
        n_annotations=4,
        method="alpha",
        watermark=latest,
        made_at=NOW,
    )


def a_worked_project(lead: User | None = None, **draft: object) -> Project:
    """Three items in two languages, two people, five answers of which one is a correction, two decisions."""
    lead = lead or a_lead()
    project = a_project(lead, guideline="# What the labels mean\n\nSay what you see.", **draft)
    ana, ben = a_person(), a_person()
    items = [an_item(project), an_item(project), an_item(project, language="id")]
    for item in items[:2]:
        an_answer(item, ana)
        an_answer(item, ben, "negative")
    an_answer(items[1], ben, "positive", revision=1)
    a_decision(items[0], None, votes={"positive": 1, "negative": 1})
    a_decision(items[1], "positive", votes={"positive": 2})
    fresh_figures(project)
    return project


def a_release(project: Project, *, version: str = "1.0.0", now: datetime = NOW, **wanted: object) -> Release:
    return make_release(project, version=version, actor=project.created_by, now=now, inline=True, **wanted)


def rows_in(release: Release, name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (release_folder(release) / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")[:-1]]


def bytes_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
