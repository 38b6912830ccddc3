"""A real set of 180 000 annotations in six languages: in with its annotations, agreement as an independent library has it."""

import csv
from pathlib import Path

import pytest

from isogloss.accounts.models import User
from isogloss.accounts.rules import Origin
from isogloss.corpus.models import Item
from isogloss.dispatch.queries import counters
from isogloss.dispatch.services.imports import import_annotations
from isogloss.platform import clock, jobs
from isogloss.quality.queries import FigureKey, latest_figures
from tests.support.making import NOW, a_lead, a_project, an_import

pytestmark = [pytest.mark.shared, pytest.mark.timeout(280)]
SCHEMA = """
schema: 1
displays: [{kind: text, field: text}]
questions:
  - id: sentiment
    kind: choice
    prompt: Sentiment
    labels: [{value: positive, name: P}, {value: neutral, name: N}, {value: negative, name: G}, {value: mixed, name: M}, {value: indeterminate, name: I}]
"""
# Nominal alpha by the library krippendorff (../shared/reference/measured.md), to three digits by language and five in all.
EXPECTED = {"": 0.46358, "ary": 0.503, "hau": 0.538, "kin": 0.265, "por": 0.282, "tso": 0.340, "twi": 0.358}
# The set says "por" where BCP-47 says "pt".
TAGS = {"por": "pt-MZ", "ary": "ary", "hau": "ha", "kin": "rw", "tso": "ts", "twi": "tw"}


def with_tags(shared: Path, folder: Path) -> Path:
    path = folder / "items.csv"
    with (
        (shared / "crowd" / "afrisenti_raters" / "items.csv").open(encoding="utf-8", newline="") as source,
        path.open("w", encoding="utf-8", newline="") as target,
    ):
        writer = csv.writer(target)
        writer.writerow(["item", "lang", "text"])
        for row in csv.DictReader(source):
            writer.writerow([row["item"], TAGS[row["lang"]], row["text"]])
    return path


def test_a_set_of_180_000_annotations_has_the_agreement_that_others_compute(db, shared, tmp_path):
    lead = a_lead()
    project = a_project(lead, languages=tuple(TAGS.values()), target=3, schema=SCHEMA)
    run = an_import(project, with_tags(shared, tmp_path), lead=lead, detect=False)
    judgments = tmp_path / "judgments.csv"
    judgments.write_bytes((shared / "crowd" / "afrisenti_raters" / "judgments.csv").read_bytes())

    outcome = import_annotations(
        project, path=judgments, columns={"item": "item", "worker": "worker", "label": "label"}, actor=lead, now=NOW
    )
    jobs.run_inline("quality.figures", ids={"project": project.pk}, actor=lead, now=clock.now(), project_id=project.pk)

    figures = latest_figures(project.pk)
    found = {tag: figures[FigureKey("alpha", "sentiment", TAGS.get(tag, ""))].value for tag in EXPECTED}
    assert found == {tag: pytest.approx(value, abs=5e-4) for tag, value in EXPECTED.items()}
    people = User.objects.filter(origin=Origin.IMPORT)
    assert (people.count(), people.filter(is_active=True).count()) == (26, 0)
    assert outcome.added + outcome.skipped + outcome.bad == outcome.read
    assert run.added + run.bad + run.skipped == run.read
    rows = counters(project.pk)
    assert sum(row.done for row in rows) == outcome.added
    assert sum(row.items for row in rows) == Item.objects.filter(project=project).count() == run.added
    assert sum(row.waiting for row in rows) > 0
