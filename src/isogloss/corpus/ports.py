"""What higher contexts may plug into the corpus."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from isogloss.core.language.identification import Identification, VotingModel, identify


class LanguageDetector(Protocol):
    """Says what language each text is in; `assist` puts a trained model here when one is active."""

    def __call__(self, texts: Sequence[str], *, languages: Sequence[str] | None = None) -> list[Identification]:
        """Return one identification for each text, in order."""


class ItemsListener(Protocol):
    """Somebody who must know that items can be served; dispatch seeds its queue here."""

    def __call__(self, *, project_id: int, batch_id: int, item_ids: Sequence[int], now: datetime) -> None:
        """Take these items, all of one batch."""


class ChangesListener(Protocol):
    """Somebody who hands items out by what they are; dispatch moves them in its queue here."""

    def __call__(self, *, project_id: int, item_ids: Sequence[int], now: datetime) -> None:
        """Take items whose language, severity or hazards have changed; called in the transaction that changed them."""


class EstimatesListener(Protocol):
    """Somebody who looks further into texts whose language is estimated; `assist` finds their segments."""

    def __call__(self, *, project_id: int, now: datetime) -> None:
        """Put a job in line; the estimates of this project have changed."""


class _Plugs:
    """What is plugged in at present."""

    def __init__(self) -> None:
        self.detector: LanguageDetector = identify
        self.listeners: list[ItemsListener] = []
        self.movers: list[ChangesListener] = []
        self.readers: list[EstimatesListener] = []


_plugs = _Plugs()


def use_detector(detector: LanguageDetector) -> None:
    """Put this detector in the place of the shipped one."""
    _plugs.detector = detector


def detector() -> LanguageDetector:
    """Return the detector that is in use."""
    return _plugs.detector


def detector_name() -> str:
    """Return the name of the model that has a voice in the detector; empty where the shipped detectors speak alone."""
    return str(getattr(_plugs.detector, "name", ""))


def detector_model() -> VotingModel | None:
    """Return the model that has a voice in the detector, for work that asks it itself."""
    model: Callable[[], VotingModel | None] | None = getattr(_plugs.detector, "model", None)
    return model() if model is not None else None


def listen_to_items(listener: ItemsListener) -> None:
    """Register a listener, once, from an `AppConfig.ready()`."""
    if listener not in _plugs.listeners:
        _plugs.listeners.append(listener)


def on_items_ready(*, project_id: int, batch_id: int, item_ids: Sequence[int], now: datetime) -> None:
    """Tell every listener that these items can be served."""
    for listener in _plugs.listeners:
        listener(project_id=project_id, batch_id=batch_id, item_ids=item_ids, now=now)


def listen_to_changes(listener: ChangesListener) -> None:
    """Register a listener, once, from an `AppConfig.ready()`."""
    if listener not in _plugs.movers:
        _plugs.movers.append(listener)


def on_items_changed(*, project_id: int, item_ids: Sequence[int], now: datetime) -> None:
    """Tell every listener that these items are served to others from now on."""
    for listener in _plugs.movers:
        listener(project_id=project_id, item_ids=item_ids, now=now)


def listen_to_estimates(listener: EstimatesListener) -> None:
    """Register a listener, once, from an `AppConfig.ready()`."""
    if listener not in _plugs.readers:
        _plugs.readers.append(listener)


def on_estimates_ready(*, project_id: int, now: datetime) -> None:
    """Tell every listener that the estimates of a project have changed."""
    for listener in _plugs.readers:
        listener(project_id=project_id, now=now)
