"""Django's entry to this context."""

from django.apps import AppConfig


class WellbeingConfig(AppConfig):
    """The `wellbeing` context."""

    name = "isogloss.wellbeing"
    label = "wellbeing"
    default_auto_field = "django.db.models.BigAutoField"
