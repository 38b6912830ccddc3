"""Checking a release against its manifest, and copying it out."""

import json
import shutil
import subprocess
import sys
import zipfile

import pytest

from isogloss.delivery.queries import release_folder
from isogloss.delivery.services import ReleaseDamaged, export_release
from isogloss.delivery.verifying import verify_release
from isogloss.platform.problems import Conflict, NotFound
from tests.delivery.making import a_release, a_worked_project, bytes_in

FORMATS = ("jsonl", "csv", "parquet")


@pytest.fixture
def release(db):
    return a_release(a_worked_project(), formats=FORMATS)


@pytest.fixture
def copy(release, tmp_path):
    folder = tmp_path / "copy"
    folder.mkdir()
    for path in release_folder(release).iterdir():
        shutil.copyfile(path, folder / path.name)
    return folder


def test_a_whole_release_has_no_problems(release, copy):
    assert verify_release(copy, manifest_hash=release.manifest_hash) == []


@pytest.mark.parametrize("name", ["items.jsonl", "annotations.csv", "decisions.parquet", "README.md", "schema.yaml"])
def test_a_flipped_bit_is_found(copy, name):
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)

    assert verify_release(copy) == [f"{name}: the content has changed, its SHA-256 is not the manifest's."]


def test_a_file_that_was_cut_off_is_found(copy):
    content = (copy / "items.jsonl").read_bytes()
    (copy / "items.jsonl").write_bytes(content[:-10])

    (problem,) = verify_release(copy)

    assert problem == f"items.jsonl: {len(content) - 10} bytes, the manifest says {len(content)}."


def test_a_missing_file_and_a_strange_one_are_found(copy):
    (copy / "items.csv").rename(copy / "items-2.csv")

    assert verify_release(copy) == ["items.csv: the file is missing.", "items-2.csv: the manifest does not name this file."]


def test_a_link_in_the_place_of_a_file_is_not_followed(copy, tmp_path):
    (copy / "items.csv").rename(tmp_path / "elsewhere.csv")
    (copy / "items.csv").symlink_to(tmp_path / "elsewhere.csv")

    assert verify_release(copy) == ["items.csv: the file is missing."]


def test_a_manifest_that_was_rewritten_is_found_by_what_the_installation_remembers(release, copy):
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["release"]["note"] = "approved"
    (copy / "manifest.json").write_text(json.dumps(manifest))

    assert verify_release(copy) == []
    (problem,) = verify_release(copy, manifest_hash=release.manifest_hash)
    assert "is not the one that was written" in problem


def test_counts_that_do_not_add_up_are_found(copy):
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["counts"]["items"] = 4
    (copy / "manifest.json").write_text(json.dumps(manifest))

    problems = verify_release(copy)

    assert problems[0] == "manifest.json: the items of the languages add up to 3, not to 4."
    assert "items.jsonl: 3 rows, but the manifest counts 4 items." in problems


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "isogloss-release"}', '{"format": 1}'])
def test_a_manifest_that_cannot_be_read_is_said_to_be_so(copy, content):
    (copy / "manifest.json").write_text(content)

    (problem,) = verify_release(copy)

    assert problem.startswith("manifest.json cannot be read")


def test_a_manifest_cannot_point_outside_its_folder(copy):
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["files"]["../secret"] = manifest["files"]["README.md"]
    (copy / "manifest.json").write_text(json.dumps(manifest))

    assert verify_release(copy) == ["'../secret': the manifest must not name files outside its folder."]


def test_a_folder_without_a_manifest_is_not_a_release(tmp_path):
    (problem,) = verify_release(tmp_path)

    assert "is not a release" in problem


def test_verifying_needs_no_django(copy):
    program = "import sys; from pathlib import Path; from isogloss.delivery.verifying import verify_release; print(verify_release(Path(sys.argv[1])), 'django' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", program, str(copy)], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[] False"


def test_an_export_is_the_release_byte_for_byte(release, tmp_path):
    export_release(release, to=tmp_path / "out" / "copy")

    assert bytes_in(tmp_path / "out" / "copy") == bytes_in(release_folder(release))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["copy"]


def test_an_export_as_an_archive_unpacks_to_the_release(release, tmp_path):
    export_release(release, to=tmp_path / "copy.zip")

    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path / "unpacked")
    (folder,) = (tmp_path / "unpacked").iterdir()
    assert (verify_release(folder, manifest_hash=release.manifest_hash), folder.name.endswith("-1.0.0")) == ([], True)


def test_an_export_overwrites_nothing(release, tmp_path):
    (tmp_path / "copy").mkdir()

    with pytest.raises(Conflict, match="exists already"):
        export_release(release, to=tmp_path / "copy")


def test_a_damaged_release_is_not_passed_on(release, tmp_path):
    path = release_folder(release) / "items.jsonl"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"Text", b"text"))

    with pytest.raises(ReleaseDamaged, match="has changed"):
        export_release(release, to=tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []


def test_a_release_whose_files_are_gone_says_so(release, tmp_path):
    release_folder(release).rename(tmp_path / "moved")

    with pytest.raises(NotFound, match="Restore them from a backup"):
        export_release(release, to=tmp_path / "copy")
