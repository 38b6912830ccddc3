"""Importing and reading back through the API and the pages; bad input comes back with what to do."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from isogloss.corpus.models import ImportRun, Item
from isogloss.platform.jobs import run_waiting
from isogloss.projects.models import Project
from tests.support.clients import Program, a_browser
from tests.support.making import NOW, a_file, a_lead, a_project, an_import
from tests.support.together import together


@pytest.fixture
def project(db) -> Project:
    return a_project(a_lead())


@pytest.fixture
def program(project) -> Program:
    return Program(project.created_by)


def upload(program: Program, project: Project, content: bytes, *, name: str = "texts.jsonl", **fields: object):
    return program.upload(f"/projects/{project.public_id}/imports", SimpleUploadedFile(name, content), **fields)


def lines(*rows: dict[str, object]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def test_an_import_is_taken_done_and_read_back(program, project):
    made = upload(
        program, project, lines({"id": "a/1", "text": "Apa kabar? 😀", "lang": "id", "place": "Solo"}, {"id": "b", "text": ""})
    ).json()
    run_waiting()

    told = program.get(f"/imports/{made['id']}").json()
    item = program.get(f"/projects/{project.public_id}/items/a/1").json()
    bad = b"".join(program.get(f"/imports/{made['id']}/bad-rows").streaming_content)

    assert (made["state"], told["state"], told["added"], told["bad"]) == ("waiting", "done", 1, 1)
    assert (item["content"], item["language"], item["meta"]) == ({"text": "Apa kabar? 😀"}, "id", {"place": "Solo"})
    assert json.loads(bad)["isogloss_line"] == 2


def test_a_job_can_be_watched(program, project):
    made = upload(program, project, lines({"id": "a", "text": "Hello"})).json()

    waiting = program.get(f"/jobs/{made['job']}").json()
    run_waiting()
    done = program.get(f"/jobs/{made['job']}").json()

    assert (waiting["state"], done["state"], done["kind"], done["done"]) == ("waiting", "done", "corpus.import", 1)
    assert made["job"] in {job["id"] for job in program.get(f"/projects/{project.public_id}/jobs").json()["results"]}


def test_a_waiting_import_is_cancelled_at_once(program, project):
    made = upload(program, project, lines({"id": "a", "text": "Hello"})).json()

    told = program.post(f"/imports/{made['id']}/cancel").json()
    run_waiting()

    assert (told["state"], Item.objects.count()) == ("cancelled", 0)


def test_a_mapping_says_which_column_is_what(program, project):
    mapping = {"fields": {"text": "body"}, "id": "nr", "language": "tongue"}

    upload(program, project, lines({"nr": 7, "body": "Halo", "tongue": "ID"}), mapping=json.dumps(mapping))
    run_waiting()

    (item,) = program.get(f"/projects/{project.public_id}/items").json()["results"]
    assert (item["id"], item["content"], item["language"]) == ("7", {"text": "Halo"}, "id")


@pytest.mark.parametrize(
    "mapping",
    [
        "x",
        "[]",
        "null",
        '{"fields": "text"}',
        '{"fields": {"text": 5}}',
        '{"fields": ["text"]}',
        '{"nothing": 1}',
        '{"fields": {}}',
        "[" * 9000,
    ],
)
def test_a_mapping_that_is_none_is_refused_and_leaves_no_file(program, project, mapping, settings):
    folder = settings.CONFIG.data / "jobs" / "imports"
    before = set(folder.iterdir()) if folder.exists() else set()

    answer = upload(program, project, lines({"text": "x"}), mapping=mapping)

    assert (answer.status_code, ImportRun.objects.count()) == (422, 0)
    assert (set(folder.iterdir()) if folder.exists() else set()) == before


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("texts.pdf", b"%PDF", "none of the endings"),
        ("texts.csv", "id,text\n1,hi\n".encode("utf-16"), "Save it as UTF-8"),
        ("texts.jsonl", '{"text": "x"}'.encode("utf-32"), "Save it as UTF-8"),
        ("texts.csv", b"", "first line"),
        ("texts.csv", b"a,a\n1,2\n", "each once"),
        ("texts.jsonl", b"", "No column is mapped"),
        ("texts.jsonl", b'{"wording": "x"}\n', "No column is mapped"),
        ("texts", b'{"text": "x"}\n', "none of the endings"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_at_once_with_what_to_do(program, project, name, content, said):
    answer = upload(program, project, content, name=name)

    assert (answer.status_code, said in answer.json()["detail"]) == (422, True), answer.content
    assert ImportRun.objects.count() == 0


def test_an_upload_beyond_the_limit_is_refused_and_not_kept(program, project, settings):
    settings.CONFIG = replace(settings.CONFIG, max_upload=1000)

    answer = upload(program, project, b"x" * 2000)

    assert (answer.status_code, answer.json()["title"]) == (413, "Too large")


@pytest.mark.parametrize("external_id", ["line\nbreak", "bell\x07", "a\u2028b"])
def test_an_id_that_fits_no_address_comes_back_as_a_bad_row(program, project, external_id):
    upload(program, project, lines({"id": external_id, "text": "x"}, {"id": "fine", "text": "y"}))
    run_waiting()

    run = ImportRun.objects.get()
    assert (run.added, run.bad) == (1, 1)


@pytest.mark.parametrize("external_id", ["a/b", "50 %", "x?y#z", "漢字", "a'b\"c", "..", "&amp;", "<b>"])
def test_an_item_is_found_and_shown_under_any_id_that_can_be_written(program, project, external_id):
    upload(program, project, lines({"id": external_id, "text": "plain"}))
    run_waiting()
    browser = a_browser(project.created_by)

    listed = browser.get(f"/projects/{project.public_id}/items/").content.decode()
    (link,) = re.findall(r'href="(/projects/\w+/items/[^"]+)"', listed)

    assert browser.get(unescape(link)).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "after=²",
        "after=" + "9" * 40,
        "after=-1",
        "search=%25_'",
        "search=%F0%9F%98%80",
        "language=klingonese",
        "batch=nothing",
        "search=" + "x" * 500,
    ],
)
def test_the_item_list_stands_any_filter(program, project, query):
    answer = a_browser(project.created_by).get(f"/projects/{project.public_id}/items/?{query}")

    assert answer.status_code == 200


def test_the_page_takes_a_file_shows_its_columns_and_imports_it(project):
    browser = a_browser(project.created_by)
    content = "﻿nr;text\n".replace(";", ",") + "1,=SUM(A1)\n2,Halo\n"

    mapped = browser.post(f"/projects/{project.public_id}/import", {"file": SimpleUploadedFile("s.csv", content.encode()), "batch": "b"})
    shown = browser.get(mapped["Location"])
    started = browser.post(mapped["Location"], {"field:text": "text", "id": "nr"})
    run_waiting()

    assert (mapped.status_code, shown.status_code, started.status_code) == (302, 200, 302)
    assert "=SUM(A1)" in shown.content.decode()
    assert b"items added" in browser.get(started["Location"]).content
    assert list(Item.objects.order_by("pk").values_list("external_id", flat=True)) == ["1", "2"]


@pytest.mark.parametrize("name", ["s.pdf", "s"])
def test_the_page_says_beside_the_file_what_is_wrong_with_it(project, name):
    answer = a_browser(project.created_by).post(f"/projects/{project.public_id}/import", {"file": SimpleUploadedFile(name, b"x")})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["file"])


def test_another_project_cannot_use_an_upload(project):
    browser, other = a_browser(project.created_by), a_project(project.created_by)
    mapped = browser.post(f"/projects/{project.public_id}/import", {"file": SimpleUploadedFile("s.jsonl", lines({"text": "x"}))})

    answer = browser.get(mapped["Location"].replace(project.public_id, other.public_id))

    assert answer.status_code == 404


def test_two_imports_of_one_file_at_once_make_one_item_an_id(transactional_db, tmp_path):
    lead = a_lead()
    project = a_project(lead)
    n = 2000
    path = a_file(tmp_path, [{"id": f"i{i}", "text": f"Text number {i}", "lang": "en"} for i in range(n)])
    copy = a_file(tmp_path, [{"id": f"i{i}", "text": f"Text number {i}", "lang": "en"} for i in range(n)], name="copy.jsonl")

    first, second = together(
        *[lambda file=file: an_import(project, file, lead=lead, now=NOW, detect=False, batch="one") for file in (path, copy)]
    )

    assert [getattr(run.job, "state", run) for run in (first, second)] == ["done", "done"]
    assert (first.added + second.added, first.skipped + second.skipped, first.bad + second.bad) == (n, n, 0)
    assert Item.objects.filter(project=project).count() == n


def test_two_imports_with_other_content_at_once_leave_one_content_an_id(transactional_db, tmp_path):
    lead = a_lead()
    project = a_project(lead)
    files = [
        a_file(tmp_path, [{"id": f"i{i}", "text": f"{name} number {i}", "lang": "en"} for i in range(500)], name=f"{name}.jsonl")
        for name in ("one", "two")
    ]

    first, second = together(*[lambda file=file: an_import(project, file, lead=lead, now=NOW, detect=False) for file in files])

    assert (first.added + second.added, first.bad + second.bad) == (500, 500)
    assert Item.objects.filter(project=project).count() == 500
