"""Opens the store that belongs to the database in use."""

import hmac
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from isogloss.dispatch.store.records import DispatchStore


def gold_key() -> bytes:
    """Return the key that chooses which serves are gold; it never leaves the server."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"isogloss.dispatch.gold", "sha256")


def open_store() -> DispatchStore:
    """Open a store on the default database."""
    database: dict[str, Any] = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        from isogloss.dispatch.store.sqlite import SqliteStore  # noqa: PLC0415  one engine is enough

        return SqliteStore(Path(str(database["NAME"])), gold_key=gold_key())
    from isogloss.dispatch.store.postgresql import PostgresqlStore  # noqa: PLC0415  psycopg is an extra

    places = {
        "dbname": database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "host": database["HOST"],
        "port": database["PORT"],
    }
    options = {name: value for name, value in database.get("OPTIONS", {}).items() if isinstance(value, str)}
    return PostgresqlStore(gold_key=gold_key(), **options, **{name: value for name, value in places.items() if value})


@lru_cache(maxsize=1)
def the_store() -> DispatchStore:
    """Return the store of this process."""
    return open_store()
