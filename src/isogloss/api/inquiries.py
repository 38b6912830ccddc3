"""The API of inquiries: what people asked while they annotated, and the answers."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from isogloss.accounts.rules import Role
from isogloss.api.authentication import caller
from isogloss.api.pages import USUAL, page_of
from isogloss.api.shapes import InquiryOut, Page
from isogloss.corpus.queries import items_with_ids
from isogloss.guidelines.queries import inquiries
from isogloss.guidelines.services import answer_inquiry, reply_to_inquiry
from isogloss.platform import clock
from isogloss.platform.problems import InvalidInput
from isogloss.projects.access import access_inquiry, access_project
from isogloss.projects.queries import project_roles

if TYPE_CHECKING:
    from collections.abc import Callable

    from isogloss.guidelines.models import Inquiry

router = Router(tags=["inquiries"])
_STATES = {"all": None, "open": False, "answered": True}
_ANSWERERS = (Role.LEAD, Role.REVIEWER, Role.REQUESTER)


class AnswerIn(Schema):
    """An answer; as a ruling it holds for everybody, and may name the labels it is about."""

    answer: str
    ruling: bool = False
    labels: list[str] = Field(default_factory=list)


def _shown(*, names: bool, items: dict[int, str]) -> "Callable[[Inquiry], dict[str, Any]]":
    def show(row: "Inquiry") -> dict[str, Any]:
        return {
            "id": row.public_id,
            "person": row.person.public_id if names else None,
            "item": items.get(row.item_id or 0),
            "version": row.version.number,
            "text": row.text,
            "asked_at": row.asked_at.isoformat(),
            "answer": row.answer or None,
            "ruling": row.ruling.number if row.ruling else None,
            "answered_at": row.answered_at.isoformat() if row.answered_at else None,
        }

    return show


@router.get("/projects/{project_id}/inquiries", response=Page[InquiryOut])
def project_inquiries(request: HttpRequest, project_id: str, state: str = "all", after: str = "", limit: int = USUAL) -> dict[str, Any]:
    """List what was asked, newest first: everything to whoever may answer, to annotators their own; `state` is all, open or answered."""
    if state not in _STATES:
        message = f"state is {state!r}; it is one of {', '.join(_STATES)}."
        raise InvalidInput(message, errors=[{"field": "state", "message": message}])
    holder = caller(request, scope="projects:read")
    project = access_project(holder.user, project_id, roles=(*_ANSWERERS, Role.ANNOTATOR))
    roles = project_roles(holder.user, project)
    mine = None if roles & set(_ANSWERERS) else holder.user.pk
    sees = mine is not None or bool(roles & {Role.LEAD, Role.REVIEWER})
    rows = inquiries(project_id=project.pk, person_id=mine, answered=_STATES[state])
    # An item's own id would tell an annotator what is gold.
    page = page_of(rows, after=after, limit=limit, show=lambda row: {"row": row})
    found = [entry["row"] for entry in page["results"]]
    known = {} if mine is not None else items_with_ids({row.item_id for row in found if row.item_id is not None})
    show = _shown(names=sees, items={pk: item.external_id for pk, item in known.items()})
    return {"results": [show(row) for row in found], "next": page["next"]}


@router.post("/projects/{project_id}/inquiries/{inquiry_id}/answer", response=InquiryOut)
def answer(request: HttpRequest, project_id: str, inquiry_id: str, body: AnswerIn) -> dict[str, Any]:
    """Answer what somebody asked, for them alone or as a ruling for everybody."""
    holder = caller(request, scope="projects:write")
    project = access_project(holder.user, project_id, roles=_ANSWERERS)
    inquiry = access_inquiry(project, inquiry_id=inquiry_id)
    if body.ruling:
        answer_inquiry(inquiry, actor=holder.user, ruling=body.answer, labels=tuple(body.labels), now=clock.now())
    else:
        reply_to_inquiry(inquiry, actor=holder.user, answer=body.answer, now=clock.now())
    sees = bool(project_roles(holder.user, project) & {Role.LEAD, Role.REVIEWER})
    return _shown(names=sees, items={})(access_inquiry(project, inquiry_id=inquiry_id))
