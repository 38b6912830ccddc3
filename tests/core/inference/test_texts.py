"""The medoid of free texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core.inference.texts import choose_texts, chrf, medoid


def test_the_text_most_like_the_others_is_chosen():
    chosen = medoid(["The cat sat on the mat.", "The cat sat on a mat.", "Dogs bark."])

    assert chosen.position in {0, 1}
    assert chosen.score is not None


def test_of_equal_texts_the_first_is_chosen_without_a_tie():
    chosen = medoid(["same", "same", "other"])

    assert (chosen.position, chosen.tied) == (0, False)


def test_two_different_texts_tie():
    assert medoid(["left", "right"]).tied


def test_a_single_text_has_no_score():
    assert medoid(["alone"]).score is None


def test_reliable_people_weigh_more():
    texts = ["the red house", "the red houses", "a blue boat", "a blue boats"]

    assert medoid(texts, weights=[1, 1, 0.1, 0.1]).position in {0, 1}
    assert medoid(texts, weights=[0.1, 0.1, 1, 1]).position in {2, 3}


def test_the_first_text_of_a_person_on_an_item_counts():
    chosen = choose_texts(item=["i", "i", "i"], worker=["a", "a", "b"], text=["one", "two", "one"])

    assert (chosen["i"].text, chosen["i"].score) == ("one", pytest.approx(100))


def test_no_texts_are_refused():
    with pytest.raises(ValueError, match="no texts"):
        medoid([])


@given(st.text(max_size=30), st.text(max_size=30))
def test_chrf_lies_between_0_and_100_and_is_100_for_itself(one, other):
    assert 0 <= chrf(one, reference=other) <= 100 + 1e-9
    assert chrf(one, reference=one) == pytest.approx(100)
