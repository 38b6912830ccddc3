"""Hot requests and answers as JSON: what is taken, what is given, and the words for getting nothing."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from isogloss.dispatch.store.records import Nothing
from isogloss.platform.problems import InvalidInput

MOST_WANTED = 20
DAY_MS = 86_400_000

# \Z, as $ lets a line's end pass; a key is made by a program, so visible ASCII is enough.
_LeaseId = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]
_Key = Annotated[str, msgspec.Meta(min_length=8, max_length=64, pattern=r"^[ -~]+\Z")]
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class NextBody(msgspec.Struct, frozen=True):
    """`POST /dispatch/next`."""

    want: Annotated[int, msgspec.Meta(ge=1, le=MOST_WANTED)] = 1


class Reveal(msgspec.Struct, frozen=True):
    """Something behind a veil was looked at."""

    at: datetime


class SubmitBody(msgspec.Struct, frozen=True):
    """`POST /dispatch/submit`."""

    lease: _LeaseId
    key: _Key
    answers: dict[str, Any]
    active_ms: Annotated[int, msgspec.Meta(ge=0)] = 0
    opened_at: datetime | None = None
    suggestion_visible: bool = False
    reveals: Annotated[list[Reveal], msgspec.Meta(max_length=1000)] = []
    order: dict[str, Any] | None = None

    def served(self) -> str:
        """Return what belongs to the showing rather than to the answer, as JSON; empty where there is nothing."""
        if self.opened_at is None and not self.reveals and not self.order:
            return ""
        told = {"opened_at": self.opened_at, "reveals": [reveal.at for reveal in self.reveals], "order": self.order}
        text = msgspec.json.encode({name: value for name, value in told.items() if value})
        if len(text) > 20_000:  # noqa: PLR2004  a page of details, not a dump
            raise InvalidInput("The details of how the item was shown are too long.")
        if _NUL.search(text):
            raise InvalidInput("The details of how the item was shown hold a NUL character.")
        return text.decode()


class SkipBody(msgspec.Struct, frozen=True):
    """`POST /dispatch/skip`."""

    lease: _LeaseId
    key: _Key
    reason: Annotated[str, msgspec.Meta(pattern=r"^(not_my_language|unclear|broken|too_harmful|other)\Z")]
    note: Annotated[str, msgspec.Meta(max_length=500)] = ""


class LeaseJson(msgspec.Struct, frozen=True):
    """One live lease as the page gets it; nothing in it tells gold from live work."""

    lease: str
    schema: str
    expires: str
    serve: int
    language: str
    direction: str
    severity: int
    hazards: list[str]
    content: msgspec.Raw
    suggestions: msgspec.Raw
    shuffle: bool


class NothingJson(msgspec.Struct, frozen=True):
    """Why there is nothing."""

    reason: str
    message: str
    until: str | None


class NextJson(msgspec.Struct, frozen=True):
    """The answer to `next`."""

    leases: list[LeaseJson]
    nothing: NothingJson | None
    today: int
    break_in: int | None


next_decoder = msgspec.json.Decoder(NextBody)
submit_decoder = msgspec.json.Decoder(SubmitBody)
skip_decoder = msgspec.json.Decoder(SkipBody)
encoder = msgspec.json.Encoder()


def as_text(answers: dict[str, Any]) -> str:
    """Return answers in their stored form, or refuse what no database should hold."""
    encoded = encoder.encode(answers)
    if _NUL.search(encoded):
        raise InvalidInput("An answer holds a NUL character. Remove it.")
    return encoded.decode()


def iso(ms: int) -> str:
    """Return a moment in milliseconds as UTC text to the second."""
    return datetime.fromtimestamp(ms // 1000, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def nothing_json(nothing: Nothing, *, language: str) -> NothingJson:
    """Put the reason for getting nothing into the reader's words."""
    with translation.override(language):
        message = _MESSAGES.get(nothing.reason, _MESSAGES["no_work"])()
    return NothingJson(reason=nothing.reason, message=message, until=None if nothing.until is None else iso(nothing.until))


_MESSAGES = {
    "no_work": lambda: _("There is nothing for you at the moment. New items appear here by themselves."),
    "all_done": lambda: _("Everything in this project is done. Thank you."),
    "daily_limit": lambda: _("You have reached today's limit for material like this. It protects you; work goes on tomorrow."),
    "break": lambda: _("Time for a break. It is paid and part of the work."),
    "paused": lambda: _("Work is paused. What you have sent is stored; ask your lead when it goes on."),
    "qualification": lambda: _("This project needs a qualification that you do not hold or that has lapsed. Ask your lead for the test."),
    "consent": lambda: _("What is left needs your consent to its kind of material. You may give it under “My wellbeing”, and need not."),
    "competence": lambda: _("There is no work in your languages. Ask your lead to check the languages recorded for you."),
}
