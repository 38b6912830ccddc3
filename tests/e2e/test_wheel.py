"""The wheel: built from the tree, it holds what users need and nothing else, and serves from an environment of its own."""

import re
import subprocess
import sys
import sysconfig
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.support.serving import Installation

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.timeout(280)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_code_templates_migrations_bundle_and_no_tests_or_maps(wheel):
    names = zipfile.ZipFile(wheel).namelist()

    for needed in (
        "isogloss/cli/__init__.py",
        "isogloss/web/templates/web/base.html",
        "isogloss/dispatch/migrations/0001_initial.py",
        "isogloss/web/static/isogloss/workbench.js",
        "isogloss/web/static/isogloss/style.css",
        "isogloss/demo_data/crew.json",
        "isogloss/guidelines/schemas/label-schema.json",
    ):
        assert needed in names
    assert [n for n in names if n.startswith(("tests/", "benchmarks/", "frontend/")) or n.endswith((".map", ".ts"))] == []
    assert wheel.stat().st_size < 12 * 1024 * 1024


def test_the_installed_wheel_serves_a_page_and_its_bundle(wheel, tmp_path):
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    site = next((environment / "lib").glob("python*/site-packages"))
    zipfile.ZipFile(wheel).extractall(site)
    # The dependencies come from the test environment: what is tried here is the wheel, not the registry (make prove does that).
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    python = environment / "bin" / "python"
    where = subprocess.run(
        [str(python), "-c", "import isogloss; print(isogloss.__file__)"], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert str(environment) in where.stdout

    installation = Installation(data=tmp_path / "data", python=str(python))
    try:
        installation.init()
        installation.serve()
        page = urllib.request.urlopen(f"{installation.url}/log-in").read().decode()
        for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
            with urllib.request.urlopen(installation.url + address) as reply:
                assert reply.status == 200
                assert len(reply.read()) > 100
    finally:
        installation.stop()
