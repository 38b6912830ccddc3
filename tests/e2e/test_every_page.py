"""Every page of the demonstration that a link leads to, as each role, light and dark, from left to right and from right to left: what axe finds."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.e2e.axe import violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
VARIES = re.compile(r"[0-9a-f]{32}|\d+|(?<=/items/)[^/]+")
PAGES = {"lead": 20, "annotator": 6, "wellbeing_officer": 5, "admin": 8}
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 800}
NOT_PAGES = ("/log-out", "/releases/", "/label-schema.json", "/api/", "/download", "/files/")


@pytest.fixture(scope="module")
def links(tmp_path_factory) -> Iterator[dict[str, str]]:
    """Serve the demonstration; its log-in links by role."""
    command = [sys.executable, "-m", "isogloss", "demo", "--data", str(tmp_path_factory.mktemp("demo"))]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}, start_new_session=True
    )
    assert process.stdout is not None
    found = {}
    for line in process.stdout:
        if match := re.match(r"\s+(\w+)\s+(http\S+)", line):
            found[match.group(1)] = match.group(2)
        if line.startswith("Begin"):
            break
    yield found
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(20)
    process.stdout.close()


def enter(page: "Page", link: str) -> None:
    for _ in range(100):
        try:
            page.goto(link)
            break
        except Exception as error:
            if "ERR_CONNECTION_REFUSED" not in str(error):
                raise
            page.wait_for_timeout(100)
    page.click("main button.primary")
    page.wait_for_url("**/projects/")


def walk(page: "Page") -> Iterator[str]:
    """Open one page of each kind that links lead to; yield its address without what varies."""
    base = re.sub(r"(?<=\d)/.*", "", page.url)
    todo, seen = [f"{base}/projects/"], set()
    while todo:
        address = todo.pop(0).partition("#")[0].partition("?")[0]
        kind = VARIES.sub("*", address.removeprefix(base))
        if kind in seen or any(part in kind for part in NOT_PAGES):
            continue
        seen.add(kind)
        answer = page.goto(address)
        assert answer is not None, kind
        assert answer.status == 200, (kind, answer.status)
        yield kind
        todo += [link for link in page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)") if link.startswith(base)]


@pytest.mark.parametrize("role", ["lead", "annotator", "wellbeing_officer", "admin"])
def test_axe_finds_nothing_on_any_page_every_link_may_be_followed_and_none_is_wider_than_a_phone(role, chromium, links):
    light = chromium.new_context(color_scheme="light", viewport=DESK)
    enter(page := light.new_page(), links[role])
    dark = chromium.new_context(color_scheme="dark", viewport=DESK, storage_state=light.storage_state())

    found = [f"{kind}: {line}" for kind in walk(page) for line in violations(page)]
    address, page = page.url, dark.new_page()
    page.goto(re.sub(r"(?<=\d)/.*", "/account/", address))
    page.select_option("select[name=language]", "ar")
    page.click("form:has(select[name=language]) button.primary")
    page.wait_for_selector("html[dir=rtl]")
    kinds = []
    phone = chromium.new_context(viewport=PHONE, storage_state=light.storage_state())
    (page := phone.new_page()).goto(address)
    for kind in walk(page):
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{kind}, phone: {wide} px wide"] if wide > PHONE["width"] else []
    phone.close()
    page = dark.pages[0]
    for kind in walk(page):
        kinds.append((kind, page.evaluate("document.documentElement.dir")))
        found += [f"{kind}, dark, Arabic: {line}" for line in violations(page)]
    light.close()
    dark.close()

    assert found == []
    assert len(kinds) >= PAGES[role], kinds
    assert {direction for _, direction in kinds} == {"rtl"}
