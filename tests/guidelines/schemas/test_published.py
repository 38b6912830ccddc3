"""The JSON Schema that is published says what the parser accepts."""

import json

import pytest
import yaml
from hypothesis import given, settings

from isogloss.guidelines.schemas import parse_schema, published_schema
from isogloss.guidelines.schemas.published import written
from isogloss.guidelines.templates_yaml import available_templates
from tests.guidelines.schemas.strategies import KINDS, written_schemas


def the_validator():
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    return jsonschema.Draft202012Validator(json.loads(published_schema()))


def test_the_committed_file_is_the_grammar():
    assert published_schema() == written()


def test_every_kind_of_question_is_described():
    described = json.loads(published_schema())["properties"]["questions"]["items"]["oneOf"]

    assert {shape["properties"]["kind"]["enum"][0] for shape in described} == set(KINDS)
    assert all(shape["additionalProperties"] is False and {"id", "kind"} <= set(shape["required"]) for shape in described)


@settings(max_examples=30, deadline=None)
@given(document=written_schemas())
def test_what_people_write_and_its_normal_form_are_valid(document):
    validator = the_validator()

    assert not list(validator.iter_errors(document))
    assert not list(validator.iter_errors(parse_schema(json.dumps(document)).document))


@pytest.mark.parametrize("template", available_templates(), ids=lambda template: template.slug)
def test_a_template_is_valid(template):
    assert not list(the_validator().iter_errors(yaml.safe_load(template.schema_yaml)))


@pytest.mark.parametrize(
    "question",
    [
        {"id": "a", "kind": "choice"},
        {"id": "a", "kind": "chioce", "labels": ["x"]},
        {"id": "a b", "kind": "text"},
        {"id": "a", "kind": "rating", "max": 11},
        {"id": "a", "kind": "text", "more": 1},
    ],
)
def test_what_the_parser_refuses_by_shape_is_invalid(question):
    assert list(the_validator().iter_errors({"questions": [question]}))
