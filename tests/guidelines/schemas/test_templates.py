"""The templates that ship can be used as they are."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.guidelines.schemas import QuestionKind, compile_schema, parse_schema
from isogloss.guidelines.templates_yaml import available_templates
from tests.guidelines.schemas.strategies import fitting_answers

TEMPLATES = {template.slug: template for template in available_templates()}
each_template = pytest.mark.parametrize("slug", TEMPLATES)


def test_the_twelve_of_the_product_are_there():
    assert len(TEMPLATES) == 12
    assert len({template.name for template in TEMPLATES.values()}) == 12


def test_together_they_use_every_kind_but_ranking():
    used = {question.kind for template in TEMPLATES.values() for question in parse_schema(template.schema_yaml).questions}

    assert used == set(QuestionKind) - {QuestionKind.RANKING}


@each_template
def test_a_template_has_a_name_and_a_description_of_one_sentence(slug):
    template = TEMPLATES[slug]

    assert not template.name.startswith("#")
    assert template.description.endswith(".")
    assert 40 < len(template.description) < 160


@each_template
def test_every_anchor_is_a_heading_of_the_guideline(slug):
    template = TEMPLATES[slug]
    headings = re.findall(r"^#+ (.+)$", template.guideline_markdown, flags=re.MULTILINE)
    anchors = {"#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

    wanted = {question.settings["guideline"] for question in parse_schema(template.schema_yaml).questions} - {""}

    assert wanted <= anchors


@each_template
def test_everything_that_is_seen_at_once_has_a_key(slug):
    schema = parse_schema(TEMPLATES[slug].schema_yaml)

    assert all(label.key for question in schema.questions if question.kind is not QuestionKind.TREE for label in question.labels)


@each_template
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_a_template_accepts_answers_made_for_it(slug, data):
    schema = parse_schema(TEMPLATES[slug].schema_yaml)
    content = dict.fromkeys(schema.fields, "Selamat pagi, semua! 👋🏽 สวัสดี")

    answers = data.draw(fitting_answers(schema.document, content))

    assert compile_schema(schema).problems(answers, content=content) == []
