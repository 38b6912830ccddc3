"""Django's entry to this context."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """The `projects` context."""

    name = "isogloss.projects"
    label = "projects"
    default_auto_field = "django.db.models.BigAutoField"
