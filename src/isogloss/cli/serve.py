"""Commands that keep running: the server, and the worker that does jobs."""

import signal
import sys
import threading
from pathlib import Path

import click

from isogloss.cli.support import choose_data, on_installation, require_installation, start_django


@click.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path))
@click.option("--host", help="Address to listen on (default 127.0.0.1: this machine only).")
@click.option("--port", type=int, help="Port to listen on (default 8000).")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes (PostgreSQL only; SQLite has one writer).")
def serve(data: Path | None, host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the installation until interrupted."""
    folder = choose_data(data)
    require_installation(folder)
    from isogloss.configuration import read_config
    from isogloss.serving import CannotServe, run_server

    config = read_config(folder)
    if config.is_demo:
        raise click.ClickException(
            f"{folder} is a demonstration. Run: isogloss demo --data {folder}. For real use: isogloss init --data elsewhere"
        )
    start_django()
    try:
        run_server(
            config, host=host, port=port, workers=workers, announce=lambda url: click.echo(f"Isogloss serves {url} (Ctrl+C stops it).")
        )
    except CannotServe as refusal:
        click.echo(f"isogloss: {refusal}", err=True)
        sys.exit(2)


@click.command()
@on_installation
def worker() -> None:
    """Do jobs (imports, releases, figures) until interrupted; for PostgreSQL, where the server does none itself."""
    from isogloss.platform.jobs import Runner

    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    runner = Runner()
    runner.start()
    click.echo("Doing jobs (Ctrl+C stops after the present one).")
    done.wait()
    runner.stop()
