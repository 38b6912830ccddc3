"""Django's entry to this context."""

import importlib

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """The `delivery` context."""

    name = "isogloss.delivery"
    label = "delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the jobs."""
        importlib.import_module("isogloss.delivery.jobs")
