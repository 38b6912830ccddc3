"""The hot path: three URLs answered in front of Django, in the same process, without session, middleware or ORM."""

import hashlib
import logging
import random
import threading
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import msgspec
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections
from django.utils import translation
from django.utils.translation import gettext

from isogloss.dispatch import messages
from isogloss.dispatch.store import DispatchStore
from isogloss.dispatch.store.opening import the_store
from isogloss.dispatch.store.records import LeaseFacts, NextRequest, Outdated, Served, SkipRequest, Submission, Unavailable
from isogloss.dispatch.tokens import Token, read_token
from isogloss.guidelines.queries import public_id_of_version, schema_of
from isogloss.guidelines.schemas import CompiledSchema, compile_schema
from isogloss.platform.identifiers import new_public_id
from isogloss.platform.languages import direction
from isogloss.platform.problems import InvalidInput, Problem, TooLarge

log = logging.getLogger(__name__)

PREFIX = "/dispatch/"
MOST_BYTES = 8 * 1024 * 1024
KEPT_LEASES = 10_000
KEPT_CONTENT = 2_000
KEPT_SETTING_MS = 5_000
SWEEP_EVERY = 5.0
_HEADERS = [("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
_PROBLEM = [("Content-Type", "application/problem+json"), *_HEADERS[1:]]
_LINES = {status: f"{status.value} {status.phrase}" for status in HTTPStatus}

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class NotAuthorised(Problem):
    """The token is missing, expired or revoked; a new one comes from the page's token URL."""

    status = HTTPStatus.UNAUTHORIZED
    title = "The token is not valid"


class RefusedAnswers(InvalidInput):
    """The answers do not fit the schema of the lease."""

    title = "The answers do not fit the question"


class MethodNotAllowed(Problem):
    """The hot URLs take POST."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    title = "Method not allowed"


class HotPath:
    """A WSGI application that answers the hot URLs and leaves the rest to Django."""

    def __init__(self, application: Application, *, store: DispatchStore | None = None, clock: Callable[[], float] = time.time) -> None:
        self._application = application
        self._given_store = store
        self._clock = clock
        self._facts: dict[str, tuple[int, LeaseFacts]] = {}
        self._suggesting: dict[int, tuple[int, bool]] = {}
        self._keeper: threading.Thread | None = None
        self._routes = {"next": self._next, "submit": self._submit, "skip": self._skip}

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, or pass on."""
        if self._keeper is None:
            self._begin_keeping()
        path: str = environ.get("PATH_INFO", "")
        route = self._routes.get(path[len(PREFIX) :]) if path.startswith(PREFIX) else None
        if route is None:
            return self._application(environ, start_response)
        try:
            body = self._answer(environ, route)
        except Problem as problem:
            return _refuse(problem, start_response, language=_language_of(environ))
        except DatabaseError:
            gone = Unavailable("The database does not answer. Try again in a few seconds.")
            return _refuse(gone, start_response, language=_language_of(environ))
        except Exception:
            log.exception("The hot path broke at %s", path)
            broken = Broken("Something broke here; the server's log has the details. Your answer stays in the outbox.")
            return _refuse(broken, start_response, language=_language_of(environ))
        start_response("200 OK", [*_HEADERS, ("Content-Length", str(len(body)))])
        return [body]

    @property
    def _store(self) -> DispatchStore:
        return self._given_store or the_store()

    def _answer(self, environ: Environ, route: Callable[[Token, bytes, int], bytes]) -> bytes:
        if environ.get("REQUEST_METHOD") != "POST":
            raise MethodNotAllowed("Use POST.")
        now = int(self._clock() * 1000)
        token = _bearer(environ, now=now)
        try:
            return route(token, _body(environ), now)
        except Outdated:
            raise NotAuthorised("The token was revoked. Fetch a new one.") from None
        except msgspec.DecodeError as error:
            raise InvalidInput(f"The request cannot be read: {error}") from error

    def _next(self, token: Token, body: bytes, now: int) -> bytes:
        wanted = messages.next_decoder.decode(body or b"{}")
        request = NextRequest(person=token.person, project=token.project, epoch=token.epoch, want=wanted.want, now=now)
        outcome = self._store.next_leases(request)
        nothing = None
        if not outcome.leases:
            nothing = messages.nothing_json(self._store.why_nothing(request), language=token.language)
        suggested = self._suggestions(token, now=now) if outcome.leases else {}
        leases = [self._lease_json(served, person=token.person, suggested=suggested.get(served.lease, "{}")) for served in outcome.leases]
        return messages.encoder.encode(messages.NextJson(leases=leases, nothing=nothing, today=outcome.today, break_in=outcome.break_in))

    def _suggestions(self, token: Token, *, now: int) -> dict[str, str]:
        """What models suggest, where the project shows it; whether it does is asked again every few seconds."""
        until, does_suggest = self._suggesting.get(token.project, (0, False))
        if until <= now:
            does_suggest = self._store.does_suggest(project=token.project)
            self._suggesting[token.project] = now + KEPT_SETTING_MS, does_suggest
        return self._store.suggestions(person=token.person, project=token.project) if does_suggest else {}

    def _lease_json(self, served: Served, *, person: int, suggested: str) -> messages.LeaseJson:
        if len(served.content) <= KEPT_CONTENT:
            if len(self._facts) > KEPT_LEASES:
                self._facts.clear()
            self._facts[served.lease] = (person, LeaseFacts(schema=served.schema, content=served.content))
        return messages.LeaseJson(
            lease=served.lease,
            schema=public_id_of_version(served.schema),
            expires=messages.iso(served.expires),
            serve=served.serve,
            language=served.language,
            direction="auto" if served.language == "und" else direction(served.language),
            severity=served.severity,
            hazards=served.hazards.split(",") if served.hazards else [],
            content=msgspec.Raw(served.content.encode()),
            suggestions=msgspec.Raw(suggested.encode()),
            # The order of a pair is drawn with the lease: it stays the same when the page is loaded again.
            shuffle=int(served.lease[-1], 16) % 2 == 1,
        )

    def _submit(self, token: Token, body: bytes, now: int) -> bytes:
        told = messages.submit_decoder.decode(body)
        answers = messages.as_text(told.answers)
        facts = self._facts_of(told.lease, person=token.person)
        problems = _compiled(facts.schema).problems(told.answers, content=msgspec.json.decode(facts.content))
        if problems:
            errors: list[dict[str, object]] = [{"question": p.question, "path": p.path, "message": p.message} for p in problems]
            raise RefusedAnswers("Nothing was stored. Mend the answers and send them again.", errors=errors)
        outcome = self._store.submit(
            Submission(
                person=token.person,
                project=token.project,
                epoch=token.epoch,
                lease=told.lease,
                key=told.key,
                body_hash=hashlib.blake2b(answers.encode(), digest_size=16).hexdigest(),
                answers=answers,
                active_ms=min(told.active_ms, messages.DAY_MS),
                suggestion_visible=told.suggestion_visible,
                served=told.served(),
                now=now,
                annotation=new_public_id(),
            )
        )
        return messages.encoder.encode(outcome)

    def _skip(self, token: Token, body: bytes, now: int) -> bytes:
        told = messages.skip_decoder.decode(body)
        state = self._store.skip(
            SkipRequest(
                person=token.person, project=token.project, epoch=token.epoch, lease=told.lease, key=told.key, reason=told.reason,
                note=told.note.replace("\x00", ""), now=now,
            )
        )  # fmt: skip
        return messages.encoder.encode({"state": state})

    def _facts_of(self, lease: str, *, person: int) -> LeaseFacts:
        kept = self._facts.get(lease)
        return kept[1] if kept and kept[0] == person else self._store.lease_facts(person=person, lease=lease)

    def _begin_keeping(self) -> None:
        self._keeper = threading.Thread(target=self._keep, daemon=True, name="dispatch-keeper")
        self._keeper.start()

    def _keep(self) -> None:
        """End expired leases, refresh typical times, move the log into the database; for as long as the process lives."""
        from isogloss.dispatch.services import mend_batches, refresh_timings  # noqa: PLC0415  models are ready only now

        is_mended = False
        while True:
            time.sleep(SWEEP_EVERY * random.uniform(0.8, 1.2))  # noqa: S311  so that several processes do not keep step
            try:
                if not is_mended:
                    mend_batches()
                    is_mended = True
                self._store.sweep(now=int(self._clock() * 1000))
                refresh_timings()
                checkpoint = getattr(self._store, "checkpoint", None)
                if checkpoint is not None:
                    checkpoint()
            except (Problem, DatabaseError) as error:
                log.warning("Dispatch cannot tidy up at the moment: %s", error)
                close_old_connections()
            except Exception:
                log.exception("Dispatch could not tidy up")


class Broken(Problem):
    """A fault of ours."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    title = "Something broke"


def _bearer(environ: Environ, *, now: int) -> Token:
    scheme, _, text = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    token = read_token(text) if scheme == "Bearer" and text else None
    if token is None:
        raise NotAuthorised("Send the page's token as “Authorization: Bearer …”.")
    if token.expires_ms <= now:
        raise NotAuthorised("The token has expired. Fetch a new one.")
    return token


def _body(environ: Environ) -> bytes:
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise InvalidInput("Content-Length is not a number.") from None
    if length > MOST_BYTES:
        raise TooLarge("An answer may have 8 MiB.")
    body: bytes = environ["wsgi.input"].read(length) if length else b""
    return body


@lru_cache(maxsize=256)
def _compiled(version_id: int) -> CompiledSchema:
    return compile_schema(schema_of(version_id))


def _language_of(environ: Environ) -> str:
    """Return the language of whoever asks, as the token says it, be it expired or revoked."""
    token = read_token(environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ") or "-")
    return token.language if token is not None else settings.LANGUAGE_CODE


def _refuse(problem: Problem, start_response: Callable[..., Any], *, language: str) -> list[bytes]:
    status = HTTPStatus(problem.status)
    with translation.override(language or settings.LANGUAGE_CODE):
        title, detail = gettext(problem.title), gettext(problem.detail)
    told: dict[str, object] = {"type": f"urn:isogloss:{problem.kind}", "title": title, "status": status.value, "detail": detail}
    if problem.errors:
        told["problems"] = problem.errors
    body = messages.encoder.encode(told)
    headers = [*_PROBLEM, ("Content-Length", str(len(body)))]
    if status is HTTPStatus.UNAUTHORIZED:
        headers.append(("WWW-Authenticate", "Bearer"))
    if status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE}:
        headers.append(("Retry-After", "2"))
    start_response(_LINES[status], headers)
    return [body]
