"""Django's entry to this context."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """The `delivery` context."""

    name = "isogloss.delivery"
    label = "delivery"
    default_auto_field = "django.db.models.BigAutoField"
