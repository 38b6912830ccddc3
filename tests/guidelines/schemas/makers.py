"""Small schemas and answers for tests."""

from typing import Any

import pytest

from isogloss.guidelines.schemas import LabelSchemaDocument, SchemaErrors, SchemaProblem, compile_schema, parse_schema

DISPLAYS = """
displays:
  - {kind: text, field: text}
  - {kind: parallel, source: source, target: target}
"""


def a_schema(*questions: str) -> LabelSchemaDocument:
    """A schema from questions in flow style, such as `{id: s, kind: choice, labels: [a, b]}`."""
    return parse_schema(DISPLAYS + "questions:\n" + "".join(f"  - {question}\n" for question in questions))


def the_problems(source: str) -> list[SchemaProblem]:
    with pytest.raises(SchemaErrors) as caught:
        parse_schema(source)
    return caught.value.problems


def problems_of(schema: LabelSchemaDocument, answers: Any, **content: Any) -> list[tuple[str, str]]:
    """Path and message of everything wrong with the answers."""
    found = compile_schema(schema).problems(answers, content={"text": "hello world", "source": "one", "target": "two"} | content)
    return [(problem.path, problem.message) for problem in found]


def paths_of(schema: LabelSchemaDocument, answers: Any, **content: Any) -> list[str]:
    return [path for path, _ in problems_of(schema, answers, **content)]


def a_span(start: int, end: int, label: str = "PER", **more: Any) -> dict[str, Any]:
    return {"id": f"s{start}-{end}-{label}", "start": start, "end": end, "label": label, "attributes": {}} | more
