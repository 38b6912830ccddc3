"""A browser and a real server for the tests that use Isogloss as people do."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.serving import Installation

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

PASSWORD = "a long enough password"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
BUNDLE = Path(__file__).parents[2] / "src" / "isogloss" / "web" / "static" / "isogloss" / "workbench.js"


def database_url() -> str:
    """A database of its own on the engine under test; empty for SQLite."""
    if os.environ.get("ISOGLOSS_TEST_ENGINE") != "postgresql":
        return ""
    from tests.conftest import _STARTED

    return _STARTED[0].create_database(f"e2e_{os.urandom(4).hex()}")


@contextmanager
def a_chromium() -> "Iterator[Browser]":
    """Start Chromium, or skip the test: while Playwright's loop runs, Django refuses every query in this process."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no chromium on this machine: the browser tests were not run")
    if not BUNDLE.exists():
        pytest.skip("the front end is not built: run make frontend")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def browser() -> "Iterator[Browser]":
    """A browser for one test."""
    with a_chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def chromium() -> "Iterator[Browser]":
    """One browser for the tests of a file that ask the database only in other processes."""
    with a_chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One serving installation for all tests of the workbench; each file makes its own people and projects on it."""
    made = Installation(data=tmp_path_factory.mktemp("site") / "data", database_url=database_url())
    made.init()
    made.serve()
    yield made
    made.stop()


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """An installation on the engine under test, made but not served."""
    made = Installation(data=tmp_path / "data", database_url=database_url())
    yield made
    made.stop()


class Visitor:
    """A person in a browser context of their own; any script error or refused load fails the test at its end."""

    def __init__(self, context: "BrowserContext", base: str) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.base = base
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)

    def log_in(self, username: str) -> None:
        self.page.goto(f"{self.base}/log-in")
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("main button.primary")
        self.page.wait_for_url(f"{self.base}/projects/")

    def save(self) -> None:
        """Press the form's one primary button."""
        self.page.click("main form button.primary")
        self.page.wait_for_load_state()


@pytest.fixture
def visit(browser: "Browser", installation: Installation) -> "Iterator[object]":
    visitors: list[Visitor] = []

    def open_browser(username: str, **options: object) -> Visitor:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True, **options)  # type: ignore[arg-type]
        visitor = Visitor(context, installation.url)
        visitor.log_in(username)
        visitors.append(visitor)
        return visitor

    yield open_browser
    for number, visitor in enumerate(visitors):  # of use when a test failed; pytest keeps the folder of the last runs
        visitor.page.screenshot(path=installation.data.parent / f"visitor-{number}.png")
    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        visitor.page.context.close()
    assert faults == []
