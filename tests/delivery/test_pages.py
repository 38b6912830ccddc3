"""The pages of releases: who may see and do what, and what is sent."""

import hashlib
import io
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from isogloss.accounts.rules import Role
from isogloss.delivery.models import Release, ReleaseState
from isogloss.delivery.queries import manifest_of, release_folder
from isogloss.delivery.services import make_release
from isogloss.delivery.verifying import verify_release
from isogloss.platform import jobs
from isogloss.platform.models import AuditEvent
from isogloss.projects.services import add_member
from tests.delivery.making import a_release, a_worked_project
from tests.support.making import NOW, a_lead, a_person, a_project

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def lead(db):
    return a_lead("lea")


@pytest.fixture
def project(lead):
    return a_worked_project(lead)


@pytest.fixture
def requester(lead, project):
    person = a_person("rita")
    add_member(project, user=person, role=Role.REQUESTER, actor=lead, now=NOW)
    return person


def as_(client, person):
    client.force_login(person)
    return client


def whole(response):
    return b"".join(response.streaming_content)


def test_a_lead_asks_for_a_release_and_finds_it_when_it_is_made(client, lead, project):
    as_(client, lead)
    asked = client.post(
        reverse("delivery:release-list", args=[project.public_id]),
        {"version": "1.0.0", "formats": ["jsonl", "csv"], "note": "pilot", "sure": "yes"},
    )
    page = reverse("delivery:release", args=[Release.objects.get().public_id])
    waiting = client.get(page, headers={"HX-Request": "true"})
    jobs.run_waiting()
    made = client.get(page)

    assert asked.headers["Location"] == page
    assert b"hx-get" in waiting.content
    assert (b"hx-get" in made.content, b"items.csv" in made.content, b"pilot" in made.content) == (False, True, True)


def test_the_form_says_what_is_wrong_with_it(client, lead, project):
    a_release(project)

    response = as_(client, lead).post(
        reverse("delivery:release-list", args=[project.public_id]), {"version": "1.0.0", "formats": ["jsonl"]}
    )

    assert (response.status_code, b"releases never change" in response.content) == (422, True)


def test_nothing_is_made_before_it_was_said_what_will_be_in_it(client, lead, project):
    place = reverse("delivery:release-list", args=[project.public_id])
    wanted = {"version": "1.0.0", "formats": ["jsonl", "csv"], "test_share": "0.1"}

    asked = as_(client, lead).post(place, wanted)

    page = asked.content.decode()
    assert (asked.status_code, Release.objects.count()) == (200, 0)
    assert ("3 items and 5 annotations" in page, 'name="sure"' in page, '<input type="hidden" name="formats" value="csv"' in page) == (
        True,
    ) * 3


def test_changing_something_brings_the_form_back_as_it_was(client, lead, project):
    place = reverse("delivery:release-list", args=[project.public_id])

    page = as_(client, lead).post(place, {"version": "3.1.4", "formats": ["csv"], "again": "yes"}).content.decode()

    assert ('value="3.1.4"' in page, 'name="sure"' in page, '<details class="section" open' in page) == (True, False, True)


def test_a_version_that_is_not_three_numbers_is_refused_before_the_question(client, lead, project):
    place = reverse("delivery:release-list", args=[project.public_id])

    answer = as_(client, lead).post(place, {"version": "1.x", "formats": ["jsonl"], "sure": "yes"})

    assert (answer.status_code, b"MAJOR.MINOR.PATCH" in answer.content, Release.objects.count()) == (422, True, 0)


def test_the_page_and_the_list_say_how_many_decisions_are_ties(client, lead, project):
    release = a_release(project)
    as_(client, lead)

    page = client.get(reverse("delivery:release", args=[release.public_id])).content.decode()
    listed = client.get(reverse("delivery:release-list", args=[project.public_id])).content.decode()

    assert ("1 of them ties, without a label" in page, "1 tie" in listed) == (True, True)


def test_the_manifest_says_by_language_what_the_decisions_are(project):
    counts = manifest_of(a_release(project)).languages

    told = {tag: (c.decisions, c.agreed, c.adjudicated, c.ties, c.undecided) for tag, c in counts.items()}
    assert told == {"en": (2, 1, 0, 1, 0), "id": (0, 0, 0, 0, 1)}


def test_a_release_stands_under_its_project_in_crumbs_tabs_and_rail(client, lead, project):
    release = a_release(project)

    page = as_(client, lead).get(reverse("delivery:release", args=[release.public_id])).content.decode()

    place = reverse("delivery:release-list", args=[project.public_id])
    assert f'<a href="{place}" aria-current="page">' in page
    assert f'<a href="{reverse("projects:project-list")}" aria-current="page">' in page
    assert f'<li><a href="{place}">' in page


def test_the_next_version_is_proposed(client, lead, project):
    a_release(project)

    page = as_(client, lead).get(reverse("delivery:release-list", args=[project.public_id]))

    assert b'value="1.1.0"' in page.content


def test_the_page_shows_the_hash_of_every_file_and_of_the_manifest(client, lead, project):
    release = a_release(project)

    page = as_(client, lead).get(reverse("delivery:release", args=[release.public_id])).content.decode()

    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in release_folder(release).iterdir()]
    assert [digest for digest in hashes if digest not in page] == []


def test_a_requester_sees_finished_releases_and_no_form(client, lead, project, requester):
    a_release(project)
    make_release(project, version="2.0.0-waiting", actor=lead, now=LATER)

    page = as_(client, requester).get(reverse("delivery:release-list", args=[project.public_id])).content

    assert (b"1.0.0" in page, b"2.0.0-waiting" in page, b"<textarea" in page, b"Lea" in page) == (True, False, False, False)


def test_a_requester_cannot_make_or_cancel_a_release(client, lead, project, requester):
    as_(client, requester)
    ready = a_release(project)
    asked = client.post(reverse("delivery:release-list", args=[project.public_id]), {"version": "9", "formats": ["jsonl"]})
    cancelled = client.post(reverse("delivery:release-cancel", args=[ready.public_id]))

    assert (asked.status_code, cancelled.status_code, Release.objects.count()) == (403, 403, 1)


def test_to_a_requester_an_unfinished_release_does_not_exist(client, lead, project, requester):
    release = make_release(project, version="1.0.0", actor=lead, now=NOW)

    assert as_(client, requester).get(reverse("delivery:release", args=[release.public_id])).status_code == 404


@pytest.mark.parametrize(("role", "status"), [(None, 404), (Role.ANNOTATOR, 403), (Role.REVIEWER, 403), (Role.WELLBEING_OFFICER, 403)])
def test_others_get_nothing(client, lead, project, role, status):
    release, person = a_release(project), a_person()
    if role is not None:
        add_member(project, user=person, role=role, actor=lead, now=NOW)
    as_(client, person)

    places = [
        reverse("delivery:release-list", args=[project.public_id]),
        reverse("delivery:release", args=[release.public_id]),
        reverse("delivery:release-download", args=[release.public_id]),
        reverse("delivery:release-file", args=[release.public_id, "items.jsonl"]),
    ]
    assert [client.get(place).status_code for place in places] == [status] * 4


def test_a_requester_of_another_project_gets_nothing(client, lead, project):
    release, other, person = a_release(project), a_project(lead), a_person()
    add_member(other, user=person, role=Role.REQUESTER, actor=lead, now=NOW)

    assert as_(client, person).get(reverse("delivery:release-download", args=[release.public_id])).status_code == 404


def test_the_archive_unpacks_to_a_whole_release(client, project, requester, tmp_path):
    release = a_release(project, formats=("jsonl", "parquet"))

    response = as_(client, requester).get(reverse("delivery:release-download", args=[release.public_id]))

    with zipfile.ZipFile(io.BytesIO(whole(response))) as archive:
        archive.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    assert verify_release(folder, manifest_hash=release.manifest_hash) == []
    assert response.headers["Content-Disposition"] == f'attachment; filename="{folder.name}.zip"'


def test_the_first_piece_leaves_before_the_second_file_is_read(client, project, requester):
    release = a_release(project)
    response = as_(client, requester).get(reverse("delivery:release-download", args=[release.public_id]))
    pieces = iter(response.streaming_content)

    first = next(pieces)

    assert (first.count(b"PK\x03\x04"), b"manifest.json" in first) == (1, True)
    response.close()


def test_a_download_is_on_record(client, project, requester):
    release = a_release(project)

    whole(as_(client, requester).get(reverse("delivery:release-download", args=[release.public_id])))

    event = AuditEvent.objects.get(action="release.downloaded")
    assert (event.actor, event.thing_id, event.project_id) == (requester, release.public_id, project.pk)


def test_one_file_is_sent_as_it_is(client, project, requester):
    release = a_release(project)

    response = as_(client, requester).get(reverse("delivery:release-file", args=[release.public_id, "items.jsonl"]))

    assert whole(response) == (release_folder(release) / "items.jsonl").read_bytes()
    assert response.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("name", ["items.csv", "..", "%2e%2e", "..%2f..%2fsecret.key", "manifest.json%00", ".making"])
def test_only_files_of_the_manifest_are_sent(client, project, requester, name):
    release = a_release(project)

    assert as_(client, requester).get(f"/releases/{release.public_id}/files/{name}").status_code == 404


def test_a_failed_release_says_why_and_that_its_version_is_free(client, lead, project):
    release = make_release(project, version="1.0.0", actor=lead, now=NOW)
    release.job.message = "No space left on device"
    release.job.save()
    Release.objects.update(state=ReleaseState.FAILED)

    page = as_(client, lead).get(reverse("delivery:release", args=[release.public_id])).content

    assert (b"No space left on device" in page, b"its version is free again" in page) == (True, True)


def test_the_list_costs_the_same_with_one_release_and_with_six(client, lead, project):
    place = reverse("delivery:release-list", args=[project.public_id])
    as_(client, lead)
    counts = []
    for number in range(6):
        a_release(project, version=f"1.{number}.0")
        with CaptureQueriesContext(connection) as queries:
            client.get(place)
        counts.append(len(queries))

    assert counts[0] == counts[-1]
