"""The page where a lead edits a project's label schema: its preview, what a change would do, and the next version."""

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from isogloss.accounts.access import PersonRequest, signed_in
from isogloss.accounts.rules import Role
from isogloss.corpus.queries import example_items
from isogloss.guidelines.queries import schema_of, templates
from isogloss.guidelines.schemas import Fate, LabelChange, LabelSchemaDocument, Renames, compare_schemas, rename_faults
from isogloss.guidelines.services import read_schema
from isogloss.platform import clock
from isogloss.platform.answers import for_scripts, json_body
from isogloss.platform.problems import InvalidInput, Problem, TooLarge
from isogloss.projects.access import access_project
from isogloss.projects.services import revise_guideline
from isogloss.workbench.forms import SchemaForm
from isogloss.workbench.queries import Effect, QuestionEffect, effect_of
from isogloss.workbench.strings import translated_strings

if TYPE_CHECKING:
    from isogloss.projects.models import Project

MOST_BYTES = 1 << 20
EXAMPLES = 6
EMPTY = "schema: 1\ndisplays:\n  - {kind: text, field: text}\nquestions:\n"


@signed_in
@require_http_methods(["GET", "POST"])
def edit(request: PersonRequest, project_id: str) -> HttpResponse:
    """Show the label schema with its preview; first show what a change would do, then make the version."""
    project = access_project(request.user, project_id, roles=(Role.LEAD,))
    start = request.GET.get("from", "")
    form = SchemaForm(request.POST or None, initial={"schema_source": _beginning(project, start), "base": project.version.number})
    shown: dict[str, Any] = {"effect": None, "problems": []}
    if request.method == "POST" and form.is_valid():
        try:
            document = read_schema(form.cleaned_data["schema_source"])
            renames = _renames(request.POST, old=schema_of(project.version_id), new=document)
            looked = digest_of(form.cleaned_data["schema_source"], renames=renames)
            if _is_sure(request, form, looked=looked):
                return _make(request, project, form=form, renames=renames)
        except Problem as problem:
            shown["problems"] = problem.errors or [{"message": problem.detail}]
        else:
            shown["effect"] = _shown_effect(effect_of(project, new=document, renames=renames), renames=renames)
            shown["looked"] = looked
    context = {
        "project": project,
        "place": project.name,
        "form": form,
        "schema_templates": templates(),
        "start": start,
        "looked": "",
        "next_number": project.version.number + 1,
        "config": _config(request, project, source=str(form["schema_source"].value() or "")),
        "is_simulated": project.simulated,
        **shown,
    }
    return render(request, "workbench/schema.html", context, status=422 if form.errors or shown["problems"] else 200)


def _beginning(project: "Project", start: str) -> str:
    if start == "empty":
        return EMPTY
    return next((t.schema_yaml for t in templates() if t.slug == start), project.version.schema_source)


def _is_sure(request: PersonRequest, form: SchemaForm, *, looked: str) -> bool:
    """Tell whether the version is to be made: the lead has seen what exactly this text does, and says why."""
    if request.POST.get("act") != "make":
        return False
    if form.cleaned_data["looked"] != looked:
        messages.warning(request, _("The text has changed since you looked. This is what it would do now."))
        return False
    if not form.cleaned_data["note"].strip():
        form.add_error("note", _("Say what has changed: people read it beside the version."))
        return False
    return True


def _make(request: PersonRequest, project: "Project", *, form: SchemaForm, renames: Renames) -> HttpResponse:
    version = revise_guideline(
        project,
        schema_source=form.cleaned_data["schema_source"],
        text=project.version.text,
        note=form.cleaned_data["note"],
        actor=request.user,
        now=clock.now(),
        renames=renames,
        base=form.cleaned_data["base"],
    )
    messages.success(request, _("Version %(number)s holds from the next item on.") % {"number": version.number})
    return redirect("workbench:schema-edit", project.public_id)


def digest_of(source: str, *, renames: Renames) -> str:
    """Name a text with its renames, so that what was looked at is what is made."""
    told = json.dumps([source, renames.to_document()], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _renames(post: QueryDict, *, old: LabelSchemaDocument, new: LabelSchemaDocument) -> Renames:
    """Read the renames that were chosen; those that the text has outgrown are forgotten."""
    questions: dict[str, str] = {}
    labels: dict[tuple[str, str, str], str] = {}
    for field, now in post.items():
        if not now or not isinstance(now, str):
            continue
        if field.startswith("q:") and not rename_faults(compare_schemas(old, new, renames=Renames({field[2:]: now}))):
            questions[field[2:]] = now
    for field, now in post.items():
        question, _colon, rest = field[2:].partition(":")
        part, _colon, value = rest.partition(":")
        if field.startswith("l:") and now and isinstance(now, str):
            one = Renames({question: questions[question]} if question in questions else {}, {(question, part, value): now})
            if not rename_faults(compare_schemas(old, new, renames=one)):
                labels[question, part, value] = now
    return Renames(questions, labels)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a dropped question or label may be called now."""

    field: str
    now: str
    options: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A label that is not as it was, for the page."""

    change: LabelChange
    used: int
    rename: Choice | None


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question with what becomes of its answers, for the page."""

    effect: QuestionEffect
    labels: list[LabelRow]
    rename: Choice | None

    @property
    def is_touched(self) -> bool:
        """Whether anything about the question differs."""
        return self.effect.change.fate is not Fate.KEPT or bool(self.labels or self.effect.change.settings or self.effect.reasons)


def _shown_effect(effect: Effect, *, renames: Renames) -> dict[str, Any]:
    rows = [_question_row(one, effect=effect, renames=renames) for one in effect.questions]
    return {
        "rows": [row for row in rows if row.is_touched],
        "untouched": [row.effect.change.question for row in rows if not row.is_touched],
        "annotations": effect.annotations,
        "whole": effect.whole,
        "part": effect.annotations - effect.whole,
        "incomplete": effect.incomplete,
        "one_in": effect.one_in,
        "is_only_wording": effect.change.is_only_wording,
    }


def _question_row(one: QuestionEffect, *, effect: Effect, renames: Renames) -> QuestionRow:
    change = one.change
    before = change.was or change.question
    same_kind = [(q.id, q.prompt) for q in effect.change.new.questions if q.kind is change.old_kind and _is_new(effect, q.id)]
    rename = None
    if change.was or (change.fate is Fate.DROPPED and same_kind):
        rename = Choice(f"q:{before}", renames.questions.get(before, ""), same_kind)
    labels = []
    if change.fate in {Fate.KEPT, Fate.RENAMED}:
        labels = [LabelRow(label, used, _label_choice(label, before=before, change=one, renames=renames)) for label, used in one.labels]
    return QuestionRow(one, labels, rename)


def _is_new(effect: Effect, question: str) -> bool:
    return all(question != old.id for old in effect.change.old.questions)


def _label_choice(label: LabelChange, *, before: str, change: QuestionEffect, renames: Renames) -> Choice | None:
    value = label.was or label.value
    if label.fate is not Fate.DROPPED and not label.was:
        return None
    now = renames.labels.get((before, label.part, value), "")
    options = {
        row.value: row.new_name or row.value for row in change.change.labels if row.part == label.part and row.fate is not Fate.DROPPED
    }
    return Choice(f"l:{before}:{label.part}:{value}", now, list(options.items()))


@signed_in
@require_POST
@for_scripts
def check(request: PersonRequest, project_id: str) -> HttpResponse:
    """Read a label schema as it is being typed: its normal form, or what is wrong in which line; nothing is written."""
    access_project(request.user, project_id, roles=(Role.LEAD,))
    source = json_body(request, is_kept=False).get("source")  # what cannot be stored is shown with its line
    if len(request.body) > MOST_BYTES:
        raise TooLarge("A label schema has at most 1 MiB.")
    if not isinstance(source, str):
        raise InvalidInput("Send the text as “source”.")
    return JsonResponse(_checked(source))


def _checked(source: str) -> dict[str, Any]:
    try:
        return {"ok": True, "document": read_schema(source).document}
    except InvalidInput as problem:
        return {"ok": False, "problems": problem.errors}


def _config(request: PersonRequest, project: "Project", *, source: str) -> dict[str, Any]:
    return {
        "checked": _checked(source),
        "present": schema_of(project.version_id).document,
        "check": reverse("workbench:schema-check", args=[project.public_id]),
        "examples": [
            {
                "content": json.loads(item.content),
                "language": item.routing_language or "und",
                "severity": item.severity,
                "hazards": [hazard for hazard in item.hazards.split(",") if hazard],
            }
            for item in example_items(project, most=EXAMPLES)
        ],
        "text_size": request.user.text_size,
        "keys": request.user.keys,
        "strings": translated_strings(),
        "language": get_language() or "en",
    }
