"""Writes about guidelines: versions, rulings, inquiries."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F

from isogloss.guidelines.models import Guideline, GuidelineVersion, Inquiry, Ruling
from isogloss.guidelines.queries import schema_of
from isogloss.guidelines.schemas import LabelSchemaDocument, Renames, SchemaErrors, compare_schemas, parse_schema, rename_faults
from isogloss.platform import audit
from isogloss.platform.db import write_transaction
from isogloss.platform.problems import Conflict, InvalidInput

if TYPE_CHECKING:
    from isogloss.accounts.models import User


LONGEST_ANSWER = 4000


def read_schema(source: str) -> LabelSchemaDocument:
    """Parse a label schema, or say which lines are wrong."""
    try:
        return parse_schema(source)
    except SchemaErrors as error:
        rows = [{"line": p.line, "column": p.column, "path": p.path, "message": p.message} for p in error.problems]
        first = error.problems[0]
        more = f" (and {len(rows) - 1} more)" if len(rows) > 1 else ""
        place = f"line {first.line} ({first.path})" if first.path else f"line {first.line}"
        raise InvalidInput(f"The label schema has an error in {place}: {first.message}{more}", errors=list(rows)) from error


def make_guideline(*, name: str, schema_source: str, text: str, actor: "User | None", now: datetime) -> GuidelineVersion:
    """Start a guideline with its first version."""
    document = read_schema(schema_source)
    with write_transaction():
        guideline = Guideline.objects.create(name=name.strip() or "Guideline", created_by=actor, created_at=now)
        return _append_version(guideline, document=document, schema_source=schema_source, text=text, note="", actor=actor, now=now)


def make_version(
    guideline: Guideline,
    *,
    schema_source: str,
    text: str,
    note: str,
    actor: "User | None",
    now: datetime,
    renames: Renames | None = None,
) -> GuidelineVersion:
    """Add a version; earlier ones stay as they are, and annotations stay with the one they were made under."""
    document = read_schema(schema_source)
    with write_transaction():
        version = _append_version(guideline, document=document, schema_source=schema_source, text=text, note=note, actor=actor, now=now)
        if renames:
            _keep_renames(version, renames=renames)
        return version


def _keep_renames(version: GuidelineVersion, *, renames: Renames) -> None:
    """Write down what goes by another name than in the version before, if both versions have it."""
    before = GuidelineVersion.objects.filter(guideline=version.guideline, number__lt=version.number).latest("number")
    check_renames(schema_of(before.pk), new=schema_of(version.pk), renames=renames)
    version.renames = renames.to_document()
    version.save(update_fields=["renames"])


def check_renames(old: LabelSchemaDocument, *, new: LabelSchemaDocument, renames: Renames) -> None:
    """Refuse renames of what was not there, or into what is not there."""
    faults = rename_faults(compare_schemas(old, new, renames=renames))
    if faults:
        raise InvalidInput(faults[0], errors=[{"field": "renames", "message": fault} for fault in faults])


def _append_version(
    guideline: Guideline, *, document: LabelSchemaDocument, schema_source: str, text: str, note: str, actor: "User | None", now: datetime
) -> GuidelineVersion:
    Guideline.objects.filter(pk=guideline.pk).update(versions_made=F("versions_made") + 1)  # the row lock orders writers
    guideline.refresh_from_db(fields=["versions_made"])
    version = GuidelineVersion.objects.create(
        guideline=guideline,
        number=guideline.versions_made,
        schema_source=schema_source,
        schema_document=document.to_json(),
        text=text,
        note=note[:500],
        created_by=actor,
        created_at=now,
    )
    audit.record(actor, "guideline.version_made", version, now=now, detail={"number": version.number})
    return version


def ask_inquiry(*, version: GuidelineVersion, project_id: int, item_id: int | None, text: str, actor: "User", now: datetime) -> Inquiry:
    """Store what a person asks about the guideline."""
    if not text.strip():
        raise InvalidInput("The question is empty. Write what you want to know.")
    with write_transaction():
        inquiry = Inquiry.objects.create(
            version=version, project_id=project_id, item_id=item_id, person=actor, text=text.strip()[:4000], asked_at=now
        )
        audit.record(actor, "inquiry.asked", inquiry, now=now, project_id=project_id)
    return inquiry


def answer_inquiry(inquiry: Inquiry, *, actor: "User", ruling: str, labels: tuple[str, ...] = (), now: datetime) -> Ruling:
    """Answer with a numbered ruling; of two people who answer at once, the second is told so."""
    if not ruling.strip():
        raise InvalidInput("The ruling is empty. Write what holds from now on.")
    with write_transaction():
        made = _append_ruling(inquiry.version.guideline, text=ruling[:LONGEST_ANSWER], labels=labels, actor=actor, now=now)
        claimed = Inquiry.objects.filter(pk=inquiry.pk, answered_at__isnull=True).update(
            ruling=made, answer=made.text, answered_by=actor, answered_at=now
        )
        if not claimed:
            raise Conflict("Somebody answered this inquiry a moment ago. Reload the page to see the answer.")
        audit.record(actor, "inquiry.answered", inquiry, now=now, project_id=inquiry.project_id)
    return made


def reply_to_inquiry(inquiry: Inquiry, *, actor: "User", answer: str, now: datetime) -> None:
    """Answer only the person who asked; nothing new holds for the others."""
    if not answer.strip():
        raise InvalidInput("The answer is empty. Write what the person should do.")
    with write_transaction():
        claimed = Inquiry.objects.filter(pk=inquiry.pk, answered_at__isnull=True).update(
            answer=answer.strip()[:LONGEST_ANSWER], answered_by=actor, answered_at=now
        )
        if not claimed:
            raise Conflict("Somebody answered this inquiry a moment ago. Reload the page to see the answer.")
        audit.record(actor, "inquiry.answered", inquiry, now=now, project_id=inquiry.project_id)


def make_ruling(guideline: Guideline, *, text: str, labels: tuple[str, ...] = (), actor: "User", now: datetime) -> Ruling:
    """Add a numbered ruling that nobody asked for."""
    if not text.strip():
        raise InvalidInput("The ruling is empty. Write what holds from now on.")
    with write_transaction():
        made = _append_ruling(guideline, text=text, labels=labels, actor=actor, now=now)
        audit.record(actor, "ruling.made", made, now=now)
    return made


def number_rulings_after(guideline: Guideline, *, last: int) -> None:
    """Say that the text itself holds rulings up to a number, so that the first one made here has the next; people quote the numbers."""
    if not Guideline.objects.filter(pk=guideline.pk, rulings=0).update(rulings=last):
        raise Conflict("The guideline has rulings already, and their numbers stay.")


def _append_ruling(guideline: Guideline, *, text: str, labels: tuple[str, ...], actor: "User", now: datetime) -> Ruling:
    Guideline.objects.filter(pk=guideline.pk).update(rulings=F("rulings") + 1)  # the row lock orders writers
    guideline.refresh_from_db(fields=["rulings"])
    return Ruling.objects.create(
        guideline=guideline, number=guideline.rulings, text=text.strip(), labels=list(labels), made_by=actor, made_at=now
    )
