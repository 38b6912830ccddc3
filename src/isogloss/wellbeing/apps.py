"""Django's entry to this context."""

from django.apps import AppConfig


class WellbeingConfig(AppConfig):
    """The `wellbeing` context."""

    name = "isogloss.wellbeing"
    label = "wellbeing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the jobs that derive exposure, and tell dispatch what each person may still meet."""
        import isogloss.wellbeing.jobs  # noqa: F401, PLC0415  models are ready only now
        from isogloss.dispatch.ports import use_limits  # noqa: PLC0415
        from isogloss.wellbeing import listeners  # noqa: PLC0415
        from isogloss.wellbeing.queries import contacts_for  # noqa: PLC0415
        from isogloss.workbench.ports import use_contacts  # noqa: PLC0415

        use_limits(listeners.limits_wanted)
        use_contacts(contacts_for)
