"""Languages that share most of their words: what only one of them has decides, whatever a biased voice says."""

from collections import Counter
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core.language import tags, twins
from isogloss.core.language.identification import identify

MALAY_CHAT = [
    "korang nak pergi mana petang ni",
    "aku tak reti la benda ni, kena tanya cikgu kot",
    "dah seminggu tak jumpa member, jom lepak mamak",
]
INDONESIAN_CHAT = [
    "kalian mau ke mana sih sore ini",
    "gue gak ngerti deh, harus nanya dosen kayaknya",
    "udah seminggu gak ketemu temen, yuk nongkrong",
]
shares = st.floats(0, 0.5)


class HearsIndonesianEverywhere:
    """A workspace's model that met chat in Indonesian only."""

    languages = frozenset({"id", "ms", "en"})

    def votes(self, texts):
        return [(("id", 0.97), ("ms", 0.02)) for _ in texts], np.ones(len(texts), dtype=np.float32)

    def table(self, labels):
        return None


def test_each_word_speaks_for_one_language_of_its_pair_once():
    pair, seen = "", Counter()
    for line in (files("isogloss.core.language") / "twins.txt").read_text(encoding="utf-8").splitlines():
        tag, *rest = line.split()
        if tag == "pair":
            pair = " ".join(rest)
        elif tag != "#":
            assert tag in pair.split()
            assert rest[0] in {"1", "2", "3"}
            seen.update((pair, word) for word in rest[1:])

    assert {count for _, count in seen.most_common()} == {1}
    assert len(seen) > 1000


@pytest.mark.parametrize("pair", twins.pairs(), ids=lambda pair: f"{pair.first}-{pair.second}")
def test_the_two_of_a_pair_are_languages(pair):
    assert [tags.base(pair.first), tags.base(pair.second)] == [pair.first, pair.second]


@pytest.mark.parametrize("model", [None, HearsIndonesianEverywhere()], ids=["alone", "with a biased model"])
def test_chat_is_told_by_its_words(model):
    assert [answer.language for answer in identify(MALAY_CHAT, model=model)] == ["ms"] * 3
    assert [answer.language for answer in identify(INDONESIAN_CHAT, model=model)] == ["id"] * 3


def test_without_the_lists_a_biased_model_has_its_way(monkeypatch):
    monkeypatch.setattr(twins, "share", lambda first, second, *, lean: (first, second))

    assert "id" in {answer.language for answer in identify(MALAY_CHAT, model=HearsIndonesianEverywhere())}


def test_the_words_decide_within_a_projects_languages_too():
    (answer,) = identify(MALAY_CHAT[:1], languages=["id", "ms-MY"], model=HearsIndonesianEverywhere())

    assert answer.language == "ms-MY"


def test_dari_is_told_from_persian():
    texts = ["محصلین پوهنتون کابل در شفاخانه تداوی شدند.", "دانشجویان دانشگاه تهران در بیمارستان درمان شدند."]

    assert [answer.language for answer in identify(texts)] == ["prs", "fa"]


@given(shares, shares, st.floats(-7, 7))
def test_a_share_moves_only_between_the_two(first, second, lean):
    now = twins.share(first, second, lean=lean)

    assert sum(now) == pytest.approx(first + second)
    assert min(now) >= 0


@given(shares, shares)
def test_where_no_word_tells_nothing_moves(first, second):
    assert twins.share(first, second, lean=0.0) == (first, second)
