"""Running the server: one per data directory, on a port that is really free, with workers that end with their parent."""

import ctypes
import fcntl
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isogloss.configuration import Config

BLOCKING_THREADS = 4
_PARENT = "ISOGLOSS_SERVER_PARENT"
_JOBS = "ISOGLOSS_SERVER_JOBS"
_LAST_DEMO_PORT, _PORTS_TRIED, _LAST_PORT = 8019, 20, 65535


class CannotServe(Exception):
    """The server cannot start; says why and what to do."""


def run_server(
    config: "Config", *, host: str | None = None, port: int | None = None, workers: int | None = None, announce: Callable[[str], None]
) -> None:
    """Serve until interrupted; on SQLite one process that also does the jobs."""
    host, port = host or config.host, port or config.port
    on_sqlite = not config.database_url.startswith(("postgres:", "postgresql:"))
    if on_sqlite and (workers or 1) > 1:
        raise CannotServe("SQLite has one writer, so one process serves it. Set DATABASE_URL to a PostgreSQL database for more.")
    with only_server(config.data):
        probe(host, port)
        os.environ["ISOGLOSS_DATA"] = str(config.data)
        os.environ["DJANGO_SETTINGS_MODULE"] = "isogloss.settings"
        os.environ[_PARENT] = str(os.getpid())
        os.environ[_JOBS] = "1" if on_sqlite else "0"
        shown = f"[{host}]" if ":" in host else host
        announce(f"http://{shown}:{port}/")
        sys.stdout.flush()
        _granian(host, port, workers=1 if on_sqlite else (workers or max(1, os.cpu_count() or 1)))


def _granian(host: str, port: int, *, workers: int) -> None:
    from granian.constants import Interfaces  # noqa: PLC0415  half a second that `doctor` and tests need not pay
    from granian.log import LogLevels  # noqa: PLC0415
    from granian.server import Server  # noqa: PLC0415

    Server(
        "isogloss.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=BLOCKING_THREADS,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()


@contextmanager
def only_server(data: Path) -> "Iterator[None]":
    """Hold the data directory's server lock; a second server on it would split the work of the first."""
    file: TextIO = (data / "serve.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise CannotServe(f"Another server is running on {data}. Stop it first, or choose another directory with --data.") from None
    try:
        yield
    finally:
        file.close()


def probe(host: str, port: int) -> None:
    """Bind the port plainly and let it go: the server itself shares a port silently, and two servers would split the requests."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise CannotServe(f"{host}:{port} cannot be used: {error.strerror}. Choose another with --port.") from error


def free_port(host: str, *, first: int) -> int:
    """Return the first free port from `first` on, for the demonstration."""
    last = min(max(_LAST_DEMO_PORT, first + _PORTS_TRIED - 1), _LAST_PORT)
    for port in range(first, last + 1):
        try:
            probe(host, port)
        except CannotServe:
            continue
        return port
    raise CannotServe(f"No port from {first} to {last} is free. Choose one with --port.")


def enter_worker() -> None:
    """Prepare a process that serves: it ends with its parent, and does jobs if it should."""
    if _PARENT not in os.environ:
        return
    _end_with_parent(int(os.environ[_PARENT]))
    if os.environ.get(_JOBS) == "1":
        from isogloss.platform.jobs import Runner  # noqa: PLC0415  Django must be set up first

        Runner().start()


def _end_with_parent(parent: int) -> None:
    if sys.platform == "linux":
        set_death_signal = 1  # PR_SET_PDEATHSIG, prctl(2)
        ctypes.CDLL(None, use_errno=True).prctl(set_death_signal, signal.SIGKILL)
    watcher = threading.Thread(target=_watch, args=(parent,), daemon=True, name="parent-watch")
    watcher.start()


def _watch(parent: int) -> None:
    # The death signal is tied to the thread that forked us, and other systems have none: look as well.
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
