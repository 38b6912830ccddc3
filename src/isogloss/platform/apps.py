"""Django's entry to this context."""

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    """The `platform` context."""

    name = "isogloss.platform"
    label = "platform"
    default_auto_field = "django.db.models.BigAutoField"
