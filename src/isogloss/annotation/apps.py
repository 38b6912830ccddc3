"""Django's entry to this context."""

from django.apps import AppConfig


class AnnotationConfig(AppConfig):
    """The `annotation` context."""

    name = "isogloss.annotation"
    label = "annotation"
    default_auto_field = "django.db.models.BigAutoField"
