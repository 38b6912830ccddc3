"""The commands on files of answers."""

import csv
import json
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from isogloss.cli import main
from tests.support.parquet import rows_of

ANSWERS = [
    ("1", "ana", "x"),
    ("1", "ben", "x"),
    ("1", "cem", "y"),
    ("2", "ana", "y"),
    ("2", "ben", "y"),
    ("2", "cem", "y"),
    ("3", "ana", "x"),
    ("3", "ben", "x"),
    ("3", "cem", "x"),
]


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def answers(tmp_path):
    def make(rows=ANSWERS, *, header="item,worker,label", name="answers.csv"):
        path = tmp_path / name
        path.write_text("".join(f"{line}\n" for line in [header, *(",".join(row) for row in rows)]))
        return path

    return make


def test_agreement_prints_a_sentence_and_a_table(answers):
    result = run("agreement", answers())

    assert result.exit_code == 0, result.output
    assert "Krippendorff's alpha, nominal is 0." in result.stdout
    assert "95 % interval" in result.stdout


def test_agreement_is_one_document_for_programs(answers):
    result = run("agreement", answers(), "--json", "--people", "--pairs", "--replicates", 50)

    document = json.loads(result.stdout)
    assert document["headline"]["value"] == pytest.approx(0.6)  # by hand: D_o = 2/9, D_e = 2·5·4 / (9·8)
    assert document["headline"]["replicates"] == 50
    assert [part["label"] for part in document["by_label"]] == ["x", "y"]
    assert {part["worker"] for part in document["by_person"]} == {"ana", "ben", "cem"}


@pytest.mark.shared
def test_agreement_on_real_answers_is_the_known_figure(shared):
    document = json.loads(run("agreement", shared / "crowd/rte/judgments.csv", "--json", "--replicates", 0).stdout)

    assert document["headline"]["value"] == pytest.approx(0.24148, abs=5e-6)


@pytest.mark.shared
def test_an_order_of_labels_makes_agreement_ordinal(shared):
    document = json.loads(
        run(
            "agreement",
            shared / "crowd/adult2/judgments.csv",
            "--question",
            "ordered-choice",
            "--order",
            "G,P,R,X",
            "--replicates",
            0,
            "--json",
        ).stdout
    )

    assert document["headline"]["value"] == pytest.approx(0.43233, abs=5e-6)
    assert document["repeated_answers_left_out"] > 0


def test_languages_are_shown_where_the_file_has_them(answers):
    rows = [(*row, "my" if row[0] == "3" else "en") for row in ANSWERS]

    document = json.loads(run("agreement", answers(rows, header="item,worker,label,language"), "--json").stdout)

    assert [part["language"] for part in document["by_language"]] == ["en", "my"]
    assert document["by_language"][1]["reason"]


@pytest.mark.parametrize("method", ["auto", "majority", "weighted-majority", "one-coin", "dawid-skene", "ordinal"])
def test_every_method_writes_labels_and_people(answers, tmp_path, method):
    out, people = tmp_path / "out.csv", tmp_path / "people.csv"

    result = run("infer", answers(), "--method", method, "-o", out, "--people", people)

    assert result.exit_code == 0, result.output
    assert [(row["item"], row["label"]) for row in read(out)] == [("1", "x"), ("2", "y"), ("3", "x")]
    assert all(0 < float(row["confidence"]) <= 1 for row in read(out))
    assert list(read(people)[0]) == ["worker", "reliability", "low", "high", "n"]
    assert all(float(row["low"]) <= float(row["reliability"]) <= float(row["high"]) for row in read(people))


def test_a_tie_has_an_empty_label(answers, tmp_path):
    rows = [("1", "ana", "x"), ("1", "ben", "y"), ("2", "ana", "x"), ("2", "ben", "x")]

    run("infer", answers(rows), "--method", "majority", "-o", tmp_path / "out.csv")

    assert [row["label"] for row in read(tmp_path / "out.csv")] == ["", "x"]


def test_gold_is_kept_and_may_hold_labels_nobody_gave(answers, tmp_path):
    gold = tmp_path / "gold.csv"
    gold.write_text("item,label\n1,z\n99,x\n")

    result = run("infer", answers(), "--gold", gold, "-o", tmp_path / "out.csv", "--json")

    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["gold_items"] == 1
    assert read(tmp_path / "out.csv")[0] == {"item": "1", "label": "z", "confidence": "1.0"}


def test_gold_of_other_items_is_refused(answers, tmp_path):
    gold = tmp_path / "gold.csv"
    gold.write_text("item,label\n99,x\n")

    result = run("infer", answers(), "--gold", gold, "-o", tmp_path / "out.csv")

    assert result.exit_code == 2
    assert "none of its 1 items" in result.stderr


@pytest.mark.parametrize("name", ["out.jsonl", "out.parquet", "out.tsv"])
def test_the_ending_of_the_output_chooses_its_format(answers, tmp_path, name):
    run("infer", answers(), "-o", tmp_path / name)

    assert rows_of(f"SELECT item, label FROM '{tmp_path / name}'")[0] in {("1", "x"), (1, "x")}


def test_sets_of_labels_are_decided_as_sets(tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text(
        "".join(json.dumps({"item": item, "worker": worker, "label": ["b", "a"]}) + "\n" for item in (1, 2) for worker in "xyz")
    )

    result = run("infer", path, "--method", "majority", "-o", tmp_path / "out.jsonl")

    assert result.exit_code == 0, result.output
    assert json.loads((tmp_path / "out.jsonl").read_text().splitlines()[0])["label"] == ["a", "b"]
    assert json.loads(run("agreement", path, "--json", "--replicates", 10).stdout)["question"] == "choices"


def test_an_output_that_cannot_be_written_is_refused_before_the_work(answers, tmp_path):
    result = run("infer", answers(), "-o", tmp_path / "out.xlsx")

    assert result.exit_code == 2
    assert "give it the ending" in result.stderr


def test_an_output_folder_that_is_not_there_is_refused_before_the_work(answers, tmp_path):
    result = run("infer", answers(), "-o", tmp_path / "none" / "out.csv")

    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def crowd(n_items=60, n_people=6):
    """Six people, one of them random, answer sixty items of two kinds."""
    return [
        (f"i{item}", f"w{person}", "xy"[(item + (person == 0 and item % 3 == 0)) % 2])
        for item in range(n_items)
        for person in range(n_people)
    ]


def test_replay_compares_a_policy_with_every_fixed_number(answers):
    document = json.loads(run("replay", answers(crowd()), "--json", "--maximum", 5, "--burn-in", 6).stdout)

    names = [outcome["name"] for outcome in document["outcomes"]]
    assert names == ["all", "policy", "1 each", "2 each", "3 each", "4 each", "5 each"]
    assert document["policy"]["maximum"] == 5
    assert document["policy"]["burn_in"] == 6
    assert 0 < document["saved"] < 1
    assert sum(part["items"] for part in document["items_by_annotations"]) == 60


def test_replay_measures_against_gold(answers, tmp_path):
    gold = tmp_path / "gold.csv"
    gold.write_text("item,label\n" + "".join(f"i{item},{'xy'[item % 2]}\n" for item in range(60)))

    result = run("replay", answers(crowd()), "--gold", gold, "--no-fixed")

    assert result.exit_code == 0, result.output
    assert "points of accuracy are lost" in result.stdout
    assert "1.0000" in result.stdout


def test_a_policy_that_contradicts_itself_is_refused(answers):
    result = run("replay", answers(crowd()), "--minimum", 1)

    assert result.exit_code == 2
    assert "minimum must be at least 2" in result.stderr


BAD = [
    pytest.param("item,annotator,label\n1,a,x\n", "no column 'worker'", id="missing column"),
    pytest.param("", "is empty", id="empty file"),
    pytest.param("item,worker,label\n", "a header and no rows", id="no rows"),
    pytest.param("item,worker,label\n1,a,1\n1,b,2\n2,a,maybe\n", "Row 3 has 'maybe' in the column label.*--labels text", id="mixed types"),
    pytest.param(
        "item,worker,label\n1,a,x\n2,a,y\n", r"the column worker has labels of one person only \(a, from row 1 to row 2\)", id="one rater"
    ),
    pytest.param("item,worker,label\n1,b,\n1,a,x\n2,a,y\n", r"one person only \(a, from row 2 to row 3\)", id="one rater with labels"),
]


@pytest.mark.parametrize("command", ["agreement", "infer", "replay"])
@pytest.mark.parametrize(("content", "told"), BAD)
def test_bad_input_is_one_sentence_on_stderr(tmp_path, command, content, told):
    path = tmp_path / "bad.csv"
    path.write_text(content)
    output = ["-o", tmp_path / "out.csv"] if command == "infer" else []

    result = run(command, path, *output, "--json")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1
    assert re.search(told, result.stderr)
    assert not (tmp_path / "out.csv").exists()


def test_numbers_and_words_may_be_mixed_on_purpose(answers):
    result = run("agreement", answers([("1", "a", "1"), ("1", "b", "unsure"), ("2", "a", "1"), ("2", "b", "1")]), "--labels", "text")

    assert result.exit_code == 0
    assert "unsure" in result.stdout


def test_labels_are_printed_as_they_are(answers):
    result = run("agreement", answers([("1", "a", "[red]x"), ("1", "b", "[/]"), ("2", "a", "[red]x"), ("2", "b", "[red]x")]))

    assert "[red]x" in result.stdout
    assert "[/]" in result.stdout


def test_a_label_left_out_of_the_order_is_named(answers):
    result = run("agreement", answers(), "--order", "x")

    assert result.exit_code == 2
    assert "row 3 has the label 'y'" in result.stderr


def test_no_command_on_files_starts_django(answers):
    code = f"import sys; from isogloss.cli import main; main(['agreement', {str(answers())!r}, '--replicates', '0'], standalone_mode=False); print([m for m in sys.modules if m == 'django'])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip().endswith("[]")
