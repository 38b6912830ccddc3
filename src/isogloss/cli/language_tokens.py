"""Train and store a tagger of tokens for `isogloss model train --tokens`."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from isogloss.core.language.registry import Registry
    from isogloss.core.language.tokentraining import Sentence

__all__ = ["train_tokens"]


def train_tokens(files: tuple[Path, ...], registry: "Registry", *, source_field: str, seed: int, now: datetime) -> str:
    """Train on JSONL rows with `tokens` ([[word, label], …]); evaluate, judge, store and return the tagger's name."""
    from isogloss.core.language.tokentraining import token_card, train_token_model
    from isogloss.core.language.training import TooFewExamples

    sentences, left_out = _sentences(files, source_field=source_field)
    try:
        trained = train_token_model(sentences, seed=seed)
    except TooFewExamples as error:
        raise click.ClickException(f"{error} Rows without “tokens” ([[word, label], …]): {left_out}.") from error
    name = f"{now:%Y%m%d-%H%M%S}-tokens"
    manifest = {**trained.manifest, "trained": now.isoformat(), "files": [file.name for file in files], "left_out": left_out}
    registry.add_tagger(trained.tagger, name=name, manifest=manifest, card=token_card(name, manifest))
    for kind, found in manifest["gate"]["accuracy"].items():
        click.echo(f"held out ({kind}): {found['live']:.3f} of the tokens right without labels, {found['candidate']:.3f} with the tagger")
    if not trained.passes:
        click.echo(f"Tagger {name} is kept but does not speak: it is right on fewer tokens than the way without labels.")
        raise SystemExit(3)
    return name


def _sentences(files: tuple[Path, ...], *, source_field: str) -> "tuple[list[Sentence], int]":
    """Labelled sentences, and how many rows have none."""
    from isogloss.core.language.sources import read_texts
    from isogloss.core.language.tokentraining import Sentence

    found: list[Sentence] = []
    left_out = 0
    for part in (part for file in files for part in (sorted(file.rglob("*.jsonl")) if file.is_dir() else [file])):
        for row in read_texts(part, kind="jsonl", column=None):
            words = _words(row.fields.get("tokens"))
            if words:
                found.append(Sentence(words, str(row.fields.get(source_field) or part.stem)))
            else:
                left_out += 1
    return found, left_out


def _words(tokens: Any) -> tuple[tuple[str, str], ...]:
    """Pairs of word and label; nothing where one is malformed."""
    pairs = tokens if isinstance(tokens, list) else []
    is_whole = all(isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) and part for part in pair) for pair in pairs)  # noqa: PLR2004  a pair
    return tuple((word, label) for word, label in pairs) if is_whole else ()
