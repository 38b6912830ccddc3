"""Django's entry to this context."""

from django.apps import AppConfig


class AssistConfig(AppConfig):
    """The `assist` context."""

    name = "isogloss.assist"
    label = "assist"
    default_auto_field = "django.db.models.BigAutoField"
