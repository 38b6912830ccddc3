"""Django's entry to this context."""

import importlib

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """The `insights` context."""

    name = "isogloss.insights"
    label = "insights"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the jobs."""
        importlib.import_module("isogloss.insights.jobs")
