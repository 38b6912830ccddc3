"""The main job as its users do it: texts in through the page, annotated by keyboard, agreement read, the release compared with what was typed."""

import hashlib
import json
import re
import zipfile
from pathlib import Path

import pytest

from isogloss.delivery.verifying import verify_release
from tests.e2e.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.shared, pytest.mark.both_engines, pytest.mark.timeout(420)]
LANGUAGES = ("id", "jv", "su", "min")
LABELS = ("positive", "neutral", "negative")
SCHEMA = """schema: 1
displays: [{kind: text, field: text}]
questions:
  - id: sentiment
    kind: choice
    prompt: Sentiment
    labels: [{value: positive, name: Positive}, {value: neutral, name: Neutral}, {value: negative, name: Negative}]
"""


def sample(shared: Path, *, each: int) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    with (shared / "corpora" / "nusax-sentiment" / "data.jsonl").open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if row["lang"] in LANGUAGES and sum(r["lang"] == row["lang"] for r in rows) < each:
                rows.append({"id": row["id"], "text": row["text"], "lang": row["lang"]})
    return rows


def choice(person: str, text: str) -> int:
    """Which label the person types for a text: mostly the same as the other, sometimes not."""
    digest = hashlib.sha256(text.encode()).digest()
    return digest[0] % 3 if person == "ana" or digest[1] % 5 else (digest[0] + 1) % 3


def annotate_everything(visitor, *, name: str) -> dict[str, str]:
    """Annotate by keyboard until nothing is left; return what was typed for each text."""
    page = visitor.page
    page.goto(f"{visitor.base}/projects/")
    page.click("text=Annotate")
    typed: dict[str, str] = {}
    while True:
        page.wait_for_selector("#workbench .displays .text, #workbench .pause button")
        shown = page.query_selector("#workbench .displays .text")
        if shown is None:
            break
        text = shown.inner_text()
        number = choice(name, text)
        page.keyboard.press(str(number + 1))
        page.keyboard.press("Enter")
        typed[text] = LABELS[number]
        page.wait_for_function(
            "before => { const t = document.querySelector('#workbench .displays .text'); return t === null || t.innerText !== before }",
            arg=text,
        )
    page.wait_for_function("() => !document.body.innerText.includes('pending')")
    return typed


def test_two_people_finish_a_project_by_keyboard_and_the_release_holds_what_they_typed(installation, visit, shared, tmp_path):
    rows = sample(shared, each=30)
    file = tmp_path / "nusax.jsonl"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    installation.init()
    installation.person("lena", PASSWORD, roles=("lead",))
    for name in ("ana", "ben"):
        installation.person(name, PASSWORD, roles=("annotator",))
    installation.serve()

    lead = visit("lena")
    project = make_project(lead, file)
    typed = {name: annotate_everything(visit(name), name=name) for name in ("ana", "ben")}
    alphas = read_agreement(lead, project)
    folder = download_release(lead, project, to=tmp_path)

    texts = {row["text"].strip() for row in rows}
    assert {len(typed["ana"]), len(typed["ben"])} == {len(texts)}
    assert len(alphas) == len(LANGUAGES)
    assert verify_release(folder) == []
    assert same_up_to_names(folder, typed)


def make_project(lead, file: Path) -> str:
    page = lead.page
    page.click("text=New project")
    page.fill("#id_name", "NusaX sentiment")
    page.fill("#id_languages", " ".join(LANGUAGES))
    page.fill("#id_target", "2")
    page.select_option("#id_declared_severity", "0")
    page.fill("#id_schema_source", SCHEMA)
    lead.save()
    address = page.url
    project = re.search(r"/projects/(\w+)/", address).group(1)
    page.goto(f"{lead.base}/projects/{project}/import")
    page.set_input_files("#id_file", str(file))
    lead.save()
    lead.save()
    page.wait_for_selector("text=items added")
    for name in ("ana", "ben"):
        page.goto(f"{lead.base}/projects/{project}/people")
        page.fill("#id_username", name)
        page.fill("#id_languages", " ".join(LANGUAGES))
        lead.save()
    return project


def read_agreement(lead, project: str) -> list[str]:
    page = lead.page
    for _ in range(40):
        page.goto(f"{lead.base}/projects/{project}/")
        cells = page.locator("section:has-text('Agreement') tbody tr:not(.total) td:nth-child(2)").all_inner_texts()
        finished = "120 / 120" in page.inner_text(".figures").replace("\n", " ").replace("\xa0", " ")
        if cells and finished and all(re.match(r"-?\.\d\d|1\.00", cell) for cell in cells):
            return cells
        page.wait_for_timeout(1000)
    raise AssertionError(f"no agreement by language appeared: {page.inner_text('main')}")


def download_release(lead, project: str, *, to: Path) -> Path:
    page = lead.page
    page.goto(f"{lead.base}/projects/{project}/releases/")
    page.fill("#id_version", "1.0.0")
    lead.save()
    page.click("button[name=sure]")
    page.wait_for_selector("a[href$='/download']", timeout=60_000)
    with page.expect_download() as waiting:
        page.click("a[href$='/download']")
    waiting.value.save_as(to / "release.zip")
    with zipfile.ZipFile(to / "release.zip") as archive:
        archive.extractall(to / "release")
    (manifest,) = (to / "release").rglob("manifest.json")
    return manifest.parent


def rows_of(folder: Path, name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]


def released(folder: Path) -> dict[tuple[str, str], str]:
    """Return (pseudonym, text) → label as the release has it."""
    texts = {row["id"]: row["content"]["text"].strip() for row in rows_of(folder, "items.jsonl")}
    return {(row["annotator"], texts[row["item"]]): row["answers"]["sentiment"] for row in rows_of(folder, "annotations.jsonl")}


def same_up_to_names(folder: Path, typed: dict[str, dict[str, str]]) -> bool:
    """The release knows people by pseudonym: each pseudonym's answers must be one person's, exactly."""
    by_person: dict[str, dict[str, str]] = {}
    for (person, text), label in released(folder).items():
        by_person.setdefault(person, {})[text] = label
    found = sorted(by_person.values(), key=lambda answers: json.dumps(answers, sort_keys=True))
    return found == sorted(typed.values(), key=lambda answers: json.dumps(answers, sort_keys=True))
