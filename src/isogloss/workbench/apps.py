"""Django's entry to this context."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """The `workbench` context."""

    name = "isogloss.workbench"
    label = "workbench"
    default_auto_field = "django.db.models.BigAutoField"
