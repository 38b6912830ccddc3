"""Django's entry to this context."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """The `insights` context."""

    name = "isogloss.insights"
    label = "insights"
    default_auto_field = "django.db.models.BigAutoField"
