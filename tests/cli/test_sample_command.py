"""The command that plans an inspection."""

import csv
import json

import pytest
from click.testing import CliRunner

from isogloss.cli import main


def run(*arguments):
    return CliRunner().invoke(main, ["sample", *map(str, arguments)])


def test_the_plan_is_printed_with_what_it_does_not_promise():
    result = run("--lot", 12000, "--aql", 2.5)

    assert result.exit_code == 0
    assert "Inspect 315 of 12,000 items; accept the lot with at most 14 errors, reject it from 15." in result.stdout
    assert "6.3 % errors still passes 1 time in 10" in result.stdout


def test_the_plan_is_one_document_for_programs():
    document = json.loads(run("--lot", 12000, "--aql", 2.5, "--json").stdout)

    assert (document["code_letter"], document["sample"], document["accept_up_to"], document["reject_from"]) == ("M", 315, 14, 15)
    assert document["rejectable_quality"] == pytest.approx(0.063, abs=5e-4)
    assert document["sequential"]["inspections_at_aql"] < 315


def test_tightened_inspection_takes_its_own_table():
    document = json.loads(run("--lot", 12000, "--aql", 2.5, "--tightened", "--json").stdout)

    assert (document["inspection"], document["sample"], document["accept_up_to"]) == ("tightened", 315, 12)


@pytest.mark.parametrize(("errors", "accepted"), [(14, True), (15, False)])
def test_errors_found_judge_the_lot(errors, accepted):
    document = json.loads(run("--lot", 12000, "--aql", 2.5, "--errors", errors, "--json").stdout)

    assert document["found"]["accepted"] is accepted
    assert document["found"]["low"] < errors / 315 < document["found"]["high"]


def test_a_zero_acceptance_plan_says_what_it_shows():
    assert "Inspect 295 of 12,000 items; accept the lot with at most 0 errors" in run("--lot", 12000, "--zero", 1).stdout


def test_a_half_width_gives_a_sample_size():
    assert json.loads(run("--lot", 12000, "--half-width", 2, "--rate", 5, "--json").stdout)["sample"] == 440


def test_a_small_lot_is_shown_in_whole_items():
    document = json.loads(run("--lot", 12, "--aql", 2.5, "--json").stdout)

    assert [point["error_rate"] * 12 for point in document["operating_characteristic"]] == pytest.approx([1])


def test_the_draw_is_the_same_for_the_same_seed(tmp_path):
    draws = []
    for name in ("a.csv", "b.csv"):
        run("--lot", 400, "--aql", 1.0, "--draw", tmp_path / name, "--seed", 7)
        with (tmp_path / name).open() as file:
            draws.append([int(row["position"]) for row in csv.DictReader(file)])

    assert draws[0] == draws[1]
    assert len(set(draws[0])) == 50
    assert min(draws[0]) >= 1
    assert max(draws[0]) <= 400


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--lot", 12000], "Say one of --aql"),
        (["--lot", 12000, "--aql", 2.5, "--zero", 1], "Say one of --aql"),
        (["--lot", 12000, "--aql", 2.6], "the nearest is 2.5 %"),
        (["--lot", 1, "--aql", 2.5], "inspect it whole"),
        (["--lot", 12000, "--zero", 120], "between 0 and 1"),
        (["--lot", 12000, "--aql", 2.5, "--errors", 400], "more than the sample"),
        (["--lot", 0, "--aql", 2.5], "Invalid value for '--lot'"),
    ],
)
def test_bad_input_is_refused_with_status_two(arguments, told):
    result = run(*arguments)

    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""
