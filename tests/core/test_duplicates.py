"""Duplicates: exact by normalised hash, near by MinHash, in any script, within and across batches."""

import os
import random
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core.duplicates import SIGNATURE, band_keys, clusters, exact_hash, signatures, similarity


def a_jaccard(one, two):
    """The exact similarity of the shingles, by Python sets."""
    first, second = ({f"  {text} "[place : place + 3] for place in range(len(text) + 1)} for text in (one, two))
    return len(first & second) / len(first | second)


@pytest.mark.parametrize(
    ("one", "two"), [("Hello  World", "hello world"), ("cafe\u0301", "café"), (" a\tb\n", "a b"), ("STRASSE", "straße")]
)
def test_what_a_reader_calls_the_same_text_has_one_hash(one, two):
    assert exact_hash(one) == exact_hash(two)


def test_a_hash_is_the_same_in_every_process():
    by_coreutils = bytes.fromhex("ff5c4c12caa619f5")  # printf 'halo dunia' | b2sum -l 64

    assert exact_hash("Halo dunia") == int.from_bytes(by_coreutils, "little", signed=True)


@given(st.text(), st.text())
def test_the_hash_fits_a_signed_64_bit_column(one, two):
    assert -(2**63) <= exact_hash(one + two) < 2**63


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            "Promo besar hari ini, gratis ongkir ke seluruh Indonesia! https://a.b/1",
            "Promo besar hari ini, gratis ongkir ke seluruh Indonesia!! https://c.d/2",
        ),
        ("这家店的服务非常好，下次还会再来的，强烈推荐给大家", "这家店的服务非常好，下次还会再来的，强烈推荐给大家！"),
        ("الخدمة ممتازة جدا وسوف اعود مرة اخرى ان شاء الله", "الخدمة ممتازة جدا وسوف اعود مرة اخرى ان شاء الله 😍"),
        ("ร้านนี้อาหารอร่อยมากบริการดีเยี่ยม", "ร้านนี้อาหารอร่อยมากบริการดีเยี่ยม!"),
    ],
)
def test_nearly_equal_texts_of_any_script_share_a_cluster(one, two):
    found = clusters([one, "something else entirely, about the weather in March", two])

    assert found.near.tolist() == [0, 1, 0]


def test_different_texts_of_one_language_stay_apart():
    texts = ["saya suka makan nasi goreng", "saya suka minum kopi hitam", "kami pergi ke pasar kemarin", "saya tidak suka hujan"]

    assert clusters(texts).near.tolist() == [0, 1, 2, 3]


def test_the_estimate_is_close_to_the_exact_similarity():
    rng = random.Random(4)
    letters = "abcdefghij"
    pairs = []
    for _ in range(200):
        text = "".join(rng.choice(letters) for _ in range(120))
        place = rng.randrange(len(text))
        pairs.append((text, text[:place] + "".join(rng.choice(letters) for _ in range(120 - place))))

    estimate = similarity(signatures([one for one, _ in pairs]), signatures([two for _, two in pairs]))

    exact = np.array([a_jaccard(one, two) for one, two in pairs])
    # The standard error of a share of 48 is at most .072; over 200 pairs the mean error is below .02.
    assert abs(float(np.mean(estimate - exact))) < 0.02
    assert float(np.sqrt(np.mean((estimate - exact) ** 2))) < 0.09


def test_pairs_that_are_alike_share_a_band_key():
    rows = signatures(["the quick brown fox jumps over the lazy dog today", "the quick brown fox jumps over the lazy dog today!"])

    one, two = band_keys(rows)

    assert set(one.tolist()) & set(two.tolist())


def test_a_later_batch_finds_its_place_in_the_earlier_one():
    earlier = ["breaking news about the election results tonight", "cats are better than dogs, everybody knows"]

    found = clusters(
        ["cats are better than dogs, everybody knows!", "a third thing altogether, unlike the rest"], known=signatures(earlier)
    )

    assert found.near.tolist() == [1, 3]


def test_a_chain_of_similar_texts_is_one_cluster():
    base = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    texts = [base, base.replace("one ", ""), base.replace("one ", "").replace(" fourteen", "")]

    assert clusters(texts, threshold=0.85).near.tolist() == [0, 0, 0]


def test_short_and_empty_texts_cluster_only_when_equal():
    found = clusters(["", "ok", "OK", "no", "🙂", "🙂", "\ud800"])

    assert found.near.tolist() == [0, 1, 1, 3, 4, 4, 6]
    assert found.exact_share == pytest.approx(2 / 7)


def test_nothing_gives_nothing():
    found = clusters([])

    assert found.near.tolist() == []
    assert found.near_share == 0.0
    assert signatures([]).shape == (0, SIGNATURE)


@given(st.lists(st.sampled_from(["aaa bbb ccc", "aaa bbb ccd", "xyz", "", "日本語のテキスト"]), max_size=12))
def test_a_cluster_is_named_by_its_first_text(texts):
    near = clusters(texts).near

    assert all(near[place] <= place and near[near[place]] == near[place] for place in range(len(texts)))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_worker_signs_texts_although_its_parent_did():
    script = (
        "import os\n"
        "from isogloss.core.duplicates import signatures\n"
        "texts = ['the same text again and again'] * 3000\n"
        "signatures(texts)\n"
        "child = os.fork()\n"
        "signatures(texts)\n"
        "if child: raise SystemExit(os.waitpid(child, 0)[1])\n"
    )

    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], timeout=60, check=False)

    assert done.returncode == 0
