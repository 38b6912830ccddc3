"""A workspace's own model: trained the same from the same rows, judged by language, switched on and back."""

import json
import random
from datetime import UTC, datetime

import numpy as np
import pytest

from isogloss.core.language.classifiers import Settings, train
from isogloss.core.language.gates import f1, judge
from isogloss.core.language.identification import identify
from isogloss.core.language.models import FastTextMissing, WorkspaceModel
from isogloss.core.language.ngrams import Hashing, hashed
from isogloss.core.language.registry import NoSuchModel, Registry
from isogloss.core.language.training import Example, TooFewExamples, Training, train_model

SMALL = Training(settings=Settings(hashing=Hashing(buckets=1 << 12, longest=3), size=16, epochs=4), folds=2, source_groups=2)


def some_examples(*, number=60, seed=1, sources=("batch 1", "batch 2")):
    """Texts of Indonesian and of an invented language that no detector knows (tagged with Ainu's tag)."""
    rng = random.Random(seed)
    indonesian = [
        "saya",
        "kamu",
        "dia",
        "makan",
        "minum",
        "pergi",
        "rumah",
        "pasar",
        "kemarin",
        "besok",
        "karena",
        "tidak",
        "bisa",
        "sudah",
        "akan",
        "dengan",
        "nasi",
        "air",
    ]
    invented = ["".join(rng.choice("bcdfghjklmnprstvwz") + rng.choice("aeiou") for _ in range(3)) for _ in range(40)]
    rows = []
    for place in range(number):
        for tag, words in (("id", indonesian), ("ain", invented)):
            rows.append(Example(" ".join(rng.choice(words) for _ in range(6)), tag, sources[place % len(sources)]))
    return rows


@pytest.fixture(scope="module")
def trained():
    return train_model(some_examples(), training=SMALL)


def test_a_model_names_a_language_that_no_detector_knows(trained):
    texts = [example.text for example in some_examples(seed=1) if example.language == "ain"][:20]

    before = [answer.language for answer in identify(texts)]
    after = [answer.language for answer in identify(texts, model=trained.model)]

    assert before.count("ain") == 0
    assert after.count("ain") >= 15


def test_other_languages_are_still_named_beside_a_model_that_does_not_know_them(trained):
    texts = [
        "Der Ausschuss wird seine Ergebnisse noch vor Ende des Monats veröffentlichen.",
        "คณะกรรมการจะประกาศผลก่อนสิ้นเดือนนี้",
        "Комитет опубликует свои выводы до конца месяца.",
    ]

    assert [answer.language for answer in identify(texts, model=trained.model)] == ["de", "th", "ru"]


def test_the_same_rows_and_seed_give_the_same_model(trained):
    again = train_model(some_examples(), training=SMALL)

    assert np.array_equal(again.model.classifier.vectors, trained.model.classifier.vectors)
    assert again.manifest == trained.manifest


def test_a_model_is_the_same_after_it_was_saved(trained, tmp_path):
    trained.model.save(tmp_path / "model.npz")
    read = WorkspaceModel.read(tmp_path / "model.npz")

    texts = [example.text for example in some_examples(number=10)]
    before, _ = trained.model.votes(texts)
    after, _ = read.votes(texts)

    assert [vote[0][0] for vote in after] == [vote[0][0] for vote in before]
    assert read.languages == {"id", "ain"}


def test_the_manifest_says_what_was_learned_from_and_how_it_was_judged(trained):
    manifest = trained.manifest

    assert manifest["rows"] == 120
    assert manifest["rows_by_language"] == {"ain": 60, "id": 60}
    assert manifest["rows_by_source"] == {"batch 1": 60, "batch 2": 60}
    assert set(manifest["gate"]["accuracy"]) == {"random", "source"}
    json.dumps(manifest)


def test_too_little_to_learn_from_is_said():
    with pytest.raises(TooFewExamples, match="two languages"):
        train_model([Example("satu dua tiga", "id", "a")] * 50, training=SMALL)


def a_gate(*, live, candidate, rows=60, taught=True):
    gold = ["id"] * rows + ["ms"] * rows
    now = ["id"] * rows + ["ms"] * live + ["id"] * (rows - live)
    new = ["id"] * rows + ["ms"] * candidate + ["id"] * (rows - candidate)
    return judge(
        gold,
        now=now,
        answers={"random": new},
        taught={"random": [taught] * len(gold)},
        sources=["a"] * len(gold),
        least_rows=50,
        tolerance=0.02,
    )


def test_the_gate_refuses_a_model_with_which_a_language_loses():
    gate = a_gate(live=50, candidate=40)

    assert not gate.passes
    assert gate.losers[0].language == "ms"


def test_the_gate_passes_a_loss_within_the_tolerance_and_a_gain():
    assert a_gate(live=50, candidate=49).passes
    assert a_gate(live=30, candidate=50).passes


def test_a_language_with_few_rows_is_shown_but_not_judged():
    gate = a_gate(live=40, candidate=10, rows=49)

    assert gate.passes
    assert {row.language for row in gate.rows} == {"id", "ms"}


def test_a_source_that_alone_has_a_language_judges_nothing_about_it():
    assert a_gate(live=50, candidate=0, taught=False).rows == ()


def test_f1_is_scikit_learns():
    from sklearn.metrics import f1_score

    rng = random.Random(2)
    gold, answers = ([rng.choice(["id", "ms", "jv"]) for _ in range(200)] for _ in range(2))

    for language in ("id", "ms", "jv"):
        assert f1(gold, answers, language=language) == pytest.approx(f1_score(gold, answers, labels=[language], average="macro"))


def test_models_are_switched_on_and_back(trained, tmp_path):
    registry = Registry(tmp_path)
    for name in ("one", "two"):
        registry.add(trained.model, name=name, manifest=trained.manifest, card="# card")

    registry.activate("one")
    registry.activate("two")

    assert [(entry.name, entry.is_active) for entry in registry.entries()] == [("one", False), ("two", True)]
    assert registry.back() == "one"
    assert registry.active_model().languages == {"id", "ain"}
    assert registry.back() is None
    assert registry.active_model() is None
    with pytest.raises(NoSuchModel, match="none to go back from"):
        registry.back()


def test_a_model_that_is_not_there_is_named_with_those_that_are(tmp_path):
    with pytest.raises(NoSuchModel, match="none yet"):
        Registry(tmp_path).activate("x")


def test_a_fasttext_file_without_its_library_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "fasttext", None)
    (tmp_path / "lid.ftz").write_bytes(b"x")

    with pytest.raises(FastTextMissing, match="pip install"):
        Registry(tmp_path).bring(tmp_path / "lid.ftz", now=datetime(2026, 1, 1, tzinfo=UTC))


def test_a_fasttext_file_votes_with_languages(tmp_path, monkeypatch):
    class Reader:
        @staticmethod
        def load_model(path):
            return Reader()

        def get_labels(self):
            return ["__label__ind_Latn", "__label__zsm_Latn", "__label__zho_Hans", "__label__zho_Hant"]

        def predict(self, text, k):
            return ["__label__zho_Hans", "__label__zho_Hant", "__label__ind_Latn"], [0.5, 0.3, 0.1]

    monkeypatch.setitem(__import__("sys").modules, "fasttext", Reader)
    (tmp_path / "glotlid.bin").write_bytes(b"x")
    registry = Registry(tmp_path)
    registry.activate(registry.bring(tmp_path / "glotlid.bin", now=datetime(2026, 1, 1, tzinfo=UTC)))

    model = registry.active_model()

    assert model.languages == {"id", "ms", "zh"}
    assert model.votes(["…"])[0] == [(("zh", 0.8), ("id", 0.1))]
    assert identify(["这是一个句子，我们在这里。"], model=model)[0].language == "zh"


def test_ngrams_do_not_join_words_and_depend_on_the_text_alone():
    hashing = Hashing(buckets=1 << 16, longest=3, words=False)

    one = hashed(["ab cd"], hashing=hashing)
    other = hashed(["xx", "ab cd", "yyyy"], hashing=hashing)[1]

    assert (one != other).nnz == 0
    # Framed “ ab ” and “ cd ”: 2 single letters, 3 pairs and 2 triples each; nothing across the space.
    assert one.indices.size == 14


def test_a_classifier_learns_what_its_rows_say():
    texts, labels = ["aaa aba", "aab baa", "zzz zyz", "yzz zzy"] * 10, ["x", "x", "y", "y"] * 10

    model = train(texts, labels, settings=Settings(hashing=Hashing(buckets=1 << 10, longest=2), size=8, epochs=20, batch=8))

    chances, familiar = model.probabilities(["aba", "zyz", "ქართული"])
    assert [model.labels[place] for place in chances.argmax(axis=1)[:2]] == ["x", "y"]
    assert familiar[0] > 0.9
    assert familiar[2] < 0.2
