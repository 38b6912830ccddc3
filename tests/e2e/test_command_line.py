"""The main job by the command line alone: import, recorded answers, release, compare."""

import hashlib
import json
from pathlib import Path

import pytest

pytestmark = [pytest.mark.shared, pytest.mark.both_engines, pytest.mark.timeout(300)]
LABELS = ("positive", "neutral", "negative")
SCHEMA = Path(__file__).with_name("sentiment.yaml")


def label_of(person: str, item: str) -> str:
    digest = hashlib.sha256(f"{person}:{item}".encode()).digest()
    return LABELS[digest[0] % 3]


def write_lines(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def texts(shared, tmp_path) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    with (shared / "corpora" / "nusax-sentiment" / "data.jsonl").open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if row["lang"] in {"id", "jv"} and len(rows) < 60:
                rows.append({"id": row["id"], "text": row["text"], "lang": row["lang"]})
    return rows


def test_recorded_answers_come_out_of_the_release_as_they_went_in(installation, texts, tmp_path):
    installation.init()
    for name in ("ana", "ben"):
        installation.person(name, "a long enough password", roles=("annotator",))
    project = installation.run(
        "project", "make", "NusaX", "-l", "id", "-l", "jv", "--schema", str(SCHEMA), "--target", "2", "--severity", "0"
    ).stdout.strip()
    for name in ("ana", "ben"):
        installation.run("project", "add", project, name, "-l", "id", "-l", "jv")

    imported = json.loads(installation.run("import", project, str(write_lines(tmp_path / "texts.jsonl", texts)), "--json").stdout)
    again = json.loads(installation.run("import", project, str(tmp_path / "texts.jsonl"), "--json").stdout)
    for name in ("ana", "ben"):
        answers = [{"item": t["id"], "answers": {"sentiment": label_of(name, str(t["id"]))}, "active_ms": 2000} for t in texts]
        told = json.loads(
            installation.run("annotate", project, str(write_lines(tmp_path / f"{name}.jsonl", answers)), "--as", name, "--json").stdout
        )
        assert told["counted"] == len(texts)
    installation.run("release", project, "1.0.0", "--format", "jsonl", "--format", "csv", "--format", "parquet")
    installation.run("export", project, "1.0.0", str(tmp_path / "out"))

    assert (imported["added"], imported["bad"], again["added"], again["skipped"]) == (60, 0, 0, 60)
    assert installation.run("verify", str(tmp_path / "out")).returncode == 0
    rows = [json.loads(line) for line in (tmp_path / "out" / "annotations.jsonl").read_text(encoding="utf-8").splitlines()]
    by_person: dict[str, dict[str, str]] = {}
    for row in rows:
        by_person.setdefault(row["annotator"], {})[row["item"]] = row["answers"]["sentiment"]
    wanted = [{str(t["id"]): label_of(name, str(t["id"])) for t in texts} for name in ("ana", "ben")]
    assert sorted(by_person.values(), key=str) == sorted(wanted, key=str)
    assert {row["source"] for row in rows} == {"replayed"}


def test_a_flipped_byte_is_found(installation, texts, tmp_path):
    installation.init()
    project = installation.run(
        "project", "make", "NusaX", "-l", "id", "-l", "jv", "--schema", str(SCHEMA), "--severity", "0"
    ).stdout.strip()
    installation.run("import", project, str(write_lines(tmp_path / "texts.jsonl", texts)))
    installation.run("release", project, "1.0.0")
    installation.run("export", project, "1.0.0", str(tmp_path / "out"))
    file = tmp_path / "out" / "items.jsonl"
    file.chmod(0o644)
    content = bytearray(file.read_bytes())
    content[100] ^= 1
    file.write_bytes(content)

    told = installation.run("verify", str(tmp_path / "out"), check=False)

    assert told.returncode == 1
    assert "items.jsonl" in told.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "nowhere", "{file}"), "There is no project"),
        (("project", "make", "P", "-l", "klingonese", "--template", "classification", "--severity", "0"), "not a language tag"),
        (("project", "make", "P", "-l", "en", "--template", "nothing", "--severity", "0"), "--template, one of"),
        (("release", "nowhere", "1.0.0"), "There is no project"),
        (("user", "token", "nobody", "--scope", "admin"), "Nobody has the username"),
    ],
)
def test_bad_input_is_one_sentence_and_status_two(installation, tmp_path, arguments, said):
    installation.init()
    file = write_lines(tmp_path / "t.jsonl", [{"id": 1, "text": "x"}])

    told = installation.run(*(argument.format(file=file) for argument in arguments), check=False)

    assert told.returncode == 2
    assert said in told.stderr
    assert "Traceback" not in told.stderr
