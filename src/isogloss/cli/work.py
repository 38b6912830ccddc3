"""Commands for the work itself: project, import, annotate, release, export, verify."""

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from isogloss.cli.support import acting_person, on_installation

if TYPE_CHECKING:
    from isogloss.accounts.models import User
    from isogloss.platform.models import Job
    from isogloss.projects.models import Project
    from isogloss.workforce.rules import Level

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _project(name: str) -> "Project":
    """Return the project with this id, or this name if only one has it."""
    from isogloss.platform.problems import NotFound
    from isogloss.projects.queries import projects_named

    found = projects_named(name)
    if not found:
        raise NotFound(f"There is no project {name!r}. List them: isogloss project list")
    if len(found) > 1:
        raise NotFound(f"{len(found)} projects are called {name!r}. Name the id: {', '.join(p.public_id for p in found)}")
    return found[0]


@click.group()
def project() -> None:
    """Make and list projects, add people."""


@project.command("make")
@click.argument("name")
@click.option("--language", "-l", "languages", multiple=True, required=True, help="BCP-47 tag; may be given several times.")
@click.option("--schema", type=FILE, help="Label schema (YAML).")
@click.option("--template", help="Begin with a shipped template instead of --schema.")
@click.option("--guideline", type=FILE, help="Guideline (Markdown).")
@click.option("--target", default=3, show_default=True, help="Annotations per item.")
@click.option("--severity", type=click.IntRange(0, 4), required=True, help="Declared severity of the material, 0 to 4.")
@click.option("--hazard", multiple=True, help="Category of the material, such as hate; may be given several times.")
@click.option("--routing", type=click.Choice(["language", "pool"]), default="language", show_default=True)
@click.option("--aggregation", type=click.Choice(["majority", "auto"]), default="majority", show_default=True)
@click.option("--by", help="Username of who makes it (default: the administrator).")
@click.option("--json", "as_json", is_flag=True)
@on_installation
def make(  # noqa: PLR0917  click passes options by name
    name: str,
    languages: tuple[str, ...],
    schema: Path | None,
    template: str | None,
    guideline: Path | None,
    target: int,
    severity: int,
    hazard: tuple[str, ...],
    routing: str,
    aggregation: str,
    by: str | None,
    *,
    as_json: bool,
) -> None:
    """Make a project."""
    from isogloss.guidelines.queries import templates
    from isogloss.platform import clock
    from isogloss.platform.problems import InvalidInput
    from isogloss.projects.rules import Aggregation, Routing
    from isogloss.projects.services import ProjectDraft, make_project

    chosen = next((t for t in templates() if t.slug == template), None)
    if schema is None and chosen is None:
        known = ", ".join(t.slug for t in templates())
        raise InvalidInput(f"Give --schema FILE or --template, one of: {known}.")
    source = schema.read_text(encoding="utf-8") if schema else chosen.schema_yaml if chosen else ""
    text = guideline.read_text(encoding="utf-8") if guideline else chosen.guideline_markdown if chosen else ""
    draft = ProjectDraft(
        name=name,
        languages=languages,
        schema_source=source,
        guideline=text,
        target=target,
        declared_severity=severity,
        hazards=hazard,
        routing=Routing(routing),
        aggregation=Aggregation(aggregation),
    )
    made = make_project(draft, actor=acting_person(by), now=clock.now())
    click.echo(json.dumps({"id": made.public_id, "name": made.name}) if as_json else made.public_id)


@project.command("list")
@click.option("--json", "as_json", is_flag=True)
@on_installation
def list_projects(*, as_json: bool) -> None:
    """List the projects."""
    from isogloss.projects.queries import all_projects

    rows = [{"id": p.public_id, "name": p.name, "state": p.state, "languages": [r.tag for r in p.languages.all()]} for p in all_projects()]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['id']}  {row['state']:8} {row['name']}  ({', '.join(row['languages'])})")


@project.command("language")
@click.argument("name")
@click.argument("tag")
@click.option("--level", default="B2", show_default=True, help="CEFR level that people must have.")
@click.option("--by", help="Username of who adds it (default: the administrator).")
@on_installation
def language(name: str, tag: str, level: str, by: str | None) -> None:
    """Add a language to a project, or change the level it asks for."""
    from isogloss.platform import clock
    from isogloss.projects.services import add_language

    click.echo(add_language(_project(name), tag=tag, level=_cefr(level), actor=acting_person(by), now=clock.now()).tag)


def _cefr(level: str) -> "Level":
    from isogloss.platform.problems import InvalidInput
    from isogloss.workforce.rules import Level

    if level not in {v.value for v in Level}:
        raise InvalidInput(f"{level} is not a CEFR level; those that are: {', '.join(v.value for v in Level)}.")
    return Level(level)


@project.command("add")
@click.argument("name")
@click.argument("username")
@click.option("--role", default="annotator", show_default=True)
@click.option("--language", "-l", "languages", multiple=True, help="Record a competence in this language.")
@click.option("--level", default="C1", show_default=True)
@click.option("--pool", is_flag=True, help="May be served items without a routing language.")
@on_installation
def add(name: str, username: str, role: str, languages: tuple[str, ...], level: str, *, pool: bool) -> None:
    """Give a person a role in a project."""
    from isogloss.accounts.rules import Role
    from isogloss.platform import clock
    from isogloss.platform.problems import InvalidInput
    from isogloss.projects.services import add_member
    from isogloss.workforce.services import grant_competence

    if role not in {r.value for r in Role}:
        raise InvalidInput(f"There is no role called {role}; those that are: {', '.join(r.value for r in Role)}.")
    wanted = _cefr(level)
    person, admin = acting_person(username), acting_person(None)
    for tag in languages:
        grant_competence(person, tag=tag, level=wanted, actor=admin, now=clock.now(), evidence="stated on the command line")
    add_member(_project(name), user=person, role=Role(role), in_pool=pool, actor=admin, now=clock.now())
    click.echo(f"{username} is {role} in {name}.")


@click.command("import")
@click.argument("name")
@click.argument("file", type=FILE)
@click.option("--batch", default="", help="Batch (default: the file's name).")
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Column of a content field, or of id, language, severity, hazards; may be given several times.",
)
@click.option("--update", is_flag=True, help="A known id changes the item; other content becomes its next version.")
@click.option("--guarded", is_flag=True, help="The CSV is an Isogloss export: remove the apostrophes put before formulas.")
@click.option("--annotations", is_flag=True, help="The file holds annotations (columns item, worker, label), not texts.")
@click.option("--question", default="", help="With --annotations: the question the labels answer (default: the only one there is).")
@click.option(
    "--repeats",
    type=click.Choice(["refuse", "last"]),
    default="refuse",
    show_default=True,
    help="With --annotations: a person twice on an item.",
)
@click.option("--by", help="Username of who imports (default: the administrator).")
@click.option("--json", "as_json", is_flag=True)
@on_installation
def import_(  # noqa: PLR0917  click passes options by name
    name: str,
    file: Path,
    batch: str,
    pairs: tuple[str, ...],
    question: str,
    repeats: str,
    by: str | None,
    *,
    update: bool,
    guarded: bool,
    annotations: bool,
    as_json: bool,
) -> None:
    """Import texts (JSONL, CSV, TSV), or annotations made elsewhere, into a project."""
    actor, chosen = acting_person(by), _project(name)
    if annotations:
        _import_annotations(chosen, file, pairs=pairs, question=question, repeats=repeats, actor=actor, as_json=as_json)
        return
    from isogloss.corpus.services import ImportOptions, start_import, store_upload
    from isogloss.platform import clock

    with file.open("rb") as stream:
        path = store_upload(stream, name=file.name)
    options = ImportOptions(batch=batch, mapping=_mapping(path, file, pairs, chosen), update=update, guarded=guarded)
    run = start_import(chosen, path=path, name=file.name, options=options, actor=actor, now=clock.now(), inline=True)
    _finish_jobs(run.job)
    run.refresh_from_db()
    result = {"read": run.read, "added": run.added, "skipped": run.skipped, "updated": run.updated, "bad": run.bad}
    if run.bad_path:
        kept = file.with_name(f"{file.name}.bad{Path(run.bad_path).suffix}")
        shutil.copyfile(run.bad_path, kept)
        result["bad_rows"] = str(kept)  # type: ignore[assignment]  # a path among counts, for programs
    click.echo(json.dumps(result) if as_json else ", ".join(f"{k} {v}" for k, v in result.items()))


def _import_annotations(
    chosen: "Project", file: Path, *, pairs: tuple[str, ...], question: str, repeats: str, actor: "User", as_json: bool
) -> None:
    from isogloss.dispatch.services.imports import import_annotations
    from isogloss.platform import clock

    columns = {"item": "item", "worker": "worker", "label": "label", **_pairs(pairs)}
    outcome = import_annotations(chosen, path=file, columns=columns, question=question, repeats=repeats, actor=actor, now=clock.now())
    result = {"read": outcome.read, "added": outcome.added, "skipped": outcome.skipped, "people": outcome.people, "bad": outcome.bad}
    click.echo(json.dumps(result) if as_json else ", ".join(f"{k} {v}" for k, v in result.items()))
    if outcome.bad_path:
        click.echo(f"Bad rows, with reasons: {outcome.bad_path}", err=True)


def _pairs(pairs: tuple[str, ...]) -> dict[str, str]:
    from isogloss.platform.problems import InvalidInput

    if wrong := [pair for pair in pairs if "=" not in pair]:
        raise InvalidInput(f"--map {wrong[0]!r} is not FIELD=COLUMN.")
    return dict(pair.split("=", 1) for pair in pairs)


def _mapping(path: Path, file: Path, pairs: tuple[str, ...], chosen: "Project") -> Any:
    from dataclasses import replace

    from django.conf import settings

    from isogloss.corpus.rules import guess_mapping
    from isogloss.guidelines.queries import schema_of
    from isogloss.platform.rows import columns_of, guess_format

    columns, _ = columns_of(path, file_format=guess_format(file.name), most_bytes=settings.CONFIG.max_line)
    guess = guess_mapping(columns, fields=schema_of(chosen.version_id).fields)
    given = _pairs(pairs)
    named = {key: given.pop(key, getattr(guess, key)) for key in ("id", "language", "severity", "hazards")}
    return replace(
        guess,
        fields={**guess.fields, **given},
        id=named["id"],
        language=named["language"],
        severity=named["severity"],
        hazards=named["hazards"],
    )


def _finish_jobs(job: "Job | None") -> None:
    """Do what is waiting here and now, so that the command ends when the work is done."""
    from isogloss.platform import jobs
    from isogloss.platform.problems import InvalidInput

    if job is not None and job.state == "failed":
        raise InvalidInput(job.message)
    while jobs.run_waiting():
        continue


@click.command()
@click.argument("name")
@click.argument("file", type=FILE)
@click.option("--as", "username", required=True, help="Whose answers they are.")
@click.option("--json", "as_json", is_flag=True)
@on_installation
def annotate(name: str, file: Path, username: str, *, as_json: bool) -> None:
    """Write recorded answers (JSONL: item, answers, active_ms) as a person; marked as replayed, for tests and migration."""
    from isogloss.dispatch.services.imports import replay_answers
    from isogloss.platform import clock
    from isogloss.platform.problems import InvalidInput
    from isogloss.platform.rows import BadRow, read_rows

    rows = []
    for row in read_rows(file, file_format="jsonl", most_bytes=16 * 1024 * 1024):
        if isinstance(row, BadRow):
            raise InvalidInput(f"{file}, line {row.line}: {row.reason} {row.remedy}")
        rows.append((row.line, row.values))
    outcome = replay_answers(_project(name), person=acting_person(username), rows=rows, actor=acting_person(None), now=clock.now())
    _finish_jobs(None)
    click.echo(json.dumps(outcome.as_json()) if as_json else ", ".join(f"{k} {v}" for k, v in outcome.as_json().items()))


@click.command()
@click.argument("name")
@click.argument("version")
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["jsonl", "csv", "parquet"]),
    help="May be given several times (default: jsonl).",
)
@click.option("--note", default="")
@click.option("--by", help="Username of who makes it (default: the administrator).")
@click.option("--include-gold", is_flag=True, help="Put gold items in, as split “gold”.")
@click.option(
    "--test-share", type=click.FloatRange(0, 0.5), default=0.0, help="Mark this share of the items as split “test”, the others as “train”."
)
@click.option("--json", "as_json", is_flag=True)
@on_installation
def release(
    name: str, version: str, formats: tuple[str, ...], note: str, by: str | None, *, include_gold: bool, test_share: float, as_json: bool
) -> None:
    """Freeze a project's data as an immutable, versioned release."""
    from isogloss.delivery.services import make_release
    from isogloss.platform import clock

    chosen, actor = _project(name), acting_person(by)
    made = make_release(
        chosen,
        version=version,
        formats=formats or ("jsonl",),
        note=note,
        include_gold=include_gold,
        test_share=test_share,
        actor=actor,
        now=clock.now(),
        inline=True,
    )
    result = {
        "id": made.public_id,
        "version": made.version,
        "items": made.items,
        "annotations": made.annotations,
        "decisions": made.decisions,
    }
    click.echo(json.dumps(result) if as_json else ", ".join(f"{k} {v}" for k, v in result.items()))


@click.command()
@click.argument("name")
@click.argument("version")
@click.argument("target", type=click.Path(path_type=Path))
@on_installation
def export(name: str, version: str, target: Path) -> None:
    """Copy a release out to TARGET (a new folder)."""
    from isogloss.delivery.queries import release_by_version
    from isogloss.delivery.services import export_release

    export_release(release_by_version(_project(name), version), to=target)
    click.echo(f"Exported to {target}.")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def verify(folder: Path) -> None:
    """Check an exported release against its manifest: every file, every hash."""
    from isogloss.delivery.verifying import verify_release

    problems = verify_release(folder)
    for problem in problems:
        click.echo(problem, err=True)
    click.echo("The release is whole." if not problems else f"{len(problems)} problems.")
    sys.exit(1 if problems else 0)
