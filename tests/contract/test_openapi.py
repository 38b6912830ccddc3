"""The API's description is a file that reviewers see change; `SNAPSHOT=1` writes it anew."""

import json
import os
from pathlib import Path

SNAPSHOT = Path(__file__).parents[2] / "docs" / "openapi.json"


def test_the_api_is_what_its_snapshot_says():
    from isogloss.api.routes import api

    present = json.dumps(api.get_openapi_schema(), indent=1, sort_keys=True, ensure_ascii=False, default=str) + "\n"
    if os.environ.get("SNAPSHOT") == "1":
        SNAPSHOT.write_text(present, encoding="utf-8")

    assert SNAPSHOT.read_text(encoding="utf-8") == present, (
        "run: SNAPSHOT=1 pytest tests/contract/test_openapi.py, and look at the difference"
    )
