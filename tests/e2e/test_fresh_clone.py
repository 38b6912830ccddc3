"""The README's two commands in a fresh clone and an empty environment: what a newcomer does."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.prove, pytest.mark.timeout(1800)]
SECOND_START = 5.0
INSTALLED_BYTES, INSTALLED_SECONDS = 520_000_000, 60.0
FIRST_START = 600.0


@pytest.fixture
def clone(tmp_path) -> Path:
    target = tmp_path / "isogloss"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(target)], check=True)
    if (ROOT.parent / "shared").exists():
        (tmp_path / "shared").symlink_to(ROOT.parent / "shared")
    return target


def bare(home: Path) -> dict[str, str]:
    """An environment with a home of its own and a PATH, as `env -i` leaves it; where a proxy or a package index is set up, it must stay."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.lower().endswith("_proxy") or name.startswith(("PIP_", "SSL_", "NODE_EXTRA", "npm_config"))
    }
    home.mkdir(exist_ok=True)
    return {**kept, "HOME": str(home), "PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"}


def start_demo(clone: Path, home: Path) -> tuple["subprocess.Popen[str]", str]:
    process = subprocess.Popen(
        ["make", "demo"], cwd=clone, env=bare(home), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    told = ""
    assert process.stdout is not None
    for line in process.stdout:
        told += line
        if found := re.search(r"Isogloss demonstration: (http\S+)", line):
            return process, found.group(1)
    raise AssertionError(told[-4000:])


def first_page(url: str, *, within: float) -> str:
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url + "log-in", timeout=2) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.05)
    raise AssertionError("no page came")


def stop(process: "subprocess.Popen[str]") -> None:
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(20)
    assert process.stdout is not None
    process.stdout.close()


def test_make_demo_serves_in_a_fresh_clone_and_again_within_seconds(clone, tmp_path):
    process, url = start_demo(clone, tmp_path / "home")
    assert "Isogloss" in first_page(url, within=20)
    stop(process)

    begun = time.monotonic()
    process, url = start_demo(clone, tmp_path / "home")
    page = first_page(url, within=20)
    took = time.monotonic() - begun
    stop(process)

    assert "Isogloss" in page
    assert took < SECOND_START
    size = sum(f.stat().st_size for f in (clone / ".venv").rglob("*") if f.is_file() and not f.is_symlink())
    assert size < 700 * 1024**2


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_test_passes_in_a_fresh_clone(clone, tmp_path):
    if os.environ.get("ISOGLOSS_INNER"):
        pytest.skip("this is the inner run")
    environment = {**bare(tmp_path / "home"), "ISOGLOSS_INNER": "1"}

    done = subprocess.run(["make", "test"], cwd=clone, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def bytes_in(folder: Path) -> int:
    return sum(file.lstat().st_size for file in folder.rglob("*") if not file.is_dir())


def test_the_base_installation_is_small_and_quick(clone, tmp_path):
    environment = bare(tmp_path / "home")
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], env=environment, check=True)
    before = bytes_in(tmp_path / "venv")

    begun = time.monotonic()
    subprocess.run(
        [str(tmp_path / "venv" / "bin" / "python"), "-m", "pip", "install", "--quiet", "."], cwd=clone, env=environment, check=True
    )
    took = time.monotonic() - begun

    size = bytes_in(tmp_path / "venv") - before
    assert (size <= INSTALLED_BYTES, took <= INSTALLED_SECONDS) == (True, True), (size, took)
