"""Identification: known texts, odd texts, a project's languages, missing detectors."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.core.language import detectors, identification
from isogloss.core.language.cleaning import clean
from isogloss.core.language.identification import identify

SENTENCES = {
    "en": "The committee will publish its findings before the end of the month.",
    "de": "Der Ausschuss wird seine Ergebnisse noch vor Ende des Monats veröffentlichen.",
    "fr": "Le comité publiera ses conclusions avant la fin du mois.",
    "es": "El comité publicará sus conclusiones antes de que termine el mes.",
    "id": "Panitia akan mengumumkan hasilnya sebelum akhir bulan ini karena bisa berbeda.",
    "ms": "Jawatankuasa itu akan mengumumkan keputusannya sebelum akhir bulan kerana pihak kerajaan boleh menolak.",
    "jv": "Aku wis mangan sega karo kancaku ing omahe wong kuwi.",
    "su": "Abdi parantos tuang sareng babaturan di bumi jalma eta.",
    "vi": "Ủy ban sẽ công bố kết quả trước cuối tháng này.",
    "th": "คณะกรรมการจะประกาศผลก่อนสิ้นเดือนนี้",
    "ja": "委員会は月末までに結果を発表します。",
    "ko": "위원회는 이달 말까지 결과를 발표할 것이다.",
    "zh": "委员会将在月底之前公布调查结果。",
    "ar": "ستنشر اللجنة نتائجها قبل نهاية الشهر الجاري.",
    "hi": "समिति इस महीने के अंत से पहले अपने निष्कर्ष प्रकाशित करेगी।",
    "ru": "Комитет опубликует свои выводы до конца месяца.",
    "fil": "Ilalabas ng komite ang resulta bago matapos ang buwan na ito.",
    "yo": "Ìgbìmọ̀ náà yóò gbé àbájáde wọn jáde kí oṣù yìí tó parí.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_plain_sentence_is_named(language):
    answer = identify([SENTENCES[language]])[0]

    assert (answer.language, answer.outcome) == (language, "language")


def test_romanised_hindi_is_hindi():
    assert identify(["kya kar rahe ho yaar, mujhe nahi pata tum kahan ho"])[0].language == "hi"


def test_answers_come_in_the_order_of_the_texts_whatever_the_batch():
    texts = list(SENTENCES.values()) * 30

    one_by_one = [identify([text])[0].language for text in texts[: len(SENTENCES)]]
    together = [answer.language for answer in identify(texts)]

    assert together == one_by_one * 30


@pytest.mark.parametrize(
    "text", ["", " ", "🙂🙂🙂", "12345", "!!!", "https://example.org/a", "@someone", "a" * 1_000_000, "ㅋ" * 5000, "\u200d\ufe0f"]
)
def test_text_without_language_is_none(text):
    answer = identify([text])[0]

    assert (answer.language, answer.outcome) == ("zxx", "none")


@pytest.mark.parametrize(("text", "language"), [("ᱥᱟᱱᱛᱟᱲᱤ ᱯᱟᱹᱨᱥᱤ", "sat"), ("ꓡꓲ-ꓢꓴ ꓡꓲ", "lis"), ("𐌰𐍄𐍄𐌰 𐌿𐌽𐍃𐌰𐍂", "got")])
def test_a_script_of_one_language_names_it_where_no_detector_does(text, language):
    assert identify([text])[0].language == language


def test_a_script_that_nobody_knows_is_another_language_without_confidence():
    answer = identify(["𐀀𐀁𐀂𐀃 𐀄𐀅"])[0]

    assert answer.outcome == "other"
    assert answer.language == "und"
    assert answer.confidence <= 0.5


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=4))
def test_no_text_raises(texts):
    answers = identify(texts)

    assert len(answers) == len(texts)
    assert all(0.0 <= answer.confidence <= 1.0 for answer in answers)


@pytest.mark.parametrize(
    "text", ["\x00\x01\x02 hello there my friend", "\ud800 hello there my friend", "\ufdd0\ufffe hello there my friend"]
)
def test_control_characters_and_lone_surrogates_do_not_hide_the_language(text):
    assert identify([text])[0].language == "en"


def test_a_projects_languages_constrain_the_answer_and_keep_the_free_one():
    answer = identify(["dia pergi ke pasar dengan ibu"], languages=["ms", "en"])[0]

    assert answer.language == "ms"
    assert answer.free == "id"


def test_a_text_far_from_the_projects_languages_is_other():
    answer = identify([SENTENCES["fr"]], languages=["id", "jv"])[0]

    assert (answer.outcome, answer.language, answer.free) == ("other", "und", "fr")


def test_a_projects_answer_is_its_own_tag():
    answers = identify([SENTENCES["ar"], SENTENCES["en"]], languages=["ar-EG", "en-SG"])

    assert [answer.language for answer in answers] == ["ar-EG", "en-SG"]


def test_without_compiled_detectors_the_answers_remain(monkeypatch):
    langid = detectors.LangidDetector()
    monkeypatch.setattr(identification, "load_detectors", lambda: (langid,))
    monkeypatch.setattr(identification.fitting, "load_detectors", lambda: (langid,))
    identification._space.cache_clear()
    alone = identification.Identifier(None)
    identification._space.cache_clear()

    answers = list(alone.answers([SENTENCES["de"], SENTENCES["th"], SENTENCES["ru"]], wanted=None))

    assert [answer.language for answer in answers] == ["de", "th", "ru"]


def test_all_texts_walking_together_score_as_py3langid_scores_them_one_by_one():
    from py3langid.langid import LanguageIdentifier

    reference = LanguageIdentifier.from_model_file("data/model.npz.xz", norm_probs=True)
    texts = [clean(text) for text in SENTENCES.values()] + ["", "x", "ok lah"]

    ours = detectors.LangidDetector().votes(texts)

    for text, vote in zip(texts, ours, strict=True):
        merged: dict[str, float] = {}
        for label, chance in reference.rank(text):
            merged[detectors._tag(label)] = merged.get(detectors._tag(label), 0.0) + chance
        best = max((language for language in merged if language), key=merged.__getitem__)
        assert dict(vote)[best] == pytest.approx(merged[best], abs=0.005)


def test_importing_the_core_loads_no_detector_and_no_scipy():
    code = "import sys; import isogloss.core.language.identification; print([m for m in ('scipy','py3langid','pycld2','eldc','duckdb','langcodes','django') if m in sys.modules])"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"


def test_the_fitted_file_is_small_and_says_what_it_was_fitted_on():
    about = identification.fitting.load().about

    assert identification.fitting.FITTED.stat().st_size < 1_000_000
    assert about["command"].startswith("python benchmarks/")
    assert about["origins"]


@pytest.mark.shared
def test_development_rows_of_each_common_language_are_mostly_right():
    folder = Path(__file__).parents[4] / "shared" / "data" / "lid" / "ntrex" / "data.jsonl"
    if not folder.exists():
        pytest.skip("needs ../shared/data/lid")
    rows = [json.loads(line) for line in folder.read_text(encoding="utf-8").splitlines()][::40]

    answers = identify([row["text"] for row in rows])

    right = sum(answer.language == identification.tags.base(row["lang"]) for row, answer in zip(rows, answers, strict=True))
    assert right / len(rows) > 0.85


@pytest.mark.parametrize("character", ["a", "е", "字", "ก", "ㅋ", "🙂", "\u0301", "\x00"])
def test_a_megabyte_of_one_character_is_answered_at_once(character):
    begun = time.process_time()

    answer = identify([character * 1_000_000])[0]

    assert (answer.language, answer.outcome) == ("zxx", "none")
    assert time.process_time() - begun < 1.0


@pytest.mark.parametrize("code", [*range(0x20), *range(0x7F, 0xA0), 0x200E, 0xFEFF, 0xFFFE, 0xFFFF, 0xD800, 0xDFFF, 0xE0041])
def test_no_control_character_raises_or_hides_the_language(code):
    text = chr(code).join(["hello", "there", "my", "friend"])

    answers = identify([chr(code), text])

    assert answers[0].outcome == "none"
    assert answers[1].language == "en"


@pytest.mark.parametrize("text", ["𐀀𐀁𐀂𐀃 𐀄𐀅", "𒀀𒀁𒀂 𒀃𒀄", "𓀀𓀁𓀂𓀃", "ꆈꌠꁱꂷ"])
def test_a_script_that_no_detector_knows_gets_no_sure_answer_unless_one_language_owns_it(text):
    answer = identify([text])[0]

    assert answer.outcome in {"other", "none"} or answer.language in set(identification.scripts.SCRIPT_OF_LANGUAGE.values())
    assert answer.outcome != "language" or answer.confidence <= 0.9
