"""Django's entry to this context."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """The `dispatch` context."""

    name = "isogloss.dispatch"
    label = "dispatch"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to the contexts below, whose facts decide who is served what; register the jobs."""
        import isogloss.dispatch.jobs  # noqa: F401, PLC0415  models are ready only now
        from isogloss.accounts.ports import listen_to_access  # noqa: PLC0415  models are ready only now
        from isogloss.corpus.ports import listen_to_changes, listen_to_items  # noqa: PLC0415
        from isogloss.dispatch import listeners  # noqa: PLC0415
        from isogloss.projects.ports import listen_to_projects  # noqa: PLC0415
        from isogloss.workforce.ports import listen_to_competences  # noqa: PLC0415

        listen_to_access(listeners.access_changed)
        listen_to_changes(listeners.items_changed)
        listen_to_items(listeners.items_ready)
        listen_to_projects(listeners.project_changed)
        listen_to_competences(listeners.competence_changed)
