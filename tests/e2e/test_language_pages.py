"""Language in a browser: a file is looked at, imported without repeats, released, a model learns from it, speaks, and is taken back."""

import json
import random

import pytest

from tests.e2e.axe import violations
from tests.e2e.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SCHEMA = """schema: 1
displays: [{kind: text, field: text}]
questions:
  - {id: which, kind: language, prompt: Which language?, tags: [id, en], allow: [mixed, none]}
"""
WORDS = {
    "id": "saya kamu dia makan minum pergi rumah pasar kemarin besok karena tidak bisa sudah akan dengan nasi air".split(),  # noqa: SIM905  reads better
    "en": "people want house market yesterday tomorrow because cannot already will with rice water going under before".split(),  # noqa: SIM905
}


@pytest.fixture
def project(installation, tmp_path) -> str:
    """A project in two languages with one lead, and a file of texts beside it."""
    schema, texts = tmp_path / "schema.yaml", tmp_path / "texts.jsonl"
    schema.write_text(SCHEMA, encoding="utf-8")
    rng = random.Random(7)
    rows = [
        {"id": f"{tag}{n}", "text": " ".join(rng.choice(words) for _ in range(9)), "lang": tag}
        for tag, words in WORDS.items()
        for n in range(40)
    ]
    rows += [
        {"id": "again", "text": rows[0]["text"] + ".", "lang": "id"},
        {"id": "who", "text": "Write to ana@example.org tomorrow", "lang": "en"},
    ]
    texts.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    installation.init()
    installation.person("lena", PASSWORD, roles=("lead",))
    made = installation.run("project", "make", "P", "-l", "en", "-l", "id", "--schema", str(schema), "--severity", "0", "--by", "lena")
    installation.serve()
    return made.stdout.strip()


def test_a_lead_looks_at_a_file_imports_it_without_repeats_and_trains_a_model(project, visit, tmp_path):
    lena = visit("lena")
    page, base = lena.page, f"{lena.base}/projects/{project}"
    found: list[str] = []

    page.goto(f"{base}/languages")
    page.click("text=Hold repeated texts of later imports")
    page.wait_for_selector("text=one is served and the others are held")
    page.goto(f"{base}/import")
    page.set_input_files("input[type=file]", str(tmp_path / "texts.jsonl"))
    lena.save()
    found += violations(page)
    page.check("input[name=mask]")
    page.click("text=First say what is in it")
    page.wait_for_selector("#profile .figures", timeout=60_000)
    found += violations(page)
    languages = page.text_content("#profile svg[aria-label=Languages]")
    page.click("text=Import the masked copy")
    lena.save()
    page.wait_for_selector("text=items added", timeout=60_000)

    page.goto(f"{base}/items/who")
    masked = page.inner_text("main")
    page.wait_for_function(
        "async address => (await (await fetch(address)).text()).includes('This item is held')", arg=f"{base}/items/again", timeout=60_000
    )
    page.goto(f"{base}/items/again")
    found += violations(page)
    page.goto(f"{base}/languages")
    found += violations(page)
    held = page.inner_text("main")

    # Nobody has decided anything, so the release teaches nothing and the page must say so.
    page.goto(f"{base}/releases/")
    lena.save()
    page.click("button[name=sure]")
    page.wait_for_selector("text=SHA-256", timeout=60_000)
    page.goto(f"{lena.base}/models/")
    found += violations(page)
    page.check("input[name=releases]")
    page.click("text=Train and evaluate")
    page.wait_for_selector("text=The last training failed", timeout=60_000)
    failed = page.inner_text("#models")
    found += violations(page)

    assert "Indonesian" in languages
    assert "[email]" in masked
    assert "Serve the 1 held texts" in held
    assert "nothing to learn from" in failed
    assert found == []
