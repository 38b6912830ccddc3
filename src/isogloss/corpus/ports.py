"""What higher contexts may plug into the corpus."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from isogloss.core.language.identification import Identification, identify


class LanguageDetector(Protocol):
    """Says what language each text is in; `assist` puts a trained model here when one is active."""

    def __call__(self, texts: Sequence[str], *, languages: Sequence[str] | None = None) -> list[Identification]:
        """Return one identification for each text, in order."""


class ItemsListener(Protocol):
    """Somebody who must know that items can be served; dispatch seeds its queue here."""

    def __call__(self, *, project_id: int, batch_id: int, item_ids: Sequence[int], now: datetime) -> None:
        """Take these items, all of one batch."""


class _Plugs:
    """What is plugged in at present."""

    def __init__(self) -> None:
        self.detector: LanguageDetector = identify
        self.listeners: list[ItemsListener] = []


_plugs = _Plugs()


def use_detector(detector: LanguageDetector) -> None:
    """Put this detector in the place of the shipped one."""
    _plugs.detector = detector


def detector() -> LanguageDetector:
    """Return the detector that is in use."""
    return _plugs.detector


def listen_to_items(listener: ItemsListener) -> None:
    """Register a listener, once, from an `AppConfig.ready()`."""
    if listener not in _plugs.listeners:
        _plugs.listeners.append(listener)


def on_items_ready(*, project_id: int, batch_id: int, item_ids: Sequence[int], now: datetime) -> None:
    """Tell every listener that these items can be served."""
    for listener in _plugs.listeners:
        listener(project_id=project_id, batch_id=batch_id, item_ids=item_ids, now=now)
