"""The label schema page in a browser: typed, seen, its effect read, made, and annotated with."""

import json

import pytest

from tests.e2e.axe import violations
from tests.e2e.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SCHEMA = """schema: 1
displays:
  - {kind: text, field: text}
questions:
  - id: sentiment
    kind: choice
    prompt: Sentiment
    labels:
      - {value: positive, name: Positive}
      - {value: negative, name: Negative}
"""


@pytest.fixture
def project(installation, tmp_path) -> str:
    """A project with more texts than a person holds at once, one annotator and one lead."""
    schema, texts = tmp_path / "schema.yaml", tmp_path / "texts.jsonl"
    schema.write_text(SCHEMA, encoding="utf-8")
    texts.write_text("".join(json.dumps({"id": str(n), "text": f"Text {n}", "lang": "en"}) + "\n" for n in range(14)), encoding="utf-8")
    installation.init()
    installation.person("lena", PASSWORD, roles=("lead",))
    installation.person("ana", PASSWORD, roles=("annotator",))
    made = installation.run("project", "make", "P", "-l", "en", "--schema", str(schema), "--target", "1", "--severity", "0", "--by", "lena")
    project = made.stdout.strip()
    installation.run("project", "add", project, "ana", "-l", "en")
    installation.run("import", project, str(texts))
    installation.serve()
    return project


def answer(visitor, key: str) -> str:
    """Answer the item on the page by key, wait until it is delivered, and return its text."""
    page = visitor.page
    text = str(page.inner_text("#workbench .displays .text"))
    page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.wait_for_function("before => document.querySelector('#workbench .displays .text')?.innerText !== before", arg=text)
    page.wait_for_function("() => !document.body.innerText.includes('pending')")
    return text


def test_every_template_is_drawn_with_all_it_asks(project, visit):
    page = (lena := visit("lena")).page
    page.goto(f"{lena.base}/projects/{project}/schema")
    templates = [slug for slug in page.eval_on_selector_all("#id_from option", "all => all.map(each => each.value)") if slug]
    drawn = {}
    for slug in templates:
        page.goto(f"{lena.base}/projects/{project}/schema?from={slug}")
        if slug != "empty":
            page.wait_for_selector("#schema-problems .schema-good")
        asked = page.evaluate(
            "() => (JSON.parse(document.getElementById('schema-config').textContent).checked.document?.questions ?? []).length"
        )
        drawn[slug] = (asked, page.locator("#schema-preview .question").count(), page.inner_text("#schema-preview > .hint"))

    assert len(templates) == 13
    assert drawn.pop("empty") == (0, 1, "This is the last text that could be used.")
    assert {slug: row for slug, row in drawn.items() if row[0] != row[1] or row[2]} == {}


def test_a_lead_changes_the_schema_with_its_effect_in_sight_and_people_annotate_with_it(project, visit):
    ana, lena = visit("ana"), visit("lena")
    ana.page.goto(f"{ana.base}/projects/{project}/annotate")
    ana.page.wait_for_selector("#workbench .displays .text")
    answer(ana, "1")

    page = lena.page
    page.goto(f"{lena.base}/projects/{project}/schema")
    page.wait_for_selector("#schema-preview .option:has-text('Positive')")
    page.click("#schema-preview .option:has-text('Negative')")
    page.keyboard.press("1")
    picked = page.is_checked("#schema-preview .option:has-text('Positive') input")

    page.fill("#id_schema_source", SCHEMA.replace("kind: choice", "kind: chioce"))
    page.wait_for_selector(".code-lines > .is-wrong")
    wrong = page.inner_text("#schema-problems")
    still = page.is_visible("#schema-preview .option:has-text('Positive')")
    found = violations(page)

    page.fill("#id_schema_source", SCHEMA.replace("{value: positive, name: Positive}", "{value: good, name: Good}"))
    page.wait_for_selector("#schema-preview .option:has-text('Good')")
    page.click("button[value=look]")
    page.wait_for_selector("#effect")
    lost = page.inner_text("#effect .figures").split()
    page.select_option("select[name='l:sentiment:labels:positive']", "good")
    page.wait_for_function("() => document.querySelector('#effect .figure:nth-child(3) .value').textContent === '0'")
    found += violations(page)
    page.fill("#id_note", "Good, not positive")
    page.click("button[value=make]")
    page.wait_for_selector(".notice.good")

    ana.page.reload()
    ana.page.wait_for_selector("#workbench .displays .text")
    labels = []
    while ana.page.locator("#workbench .displays .text").count():  # what was held keeps its version, the next items have the new one
        labels.append(ana.page.inner_text("#workbench .option >> nth=0").split()[-1])
        answer(ana, "1")
    page.click("button[value=look]")
    page.wait_for_selector("#effect")
    whole = page.inner_text("#effect .figure:nth-child(2) .value")

    assert picked
    assert "Line 6" in wrong
    assert "questions[0].kind" in wrong
    assert still
    assert "1" in lost
    assert found == []
    assert sorted(labels) == ["Good"] * labels.count("Good") + ["Positive"] * labels.count("Positive")
    assert {"Good", "Positive"} == set(labels), labels
    assert whole == "14"


def test_leaving_with_text_that_no_version_holds_asks_first(project, visit):
    page = (lena := visit("lena")).page
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{lena.base}/projects/{project}/schema")
    page.click("#id_schema_source")
    page.keyboard.type("# mine")

    page.click("button[value=look]")
    page.wait_for_load_state()
    sent = list(asked)
    page.click("#id_schema_source")
    page.goto(f"{lena.base}/projects/")
    left = list(asked)
    page.goto(f"{lena.base}/projects/{project}/schema")
    page.goto(f"{lena.base}/projects/")

    assert (sent, left, asked) == ([], ["beforeunload"], ["beforeunload"])
