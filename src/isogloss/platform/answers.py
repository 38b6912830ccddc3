"""What pages' own scripts send and get: JSON objects in, refusals with a reason in the reader's language out."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from django.http import HttpRequest, HttpResponse, RawPostDataException
from django.utils.translation import gettext

from isogloss.platform.plain_text import refuse_unstorable
from isogloss.platform.problems import InvalidInput, Problem

P = ParamSpec("P")


def json_body(request: HttpRequest, *, is_kept: bool = True) -> dict[str, Any]:
    """Return the JSON object that was sent; what is to be kept must be text that both engines store."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError, RawPostDataException):  # the last: it came as a form with files and was read as one
        raise InvalidInput("The request's body is not JSON.") from None
    if not isinstance(body, dict):
        raise InvalidInput("The request's body is not a JSON object.")
    if is_kept:
        refuse_unstorable(body)
    return body


def refused(problem: Problem) -> HttpResponse:
    """Answer with a problem document."""
    title, detail = gettext(problem.title), gettext(problem.detail)
    body = {"type": f"urn:isogloss:{problem.kind}", "title": title, "status": int(problem.status), "detail": detail}
    return HttpResponse(json.dumps(body), status=problem.status, content_type="application/problem+json")


def for_scripts(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Answer what a view refuses with a problem document; a person who reads a page gets a page instead."""

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except Problem as problem:
            return refused(problem)

    return answered
