"""The commands `identify`, `profile` and `model`, run as a person runs them."""

import json
import random
import subprocess
import sys

import duckdb
import pytest
from click.testing import CliRunner

from isogloss.cli.language import identify, model, profile
from isogloss.core.language.registry import Registry


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


def a_parquet_file(file, *, texts, name="text"):
    with duckdb.connect() as database:
        database.execute(f'CREATE TABLE rows (number INTEGER, "{name}" VARCHAR)')
        database.executemany("INSERT INTO rows VALUES (?, ?)", list(enumerate(texts)))
        database.execute("COPY rows TO ? (FORMAT parquet)", [str(file)])


def test_identify_and_profile_read_parquet_in_order(tmp_path):
    a_parquet_file(
        tmp_path / "a.parquet", texts=["The committee will publish its findings.", None, "ستنشر اللجنة نتائجها قبل نهاية الشهر الجاري."]
    )

    rows = [json.loads(line) for line in run(identify, tmp_path / "a.parquet").splitlines()]

    assert [row["language"] for row in rows] == ["en", "zxx", "ar"]
    assert "row 2 has no text" in rows[1]["problem"]
    assert json.loads(run(profile, tmp_path / "a.parquet", "--json"))["problems"] == 1


def test_a_release_in_parquet_is_read_by_its_own_column_name(tmp_path):
    a_parquet_file(tmp_path / "items.parquet", texts=["The committee will publish its findings."], name="content.text")

    assert json.loads(run(identify, tmp_path / "items.parquet"))["language"] == "en"


def test_a_file_that_is_no_parquet_and_a_pipe_are_said_in_one_sentence(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"no parquet")

    assert "no Parquet file" in run(identify, tmp_path / "a.parquet", code=1)
    assert "give the file's name" in run(identify, "-", "--format", "parquet", stdin="x", code=1)


def some_token_rows(file, *, number=60):
    """Sentences of English and of an invented language (Ainu's tag) that only labels tell apart."""
    rng = random.Random(5)
    english = ["the", "weather", "because", "house", "market", "tomorrow", "friend"]
    invented = ["kzetr", "tzark", "rikzt", "zzetk", "karzt"]
    with file.open("w", encoding="utf-8") as out:
        for place in range(number):
            words = [[rng.choice(english), "en"] if rng.random() < 0.5 else [rng.choice(invented), "ain"] for _ in range(8)]
            out.write(json.dumps({"tokens": words, "source": f"batch {place % 2}"}) + "\n")
        out.write('{"text": "no tokens"}\n{"tokens": [["half"]]}\n')


def test_a_tagger_of_tokens_is_trained_judged_used_and_taken_back(tmp_path):
    some_token_rows(tmp_path / "rows.jsonl")
    data = tmp_path / "data"

    output = run(model, "train", tmp_path / "rows.jsonl", "--tokens", "--data", data)

    assert "speaks now" in output
    (listed,) = json.loads(run(model, "list", "--data", data, "--json"))
    assert (listed["is_active"], listed["manifest"]["rows"], listed["manifest"]["left_out"]) == (True, 60, 2)
    assert set(listed["manifest"]["gate"]["accuracy"]) == {"random", "source"}
    parts = json.loads(run(identify, "-", "--segments", "--data", data, stdin="the weather kzetr tzark\n"))["segments"]
    assert [part["language"] for part in parts] == ["en", "ain"]
    assert "alone again" in run(model, "back", "--tokens", "--data", data)


def test_a_tagger_that_is_worse_than_no_labels_is_kept_but_does_not_speak(tmp_path):
    rng = random.Random(6)
    telling = [("the weather is nice because", "en"), ("saya makan nasi di rumah", "id")]
    mistaken = [[[word, rng.choice(["en", "id"])] for word in text.split()] for text, _ in telling * 10]
    right = [[[word, label] for word in text.split()] for text, label in telling * 15]
    rows = [{"tokens": tokens, "source": source} for source, part in (("bad", mistaken), ("good", right)) for tokens in part]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    output = run(model, "train", tmp_path / "rows.jsonl", "--tokens", "--data", tmp_path / "d", code=3)

    assert "does not speak" in output
    assert Registry(tmp_path / "d").active_name(is_tagger=True) is None
    assert len(Registry(tmp_path / "d").entries(is_tagger=True)) == 1


def test_rows_without_tokens_are_counted_where_there_is_nothing_to_learn(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "x", "lang": "id"}\n', encoding="utf-8")

    assert "without “tokens” ([[word, label], …]): 1" in run(
        model, "train", tmp_path / "a.jsonl", "--tokens", "--data", tmp_path / "d", code=1
    )


def test_a_broken_fasttext_file_is_refused_with_what_its_reader_says(tmp_path, monkeypatch):
    class Reader:
        @staticmethod
        def load_model(path):
            raise ValueError(f"{path} has wrong file format!")

    monkeypatch.setitem(sys.modules, "fasttext", Reader)
    (tmp_path / "lid.bin").write_bytes(b"x")

    assert "wrong file format" in run(model, "add", tmp_path / "lid.bin", "--data", tmp_path / "d", code=1)
    assert Registry(tmp_path / "d").entries() == []


def test_a_fasttext_file_without_its_library_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fasttext", None)
    (tmp_path / "lid.bin").write_bytes(b"x")

    assert "pip install fasttext-numpy2" in run(model, "add", tmp_path / "lid.bin", "--data", tmp_path / "d", code=1)
