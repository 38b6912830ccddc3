"""Shift-share: an identity, whatever the groups."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.core.control import Share, shift_share

shares = st.integers(0, 50).flatmap(lambda of: st.builds(Share, st.integers(0, of), st.just(of)))
periods = st.dictionaries(st.sampled_from("abcdef"), shares, max_size=6)


@settings(deadline=None)
@given(periods, periods)
def test_the_parts_sum_to_the_change(before, after):
    split = shift_share(before, after=after)

    if split.before is None or split.after is None:
        assert split.reason
    else:
        assert split.change == pytest.approx(split.after - split.before, abs=1e-12)
        assert split.rate + split.mix + split.interaction == pytest.approx(split.change, abs=1e-12)


def test_a_change_of_rate_alone_is_all_rate():
    split = shift_share({"en": Share(90, 100), "my": Share(80, 100)}, after={"en": Share(90, 100), "my": Share(60, 100)})

    assert (split.rate, split.mix, split.interaction) == pytest.approx((-0.1, 0, 0))


def test_a_change_of_mix_alone_is_all_mix():
    split = shift_share({"en": Share(90, 100), "my": Share(60, 100)}, after={"en": Share(45, 50), "my": Share(90, 150)})

    assert (split.rate, split.mix, split.interaction) == pytest.approx((0, -0.075, 0))


@pytest.mark.parametrize("turned", [False, True])
def test_a_group_of_one_period_is_mix_alone(turned):
    with_it, without = {"en": Share(90, 100), "my": Share(30, 50)}, {"en": Share(90, 100)}

    split = shift_share(with_it, after=without) if turned else shift_share(without, after=with_it)

    assert (split.rate, split.interaction) == (0, 0)
    assert split.mix == pytest.approx(0.1 if turned else -0.1)


def test_the_largest_contribution_comes_first():
    split = shift_share({"a": Share(9, 10), "b": Share(9, 10)}, after={"a": Share(8, 10), "b": Share(2, 10)})

    assert [part.group for part in split.contributions] == ["b", "a"]


@pytest.mark.parametrize(
    ("before", "after", "which"), [({}, {"a": Share(1, 2)}, "first"), ({"a": Share(1, 2)}, {"a": Share(0, 0)}, "second")]
)
def test_an_empty_period_is_undefined_with_a_reason(before, after, which):
    assert f"The {which} period" in shift_share(before, after=after).reason


def test_more_right_answers_than_answers_are_refused():
    with pytest.raises(ValueError, match="3 right of 2"):
        shift_share({"a": Share(3, 2)}, after={"a": Share(1, 2)})
