"""The commands `identify`, `profile` and `model`, run as a person runs them."""

import json
import random
import subprocess
import sys

import pytest
from click.testing import CliRunner

from isogloss.cli.language import identify, model, profile


def run(command, *arguments, stdin=None, code=0):
    result = CliRunner().invoke(command, [str(argument) for argument in arguments], input=stdin)
    assert result.exit_code == code, result.output
    return result.output


def test_identify_writes_one_object_per_row_in_order(tmp_path):
    file = tmp_path / "texts.jsonl"
    file.write_text('{"text": "Der Ausschuss wird seine Ergebnisse veröffentlichen."}\nbroken\n{"text": "🙂"}\n', encoding="utf-8")

    run(identify, file, "-o", tmp_path / "out.jsonl")

    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["language"], row["outcome"]) for row in rows] == [("de", "language"), ("zxx", "none"), ("zxx", "none")]
    assert list(rows[0]) == ["language", "confidence", "outcome", "runner_up"]
    assert "not JSON" in rows[1]["problem"]


def test_identify_reads_what_is_piped_in_and_constrains(tmp_path):
    output = run(identify, "-", "--languages", "ms,en", stdin="dia pergi ke pasar dengan ibu\n")

    row = json.loads(output)
    assert (row["language"], row["free"]) == ("ms", "id")


def test_identify_gives_segments_with_offsets(tmp_path):
    output = run(identify, "-", "--segments", "--languages", "id,en", stdin="saya makan nasi but the weather is nice\n")

    assert [(part["language"], part["start"], part["end"]) for part in json.loads(output)["segments"]] == [("id", 0, 15), ("en", 16, 39)]


def test_a_wrong_tag_is_named():
    assert "not a language tag" in run(identify, "-", "--languages", "english", stdin="x\n", code=2)


def test_a_missing_file_and_an_unclear_column_are_said_in_one_sentence(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    assert "is not a file" in run(identify, tmp_path / "none.txt", code=2)
    assert "--column" in run(identify, tmp_path / "a.csv", code=1)


def test_an_output_file_appears_whole_or_not_at_all(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    run(identify, tmp_path / "a.csv", "-o", tmp_path / "out.jsonl", code=1)

    assert [file.name for file in tmp_path.iterdir()] == ["a.csv"]


def test_profile_writes_a_page_that_loads_nothing_and_json(tmp_path):
    file = tmp_path / "<b>.txt"
    file.write_text(
        "The committee will publish its findings, mail a@b.org\nPanitia akan mengumumkan hasilnya besok karena bisa\n", encoding="utf-8"
    )

    output = run(profile, file, "-o", tmp_path / "page.html", "--masked", tmp_path / "masked.jsonl", "--json")

    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert json.loads(output)["personal"]["email"]["count"] == 1
    assert "&lt;b&gt;" in page
    assert "http" not in page
    assert "<svg" in page
    assert "a@b.org" not in (tmp_path / "masked.jsonl").read_text(encoding="utf-8")


def test_profile_prints_a_table(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("The committee will publish its findings before the end of the month\n" * 3, encoding="utf-8")

    output = run(profile, file)

    assert "en" in output
    assert "Exact duplicates 66.7 %" in output


def a_release(folder):
    rng = random.Random(3)
    indonesian = [
        "saya",
        "kamu",
        "makan",
        "minum",
        "pergi",
        "rumah",
        "pasar",
        "kemarin",
        "besok",
        "karena",
        "tidak",
        "bisa",
        "sudah",
        "akan",
    ]
    english = ["the", "house", "market", "yesterday", "tomorrow", "because", "cannot", "already", "will", "eat", "drink", "going", "away"]
    with (folder / "rows.jsonl").open("w", encoding="utf-8") as file:
        for place in range(80):
            tag, words = (("id", indonesian), ("en", english))[place % 2]
            row = {"text": " ".join(rng.choice(words) for _ in range(6)), "lang": tag, "source": f"batch {place % 4 // 2}"}
            file.write(json.dumps(row) + "\n")
        file.write('{"text": "x", "lang": "no tag"}\n')


def test_a_model_is_trained_listed_and_taken_back(tmp_path):
    a_release(tmp_path)
    data = tmp_path / "data"

    output = run(model, "train", tmp_path / "rows.jsonl", "--data", data)

    assert "speaks now" in output
    listed = json.loads(run(model, "list", "--data", data, "--json"))
    assert [(entry["is_active"], entry["manifest"]["rows"], entry["manifest"]["left_out"]) for entry in listed] == [(True, 80, 1)]
    card = (data / "language-models" / listed[0]["name"] / "card.md").read_text(encoding="utf-8")
    assert "| random | id | 40 |" in card
    assert "alone again" in run(model, "back", "--data", data)
    run(model, "activate", listed[0]["name"], "--data", data)
    assert "id" in run(identify, "-", "--data", data, stdin="saya makan di rumah karena besok\n")


def test_a_model_the_gate_refused_speaks_only_when_forced(tmp_path):
    folder = tmp_path / "language-models" / "bad"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"gate": {"passes": False}}), encoding="utf-8")

    assert "refused" in run(model, "activate", "bad", "--data", tmp_path, code=1)
    assert "speaks now" in run(model, "activate", "bad", "--data", tmp_path, "--force")
    assert "There is no model" in run(model, "activate", "none", "--data", tmp_path, code=1)


def test_too_few_rows_are_said(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "x", "lang": "id"}\n', encoding="utf-8")

    assert "needs 20 texts" in run(model, "train", tmp_path / "a.jsonl", "--data", tmp_path / "d", code=1)


@pytest.mark.parametrize("name", ["identify", "profile", "model"])
def test_no_command_starts_django(name):
    code = f"import sys; from isogloss.cli import main; main(['{name}', '--help'], standalone_mode=False); print('django' in sys.modules)"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.splitlines()[-1] == "False"
