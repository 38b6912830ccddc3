"""Asking from the workbench, the lead's answer, whom to talk to, and how one reads, in a browser."""

import json

import pytest

from tests.e2e.axe import violations
from tests.e2e.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture
def project(installation, tmp_path) -> str:
    """A project with a lead, an annotator and the site's wellbeing officer; its texts are harmless but one."""
    texts = tmp_path / "texts.jsonl"
    rows = [{"id": str(n), "text": f"Text {n}", "lang": "en", "severity": 0} for n in range(4)]
    texts.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    installation.init()
    installation.person("lena", PASSWORD, roles=("lead",))
    installation.person("ana", PASSWORD, roles=("annotator",))
    installation.person("wati", PASSWORD, roles=("wellbeing_officer",))
    made = installation.run(
        "project", "make", "P", "-l", "en", "--template", "classification", "--target", "1", "--severity", "0", "--by", "lena"
    )
    installation.run("project", "add", made.stdout.strip(), "ana", "-l", "en")
    installation.run("import", made.stdout.strip(), str(texts))
    installation.serve()
    return made.stdout.strip()


def open_workbench(visitor, project: str) -> None:
    visitor.page.goto(f"{visitor.base}/projects/{project}/annotate")
    visitor.page.wait_for_selector("#workbench .displays .text")


def test_what_is_asked_beside_an_item_is_answered_by_the_lead_and_seen_beside_the_next(project, visit):
    ana, lena = visit("ana"), visit("lena")
    open_workbench(ana, project)
    text = ana.page.inner_text("#workbench .displays .text")
    ana.page.keyboard.press("a")
    ana.page.fill(".ask textarea", "Is this positive?")
    ana.page.click(".ask button[type=submit]")
    ana.page.wait_for_selector(".toast:not([hidden])")

    lena.page.goto(f"{lena.base}/projects/{project}/inquiries")
    card = lena.page.locator(".inquiry", has_text="Is this positive?")
    about = card.locator(".inquiry-item").inner_text()
    found = violations(lena.page)
    card.locator("textarea").fill("Yes, it is.")
    card.locator("input[name=is_ruling]").check()
    card.locator("button.button").click()
    lena.page.wait_for_selector(".notice.good")
    open_workbench(ana, project)

    assert text in about
    assert "Yes, it is." in ana.page.inner_text(".asked")
    assert "Yes, it is." in ana.page.inner_text("#ruling-1")
    assert found + violations(ana.page) == []


def test_the_panic_key_shows_whom_the_wellbeing_officer_named(project, visit):
    wati, ana = visit("wati"), visit("ana")
    wati.page.goto(f"{wati.base}/wellbeing/contacts")
    wati.page.fill("#id_contacts", "Dr. Sari, in confidence: +62 21 555 0100")
    wati.save()
    found = violations(wati.page)

    open_workbench(ana, project)
    ana.page.keyboard.press("p")

    shown = ana.page.inner_text(".blank .contacts")
    assert "Dr. Sari" in shown
    assert "+62 21 555 0100" in shown
    assert found == []


def test_text_size_and_theme_chosen_in_the_workbench_hold_on_every_page(project, visit):
    ana = visit("ana")
    open_workbench(ana, project)
    with ana.page.expect_response("**/account/reading"):
        ana.page.click("[data-text-size='1']")
    with ana.page.expect_response("**/account/reading"):
        ana.page.click("[data-theme-switch]")
    ana.page.keyboard.press("1")

    answered = ana.page.is_checked("#workbench .option >> nth=0 >> input")
    ana.page.goto(f"{ana.base}/account/")

    assert answered
    assert ana.page.input_value("#id_text_size") == "19"
    assert ana.page.input_value("#id_theme") == "light"
    assert ana.page.get_attribute("html", "data-theme") == "light"
    assert violations(ana.page) == []
