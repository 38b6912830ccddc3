"""What higher contexts may plug into the workbench."""

from typing import Protocol


class Contacts(Protocol):
    """Says who can be talked to when somebody presses the panic key; wellbeing knows."""

    def __call__(self, project_id: int) -> list[tuple[str, str]]:
        """Return name and how to reach them, the project's own first."""


def _nobody(project_id: int) -> list[tuple[str, str]]:  # noqa: ARG001  the protocol's shape
    return []


class _Plug:
    """What is plugged in at present."""

    contacts: Contacts = staticmethod(_nobody)


def use_contacts(contacts: Contacts) -> None:
    """Ask this for the contacts from now on."""
    _Plug.contacts = staticmethod(contacts)


def contacts(project_id: int) -> list[tuple[str, str]]:
    """Return who can be talked to in a project."""
    return _Plug.contacts(project_id)
