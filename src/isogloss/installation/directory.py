"""Making the data directory, the database and the first administrator."""

import os
import secrets
from pathlib import Path

FOLDERS = ("media", "releases", "jobs")


def make_directory(folder: Path) -> bool:
    """Make the data directory, private to its owner, with a secret key; return whether it is new."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    for name in FOLDERS:
        (folder / name).mkdir(exist_ok=True, mode=0o700)
    key = folder / "secret.key"
    if key.exists():
        return False
    descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))
    return True


def migrate() -> None:
    """Bring the database to the present schema."""
    from django.core.management import call_command  # noqa: PLC0415  Django starts after the directory is there

    call_command("migrate", interactive=False, verbosity=0)


def first_administrator(username: str) -> str:
    """Make the first administrator, who is a lead too, and return the one-time password; nothing if there is one already."""
    from isogloss.accounts.queries import has_administrator  # noqa: PLC0415  Django starts after the directory is there
    from isogloss.accounts.rules import Role  # noqa: PLC0415
    from isogloss.accounts.services import make_user  # noqa: PLC0415
    from isogloss.platform import clock  # noqa: PLC0415

    if has_administrator():
        return ""
    password = secrets.token_urlsafe(12)
    make_user(
        username=username,
        name="Administrator",
        password=password,
        roles=(Role.ADMIN, Role.LEAD),
        must_change_password=True,
        actor=None,
        now=clock.now(),
    )
    return password
