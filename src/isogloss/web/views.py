"""The home page, the health probe and the error pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from isogloss.accounts.access import PersonRequest, signed_in


@signed_in
@require_safe
def home(request: PersonRequest) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Send each person to the page of their work."""
    return redirect("/projects/")


@require_safe
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Say that the process answers; it opens no database."""
    return HttpResponse("ok\n", content_type="text/plain")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Say that there is no such page, or that the person may not know of it."""
    return render(request, "web/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Say that the person's roles do not allow this."""
    return render(request, "web/403.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that something broke here; it must not need the database."""
    return render(request, "web/500.html", status=500)
