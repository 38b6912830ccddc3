"""Pages of the corpus: import a file in two steps, watch it, list the items."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from isogloss.accounts.access import PersonRequest, signed_in
from isogloss.accounts.rules import Role
from isogloss.corpus import queries, services
from isogloss.corpus.access import access_import, access_item
from isogloss.corpus.forms import MappingForm, UploadForm
from isogloss.corpus.rules import FlagKind, guess_mapping
from isogloss.corpus.services import ImportOptions, start_import, store_upload
from isogloss.guidelines.queries import schema_of
from isogloss.platform import clock, jobs
from isogloss.platform.languages import named_in_order
from isogloss.platform.problems import NotFound, Problem
from isogloss.platform.rows import MEDIA_TYPES, guess_format, preview
from isogloss.projects.access import access_project
from isogloss.projects.queries import language_tags, project_roles

if TYPE_CHECKING:
    from isogloss.projects.models import Project

_SALT = "isogloss.corpus.upload"


@signed_in
@require_http_methods(["GET", "POST"])
def upload(request: PersonRequest, project_id: str) -> HttpResponse:
    """Take a file and go on to its mapping."""
    project = access_project(request.user, project_id, roles=(Role.LEAD,))
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            guess_format(file.name)
            path = store_upload(file, name=file.name)
        except Problem as problem:
            form.add_error("file", _(problem.detail))
        else:
            ticket = a_ticket(path, name=file.name, batch=form.cleaned_data["batch"], project=project)
            return redirect("corpus:import-map", project.public_id, ticket)
    context = {
        "project": project,
        "place": project.name,
        "form": form,
        "runs": queries.import_runs(project)[:20],
        "profiles": queries.profile_runs(project)[:10],
        "is_simulated": project.simulated,
    }
    return render(request, "corpus/upload.html", context, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def map_columns(request: PersonRequest, project_id: str, ticket: str) -> HttpResponse:
    """Show the file's columns and first rows, take the mapping, and start the import."""
    project = access_project(request.user, project_id, roles=(Role.LEAD,))
    path, name, batch = opened(ticket, project)
    file_format = guess_format(name)
    fields = schema_of(project.version_id).fields
    try:
        seen = preview(path, file_format=file_format, most_bytes=settings.CONFIG.max_line)
    except Problem as problem:
        context = {
            "project": project,
            "place": project.name,
            "form": UploadForm(),
            "runs": queries.import_runs(project)[:20],
            "problem": problem,
        }
        return render(request, "corpus/upload.html", context, status=problem.status)
    columns = seen.columns
    form = MappingForm(request.POST or None, columns=columns, fields=fields, guess=guess_mapping(columns, fields=fields))
    if request.method == "POST" and form.is_valid():
        options = ImportOptions(
            batch=batch,
            file_format=file_format,
            mapping=form.mapping(),
            update=form.cleaned_data["update"],
            guarded=form.cleaned_data["guarded"],
        )
        try:
            run = start_import(project, path=path, name=name, options=options, actor=request.user, now=clock.now())
        except Problem as problem:
            form.add_problem(problem)
        else:
            return redirect("corpus:import", run.public_id)
    rows = [[str(row.get(column, ""))[:120] for column in columns] for row in seen.rows[:8]]
    context = {
        "project": project,
        "place": project.name,
        "form": form,
        "columns": columns,
        "rows": rows,
        "bad": seen.bad,
        "file_name": name,
        "ticket": ticket,
        "batch": services.batch_name(batch, file=name),
        "held": queries.items_in_batch(project, name=services.batch_name(batch, file=name)),
    }
    return render(request, "corpus/map.html", context, status=422 if form.errors else 200)


def a_ticket(path: Path, *, name: str, batch: str, project: "Project") -> str:
    """Return what carries a stored file from one page to the next."""
    return signing.dumps({"path": path.name, "name": name, "batch": batch, "project": project.pk}, salt=_SALT)


def opened(ticket: str, project: "Project") -> tuple[Path, str, str]:
    """Return the stored file of a ticket, its name and the batch it goes to."""
    try:
        value = signing.loads(ticket, salt=_SALT, max_age=24 * 3600)
    except signing.BadSignature:
        raise NotFound(_("This upload has expired. Send the file again.")) from None
    path = settings.CONFIG.data / "jobs" / "imports" / value["path"]
    if value["project"] != project.pk or not path.exists():
        raise NotFound(_("This upload has expired. Send the file again."))
    return path, value["name"], value["batch"]


@signed_in
@require_safe
def import_status(request: PersonRequest, run_id: str) -> HttpResponse:
    """Show how far an import is and what came of it; the fragment alone when htmx asks."""
    run = access_import(request.user, run_id)
    context = {
        "run": run,
        "job": run.job,
        "project": run.project,
        "place": run.project.name,
        "is_simulated": run.project.simulated,
        "repetition": queries.batch_repetition(run.batch) if run.batch is not None and run.finished_at is not None else None,
        "worker_missing": run.job is not None and run.job.state == "waiting" and not jobs.worker_is_about(clock.now()),
    }
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "corpus/_import.html" if fragment else "corpus/import.html", context)


@signed_in
@require_POST
def cancel_import(request: PersonRequest, run_id: str) -> HttpResponse:
    """Ask an import to stop; what has come in stays."""
    run = access_import(request.user, run_id)
    services.cancel_import(run, actor=request.user, now=clock.now())
    return redirect("corpus:import", run.public_id)


@signed_in
@require_safe
def bad_rows(request: PersonRequest, run_id: str) -> FileResponse:
    """Send the rows that could not be used, with line, reason and what to do."""
    run = access_import(request.user, run_id)
    if not run.bad_path or not Path(run.bad_path).exists():
        raise NotFound(_("This import left no bad rows."))
    return FileResponse(
        Path(run.bad_path).open("rb"),
        as_attachment=True,
        filename=f"{Path(run.file_name).stem}.bad{Path(run.bad_path).suffix}",
        content_type=MEDIA_TYPES[Path(run.bad_path).suffix],
    )


@signed_in
@require_safe
def item_list(request: PersonRequest, project_id: str) -> HttpResponse:
    """List items, narrowed by language, batch, flag and id, fifty at a time."""
    project = access_project(request.user, project_id, roles=(Role.LEAD, Role.REVIEWER))
    after = request.GET.get("after", "")
    narrowed = queries.ItemFilter(
        language=request.GET.get("language", ""),
        batch=request.GET.get("batch", ""),
        search=request.GET.get("search", "").strip()[:200],
        flag=request.GET.get("flag", "") if request.GET.get("flag", "") in set(FlagKind) else "",
        after=int(after) if after.isdecimal() and len(after) < 19 else 0,  # noqa: PLR2004  a bigint has at most 19 digits
    )
    rows = list(queries.items(project, narrowed=narrowed)[: queries.PAGE])
    field = (schema_of(project.version_id).fields or ("text",))[0]
    flags = queries.flags_of_items(item.pk for item in rows)
    context = {
        "project": project,
        "place": project.name,
        "rows": [(item, str(json.loads(item.content).get(field, ""))[:200], flags.get(item.pk, [])) for item in rows],
        "flags": list(FlagKind),
        "narrowed": narrowed,
        "languages": [*(tag for tag, _name in named_in_order(language_tags(project), reader=get_language() or "en")), "und"],
        "is_narrowed": any((narrowed.language, narrowed.batch, narrowed.search, narrowed.flag)),
        "batches": queries.batches(project),
        "next_after": rows[-1].pk if len(rows) == queries.PAGE else None,
        "is_lead": Role.LEAD in project_roles(request.user, project),
        "is_simulated": project.simulated,
    }
    return render(request, "corpus/items.html", context)


@signed_in
@require_safe
def item_page(request: PersonRequest, project_id: str, external_id: str) -> HttpResponse:
    """Show one item: its content and what is known of its language."""
    item = access_item(request.user, project_id, external_id)
    context = {
        "project": item.project,
        "place": item.project.name,
        "item": item,
        "content": json.loads(item.content),
        "meta": json.loads(item.meta) if item.meta else {},
        "versions": queries.item_versions(item),
        "same": queries.cluster_of(item),
        "is_lead": Role.LEAD in project_roles(request.user, item.project),
        "flags": queries.flags_of_items([item.pk]).get(item.pk, []),
        "is_simulated": item.project.simulated,
    }
    return render(request, "corpus/item.html", context)


@signed_in
@require_POST
def serve_item(request: PersonRequest, project_id: str, external_id: str) -> HttpResponse:
    """Serve a held item after all."""
    project = access_project(request.user, project_id, roles=(Role.LEAD,))
    item = access_item(request.user, project.public_id, external_id)
    services.serve_item(item, actor=request.user, now=clock.now())
    return redirect("corpus:item", project.public_id, item.external_id)


@signed_in
@require_POST
def set_hold(request: PersonRequest, project_id: str) -> HttpResponse:
    """Say whether repeated texts of later imports are held."""
    project = access_project(request.user, project_id, roles=(Role.LEAD,))
    services.set_hold(project, holds=request.POST.get("hold") == "yes", actor=request.user, now=clock.now())
    return redirect("insights:languages", project.public_id)


@signed_in
@require_POST
def serve_held(request: PersonRequest, project_id: str) -> HttpResponse:
    """Put the serving of everything that is held in line."""
    project = access_project(request.user, project_id, roles=(Role.LEAD,))
    services.ask_serve_held(project, actor=request.user, now=clock.now())
    return redirect("insights:languages", project.public_id)
