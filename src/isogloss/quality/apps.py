"""Django's entry to this context."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """The `quality` context."""

    name = "isogloss.quality"
    label = "quality"
    default_auto_field = "django.db.models.BigAutoField"
