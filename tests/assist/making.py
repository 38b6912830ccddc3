"""Makers of language models and of projects whose items were decided to be in a language."""

import json
import shutil
from functools import lru_cache

from isogloss.accounts.models import User
from isogloss.assist.detectors import the_registry
from isogloss.core.language.cards import model_card
from isogloss.core.language.training import Trained, train_model
from isogloss.delivery.models import Release
from isogloss.projects.models import Project
from tests.core.language.test_models import SMALL, some_examples
from tests.delivery.making import a_decision, a_release, an_item, fresh_figures
from tests.support.making import a_lead, a_project

LANGUAGE = """
schema: 1
displays: [{kind: text, field: text}]
questions:
  - {id: which, kind: language, prompt: Which language?, tags: [id, ain], allow: [mixed, none]}
"""


def no_models() -> None:
    """Forget every model of the data directory that tests share."""
    shutil.rmtree(the_registry().folder, ignore_errors=True)


@lru_cache(maxsize=1)
def a_trained() -> Trained:
    return train_model(some_examples(), training=SMALL)


def a_model(name: str = "learnt", *, passes: bool = True) -> str:
    """Store a small model that knows an invented language, with the verdict that the test wants."""
    trained = a_trained()
    manifest = {**trained.manifest, "trained": "2026-11-22T12:00:00+00:00", "gate": {**trained.manifest["gate"], "passes": passes}}
    the_registry().add(trained.model, name=name, manifest=manifest, card=model_card(name, manifest))
    return name


def a_language_project(lead: User | None = None, *, languages: tuple[str, ...] = ("id", "ain")) -> Project:
    return a_project(lead or a_lead(), languages=languages, schema=LANGUAGE)


def a_decided_release(project: Project, *, number: int = 60, version: str = "1.0.0") -> Release:
    """A release whose items are routed as Indonesian and decided as what they are."""
    for example in some_examples(number=number):
        item = an_item(project, content={"text": example.text}, language="id")
        a_decision(item, example.language, question="which", votes={example.language: 3})
    fresh_figures(project)
    return a_release(project, version=version)


def rows_of(folder, name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]
