"""Pages of releases: the list with the form that asks for one, a release with its files, the downloads."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from isogloss.accounts.access import PersonRequest, signed_in
from isogloss.accounts.rules import Role
from isogloss.delivery import queries, services
from isogloss.delivery.access import READERS, access_release
from isogloss.delivery.archives import zip_pieces
from isogloss.delivery.forms import ReleaseForm
from isogloss.delivery.manifests import NAME
from isogloss.delivery.models import ReleaseState
from isogloss.delivery.rules import next_version
from isogloss.platform import clock, jobs
from isogloss.platform.languages import named_in_order
from isogloss.platform.problems import NotFound, Problem
from isogloss.projects.access import access_project
from isogloss.projects.queries import project_roles

if TYPE_CHECKING:
    from isogloss.projects.models import Project

PAGE = 50
_TYPES = {
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "yaml": "application/yaml",
    "md": "text/markdown; charset=utf-8",
}


@signed_in
@require_http_methods(["GET", "POST"])
def release_list(request: PersonRequest, project_id: str) -> HttpResponse:
    """List the releases of a project; a lead asks for the next one here."""
    project = access_project(request.user, project_id, roles=READERS)
    is_lead = Role.LEAD in project_roles(request.user, project)
    rows = list(queries.releases(project, only_ready=not is_lead)[:PAGE])
    proposed = next_version(row.version for row in rows if row.state != ReleaseState.FAILED)
    form = ReleaseForm(request.POST or None, initial={"version": proposed})
    prospect = None
    if request.method == "POST":
        access_project(request.user, project_id, roles=(Role.LEAD,))
        if form.is_valid() and "sure" not in request.POST:
            if "again" not in request.POST and not _unfit(form, project=project):
                prospect = queries.prospect(project, with_gold=form.cleaned_data["include_gold"])
        elif form.is_valid():
            try:
                release = services.make_release(project, actor=request.user, now=clock.now(), **form.cleaned_data)
            except Problem as problem:
                form.add_problem(problem)
            else:
                return redirect("delivery:release", release.public_id)
    context = {
        "project": project,
        "place": project.name,
        "rows": rows,
        "form": form if is_lead else None,
        "prospect": prospect,
        "is_asked": request.method == "POST",
        "is_simulated": project.simulated,
    }
    return render(request, "delivery/list.html", context, status=422 if form.errors else 200)


def _unfit(form: ReleaseForm, *, project: "Project") -> bool:
    """Whether the release would be refused anyway; the form says why, before anybody is asked whether they are sure."""
    try:
        services.check_release(**{name: form.cleaned_data[name] for name in ("version", "formats", "note", "test_share")})
        services.check_version(project, version=form.cleaned_data["version"])
    except Problem as problem:
        form.add_problem(problem)
        return True
    return False


@signed_in
@require_GET
def release_page(request: PersonRequest, release_id: str) -> HttpResponse:
    """Show a release: how far it is, then what is in it; the fragment alone when htmx asks."""
    release = access_release(request.user, release_id)
    is_ready = release.state == ReleaseState.READY
    job = release.job
    manifest = queries.manifest_of(release) if is_ready else None
    reader = get_language() or "en"
    context = {
        "release": release,
        "job": job,
        "project": release.project,
        "place": release.project.name,
        "manifest": manifest,
        "languages": [(tag, name, manifest.languages[tag]) for tag, name in named_in_order(manifest.languages, reader=reader)]
        if manifest
        else [],
        "is_waiting": release.state == ReleaseState.MAKING and (job is None or job.state in {"waiting", "running"}),
        "is_simulated": release.project.simulated,
        "worker_missing": job is not None and job.state == "waiting" and not jobs.worker_is_about(clock.now()),
    }
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "delivery/_release.html" if fragment else "delivery/release.html", context)


@signed_in
@require_POST
def cancel_release(request: PersonRequest, release_id: str) -> HttpResponse:
    """Give up a release that is being made."""
    release = access_release(request.user, release_id, roles=(Role.LEAD,))
    services.cancel_release(release, actor=request.user, now=clock.now())
    messages.success(request, _("The release is given up; nothing of it is kept."))
    return redirect("delivery:release-list", release.project.public_id)


@signed_in
@require_GET
def download(request: PersonRequest, release_id: str) -> StreamingHttpResponse:
    """Send a whole release as a ZIP archive that is made while it is sent."""
    release = access_release(request.user, release_id)
    folder, names = queries.release_folder(release), services.file_names(release)
    name = services.archive_name(release)
    services.record_download(release, actor=request.user, file="", now=clock.now())
    pieces = zip_pieces(folder, names=names, inside=name, made_at=release.created_at)
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.zip")
    return response


@signed_in
@require_GET
def file(request: PersonRequest, release_id: str, name: str) -> FileResponse:
    """Send one file of a release; only what the manifest names can be asked for."""
    release = access_release(request.user, release_id)
    folder = queries.release_folder(release)
    if name not in services.file_names(release):
        raise NotFound(_("This release has no such file."))
    if name != NAME:
        services.record_download(release, actor=request.user, file=name, now=clock.now())
    kind = _TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    return FileResponse(
        (folder / name).open("rb"), as_attachment=True, filename=f"{services.archive_name(release)}-{name}", content_type=kind
    )
