"""The language models of a workspace: a folder each, one of them active, and the way back to the one before."""

import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from isogloss.core.language.identification import VotingModel
from isogloss.core.language.models import FastTextModel, WorkspaceModel
from isogloss.core.language.taggers import Tagger

__all__ = ["ModelEntry", "NoSuchModel", "Registry"]

_FASTTEXT = {".bin", ".ftz"}
_TAGGER = "tagger.npz"
_ACTIVE = ("active.json", "active-tokens.json")  # of documents, of tokens


class NoSuchModel(LookupError):
    """There is no model of that name, or none to go back to; the message says which there are."""


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model's folder with what its manifest says."""

    name: str
    folder: Path
    manifest: dict[str, Any]
    is_active: bool


class Registry:
    """Models under `<data directory>/language-models`; `active.json` is the history of activations, the last one counts."""

    def __init__(self, data: Path) -> None:
        self.folder = data / "language-models"

    def entries(self, *, is_tagger: bool = False) -> list[ModelEntry]:
        """All models of documents (or all taggers of tokens), oldest first."""
        active = self.active_name(is_tagger=is_tagger)
        return [
            ModelEntry(file.parent.name, file.parent, json.loads(file.read_text(encoding="utf-8")), file.parent.name == active)
            for file in sorted(self.folder.glob("*/manifest.json"))
            if (file.parent / _TAGGER).is_file() == is_tagger
        ]

    def active_name(self, *, is_tagger: bool = False) -> str | None:
        """The active model's (or tagger's) name; None where the shipped detectors work alone."""
        history = self.history(is_tagger=is_tagger)
        return history[-1] if history else None

    def active_model(self) -> VotingModel | None:
        """The active model, read."""
        name = self.active_name()
        return None if name is None else self.read(name)

    def active_tagger(self) -> Tagger | None:
        """The active tagger of tokens, read."""
        name = self.active_name(is_tagger=True)
        return None if name is None else Tagger.read(self._known(name) / _TAGGER)

    def add_tagger(self, tagger: Tagger, *, name: str, manifest: dict[str, Any], card: str) -> Path:
        """Store a trained tagger; it is not active yet."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=False)
        tagger.save(folder / _TAGGER)
        (folder / "card.md").write_text(card, encoding="utf-8")
        _write(folder / "manifest.json", manifest)
        return folder

    def read(self, name: str) -> VotingModel:
        """A model by its name."""
        folder = self._known(name)
        if (folder / _TAGGER).is_file():
            raise NoSuchModel(f"“{name}” is a tagger of tokens, not a model of documents.")
        brought = [file for file in sorted(folder.iterdir()) if file.suffix in _FASTTEXT]
        return FastTextModel(brought[0]) if brought else WorkspaceModel.read(folder / "model.npz")

    def add(self, model: WorkspaceModel, *, name: str, manifest: dict[str, Any], card: str) -> Path:
        """Store a trained model; it is not active yet."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=False)
        model.save(folder / "model.npz")
        (folder / "card.md").write_text(card, encoding="utf-8")
        _write(folder / "manifest.json", manifest)
        return folder

    def bring(self, file: Path, *, now: datetime) -> str:
        """Copy a fastText file in and return its name; it is opened once, so that a broken file is refused here."""
        brought = FastTextModel(file)
        name = f"{now:%Y%m%d-%H%M%S}-{file.stem}"
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=False)
        shutil.copyfile(file, folder / file.name)
        _write(
            folder / "manifest.json",
            {"kind": "fasttext", "file": file.name, "added": now.isoformat(), "languages": sorted(brought.languages)},
        )
        return name

    def activate(self, name: str) -> None:
        """Make a model the one that speaks of documents, or a tagger the one that speaks of tokens."""
        is_tagger = (self._known(name) / _TAGGER).is_file()
        _write(self.folder / _ACTIVE[is_tagger], [*self.history(is_tagger=is_tagger), name])

    def back(self, *, is_tagger: bool = False) -> str | None:
        """Go back to the model (or tagger) that was active before (None: the shipped detectors alone)."""
        history = self.history(is_tagger=is_tagger)
        if not history:
            raise NoSuchModel("No model is active, so there is none to go back from.")
        _write(self.folder / _ACTIVE[is_tagger], history[:-1])
        return self.active_name(is_tagger=is_tagger)

    def history(self, *, is_tagger: bool = False) -> list[str]:
        """The models (or taggers) that were activated, oldest first; the last one speaks."""
        file = self.folder / _ACTIVE[is_tagger]
        return list(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else []

    def _known(self, name: str) -> Path:
        folder = self.folder / name
        if not (folder / "manifest.json").is_file():
            names = ", ".join(entry.name for entry in self.entries()) or "none yet"
            raise NoSuchModel(f"There is no model “{name}”. There are: {names}.")
        return folder


def _write(file: Path, content: object) -> None:
    """Write JSON so that a reader sees the old or the new file."""
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    partial.replace(file)
