"""Where a statistic has no value it says why, and nothing is ever NaN."""

import pytest

from isogloss.core.agreement import (
    Level,
    Ratings,
    Spans,
    cohen_kappa,
    exact_f1,
    fleiss_kappa,
    gwet_ac1,
    kendall_w,
    krippendorff_alpha,
    negative_agreement,
    partial_f1,
    percent_agreement,
    positive_agreement,
    scott_pi,
    text_similarity,
    unitising_alpha,
)
from isogloss.core.tables import BadTable
from tests.core.agreement.makers import a_crowd, a_table


@pytest.mark.parametrize("measure", [krippendorff_alpha, fleiss_kappa, gwet_ac1, percent_agreement, kendall_w, text_similarity])
def test_one_person_alone_cannot_agree(measure):
    found = measure(a_table([["a"], ["b"]]))

    assert (found.value, found.low, found.high) == (None, None, None)
    assert "only one person answered" in found.reason


@pytest.mark.parametrize("measure", [krippendorff_alpha, fleiss_kappa, gwet_ac1, percent_agreement])
def test_people_without_a_common_item_cannot_agree(measure):
    found = measure(a_table([["a", None], [None, "b"]]))

    assert found.value is None
    assert "no item has two answers" in found.reason


@pytest.mark.parametrize("measure", [krippendorff_alpha, fleiss_kappa, cohen_kappa, scott_pi, gwet_ac1])
def test_a_single_label_leaves_no_room_for_chance(measure):
    found = measure(a_table([["yes", "yes"], ["yes", "yes"]]))

    assert found.value is None
    assert "'yes'" in found.reason


def test_ac1_has_a_value_for_a_single_label_when_others_are_declared():
    found = gwet_ac1(a_table([["yes", "yes"]] * 3, labels=["yes", "no"]))

    assert found.value == 1


@pytest.mark.parametrize("level", list(Level))
def test_alpha_of_a_single_label_is_undefined_at_every_level(level):
    found = krippendorff_alpha(a_table([[3, 3], [3, 3]], labels=[1, 3]), level=level)

    assert found.value is None


@pytest.mark.parametrize("measure", [cohen_kappa, scott_pi])
def test_three_people_are_no_pair(measure):
    found = measure(a_crowd(seed=1, items=10, people=3))

    assert found.value is None
    assert "name two of them" in found.reason


def test_a_pair_without_common_items_is_told():
    ratings = a_table([["a", None, "b"], [None, "b", "a"]])

    found = cohen_kappa(ratings, pair=(0, 1))

    assert found.value is None
    assert "no item in common" in found.reason


def test_positive_agreement_on_a_label_that_nobody_gave():
    found = positive_agreement(a_table([["a", "a"]], labels=["a", "b"]), label="b")

    assert found.value is None
    assert "nobody gave 'b'" in found.reason


def test_negative_agreement_on_a_label_that_everybody_gave():
    found = negative_agreement(a_table([["a", "a"]], labels=["a", "b"]), label="a")

    assert found.value is None
    assert "everybody always gave 'a'" in found.reason


def test_a_label_that_does_not_exist_is_refused():
    with pytest.raises(BadTable, match="'c' is not one of the labels: a, b"):
        positive_agreement(a_table([["a", "b"]]), label="c")


def test_rankings_of_one_option_have_no_order():
    found = kendall_w(a_table([[("a",), ("a",)]]))

    assert found.value is None
    assert "not tied" in found.reason


def test_rankings_of_different_options_are_refused():
    with pytest.raises(BadTable, match="same options"):
        kendall_w(a_table([[("a", "b"), ("a", "c")]]))


def test_words_are_refused_where_numbers_are_needed():
    with pytest.raises(BadTable, match="must be numbers"):
        krippendorff_alpha(a_table([["good", "bad"]]), level=Level.INTERVAL)


def test_negative_numbers_are_refused_on_a_ratio_scale():
    with pytest.raises(BadTable, match="choose 'interval'"):
        krippendorff_alpha(a_table([[-1, 2]]), level=Level.RATIO)


@pytest.mark.parametrize("measure", [exact_f1, partial_f1, unitising_alpha])
def test_documents_that_nobody_marked_have_no_f1(measure):
    spans = Spans.from_columns(document=[], worker=[], start=[], end=[], answered=[("d", "ana"), ("d", "ben")], lengths={"d": 10})

    found = measure(spans)

    assert found.value is None
    assert "marked" in found.reason


@pytest.mark.parametrize("measure", [exact_f1, partial_f1, unitising_alpha])
def test_a_document_of_one_person_does_not_count(measure):
    spans = Spans.from_columns(document=["d"], worker=["ana"], start=[0], end=[3], lengths={"d": 10})

    found = measure(spans)

    assert found.value is None
    assert "no document has two people" in found.reason


def test_alpha_for_unitising_needs_lengths():
    spans = Spans.from_columns(document=["d", "d"], worker=["ana", "ben"], start=[0, 0], end=[3, 3])

    found = unitising_alpha(spans)

    assert found.value is None
    assert "lengths" in found.reason


def test_repeated_answers_do_not_agree_with_themselves():
    ratings = Ratings.from_columns(item=["a"] * 2, worker=["ana"] * 2, label=["x", "x"])

    found = percent_agreement(ratings)

    assert found.value is None
    assert ratings.n_repeats == 1
