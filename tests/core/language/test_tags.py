"""Tags: one spelling each, what covers what, and the three levels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core.language.tags import UnknownTag, base, covers, macro, normalise

TAGS = st.sampled_from(
    [
        "ar",
        "arz",
        "ar-EG",
        "ar-x-maghreb",
        "ary",
        "id",
        "ms",
        "zlm",
        "zh",
        "zh-Hans",
        "zh-TW",
        "yue",
        "en",
        "en-SG",
        "nb",
        "no",
        "sr-Latn",
        "und",
    ]
)


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("EN-us", "en-US"),
        ("zh_cn", "zh-Hans-CN"),
        ("zh-TW", "zh-Hant-TW"),
        ("cmn-Hans", "zh-Hans"),
        ("in", "id"),
        ("iw", "he"),
        ("tl", "fil"),
        ("jw", "jv"),
        ("zsm", "ms"),
        ("arb", "ar"),
        ("ajp", "apc"),
        ("eng", "en"),
        ("nb", "nb"),
        ("zlm", "zlm"),
        ("ar-x-maghreb", "ar-x-maghreb"),
        ("und", "und"),
    ],
)
def test_a_tag_has_one_spelling(written, tag):
    assert normalise(written) == tag


@pytest.mark.parametrize("written", ["", "english", "a", "en--US", "xyzq", "sh-", "x-foo", "🙂", "id,ms"])
def test_what_is_no_tag_is_refused_with_an_example(written):
    with pytest.raises(UnknownTag, match="BCP-47"):
        normalise(written)


@pytest.mark.parametrize(
    ("broad", "narrow"),
    [
        ("ar", "arz"),
        ("ar", "ar-EG"),
        ("ar", "ar-x-maghreb"),
        ("ar-x-maghreb", "ary"),
        ("arz", "ar-EG"),
        ("zh", "zh-TW"),
        ("zh-Hans", "zh-CN"),
        ("no", "nb"),
        ("en", "en-SG"),
        ("ms", "zlm"),
    ],
)
def test_a_competence_covers_what_is_narrower(broad, narrow):
    assert covers(broad, narrow)
    assert not covers(narrow, broad)


@pytest.mark.parametrize(
    ("one", "two"),
    [("ms", "id"), ("ms", "min"), ("zh", "yue"), ("zh-Hans", "zh-TW"), ("id", "jv"), ("hr", "sr"), ("ar", "und"), ("und", "ar")],
)
def test_languages_that_the_registry_puts_together_but_readers_do_not_are_apart(one, two):
    assert not covers(one, two)


@given(TAGS)
def test_a_tag_covers_itself_and_its_spelling_is_stable(tag):
    assert covers(tag, tag)
    assert normalise(normalise(tag)) == normalise(tag)


@given(TAGS, TAGS, TAGS)
def test_covering_goes_on_from_narrow_to_narrower(one, two, three):
    if covers(one, two) and covers(two, three):
        assert covers(one, three)


def test_language_variety_and_macro_language_are_three_levels():
    assert (normalise("arz-EG"), base("arz-EG"), macro("arz-EG")) == ("arz-EG", "arz", "ar")
    assert (base("zh-Hant-TW"), macro("yue"), macro("id"), macro("hr")) == ("zh", "zh", "id", "sh")
