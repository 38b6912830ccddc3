"""A real server on loopback for browser and crash tests, with a data directory of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

STARTS_WITHIN = 30.0


def unused_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@dataclass
class Installation:
    """A data directory, and the server on it."""

    data: Path
    database_url: str = ""
    port: int = field(default_factory=unused_port)
    process: "subprocess.Popen[bytes] | None" = None
    worker: "subprocess.Popen[bytes] | None" = None
    python: str = sys.executable

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ISOGLOSS_", "DJANGO_", "DATABASE_"))}
        extra = {"DATABASE_URL": self.database_url} if self.database_url else {}
        return {**kept, **extra, "ISOGLOSS_DATA": str(self.data), "NO_COLOR": "1"}

    def run(self, *arguments: str, stdin: str = "", check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run a command of `isogloss` and return what it printed."""
        command = [self.python, "-m", "isogloss", *arguments]
        done = subprocess.run(command, env=self.environment(), input=stdin, capture_output=True, text=True, check=False, timeout=600)
        if check and done.returncode:
            raise AssertionError(f"isogloss {' '.join(arguments)} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done

    def init(self) -> str:
        """Make the installation and return the administrator's one-time password."""
        found = re.search(r"One-time password: (\S+)", self.run("init").stdout)
        assert found is not None
        return found.group(1)

    def person(self, username: str, password: str, *, roles: tuple[str, ...] = ()) -> None:
        """Make an account whose password is known."""
        options = [option for role in roles for option in ("--role", role)]
        self.run("user", "add", username, "--password-stdin", *options, stdin=password + "\n")

    def serve(self) -> None:
        """Start the server and wait until it answers."""
        with (self.data / "serve.log").open("ab") as log:
            self._start(log)
        self.wait_until_it_answers()

    def _start(self, log: "IO[bytes]") -> None:
        command = [self.python, "-m", "isogloss", "serve", "--port", str(self.port)]
        if self.database_url:
            command += ["--workers", "1"]
        if self.database_url and self.worker is None:  # one outlives a killed server
            self.worker = subprocess.Popen(
                [self.python, "-m", "isogloss", "worker"], env=self.environment(), stdout=log, stderr=log, start_new_session=True
            )
        self.process = subprocess.Popen(command, env=self.environment(), stdout=log, stderr=log, start_new_session=True)

    def wait_until_it_answers(self) -> None:
        end = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < end:
            if self.answers():
                return
            if self.process is not None and self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError(f"The server did not start: {(self.data / 'serve.log').read_text(errors='replace')[-3000:]}")

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=1) as reply:
                return bool(reply.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """Kill the server's whole process group, as a crash or a power cut would."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        for process in (self.process, self.worker):
            if process is not None and process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
        self.process = self.worker = None
