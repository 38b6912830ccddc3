"""Let a language model of a data directory speak: where there is an installation by its services, so that its trail knows who did it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from isogloss.accounts.models import User

__all__ = ["BY", "activate_model", "step_back"]

BY = click.option("--by", help="In an installation: username of who does it (default: the administrator).")


def activate_model(name: str, *, data: Path, by: str | None, insist: bool = False, is_tagger: bool = False) -> None:
    """Let a model of documents speak, or a tagger of tokens."""
    from isogloss.core.language.registry import NoSuchModel, Registry

    if _is_installed(data, by=by):
        with _acting(data, by=by) as actor:
            from isogloss.assist import services
            from isogloss.platform import clock

            services.activate(name, actor=actor, now=clock.now(), insist=insist, is_tagger=is_tagger)
        return
    try:
        Registry(data).activate(name)
    except NoSuchModel as error:
        raise click.ClickException(str(error)) from error


def step_back(*, data: Path, by: str | None, is_tagger: bool) -> str | None:
    """Go back by one step and return what speaks now; nothing is the shipped detectors alone."""
    from isogloss.core.language.registry import NoSuchModel, Registry

    if _is_installed(data, by=by):
        with _acting(data, by=by) as actor:
            from isogloss.assist import services
            from isogloss.platform import clock

            return services.go_back(actor=actor, now=clock.now(), is_tagger=is_tagger).model or None
    try:
        return Registry(data).back(is_tagger=is_tagger)
    except NoSuchModel as error:
        raise click.ClickException(str(error)) from error


def _is_installed(data: Path, *, by: str | None) -> bool:
    if (data / "secret.key").exists():
        return True
    if by is not None:
        raise click.ClickException(f"There is no installation in {data}, so --by names nobody. Leave it out.")
    return False


@contextmanager
def _acting(data: Path, *, by: str | None) -> Iterator["User"]:
    """Start Django on the installation and hand out who acts; a problem becomes one sentence."""
    from isogloss.cli.support import acting_person, choose_data, start_django

    choose_data(data)
    start_django()
    from isogloss.platform.problems import Problem

    try:
        yield acting_person(by)
    except Problem as problem:
        raise click.ClickException(problem.detail) from problem
