"""The page of what people ask while they annotate: a lead reads and answers, the person who asked sees the answer."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from isogloss.accounts.access import PersonRequest, signed_in
from isogloss.accounts.rules import Role
from isogloss.corpus.queries import items_with_ids
from isogloss.guidelines.queries import count_open_inquiries, inquiries, schema_of
from isogloss.guidelines.services import answer_inquiry, reply_to_inquiry
from isogloss.platform import clock
from isogloss.platform.problems import Problem
from isogloss.projects.access import access_inquiry, access_project
from isogloss.projects.queries import project_roles
from isogloss.workbench.forms import AnswerForm, labels_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from isogloss.corpus.models import Item
    from isogloss.guidelines.models import Inquiry
    from isogloss.projects.models import Project

PAGE = 25
LONGEST_SHOWN = 1200
VEILED_FROM = 2
ANSWERERS = (Role.LEAD, Role.REVIEWER, Role.REQUESTER)
SEE_NAMES = {Role.LEAD, Role.REVIEWER}


@dataclass(frozen=True, slots=True)
class InquiryRow:
    """An inquiry with the text it is about, and the form to answer it where the reader may."""

    inquiry: "Inquiry"
    texts: list[str]
    language: str
    severity: int
    hazards: str
    form: AnswerForm | None

    @property
    def is_veiled(self) -> bool:
        """Whether the text waits behind a veil."""
        return self.severity >= VEILED_FROM


@signed_in
@require_safe
def listing(request: PersonRequest, project_id: str) -> HttpResponse:
    """Show what was asked: everything to whoever may answer, their own to annotators."""
    project = access_project(request.user, project_id, roles=(*ANSWERERS, Role.ANNOTATOR))
    return _page(request, project)


def _page(request: PersonRequest, project: "Project", *, refused: AnswerForm | None = None, at: str = "") -> HttpResponse:
    roles = project_roles(request.user, project)
    may_answer = bool(roles & set(ANSWERERS))
    state = request.GET.get("state", "open" if may_answer else "all")
    rows = inquiries(
        project_id=project.pk,
        person_id=None if may_answer else request.user.pk,
        answered={"open": False, "answered": True}.get(state),
    )
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:  # noqa: PLR2004  a bigint has 19 digits
        rows = rows.filter(pk__lt=int(before))
    taken = list(rows[: PAGE + 1])
    context = {
        "project": project,
        "place": project.name,
        "rows": [
            _row(inquiry, item=item, may_answer=may_answer, refused=refused if inquiry.public_id == at else None)
            for inquiry, item in _with_items(taken[:PAGE])
        ],
        "state": state,
        "open": count_open_inquiries(project.pk) if may_answer else 0,
        "may_answer": may_answer,
        "sees_names": bool(roles & SEE_NAMES),
        "older": taken[PAGE - 1].pk if len(taken) > PAGE else None,
        "is_simulated": project.simulated,
    }
    return render(request, "workbench/inquiries.html", context, status=422 if refused else 200)


def _with_items(rows: "list[Inquiry]") -> "Iterable[tuple[Inquiry, Item | None]]":
    items = items_with_ids({row.item_id for row in rows if row.item_id is not None})
    return [(row, items.get(row.item_id or 0)) for row in rows]


def _row(inquiry: "Inquiry", *, item: "Item | None", may_answer: bool, refused: AnswerForm | None) -> InquiryRow:
    schema = schema_of(inquiry.version_id)
    form = None
    if may_answer and inquiry.answered_at is None:
        form = refused or AnswerForm(auto_id=f"id_%s_{inquiry.public_id[:8]}", labels=labels_of(schema.questions))
    content = json.loads(item.content) if item is not None else {}
    texts = [_told(content[field]) for field in schema.fields if field in content]
    if item is None:
        return InquiryRow(inquiry, [], "", 0, "", form)
    return InquiryRow(inquiry, texts, item.routing_language or "und", item.severity, item.hazards, form)


def _told(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]} …"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: PersonRequest, project_id: str, inquiry_id: str) -> HttpResponse:
    """Answer what somebody asked, for them alone or as a ruling for everybody."""
    project = access_project(request.user, project_id, roles=ANSWERERS)
    inquiry = access_inquiry(project, inquiry_id=inquiry_id)
    if request.method != "POST":  # a reload after a refused answer, or its address from a history
        place = reverse("workbench:inquiries", args=[project.public_id])
        return redirect(f"{place}?state=all&before={inquiry.pk + 1}#inquiry-{inquiry.public_id}")
    form = AnswerForm(request.POST, auto_id=f"id_%s_{inquiry.public_id[:8]}", labels=labels_of(schema_of(inquiry.version_id).questions))
    if form.is_valid():
        try:
            _answer(request, inquiry, form=form)
        except Problem as problem:
            form.add_problem(problem)
        else:
            return redirect("workbench:inquiries", project.public_id)
    return _page(request, project, refused=form, at=inquiry.public_id)


def _answer(request: PersonRequest, inquiry: "Inquiry", *, form: AnswerForm) -> None:
    text, now = form.cleaned_data["answer"], clock.now()
    if not form.cleaned_data["is_ruling"]:
        reply_to_inquiry(inquiry, actor=request.user, answer=text, now=now)
        messages.success(request, _("Answered. Whoever asked sees it beside their next item."))
        return
    made = answer_inquiry(inquiry, actor=request.user, ruling=text, labels=tuple(form.cleaned_data["labels"]), now=now)
    messages.success(request, _("Ruling %(number)s stands beside every item from now on.") % {"number": made.number})
