"""Every refusal of the API as problem+json (RFC 9457)."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from isogloss.platform.problems import Problem

MEDIA_TYPE = "application/problem+json"


def problem_response(kind: str, *, title: str, status: int, detail: str, errors: list[dict[str, object]] | None = None) -> HttpResponse:
    """Return one problem document."""
    body: dict[str, object] = {"type": f"urn:isogloss:problem:{kind}", "title": title, "status": status, "detail": detail}
    if errors:
        body["errors"] = errors
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)


def register(api: NinjaAPI) -> None:
    """Make the API answer every refusal as a problem."""

    @api.exception_handler(Problem)
    def refused(request: HttpRequest, problem: Problem) -> HttpResponse:  # noqa: ARG001  ninja's signature
        return problem_response(problem.kind, title=problem.title, status=int(problem.status), detail=problem.detail, errors=problem.errors)

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

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:  # noqa: ARG001
        return problem_response("not-found", title="Not found", status=404, detail="There is no such thing here.")

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:  # noqa: ARG001
        return problem_response("refused", title="The request was refused", status=error.status_code, detail=str(error))
