"""The grammar of label schemas at an address of its own, for editors and programs."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from isogloss.guidelines.schemas import published_schema


@require_safe
def label_schema(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Return the JSON Schema of label schemas; it is the same for everybody and holds nothing of this site."""
    return HttpResponse(published_schema(), content_type="application/schema+json", headers={"Cache-Control": "public, max-age=3600"})
