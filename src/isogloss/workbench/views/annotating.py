"""The page where people annotate, and the slow requests it makes: token, schema, last answers, inquiry, keys."""

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST, require_safe

from isogloss.accounts.access import PersonRequest, signed_in
from isogloss.accounts.rules import Role
from isogloss.accounts.services import set_preferences
from isogloss.annotation.queries import last_answers
from isogloss.annotation.services import record_reveal
from isogloss.dispatch.services import item_of_lease, mint_token
from isogloss.guidelines.queries import inquiries, public_id_of_version, rulings, schema_of, version_by_public_id
from isogloss.guidelines.services import ask_inquiry
from isogloss.platform import clock
from isogloss.platform.answers import for_scripts, json_body
from isogloss.platform.markdown import to_html
from isogloss.platform.problems import InvalidInput, NotFound
from isogloss.projects.access import access_project
from isogloss.workbench.languages import language_names
from isogloss.workbench.ports import contacts
from isogloss.workbench.strings import translated_strings

if TYPE_CHECKING:
    from isogloss.projects.models import Project

LAST_ANSWERS = 20
LAST_ASKED = 5
MOST_KEYS = 200
LONGEST_KEY = 20  # characters, as “ctrl+shift+enter”


@signed_in
@require_safe
@ensure_csrf_cookie
def annotate(request: PersonRequest, project_id: str) -> HttpResponse:
    """Show the workbench of a project to one of its annotators."""
    project = access_project(request.user, project_id, roles=(Role.ANNOTATOR,))
    context = {
        "project": project,
        "place": project.name,
        "config": _config(request, project),
        "guideline": to_html(project.version.text),
        "rulings": rulings(project.guideline),
        "asked": inquiries(project_id=project.pk, person_id=request.user.pk)[:LAST_ASKED],
        "is_simulated": project.simulated,
    }
    return render(request, "workbench/annotate.html", context)


def _config(request: PersonRequest, project: "Project") -> dict[str, Any]:
    person, now = request.user, clock.now()
    token = mint_token(person, project=project, now=now)
    base = f"/projects/{project.public_id}/annotate"
    return {
        "project": {"id": project.public_id, "name": project.name},
        "person": {"id": person.public_id, "keys": person.keys, "text_size": person.text_size},
        "token": token.text,
        "expires": token.expires.isoformat(),
        "urls": {
            "next": "/dispatch/next",
            "submit": "/dispatch/submit",
            "skip": "/dispatch/skip",
            "token": f"{base}/token",
            "schema": f"{base}/schema/",
            "recent": f"{base}/recent",
            "inquiry": f"{base}/inquiry",
            "keys": "/account/keys",
            "reveal": f"{base}/reveal",
            "home": "/projects/",
        },
        "schemas": {project.version.public_id: schema_of(project.version_id).document},
        "strings": translated_strings(),
        "languages": language_names(get_language() or "en"),
        "language": get_language() or "en",
        "contacts": [{"name": name, "detail": detail} for name, detail in contacts(project.pk)],
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }


@signed_in
@require_POST
@for_scripts
def renew_token(request: PersonRequest, project_id: str) -> HttpResponse:
    """Give the page a fresh token for the hot path."""
    project = access_project(request.user, project_id, roles=(Role.ANNOTATOR,))
    token = mint_token(request.user, project=project, now=clock.now())
    return JsonResponse({"token": token.text, "expires": token.expires.isoformat()})


@signed_in
@require_GET
@for_scripts
def schema(request: PersonRequest, project_id: str, version_id: str) -> HttpResponse:
    """Return the label schema of a version of the project's guideline."""
    project = access_project(request.user, project_id, roles=(Role.ANNOTATOR,))
    version = version_by_public_id(version_id)
    if version is None or version.guideline_id != project.guideline_id:
        raise NotFound("The project's guideline has no such version.")
    return JsonResponse(schema_of(version.pk).document)


@signed_in
@require_GET
@for_scripts
def recent(request: PersonRequest, project_id: str) -> HttpResponse:
    """Return the person's last answers in the project, newest first, so that they can be corrected."""
    project = access_project(request.user, project_id, roles=(Role.ANNOTATOR,))
    rows = last_answers(person_id=request.user.pk, project_id=project.pk, most=LAST_ANSWERS)
    answered = [
        {
            "lease": row.lease,
            "annotation": row.public_id,
            "revision": row.revision,
            "schema": public_id_of_version(row.guideline_version_id),
            "content": json.loads(row.content),
            "answers": json.loads(row.answers),
            "language": row.language,
            "severity": row.severity,
            "hazards": row.hazards.split(",") if row.hazards else [],
            "shuffle": _is_shuffled(row.lease),
            "at": row.submitted_at.isoformat(),
        }
        for row in rows
    ]
    return JsonResponse({"answered": answered})


def _is_shuffled(lease: str) -> bool:
    """Tell how the sides of a pair stood, as dispatch draws it with the lease: an answer is corrected as it was given."""
    return int(lease[-1], 16) % 2 == 1


@signed_in
@require_POST
@for_scripts
def inquiry(request: PersonRequest, project_id: str) -> HttpResponse:
    """Store a question about the guideline; the item is the one the person's lease is for."""
    project = access_project(request.user, project_id, roles=(Role.ANNOTATOR,))
    body = json_body(request)
    item_id = item_of_lease(str(body.get("lease", "")), person_id=request.user.pk, project_id=project.pk)
    made = ask_inquiry(
        version=project.version,
        project_id=project.pk,
        item_id=item_id,
        text=str(body.get("text", "")),
        actor=request.user,
        now=clock.now(),
    )
    return JsonResponse({"inquiry": made.public_id}, status=201)


@signed_in
@require_POST
@for_scripts
def reveal(request: PersonRequest, project_id: str) -> HttpResponse:
    """Note that the person lifted the veil over the item of one of their leases; it counts as exposure."""
    project = access_project(request.user, project_id, roles=(Role.ANNOTATOR,))
    lease = str(json_body(request).get("lease", ""))
    item_id = item_of_lease(lease, person_id=request.user.pk, project_id=project.pk)
    record_reveal(lease=lease, item_id=item_id, person_id=request.user.pk, now=clock.now())
    return HttpResponse(status=204)


@signed_in
@require_POST
@for_scripts
def save_keys(request: PersonRequest) -> HttpResponse:
    """Keep the person's own keys."""
    keys = json_body(request).get("keys")
    if not isinstance(keys, dict) or len(keys) > MOST_KEYS or not all(isinstance(v, str) and len(v) <= LONGEST_KEY for v in keys.values()):
        raise InvalidInput("Keys are an object of command and key.")
    set_preferences(request.user, actor=request.user, now=clock.now(), keys=keys)
    return JsonResponse({"keys": keys})
