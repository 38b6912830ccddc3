"""Starts the real server and reads what it costs."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path


class Server:
    """Granian with one application, in a process group of its own."""

    def __init__(self, application: str, *, workers: int = 1, threads: int = 4, environment: dict[str, str] | None = None) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", str(workers),
            "--blocking-threads", str(threads), "--no-ws", "--log-level", "warning", application,
        ]  # fmt: skip
        self.environment = {**os.environ, **(environment or {})}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, wait: float = 30.0) -> "Server":
        """Start, and wait until it answers."""
        self.process = subprocess.Popen(self.command, env=self.environment, start_new_session=True, cwd=Path(__file__).parent.parent.parent)
        give_up = time.monotonic() + wait
        while not self.answers():
            if time.monotonic() > give_up or self.process.poll() is not None:
                self.kill()
                raise RuntimeError(f"The server did not start: {' '.join(self.command)}")
            time.sleep(0.05)
        return self

    def answers(self) -> bool:
        """Whether anything listens on the port."""
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        """End the whole process group at once, as a crash would."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            # SIGKILL is sent, not done: the workers' sockets close when the kernel gets to them.
            give_up = time.monotonic() + 5
            while self.pids() and time.monotonic() < give_up:
                time.sleep(0.01)

    def pids(self) -> list[int]:
        """Return the processes of the group."""
        assert self.process is not None
        return [
            int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _group(int(entry.name)) == self.process.pid
        ]


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except (ProcessLookupError, PermissionError):
        return -1


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the CPU time of these processes so far, to the nanosecond, over all their threads."""
    total = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            try:
                total += int(task.read_text().split()[0])
            except (FileNotFoundError, ProcessLookupError):
                continue
    return total / 1e9
