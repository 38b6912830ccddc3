"""Wald's sequential test against published tables, scipy and simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.core.sampling import Judgement, sequential_plan, sequential_risk

# Rates; h1, h2, s; sample of the fixed plan; expected inspections without truncation at p1, between, p2 (20 000 simulated runs).
PUBLISHED = [
    (0.01, 0.05, 1.364, 1.751, 0.0250, 132, (85, 113, 71)),
    (0.02, 0.06, 1.974, 2.535, 0.0365, 194, (110, 159, 103)),
    (0.025, 0.08, 1.843, 2.367, 0.0475, 130, (75, 109, 69)),
    (0.04, 0.10, 2.295, 2.947, 0.0658, 152, (83, 122, 80)),
    (0.05, 0.10, 3.013, 3.868, 0.0724, 233, (123, 191, 127)),
]


@pytest.mark.parametrize(("p1", "p2", "h1", "h2", "s", "fixed", "asn"), PUBLISHED)
def test_the_lines_are_walds(p1, p2, h1, h2, s, fixed, asn):  # noqa: PLR0917  a row of the table
    plan = sequential_plan(p1, rejectable=p2)

    assert (plan.accept_intercept, plan.reject_intercept) == pytest.approx((h1, h2), abs=6e-4)
    assert plan.slope == pytest.approx(s, abs=6e-5)
    assert plan.limit == -(-fixed * 3 // 2)


@pytest.mark.parametrize(("p1", "p2", "h1", "h2", "s", "fixed", "asn"), PUBLISHED)
def test_without_truncation_the_expected_inspections_are_the_simulated_ones(p1, p2, h1, h2, s, fixed, asn):  # noqa: PLR0917  a row of the table
    plan = sequential_plan(p1, rejectable=p2, limit=12 * fixed)

    risk = sequential_risk(plan, error_rates=[p1, (p1 + p2) / 2, p2])

    assert risk.inspections == pytest.approx(asn, rel=0.015)


@pytest.mark.parametrize(("p1", "p2", "h1", "h2", "s", "fixed", "asn"), PUBLISHED)
def test_the_truncated_plan_keeps_its_risks_and_saves_inspections(p1, p2, h1, h2, s, fixed, asn):  # noqa: PLR0917  a row of the table
    risk = sequential_risk(sequential_plan(p1, rejectable=p2), error_rates=[p1, (p1 + p2) / 2, p2])

    assert risk.acceptance[0] >= 0.95
    assert risk.acceptance[2] <= 0.11
    assert np.all(risk.inspections < [0.64 * fixed, 0.86 * fixed, 0.64 * fixed])


def test_the_exact_risk_is_what_judging_one_item_at_a_time_gives():
    plan, runs, rate = sequential_plan(0.05, rejectable=0.15), 3000, 0.08
    rng = np.random.default_rng(11)
    looked, accepted = [], 0
    for _ in range(runs):
        errors, inspected, said = 0, 0, Judgement.CONTINUE
        while said is Judgement.CONTINUE:
            inspected, errors = inspected + 1, errors + int(rng.random() < rate)
            said = plan.judge(inspected, errors=errors)
        looked.append(inspected)
        accepted += said is Judgement.ACCEPT

    risk = sequential_risk(plan, error_rates=[rate])

    assert accepted / runs == pytest.approx(risk.acceptance[0], abs=4 * 0.5 / runs**0.5)
    assert np.mean(looked) == pytest.approx(risk.inspections[0], abs=4 * np.std(looked) / runs**0.5)


@settings(deadline=None)
@given(st.floats(0.005, 0.2), st.floats(1.5, 6), st.integers(5, 300))
def test_a_truncated_plan_always_ends(acceptable, times, limit):
    plan = sequential_plan(acceptable, rejectable=min(0.9, acceptable * times), limit=limit)

    at_limit = {plan.judge(limit, errors=errors) for errors in range(limit + 1)}

    assert Judgement.CONTINUE not in at_limit


@settings(deadline=None)
@given(st.integers(1, 290), st.data())
def test_more_errors_never_turn_a_rejection_into_an_acceptance(inspected, data):
    plan = sequential_plan(0.02, rejectable=0.06)
    errors = data.draw(st.integers(0, inspected - 1))
    order = [Judgement.ACCEPT, Judgement.CONTINUE, Judgement.REJECT]

    fewer, more = plan.judge(inspected, errors=errors), plan.judge(inspected, errors=errors + 1)

    assert order.index(fewer) <= order.index(more)


def test_a_decision_that_the_limit_makes_certain_is_taken_at_once():
    plan = sequential_plan(0.02, rejectable=0.06)
    most = plan.acceptance_at_limit

    assert plan.judge(plan.limit - 1, errors=most - 1) is Judgement.ACCEPT
    assert plan.judge(plan.limit - 1, errors=most) is Judgement.CONTINUE
    assert plan.judge(plan.limit - 1, errors=most + 1) is Judgement.REJECT


def test_a_perfect_and_a_hopeless_lot_are_decided_surely():
    risk = sequential_risk(sequential_plan(0.02, rejectable=0.06), error_rates=[0.0, 1.0])

    assert risk.acceptance.tolist() == [1.0, 0.0]
    assert risk.inspections.tolist() == [55.0, 3.0]


@pytest.mark.parametrize(("inspected", "errors"), [(10, 11), (292, 0), (5, -1)])
def test_a_count_outside_the_plan_is_refused(inspected, errors):
    with pytest.raises(ValueError, match="cannot be judged"):
        sequential_plan(0.02, rejectable=0.06).judge(inspected, errors=errors)
