"""The three hot URLs: what they take, give and refuse."""

import io
import json
import uuid
from datetime import timedelta

import pytest
from django.utils.translation import get_language

from isogloss.accounts.rules import Role
from isogloss.annotation.models import Annotation
from isogloss.dispatch.hot import HotPath
from isogloss.dispatch.services import mint_token, raise_epoch
from isogloss.dispatch.store.records import StorageFull, Unavailable
from isogloss.projects.models import Membership
from isogloss.projects.services import add_member, remove_member
from tests.dispatch.making import Desk, a_desk, annotations, some_items

pytestmark = pytest.mark.django_db


class Page:
    """What a page of the workbench does, without HTTP."""

    def __init__(self, desk: Desk, person, *, store=None) -> None:
        self.desk = desk
        self.hot = HotPath(lambda environ, start: [b"django"], store=store or desk.store, clock=lambda: desk.now.timestamp())  # noqa: PLW0108  the clock is turned
        self.hot._keeper = object()
        self.token = mint_token(person, project=desk.project, now=desk.now).text if person else ""
        self.status, self.headers = "", {}

    def post(self, path: str, body: object = None, *, token: str | None = None, method: str = "POST", raw: bytes | None = None):
        data = raw if raw is not None else json.dumps(body or {}).encode()

        def start(status, headers):
            self.status, self.headers = status, dict(headers)

        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "CONTENT_LENGTH": str(len(data)), "wsgi.input": io.BytesIO(data)}
        shown = self.token if token is None else token
        if shown:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {shown}"
        answer = b"".join(self.hot(environ, start))
        return json.loads(answer) if answer != b"django" else "django"

    def submit(self, lease: str, answers: object = None, **more: object):
        body = {
            "lease": lease,
            "key": uuid.uuid4().hex,
            "answers": {"sentiment": "positive"} if answers is None else answers,
            "active_ms": 1500,
            **more,
        }
        return self.post("/dispatch/submit", body)


def a_page(**options: object) -> Page:
    desk = a_desk(**{"n": 3, **options})
    return Page(desk, desk.annotator())


def test_next_gives_what_the_page_needs_and_nothing_more():
    page = a_page()

    told = page.post("/dispatch/next", {"want": 2})

    assert page.status.startswith("200")
    assert set(told) == {"leases", "nothing", "today", "break_in"}
    lease = told["leases"][0]
    assert set(lease) == {
        "lease", "schema", "expires", "serve", "language", "direction", "severity", "hazards", "content", "suggestions", "shuffle",
    }  # fmt: skip
    assert lease["content"]["text"].startswith("Sentence")
    assert lease["expires"] == "2026-11-22T12:30:00Z"
    assert told["nothing"] is None


def test_the_schema_of_a_lease_is_named_by_its_public_id():
    page = a_page()

    assert page.post("/dispatch/next")["leases"][0]["schema"] == page.desk.project.version.public_id


def test_right_to_left_languages_say_so():
    desk = a_desk(languages=("ar",))
    some_items(desk.project, 1, language="ar")

    assert Page(desk, desk.annotator("ar")).post("/dispatch/next")["leases"][0]["direction"] == "rtl"


def test_nothing_is_explained_in_words():
    page = a_page(n=0)

    nothing = page.post("/dispatch/next")["nothing"]

    assert nothing["reason"] == "no_work"
    assert nothing["message"].endswith(".")


def test_a_submit_is_answered_with_its_annotation():
    page = a_page()
    lease = page.post("/dispatch/next")["leases"][0]["lease"]

    told = page.submit(lease, opened_at="2026-11-22T11:59:00Z", reveals=[{"at": "2026-11-22T11:59:30Z"}], suggestion_visible=True)

    row = Annotation.objects.get()
    assert told == {"state": "counted", "annotation": row.public_id, "revision": 0, "today": 1}
    assert (json.loads(row.answers), row.active_ms, row.suggestion_visible) == ({"sentiment": "positive"}, 1500, True)
    assert json.loads(row.served)["reveals"] == ["2026-11-22T11:59:30Z"]


def test_answers_that_do_not_fit_are_refused_and_the_lease_stays():
    page = a_page()
    lease = page.post("/dispatch/next")["leases"][0]["lease"]

    told = page.submit(lease, {"sentiment": "purple"})

    assert page.status.startswith("422")
    assert told["problems"][0]["question"] == "sentiment"
    assert page.submit(lease)["state"] == "counted"


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"[]",
        b'{"lease": "x"}',
        b'{"lease": "' + b"0" * 32 + b'", "key": "short", "answers": {}}',
        b"\xff\xfe",
        b'{"want": 0}',
        b'{"want": 999}',
    ],
)
def test_a_body_that_cannot_be_read_is_refused(raw):
    page = a_page()

    for path in ("/dispatch/submit", "/dispatch/skip") if b"want" not in raw else ("/dispatch/next",):
        told = page.post(path, raw=raw)
        assert page.status.startswith("422"), path
        assert told["type"] == "urn:isogloss:invalid-input"


def test_a_nul_in_an_answer_is_refused():
    page = a_page()
    lease = page.post("/dispatch/next")["leases"][0]["lease"]

    page.submit(lease, {"sentiment": "a\x00b"})

    assert page.status.startswith("422")


def test_a_lone_surrogate_in_an_answer_is_refused():
    page = a_page()
    lease = page.post("/dispatch/next")["leases"][0]["lease"]

    page.post("/dispatch/submit", raw=json.dumps({"lease": lease, "key": "k" * 9, "answers": {"sentiment": "\ud800"}}).encode())

    assert page.status.startswith("422")


@pytest.mark.parametrize("key", ["abcdefg\x00", "abcdefg\ud800", "abcdefgh\n", "\tabcdefgh", "abc\x7fdefgh", "abcdefg\u200b"])
def test_a_key_with_characters_that_cannot_be_seen_is_refused(key):
    page = a_page()
    lease = page.post("/dispatch/next")["leases"][0]["lease"]

    page.submit(lease, key=key)
    submitted = page.status
    page.post("/dispatch/skip", {"lease": lease, "key": key, "reason": "unclear"})

    assert (submitted[:3], page.status[:3]) == ("422", "422")
    assert annotations(page.desk) == 0


@pytest.mark.parametrize("key", ["12345678", "3f2b8a4e-1c1d-4f5e-9a86-0e9f5a0c7d11", "a key of 1 script!", "~" * 64])
def test_a_key_of_visible_characters_is_taken(key):
    page = a_page()
    lease = page.post("/dispatch/next")["leases"][0]["lease"]

    told = page.submit(lease, key=key)

    assert told["state"] == "counted"


def test_how_an_item_was_shown_holds_no_nul():
    page = a_page()
    lease = page.post("/dispatch/next")["leases"][0]["lease"]

    page.submit(lease, order={"left": "a\x00"})

    assert page.status.startswith("422")
    assert annotations(page.desk) == 0


@pytest.mark.parametrize("told", [{"reason": "other\n"}, {"lease": "0" * 32 + "\n"}])
def test_a_pattern_is_of_the_whole_text(told):
    page = a_page()
    lease = page.post("/dispatch/next")["leases"][0]["lease"]

    page.post("/dispatch/skip", {"lease": lease, "key": "k" * 9, "reason": "other", **told})

    assert page.status.startswith("422")


@pytest.mark.parametrize("token", ["", "nonsense", "AAAA", "é"])
def test_without_a_valid_token_nothing_is_said(token):
    page = a_page()

    told = page.post("/dispatch/next", token=token)

    assert page.status.startswith("401")
    assert told["title"] == "The token is not valid"


def test_a_token_that_was_changed_is_refused():
    page = a_page()
    page.token = ("A" if page.token[0] != "A" else "B") + page.token[1:]

    page.post("/dispatch/next")

    assert page.status.startswith("401")


def test_a_token_lasts_fifteen_minutes():
    page = a_page()
    page.desk.now += timedelta(minutes=15)

    page.post("/dispatch/next")

    assert page.status.startswith("401")


def test_a_revoked_token_is_refused_by_all_three():
    desk = a_desk(n=3)
    ana = desk.annotator()
    page = Page(desk, ana)
    lease = page.post("/dispatch/next")["leases"][0]["lease"]
    raise_epoch(ana.pk, now=desk.now)

    said = []
    for path, body in (
        ("/dispatch/next", {}),
        ("/dispatch/submit", {"lease": lease, "key": "k" * 9, "answers": {"sentiment": "positive"}}),
        ("/dispatch/skip", {"lease": lease, "key": "k" * 9, "reason": "unclear"}),
    ):
        page.post(path, body)
        said.append(page.status[:3])

    assert said == ["401", "401", "401"]


def test_whoever_is_taken_off_a_project_is_refused_at_once_and_works_on_elsewhere():
    desk, other = a_desk(n=3), a_desk(n=3)
    ana = desk.annotator()
    add_member(other.project, user=ana, role=Role.ANNOTATOR, actor=other.lead, now=other.now)
    page, elsewhere = Page(desk, ana), Page(other, ana)
    lease = page.post("/dispatch/next")["leases"][0]["lease"]

    remove_member(Membership.objects.get(project=desk.project, user=ana), actor=desk.lead, now=desk.now)

    page.submit(lease)
    assert page.status.startswith("401")
    elsewhere.token = mint_token(ana, project=other.project, now=other.now).text
    assert elsewhere.post("/dispatch/next")["leases"]


def test_a_skip_is_answered():
    page = a_page()
    body = {
        "lease": page.post("/dispatch/next")["leases"][0]["lease"],
        "key": "k" * 9,
        "reason": "too_harmful",
        "note": "worse than labelled",
    }

    assert [page.post("/dispatch/skip", body)["state"] for _ in range(2)] == ["skipped", "repeat"]


def test_an_unknown_lease_is_not_found():
    page = a_page()

    page.submit("0" * 32)

    assert page.status.startswith("404")


def test_only_post_is_taken():
    page = a_page()

    page.post("/dispatch/next", method="GET")

    assert page.status.startswith("405")


def test_other_addresses_go_to_django():
    page = a_page()

    assert [page.post(path) for path in ("/", "/dispatch/", "/dispatch/else", "/dispatchnext")] == ["django"] * 4


def test_too_long_a_body_is_not_read():
    page = a_page()
    page.hot._answer  # noqa: B018

    from isogloss.dispatch import hot

    page.post("/dispatch/submit", raw=b" " * (hot.MOST_BYTES + 1))

    assert page.status.startswith("413")


class Failing:
    """A store whose database is in trouble."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name):
        def fail(*args, **options):
            raise self.error

        return fail


@pytest.mark.parametrize(
    ("error", "status"), [(Unavailable("gone"), "503"), (StorageFull("full"), "507"), (RuntimeError("secret detail"), "500")]
)
def test_trouble_is_told_without_details_of_ours(error, status):
    desk = a_desk(n=1)
    page = Page(desk, desk.annotator(), store=Failing(error))

    told = page.post("/dispatch/next")

    assert page.status.startswith(status)
    assert "secret" not in json.dumps(told)


def test_an_answer_under_an_old_schema_is_checked_against_it():
    from isogloss.projects.services import revise_guideline
    from tests.support.making import CHOICE

    desk = a_desk(n=1)
    page = Page(desk, desk.annotator())
    lease = page.post("/dispatch/next")["leases"][0]["lease"]
    revise_guideline(
        desk.project,
        schema_source=CHOICE.replace("positive, name: Positive", "good, name: Good"),
        text="",
        note="",
        actor=desk.lead,
        now=desk.now,
    )

    assert page.submit(lease, {"sentiment": "positive"})["state"] == "counted"


def test_a_correction_is_checked_against_the_schema_it_was_made_under():
    desk = a_desk(n=1)
    page = Page(desk, desk.annotator())
    lease = page.post("/dispatch/next")["leases"][0]["lease"]
    page.submit(lease)
    page.hot._facts.clear()

    told = page.submit(lease, {"sentiment": "neutral"})

    assert (told["state"], told["revision"]) == ("correction", 1)


def test_a_refusal_is_in_the_readers_language_even_when_the_token_is_old(monkeypatch):
    monkeypatch.setattr("isogloss.dispatch.hot.gettext", lambda text: f"{get_language()}: {text}")
    desk = a_desk(n=1)
    ana = desk.annotator()
    ana.language = "id"
    ana.save()
    page = Page(desk, ana)
    desk.later(hours=1)

    told = page.post("/dispatch/next")

    assert page.status.startswith("401")
    assert told["title"] == "id: The token is not valid"
    assert told["detail"] == "id: The token has expired. Fetch a new one."


def test_a_refusal_of_somebody_unknown_is_in_the_language_of_the_site(monkeypatch):
    monkeypatch.setattr("isogloss.dispatch.hot.gettext", lambda text: f"{get_language()}: {text}")

    told = a_page().post("/dispatch/next", token="made up")

    assert told["title"].startswith("en")
