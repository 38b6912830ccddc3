"""Django's entry to this context."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """The `dispatch` context."""

    name = "isogloss.dispatch"
    label = "dispatch"
    default_auto_field = "django.db.models.BigAutoField"
