"""Whatever goes away – network, tab, browser, server, session – what was typed is in the database, once."""

import json
import os
import shutil
import signal
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error as PlaywrightError

from tests.e2e.conftest import FLAGS
from tests.e2e.keyboard import Annotator, let_in
from tests.support.making import CHOICE, PASSWORD
from tests.support.serving import Installation
from tests.support.workplaces import Stored, Task, Workplace, a_workplace, annotations_in, rows_of, set_member

pytestmark = [pytest.mark.browser, pytest.mark.both_engines, pytest.mark.timeout(240)]
LABELS = ("positive", "neutral", "negative")
CASES = (
    "offline", "tab", "server", "browser", "tabs", "lost-reply", "session", "unfit", "twice", "unknown", "barred", "text", "skip", "back",
)  # fmt: skip
NOTE = CHOICE + "  - {id: note, kind: text, prompt: Note, required: false, max_length: 500}\n"
_turn = count()


def a_task(name: str) -> Task:
    rows = [{"id": f"{name}-{n}", "lang": "en", "text": f"Text {n} of {name}."} for n in range(14)]
    return Task(name=name, schema=NOTE, rows=rows)


@pytest.fixture(scope="module")
def workplace(site: Installation) -> Workplace:
    return a_workplace(site, tasks=[a_task(name) for name in CASES], people={f"nell-{name}": {} for name in CASES})


class Desk:
    """One person's browser at one project, with what they typed and what the database holds."""

    def __init__(self, context: Any, site: Installation, workplace: Workplace, case: str) -> None:
        self.context, self.site, self.case, self.project = context, site, case, workplace.projects[case]
        let_in(context, site, workplace, f"nell-{case}")
        self.tab = self.another_tab()
        self.typed: dict[str, dict[str, str]] = {}

    @classmethod
    def in_profile(cls, profile: Path, chromium: Any, *given: Any) -> "Desk":
        """At a browser that keeps its data on disk."""
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        return cls(chromium.browser_type.launch_persistent_context(str(profile), executable_path=path, args=FLAGS), *given)

    def another_tab(self) -> Annotator:
        return Annotator(self.context.new_page(), self.site.url).open(self.project)

    def answer(self, how_many: int = 1, *, tab: Annotator | None = None) -> None:
        at = tab or self.tab
        for _ in range(how_many):
            label = next(_turn) % 3
            self.typed[at.text()] = {"sentiment": LABELS[label]}
            at.press(str(label + 1))
            at.submit()

    def stored(self) -> list[Stored]:
        return [one for one in annotations_in(self.site, self.project) if one.person == f"nell-{self.case}"]

    def compare(self) -> None:
        """Each typed answer is stored under its own key, and nothing else is."""
        stored = self.stored()

        assert {f"Text {one.item.rpartition('-')[2]} of {self.case}.": one.answers for one in stored} == self.typed
        assert len(stored) == len({one.key for one in stored}) == len(self.typed)


@pytest.fixture
def desk(chromium: Any, site: Installation, workplace: Workplace) -> Callable[[str], Desk]:
    opened: list[Desk] = []

    def open_desk(case: str) -> Desk:
        opened.append(Desk(chromium.new_context(), site, workplace, case))
        return opened[-1]

    yield open_desk
    faults = [fault for each in opened for fault in each.tab.faults]
    for each in opened:
        each.context.close()
    assert faults == []


SAVED = "document.querySelector('.status-saved').textContent === 'saved'"


def pending(number: int) -> str:
    return f"document.querySelector('.status-saved').textContent.startsWith('{number} ')"


def test_ten_items_answered_without_a_network_are_delivered_once_when_it_returns(desk):
    at = desk("offline")
    at.context.set_offline(True)
    at.answer(10)
    at.tab.wait_for(pending(10))
    assert at.stored() == []
    assert "No connection" in at.tab.page.inner_text(".banners")

    at.context.set_offline(False)
    at.tab.wait_for(SAVED)

    assert len(at.typed) == 10
    at.compare()


def test_a_killed_tab_leaves_its_answers_and_its_draft_to_the_next(desk):
    at = desk("tab")
    at.context.set_offline(True)
    at.answer(3)
    at.tab.press("2")
    at.tab.write("Note", "half a thou")
    draft = at.tab.text()
    at.tab.page.wait_for_timeout(400)  # a draft is kept when the hands rest
    crash(at)
    at.context.set_offline(False)

    at.tab = at.another_tab()
    at.tab.wait_for(SAVED)
    at.compare()
    at.tab.wait_for("document.querySelector('textarea, input.answer-text')?.value === 'half a thou'")
    assert at.tab.text() == draft
    at.tab.write("Note", "ght")
    at.tab.submit()
    at.tab.wait_for(SAVED)

    at.typed[draft] = {"sentiment": "neutral", "note": "half a thought"}
    at.compare()


def crash(at: Desk) -> None:
    """Kill the tab's process: no farewell, no last write."""
    with pytest.raises(PlaywrightError, match="crash"):
        at.tab.page.goto("chrome://crash")
    at.tab.page.close()


def test_a_killed_server_gets_everything_once_it_is_back(desk, site):
    at = desk("server")
    at.answer(2)
    at.tab.wait_for(SAVED)
    site.kill()
    try:
        assert not site.answers()
        at.answer(4)
        at.tab.wait_for(pending(4))
    finally:
        site.serve()

    at.tab.wait_for(SAVED, timeout=30_000)

    assert len(at.typed) == 6
    at.compare()


def test_a_killed_browser_delivers_what_it_held_when_it_is_started_again(chromium, site, workplace, tmp_path):
    first = Desk.in_profile(tmp_path, chromium, site, workplace, "browser")
    first.context.set_offline(True)
    first.answer(5)
    first.tab.wait_for(pending(5))
    kill_processes_of(tmp_path)

    second = Desk.in_profile(tmp_path, chromium, site, workplace, "browser")
    second.tab.wait_for(SAVED)
    second.context.close()

    assert len(first.typed) == 5
    first.compare()


def kill_processes_of(profile: Path) -> None:
    """SIGKILL to every process that was started on this profile."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"--user-data-dir={profile}" in (process / "cmdline").read_text(errors="replace").replace("\0", " "):
                os.kill(int(process.name), signal.SIGKILL)
    for lock in profile.glob("Singleton*"):  # it names a process that is dead but not yet buried
        lock.unlink()


def test_of_two_tabs_of_one_person_one_works_and_both_count_once(desk):
    at = desk("tabs")
    at.answer(2)
    other = at.another_tab()
    other.wait_for("document.body.innerText.includes('open in another tab')")
    other.press("1", "Enter")  # does nothing
    at.answer(1)
    other.page.click(".pause .button")
    other.page.wait_for_selector(".item .question")
    at.tab.wait_for("document.body.innerText.includes('open in another tab')")
    at.tab.press("1", "Enter")

    at.answer(2, tab=other)
    other.wait_for(SAVED)

    assert len(at.typed) == 5
    at.compare()


def test_an_answer_whose_receipt_was_lost_is_sent_again_and_stored_once(desk):
    at = desk("lost-reply")
    lost = []

    def lose(route: Any) -> None:
        if len(lost) < 2:
            route.fetch()
            lost.append(route.request.post_data)
            route.abort()
        else:
            route.continue_()

    at.context.route("**/dispatch/submit", lose)
    at.answer(3)
    at.tab.wait_for(SAVED, timeout=20_000)

    assert len(lost) == 2
    at.compare()


def test_answers_wait_while_a_person_is_logged_out_and_go_when_they_log_in_again(desk):
    at = desk("session")
    at.answer(1)
    at.tab.wait_for(SAVED)
    door = at.context.new_page()
    door.goto(f"{at.site.url}/account/")
    door.click("summary")
    door.click("form[data-logout] button")
    door.wait_for_url("**/log-in")
    at.answer(2)
    at.tab.wait_for("document.querySelector('.banners').innerText.includes('You are logged out')")
    assert len(at.stored()) == 1

    door.fill("#id_username", "nell-session")
    door.fill("#id_password", PASSWORD)
    door.click("main button.primary")
    door.wait_for_url(f"{at.site.url}/projects/")
    at.tab.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    at.tab.wait_for(SAVED)

    at.compare()


def spoil(at: Desk, change: Callable[[dict[str, Any]], None]) -> None:
    """Alter the next submit on its way to the server."""

    def altered(route: Any) -> None:
        body = json.loads(route.request.post_data)
        change(body)
        route.continue_(post_data=json.dumps(body))

    at.context.route("**/dispatch/submit", altered, times=1)


def test_an_answer_that_does_not_fit_is_refused_by_the_questions_name_and_can_be_mended(desk):
    at = desk("unfit")
    spoil(at, lambda body: body["answers"].update(sentiment="joyful"))
    at.answer(1)
    at.tab.page.wait_for_selector(".notice.bad")

    words = at.tab.page.inner_text(".notice.bad")
    assert all(word in words for word in ("Sentiment", "joyful", "Open it again"))
    at.tab.page.click(".notice.bad .button >> nth=0")
    at.tab.page.wait_for_selector(".notice.good")
    at.tab.submit()
    at.tab.wait_for(SAVED)
    at.tab.page.wait_for_selector(".notice.bad", state="detached")

    at.compare()


def test_a_key_that_was_used_for_something_else_is_told_in_words(desk):
    at = desk("twice")
    keys: list[str] = []
    spoil(at, lambda body: keys.append(body["key"]))
    at.answer(1)
    at.tab.wait_for(SAVED)
    spoil(at, lambda body: body.update(key=keys[0]))
    at.answer(1)
    at.tab.page.wait_for_selector(".notice.bad")

    assert "under the same key" in at.tab.page.inner_text(".notice.bad")
    at.tab.page.click(".notice.bad .button >> nth=0")
    at.tab.page.wait_for_selector(".notice.good")
    at.tab.submit()
    at.tab.wait_for(SAVED)
    at.compare()


def test_an_item_the_server_does_not_know_is_told_in_words(desk):
    at = desk("unknown")
    spoil(at, lambda body: body.update(lease="0" * 32))
    at.answer(1)
    at.tab.page.wait_for_selector(".notice.bad")

    assert "no longer knows the item" in at.tab.page.inner_text(".notice.bad")
    assert at.stored() == []


def test_a_person_who_is_taken_off_the_project_is_told_and_keeps_what_was_typed(desk, site):
    at = desk("barred")
    set_member(site, project=at.project, person="nell-barred", is_member=False)
    at.context.route("**/dispatch/*", lambda route: route.continue_(headers={**route.request.headers, "authorization": "Bearer old"}))
    at.answer(2)
    at.tab.wait_for("document.querySelector('.banners').innerText.includes('not a member')")
    assert at.stored() == []

    set_member(site, project=at.project, person="nell-barred", is_member=True)
    at.context.unroute_all()
    at.tab.open(at.project)
    at.tab.wait_for(SAVED)
    at.compare()


def test_a_long_text_is_stored_to_the_last_sign(desk):
    at = desk("text")
    text = "नमस्ते 👨‍👩‍👧‍👦 مرحبا بكم\nสวัสดี 東京 “q” <b>&amp;</b> \\ \u200d\u202e!"
    at.typed[at.tab.text()] = {"sentiment": "positive", "note": text}
    at.tab.press("1")
    at.tab.write("Note", text)
    at.tab.submit()
    at.tab.wait_for(SAVED)

    at.compare()


def test_skips_without_a_network_arrive_too(desk):
    at = desk("skip")
    at.context.set_offline(True)
    at.answer(1)
    at.tab.press("s", "2")
    at.tab.page.wait_for_selector(".skip-panel", state="detached")
    at.answer(1)
    at.context.set_offline(False)
    at.tab.wait_for(SAVED)

    at.compare()
    person = f"SELECT id FROM accounts_user WHERE username = 'nell-{at.case}'"
    assert rows_of(at.site, f"SELECT reason FROM annotation_skipped WHERE person_id = ({person})") == [("unclear",)]


def test_a_correction_made_without_a_network_comes_after_the_answer_it_corrects(desk):
    at = desk("back")
    at.context.set_offline(True)
    text = at.tab.text()
    at.tab.press("1")
    at.tab.submit()
    at.tab.press("b")
    at.tab.page.wait_for_selector(".notice.good")
    at.tab.press("3")
    at.tab.submit()
    at.context.set_offline(False)
    at.tab.wait_for(SAVED)

    said = at.stored()
    assert [(one.revision, one.answers["sentiment"]) for one in said] == [(0, "positive"), (1, "negative")]
    assert {f"Text {one.item.rpartition('-')[2]} of back." for one in said} == {text}
    assert len({one.lease for one in said}) == 1
