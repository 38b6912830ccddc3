"""The home page, the health probe and the error pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from isogloss.accounts.access import PersonRequest, signed_in
from isogloss.platform.answers import refused
from isogloss.platform.problems import Forbidden


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


def origin_unproven(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django's signature; the reason is for developers
    """Say that a form was not taken because nothing proves that it came from this site, and what to do."""
    if request.content_type == "application/json":
        return refused(Forbidden(_("Nothing was saved: the page is out of date. Reload it and try again.")))
    came_from = str(request.META.get("HTTP_REFERER", ""))
    is_ours = url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()})
    return render(request, "web/csrf.html", {"back": came_from if is_ours else "/"}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that something broke here; it must not need the database."""
    return render(request, "web/500.html", status=500)
