"""What importing costs."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["isogloss.core.sampling", "isogloss.core.control", "isogloss.core.frames", "isogloss.cli.quality"])
def test_importing_loads_neither_scipy_nor_duckdb_nor_django(module):
    code = f"import sys, {module}; print([name for name in ('scipy', 'duckdb', 'django') if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
