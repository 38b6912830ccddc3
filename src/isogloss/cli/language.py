"""The commands `identify`, `profile` and `model`: languages of files, without a project and without Django."""

import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from isogloss.core.language.identification import VotingModel
    from isogloss.core.language.sources import SourceRow

__all__ = ["identify", "model", "profile"]

_BATCH = 512


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), default=Path("-"), help="Where to write; “-” is the screen.")
@click.option("--languages", default=None, help="The project's languages, such as id,ms,jv,en: answers are one of them, or “other”.")
@click.option("--segments", is_flag=True, help="Also the language of each part of the text, with character offsets.")
@click.option("--column", default=None, help="The column or field that holds the text.")
@click.option("--format", "kind", type=click.Choice(["text", "csv", "tsv", "jsonl"]), default=None, help="When the file's ending does not say it.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=None, help="A data directory whose active language model is used.")
def identify(file: Path, out: Path, languages: str | None, *, segments: bool, column: str | None, kind: str | None, data: Path | None) -> None:
    """Write one JSON object per row of FILE, in order: language, confidence, outcome, runner_up."""
    from isogloss.core.language.sources import read_texts

    wanted = _languages(languages)
    active = _active(data)
    with _told(), _input(file) as source, _output(out) as sink:
        for batch in _batches(read_texts(source, kind=kind, column=column)):
            for answer in _answers(batch, languages=wanted, with_segments=segments, active=active):
                sink.write(json.dumps(answer, ensure_ascii=False) + "\n")


def _answers(batch: "list[SourceRow]", *, languages: list[str] | None, with_segments: bool, active: "VotingModel | None") -> Iterator[dict[str, Any]]:
    from isogloss.core.language.identification import identify as identify_texts

    found = identify_texts([row.text for row in batch], languages=languages, model=active)
    for row, answer in zip(batch, found, strict=True):
        record: dict[str, Any] = {
            "language": answer.language,
            "confidence": round(answer.confidence, 4),
            "outcome": answer.outcome,
            "runner_up": answer.runner_up,
        }
        if languages is not None:
            record |= {"free": answer.free, "free_confidence": None if answer.free_confidence is None else round(answer.free_confidence, 4)}
        if with_segments:
            record["segments"] = _segments(row.text, languages=languages, active=active)
        if row.problem is not None:
            record["problem"] = row.problem
        yield record


def _segments(text: str, *, languages: list[str] | None, active: "VotingModel | None") -> list[dict[str, Any]]:
    from isogloss.core.language.segments import segments as segments_of

    return [
        {"start": part.start, "end": part.end, "language": part.language, "confidence": round(part.confidence, 4), "kind": part.kind}
        for part in segments_of(text, languages=languages, model=active)
    ]


def _languages(names: str | None) -> list[str] | None:
    """The tags of a comma-separated list, or a usage error that names the wrong one."""
    from isogloss.core.language.tags import UnknownTag, normalise

    if names is None:
        return None
    try:
        return [normalise(name) for name in names.split(",") if name.strip()]
    except UnknownTag as error:
        raise click.BadParameter(str(error), param_hint="--languages") from error


def _active(data: Path | None) -> "VotingModel | None":
    from isogloss.core.language.registry import Registry

    return None if data is None else Registry(data).active_model()


def _batches(rows: "Iterable[SourceRow]") -> "Iterator[list[SourceRow]]":
    iterator = iter(rows)
    while batch := list(islice(iterator, _BATCH)):
        yield batch


@contextmanager
def _told() -> Iterator[None]:
    """What is wrong with a file is said in one line."""
    from isogloss.core.language.sources import UnreadableFile

    try:
        yield
    except UnreadableFile as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _input(file: Path) -> "Iterator[Path | IO[bytes]]":
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    if not file.is_file():
        raise click.BadParameter(f"“{file}” is not a file.", param_hint="FILE")
    yield file


@contextmanager
def _output(out: Path) -> Iterator[IO[str]]:
    """The screen, or a file that appears whole or not at all."""
    if str(out) == "-":
        yield click.get_text_stream("stdout", encoding="utf-8")
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=out.parent, prefix=f".{out.name}.", delete=False) as partial:
        try:
            yield partial
        except BaseException:
            Path(partial.name).unlink(missing_ok=True)
            raise
    Path(partial.name).replace(out)


@click.command()
def profile() -> None:
    """Not there yet."""


@click.group()
def model() -> None:
    """Language models of this workspace."""
