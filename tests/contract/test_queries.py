"""A page costs the same number of queries with three rows or three hundred."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from isogloss.accounts.models import ApiToken, Invitation, RoleGrant, User
from isogloss.accounts.rules import Role
from isogloss.assist.models import FlagFigure
from isogloss.corpus.models import Batch, Flag, ImportRun, Item, ProfileRun
from isogloss.corpus.rules import FlagKind
from isogloss.delivery.models import Release, ReleaseState
from isogloss.dispatch.models import Counter
from isogloss.guidelines.models import GuidelineVersion, Ruling
from isogloss.guidelines.services import answer_inquiry, ask_inquiry
from isogloss.platform.identifiers import new_public_id
from isogloss.platform.models import AuditEvent, Job
from isogloss.projects.models import Membership, Project
from isogloss.quality.models import Figure
from isogloss.workforce.models import Competence, Qualification
from tests.support.clients import Program, a_browser
from tests.support.making import NOW, a_person, a_project

FEW, MANY = 3, 300


@dataclass
class Site:
    """One project and the people who look at it."""

    lead: User
    project: Project
    batch: Batch


@pytest.fixture
def site(db) -> Site:
    lead = a_person("lead", roles=(Role.LEAD, Role.ADMIN))
    project = a_project(lead)
    return Site(lead, project, Batch.objects.create(project=project, name="first", created_at=NOW))


def people(site: Site, start: int, stop: int) -> None:
    users = User.objects.bulk_create([User(username=f"p{n}", name=f"P {n}", created_at=NOW) for n in range(start, stop)])
    RoleGrant.objects.bulk_create([RoleGrant(user=user, role=Role.ANNOTATOR, granted_at=NOW) for user in users])
    Membership.objects.bulk_create(
        [Membership(project=site.project, user=user, role=Role.ANNOTATOR, added_by=site.lead, added_at=NOW) for user in users]
    )
    Competence.objects.bulk_create([Competence(user=user, tag="en", level="C1", granted_by=site.lead, granted_at=NOW) for user in users])


def projects(site: Site, start: int, stop: int) -> None:
    for n in range(start, stop if stop < MANY else start + 30):  # a project is many rows; thirty of them tell the same
        a_project(site.lead, languages=("en", "ms", "id") if n % 2 else ("en",))


def items(site: Site, start: int, stop: int) -> None:
    Item.objects.bulk_create(
        Item(
            project=site.project, batch=site.batch, external_id=f"i{n}", content=json.dumps({"text": f"Text {n}"}), content_hash=f"{n:032x}",
            length=6, routing_language="en", severity=0, created_at=NOW,
        )
        for n in range(start, stop)
    )  # fmt: skip


def batches(site: Site, start: int, stop: int) -> None:
    Batch.objects.bulk_create(Batch(project=site.project, name=f"batch {n}", created_at=NOW) for n in range(start, stop))


def counters(site: Site, start: int, stop: int) -> None:
    Counter.objects.bulk_create(
        Counter(project_id=site.project.pk, language=f"x{n}", shard=0, items=3, waiting=2) for n in range(start, stop)
    )


def flags(site: Site, start: int, stop: int) -> None:
    items(site, start, stop)
    new = list(Item.objects.filter(project=site.project).order_by("pk")[start:stop])
    Flag.objects.bulk_create(Flag(project=site.project, item=item, kind=kind) for item in new for kind in ("unsure", "mixed"))
    tags = [""] if not start else []
    store = [FlagFigure(kind="unsure", language=f"x{n}", items=3, decided=0, right=0) for n in range(start, min(stop, 60))]
    store += [FlagFigure(kind=kind, language=tag, items=3, decided=2, right=1) for kind in FlagKind for tag in tags]
    for row in store:
        row.project_id, row.method, row.watermark, row.made_at = site.project.pk, "m", 0, NOW
    FlagFigure.objects.bulk_create(store)


def imports(site: Site, start: int, stop: int) -> None:
    for n in range(start, stop):
        job = Job.objects.create(public_id=new_public_id(), kind="corpus.import", project_id=site.project.pk, created_at=NOW, state="done")
        ImportRun.objects.create(
            project=site.project, batch=site.batch, job=job, file_name=f"{n}.csv", file_format="csv", file_path="", created_by=site.lead,
            mapping={"fields": {"text": "text"}, "id": "", "language": "", "severity": "", "hazards": "", "meta": True}, created_at=NOW,
        )  # fmt: skip


def profiles(site: Site, start: int, stop: int) -> None:
    ProfileRun.objects.bulk_create(
        ProfileRun(project=site.project, batch=site.batch, title=f"{n}.csv", created_at=NOW) for n in range(start, stop)
    )


def releases(site: Site, start: int, stop: int) -> None:
    Release.objects.bulk_create(
        Release(
            project=site.project, version=f"1.{n}.0", state=ReleaseState.FAILED, created_by=site.lead, created_at=NOW, formats=["jsonl"]
        )
        for n in range(start, stop)
    )


def inquiries(site: Site, start: int, stop: int) -> None:
    items(site, start, stop)
    ids = list(Item.objects.order_by("pk").values_list("pk", flat=True))[start:stop]
    people(site, start, stop)
    users = list(User.objects.filter(username__startswith="p").order_by("pk"))[start:stop]
    for item, user in zip(ids, users, strict=True):
        asked = ask_inquiry(version=site.project.version, project_id=site.project.pk, item_id=item, text="Why?", actor=user, now=NOW)
        if item % 2:
            answer_inquiry(asked, actor=site.lead, ruling="Neutral.", now=NOW)


def guideline(site: Site, start: int, stop: int) -> None:
    line = site.project.guideline
    Ruling.objects.bulk_create(
        Ruling(guideline=line, number=n + 1, text=f"Ruling {n}", made_by=site.lead, made_at=NOW) for n in range(start, stop)
    )
    source = site.project.version.schema_source
    GuidelineVersion.objects.bulk_create(
        GuidelineVersion(guideline=line, number=n + 2, schema_source=source, schema_document="{}", created_by=site.lead, created_at=NOW)
        for n in range(start, stop)
    )


def events(site: Site, start: int, stop: int) -> None:
    AuditEvent.objects.bulk_create(AuditEvent(at=NOW, actor=site.lead, action="x", thing="y", thing_id=str(n)) for n in range(start, stop))


def figures(site: Site, start: int, stop: int) -> None:
    people(site, start, stop)
    ids = list(User.objects.filter(username__startswith="p").values_list("pk", flat=True))[start:stop]
    common = {"project_id": site.project.pk, "method": "m", "watermark": 0, "made_at": NOW, "n_annotations": 3, "value": 3.0}
    Figure.objects.bulk_create(
        [Figure(name=name, question=str(pk), **common) for pk in ids for name in ("answered", "active_minutes")]
        + [Figure(name="alpha", question="sentiment", language=f"q{n:02}", **common) for n in range(start, min(stop, 60))]
    )


def invitations(site: Site, start: int, stop: int) -> None:
    people(site, start, stop)
    Invitation.objects.bulk_create(
        Invitation(secret_hash=f"{n:064x}", invited_by=site.lead, invited_at=NOW, expires_at=NOW) for n in range(start, stop)
    )


def tokens(site: Site, start: int, stop: int) -> None:
    ApiToken.objects.bulk_create(
        ApiToken(user=site.lead, name="t", secret_hash=f"{n:064x}", hint="h", created_at=NOW, expires_at=NOW) for n in range(start, stop)
    )


def qualifications(site: Site, start: int, stop: int) -> None:
    Qualification.objects.bulk_create(Qualification(name=f"Q {n}", created_at=NOW) for n in range(start, stop))


def competences(site: Site, start: int, stop: int) -> None:
    Competence.objects.bulk_create(
        Competence(user=site.lead, tag=f"x{n}", level="C1", granted_by=site.lead, granted_at=NOW) for n in range(start, stop)
    )


Fill = Callable[[Site, int, int], None]
PAGES: dict[str, Fill] = {
    "/projects/": projects,
    "/projects/{id}/": figures,
    "/projects/{id}/items/": items,
    "/projects/{id}/items/?flag=mixed": flags,
    "/projects/{id}/languages": flags,
    "/projects/{id}/import?": profiles,
    "/projects/{id}/people": people,
    "/projects/{id}/languages/asked": people,
    "/projects/{id}/schema": items,
    "/projects/{id}/inquiries?state=all": inquiries,
    "/projects/{id}/guideline": guideline,
    "/projects/{id}/import": imports,
    "/projects/{id}/releases/": releases,
    "/people/": invitations,
    "/audit/": events,
    "/account/": tokens,
}
API: dict[str, Fill] = {
    "/projects?limit=500": projects,
    "/projects/{id}/figures": figures,
    "/projects/{id}/items?limit=500": items,
    "/projects/{id}/items?limit=500&flag=mixed": flags,
    "/projects/{id}/flags": flags,
    "/projects/{id}/profiles?limit=500": profiles,
    "/projects/{id}/members": people,
    "/projects/{id}/queue": counters,
    "/projects/{id}/queue/people?limit=500": people,
    "/projects/{id}/batches?limit=500": batches,
    "/projects/{id}/imports?limit=500": imports,
    "/projects/{id}/jobs?limit=500": imports,
    "/projects/{id}/releases?limit=500": releases,
    "/projects/{id}/inquiries?limit=500": inquiries,
    "/projects/{id}/guideline/versions?limit=500": guideline,
    "/people?limit=500": people,
    "/people/{lead}/competences?limit=500": competences,
    "/qualifications?limit=500": qualifications,
}


def queries(ask: Callable[[], object]) -> list[str]:
    ask()  # what is kept between requests is read now
    with CaptureQueriesContext(connection) as captured:
        response = ask()
    assert response.status_code == 200
    return [query["sql"][:120] for query in captured.captured_queries]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_costs_the_same_with_many_rows(site, path):
    browser = a_browser(site.lead)
    address = path.replace("{id}", site.project.public_id)
    PAGES[path](site, 0, FEW)
    few = queries(lambda: browser.get(address))

    PAGES[path](site, FEW, MANY)

    many = queries(lambda: browser.get(address))
    assert len(many) == len(few), [sql for sql in many if sql not in few][:5]


@pytest.mark.parametrize("path", API)
def test_a_list_of_the_api_costs_the_same_with_many_rows(site, path):
    program = Program(site.lead)
    address = path.replace("{id}", site.project.public_id).replace("{lead}", site.lead.public_id)
    API[path](site, 0, FEW)
    few = queries(lambda: program.get(address))

    API[path](site, FEW, MANY)

    many = queries(lambda: program.get(address))
    assert len(many) == len(few), [sql for sql in many if sql not in few][:5]


def test_a_later_page_of_items_costs_what_the_first_one_does(site):
    items(site, 0, MANY)
    browser = a_browser(site.lead)
    last = Item.objects.order_by("pk")[199].pk

    first = queries(lambda: browser.get(f"/projects/{site.project.public_id}/items/"))
    later = queries(lambda: browser.get(f"/projects/{site.project.public_id}/items/?after={last}"))

    assert len(first) == len(later)


@pytest.mark.parametrize(
    "path",
    [
        "/projects",
        "/projects/{id}/items",
        "/people",
        "/projects/{id}/jobs",
        "/projects/{id}/guideline/versions",
        "/projects/{id}/queue/people",
        "/projects/{id}/batches",
    ],
)
def test_following_the_cursor_gives_every_row_once(site, path):
    API[f"{path}?limit=500"](site, 0, 30)
    program = Program(site.lead)
    address = path.replace("{id}", site.project.public_id)
    key = "version" if path.endswith("versions") else "id"
    whole = [row[key] for row in program.get(f"{address}?limit=500").json()["results"]]

    found, cursor = [], ""
    while True:
        page = program.get(f"{address}?limit=7&after={cursor}").json()
        found += [row[key] for row in page["results"]]
        if page["next"] is None:
            break
        cursor = page["next"]

    assert found == whole
    assert len(set(found)) == len(found) >= 30
