"""Plans of the standard against the published tables."""

import pytest

from isogloss.core.sampling import AQLS, Level, NoSuchPlan, Severity, SinglePlan, code_letter, iso_plan
from isogloss.core.sampling.iso2859 import LETTERS, SAMPLES

LOTS = dict(zip("ABCDEFGHJKLMNP", (8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10_000, 35_000, 150_000, 500_000), strict=True))
# Sample and acceptance number by code letter, AQL 0.65 1.0 1.5 2.5 4.0 6.5, arrows followed; the figures agree with the R package AQLSchemes.
NORMAL = """
A 20/0 13/0 8/0 5/0 3/0 2/0
B 20/0 13/0 8/0 5/0 3/0 2/0
C 20/0 13/0 8/0 5/0 3/0 8/1
D 20/0 13/0 8/0 5/0 13/1 8/1
E 20/0 13/0 8/0 20/1 13/1 13/2
F 20/0 13/0 32/1 20/1 20/2 20/3
G 20/0 50/1 32/1 32/2 32/3 32/5
H 80/1 50/1 50/2 50/3 50/5 50/7
J 80/1 80/2 80/3 80/5 80/7 80/10
K 125/2 125/3 125/5 125/7 125/10 125/14
L 200/3 200/5 200/7 200/10 200/14 200/21
M 315/5 315/7 315/10 315/14 315/21 200/21
N 500/7 500/10 500/14 500/21 315/21 200/21
P 800/10 800/14 800/21 500/21 315/21 200/21
"""
TIGHTENED = """
A 32/0 20/0 13/0 8/0 5/0 3/0
B 32/0 20/0 13/0 8/0 5/0 3/0
C 32/0 20/0 13/0 8/0 5/0 13/1
D 32/0 20/0 13/0 8/0 20/1 13/1
E 32/0 20/0 13/0 32/1 20/1 13/1
F 32/0 20/0 50/1 32/1 20/1 20/2
G 32/0 80/1 50/1 32/1 32/2 32/3
H 125/1 80/1 50/1 50/2 50/3 50/5
J 125/1 80/1 80/2 80/3 80/5 80/8
K 125/1 125/2 125/3 125/5 125/8 125/12
L 200/2 200/3 200/5 200/8 200/12 200/18
M 315/3 315/5 315/8 315/12 315/18 200/18
N 500/5 500/8 500/12 500/18 315/18 200/18
P 800/8 800/12 800/18 500/18 315/18 200/18
"""
CELLS = [
    pytest.param(severity, letter, aql, cell, id=f"{severity}-{letter}-{aql}")
    for severity, table in ((Severity.NORMAL, NORMAL), (Severity.TIGHTENED, TIGHTENED))
    for letter, *cells in (line.split() for line in table.split("\n") if line)
    for aql, cell in zip(AQLS[4:], cells, strict=True)
]


@pytest.mark.parametrize(("severity", "letter", "aql", "cell"), CELLS)
def test_a_plan_is_the_published_one(severity, letter, aql, cell):
    sample, acceptance = map(int, cell.split("/"))

    plan = iso_plan(LOTS[letter], aql=aql, severity=severity)

    assert (plan.sample, plan.acceptance) == (min(sample, LOTS[letter]), acceptance)
    assert SAMPLES[LETTERS.index(plan.letter)] == sample


@pytest.mark.parametrize(
    (
        "severity",
        "aql",
        "zeros",
        "then",
    ),  # acceptance numbers down a column, printed by AQLSchemes 1.7-2: so many letters with 0, then these
    [
        (Severity.NORMAL, 0.10, 11, [1, 1, 2, 3, 5]),
        (Severity.NORMAL, 0.15, 10, [1, 1, 2, 3, 5, 7]),
        (Severity.NORMAL, 0.25, 9, [1, 1, 2, 3, 5, 7, 10]),
        (Severity.NORMAL, 0.40, 8, [1, 1, 2, 3, 5, 7, 10, 14]),
        (Severity.TIGHTENED, 0.10, 11, [1, 1, 1, 2, 3]),
        (Severity.TIGHTENED, 0.15, 10, [1, 1, 1, 2, 3, 5]),
        (Severity.TIGHTENED, 0.25, 9, [1, 1, 1, 2, 3, 5, 8]),
        (Severity.TIGHTENED, 0.40, 8, [1, 1, 1, 2, 3, 5, 8, 12]),
    ],
)
def test_the_diagonal_holds_for_small_limits_too(severity, aql, zeros, then):
    tops = [*LOTS.values(), 500_001]

    column = [iso_plan(lot, aql=aql, severity=severity).acceptance for lot in tops]
    column.append(iso_plan(500_001, aql=aql, severity=severity, level=Level.III).acceptance)

    assert column == [0] * zeros + then


@pytest.mark.parametrize(("level", "letters"), [(Level.I, "AABCCDEFGHJKLM"), (Level.II, "ABCDEFGHJKLMNP"), (Level.III, "BCDEFGHJKLMNPQ")])
def test_a_code_letter_follows_lot_size_and_level(level, letters):
    assert "".join(code_letter(lot, level=level) for lot in LOTS.values()) == letters


def test_a_lot_smaller_than_its_sample_is_inspected_whole():
    plan = iso_plan(15, aql=0.65)

    assert plan.sample == 15 == plan.lot
    assert plan.inspects_everything
    assert plan.acceptance_probability([0.0, 1 / 15]).tolist() == [1.0, 0.0]


def test_a_limit_outside_the_series_is_refused_with_the_nearest():
    with pytest.raises(NoSuchPlan, match=r"nearest is 2\.5 %"):
        iso_plan(1000, aql=2.4)


@pytest.mark.parametrize("lot", [-1, 0, 1])
def test_a_lot_without_a_choice_is_refused(lot):
    with pytest.raises(NoSuchPlan, match="inspect it whole"):
        iso_plan(lot, aql=1.0)


@pytest.mark.parametrize(
    ("sample", "aql_to_rql"),
    [
        (80, {1: 4.8, 2: 6.5, 3: 8.2, 5: 11.3, 7: 14.3, 10: 18.6}),
        (125, {2: 4.2, 3: 5.3, 5: 7.3, 7: 9.2, 10: 12.1, 14: 15.7}),
        (200, {3: 3.3, 5: 4.6, 7: 5.8, 10: 7.6, 14: 9.9, 21: 13.8}),
        (315, {5: 2.9, 7: 3.7, 10: 4.9, 14: 6.3, 21: 8.8}),
        (500, {7: 2.3, 10: 3.1, 14: 4.0, 21: 5.6}),
    ],
)
def test_the_rejectable_quality_is_the_computed_one(sample, aql_to_rql):
    for acceptance, rql in aql_to_rql.items():
        assert SinglePlan(sample, acceptance).rejectable_quality() * 100 == pytest.approx(
            rql, abs=0.052
        )  # one published cell (315/10) is rounded up from 4.849


def test_the_tighter_acceptance_number_is_one_aql_step_down_the_same_row():
    assert iso_plan(3000, aql=2.5).tighter_acceptance == iso_plan(3000, aql=1.5).acceptance == 5
    assert iso_plan(3000, aql=0.65).tighter_acceptance == 1
    assert iso_plan(500, aql=0.65).tighter_acceptance is None


def test_tightened_inspection_never_accepts_more_often_than_normal():
    for lot in LOTS.values():
        for aql in AQLS:
            normal, tightened = (iso_plan(lot, aql=aql, severity=severity) for severity in Severity)

            assert tightened.acceptance_probability(aql / 100 * 2) <= normal.acceptance_probability(aql / 100 * 2) + 1e-12
