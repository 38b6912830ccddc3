"""Profile of a corpus: shares with intervals, lengths, duplicates, mixed text, personal data; files read row by row."""

import io
import json
import subprocess
import sys

import pytest

from isogloss.core.language.profiles import Lengths, Share, profile_rows
from isogloss.core.language.sources import SourceRow, UnreadableFile, read_texts


def some_rows():
    texts = [
        "Panitia akan mengumumkan hasilnya sebelum akhir bulan ini 😂",
        "The committee will publish its findings before the end of the month https://example.org",
        "The committee will publish its findings before the end of the month!",
        "the committee will  publish its findings before the end of the month!",
        "Der Ausschuss wird seine Ergebnisse noch vor Ende des Monats veröffentlichen, tel 0812-3456-7890",
        "12345",
    ]
    return [SourceRow(text, {"lang": "en"}) for text in texts] + [SourceRow("", {}, "line 7 is not JSON")]


@pytest.fixture(scope="module")
def found():
    return profile_rows(some_rows())


def test_languages_and_scripts_are_shares_of_the_rows(found):
    assert found.rows == 6
    assert found.problems == 1
    assert {name: share.count for name, share in found.languages.items()} == {"en": 3, "id": 1, "de": 1, "zxx": 1}
    assert {name: share.count for name, share in found.scripts.items()} == {"Latn": 5, "Zyyy": 1}


def test_duplicates_emoji_addresses_and_personal_data_are_counted(found):
    assert found.exact_duplicates.count == 1
    assert found.near_duplicates.count == 2
    assert (found.emoji.count, found.addresses.count, found.personal["phone"].count, found.personal["email"].count) == (1, 1, 1, 0)


def test_another_language_than_declared_is_counted_where_one_is_declared(found):
    assert (found.undeclared.count, found.undeclared.total) == (2, 5)


def test_the_profile_is_json(found):
    again = json.loads(json.dumps(found.as_dict()))

    assert again["languages"]["en"]["count"] == 3
    assert again["length_by_language"]["en"]["texts"] == 3


def test_mixed_text_is_named_by_its_pair():
    rows = [SourceRow("saya mau makan nasi goreng but the weather is very nice today", {})] * 3

    found = profile_rows(rows, languages=["id", "en"])

    assert (found.mixed.count, found.mixed.total, found.mixed_pairs) == (3, 3, {"en+id": 3})


def test_nothing_has_a_profile():
    found = profile_rows([])

    assert found.rows == 0
    assert found.exact_duplicates.share is None
    assert found.exact_duplicates.interval is None


def test_a_share_has_wilsons_interval():
    low, high = Share(8, 10).interval

    # statsmodels.stats.proportion.proportion_confint(8, 10, method="wilson") prints (0.4901624715366331, 0.9433178485456247)
    assert (low, high) == (pytest.approx(0.4901624715366331), pytest.approx(0.9433178485456247))


def test_lengths_are_kept_to_three_per_cent():
    lengths = Lengths()
    for length in range(1, 1001):
        lengths.add(length)

    assert lengths.quantile(0.5) == pytest.approx(500, rel=0.03)
    assert lengths.quantile(0.9) == pytest.approx(900, rel=0.03)
    assert (lengths.longest, Lengths().quantile(0.5)) == (1000, None)


@pytest.mark.parametrize(
    ("kind", "content", "texts"),
    [
        ("text", "satu\ndua\r\n\n", ["satu", "dua", ""]),
        ("csv", 'text,lang\n"a, b",id\nc,en\n', ["a, b", "c"]),
        ("tsv", "id\tcontent\n1\thalo\n", ["halo"]),
        ("jsonl", '{"text": "a"}\n"b"\n\n{"comment": "c"}\n', ["a", "b", "c"]),
        ("csv", "\ufefftext\nx\n", ["x"]),
    ],
)
def test_rows_are_read_from_every_format(kind, content, texts):
    assert [row.text for row in read_texts(io.BytesIO(content.encode()), kind=kind)] == texts


@pytest.mark.parametrize(
    ("kind", "content", "problem"),
    [
        ("jsonl", "{broken\n", "not JSON"),
        ("jsonl", "3\n", "neither an object nor a string"),
        ("jsonl", '{"a": 1}\n', "--column"),
        ("csv", "id,text\n1\n", "1 cells"),
        ("jsonl", "[" * 100_000 + "\n", "not JSON"),
    ],
)
def test_a_broken_row_comes_with_its_problem_and_the_others_go_on(kind, content, problem):
    good = {"jsonl": '{"text": "good"}\n', "csv": "2,good\n"}[kind]

    rows = list(read_texts(io.BytesIO((content + good).encode()), kind=kind))

    assert problem in rows[0].problem
    assert rows[-1].text == "good"


def test_a_table_whose_text_column_is_not_clear_asks_for_it():
    with pytest.raises(UnreadableFile, match="--column"):
        list(read_texts(io.BytesIO(b"a,b\n1,2\n"), kind="csv"))
    with pytest.raises(UnreadableFile, match="no column"):
        list(read_texts(io.BytesIO(b"a,b\n1,2\n"), kind="csv", column="c"))


def test_broken_bytes_are_replaced():
    assert [row.text for row in read_texts(io.BytesIO(b"caf\xe9\n"))] == ["caf\ufffd"]


@pytest.mark.prove
def test_memory_does_not_grow_with_the_rows():
    code = (
        "import random, resource, sys\n"
        "from isogloss.core.language.profiles import profile_rows\n"
        "from isogloss.core.language.sources import SourceRow\n"
        "words = 'the saya makan house und nicht para casa pergi today kita wir'.split()\n"
        "rng = random.Random(1)\n"
        "rows = (SourceRow(' '.join(rng.choice(words) for _ in range(8)) + str(n), {}) for n in range(int(sys.argv[1])))\n"
        "profile_rows(rows)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )

    small, large = (
        int(subprocess.run([sys.executable, "-c", code, str(rows)], capture_output=True, text=True, check=True).stdout)
        for rows in (20_000, 300_000)
    )

    # 8 bytes a row of hashes and the arrays of the clustering: a million rows stay within 200 MB of a thousand.
    assert (large - small) / 1024 < 60
