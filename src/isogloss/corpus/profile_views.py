"""Pages that say what a file or a batch is made of."""

from pathlib import Path

from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from isogloss.accounts.access import PersonRequest, signed_in
from isogloss.accounts.rules import Role
from isogloss.corpus import services
from isogloss.corpus.access import access_batch, access_profile
from isogloss.corpus.forms import MappingForm
from isogloss.corpus.models import ProfileRun
from isogloss.corpus.pictures import bars, spans
from isogloss.corpus.rules import guess_mapping
from isogloss.corpus.views import a_ticket, map_columns, opened
from isogloss.guidelines.queries import schema_of
from isogloss.platform import clock, jobs
from isogloss.platform.problems import NotFound
from isogloss.platform.rows import columns_of, guess_format
from isogloss.projects.access import access_project

_NO_LANGUAGE = {"und", "zxx", "mul", "mis"}
_TOLD = ("exact_duplicates", "near_duplicates", "emoji", "url", "mixed", "low_confidence", "detectors_disagree", "other_than_declared")


@signed_in
@require_POST
def profile_upload(request: PersonRequest, project_id: str, ticket: str) -> HttpResponse:
    """Put the profile of an uploaded file in line, under the mapping that was chosen."""
    from django.conf import settings  # noqa: PLC0415  read when asked, as tests change it

    project = access_project(request.user, project_id, roles=(Role.LEAD,))
    path, name, _batch = opened(ticket, project)
    file_format, fields = guess_format(name), schema_of(project.version_id).fields
    columns, _sample = columns_of(path, file_format=file_format, most_bytes=settings.CONFIG.max_line)
    form = MappingForm(request.POST, columns=columns, fields=fields, guess=guess_mapping(columns, fields=fields))
    if not form.is_valid():
        return map_columns(request, project_id=project_id, ticket=ticket)  # type: ignore[return-value]  # the view says what is wrong
    run = services.start_file_profile(
        project,
        path=path,
        name=name,
        file_format=file_format,
        mapping=form.mapping(),
        mask=request.POST.get("mask") == "yes",
        actor=request.user,
        now=clock.now(),
    )
    return redirect("corpus:profile", run.public_id)


@signed_in
@require_POST
def profile_batch(request: PersonRequest, batch_id: str) -> HttpResponse:
    """Put the profile of a batch in line."""
    run = services.start_batch_profile(access_batch(request.user, batch_id), actor=request.user, now=clock.now())
    return redirect("corpus:profile", run.public_id)


@signed_in
@require_safe
def profile_page(request: PersonRequest, profile_id: str) -> HttpResponse:
    """Show how far a profile is, then what it says; the fragment alone when htmx asks."""
    run = access_profile(request.user, profile_id)
    told = run.result
    context = {
        "run": run,
        "job": run.job,
        "project": run.project,
        "place": run.project.name,
        "is_simulated": run.project.simulated,
        "is_waiting": run.job is not None and run.job.state in {"waiting", "running"},
        "worker_missing": run.job is not None and run.job.state == "waiting" and not jobs.worker_is_about(clock.now()),
        "tickets": _tickets(run),
        **(_pictures(told) if told else {}),
    }
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "corpus/_profile.html" if fragment else "corpus/profile.html", context)


def _pictures(told: dict[str, dict[str, dict[str, object]]]) -> dict[str, object]:
    return {
        "told": told,
        "natural": len(told["languages"].keys() - _NO_LANGUAGE),
        "languages": bars(told["languages"]),
        "scripts": bars(told["scripts"]),
        "others": bars({name: told[name] for name in _TOLD}),
        "personal": bars(told["personal"]),
        "by_language": spans(told["length_by_language"]),
        "by_script": spans(told["length_by_script"]),
    }


def _tickets(run: ProfileRun) -> dict[str, str]:
    """Tickets that lead on to the import of the file, and of its masked copy."""
    batch = Path(run.title).stem[:150]
    if not run.file_path or not Path(run.file_path).exists():
        return {}
    found = {"file": a_ticket(Path(run.file_path), name=run.title, batch=batch, project=run.project)}
    if run.masked_path and Path(run.masked_path).exists():
        found["masked"] = a_ticket(Path(run.masked_path), name=f"{batch}.masked.jsonl", batch=batch, project=run.project)
    return found


@signed_in
@require_POST
def cancel_profile(request: PersonRequest, profile_id: str) -> HttpResponse:
    """Ask a profile to stop."""
    run = access_profile(request.user, profile_id)
    services.cancel_profile(run, actor=request.user, now=clock.now())
    return redirect("corpus:profile", run.public_id)


@signed_in
@require_safe
def profile_figures(request: PersonRequest, profile_id: str) -> JsonResponse:
    """Send the figures as JSON."""
    run = access_profile(request.user, profile_id)
    if not run.result:
        raise NotFound(_("This profile is not finished."))
    response = JsonResponse(run.result, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="profile.json"'
    return response


@signed_in
@require_safe
def masked_copy(request: PersonRequest, profile_id: str) -> FileResponse:
    """Send the copy of the file in which personal data is masked."""
    run = access_profile(request.user, profile_id)
    if not run.masked_path or not Path(run.masked_path).exists():
        raise NotFound(_("No masked copy was asked for."))
    name = f"{Path(run.title).stem}.masked.jsonl"
    return FileResponse(Path(run.masked_path).open("rb"), as_attachment=True, filename=name, content_type="application/x-ndjson")
