"""What the frame of a page shows: the rail by role, the place, the languages one can read it in."""

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001  context processors take the request
    """Return what base.html needs."""
    return {"rail": [], "interface_languages": settings.LANGUAGES}
