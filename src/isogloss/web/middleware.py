"""What every answer carries and every request passes: security headers, the reader's language, problems as pages."""

import zoneinfo
from collections.abc import Callable
from http import HTTPStatus

from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation

from isogloss.api.problems import MEDIA_TYPE, from_status
from isogloss.platform.problems import InvalidInput, Problem
from isogloss.web.views import not_found

CSP = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_OPEN_WHILE_PASSWORD_IS_OLD = ("/account/password", "/log-out", "/static/")

Next = Callable[[HttpRequest], HttpResponse]


class SecurityHeaders:
    """Put the content security policy and its companions on every answer."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then add the headers that are not there yet."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()")
        return response


class ReaderPreferences:
    """Show pages in the reader's language and time zone, and send who must change a password to do so."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the preferences for this request only."""
        user = request.user
        chosen = user.language if user.is_authenticated else translation.get_language_from_request(request)
        zone = user.time_zone if user.is_authenticated else ""
        if user.is_authenticated and user.must_change_password and not request.path.startswith(_OPEN_WHILE_PASSWORD_IS_OLD):
            return HttpResponseRedirect(reverse("accounts:password-change"))
        with translation.override(chosen), timezone.override(_zone(zone)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "en")
        return response


def _zone(name: str) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return None


class ProblemPages:
    """Turn a domain error that a page did not catch into a page that says what happened and what to do."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; give programs a problem document where a person would get a page."""
        answer = not_found(request) if _holds_nul(request) else self.get_response(request)
        is_told = answer.status_code < HTTPStatus.BAD_REQUEST or answer.headers.get("Content-Type") == MEDIA_TYPE
        if is_told or not request.path.startswith("/api/"):
            return answer
        told = from_status(answer.status_code)
        if "Allow" in answer.headers:
            told.headers["Allow"] = answer.headers["Allow"]
        return told

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Show a `Problem`; anything else is a fault and goes on, but for a NUL in a form, which PostgreSQL does not look for."""
        if isinstance(exception, DataError | ValueError) and _sends_nul(request):
            exception = InvalidInput("The form holds a NUL character. Remove it and send the form again.")
        if not isinstance(exception, Problem):
            return None
        fragment = request.headers.get("HX-Request") == "true"
        template = "web/_problem.html" if fragment else "web/problem.html"
        return render(request, template, {"problem": exception}, status=exception.status)


def _holds_nul(request: HttpRequest) -> bool:
    """Whether the address holds a NUL: no database stores one, so nothing can be found by it."""
    return "\x00" in request.path or _holds_nul_in(request.GET)


def _sends_nul(request: HttpRequest) -> bool:
    return request.content_type in _FORMS and _holds_nul_in(request.POST)


def _holds_nul_in(sent: QueryDict) -> bool:
    return any("\x00" in str(part) for name, values in sent.lists() for part in (name, *values))
