"""The panel chooses what suits the question and says what it means."""

import numpy as np
import pytest

from isogloss.core.agreement import QuestionType, Ratings, Spans, Verdict, panel, spans_panel, text_similarity
from tests.core.agreement.makers import NO_INTERVAL, a_crowd, a_table

TABLES = {
    QuestionType.CHOICE: ([["a", "a"], ["b", "a"], ["b", "b"]], "Krippendorff's alpha, nominal"),
    QuestionType.CHOICES: ([[{"a"}, {"a", "b"}], [{"b"}, {"b"}]], "Krippendorff's alpha, sets"),
    QuestionType.ORDERED_CHOICE: ([[1, 2], [3, 3], [2, 2]], "Krippendorff's alpha, ordinal"),
    QuestionType.RATING: ([[1, 2], [3, 3], [2, 2]], "Krippendorff's alpha, interval"),
    QuestionType.TEXT: ([["good day", "good morning"], ["yes", "yes"]], "similarity of wording (chrF1)"),
    QuestionType.RANKING: ([[("a", "b"), ("b", "a")], [("a", "b"), ("a", "b")]], "Kendall's W, mean over items"),
}


@pytest.mark.parametrize("question", list(TABLES))
def test_each_question_gets_its_statistic(question):
    rows, method = TABLES[question]

    found = panel(a_table(rows), question=question)

    assert found.headline.method == method
    assert found.headline.is_defined
    assert found.sentence.lower().startswith(f"{method.lower()} is ")


def test_spans_get_f1_and_alpha_for_unitising():
    spans = Spans.from_columns(document=[0, 0, 1, 1], worker=[0, 1] * 2, start=[0, 1, 2, 2], end=[5, 5, 6, 6], lengths={0: 20, 1: 20})

    found = spans_panel(spans, languages=["sw", "am"])

    assert [found.headline.method, *(other.method for other in found.others)] == [
        "pairwise partial F1",
        "pairwise exact F1",
        "Krippendorff's alpha for unitising",
    ]
    assert [row.key for row in found.by_language] == ["sw", "am"]
    assert found.verdict is Verdict.DESCRIPTIVE
    assert "over 2 documents and 4 spans of 2 people" in found.sentence


@pytest.mark.parametrize(("noise", "verdict"), [(0.02, Verdict.RELIABLE), (0.14, Verdict.TENTATIVE), (0.6, Verdict.LOW)])
def test_the_verdict_follows_the_customary_thresholds(noise, verdict):
    found = panel(a_crowd(seed=1, items=2000, noise=noise), question=QuestionType.CHOICE, bootstrap=NO_INTERVAL)

    assert found.verdict is verdict


def test_a_rare_label_is_told_with_the_agreement_on_it():
    ratings = a_crowd(seed=2, items=800, people=2, labels=2, noise=0.08, prevalence=[0.96, 0.04])

    found = panel(ratings, question=QuestionType.CHOICE)

    assert found.verdict is Verdict.LOW
    assert found.others[0].value > 0.9
    assert "which lowers the figure: if labels were even, as many agreeing pairs would give 0.8" in found.sentence
    assert f"Judge by agreement on the rare labels instead: 1 {found.positive[1].estimate.told(digits=2)}" in found.sentence


@pytest.mark.parametrize("question", [QuestionType.CHOICES, QuestionType.ORDERED_CHOICE, QuestionType.RATING])
def test_the_most_frequent_label_is_told(question):
    rows, _ = TABLES[question]

    found = panel(a_table(rows), question=question, bootstrap=NO_INTERVAL)

    most = found.prevalence[0]
    assert f"The most frequent label, {most.label!r}, is in {most.share:.0%} of the answers." in found.sentence


def test_balanced_labels_are_told_to_be_no_excuse():
    found = panel(a_crowd(seed=2, items=100), question=QuestionType.CHOICE)

    assert "prevalence hardly lowers the figure" in found.sentence


def test_an_interval_across_a_threshold_is_told():
    found = panel(a_crowd(seed=3, items=60, noise=0.14), question=QuestionType.CHOICE)

    assert found.headline.low < 0.8 < found.headline.high
    assert "crosses" in found.sentence


def test_an_undefined_headline_is_told_with_its_reason():
    found = panel(a_table([["a", "a"], ["a", "a"]]), question=QuestionType.CHOICE)

    assert found.verdict is Verdict.UNDEFINED
    assert found.sentence == f"Krippendorff's alpha, nominal is undefined: {found.headline.reason}."


def test_prevalence_adds_up_and_starts_with_the_most_frequent():
    found = panel(a_crowd(seed=4, items=100, prevalence=[0.1, 0.7, 0.2]), question=QuestionType.CHOICE)

    assert sum(row.share for row in found.prevalence) == pytest.approx(1)
    assert found.prevalence[0].label == 1


def test_a_panel_of_sets_tells_each_member():
    found = panel(a_table([[{"a"}, {"a", "b"}], [{"b"}, {"b"}]]), question=QuestionType.CHOICES, bootstrap=NO_INTERVAL)

    assert [(row.label, row.share) for row in found.prevalence] == [("b", 0.75), ("a", 0.5)]
    assert [(row.key, row.estimate.value) for row in found.positive] == [("a", 1), ("b", pytest.approx(2 / 3))]
    assert [row.key for row in found.by_label] == ["a", "b"]


def test_a_panel_has_each_language_and_each_label():
    ratings = a_crowd(seed=5, items=40)
    spoken = np.where(ratings.item < 20, "sw", "am")
    mixed = Ratings.from_columns(item=ratings.item, worker=ratings.person, label=ratings.label, language=spoken)

    found = panel(mixed, question=QuestionType.CHOICE)

    assert [row.key for row in found.by_language] == ["sw", "am"]
    assert [row.key for row in found.by_label] == [row.key for row in found.positive] == [0, 1, 2]


@pytest.mark.parametrize(("one", "other", "alike"), [("same words", "same  words", 1), ("abc", "xyz", 0), ("", "", 1), ("", "a", 0)])
def test_wording_is_compared_by_characters(one, other, alike):
    found = text_similarity(a_table([[one, other]]), bootstrap=NO_INTERVAL)

    assert found.value == alike
