"""Django's entry to this context."""

from django.apps import AppConfig


class CorpusConfig(AppConfig):
    """The `corpus` context."""

    name = "isogloss.corpus"
    label = "corpus"
    default_auto_field = "django.db.models.BigAutoField"
