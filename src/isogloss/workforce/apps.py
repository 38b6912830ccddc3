"""Django's entry to this context."""

from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    """The `workforce` context."""

    name = "isogloss.workforce"
    label = "workforce"
    default_auto_field = "django.db.models.BigAutoField"
