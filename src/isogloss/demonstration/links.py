"""One single-use log-in link for each role of the demonstration."""

from datetime import datetime

from isogloss.accounts.queries import person_by_username
from isogloss.accounts.rules import Role
from isogloss.accounts.services import make_login_link, void_login_links
from isogloss.demonstration.filling import ROLES


def login_links(base: str, *, now: datetime) -> list[tuple[Role, str]]:
    """Void earlier links and return a fresh one for each role."""
    void_login_links()
    links = []
    for role, (username, _name) in ROLES.items():
        person = person_by_username(username)
        if person is not None:
            links.append((role, f"{base}enter/{make_login_link(person, role=role, now=now)}"))
    return links
