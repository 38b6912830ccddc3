"""Django's entry to this context."""

import importlib.util

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """The `quality` context."""

    name = "isogloss.quality"
    label = "quality"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the jobs."""
        if importlib.util.find_spec("isogloss.dispatch.queries"):
            importlib.import_module("isogloss.quality.jobs")
