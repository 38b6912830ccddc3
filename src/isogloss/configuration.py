"""Where the installation keeps its things, and what was set: flag > environment > `isogloss.toml` > default."""

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

GIB = 1024**3
MIB = 1024**2


class BadConfiguration(Exception):
    """A setting cannot be used; says which, where it came from and what it may be."""


def data_directory() -> Path:
    """Return the data directory: `ISOGLOSS_DATA`, or the place the platform gives to applications."""
    if chosen := os.environ.get("ISOGLOSS_DATA"):
        return Path(chosen).expanduser().resolve()
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser().resolve() / "isogloss"


@dataclass(frozen=True, slots=True)
class Config:
    """What was set for this installation."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8000
    time_zone: str = "UTC"
    allowed_hosts: tuple[str, ...] = ()
    database_url: str = ""
    secure_cookies: bool = False
    max_text: int = 1_000_000
    max_line: int = 16 * MIB
    max_upload: int = 2 * GIB
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def is_demo(self) -> bool:
        """Whether the data directory carries the marker of a demonstration."""
        return (self.data / "demo").exists()


def read_config(data: Path | None = None) -> Config:
    """Read the configuration of the data directory."""
    data = data or data_directory()
    file = data / "isogloss.toml"
    values: dict[str, Any] = {}
    if file.exists():
        try:
            values = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadConfiguration(f"{file} is not valid TOML: {error}. Mend the line or remove the file.") from error
    unknown = set(values) - {
        "host",
        "port",
        "time_zone",
        "allowed_hosts",
        "database_url",
        "secure_cookies",
        "max_text",
        "max_line",
        "max_upload",
    }
    if unknown:
        raise BadConfiguration(f"{file} has unknown settings: {', '.join(sorted(unknown))}. See docs/operations.md for the ones there are.")
    hosts = os.environ.get("ISOGLOSS_ALLOWED_HOSTS")
    return Config(
        data=data,
        host=os.environ.get("ISOGLOSS_HOST") or values.get("host", "127.0.0.1"),
        port=_number("ISOGLOSS_PORT", values.get("port", 8000)),
        time_zone=os.environ.get("ISOGLOSS_TIME_ZONE") or values.get("time_zone", "UTC"),
        allowed_hosts=tuple(h.strip() for h in hosts.split(",") if h.strip()) if hosts else tuple(values.get("allowed_hosts", ())),
        database_url=os.environ.get("DATABASE_URL") or values.get("database_url", ""),
        secure_cookies=os.environ.get("ISOGLOSS_SECURE_COOKIES", str(values.get("secure_cookies", ""))).lower() in {"1", "true", "yes"},
        max_text=int(values.get("max_text", 1_000_000)),
        max_line=int(values.get("max_line", 16 * MIB)),
        max_upload=int(values.get("max_upload", 2 * GIB)),
    )


def _number(name: str, default: object) -> int:
    given = os.environ.get(name) or str(default)
    try:
        return int(given)
    except ValueError:
        raise BadConfiguration(f"{name} is {given!r}; it must be a whole number.") from None


SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; "
    "PRAGMA mmap_size=268435456; PRAGMA cache_size=-65536; PRAGMA journal_size_limit=67108864"
)


def database(config: Config) -> dict[str, Any]:
    """Return Django's setting for the default database."""
    if not config.database_url:
        return sqlite(config.data / "isogloss.db")
    url = urlsplit(config.database_url)
    if url.scheme == "sqlite":
        return sqlite(Path(unquote(url.path)))
    if url.scheme not in {"postgres", "postgresql"}:
        raise BadConfiguration(
            f"DATABASE_URL begins with {url.scheme!r}; use postgresql://user:password@host/name or leave it out for SQLite."
        )
    options = dict(parse_qsl(url.query))
    host = options.pop("host", "") or url.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": host,
        "PORT": str(options.pop("port", "") or url.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def sqlite(path: Path) -> dict[str, Any]:
    """Return Django's setting for a SQLite file: WAL, durable, writers begin as writers."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"timeout": 10, "transaction_mode": "IMMEDIATE", "init_command": SQLITE_PRAGMAS},
        "TEST": {"NAME": None},
    }
