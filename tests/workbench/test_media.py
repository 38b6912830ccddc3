"""The door to a project's media: members only, media only, and parts of a file for players."""

import pytest
from django.conf import settings

from tests.support.clients import a_browser
from tests.support.making import a_lead, a_project, an_annotator

SOUND = bytes(range(256)) * 1000


@pytest.fixture
def project(db):
    lead = a_lead()
    made = a_project(lead, languages=("en",), target=1)
    folder = settings.CONFIG.data / "media" / made.public_id / "calls"
    folder.mkdir(parents=True)
    (folder / "one.ogg").write_bytes(SOUND)
    (folder / "drawing.svg").write_text("<svg/>")
    (folder / "notes.txt").write_text("x")
    made.annotator = an_annotator(made, lead=lead, tags=("en",))
    return made


def ask(project, path, **headers):
    return a_browser(project.annotator).get(f"/projects/{project.public_id}/media/{path}", headers=headers)


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_a_member_gets_a_file_with_its_type(project):
    answer = ask(project, "calls/one.ogg")

    assert (answer.status_code, answer["Content-Type"], answer["Accept-Ranges"]) == (200, "audio/ogg", "bytes")
    assert body(answer) == SOUND


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-9", 206, SOUND[:10]),
        ("bytes=255990-", 206, SOUND[255990:]),
        ("bytes=100-999999999", 206, SOUND[100:]),
        ("bytes=70000-140000", 206, SOUND[70000:140001]),
        ("bytes=5-1", 200, SOUND),
        ("bytes=0-1,4-5", 200, SOUND),
        ("bytes=256000-", 416, b""),
    ],
)
def test_a_player_gets_the_part_it_asks_for(project, asked, status, part):
    answer = ask(project, "calls/one.ogg", range=asked)

    assert (answer.status_code, body(answer)) == (status, part)


@pytest.mark.parametrize(
    "path",
    ["calls/two.ogg", "calls", "calls/notes.txt", "calls/drawing.svg", "../../secret.key", "..%2f..%2fsecret.key", "/etc/hostname.png"],
)
def test_nothing_else_is_sent(project, path):
    assert ask(project, path).status_code == 404


def test_a_link_that_leads_out_of_the_folder_is_not_followed(project, tmp_path):
    (tmp_path / "other.png").write_bytes(b"secret")
    (settings.CONFIG.data / "media" / project.public_id / "link.png").symlink_to(tmp_path / "other.png")

    assert ask(project, "link.png").status_code == 404
