"""Spans by voting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core.inference.spans import Span, aggregate_spans

spans = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 10), st.sampled_from("AB")).map(lambda s: Span(s[0], s[0] + s[1], s[2])), max_size=5
)


def found(marked, **options):
    return [(voted.span.start, voted.span.end, voted.span.label) for voted in aggregate_spans(marked, **options)]


def test_what_most_people_mark_is_marked():
    marked = {"a": [Span(0, 5, "X")], "b": [Span(0, 5, "X")], "c": []}

    voted = aggregate_spans(marked)

    assert [(one.span, one.votes) for one in voted] == [(Span(0, 5, "X"), 2)]
    assert voted[0].confidence == pytest.approx(2 / 3)


def test_what_half_of_the_people_mark_is_not():
    assert found({"a": [Span(0, 5, "X")], "b": []}) == []


def test_edges_go_where_most_people_set_them():
    marked = {"a": [Span(2, 8, "X")], "b": [Span(2, 9, "X")], "c": [Span(1, 9, "X")]}

    assert found(marked) == [(2, 9, "X")]


def test_neighbours_that_people_kept_apart_stay_apart():
    apart = [Span(0, 4, "X"), Span(4, 9, "X")]

    assert found({"a": apart, "b": apart, "c": [Span(0, 9, "X")]}) == [(0, 4, "X"), (4, 9, "X")]


def test_neighbours_that_people_united_are_united():
    apart = [Span(0, 4, "X"), Span(4, 9, "X")]

    assert found({"a": apart, "b": [Span(0, 9, "X")], "c": [Span(0, 9, "X")]}) == [(0, 9, "X")]


def test_labels_vote_apart():
    marked = {"a": [Span(0, 5, "X"), Span(3, 7, "Y")], "b": [Span(0, 5, "X"), Span(3, 7, "Y")], "c": [Span(0, 5, "X")]}

    assert found(marked) == [(0, 5, "X"), (3, 7, "Y")]
    assert found(marked, exclusive=True) == [(0, 5, "X")]


def test_weights_outvote_numbers():
    marked = {"a": [Span(0, 5, "X")], "b": [], "c": []}

    assert found(marked, weights={"a": 3, "b": 1, "c": 1}) == [(0, 5, "X")]


def test_nobody_and_nothing_have_no_spans():
    assert aggregate_spans({}) == []
    assert aggregate_spans({"a": [], "b": []}) == []


def test_an_empty_span_is_refused():
    with pytest.raises(ValueError, match="end after its start"):
        Span(3, 3, "X")


@given(spans)
def test_people_of_one_mind_get_what_they_marked(marked):
    apart = [
        one
        for one in marked
        if all(one is other or one.label != other.label or one.end <= other.start or other.end <= one.start for other in marked)
    ]

    assert sorted(found({"a": apart, "b": apart, "c": apart})) == sorted({(one.start, one.end, one.label) for one in apart})


@given(spans, spans, spans)
def test_the_names_of_people_do_not_matter(one, two, three):
    assert found({"a": one, "b": two, "c": three}) == found({"x": three, "y": one, "z": two})
