"""Two projects with everything a page can show, and one person of each kind: what the contract walks are walked in."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.test import Client

from isogloss.accounts.models import ApiToken, Invitation, User
from isogloss.accounts.rules import SCOPES, Role
from isogloss.accounts.services import grant_role, invite, make_api_token, make_login_link
from isogloss.corpus.models import ImportRun, ProfileRun
from isogloss.corpus.services import start_batch_profile
from isogloss.delivery.models import Release
from isogloss.guidelines.services import ask_inquiry, make_ruling
from isogloss.platform import clock
from isogloss.platform.jobs import run_waiting
from isogloss.projects.models import Membership, Project
from isogloss.projects.services import add_member
from isogloss.wellbeing.services import make_policy
from isogloss.workforce.models import Attempt, Competence, Qualification
from isogloss.workforce.services import grant_competence, make_qualification, record_attempt
from tests.delivery.making import a_release
from tests.support.making import a_file, a_lead, a_person, a_project, an_annotator, an_import
from tests.wellbeing.making import a_policy

MARK = "secret-heron"
KINDS = ("stranger", "outsider", "annotator", "reviewer", "requester", "officer", "lead", "site_lead", "admin")


@dataclass
class World:
    """Everything there is, and the ids that its URLs need."""

    people: dict[str, User]
    project: Project
    run: ImportRun
    release: Release
    membership: Membership
    invitation: Invitation
    token: ApiToken
    competence: Competence
    qualification: Qualification
    attempt: Attempt
    urls: dict[str, str]
    secrets: dict[str, str] = field(default_factory=dict)

    def client(self, kind: str) -> Client:
        """A browser of this person, logged in unless a stranger."""
        client = Client(raise_request_exception=False)
        if kind != "stranger":
            client.force_login(self.people[kind])
        return client

    def bearer(self, kind: str) -> dict[str, str]:
        """Headers of a program of this person, whose token may do everything."""
        return {"Authorization": f"Bearer {self.secrets[kind]}"} if kind in self.secrets else {}


def a_world(folder: Path) -> World:
    """Make it."""
    now = clock.now()
    founder = a_lead("founder")
    project = a_project(founder, guideline=f"# Mixed\n\nThe {MARK} rule.", now=now)
    Project.objects.filter(pk=project.pk).update(name=MARK)
    project.refresh_from_db()
    other = a_project(founder, now=now)
    people = {"site_lead": founder, "admin": a_person("admin", roles=(Role.ADMIN,)), "outsider": a_person("outsider")}
    add_member(other, user=people["outsider"], role=Role.LEAD, actor=founder, now=now)
    people["annotator"] = an_annotator(project, lead=founder, username="annotator", in_pool=True, now=now)
    roles = {"reviewer": Role.REVIEWER, "requester": Role.REQUESTER, "officer": Role.WELLBEING_OFFICER, "lead": Role.LEAD}
    for kind, role in roles.items():
        people[kind] = a_person(kind)
        add_member(project, user=people[kind], role=role, actor=founder, now=now)
    grant_role(people["officer"], role=Role.WELLBEING_OFFICER, actor=people["admin"], now=now)
    run = _an_import(project, folder, lead=founder)
    make_ruling(project.guideline, text=f"A {MARK} is neutral.", labels=("neutral",), actor=founder, now=now)
    inquiry = ask_inquiry(
        version=project.version, project_id=project.pk, item_id=run.batch.items.first().pk, text="Why?", actor=people["annotator"], now=now
    )
    invitation, secret = invite(roles=(), actor=founder, now=now, name="Newcomer")
    tokens = {kind: make_api_token(user, name="all", scopes=SCOPES, actor=user, now=now) for kind, user in people.items()}
    exam = make_qualification(name="Reads closely", description="", valid_days=30, actor=founder, now=now)
    make_policy(a_policy(s3={"daily": timedelta(hours=5)}), note="Deadline", base=0, actor=people["officer"], now=now)
    world = World(
        people=people,
        project=project,
        run=run,
        release=a_release(project, now=now),
        membership=Membership.objects.get(project=project, user=people["annotator"]),
        invitation=invitation,
        token=tokens["lead"][0],
        competence=grant_competence(people["annotator"], tag="ms", actor=founder, now=now),
        qualification=exam,
        attempt=record_attempt(people["annotator"], qualification=exam, passed=True, score=None, actor=founder, now=now),
        urls={},
        secrets={kind: text for kind, (_, text) in tokens.items()},
    )
    world.urls = _urls(world, invitation_secret=secret) | {"inquiry_id": inquiry.public_id}
    _some_models()
    return world


def _a_profile(world: World) -> ProfileRun:
    """A finished profile with a masked copy, of a file that mentions the mark."""
    copy = Path(settings.CONFIG.data) / "jobs" / "imports" / "walk.masked.jsonl"
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(f'{{"text": "Another {MARK}."}}\n', encoding="utf-8")
    run = start_batch_profile(world.run.batch, actor=world.people["lead"], now=clock.now())
    run_waiting()
    ProfileRun.objects.filter(pk=run.pk).update(masked_path=str(copy))
    run.refresh_from_db()
    return run


def _some_models() -> None:
    """A model that nobody opens, and enough earlier ones to go back to; files are not rolled back, so they are made anew each time."""
    folder = Path(settings.CONFIG.data) / "language-models"
    for name in ("walk", "earlier", "earliest"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "manifest.json").write_text("{}")
    (folder / "active.json").write_text(json.dumps(["earliest", "earlier"] * 20))


def _an_import(project: Project, folder: Path, *, lead: User) -> ImportRun:
    rows = [{"id": "a/1", "text": f"A {MARK} flew over.", "lang": "en", "place": "Solo"}, {"id": "b", "text": "", "lang": "en"}]
    return an_import(project, a_file(folder, rows), lead=lead, now=clock.now(), detect=False)


def _urls(world: World, *, invitation_secret: str) -> dict[str, str]:
    upload = Path(settings.CONFIG.data) / "jobs" / "imports" / "walk.jsonl"
    upload.parent.mkdir(parents=True, exist_ok=True)
    upload.write_text(f'{{"id": "c", "text": "Another {MARK}."}}\n', encoding="utf-8")
    media = Path(settings.CONFIG.data) / "media" / world.project.public_id
    media.mkdir(parents=True, exist_ok=True)
    (media / "picture.png").write_bytes(b"")
    ticket = {"path": upload.name, "name": "walk.jsonl", "batch": "", "project": world.project.pk}
    return {
        "project_id": world.project.public_id,
        "membership_id": str(world.membership.pk),
        "ticket": signing.dumps(ticket, salt="isogloss.corpus.upload"),
        "run_id": world.run.public_id,
        "import_id": world.run.public_id,
        "job_id": world.run.job.public_id,
        "external_id": "a/1",
        "batch_id": world.run.batch.public_id,
        "release_id": world.release.public_id,
        "name": "manifest.json",
        "media_path": "picture.png",
        "version_id": world.project.version.public_id,
        "number": "1",
        "hazard": "hate",
        "attempt_id": str(world.attempt.pk),
        "person_id": world.people["annotator"].public_id,
        "role": "annotator",
        "model": "walk",
        "profile_id": _a_profile(world).public_id,
        "training_id": "0" * 32,
        "token_id": world.token.public_id,
        "invitation_id": world.invitation.public_id,
        "secret": invitation_secret,
        "enter_secret": make_login_link(world.people["annotator"], role=Role.ANNOTATOR, now=clock.now()),
        "competence_id": world.competence.public_id,
        "qualification_id": world.qualification.public_id,
    }
