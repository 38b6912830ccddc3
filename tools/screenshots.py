"""Renew docs/screenshots from a fresh demonstration: WebP pictures of at most 150 KB, in light, dark, Arabic and on a phone."""

import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "screenshots"
LARGEST = 150 * 1024
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 800}


def start(folder: Path) -> tuple["subprocess.Popen[str]", dict[str, str]]:
    """Serve a fresh demonstration and return its log-in links by role."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "isogloss", "demo", "--data", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )
    links: dict[str, str] = {}
    assert process.stdout is not None
    for line in process.stdout:
        if match := re.match(r"\s+(\w+)\s+(http\S+)", line):
            links[match.group(1)] = match.group(2)
        if line.startswith("Begin"):
            break
    time.sleep(2)
    return process, links


def enter(browser: Browser, link: str, *, scheme: str = "light", viewport: dict[str, int] = DESK) -> Page:
    """Log in by a link in a browser context of its own."""
    page = browser.new_context(viewport=viewport, color_scheme=scheme, device_scale_factor=1).new_page()  # type: ignore[arg-type]  # literals
    page.goto(link)
    page.click("main button.primary")
    page.wait_for_load_state()
    return page


def save(page: Page, name: str) -> None:
    """Take a WebP picture of what is on the screen."""
    page.wait_for_timeout(400)
    for quality in (85, 70, 55, 40):
        taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "webp", "quality": quality})
        picture = base64.b64decode(taken["data"])
        if len(picture) <= LARGEST:
            break
    (TARGET / f"{name}.webp").write_bytes(picture)
    print(f"{name}.webp {len(picture) // 1024} KB")


def open_project(page: Page, name: str) -> None:
    """Go to a project's page from the list."""
    page.click(f"a:has-text('{name}')")
    page.wait_for_load_state()


def annotate(page: Page, name: str) -> None:
    """Go to a project's workbench from the list and wait for an item."""
    page.locator("tr", has_text=name).locator("a.button.primary").click()
    page.wait_for_selector("#workbench .displays .text")


def set_language(page: Page, language: str) -> None:
    """Change the interface's language on the account page."""
    here = page.url
    page.goto(re.sub(r"(https?://[^/]+)/.*", r"\1/account/", here))
    page.select_option("#id_language", language)
    page.click("main form button.primary >> nth=0")
    page.goto(re.sub(r"(https?://[^/]+)/.*", r"\1/projects/", here))


def until_script(page: Page, is_wanted: Callable[[str], bool]) -> None:
    """Skip through items until one in the wanted script shows."""
    for _ in range(60):
        if is_wanted(page.inner_text("#workbench .displays .text")):
            return
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        page.wait_for_timeout(250)


def take_all(browser: Browser, links: dict[str, str]) -> None:
    """Take every picture; a link works once, so each person is entered once."""
    lead = enter(browser, links["lead"])
    save(lead, "projects")
    open_project(lead, "Sentiment")
    save(lead, "project")
    lead.emulate_media(color_scheme="dark")
    save(lead, "project-dark")
    lead.emulate_media(color_scheme="light")
    set_language(lead, "ar")
    open_project(lead, "Sentiment")
    save(lead, "project-arabic")
    annotator = enter(browser, links["annotator"])
    annotate(annotator, "Language identification")
    save(annotator, "workbench")
    annotator.goto(annotator.url.split("/projects/")[0] + "/projects/")
    annotate(annotator, "Sentiment")
    until_script(annotator, lambda text: any("\u0600" <= c <= "\u06ff" for c in text))
    save(annotator, "workbench-arabic-text")
    annotator.emulate_media(color_scheme="dark")
    save(annotator, "workbench-dark")
    annotator.emulate_media(color_scheme="light")
    annotator.set_viewport_size(PHONE)  # type: ignore[arg-type]  # two sizes
    save(annotator, "workbench-phone")
    annotator.set_viewport_size(DESK)  # type: ignore[arg-type]  # two sizes
    set_language(annotator, "ar")
    annotate(annotator, "Language identification")
    annotator.keyboard.press("1")
    save(annotator, "workbench-arabic")


def main() -> None:
    """Renew every picture."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        process, links = start(Path(folder) / "demo")
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
                take_all(browser, links)
                browser.close()
        finally:
            os.killpg(process.pid, 15)
            process.wait(20)


if __name__ == "__main__":
    main()
