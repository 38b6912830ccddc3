"""Profiles of files before they are imported, and of batches after: figures, pictures, masked copies."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from isogloss.corpus.models import Batch, Item, ProfileRun
from isogloss.corpus.pictures import LEFT, RIGHT, WIDTH, bars, spans
from isogloss.platform.jobs import run_waiting
from isogloss.platform.models import Job
from tests.support.clients import Program, a_browser
from tests.support.making import a_file, a_lead, a_project, an_import

ROWS = [
    {"id": "1", "text": "The committee will publish its findings before the end of the month.", "lang": "en"},
    {"id": "2", "text": "The committee will publish its findings before the end of the month!", "lang": "en"},
    {"id": "3", "text": "Komite akan menerbitkan temuannya sebelum akhir bulan ini 😂 https://example.org", "lang": "en"},
    {"id": "4", "text": "Write to ana@example.org or @ana_b about the committee and its findings.", "lang": "en", "place": "Solo"},
]


@pytest.fixture
def lead(db):
    return a_lead()


@pytest.fixture
def project(lead):
    return a_project(lead)


def an_upload(rows=ROWS, *, name="texts.jsonl") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "".join(json.dumps(row) + "\n" for row in rows).encode())


def uploaded(browser, project, **sent) -> str:
    """Upload a file and return the address of its mapping."""
    return browser.post(f"/projects/{project.public_id}/import", {"file": an_upload(**sent)})["Location"]


CHOSEN = {"field:text": "text", "id": "id", "language": "lang"}


def test_a_file_is_profiled_before_anything_is_imported(project, lead):
    browser = a_browser(lead)

    page = browser.post(f"{uploaded(browser, project)}/profile", CHOSEN)
    run_waiting()

    told = ProfileRun.objects.get().result
    assert page["Location"] == f"/profiles/{ProfileRun.objects.get().public_id}"
    assert (told["rows"], told["near_duplicates"]["count"], told["emoji"]["count"], told["url"]["count"]) == (4, 1, 1, 1)
    assert (told["languages"]["en"]["count"], told["languages"]["id"]["count"]) == (3, 1)
    assert (told["other_than_declared"]["count"], told["other_than_declared"]["total"]) == (1, 4)
    assert (told["personal"]["email"]["count"], told["personal"]["handle"]["count"]) == (1, 1)
    assert not Item.objects.exists()


def test_the_page_waits_then_draws_and_leads_on_to_the_import(project, lead):
    browser = a_browser(lead)
    address = browser.post(f"{uploaded(browser, project)}/profile", CHOSEN)["Location"]

    waiting = browser.get(address).content.decode()
    run_waiting()
    done = browser.get(address)
    page = done.content.decode()
    fragment = browser.get(address, headers={"HX-Request": "true"}).content.decode()
    mapping = browser.get(f"/projects/{project.public_id}/import/{done.context['tickets']['file']}")

    assert "Waiting for its turn" in waiting
    assert "hx-get" in waiting
    assert "hx-get" not in page
    assert page.count("<svg") == 6
    assert "Indonesian" in page
    assert fragment.lstrip().startswith('<div id="profile"')
    assert mapping.status_code == 200


def test_texts_without_a_language_are_no_language(project, lead):
    browser = a_browser(lead)
    address = browser.post(f"{uploaded(browser, project)}/profile", CHOSEN)["Location"]
    run_waiting()
    run = ProfileRun.objects.get()
    run.result["languages"] |= dict.fromkeys(("und", "zxx"), run.result["languages"]["en"])
    run.save()

    assert browser.get(address).context["natural"] == 2


def test_a_masked_copy_is_made_only_on_request_and_can_be_imported_instead(project, lead):
    browser = a_browser(lead)
    plain = browser.post(f"{uploaded(browser, project)}/profile", CHOSEN)["Location"]
    masked = browser.post(f"{uploaded(browser, project)}/profile", {**CHOSEN, "mask": "yes"})["Location"]
    run_waiting()

    refused = browser.get(f"{plain}/masked")
    rows = [json.loads(line) for line in b"".join(browser.get(f"{masked}/masked").streaming_content).splitlines()]
    ticket = browser.get(masked).context["tickets"]["masked"]
    browser.post(f"/projects/{project.public_id}/import/{ticket}", CHOSEN)
    run_waiting()

    assert refused.status_code == 404
    assert rows[3] == {
        "id": "4",
        "text": "Write to [email] or [handle] about the committee and its findings.",
        "lang": "en",
        "place": "Solo",
    }
    assert rows[:3] == ROWS[:3]
    assert "[email]" in Item.objects.get(project=project, external_id="4").content


def test_figures_hold_no_text(project, lead):
    browser = a_browser(lead)
    address = browser.post(f"{uploaded(browser, project)}/profile", CHOSEN)["Location"]
    early = browser.get(f"{address}/figures").status_code
    run_waiting()

    told = browser.get(f"{address}/figures")

    assert early == 404
    assert told.json()["rows"] == 4
    assert "committee" not in told.content.decode()
    assert "ana" not in told.content.decode()


def test_rows_that_cannot_be_read_are_counted_and_stop_nobody(project, lead, tmp_path):
    file = SimpleUploadedFile("mixed.jsonl", b'{"id": "1", "text": "Good morning to you all"}\nnot json\n{"id": "2", "text": 7}\n')
    answer = Program(lead).upload(f"/projects/{project.public_id}/profiles", file).json()
    run_waiting()

    told = Program(lead).get(f"/profiles/{answer['id']}").json()

    assert (told["state"], told["figures"]["rows"], told["figures"]["problems"]) == ("done", 1, 2)


def test_a_batch_is_profiled_too(project, lead, tmp_path):
    an_import(project, a_file(tmp_path, ROWS), lead=lead, batch="first")
    batch = Batch.objects.get(project=project)

    page = a_browser(lead).post(f"/batches/{batch.public_id}/profile")
    asked = Program(lead).post(f"/projects/{project.public_id}/profiles/batch", {"batch": "first"}).json()
    run_waiting()

    figures = [run.result["rows"] for run in ProfileRun.objects.all()]
    listed = Program(lead).get(f"/projects/{project.public_id}/profiles").json()["results"]
    assert (page.status_code, figures, [row["batch"] for row in listed], asked["of"]) == (302, [4, 4], ["first", "first"], "first")


def test_a_profile_that_waits_can_be_given_up(project, lead):
    browser = a_browser(lead)
    address = browser.post(f"{uploaded(browser, project)}/profile", CHOSEN)["Location"]

    browser.post(f"{address}/cancel")
    run_waiting()

    assert Job.objects.get(kind="corpus.profile").state == "cancelled"
    assert ProfileRun.objects.get().result == {}


def test_a_large_file_tells_how_far_it_is(project, lead, monkeypatch):
    said = []
    monkeypatch.setattr("isogloss.platform.jobs.Progress.tell", lambda _, done, **more: said.append((done, more["message"])))
    browser = a_browser(lead)
    rows = [{"id": str(n), "text": f"This is the plain sentence number {n} of a file."} for n in range(1200)]

    browser.post(f"{uploaded(browser, project, rows=rows)}/profile", {"field:text": "text", "id": "id"})
    run_waiting()

    assert said == [(500, "500 rows read"), (1000, "1,000 rows read"), (1200, "1,200 rows read")]


def test_bars_end_where_the_largest_interval_does():
    picture = bars(
        {
            "en": {"count": 3, "share": 0.5, "interval": [0.25, 0.75]},
            "id": {"count": 0, "share": None, "interval": None},
            **{f"x{n}": {"count": 1, "share": 0.1, "interval": [0.0, 0.2]} for n in range(20)},
        }
    )

    first, second = picture.rows[:2]
    room = WIDTH - LEFT - RIGHT
    assert (first.width, first.high) == (pytest.approx(room * 2 / 3), pytest.approx(LEFT + room))
    assert (second.width, second.low, second.share) == (0, None, None)
    assert (len(picture.rows), picture.more) == (12, 10)
    assert picture.rows[-1].y < picture.height


def test_spans_leave_out_what_has_no_texts():
    told = {"texts": 3, "p10": 10, "p50": 20, "p90": 40, "longest": 99}

    picture = spans({"en": told, "id": {**told, "texts": 0}})

    (row,) = picture.rows
    assert (row.high, row.middle) == (WIDTH - RIGHT, LEFT + (WIDTH - LEFT - RIGHT) / 2)


def test_a_stranger_learns_nothing_of_a_profile(project, lead, tmp_path):
    an_import(project, a_file(tmp_path, ROWS), lead=lead, batch="first")
    a_browser(lead).post(f"/batches/{Batch.objects.get(project=project).public_id}/profile")

    other = a_lead("other-lead")
    other.grants.all().delete()

    assert a_browser(other).get(f"/profiles/{ProfileRun.objects.get().public_id}").status_code == 404
    assert Path(ProfileRun.objects.get().file_path or ".").exists()
