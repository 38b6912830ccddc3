"""The commands `identify`, `profile` and `model`: languages of files, without a project and without Django."""

import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from isogloss.cli.speaking import BY, activate_model, step_back

if TYPE_CHECKING:
    from isogloss.core.language.gates import Gate
    from isogloss.core.language.identification import VotingModel
    from isogloss.core.language.profiles import Profile
    from isogloss.core.language.sources import SourceRow
    from isogloss.core.language.taggers import Tagger
    from isogloss.core.language.training import Example

__all__ = ["identify", "model", "profile"]

_BATCH = 512


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    default=Path("-"),
    help="Where to write; “-” is the screen.",
)
@click.option("--languages", default=None, help="The project's languages, such as id,ms,jv,en: answers are one of them, or “other”.")
@click.option("--segments", is_flag=True, help="Also the language of each part of the text, with character offsets.")
@click.option("--column", default=None, help="The column or field that holds the text.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["text", "csv", "tsv", "jsonl", "parquet"]),
    default=None,
    help="When the file's ending does not say it.",
)
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), default=None, help="A data directory whose active language model is used."
)
def identify(
    file: Path, out: Path, languages: str | None, *, segments: bool, column: str | None, kind: str | None, data: Path | None
) -> None:
    """Write one JSON object per row of FILE, in order: language, confidence, outcome, runner_up."""
    from isogloss.core.language.sources import read_texts

    wanted = _languages(languages)
    active = _active(data)
    tagger = _active_tagger(data) if segments else None
    with _told(), _input(file) as source, _output(out) as sink:
        for batch in _batches(read_texts(source, kind=kind, column=column)):
            for answer in _answers(batch, languages=wanted, with_segments=segments, active=active, tagger=tagger):
                sink.write(json.dumps(answer, ensure_ascii=False) + "\n")


def _answers(
    batch: "list[SourceRow]",
    *,
    languages: list[str] | None,
    with_segments: bool,
    active: "VotingModel | None",
    tagger: "Tagger | None",
) -> Iterator[dict[str, Any]]:
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
            record["segments"] = _segments(row.text, languages=languages, active=active, tagger=tagger)
        if row.problem is not None:
            record["problem"] = row.problem
        yield record


def _segments(text: str, *, languages: list[str] | None, active: "VotingModel | None", tagger: "Tagger | None") -> list[dict[str, Any]]:
    from isogloss.core.language.segments import segments as segments_of

    return [
        {"start": part.start, "end": part.end, "language": part.language, "confidence": round(part.confidence, 4), "kind": part.kind}
        for part in segments_of(text, languages=languages, model=active, tagger=tagger)
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


def _active_tagger(data: Path | None) -> "Tagger | None":
    from isogloss.core.language.registry import Registry

    return None if data is None else Registry(data).active_tagger()


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
        with click.open_file("-", "w", encoding="utf-8") as screen:
            yield screen
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=out.parent, prefix=f".{out.name}.", delete=False) as partial:
        try:
            yield partial
        except BaseException:
            Path(partial.name).unlink(missing_ok=True)
            raise
    Path(partial.name).replace(out)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), default=None, help="Where to write the page (HTML, with pictures)."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--languages", default=None, help="The project's languages, such as id,ms,jv,en.")
@click.option("--column", default=None, help="The column or field that holds the text.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["text", "csv", "tsv", "jsonl", "parquet"]),
    default=None,
    help="When the file's ending does not say it.",
)
@click.option(
    "--masked", type=click.Path(path_type=Path, dir_okay=False), default=None, help="Also write the texts as JSONL, personal data masked."
)
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), default=None, help="A data directory whose active language model is used."
)
def profile(
    file: Path,
    out: Path | None,
    languages: str | None,
    *,
    as_json: bool,
    column: str | None,
    kind: str | None,
    masked: Path | None,
    data: Path | None,
) -> None:
    """Say what FILE is made of: languages, lengths, duplicates, emoji, mixed text, personal data."""
    from isogloss.core.language.personal import masked as without_personal
    from isogloss.core.language.profiles import Profiler
    from isogloss.core.language.sources import read_texts

    with _told(), _input(file) as source, ExitStack() as stack:
        profiler = stack.enter_context(Profiler(languages=_languages(languages), model=_active(data)))
        sink = None if masked is None else stack.enter_context(_output(masked))
        for batch in _batches(read_texts(source, kind=kind, column=column)):
            profiler.add(batch)
            if sink is not None:
                sink.writelines(json.dumps({"text": without_personal(row.text)}, ensure_ascii=False) + "\n" for row in batch)
        found = profiler.profile()
    _show_profile(found, name=file.name, out=out, as_json=as_json)


def _show_profile(found: "Profile", *, name: str, out: Path | None, as_json: bool) -> None:
    from isogloss.cli.language_pages import profile_page
    from isogloss.cli.tables import print_json, print_sentence, print_table

    if out is not None:
        with _output(out) as sink:
            sink.write(profile_page(found, name=name))
    if as_json:
        print_json(found.as_dict())
        return
    rows = [
        (
            language,
            share.count,
            _percent(share.share),
            " – ".join(map(_percent, share.interval or ())),
            found.lengths_by_language[language].quantile(0.5),
        )
        for language, share in list(found.languages.items())[:20]
    ]
    print_table(
        f"{found.rows} texts",
        columns=("language", "texts", "share", "95 %", "median length"),
        rows=rows,
        right=("texts", "share", "95 %", "median length"),
    )
    print_sentence(
        f"Exact duplicates {_percent(found.exact_duplicates.share)}, near duplicates {_percent(found.near_duplicates.share)}, "
        f"mixed text {_percent(found.mixed.share)} (of {found.mixed.total} looked at), emoji {_percent(found.emoji.share)}, "
        f"addresses {_percent(found.addresses.share)}, unsure {_percent(found.low_confidence.share)}, unreadable rows: {found.problems}."
    )
    personal = [f"{kind} {share.count}" for kind, share in found.personal.items() if share.count]
    print_sentence("Personal data, texts with: " + (", ".join(personal) or "none found") + ".")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


@click.group()
def model() -> None:
    """Train, bring and switch the language models of a data directory."""


_DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    envvar="ISOGLOSS_DATA",
    help="The data directory (or ISOGLOSS_DATA).",
)


@model.command("train")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=True))
@_DATA
@click.option("--column", default=None, help="The field that holds the text.")
@click.option("--label", "label_field", default=None, help="The field that holds the language (lang, language or label when there is one).")
@click.option(
    "--source", "source_field", default="source", show_default=True, help="The field that says where a row came from; else the file."
)
@click.option("--seed", default=20260101, show_default=True, help="The same rows and seed give the same model.")
@click.option("--activate/--no-activate", default=True, help="Let it speak at once when the gate passes.")
@click.option("--tokens", is_flag=True, help="A tagger of words instead: JSONL rows with “tokens”, a list of [word, label].")
@BY
def train(
    files: tuple[Path, ...],
    data: Path,
    column: str | None,
    label_field: str | None,
    *,
    by: str | None,
    source_field: str,
    seed: int,
    activate: bool,
    tokens: bool,
) -> None:
    """Train on a release's folder or on JSONL and CSV files with a language per row; evaluate, judge, activate."""
    from isogloss.cli.language_tokens import train_tokens
    from isogloss.core.language.cards import model_card
    from isogloss.core.language.classifiers import Settings
    from isogloss.core.language.registry import Registry
    from isogloss.core.language.training import TooFewExamples, Training, train_model

    now = datetime.now(UTC)
    registry = Registry(data)
    if tokens:
        name = train_tokens(files, registry, source_field=source_field, seed=seed, now=now)
        if activate:
            activate_model(name, data=data, by=by, is_tagger=True)
        click.echo(f"Tagger {name} {'speaks now' if activate else 'may be activated'}.")
        return
    with _told():
        examples, left_out = _examples(files, column=column, label_field=label_field, source_field=source_field)
    try:
        trained = train_model(examples, training=Training(settings=Settings(seed=seed)), live=registry.active_model(), report=_progress)
    except TooFewExamples as error:
        raise click.ClickException(str(error)) from error
    name = f"{now:%Y%m%d-%H%M%S}"
    manifest = {
        **trained.manifest,
        "trained": now.isoformat(),
        "files": [file.name for file in files],
        "left_out": left_out,
        "previous": registry.active_name(),
    }
    registry.add(trained.model, name=name, manifest=manifest, card=model_card(name, manifest))
    _show_gate(trained.gate)
    if not trained.gate.passes:
        card = registry.folder / name / "card.md"
        click.echo(f"Model {name} is kept but does not speak: it would make a language worse. Its card says which: {card}")
        raise SystemExit(3)
    if activate:
        activate_model(name, data=data, by=by)
    click.echo(f"Model {name} {'speaks now' if activate else 'may be activated'}.")


def _progress(step: str, share: float) -> None:
    click.echo(f"\r{step:<24}{100 * share:4.0f} %", nl=False, err=True)


def _show_gate(gate: "Gate") -> None:
    from isogloss.cli.tables import print_table

    for name, (live, candidate) in gate.accuracy.items():
        click.echo(f"held out ({name}): accuracy {live:.3f} now, {candidate:.3f} with the model")
    shown = gate.losers or sorted(gate.rows, key=lambda row: row.live - row.candidate, reverse=True)[:10]
    rows = [
        (row.evaluation, row.language, row.rows, f"{row.live:.3f}", f"{row.candidate:.3f}", "yes" if row.passes else "NO") for row in shown
    ]
    print_table(
        "F1 by language", columns=("evaluation", "language", "rows", "now", "model", "passes"), rows=rows, right=("rows", "now", "model")
    )


def _examples(files: tuple[Path, ...], *, column: str | None, label_field: str | None, source_field: str) -> "tuple[list[Example], int]":
    """Rows with a text and a language; how many were left out because a part is missing or is no tag.

    A release gives what was decided on its language question; other folders and files give a label in each row.
    """
    from isogloss.core.language.sources import FORMATS, format_of, read_texts
    from isogloss.core.language.tags import UnknownTag, base
    from isogloss.core.language.training import Example

    found: list[Example] = []
    left_out = 0
    from isogloss.assist.releases import UnusableRelease, is_release, release_examples

    releases = [file for file in files if is_release(file)]
    for folder in releases:
        try:
            found += release_examples(folder, title=f"{folder.name}: " if len(files) > 1 else "")
        except UnusableRelease as error:
            raise click.ClickException(str(error)) from error
    files = tuple(file for file in files if file not in releases)
    inputs = [part for file in files for part in (sorted(file.rglob("*.jsonl")) + sorted(file.rglob("*.csv")) if file.is_dir() else [file])]
    for part in (part for part in inputs if format_of(part) in FORMATS):
        for row in read_texts(part, column=column):
            names = (label_field,) if label_field else ("lang", "language", "label")
            label = next((row.fields[name] for name in names if isinstance(row.fields.get(name), str)), "")
            try:
                base(label)
            except UnknownTag:
                left_out += 1
                continue
            if row.problem is None:
                found.append(Example(row.text, label, str(row.fields.get(source_field) or part.stem)))
    return found, left_out


@model.command("add")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_DATA
@click.option("--activate", is_flag=True, help="Let it speak at once.")
@BY
def add(file: Path, data: Path, by: str | None, *, activate: bool) -> None:
    """Bring a fastText file (GlotLID, OpenLID, lid.176)."""
    from isogloss.core.language.models import FastTextMissing
    from isogloss.core.language.registry import Registry

    registry = Registry(data)
    try:
        name = registry.bring(file, now=datetime.now(UTC))
    except (FastTextMissing, ValueError) as error:
        raise click.ClickException(str(error)) from error
    if activate:
        activate_model(name, data=data, by=by)
    click.echo(f"Model {name} {'speaks now' if activate else 'is there; let it speak with: isogloss model activate ' + name}.")


@model.command("list")
@_DATA
@click.option("--json", "as_json", is_flag=True)
def list_(data: Path, *, as_json: bool) -> None:
    """The models, the active one marked."""
    from isogloss.cli.tables import print_json, print_table
    from isogloss.core.language.registry import Registry

    entries = [*Registry(data).entries(), *Registry(data).entries(is_tagger=True)]
    if as_json:
        print_json([{"name": entry.name, "is_active": entry.is_active, "manifest": entry.manifest} for entry in entries])
        return
    rows = [
        (
            "→" if entry.is_active else "",
            entry.name,
            entry.manifest.get("kind", ""),
            entry.manifest.get("rows", "–"),
            {True: "passed", False: "refused", None: "not judged"}[entry.manifest.get("gate", {}).get("passes")],
        )
        for entry in entries
    ]
    print_table("Language models", columns=("", "name", "kind", "rows", "gate"), rows=rows, right=("rows",))


@model.command("activate")
@click.argument("name")
@_DATA
@click.option("--force", is_flag=True, help="Also a model that the gate refused.")
@BY
def activate(name: str, data: Path, by: str | None, *, force: bool) -> None:
    """Let a model speak."""
    from isogloss.core.language.registry import Registry

    registry = Registry(data)
    taggers = registry.entries(is_tagger=True)
    refused = {entry.name for entry in [*registry.entries(), *taggers] if entry.manifest.get("gate", {}).get("passes") is False}
    if name in refused and not force:
        raise click.ClickException(f"The gate refused model {name}: a language would get worse. Read its card, or say --force.")
    activate_model(name, data=data, by=by, insist=force, is_tagger=name in {entry.name for entry in taggers})
    click.echo(f"Model {name} speaks now.")


@model.command("back")
@_DATA
@click.option("--tokens", is_flag=True, help="The tagger of tokens instead of the model of documents.")
@BY
def back(data: Path, by: str | None, *, tokens: bool) -> None:
    """Go back to the model that was active before."""
    name = step_back(data=data, by=by, is_tagger=tokens)
    click.echo(f"Model {name} speaks again." if name else "The shipped detectors speak alone again.")
