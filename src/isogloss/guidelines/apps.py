"""Django's entry to this context."""

from django.apps import AppConfig


class GuidelinesConfig(AppConfig):
    """The `guidelines` context."""

    name = "isogloss.guidelines"
    label = "guidelines"
    default_auto_field = "django.db.models.BigAutoField"
