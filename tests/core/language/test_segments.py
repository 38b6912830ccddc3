"""Code-switching: tokens with offsets, languages along the text, figures of mixing."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.core.language.decoding import decode
from isogloss.core.language.segments import label_tokens, mixing, segments
from isogloss.core.language.taggers import Tagger, train_tagger
from isogloss.core.language.tokens import Kind, tokens


@given(st.text(max_size=80))
def test_tokens_are_the_text_at_their_offsets_in_order_without_overlap(text):
    found = tokens(text)

    assert all(text[token.start : token.end] == token.text for token in found)
    assert all(one.end <= two.start for one, two in itertools.pairwise(found))
    covered = {place for token in found for place in range(token.start, token.end)}
    assert all(text[place].isspace() or place in covered for place in range(len(text)))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://a.b/c?d", Kind.URL),
        ("a.b@example.org", Kind.URL),
        ("@budi", Kind.MENTION),
        ("👍🏽", Kind.EMOJI),
        ("3.500", Kind.NUMBER),
        ("kata", Kind.WORD),
        ("!", Kind.SIGN),
    ],
)
def test_what_no_language_owns_is_told_apart(text, kind):
    assert [token.kind for token in tokens(text)] == [kind]


def test_a_word_is_cut_where_its_script_changes_and_unspaced_scripts_in_windows():
    found = [(token.text, token.script) for token in tokens("helloПривет 你好世界朋友")]

    assert found == [("hello", "Latn"), ("Привет", "Cyrl"), ("你好世界", "Hani"), ("朋友", "Hani")]


def test_a_switched_text_is_cut_at_the_switch():
    text = "Aku wis mangan nang omah but I still feel so hungry right now https://t.co/x"

    found = [(part.language, text[part.start : part.end]) for part in segments(text, languages=["jv", "en"])]

    assert found == [("jv", "Aku wis mangan nang omah"), ("en", "but I still feel so hungry right now"), ("zxx", "https://t.co/x")]


def test_without_given_languages_the_scripts_bring_theirs():
    languages = {part.language for part in segments("Привет мир, как дела сегодня? This is a very nice day, 你好世界朋友们")}

    assert languages == {"ru", "en", "zh"}


def test_a_sure_stretch_has_more_confidence_than_a_word_of_both():
    labelled = label_tokens("saya tidak bisa makan karena sakit ok the weather is very nice today", languages=["id", "en"])

    by_word = {item.token.text: item.confidence for item in labelled}

    assert by_word["karena"] > by_word["ok"]
    assert by_word["weather"] > by_word["ok"]


def test_names_and_hyphenated_mixtures_are_marked():
    kinds = {item.token.text: item.token.kind for item in label_tokens("kemarin saya bertemu Anderson di kantor", languages=["id", "en"])}

    assert kinds["Anderson"] is Kind.NAME
    assert kinds["kemarin"] is Kind.WORD


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60))
def test_no_text_raises_and_segments_do_not_overlap(text):
    found = segments(text)

    assert all(one.end <= two.start for one, two in itertools.pairwise(found))
    assert all(0.0 <= part.confidence <= 1.0 for part in found)


def test_mixing_counts_words_and_switches():
    labelled = label_tokens("saya makan nasi the weather is nice", languages=["id", "en"])

    figures = mixing(labelled)

    assert (figures.words, figures.switches) == (7, 1)
    assert figures.index == pytest.approx(100 * (1 - 4 / 7))
    assert figures.shares == {"en": pytest.approx(4 / 7), "id": pytest.approx(3 / 7)}


def test_a_text_without_words_has_no_mixing_index():
    assert mixing(label_tokens("😂 123 !")).index is None


@given(st.integers(1, 5), st.integers(2, 3), st.integers(0, 2**32 - 1))
def test_the_path_and_its_probabilities_are_those_of_all_paths_tried_one_by_one(number, states, seed):
    rng = np.random.default_rng(seed)
    scores, steps = rng.normal(size=(number, states)), rng.normal(size=(states, states))

    path, chances = decode(scores, transitions=steps)

    every = list(itertools.product(range(states), repeat=number))
    weights = np.array(
        [
            sum(scores[place, state] for place, state in enumerate(way)) + sum(steps[one, two] for one, two in itertools.pairwise(way))
            for way in every
        ]
    )
    assert tuple(path.tolist()) == every[int(weights.argmax())]
    exact = np.exp(weights - weights.max())
    for place in range(number):
        for state in range(states):
            expected = sum(weight for way, weight in zip(every, exact, strict=True) if way[place] == state) / exact.sum()
            assert chances[place, state] == pytest.approx(expected)


def a_sentence(rng, *, switch=0.3):
    """Words of two invented languages that their letters tell apart, `el` common to both and of the language before it."""
    current, sentence = rng.integers(2), []
    for _ in range(8):
        current = 1 - current if rng.random() < switch else current
        stem = "".join(rng.choice(list("kztr" if current else "lmno"), 4))
        sentence.append((stem, "a" if current else "b"))
    return sentence


def test_a_tagger_learns_words_that_no_detector_knows():
    rng = np.random.default_rng(3)
    tagger = train_tagger([a_sentence(rng) for _ in range(60)], languages=["en", "id"])

    held = [a_sentence(rng) for _ in range(20)]

    right = [
        label == found
        for sentence in held
        for (_, label), found in zip(sentence, tagger.tag([word for word, _ in sentence])[0], strict=True)
    ]
    assert np.mean(right) > 0.9


def test_a_tagger_is_the_same_after_it_was_saved(tmp_path):
    rng = np.random.default_rng(4)
    tagger = train_tagger([a_sentence(rng) for _ in range(20)], languages=["en", "id"])

    tagger.save(tmp_path / "tagger.npz")

    words = [word for word, _ in a_sentence(rng)]
    assert Tagger.read(tmp_path / "tagger.npz").tag(words)[0] == tagger.tag(words)[0]
    assert tagger.tag([])[0] == []
