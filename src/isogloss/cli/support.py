"""What the commands that work on an installation share: the data directory, Django, errors as one sentence."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

if TYPE_CHECKING:
    from isogloss.accounts.models import User

P = ParamSpec("P")
T = TypeVar("T")
BAD_INPUT = 2


def choose_data(path: Path | None) -> Path:
    """Make `path` (or what the environment says) the data directory of this process."""
    from isogloss.configuration import data_directory

    if path is not None:
        os.environ["ISOGLOSS_DATA"] = str(path.expanduser().resolve())
    return data_directory()


def start_django() -> None:
    """Set Django up for this process; call it after the data directory is chosen."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "isogloss.settings")
    import django

    django.setup()


def require_installation(data: Path) -> None:
    """Say to run `init` where nobody has."""
    if not (data / "secret.key").exists():
        raise click.ClickException(
            f"There is no installation in {data}. Run: isogloss init" + (f" --data {data}" if "ISOGLOSS_DATA" in os.environ else "")
        )


def on_installation(command: Callable[P, T]) -> Callable[..., T]:
    """Give a command the option `--data`, check the installation, start Django, and turn problems into one sentence and status 2."""

    @click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        help="Data directory (default: ISOGLOSS_DATA, or the user's data folder).",
    )
    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        data = kwargs.pop("data", None)
        assert data is None or isinstance(data, Path)
        require_installation(choose_data(data))
        start_django()
        from isogloss.platform.problems import Problem

        try:
            return command(*args, **kwargs)
        except Problem as problem:
            click.echo(f"isogloss: {problem.detail}", err=True)
            for row in problem.errors:
                click.echo("  " + ", ".join(f"{k}: {v}" for k, v in row.items()), err=True)
            sys.exit(BAD_INPUT)

    return wrapped


def acting_person(username: str | None) -> "User":
    """Return who the command acts for: the person named, or the first administrator; whoever holds the data directory may be anybody."""
    from isogloss.accounts.queries import first_administrator, person_by_username
    from isogloss.platform.problems import NotFound

    person = person_by_username(username) if username else first_administrator()
    if person is None:
        raise NotFound(f"Nobody has the username {username!r}." if username else "There is no administrator. Run: isogloss init")
    return person
