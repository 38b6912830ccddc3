"""Making a release: all of it or nothing, once, and the same bytes from the same data."""

import errno
import json
import re
import stat
import tracemalloc
from datetime import timedelta

import pytest
from django.db import connection
from django.forms.models import model_to_dict

from isogloss.annotation.models import Annotation
from isogloss.corpus.models import Item
from isogloss.delivery import services, writing
from isogloss.delivery.models import Release, ReleaseState
from isogloss.delivery.queries import manifest_of, release_by_version, release_folder, releases_folder
from isogloss.delivery.rules import is_version
from isogloss.delivery.services import ReleaseFailed, cancel_release, make_release, settle_abandoned
from isogloss.delivery.snapshots import FrozenView, frozen_view
from isogloss.delivery.verifying import verify_release
from isogloss.platform import jobs
from isogloss.platform.models import AuditEvent, Job, JobState
from isogloss.platform.problems import Conflict, InvalidInput, NotFound
from tests.delivery.making import a_release, a_worked_project, an_answer, an_item, bytes_in, fresh_figures, rows_in
from tests.support.making import NOW, a_lead, a_person, a_project

LATER = NOW + timedelta(hours=1)
DATA = re.compile(r"(items|annotations|decisions|schema|guideline)\b.*")


@pytest.fixture
def lead(db):
    return a_lead()


@pytest.fixture
def project(lead):
    return a_worked_project(lead)


@pytest.fixture
def in_folder():
    before = set(releases_folder().iterdir()) if releases_folder().exists() else set()
    return lambda: {path.name for path in set(releases_folder().iterdir()) - before}


def test_the_same_data_give_the_same_bytes(project):
    formats = ("jsonl", "csv", "parquet")

    first, again = a_release(project, formats=formats), a_release(project, version="1.0.1", now=LATER, formats=formats)

    one, two = (
        {name: content for name, content in bytes_in(release_folder(release)).items() if DATA.fullmatch(name)} for release in (first, again)
    )
    assert (one == two, len(one)) == (True, 12)


def test_a_job_that_runs_twice_makes_the_same_release(project, monkeypatch):
    release = a_release(project)
    before, hashed = bytes_in(release_folder(release)), release.manifest_hash
    Release.objects.update(state=ReleaseState.MAKING)  # as if the worker had died before it could say that it was done

    job = jobs.run_inline("delivery.release", ids={"release": release.pk}, actor=None, now=LATER, project_id=project.pk)

    release.refresh_from_db()
    assert (job.state, release.state, release.manifest_hash) == (JobState.DONE, ReleaseState.READY, hashed)
    assert bytes_in(release_folder(release)) == before


def test_files_are_read_only(project):
    folder = release_folder(a_release(project))

    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o444}


def test_a_version_is_given_once(lead, project):
    a_release(project)

    with pytest.raises(Conflict, match=r"releases never change"):
        a_release(project)
    assert a_release(a_worked_project(lead)).version == "1.0.0"


@pytest.mark.parametrize("version", ["", "../1", ".hidden", "a b", "1/2", "1.0.0-" + "x" * 33, "１.0.0", "1.x", "1.0", "01.0.0", "1.0.0-"])
def test_a_version_that_is_not_three_numbers_is_refused(project, version):
    with pytest.raises(InvalidInput, match="A version is three numbers"):
        a_release(project, version=version)


@pytest.mark.parametrize("version", ["1.0.0", "0.12.3", "2.0.0-rc.1", "2.0.0-waiting"])
def test_three_numbers_with_or_without_an_addition_are_a_version(version):
    assert is_version(version)


@pytest.mark.parametrize("formats", [(), ("xml",)])
def test_formats_are_checked(project, formats):
    with pytest.raises(InvalidInput, match=r"format"):
        a_release(project, formats=formats)


def test_a_failure_leaves_nothing_and_is_raised(project, in_folder, monkeypatch):
    monkeypatch.setattr(writing.cards, "card", lambda facts: 1 / 0)

    with pytest.raises(ReleaseFailed):
        a_release(project)

    assert (in_folder(), Release.objects.get().state) == (set(), ReleaseState.FAILED)
    with pytest.raises(NotFound):
        release_by_version(project, "1.0.0")


def test_a_full_disk_is_named_and_leaves_nothing(project, in_folder, monkeypatch):
    def full(self, piece):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("isogloss.delivery.files.HashedFile.write", full)

    with pytest.raises(ReleaseFailed, match="No space left on device"):
        a_release(project)
    assert in_folder() == set()


def test_a_version_that_failed_is_free_again(project, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(writing.cards, "card", lambda facts: 1 / 0)
        with pytest.raises(ReleaseFailed):
            a_release(project)

    assert a_release(project).state == ReleaseState.READY


def test_cancelling_while_it_is_made_leaves_nothing(project, in_folder, monkeypatch):
    real = writing.columns.item_rows

    def cancelled_meanwhile(*arguments, **named):
        Job.objects.update(cancel_requested=True)
        yield from real(*arguments, **named)

    monkeypatch.setattr(writing.columns, "item_rows", cancelled_meanwhile)
    monkeypatch.setattr(writing, "TELL_AFTER", 1)
    monkeypatch.setattr(jobs, "timedelta", lambda **_: timedelta(0))

    with pytest.raises(ReleaseFailed, match="Cancelled"):
        a_release(project)

    assert (in_folder(), Release.objects.get().state, Job.objects.latest("pk").state) == (set(), ReleaseState.FAILED, JobState.CANCELLED)


def test_cancelling_before_it_has_begun_frees_the_version(lead, project):
    release = make_release(project, version="1.0.0", actor=lead, now=NOW)

    cancel_release(release, actor=lead, now=LATER)

    release.refresh_from_db()
    assert (release.state, release.finished_at) == (ReleaseState.FAILED, LATER)


def test_a_finished_release_cannot_be_cancelled(lead, project):
    release = a_release(project)

    with pytest.raises(Conflict):
        cancel_release(release, actor=lead, now=LATER)
    assert bytes_in(release_folder(release))


def test_what_a_dead_worker_left_goes_when_its_job_is_given_up(lead, project, in_folder):
    release = make_release(project, version="1.0.0", actor=lead, now=NOW)
    left = services._new_folder(release)
    (left / "items.jsonl").write_text("{}")
    Job.objects.update(state=JobState.FAILED)

    settled = settle_abandoned(now=LATER)

    assert (settled, in_folder(), Release.objects.get().state) == (1, set(), ReleaseState.FAILED)


def test_what_a_dead_worker_left_goes_with_the_next_attempt(lead, project, in_folder):
    release = make_release(project, version="1.0.0", actor=lead, now=NOW)
    services._new_folder(release)

    jobs.run_inline("delivery.release", ids={"release": release.pk}, actor=lead, now=LATER, project_id=project.pk)

    assert in_folder() == {release.public_id}


def test_of_two_workers_that_make_the_same_release_one_does(project, in_folder, monkeypatch):
    real = services.write_release
    release = make_release(project, version="1.0.0", actor=project.created_by, now=NOW)

    def overtaken(folder, **named):
        monkeypatch.setattr(services, "write_release", real)
        jobs.run_inline("delivery.release", ids={"release": release.pk}, actor=None, now=LATER, project_id=project.pk)
        return real(folder, **named)

    monkeypatch.setattr(services, "write_release", overtaken)
    slow = jobs.run_inline("delivery.release", ids={"release": release.pk}, actor=None, now=LATER, project_id=project.pk)

    release.refresh_from_db()
    assert (slow.state, release.state, in_folder()) == (JobState.FAILED, ReleaseState.READY, {release.public_id})
    assert verify_release(release_folder(release), manifest_hash=release.manifest_hash) == []


def test_a_release_in_line_is_made_by_the_job_runner(lead, project):
    release = make_release(project, version="1.0.0", actor=lead, now=NOW)

    jobs.run(jobs.claim(LATER))

    release.refresh_from_db()
    assert (release.state, release.items, release.annotations, release.decisions) == (ReleaseState.READY, 3, 5, 2)


def test_it_is_on_record_who_asked_and_that_it_was_made(lead, project):
    a_release(project)

    assert list(AuditEvent.objects.filter(action__startswith="release").order_by("pk").values_list("action", "actor")) == [
        ("release.asked", lead.pk),
        ("release.made", lead.pk),
    ]


def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(lead, monkeypatch):
    counted = []
    real = FrozenView.rows
    monkeypatch.setattr(FrozenView, "rows", lambda self, sql, **values: counted.append(sql) or real(self, sql, **values))

    def queries_for(rows):
        project, ana = a_project(lead), a_person()
        for _ in range(rows):
            an_answer(an_item(project), ana)
        fresh_figures(project)
        counted.clear()
        with connection.execute_wrapper(lambda execute, *call: counted.append(call[0]) or execute(*call)):
            a_release(project, formats=("jsonl", "csv"))
        return len(counted)

    assert queries_for(1) == queries_for(250)


def test_a_release_of_ten_times_as_much_takes_no_more_memory(lead):
    def peak(rows):
        project, ana = a_project(lead), a_person()
        first = an_item(project, content={"text": "x" * 5000})
        copies = [
            Item(
                **{
                    **model_to_dict(first, exclude=["id", "project", "batch"]),
                    "project": project,
                    "batch": first.batch,
                    "external_id": f"i-{n}",
                    "created_at": NOW,
                }
            )
            for n in range(rows)
        ]
        Item.objects.bulk_create(copies)
        an_answer(first, ana)
        fresh_figures(project)
        del copies
        tracemalloc.start()
        a_release(project, formats=("jsonl", "csv"))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1)  # what is imported and cached once
    few, many = peak(300), peak(3000)

    assert (many < few * 1.3, many < 3000 * 5000 / 2) == (True, True), (few, many)


def test_a_release_shows_one_moment_while_others_write(transactional_db):
    project = a_worked_project()

    with frozen_view() as view:
        before = writing.columns.sizes(view, project=project.pk)
        item = an_item(project, "late")  # would wait for ever if the view held a lock
        an_answer(item, a_person())
        after = writing.columns.sizes(view, project=project.pk)
        seen = [row[0] for row in writing.columns.item_rows(view, project=project.pk, with_gold=False)]

    assert (before, "late" in seen, Item.objects.filter(external_id="late").exists()) == (after, False, True)


def test_what_is_answered_while_a_release_is_made_enters_the_next_one(transactional_db, monkeypatch):
    project, ana = a_worked_project(), a_person()
    real = writing.columns.item_rows

    def and_someone_answers(*arguments, **named):
        an_answer(an_item(project, "meanwhile"), ana)
        yield from real(*arguments, **named)

    with monkeypatch.context() as patched:
        patched.setattr(writing.columns, "item_rows", and_someone_answers)
        first = a_release(project)
    fresh_figures(project)
    second = a_release(project, version="1.1.0")

    assert [(release.items, release.annotations) for release in (first, second)] == [(3, 5), (4, 6)]
    assert second.watermark == Annotation.objects.latest("pk").pk
    assert [row["id"] for row in rows_in(second, "items")][-1] == "meanwhile"


def test_the_manifest_is_the_same_text_for_the_same_facts(project):
    manifest = manifest_of(a_release(project))

    assert manifest.to_json() == (release_folder(Release.objects.get()) / "manifest.json").read_bytes()
    assert json.loads(manifest.to_json())["format_version"] == 1
