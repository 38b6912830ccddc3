"""The interface speaks every language it offers: nothing unmarked, nothing untranslated, nothing that would not fit its holes."""

import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from importlib.util import module_from_spec, spec_from_file_location

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, reset_format_cache
from django.utils.translation import gettext, ngettext, to_locale

from isogloss.accounts.models import User
from isogloss.assist.services.figures import NOTHING_DECIDED
from isogloss.quality.models import Figure
from isogloss.quality.queries import latest_watermark
from isogloss.web.templatetags.isogloss import decimal2, decimal_mark, method_name, role_name, role_names, state_name
from isogloss.workbench.strings import COUNTED, TEXTS, examples, translated_strings
from tests.conftest import ROOT
from tests.contract.test_routes import OK, PAGES, page_url
from tests.contract.world import KINDS, World, a_world
from tests.delivery.making import a_worked_project
from tests.support.clients import a_browser
from tests.support.making import NOW, a_person

OTHERS = [code for code, _ in settings.LANGUAGES if code != "en"]
HOLES = re.compile(r"%\(\w+\)s|%%|\{\w+\}")
WORD = re.compile(r"[A-Za-z]{4,}")
# Ways of saying 0, 1 or 2 that need no figure.
NUMBER_IS_SAID = 3


def a_tool():
    spec = spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    module = module_from_spec(spec)
    sys.modules["messages"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


messages = a_tool()


@pytest.fixture(scope="module")
def said():
    return messages.everything_said()


@pytest.fixture
def world(db, tmp_path) -> World:
    return a_world(tmp_path)


def po_file(code: str):
    return messages.LOCALE / to_locale(code) / "LC_MESSAGES" / "django.po"


def entries(code: str):
    return [message for message in messages.read(po_file(code)) if message.id]


def as_tuple(text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_every_offered_language_has_a_file():
    assert sorted(messages.po_files()) == sorted(po_file(code) for code in OTHERS)


@pytest.mark.parametrize("code", OTHERS)
def test_the_file_holds_what_the_code_says_so_that_make_messages_changes_nothing(code, said):
    held, catalog = po_file(code).read_text(encoding="utf-8"), messages.read(po_file(code))

    missing = [message.id for message in said if message.id and catalog.get(message.id, message.context) is None]

    assert missing == [], "run `make messages` and translate these"
    assert held == messages.renewed(po_file(code), said=said), "run `make messages`"


def test_why_a_flag_has_no_figure_is_among_what_is_said(said):
    """It is stored in English and looked up by the page, where no tool could find it."""
    assert said.get(NOTHING_DECIDED) is not None


def test_what_the_hot_path_refuses_is_among_what_is_said(said):
    """The workbench shows it to whoever annotates, the queue's page to leads."""
    assert said.get("There is no such lease. Reload the page to be served again.") is not None
    assert said.get("The person has seen this item before.") is not None


@pytest.mark.parametrize("code", OTHERS)
def test_everything_is_translated(code):
    left = [message.id for message in entries(code) if not all(as_tuple(message.string))]

    assert left == []


@pytest.mark.parametrize("code", OTHERS)
def test_translations_have_the_holes_of_the_original(code):
    wrong = []
    for message in entries(code):
        wanted = set(HOLES.findall(" ".join(as_tuple(message.id))))
        for form, text in enumerate(as_tuple(message.string)):
            holes = set(HOLES.findall(text))
            may_say_it = isinstance(message.id, tuple) and code == "ar" and form < NUMBER_IS_SAID
            if holes != wanted and not (may_say_it and holes < wanted):
                wrong.append((text, wanted ^ holes))

    assert wrong == []


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_is_the_english_text_unless_it_is_a_name(code):
    same = {text for message in entries(code) for text in as_tuple(message.string) if text in as_tuple(message.id) and WORD.search(text)}

    assert same <= {"Audit", "Batch", "Status", "Total", "Filter", "Parquet", "administrator", "Administrator"}


@pytest.mark.parametrize("code", OTHERS)
def test_what_pages_look_up_is_what_the_file_says(code):
    plain = [message for message in entries(code) if isinstance(message.id, str) and message.context is None]

    with translation.override(code):
        stale = [message.id for message in plain if gettext(message.id) != message.string]

    assert stale == [], "the compiled translations are old: run `make frontend`"


def test_arabic_counts_in_six_forms():
    with translation.override("ar"):
        told = {ngettext("{n} answer was refused", "{n} answers were refused", n) for n in (0, 1, 2, 3, 11, 100)}
        forms = dict(examples("ar"))

    assert len(told) >= 5  # 11 and 100 differ in the noun only where the noun shows it
    assert set(forms) == {"zero", "one", "two", "few", "many", "other"}


# The workbench's words stand twice: as English in the front end and as gettext's texts here.


def of_the_front_end() -> dict[str, tuple[str, ...]]:
    source = (ROOT / "frontend" / "workbench" / "strings.ts").read_text(encoding="utf-8")
    text = r'("(?:[^"\\]|\\.)*")'
    line = re.compile(rf"(\w+): (?:{text}|\{{ one: {text}, other: {text} \}}),")
    body = source.split("export const english = {\n")[1].split("\n} as const")[0]
    found = {}
    for each in body.splitlines():
        if each.strip() and not each.strip().startswith("//"):
            match = line.fullmatch(each.strip())
            assert match, f"this line of strings.ts is not read by the test: {each}"
            found[match[1]] = tuple(json.loads(part) for part in match.groups()[1:] if part)
    return found


def test_the_server_translates_every_word_of_the_workbench_and_no_other():
    english = of_the_front_end()

    with translation.override("en"):
        plain = {name: (gettext(text),) for name, text in TEXTS.items()}
        counted = {name: (told(1), told(2)) for name, told in COUNTED.items()}

    assert plain | counted == english


@pytest.mark.parametrize("code", OTHERS)
def test_the_workbench_gets_every_plural_form_its_language_has(code):
    with translation.override(code):
        words = translated_strings()

    assert set(words) == set(TEXTS) | {f"{name}.{form}" for name in COUNTED for form, _ in examples(code)}
    assert all(words.values())


# What the extraction finds.


def test_a_template_says_its_tags_its_blocks_its_plurals_and_its_constants(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    page = tmp_path / "page.html"
    page.write_text(
        """{% translate "Plain" %}{% if x %}{% trans 'Old name, 5 %' %}{% endif %}{% translate word %}{% translate "May" context "month" %}
        {% blocktranslate with a=b|lower %}A {{ a }} of 5 %{% endblocktranslate %}
        {% for x in y %}{% blocktranslate count n=x trimmed %}
          {{ n }} day
        {% plural %}
          {{ n }} days
        {% endblocktranslate %}{% empty %}{{ x|default:_("Constant") }}{% endfor %}"""
    )

    found = {(said.texts, said.context) for said in messages.said_by_template(page)}

    assert found == {
        (("Plain",), None),
        (("Old name, 5 %%",), None),
        (("May",), "month"),
        (("A %(a)s of 5 %%",), None),
        (("%(n)s day", "%(n)s days"), None),
        (("Constant",), None),
    }


def test_python_says_what_it_marks_and_what_it_refuses_with(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "SOURCE", tmp_path)
    module = tmp_path / "corpus.py"
    module.write_text(
        'from django.utils.translation import gettext as _\nclass Late(Problem):\n    title = "Too late"\n\ndef f():\n    _("Marked " "twice")\n    ngettext("one", "many", 2)\n    raise Late("It is over.")\n'
    )

    names = messages.refusal_names()
    found = {said.texts for said in messages.said_by_python(module, refusals=names)}

    assert names == {"Problem", "Late"}
    assert found == {("Marked twice",), ("one", "many"), ("It is over.",), ("Too late",)}


def test_a_renewed_file_keeps_translations_and_drops_what_nothing_says(tmp_path):
    path = tmp_path / "id" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    said = messages.Catalog(fuzzy=False)
    said.add("New")
    said.add("Old")
    path.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Old"\nmsgstr "Lama"\n\nmsgid "Gone"\nmsgstr "Hilang"\n'
    )

    path.write_text(messages.renewed(path, said=said), encoding="utf-8")

    assert {message.id: message.string for message in messages.read(path) if message.id} == {"New": "", "Old": "Lama"}
    assert path.read_text(encoding="utf-8") == messages.renewed(path, said=said)


# Pages as people see them.

NOT_THE_FRAME = {"bdi", "code", "pre", "script", "style", "textarea", "article"}
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "rect", "line", "circle", "wbr"}
FILES = {"corpus:import-bad-rows", "corpus:profile-masked", "workbench:media", "delivery:release-download", "delivery:release-file"}
SPOKEN = ("title", "aria-label", "placeholder", "alt", "data-confirm", "data-warning")


class Frame(HTMLParser):
    """The words of a page that are ours: no foreign text, no code, no names."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.texts: list[str] = []
        self.root: dict[str, str | None] = {}

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "html":
            self.root = given
        is_left_out = any(self.open) or tag in NOT_THE_FRAME or given.get("dir") == "auto"
        if not is_left_out:
            self.texts += [given[name] for name in SPOKEN if given.get(name)]
        if tag not in VOID:
            self.open.append(is_left_out)

    def handle_endtag(self, tag):
        if tag not in VOID and self.open:
            self.open.pop()

    def handle_data(self, data):
        if not any(self.open) and data.strip():
            self.texts.append(data.strip())


def english_words(code: str) -> set[str]:
    """Words of the English texts that the language does not use itself."""
    ours = {word.lower() for message in entries(code) for text in as_tuple(message.id) for word in WORD.findall(HOLES.sub("", text))}
    theirs = {word.lower() for message in entries(code) for text in as_tuple(message.string) for word in WORD.findall(HOLES.sub("", text))}
    return ours - theirs


def left_in_english(texts: list[str], *, words: set[str], data: list[str]) -> list[str]:
    left = []
    for text in texts:
        rest = text
        for name in data:
            rest = re.sub(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", "", rest)
        plain = [part for part in rest.split() if not re.search(r"\w[:/_@.]\w", part)]
        if {word.lower() for word in WORD.findall(" ".join(plain))} & words:
            left.append(text)
    return left


def names_in(world: World) -> list[str]:
    """What people called things: it stays as they wrote it."""
    called = [person.name for person in world.people.values()] + [person.username for person in world.people.values()]
    things = [world.project.name, world.run.file_name, world.run.batch.name, world.qualification.name, "Newcomer", "Isogloss", "text"]
    return sorted(filter(None, [*called, *things]), key=len, reverse=True)


@pytest.mark.parametrize("code", OTHERS)
def test_no_english_is_left_in_the_frame_of_any_page(world, code):
    User.objects.update(language=code)
    words, data = english_words(code), names_in(world)

    frames = dict(pages(world, code))
    left = {page: found for page, frame in frames.items() if (found := left_in_english(frame.texts, words=words, data=data))}

    assert len(frames) > 15
    assert left == {}
    assert {(frame.root.get("lang"), frame.root.get("dir")) for frame in frames.values()} == {(code, "rtl" if code == "ar" else "ltr")}


def pages(world: World, code: str) -> Iterator[tuple[str, Frame]]:
    """Every page that can be looked at, as the first kind of person it opens to."""
    for row, expected in PAGES.items():
        method, name = row.split(" ", 1)
        kind = next((kind for kind in reversed(KINDS) if expected[kind] == OK), None)
        if method != "GET" or kind is None or name.startswith("api:") or name in FILES:
            continue
        response = world.client(kind).get(page_url(name, world), headers={"Accept-Language": code})
        if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
            frame = Frame()
            frame.feed(response.content.decode())
            yield f"{name} as {kind}", frame


@pytest.mark.parametrize("code", OTHERS)
def test_figures_are_told_in_the_language_of_the_page(db, code):
    project, worker = a_worked_project(), a_person("the-worker")
    common = {"project_id": project.pk, "method": "krippendorff", "watermark": latest_watermark(project.pk), "made_at": NOW}
    only_one = "only one person answered: agreement needs a second person on the same items"
    Figure.objects.create(
        name="alpha", language="id", question="sentiment", value=None, reason=only_one, n_items=1, n_annotations=1, **common
    )
    Figure.objects.create(name="answered", question=str(worker.pk), value=3.0, n_items=3, n_annotations=3, **common)
    User.objects.update(language=code)

    frame = Frame()
    frame.feed(a_browser(project.created_by).get(f"/projects/{project.public_id}/").content.decode())

    assert left_in_english(frame.texts, words=english_words(code), data=[project.name, "Sentiment", "Krippendorff", "Isogloss"]) == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_refusal_is_told_in_the_language_of_the_page(world, code):
    User.objects.update(language=code)

    page = world.client("lead").get(f"/projects/{'0' * 32}/guideline")
    frame = Frame()
    frame.feed(page.content.decode())

    assert page.status_code == 404
    assert left_in_english(frame.texts, words=english_words(code), data=names_in(world)) == []


def test_a_stranger_is_spoken_to_in_the_language_of_the_browser(client, db):
    page = client.get("/log-in", headers={"Accept-Language": "ar-EG,ar;q=0.9"}).content.decode()

    assert 'dir="rtl"' in page
    assert "تسجيل الدخول" in page


# Words and numbers that data brings.


@pytest.mark.parametrize("code", OTHERS)
def test_states_roles_and_methods_are_told_in_words(code):
    from isogloss.accounts.rules import Role
    from isogloss.platform.models import JobState
    from isogloss.projects.rules import Aggregation, ProjectState

    with translation.override(code):
        told = [*map(state_name, [*ProjectState, *JobState]), *map(role_name, Role), *map(method_name, Aggregation)]

    english = {
        "active",
        "paused",
        "closed",
        "running",
        "waiting",
        "failed",
        "lead",
        "requester",
        "reviewer",
        "annotator",
        "majority",
        "auto",
    }
    assert not {word for word in told if word in english}


def test_roles_are_listed_as_the_language_lists():
    with translation.override("ja"):
        japanese = role_names(["lead", "annotator"])
    with translation.override("en"):
        english = role_names(["lead", "annotator"])

    assert (japanese, english) == ("リーダー、アノテーター", "lead, annotator")


@pytest.mark.parametrize(("code", "shown"), [("en", ".81"), ("id", "0,81"), ("ja", "0.81"), ("zh-hans", "0.81"), ("ar", "0,81")])
def test_shares_are_written_as_the_language_writes_numbers(code, shown):
    with translation.override(code):
        assert decimal2(0.81) == shown


def test_a_number_in_a_chart_has_the_decimal_mark_of_the_table_beside_it():
    with translation.override("id"):
        assert decimal_mark("0.62") == decimal2(0.62) == "0,62"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("en", "22 Nov 2026, 14:05"),
        ("zh-hans", "2026年11月22日 14:05"),
        ("id", "22-11-2026 14.05"),
        ("ja", "2026/11/22 14:05"),
        ("ar", "22\u200f/11\u200f/2026 14:05"),
    ],
)
def test_moments_are_written_as_the_language_writes_them(code, shown, settings):
    settings.FORMAT_MODULE_PATH = "isogloss.web.formats"
    reset_format_cache()

    with translation.override(code):
        written = date_format(datetime(2026, 11, 22, 14, 5, tzinfo=UTC), "SHORT_DATETIME_FORMAT")
    reset_format_cache()

    assert written == shown
