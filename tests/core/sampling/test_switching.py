"""The switching rules as an automaton."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.core.sampling import (
    LotResult,
    Severity,
    State,
    Stream,
    after_corrective_action,
    after_irregular_production,
    after_lot,
    after_lots,
    iso_plan,
    lot_result,
)

GOOD, BAD = LotResult(is_accepted=True, acceptance=1), LotResult(is_accepted=False, acceptance=1)
LOTS = {"+": GOOD, "-": BAD, "r": LotResult(is_accepted=False, acceptance=1, is_resubmitted=True)}


def after(history, *, start=Stream()):  # noqa: B008  a frozen value
    return after_lots(start, lots=[LOTS[sign] for sign in history])


@pytest.mark.parametrize(
    ("history", "state"),
    [
        ("", State.NORMAL),
        ("-", State.NORMAL),
        ("--", State.TIGHTENED),
        ("-+++-", State.TIGHTENED),
        ("-++++-", State.NORMAL),
        ("-rrr+", State.NORMAL),
        ("--+++++", State.NORMAL),
        ("--++++", State.TIGHTENED),
        ("--++++-++++", State.TIGHTENED),
        ("--++++-+++++", State.NORMAL),
        ("-------", State.DISCONTINUED),
        ("------", State.TIGHTENED),
        ("--+-+-+-+-+-", State.DISCONTINUED),
        ("-------+++++", State.DISCONTINUED),
        ("--+++++-", State.NORMAL),
    ],
)
def test_a_history_leads_to_its_state(history, state):
    assert after(history).state is state


def test_rejections_while_tightened_are_forgotten_after_a_return_to_normal():
    stream = after("--" + "----" + "+++++" + "--" + "----")

    assert stream.state is State.TIGHTENED
    assert stream.rejected_while_tightened == 4


def test_a_discontinued_stream_starts_again_tightened_after_corrective_action():
    stream = after("-------")
    assert stream.severity is None

    restarted = after_corrective_action(stream)

    assert restarted == Stream(State.TIGHTENED)
    assert restarted.severity is Severity.TIGHTENED


@pytest.mark.parametrize("history", ["", "--"])
def test_corrective_action_relaxes_nothing_else(history):
    assert after_corrective_action(after(history)) == after(history)


def test_the_score_grows_by_two_for_small_acceptance_numbers_and_falls_to_nothing():
    assert after("+++").score == 6
    assert after("+++-").score == 0


def test_the_score_asks_for_one_step_tighter_from_acceptance_number_two():
    plan = iso_plan(3000, aql=2.5)  # accepts 7, one step tighter 5

    scores = [after_lot(Stream(score=9), lot=lot_result(plan, errors=errors)).score for errors in (5, 6, 8)]

    assert scores == [12, 0, 0]


def test_ten_clean_lots_of_a_large_plan_earn_reduction():
    clean = lot_result(iso_plan(3000, aql=2.5), errors=0)

    nine, ten = after_lots(Stream(), lots=[clean] * 9), after_lots(Stream(), lots=[clean] * 10)

    assert not nine.has_earned_reduction
    assert ten.has_earned_reduction


def test_irregular_production_costs_the_score_and_relaxes_nothing():
    assert after_irregular_production(after("+++")).score == 0
    assert after_irregular_production(after("--")).state is State.TIGHTENED


@settings(deadline=None)
@given(st.text(alphabet="+-r", max_size=40), st.text(alphabet="+-r", max_size=40))
def test_a_state_is_all_that_the_history_leaves(first, second):
    assert after(second, start=after(first)) == after(first + second)


@settings(deadline=None)
@given(st.text(alphabet="+-", max_size=60))
def test_resubmitted_lots_never_count(history):
    assert after("r".join(history) + "r") == after(history)
