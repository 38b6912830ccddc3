"""What each kind of question accepts, and how a refusal reads."""

import time
import timeit

import pytest

from isogloss.guidelines.schemas import AnswerProblem, compile_schema
from tests.guidelines.schemas.makers import a_schema, a_span, paths_of, problems_of

SPANS = "{id: s, kind: spans, labels: [PER, LOC], overlap: OVERLAP, attributes: [{id: n, labels: [x, y], required: false}]}"


def a_spans_schema(*, overlap: str = "none"):
    return a_schema(SPANS.replace("OVERLAP", overlap))


def test_a_refusal_names_question_path_and_reason():
    schema = a_schema("{id: mood, kind: choice, labels: [good, bad]}")

    found = compile_schema(schema).problems({"mood": "awful"}, content={"text": "x"})

    assert found == [AnswerProblem("mood", "mood", '"awful" is not one of the labels')]


def test_a_required_question_must_be_answered_and_an_optional_one_need_not():
    schema = a_schema("{id: a, kind: choice, labels: [x]}", "{id: b, kind: text, required: false}")

    assert problems_of(schema, {}) == [("a", "an answer is missing")]


def test_marking_nothing_is_an_answer():
    schema = a_schema(
        "{id: s, kind: spans, labels: [x]}",
        "{id: r, kind: relations, labels: [x], spans: s}",
        "{id: e, kind: errors, categories: [x], score: false}",
    )

    assert problems_of(schema, {}) == []
    assert problems_of(schema, {"s": [], "r": [], "e": {"errors": []}}) == []


def test_the_score_of_a_translation_is_not_left_out():
    schema = a_schema("{id: e, kind: errors, categories: [x]}")

    assert paths_of(schema, {}) == ["e"]
    assert paths_of(schema, {"e": {"errors": []}}) == ["e.score"]


def test_an_answer_to_no_question_is_refused():
    schema = a_schema("{id: a, kind: choice, labels: [x]}")

    assert problems_of(schema, {"a": "x", "b": 1}) == [("b", 'there is no question "b"')]


@pytest.mark.parametrize("answers", [None, [], "a", 3])
def test_answers_are_a_mapping(answers):
    schema = a_schema("{id: a, kind: choice, labels: [x]}")

    assert problems_of(schema, answers) == [("", "answers are a mapping from question ids to values")]


def test_a_hidden_question_holds_no_answer():
    schema = a_schema("{id: a, kind: choice, labels: [x, y]}", "{id: b, kind: rating, show_when: {question: a, is: x}}")

    assert problems_of(schema, {"a": "y"}) == []
    assert paths_of(schema, {"a": "x"}) == ["b"]
    assert problems_of(schema, {"a": "y", "b": 3}) == [("b", "is hidden by the other answers: leave it out")]


def test_what_waits_for_a_hidden_question_is_hidden_with_it():
    schema = a_schema(
        "{id: a, kind: choice, labels: [x, y]}",
        "{id: b, kind: rating, show_when: {question: a, is: x}}",
        "{id: c, kind: choice, labels: [z], show_when: {question: b, is: [1]}}",
    )

    assert paths_of(schema, {"a": "x", "b": 1}) == ["c"]
    assert paths_of(schema, {"a": "y", "b": 1, "c": "z"}) == ["b", "c"]
    assert compile_schema(schema).shown_questions({"a": "y", "b": 1, "c": "z"}) == ["a"]


@pytest.mark.parametrize(
    ("parent", "wanted", "answer", "is_shown"),
    [
        ("{id: p, kind: choices, labels: [x, y]}", "y", ["x", "y"], True),
        ("{id: p, kind: choices, labels: [x, y]}", "y", ["x"], False),
        ("{id: p, kind: tree, labels: [{value: x, labels: [y]}]}", "x", ["x", "y"], True),
        ("{id: p, kind: tree, labels: [{value: x, labels: [y]}]}", "y", ["x"], False),
        ("{id: p, kind: rating}", "[1, 2]", 2, True),
        ("{id: p, kind: rating}", "[1, 2]", 3, False),
        ("{id: p, kind: language, allow: [mixed, none]}", "mixed", {"mixed": ["id", "en"]}, True),
        ("{id: p, kind: language, allow: [mixed, none]}", "[mixed, zh-Hant]", {"tag": "zh-hant"}, True),
        ("{id: p, kind: language, allow: [mixed, none]}", "mixed", {"none": True}, False),
        ("{id: p, kind: pairwise, a: source, b: target}", "tie", {"preferred": "tie"}, True),
        ("{id: p, kind: pairwise, a: source, b: target}", "tie", {"preferred": "a"}, False),
    ],
)
def test_a_condition_is_held_against_what_was_chosen(parent, wanted, answer, is_shown):
    schema = a_schema(parent, f"{{id: q, kind: text, show_when: {{question: p, is: {wanted}}}}}")

    assert paths_of(schema, {"p": answer}) == (["q"] if is_shown else [])


def test_choices_come_once_each_in_the_order_of_the_schema():
    schema = a_schema("{id: c, kind: choices, labels: [x, y, z], max: 2}")

    assert problems_of(schema, {"c": ["x", "z"]}) == []
    assert problems_of(schema, {"c": ["z", "x"]}) == [("c", "give each label once, in the order of the schema")]
    assert problems_of(schema, {"c": ["x", "x"]}) == [("c", "give each label once, in the order of the schema")]
    assert problems_of(schema, {"c": []}) == [("c", "0 labels chosen; 1 to 2 are wanted")]
    assert paths_of(schema, {"c": ["x", "w", 3]}) == ["c[1]", "c[2]"]


def test_a_step_of_a_slider_survives_binary_fractions():
    schema = a_schema("{id: s, kind: slider, min: 0, max: 1, step: 0.1}")

    assert [problems_of(schema, {"s": step / 10}) for step in range(11)] == [[]] * 11
    assert problems_of(schema, {"s": 0.25}) == [("s", "0.25 is between two steps of 0.1")]


@pytest.mark.parametrize(
    "text", ["Hello  World", "HELLO WORLD", "hello\nworld!", "«hello, world»", "ｈｅｌｌｏ world", "hello world\u3002"]
)
def test_a_copy_in_other_dress_is_a_copy(text):
    schema = a_schema("{id: t, kind: text, not_copy_of: text}")

    assert problems_of(schema, {"t": text}) == [("t", 'repeats "text": write it in your own words or language')]


@pytest.mark.parametrize(("original", "text"), [("กา", "กี"), ("hello world", "hallo world"), ("😀", "😁"), ("...", "…")])
def test_another_text_is_no_copy(original, text):
    schema = a_schema("{id: t, kind: text, not_copy_of: text}")

    assert problems_of(schema, {"t": text}, text=original) == []


def test_length_is_counted_in_code_points():
    schema = a_schema("{id: t, kind: text, min_length: 3, max_length: 7}")

    assert problems_of(schema, {"t": "👨‍👩‍👧‍👦"}) == []
    assert problems_of(schema, {"t": "👨‍👩‍👧‍👦!"}) == [("t", "longer than 7 characters")]
    assert problems_of(schema, {"t": "ab"}) == [("t", "write at least 3 characters")]


@pytest.mark.parametrize("tag", ["jv", "zh-Hant", "id", "no"])
def test_languages_and_listed_varieties_are_always_accepted(tag):
    schema = a_schema("{id: l, kind: language, tags: [pt-BR]}")

    assert problems_of(schema, {"l": {"tag": tag}}) == []
    assert problems_of(schema, {"l": {"tag": "PT-br"}}) == []


@pytest.mark.parametrize("tag", ["ar-EG", "es-419", "sl-rozaj-biske-1994", "de-CH-1996", "zh-cmn-Hans-CN", "ja-x-osaka"])
def test_a_variety_is_accepted_where_varieties_are_asked_for(tag):
    assert problems_of(a_schema("{id: l, kind: language, allow: [variety]}"), {"l": {"tag": tag}}) == []
    assert "names a variety" in problems_of(a_schema("{id: l, kind: language}"), {"l": {"tag": tag}})[0][1]


@pytest.mark.parametrize("tag", ["", "j", "english", "jv_ID", "jv-", "-jv", "zh--Hant", "id-ID-ID", "１２", "x-", "en-a", "jv\n"])
def test_what_has_not_the_form_of_a_tag_is_refused(tag):
    schema = a_schema("{id: l, kind: language, allow: [variety]}")

    assert paths_of(schema, {"l": {"tag": tag}}) == ["l.tag"]


def test_a_mixture_names_each_language_once():
    schema = a_schema("{id: l, kind: language, allow: [mixed]}")

    assert problems_of(schema, {"l": {"mixed": ["jv", "id"]}}) == []
    assert problems_of(schema, {"l": {"mixed": ["jv", "JV"]}}) == [("l.mixed", "names a language twice")]
    assert paths_of(schema, {"l": {"mixed": ["jv", "?"]}}) == ["l.mixed[1]"]
    assert problems_of(schema, {"l": {"none": True}}) == [("l", "give exactly one of: mixed, tag")]


def test_offsets_count_code_points_of_the_text():
    schema = a_spans_schema()

    assert problems_of(schema, {"s": [a_span(0, 7)]}, text="👨‍👩‍👧‍👦") == []
    assert problems_of(schema, {"s": [a_span(0, 8)]}, text="👨‍👩‍👧‍👦") == [("s[0]", "ends at 8, but the text has 7 code points")]


@pytest.mark.parametrize("content", [{"text": None}, {"text": 5}, {"text": ["hello"]}])
def test_a_span_in_an_item_without_text_is_refused(content):
    schema = a_spans_schema()

    assert paths_of(schema, {"s": [a_span(0, 1)]}, **content) == ["s[0]"]
    assert problems_of(schema, {"s": []}, **content) == []


@pytest.mark.parametrize(
    ("spans", "none", "nest", "allow"),
    [
        ([(0, 3), (3, 5)], True, True, True),
        ([(0, 5), (1, 3)], False, True, True),
        ([(0, 5), (0, 3)], False, True, True),
        ([(0, 3), (0, 5)], False, True, True),
        ([(0, 5), (3, 5)], False, True, True),
        ([(0, 4), (2, 6)], False, False, True),
        ([(0, 8), (1, 4), (2, 6)], False, False, True),
        ([(0, 8), (1, 3), (3, 6), (4, 5)], False, True, True),
    ],
)
def test_spans_keep_to_the_overlap_policy(spans, none, nest, allow):
    answers = {"s": [a_span(start, end) for start, end in spans]}

    fits = [problems_of(a_spans_schema(overlap=policy), answers) == [] for policy in ("none", "nest", "allow")]

    assert fits == [none, nest, allow]


def test_one_extent_may_have_two_labels_but_not_one_label_twice():
    schema = a_spans_schema(overlap="nest")

    assert problems_of(schema, {"s": [a_span(0, 3, "PER"), a_span(0, 3, "LOC")]}) == []
    assert problems_of(schema, {"s": [a_span(0, 3), a_span(0, 3, id="other")]}) == [("s", "two spans have one extent and label")]
    assert problems_of(schema, {"s": [a_span(0, 3, id="x"), a_span(4, 5, id="x")]}) == [("s", "two spans have one id")]


def test_spans_are_sorted_by_their_start():
    found = problems_of(a_spans_schema(), {"s": [a_span(4, 5), a_span(0, 3)]})

    assert found == [("s[1]", "starts before the one above it: sort by start")]


def test_attributes_have_known_values_and_required_ones_are_there():
    schema = a_schema("{id: s, kind: spans, labels: [PER], attributes: [{id: n, labels: [x]}, {id: m, labels: [y], required: false}]}")

    assert problems_of(schema, {"s": [a_span(0, 1, attributes={"n": "x"})]}) == []
    assert problems_of(schema, {"s": [a_span(0, 1)]}) == [("s[0].attributes", '"n" is missing')]
    assert paths_of(schema, {"s": [a_span(0, 1, attributes={"n": "y", "k": 1})]}) == ["s[0].attributes", "s[0].attributes.n"]


def test_relations_link_two_spans_that_are_there():
    schema = a_schema("{id: s, kind: spans, labels: [PER]}", "{id: r, kind: relations, labels: [same], spans: s}")
    spans = [a_span(0, 1, id="a"), a_span(2, 3, id="b")]

    def found(*relations):
        return paths_of(schema, {"s": spans, "r": [dict(zip(("from", "to", "label"), one, strict=True)) for one in relations]})

    assert found(("a", "b", "same"), ("b", "a", "same")) == []
    assert found(("a", "c", "same")) == ["r[0].to"]
    assert found(("a", "a", "same")) == ["r[0]"]
    assert found(("a", "b", "other")) == ["r[0].label"]
    assert found(("a", "b", "same"), ("a", "b", "same")) == ["r"]


def test_errors_are_measured_on_their_own_side():
    schema = a_schema("{id: e, kind: errors, categories: [x], score: false}")

    def an_error(side, end):
        return {"e": {"errors": [{"side": side, "start": 0, "end": end, "category": "x", "severity": "minor"}]}}

    assert problems_of(schema, an_error("source", 8), source="12345678", target="1") == []
    assert problems_of(schema, an_error("target", 2), source="12345678", target="1") == [
        ("e.errors[0]", "ends at 2, but the text has 1 code points")
    ]
    assert paths_of(schema, {"e": {"errors": [], "score": 5}}) == ["e"]


def test_a_preference_has_a_strength_unless_it_is_a_tie():
    schema = a_schema("{id: p, kind: pairwise, a: source, b: target, strengths: 3, reason: optional}")

    assert problems_of(schema, {"p": {"preferred": "a", "strength": 3}}) == []
    assert problems_of(schema, {"p": {"preferred": "tie", "reason": "both fail"}}) == []
    assert paths_of(schema, {"p": {"preferred": "a"}}) == ["p.strength"]
    assert paths_of(schema, {"p": {"preferred": "tie", "strength": 1}}) == ["p.strength"]


def test_a_reason_is_given_where_one_is_required():
    schema = a_schema("{id: p, kind: pairwise, a: source, b: target, reason: required, tie: false}")

    assert paths_of(schema, {"p": {"preferred": "a"}}) == ["p.reason"]
    assert paths_of(schema, {"p": {"preferred": "tie", "reason": "r"}}) == ["p.preferred"]


def test_a_ranking_places_every_option_once():
    schema = a_schema("{id: r, kind: ranking, options: [a, b, c]}")

    assert problems_of(schema, {"r": [["b"], ["a", "c"]]}) == []
    assert problems_of(schema, {"r": [["b"], ["a"]]}) == [("r", "rank every option exactly once")]
    assert problems_of(schema, {"r": [["b", "a"], ["a", "c"]]}) == [("r", "rank every option exactly once")]
    assert problems_of(schema, {"r": ["b", "a", "c"]}) == [("r", "a list of lists is wanted, best first")]


def test_without_the_content_what_depends_on_it_is_not_checked():
    schema = a_schema("{id: s, kind: spans, labels: [PER]}", "{id: t, kind: text, not_copy_of: text}")

    assert compile_schema(schema).problems({"s": [a_span(0, 99)], "t": "hello"}, content=None) == []


def test_a_flood_of_problems_is_cut():
    schema = a_spans_schema()

    found = problems_of(schema, {"s": [a_span(-1, 0)] * 20_000})

    assert len(found) < 50


def test_a_choice_is_checked_within_thirty_microseconds():
    compiled = compile_schema(a_schema("{id: mood, kind: choice, labels: [good, bad]}"))
    answers, content = {"mood": "good"}, {"text": "x"}

    best = min(timeit.repeat(lambda: compiled.problems(answers, content=content), timer=time.process_time, number=1_000, repeat=7)) / 1_000

    assert best < 30e-6


def test_two_thousand_nested_spans_are_checked_within_a_hundred_milliseconds():
    compiled = compile_schema(a_spans_schema(overlap="nest"))
    answers = {"s": [a_span(index, 10_000 - index) for index in range(2_000)]}

    best = min(
        timeit.repeat(lambda: compiled.problems(answers, content={"text": "x" * 10_000}), timer=time.process_time, number=1, repeat=5)
    )

    assert compiled.problems(answers, content={"text": "x" * 10_000}) == []
    assert best < 0.1


@pytest.mark.parametrize("strength", [1, 2])
def test_every_strength_that_is_offered_is_accepted(strength):
    schema = a_schema("{id: p, kind: pairwise, a: source, b: target, strengths: 2}")

    assert problems_of(schema, {"p": {"preferred": "b", "strength": strength}}) == []
    assert paths_of(schema, {"p": {"preferred": "b"}}) == ["p.strength"]


def test_a_mixture_has_two_to_ten_languages():
    schema = a_schema("{id: l, kind: language, allow: [mixed]}")
    tags = ["ar", "de", "en", "fr", "hi", "id", "ja", "ko", "ms", "th", "vi"]

    assert [paths_of(schema, {"l": {"mixed": tags[:count]}}) for count in (1, 2, 10, 11)] == [["l.mixed"], [], [], ["l.mixed"]]


def test_an_exclusive_label_stands_alone():
    schema = a_schema("{id: about, kind: choices, labels: [product, price, {value: none, exclusive: true}]}")

    assert problems_of(schema, {"about": ["none"]}) == []
    assert problems_of(schema, {"about": ["product", "price"]}) == []
    assert problems_of(schema, {"about": ["product", "none"]}) == [("about", '"none" stands alone: choose it or the others')]
