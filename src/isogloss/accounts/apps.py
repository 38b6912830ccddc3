"""Django's entry to this context."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The `accounts` context."""

    name = "isogloss.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
