"""Commands about the installation: init, user, doctor, backup, restore."""

import secrets
import sys
from pathlib import Path

import click

from isogloss.cli.support import choose_data, on_installation, start_django


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to keep everything (default: ISOGLOSS_DATA, or the user's data folder).",
)
@click.option("--admin", default="admin", show_default=True, help="Username of the first administrator.")
def init(data: Path | None, admin: str) -> None:
    """Create the data directory, the database and an administrator with a one-time password."""
    from isogloss.installation import make_directory

    folder = choose_data(data)
    is_new = make_directory(folder)
    start_django()
    from isogloss.installation import first_administrator, migrate

    migrate()
    password = first_administrator(admin)
    click.echo(f"{'Created' if is_new else 'Looked at'} {folder}.")
    if password:
        click.echo(f"Administrator: {admin}\nOne-time password: {password}\nIt must be changed at the first log-in.")
    else:
        click.echo("There is an administrator already; nothing else was changed.")
    click.echo("Next: isogloss serve")


@click.group()
def user() -> None:
    """Make and change accounts."""


@user.command("add")
@click.argument("username")
@click.option("--name", default="")
@click.option("--role", "roles", multiple=True, help="A role for the whole site; may be given several times.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making a one-time password.")
@on_installation
def add_user(username: str, name: str, roles: tuple[str, ...], *, password_stdin: bool) -> None:
    """Make an account."""
    from isogloss.accounts.rules import Role
    from isogloss.accounts.services import make_user
    from isogloss.platform import clock
    from isogloss.platform.problems import InvalidInput

    known = {role.value for role in Role}
    if unknown := set(roles) - known:
        raise InvalidInput(f"There is no role called {', '.join(sorted(unknown))}; those that are: {', '.join(sorted(known))}.")
    password = sys.stdin.readline().rstrip("\n") if password_stdin else secrets.token_urlsafe(12)
    make_user(
        username=username,
        name=name,
        password=password,
        roles=tuple(Role(role) for role in roles),
        must_change_password=not password_stdin,
        actor=None,
        now=clock.now(),
    )
    click.echo(f"Made {username}." + ("" if password_stdin else f" One-time password: {password}"))


@user.command("password")
@click.argument("username")
@on_installation
def new_password(username: str) -> None:
    """Give a person a new one-time password."""
    from isogloss.accounts.queries import person_by_username
    from isogloss.accounts.services import give_one_time_password
    from isogloss.platform import clock
    from isogloss.platform.problems import NotFound

    person = person_by_username(username)
    if person is None:
        raise NotFound(f"Nobody has the username {username!r}.")
    click.echo(f"One-time password of {username}: {give_one_time_password(person, actor=None, now=clock.now())}")


@user.command("token")
@click.argument("username")
@click.option("--name", default="command line")
@click.option("--scope", "scopes", multiple=True, required=True)
@on_installation
def api_token(username: str, name: str, scopes: tuple[str, ...]) -> None:
    """Make an API token for a person and print it, once."""
    from isogloss.accounts.queries import person_by_username
    from isogloss.accounts.services import make_api_token
    from isogloss.platform import clock
    from isogloss.platform.problems import NotFound

    person = person_by_username(username)
    if person is None:
        raise NotFound(f"Nobody has the username {username!r}.")
    _token, secret = make_api_token(person, name=name, scopes=scopes, actor=person, now=clock.now())
    click.echo(secret)


@click.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
@click.option("--queue", is_flag=True, help="Count what breaks the rules of the queue too; it reads every row.")
def doctor(data: Path | None, *, as_json: bool, queue: bool) -> None:
    """Say what is wrong with an installation, and what to do."""
    import json

    from isogloss.installation import examine

    findings = examine(choose_data(data), reads_queue=queue)
    if as_json:
        click.echo(json.dumps([{"name": f.name, "ok": f.is_fine, "detail": f.detail, "remedy": f.remedy} for f in findings]))
    else:
        for finding in findings:
            click.echo(
                f"{'ok ' if finding.is_fine else 'BAD'} {finding.name}: {finding.detail}"
                + ("" if finding.is_fine else f"\n    {finding.remedy}")
            )
    sys.exit(0 if all(f.is_fine for f in findings) else 1)


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@on_installation
def backup(target: Path) -> None:
    """Copy the installation to TARGET (a new folder) while it serves."""
    from isogloss.installation import make_backup

    make_backup(target)
    click.echo(f"Backed up to {target}.")


@click.command()
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Where to restore to; must not hold an installation.")
def restore(source: Path, data: Path | None) -> None:
    """Make an installation from a backup."""
    from isogloss.installation import restore_backup
    from isogloss.platform.problems import Problem

    try:
        restore_backup(source, choose_data(data))
    except Problem as problem:
        click.echo(f"isogloss: {problem.detail}", err=True)
        sys.exit(2)
    click.echo("Restored. Next: isogloss serve")
