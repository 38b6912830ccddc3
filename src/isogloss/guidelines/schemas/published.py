"""The grammar as JSON Schema, for editors and for whoever writes label schemas by program.

It says what may be written, shorthands included. What no JSON Schema can say (references, clashing keys, sums) the parser says.
`python -c "from isogloss.guidelines.schemas import published; published.renew()"` renews the committed file.
"""

import json
from importlib.resources import files
from pathlib import Path

from isogloss.guidelines.schemas.grammar import SCHEMA, SHAPES
from isogloss.guidelines.schemas.shapes import JsonObject

FILE = "label-schema.json"


def json_schema() -> JsonObject:
    """Describe label schemas as JSON Schema, draft 2020-12."""
    described = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Isogloss label schema"} | SCHEMA.published()
    return described | {"$defs": {name: shape.published() for name, shape in SHAPES.items()}}


def published_schema() -> str:
    """Return the JSON Schema that ships with the package."""
    return files(__package__).joinpath(FILE).read_text(encoding="utf-8")


def written() -> str:
    """Return the JSON Schema as it stands in the file."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


def renew() -> None:
    """Write the file anew after a change of the grammar."""
    Path(__file__).with_name(FILE).write_text(written(), encoding="utf-8")
