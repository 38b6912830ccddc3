"""Reads about guidelines."""

from functools import lru_cache

from django.db.models import QuerySet

from isogloss.guidelines.models import Guideline, GuidelineVersion, Inquiry, Ruling
from isogloss.guidelines.schemas import LabelSchemaDocument, Renames
from isogloss.guidelines.templates_yaml import Template, available_templates


def versions(guideline: Guideline) -> QuerySet[GuidelineVersion]:
    """Versions of a guideline, newest first."""
    return GuidelineVersion.objects.filter(guideline=guideline).select_related("created_by").order_by("-number")


def version_numbered(guideline: Guideline, *, number: int) -> GuidelineVersion | None:
    """Return the version of a guideline with this number."""
    return GuidelineVersion.objects.filter(guideline=guideline, number=number).first()


def rulings(guideline: Guideline) -> QuerySet[Ruling]:
    """Rulings of a guideline, by number."""
    return Ruling.objects.filter(guideline=guideline).order_by("number")


def open_inquiries(*, project_id: int) -> QuerySet[Inquiry]:
    """Inquiries of a project that nobody has answered, oldest first."""
    return Inquiry.objects.filter(project_id=project_id, answered_at__isnull=True).select_related("person", "version").order_by("asked_at")


def inquiries(*, project_id: int, person_id: int | None = None, answered: bool | None = None) -> QuerySet[Inquiry]:
    """Inquiries of a project, newest first: everybody's or one person's, all of them or those that are answered or not."""
    rows = Inquiry.objects.filter(project_id=project_id).select_related("person", "version__guideline", "ruling", "answered_by")
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    if answered is not None:
        rows = rows.filter(answered_at__isnull=not answered)
    return rows.order_by("-id")


def count_open_inquiries(project_id: int) -> int:
    """Count the inquiries of a project that nobody has answered."""
    return Inquiry.objects.filter(project_id=project_id, answered_at__isnull=True).count()


@lru_cache(maxsize=256)
def schema_of(version_id: int) -> LabelSchemaDocument:
    """Return the label schema of a version; versions never change, so it is kept."""
    text = GuidelineVersion.objects.values_list("schema_document", flat=True).get(pk=version_id)
    return LabelSchemaDocument.from_json(text)


def renames_since(guideline_id: int, *, until: int) -> dict[int, Renames]:
    """Return for each version of a guideline up to a number what has been renamed since it, by the version's id."""
    rows = GuidelineVersion.objects.filter(guideline_id=guideline_id, number__lte=until).order_by("-number").values_list("pk", "renames")
    since, found = Renames(), {}
    for version_id, document in rows:
        found[version_id] = since
        since = Renames.from_document(document).then(since)
    return found


@lru_cache(maxsize=1024)
def public_id_of_version(version_id: int) -> str:
    """Return the public id of a version."""
    return GuidelineVersion.objects.values_list("public_id", flat=True).get(pk=version_id)


def version_by_public_id(public_id: str) -> GuidelineVersion | None:
    """Return the version with this public id."""
    return GuidelineVersion.objects.filter(public_id=public_id).first()


def templates() -> list[Template]:
    """Return the label schemas that ship, each with a short guideline."""
    return available_templates()
