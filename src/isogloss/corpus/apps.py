"""Django's entry to this context."""

import importlib

from django.apps import AppConfig


class CorpusConfig(AppConfig):
    """The `corpus` context."""

    name = "isogloss.corpus"
    label = "corpus"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the jobs."""
        importlib.import_module("isogloss.corpus.jobs")
