"""A schema that cannot be used is refused with line, path and what to do, and quickly."""

import time

import pytest

from isogloss.guidelines.schemas import SchemaErrors, parse_schema
from tests.guidelines.schemas.makers import DISPLAYS, a_schema, the_problems


def test_a_problem_names_line_column_and_path():
    source = "questions:\n  - id: mood\n    kind: choice\n    labels:\n      - {value: a, colour: red}\n"

    (problem,) = the_problems(source)

    assert (problem.line, problem.column, problem.path) == (5, 28, "questions[0].labels[0].colour")
    assert problem.message == 'a whole number is wanted here, not "red"'


def test_all_problems_are_told_at_once_in_order():
    source = "questions:\n  - {id: a, kind: choice, lables: [x]}\n  - {id: b, kind: chioce}\n  - {id: 3, kind: text}\n"

    problems = the_problems(source)

    assert [(problem.line, problem.path) for problem in problems] == [
        (2, "questions[0]"),
        (2, "questions[0].lables"),
        (3, "questions[1].kind"),
        (4, "questions[2].id"),
    ]


def test_the_error_can_be_read_as_a_text():
    with pytest.raises(SchemaErrors, match=r"^line 1, column 13: questions\[0\]: \"kind\" is missing"):
        parse_schema("questions: [{id: a}]")


@pytest.mark.parametrize(
    ("question", "path", "message"),
    [
        ("{id: a, kind: choic, labels: [x]}", ".kind", 'did you mean "choice"?'),
        ("{id: a, kind: choice, lables: [x], labels: [x]}", ".lables", 'did you mean "labels"?'),
        ("{id: a, kind: choice, labels: [x], id: b}", ".id", "written twice"),
        ("{id: a, kind: choice, labels: [x, y, x]}", ".labels[2].value", '"x" is in questions[0].labels[0] already'),
        ('{id: a, kind: choice, labels: ["\u00e9", "e\u0301"]}', ".labels[1].value", "already"),
        ("{id: a, kind: choice, labels: []}", ".labels", "has 0 entries; 1 to 2000 are wanted"),
        ("{id: a, kind: choice}", "", '"labels" is missing'),
        ("{id: a, kind: choice, labels: x}", ".labels", "a list is wanted here"),
        ("{id: a, kind: choice, labels: [{name: x}]}", ".labels[0]", '"value" is missing'),
        ("{id: a, kind: choice, labels: ['a|b']}", ".labels[0].value", "without |"),
        ("{id: a, kind: choice, labels: [[x]]}", ".labels[0]", "a mapping is wanted here"),
        ("{id: a, kind: choice, labels: [{value: x, hint: praise, and blame}]}", ".labels[0].and blame", "put that text in quotes"),
        ("{id: a, kind: choice, labels: [x], required: maybe}", ".required", "true or false is wanted"),
        ("{id: a b, kind: text}", ".id", "is not an id"),
        ("{id: a, kind: tree, labels: [a/b]}", ".labels[0].value", "without | and /"),
        ("{id: a, kind: choices, labels: [x, y], max: 3}", ".max", "more than the 2 labels"),
        ("{id: a, kind: choices, labels: [x, y], min: 2, max: 1}", ".min", "above max, which is 1"),
        ("{id: a, kind: rating, min: 5, max: 5}", ".max", "not above min"),
        ("{id: a, kind: rating, max: 11}", ".max", "11 is outside 1 to 10"),
        ("{id: a, kind: rating, min: 1.5}", ".min", 'a whole number is wanted here, not "1.5"'),
        ('{id: a, kind: rating, min: "1"}', ".min", "a whole number is wanted"),
        ("{id: a, kind: rating, names: [x, y]}", ".names", "has 2 names for the 5 steps from 1 to 5"),
        ("{id: a, kind: rating, options: [9]}", ".options[0].value", "is none of: 1, 2, 3, 4, 5"),
        ("{id: a, kind: slider, step: 30}", ".step", "does not divide the range from 0 to 100"),
        ("{id: a, kind: slider, min: .inf}", ".min", "a number is wanted"),
        ("{id: a, kind: slider, min: 3, max: 2}", ".max", "not above min"),
        ("{id: a, kind: text, min_length: 9, max_length: 3}", ".min_length", "above max_length, which is 3"),
        ("{id: a, kind: text, not_copy_of: sorce}", ".not_copy_of", 'did you mean "source"?'),
        ("{id: a, kind: text, language: english language}", ".language", "is not a language tag"),
        ("{id: a, kind: text, language: englishlanguage}", ".language", "does not have the form of a language tag"),
        ("{id: a, kind: language, tags: [jv, JV]}", ".tags[1]", "already"),
        ("{id: a, kind: language, allow: [verity]}", ".allow[0]", 'did you mean "variety"?'),
        ("{id: a, kind: spans, labels: [x], field: txt}", ".field", 'did you mean "text"?'),
        ("{id: a, kind: spans, labels: [x], attributes: [{id: n, labels: [x]}, {id: n, labels: [x]}]}", ".attributes[1].id", "already"),
        ("{id: a, kind: relations, labels: [x], spans: b}", ".spans", "no earlier question of kind spans"),
        ("{id: a, kind: errors, categories: [x], source: target}", ".target", "same field as the source"),
        ("{id: a, kind: pairwise, a: source, b: source}", ".b", "same field as a"),
        ("{id: a, kind: pairwise, a: source, b: target, tie: false, options: [tie]}", ".options[0].value", '"tie" is none of: a, b'),
        ("{id: a, kind: ranking, options: [x]}", "", "1 options to rank; 2 to 50 are wanted"),
        ("{id: a, kind: text, guideline: mixed}", ".guideline", "is not an anchor like #mixed"),
        ("{id: a, kind: text, prompt: {a: b}}", ".prompt", "a text is wanted here, not a mapping"),
        ('{id: a, kind: text, prompt: "a\\0b"}', ".prompt", "holds a control character"),
        ("{id: a, kind: text, show_when: {question: b, is: x}}", ".show_when.question", 'there is no question "b"'),
        ("{id: a, kind: text, show_when: {question: a, is: x}}", ".show_when.question", "comes later"),
        ("{id: a, kind: text, show_when: {question: b}}", ".show_when", '"is" is missing'),
    ],
)
def test_a_wrong_question_is_refused_with_its_path(question, path, message):
    problems = the_problems(f"{DISPLAYS}questions:\n  - {question}\n")

    assert [problem.path for problem in problems] == [f"questions[0]{path}"]
    assert message in problems[0].message
    assert problems[0].line == 6


def test_two_questions_with_one_id_are_refused():
    (problem,) = the_problems("questions: [{id: a, kind: text}, {id: a, kind: text}]")

    assert problem.path == "questions[1].id"


@pytest.mark.parametrize(
    ("condition", "path", "message"),
    [
        ("{question: c, is: [z]}", ".is[0]", '"z" is no answer to "c"'),
        ("{question: r, is: [3, 6]}", ".is[1]", '"6" is no answer to "r"'),
        ("{question: n, is: x}", ".question", "of kind text, whose answers cannot be waited for"),
        ("{question: l, is: [mixed, none]}", ".is[1]", '"none" is no answer to "l"'),
    ],
)
def test_a_condition_can_only_wait_for_a_possible_answer(condition, path, message):
    earlier = "{id: c, kind: choice, labels: [x, y]}, {id: r, kind: rating}, {id: n, kind: text}, {id: l, kind: language, allow: [mixed]}"

    (problem,) = the_problems(f"questions: [{earlier}, {{id: last, kind: text, show_when: {condition}}}]")

    assert problem.path == f"questions[4].show_when{path}"
    assert message in problem.message


def test_a_condition_on_a_language_may_name_any_language():
    schema = a_schema("{id: l, kind: language}", "{id: t, kind: text, show_when: {question: l, is: ZH-hant}}")

    assert schema.document["questions"][1]["show_when"]["is"] == ["zh-Hant"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "the schema is empty"),
        ("# only a comment\n", "the schema is empty"),
        ("- a\n", "a mapping is wanted here"),
        ("questions", "a mapping is wanted here"),
        ("schema: 2\nquestions: [{id: a, kind: text}]", "2 is outside 1 to 1"),
        ("questions: []", "has 0 entries; 1 to 100 are wanted"),
        ("displays: []\nquestions: [{id: a, kind: text}]", "has 0 entries"),
        ("questions: [{id: a, kind: text}]\n---\nb: c\n", "a second document begins here"),
        ("questions: [", "not readable as YAML"),
        ("questions:\n\t- id: a", "not readable as YAML"),
        ("questions: \x07", "not readable as YAML"),
        ("questions: \0", "a NUL or half of a surrogate pair"),
        ("questions: '\ud800'", "a NUL or half of a surrogate pair"),
        ('{"questions": "\\ud83d"}', "not readable as YAML"),
        ("questions: !!python/object/apply:os.system [ls]", "tags (!…) are not used here"),
        ("a: &a [x]\nb: [*a, *a]", "anchors (&) and aliases (*) are not used here"),
        ("questions: {<<: *base}", "aliases (*) are not used here"),
        ("? [a]\n: b", "a key is a word"),
        ("[" * 40, "nested more than 32 levels deep"),
        (
            "questions: [{id: a, kind: spans, labels: [x]}]\ndisplays: [{kind: image, field: url}]",
            "no text is displayed that could be marked",
        ),
        ("questions: [{id: a, kind: errors, categories: [x]}]", "add a display of kind"),
    ],
)
def test_what_is_no_schema_is_refused(source, message):
    problems = the_problems(source)

    assert message in problems[0].message


def test_the_line_of_a_byte_that_no_text_holds_is_named():
    (problem,) = the_problems("questions:\n  - id: a\0")

    assert (problem.line, problem.column) == (2, 10)


@pytest.mark.parametrize(
    "source",
    [
        "questions: [{id: a, kind: choice, labels: [" + ",".join(f"l{number}" for number in range(1_000_000)) + "]}]",
        "questions: [{id: a, kind: choice, labels: [" + "a," * 500_000 + "]}]",
        "questions:\n- id: a\n  kind: choice\n  labels:\n" + "  - a\n" * 150_000,
        "questions: [" + "{id: a, kind: choice, labels: [a, b, c]}," * 20_000 + "]",
        "a: [" + "[" * 20 + "a," * 400_000,
        "{" + '"a": 1,' * 130_000 + "}",
    ],
)
def test_a_schema_of_a_million_labels_is_refused_at_once(source):
    before = time.process_time()

    problems = the_problems(source)

    assert time.process_time() - before < 1
    assert "at most 2,000 labels" in problems[0].message or "larger than 1 MiB" in problems[0].message


def test_labels_are_counted_over_all_questions():
    many = ", ".join(f"l{number}" for number in range(1_001))

    (problem,) = the_problems(f"questions: [{{id: a, kind: choice, labels: [{many}]}}, {{id: b, kind: choice, labels: [{many}]}}]")

    assert problem.message == "has 2,002 labels in all; at most 2,000 are possible"


def test_two_thousand_labels_are_accepted():
    many = ", ".join(f"{{value: l{number}, name: N{number}, hint: h}}" for number in range(2_000))

    schema = parse_schema(f"questions: [{{id: a, kind: choice, labels: [{many}]}}]")

    assert len(schema.questions[0].labels) == 2_000


def test_a_hundred_mistakes_are_not_all_listed():
    problems = the_problems("questions: [" + "{id: a b, kind: text}," * 99 + "]")

    assert len(problems) == 50


def test_json_with_escaped_emoji_is_read():
    schema = parse_schema('\ufeff{"questions": [{"id": "a", "kind": "text", "prompt": "\\ud83d\\ude00 \\\\ud83d"}]}')

    assert schema.questions[0].prompt == "😀 \\ud83d"


def test_the_size_is_measured_in_bytes():
    (problem,) = the_problems("# " + "字" * 400_000)

    assert "larger than 1 MiB" in problem.message


def test_a_label_that_stands_alone_can_be_the_whole_answer():
    source = "questions:\n  - {id: about, kind: choices, min: 2, labels: [product, price, {value: none, exclusive: true}]}\n"

    assert [(problem.path, problem.message) for problem in the_problems(source)] == [
        ("questions[0].min", '"none" is exclusive and stands alone, so no more than 1 label can be asked for')
    ]


def test_only_labels_that_are_chosen_together_can_be_exclusive():
    source = "questions:\n  - {id: about, kind: choice, labels: [{value: none, exclusive: true}]}\n"

    assert [problem.path for problem in the_problems(source)] == ["questions[0].labels[0].exclusive"]


def test_what_nobody_made_exclusive_has_the_normal_form_it_always_had():
    schema = parse_schema("questions:\n  - {id: about, kind: choices, labels: [{value: a, exclusive: false}, b]}\n")

    assert "exclusive" not in schema.to_json()
