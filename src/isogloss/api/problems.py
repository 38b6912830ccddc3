"""Every refusal of the API as problem+json (RFC 9457)."""

import json
import logging
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from isogloss.platform.problems import Problem

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_DETAILS = {
    404: "There is no such thing here. The API's description is at /api/v1/openapi.json.",
    405: "This address does not take this method. The header “Allow” names those it takes.",
    500: "Something broke here; the server's log has the details. What was saved is safe.",
}


def problem_response(kind: str, *, title: str, status: int, detail: str, errors: list[dict[str, object]] | None = None) -> HttpResponse:
    """Return one problem document."""
    body: dict[str, object] = {"type": f"urn:isogloss:problem:{kind}", "title": title, "status": status, "detail": detail}
    if errors:
        body["errors"] = errors
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)


def from_status(status: int) -> HttpResponse:
    """Return the problem document that says what a bare status says."""
    meaning = HTTPStatus(status)
    kind = meaning.phrase.lower().replace(" ", "-")
    return problem_response(kind, title=meaning.phrase, status=status, detail=_DETAILS.get(status, meaning.description or meaning.phrase))


def from_problem(problem: Problem) -> HttpResponse:
    """Return the problem document of a domain error."""
    return problem_response(problem.kind, title=problem.title, status=int(problem.status), detail=problem.detail, errors=problem.errors)


def register(api: NinjaAPI) -> None:
    """Make the API answer every refusal as a problem."""

    @api.exception_handler(Problem)
    def refused(request: HttpRequest, problem: Problem) -> HttpResponse:  # noqa: ARG001  ninja's signature
        return from_problem(problem)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:  # noqa: ARG001
        rows: list[dict[str, object]] = [{"field": ".".join(map(str, e["loc"][1:] or e["loc"])), "message": e["msg"]} for e in error.errors]
        detail = "; ".join(f"{row['field']}: {row['message']}" for row in rows)
        return problem_response("invalid-request", title="The request cannot be used", status=422, detail=detail, errors=rows)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:  # noqa: ARG001
        detail = "Send a personal API token that has not expired: Authorization: Bearer iso_…"
        response = problem_response("not-authenticated", title="Who are you?", status=401, detail=detail)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:  # noqa: ARG001
        cause = error.__cause__  # ninja wraps whatever the body's parser raised
        if isinstance(cause, Problem):
            return from_problem(cause)
        detail = f"The body is not JSON: {cause}." if isinstance(cause, json.JSONDecodeError) else str(error)
        return problem_response("refused", title="The request was refused", status=error.status_code, detail=detail)

    _register_faults(api)


def _register_faults(api: NinjaAPI) -> None:
    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:  # noqa: ARG001  ninja's signature
        return from_status(404)

    @api.exception_handler(RequestDataTooBig)
    def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:  # noqa: ARG001
        return problem_response("too-large", title="Too large", status=413, detail="A JSON body may have 32 MiB. Upload files.")

    @api.exception_handler(SuspiciousOperation)
    @api.exception_handler(MultiPartParserError)
    def unreadable(request: HttpRequest, error: Exception) -> HttpResponse:  # noqa: ARG001
        return problem_response("refused", title="The request was refused", status=400, detail="The form in the body cannot be read.")

    @api.exception_handler(Exception)
    def broken(request: HttpRequest, error: Exception) -> HttpResponse:
        log.error("The API broke at %s %s", request.method, request.path, exc_info=error)
        return from_status(500)
