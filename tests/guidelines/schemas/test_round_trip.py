"""What is written, stored and read again is the same schema, and what fits it is accepted."""

import json

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.guidelines.schemas import LabelSchemaDocument, carry_answers, compare_schemas, compile_schema, parse_schema
from tests.guidelines.schemas.strategies import FIELDS, fitting_answers, written_schemas

few = settings(max_examples=25, deadline=None)
most = settings(max_examples=80, deadline=None)


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data):
        return True


def as_yaml(written) -> str:
    return yaml.dump(written, Dumper=_Plain, allow_unicode=True, sort_keys=False)


@few
@given(written=written_schemas())
def test_yaml_and_json_give_the_same_normal_form(written):
    from_yaml = parse_schema(as_yaml(written))

    from_json = parse_schema(json.dumps(written))

    assert from_yaml == from_json


@few
@given(written=written_schemas())
def test_a_normal_form_is_its_own_normal_form(written):
    schema = parse_schema(as_yaml(written))

    again = parse_schema(schema.to_json())

    assert again == schema
    assert again.to_json() == schema.to_json()


@few
@given(written=written_schemas())
def test_a_stored_schema_is_read_back_equal(written):
    schema = parse_schema(as_yaml(written))

    stored = LabelSchemaDocument.from_json(schema.to_json())

    assert stored == schema
    assert stored.questions == schema.questions
    assert hash(stored) == hash(schema)


@few
@given(written=written_schemas())
def test_every_written_value_is_kept_as_text(written):
    schema = parse_schema(as_yaml(written))

    for before, after in zip(written["questions"], schema.document["questions"], strict=True):
        assert [label["value"] for label in before.get("labels", ())] == [label["value"] for label in after.get("labels", ())]


@most
@given(data=st.data(), written=written_schemas())
def test_answers_made_from_a_schema_fit_it(data, written):
    schema = parse_schema(as_yaml(written))

    answers = data.draw(fitting_answers(schema.document, FIELDS))

    assert compile_schema(schema).problems(answers, content=FIELDS) == []


@few
@given(data=st.data(), written=written_schemas())
def test_answers_carried_into_the_same_schema_lose_nothing(data, written):
    schema = parse_schema(as_yaml(written))
    answers = data.draw(fitting_answers(schema.document, FIELDS))

    carried, lost = carry_answers(compare_schemas(schema, schema), answers)

    assert carried == answers
    assert lost == []


@most
@given(data=st.data(), old=written_schemas(), new=written_schemas())
def test_carried_answers_fit_the_new_schema_and_nothing_vanishes_unnamed(data, old, new):
    before, after = parse_schema(as_yaml(old)), parse_schema(as_yaml(new))
    answers = data.draw(fitting_answers(before.document, FIELDS))

    carried, lost = carry_answers(compare_schemas(before, after), answers)

    problems = compile_schema(after).problems(carried, content=None)
    assert {problem.message for problem in problems} <= {"an answer is missing"}
    assert all(carried.get(name) == value or name in {one.question for one in lost} for name, value in answers.items())
