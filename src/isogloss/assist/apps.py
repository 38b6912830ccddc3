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
        from isogloss.assist.listeners import estimates_ready  # noqa: PLC0415
        from isogloss.corpus.ports import listen_to_estimates, use_detector  # noqa: PLC0415

        use_detector(active_detector)
        listen_to_estimates(estimates_ready)
