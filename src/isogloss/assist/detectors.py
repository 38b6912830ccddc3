"""The detector of a workspace: the shipped one, with the active model's voice where a model is active."""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from isogloss.core.language.identification import Identification, VotingModel, identify
from isogloss.core.language.registry import NoSuchModel, Registry

log = logging.getLogger(__name__)

_Stamp = tuple[int, int] | None


class ActiveDetector:
    """Asks the model that is active now; another process may activate one at any time, so each question looks at the file's stamp."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: tuple[Path, _Stamp] | None = None
        self._name = ""
        self._model: VotingModel | None = None

    @property
    def name(self) -> str:
        """The name of the model that speaks; empty where the shipped detectors speak alone."""
        return self._current()[0]

    def model(self) -> VotingModel | None:
        """Return the model that speaks."""
        return self._current()[1]

    def __call__(self, texts: Sequence[str], *, languages: Sequence[str] | None = None) -> list[Identification]:
        """Return one identification for each text, in order."""
        return identify(texts, languages=languages, model=self._current()[1])

    def _current(self) -> tuple[str, VotingModel | None]:
        registry = the_registry()
        seen = registry.folder, _stamp(registry.folder / "active.json")
        with self._lock:
            if seen != self._seen:
                self._name, self._model = _read(registry)
                self._seen = seen
            return self._name, self._model


def the_registry() -> Registry:
    """Return the models of this workspace."""
    return Registry(settings.CONFIG.data)


def _stamp(file: Path) -> _Stamp:
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_ino


def _read(registry: Registry) -> tuple[str, VotingModel | None]:
    """Read the active model; one that cannot be read costs accuracy, not the work."""
    try:
        name = registry.active_name()
        return name or "", None if name is None else registry.read(name)
    except (NoSuchModel, OSError, ValueError, RuntimeError, KeyError):
        log.exception("The active language model cannot be read; the shipped detectors speak alone")
        return "", None


active_detector = ActiveDetector()
