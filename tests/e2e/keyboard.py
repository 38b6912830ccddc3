"""A person at the workbench who uses nothing but the keyboard, and presses the keys that the page prints."""

import re
from typing import TYPE_CHECKING, Any

from tests.support.serving import Installation
from tests.support.workplaces import Workplace

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

_PRINTED = {"⏎": "Enter", "Space": " "}
# The key printed on an option of a question, both found by the words a person sees.
_CAP = """([prompt, name]) => {
  const words = element => [...element.childNodes].filter(node => node.nodeType === 3).map(node => node.data).join('').trim();
  const question = [...document.querySelectorAll('.question:not([hidden])')].find(each => each.querySelector('h2 bdi').textContent === prompt);
  if (!question) throw new Error(`no question “${prompt}” on the page`);
  const option = [...question.querySelectorAll('.option, .button')].find(each => (each.querySelector('.name')?.textContent ?? words(each)).trim() === name);
  const holder = name === '' ? question.querySelector('.written, .slider, .picker') : option;
  if (!holder) throw new Error(`no “${name}” in “${prompt}”: ${question.innerText}`);
  return holder.querySelector('kbd')?.textContent ?? '';
}"""
SCRIPT_NOISE = re.compile(r"Failed to load resource|net::ERR|status of (?:401|404|409|422|5\d\d)")


class Annotator:
    """One tab; what the script console says is kept, and a test looks at it."""

    def __init__(self, page: "Page", base: str) -> None:
        self.page = page
        self.base = base
        self.faults: list[str] = []
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on(
            "console", lambda said: self.faults.append(said.text) if said.type == "error" and not SCRIPT_NOISE.search(said.text) else None
        )

    def open(self, project: str) -> "Annotator":
        self.page.goto(f"{self.base}/projects/{project}/annotate")
        self.page.wait_for_selector(".item .question, .pause button")
        return self

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def key_of(self, prompt: str, name: str = "") -> str:
        """Return the key printed on an option, or on the question's field where no name is given."""
        printed = self.page.evaluate(_CAP, [prompt, name])
        assert printed, f"no key is printed on {name!r} in {prompt!r}"
        key = _PRINTED.get(printed, printed)
        return f"Shift+{key[1]}" if key.startswith("⇧") else key

    def choose(self, prompt: str, *names: str) -> None:
        for name in names:
            self.press(self.key_of(prompt, name))

    def write(self, prompt: str, text: str) -> None:
        """Go to the field by its key, write, and come back to the keys."""
        self.press(self.key_of(prompt))
        self.page.keyboard.insert_text(text)
        self.press("Escape")

    def set_slider(self, prompt: str, *keys: str) -> None:
        self.press(self.key_of(prompt), *keys, "Escape")

    def text(self, number: int = 0) -> str:
        return str(self.page.locator("#workbench .displays .text, #workbench .token-grid").nth(number).inner_text())

    def submit(self) -> None:
        """Press Enter and wait until the page has another item, or none."""
        self.page.evaluate("() => { globalThis.before = document.querySelector('.item'); }")
        self.press("Enter")
        try:
            self.page.wait_for_function("() => document.querySelector('.item') !== globalThis.before")
        except Exception as error:
            raise AssertionError(f"the item stayed: {self.page.inner_text('#workbench')}") from error

    def wait_for(self, holds: str, *, timeout: float = 10_000) -> Any:
        try:
            return self.page.wait_for_function(f"() => {holds}", timeout=timeout)
        except Exception as error:
            raise AssertionError(f"never came true: {holds}\n{self.page.inner_text('body')}") from error


def let_in(context: "BrowserContext", installation: Installation, workplace: Workplace, username: str) -> None:
    """Log the context's person in."""
    context.add_cookies([{"name": name, "value": value, "url": installation.url} for name, value in workplace.cookies[username].items()])


def sit_down(browser: "Browser", installation: Installation, workplace: Workplace, username: str, **options: Any) -> Annotator:
    """Open a browser of their own for a person who is logged in."""
    context = browser.new_context(viewport=options.pop("viewport", {"width": 1280, "height": 860}), **options)
    let_in(context, installation, workplace, username)
    return Annotator(context.new_page(), installation.url)
