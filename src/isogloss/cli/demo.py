"""The command `demo`: a filled installation on this machine, with a log-in link for each role."""

import shutil
import sys
from pathlib import Path

import click

from isogloss.cli.support import choose_data, start_django


@click.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=Path(".demo"), show_default=True)
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="First port to try; a busy one gives the next."
)
@click.option("--fresh", is_flag=True, help="Throw an earlier demonstration in this directory away.")
@click.option("--no-serve", is_flag=True, help="Fill it and stop.")
def demo(data: Path, port: int, *, fresh: bool, no_serve: bool) -> None:
    """Show Isogloss with texts and simulated people, on this machine only."""
    from isogloss.configuration import read_config
    from isogloss.installation import make_directory
    from isogloss.serving import CannotServe, free_port, run_server

    folder = choose_data(data)
    if (folder / "secret.key").exists() and not (folder / "demo").exists():
        raise click.ClickException(f"{folder} holds a real installation. Choose another directory with --data.")
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    make_directory(folder)
    (folder / "demo").touch()
    config = read_config(folder)
    start_django()
    try:
        if not no_serve:
            free_port("127.0.0.1", first=port)  # said before anything is filled; asked again after, when it may have been taken
        _fill()
        if no_serve:
            return
        chosen = free_port("127.0.0.1", first=port)
        run_server(config, host="127.0.0.1", port=chosen, announce=_announce)
    except CannotServe as refusal:
        click.echo(f"isogloss: {refusal}", err=True)
        sys.exit(2)
    finally:
        from isogloss.accounts.services import void_login_links

        void_login_links()


def _fill() -> None:
    from isogloss.demonstration import fill, is_filled
    from isogloss.installation import migrate
    from isogloss.platform import clock

    migrate()
    if not is_filled():
        click.echo("Filling the demonstration with texts and simulated people (once, a few seconds) …")
        fill(now=clock.now())


def _announce(url: str) -> None:
    from isogloss.demonstration import login_links
    from isogloss.platform import clock

    click.echo(f"\nIsogloss demonstration: {url}\nLog-in links (each works once; start again for new ones):")
    for role, link in login_links(url, now=clock.now()):
        click.echo(f"  {role.value:18} {link}")
    click.echo("\nBegin as the annotator, in the language identification project, or as the lead. Ctrl+C stops it.")
