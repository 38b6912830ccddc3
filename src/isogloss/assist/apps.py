"""Django's entry to this context."""

import importlib

from django.apps import AppConfig


class AssistConfig(AppConfig):
    """The `assist` context."""

    name = "isogloss.assist"
    label = "assist"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the jobs, and let the workspace's active model speak for the corpus."""
        importlib.import_module("isogloss.assist.jobs")
        from isogloss.assist.detectors import active_detector  # noqa: PLC0415  settings are ready only now
        from isogloss.corpus.ports import use_detector  # noqa: PLC0415

        use_detector(active_detector)
