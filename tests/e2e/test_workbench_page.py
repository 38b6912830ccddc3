"""The real workbench page in every state: what axe finds, a phone, 200 % zoom, other languages and themes, a machine without fonts."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import FLAGS
from tests.e2e.keyboard import Annotator, sit_down
from tests.e2e.test_templates import CASES, task_of
from tests.support.serving import Installation
from tests.support.workplaces import Task, Workplace, a_workplace, annotations_in, rows_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]
AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHOICES = """
schema: 1
displays: [{kind: text, field: text}]
questions:
  - {id: mood, kind: choice, prompt: Mood, labels: [{value: good, name: Good}, {value: bad, name: Bad}]}
  - {id: traits, kind: choices, prompt: Traits, min: 0, labels: [{value: long, name: Long}, {value: rude, name: Rude}]}
"""
RULINGS = (("Irony is judged by what is meant.", ("good", "bad")),)
PEOPLE = {"ada": {}, "pia": {}, "jun": {"language": "ja"}, "amal": {"language": "ar", "theme": "dark"}, "font": {}}
# What a person does before axe looks; the marks are made by the keys that the templates' own labels have.
STATES = {
    "language-identification": ["1"],
    "code-switching": ["1", "2", "3"],
    "classification": ["4", "5"],
    "safety-policy": ["v", "2"],
    "spans": ["Shift+ArrowRight", "Shift+ArrowRight", "1"],
    "translation-quality": ["Shift+ArrowRight", "Shift+ArrowRight", "2"],
    "translation": [],
    "pairwise-preference": ["1"],
    "response-rating": ["5"],
    "response-writing": ["1"],
    "similarity-and-inference": [],
    "transcription-check": ["v", "2"],
}


def sentences(number: int) -> list[dict[str, str]]:
    return [{"id": f"s{n}", "lang": "en", "text": f"Sentence {n} about nothing."} for n in range(number)]


@pytest.fixture(scope="module")
def workplace(site: Installation) -> Workplace:
    tasks = [task for slug in CASES if (task := task_of(slug))]
    script = [{"id": "t", "lang": "th", "text": "ไปสิรอไร"}]
    return a_workplace(
        site,
        tasks=[*tasks, Task("choices", CHOICES, sentences(12), rulings=RULINGS), Task("script", CHOICES, script, languages=("th",))],
        people=PEOPLE,
    )


def seat(chromium: Any, site: Installation, workplace: Workplace, username: str, **options: Any) -> Annotator:
    return sit_down(chromium, site, workplace, username, **options)


def violations(tab: Annotator) -> list[str]:
    tab.page.wait_for_timeout(150)  # what fades has faded
    tab.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = tab.page.evaluate("tags => axe.run(document, { runOnly: tags }).then(result => result.violations)", TAGS)
    return [f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:200]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("slug", CASES)
@pytest.mark.parametrize("username", ["ada", "amal"])
def test_axe_finds_nothing_on_any_template_light_or_dark_left_or_right(slug, username, chromium, site, workplace):
    task = task_of(slug)
    if task is None:
        pytest.skip("the texts of this template are not on this machine (../shared/data)")
    tab = seat(chromium, site, workplace, username).open(workplace.projects[task.name])
    tab.press(*STATES[slug])

    assert violations(tab) == []
    assert tab.faults == []
    tab.page.context.close()


@pytest.mark.parametrize("keys", [["s"], ["?"], ["p"], ["a"], ["/"], ["Enter"], ["1", "Enter", "b"]], ids=" ".join)
def test_axe_finds_nothing_while_skipping_asking_correcting_or_paused(keys, chromium, site, workplace):
    tab = seat(chromium, site, workplace, "ada").open(workplace.projects["choices"])
    tab.press(*keys)

    assert violations(tab) == []
    assert tab.faults == []
    tab.page.context.close()


def test_choosing_nothing_is_an_answer_where_nothing_is_allowed(chromium, site, workplace):
    tab = seat(chromium, site, workplace, "pia").open(workplace.projects["choices"])
    tab.choose("Mood", "Bad")
    tab.submit()
    tab.wait_for("document.querySelector('.status-saved').textContent === 'saved'")

    (said,) = [one for one in annotations_in(site, workplace.projects["choices"]) if one.person == "pia"]
    assert said.answers == {"mood": "bad", "traits": []}
    tab.page.context.close()


def test_a_phone_can_do_choices_by_touch(chromium, site, workplace):
    tab = seat(
        chromium, site, workplace, "jun", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=3
    )
    tab.open(workplace.projects["choices"])
    for _ in range(2):
        text = tab.text()
        tab.page.tap(".option >> nth=0")
        tab.page.tap(".item-foot .primary")
        tab.page.wait_for_function("before => document.querySelector('.displays .text')?.innerText !== before", arg=text)
    sizes = tab.page.evaluate(
        "() => [...document.querySelectorAll('.option, .item-foot .primary')].map(each => Math.round(each.getBoundingClientRect().height))"
    )
    is_narrow = tab.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")

    assert min(sizes) >= 44
    assert is_narrow
    tab.page.wait_for_function("() => performance.getEntriesByType('resource').filter(each => each.name.endsWith('/submit')).length === 2")
    tab.page.wait_for_timeout(300)
    assert [one.answers["mood"] for one in annotations_in(site, workplace.projects["choices"]) if one.person == "jun"] == ["good", "good"]
    tab.page.context.close()


def test_at_200_per_cent_nothing_has_to_be_scrolled_sideways(chromium, site, workplace):
    for slug in ("translation-quality", "pairwise-preference", "spans"):
        if (task := task_of(slug)) is None:
            continue
        tab = seat(chromium, site, workplace, "ada", viewport={"width": 640, "height": 430}, device_scale_factor=2)
        tab.open(workplace.projects[task.name])
        wide = tab.page.evaluate(
            "() => [document.documentElement, ...document.querySelectorAll('#workbench, .displays, .questions, .item-foot')]"
            ".filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.className || each.tagName)"
        )
        seen = tab.page.evaluate("() => document.querySelector('.displays .text, .pair .text').getBoundingClientRect().height > 0")

        assert (slug, wide, seen) == (slug, [], True)
        tab.page.context.close()


def test_with_reduced_motion_nothing_moves(chromium, site, workplace):
    tab = seat(chromium, site, workplace, "ada", reduced_motion="reduce").open(workplace.projects["choices"])

    moving = tab.page.evaluate(
        "() => [...document.querySelectorAll('body *')].filter(each => { const style = getComputedStyle(each);"
        " return style.animationName !== 'none' || !/^0s(, 0s)*$/.test(style.transitionDuration); }).map(each => each.className)"
    )

    assert moving == []
    tab.page.context.close()


def test_the_page_speaks_the_readers_language_with_the_digits_of_the_keys(chromium, site, workplace):
    tab = seat(chromium, site, workplace, "amal").open(workplace.projects["choices"])
    tab.press("1")
    tab.submit()
    tab.wait_for("document.querySelector('.status-today').textContent !== ''")
    words = tab.page.inner_text("body")

    assert tab.page.evaluate(
        "() => [document.documentElement.dir, document.documentElement.lang, document.documentElement.dataset.theme]"
    ) == ["rtl", "ar", "dark"]
    assert re.search(r"[0-9]", tab.page.inner_text("#workbench-status"))
    assert not re.search(r"[\u0660-\u0669]", words)
    tab.page.context.close()


def test_the_size_of_the_text_and_the_keys_are_kept_for_the_person(chromium, site, workplace):
    tab = seat(chromium, site, workplace, "pia").open(workplace.projects["choices"])
    with tab.page.expect_response("**/account/reading"):
        tab.press("+", "+", "+", "-")
        tab.page.click("[data-text-size='1']")
    tab.open(workplace.projects["choices"])

    assert tab.page.evaluate("() => getComputedStyle(document.querySelector('.displays .text')).fontSize") == "21px"
    assert rows_of(site, "SELECT text_size FROM accounts_user WHERE username = 'pia'") == [(21,)]
    tab.page.context.close()


def test_the_theme_is_switched_where_people_work(chromium, site, workplace):
    tab = seat(chromium, site, workplace, "ada", color_scheme="light").open(workplace.projects["choices"])
    paper = tab.page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    for _ in ("light", "dark"):
        with tab.page.expect_response("**/account/reading"):
            tab.page.click("[data-theme-switch]")
    tab.open(workplace.projects["choices"])

    assert tab.page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    assert tab.page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor") != paper
    tab.page.context.close()


def test_the_break_is_announced_and_the_rulings_on_a_label_come_to_the_top(chromium, site, workplace):
    tab = seat(chromium, site, workplace, "ada").open(workplace.projects["choices"])
    tab.wait_for("/break in [0-9]+ min/.test(document.querySelector('.status-break').textContent)")
    tab.press("2")

    assert "Irony is judged" in tab.page.inner_text(".relevant")
    tab.page.context.close()


def test_a_machine_without_a_font_for_the_script_says_so(site, workplace, tmp_path):
    latin = next(Path("/usr/share/fonts").rglob("DejaVuSans.ttf"), None)
    if latin is None:
        pytest.skip("no DejaVu Sans to be the only font")
    shutil.copy(latin, tmp_path)
    (tmp_path / "fonts.conf").write_text(f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>")

    assert "lacks a font for Thai" in line_in_a_browser_with(tmp_path, site, workplace)


def line_in_a_browser_with(fonts: Path, site: Installation, workplace: Workplace) -> str:
    """The line above the questions, as a browser with these fonts alone has it; in a process of its own, where no other browser runs."""
    script = """
import json, sys
from playwright.sync_api import sync_playwright
given = json.load(sys.stdin)
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=given["path"], args=given["flags"], env=given["env"])
    context = browser.new_context()
    context.add_cookies([{"name": n, "value": v, "url": given["url"]} for n, v in given["cookies"].items()])
    page = context.new_page()
    page.goto(given["page"])
    page.wait_for_selector(".item .question")
    print(page.inner_text(".item-line"))
    browser.close()
"""
    given = {
        "path": shutil.which("chromium") or shutil.which("chromium-browser"), "flags": FLAGS, "url": site.url, "cookies": workplace.cookies["font"],
        "env": {**os.environ, "FONTCONFIG_FILE": str(fonts / "fonts.conf")}, "page": f"{site.url}/projects/{workplace.projects['script']}/annotate",
    }  # fmt: skip
    if given["path"] is None:
        pytest.skip("no chromium on this machine")
    done = subprocess.run([sys.executable, "-c", script], input=json.dumps(given), capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout
