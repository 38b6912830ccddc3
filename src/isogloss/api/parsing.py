"""Reading what is sent to the API: text that no database stores faithfully is refused before anything sees it."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest
from ninja.parser import Parser

from isogloss.platform.problems import InvalidInput

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict


class PlainTextParser(Parser):
    """JSON and form fields without NUL and lone surrogates."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the JSON body."""
        body = json.loads(request.body)
        refuse_unstorable(body)
        return cast("dict[str, Any]", body)

    def parse_querydict(self, data: "MultiValueDict[str, Any]", list_fields: list[str], request: HttpRequest) -> dict[str, Any]:
        """Return the fields of a query or form."""
        fields = super().parse_querydict(data, list_fields, request)
        refuse_unstorable(fields)
        return fields


def refuse_unstorable(value: object) -> None:
    """Say which field holds a character that cannot be stored."""
    for where, text in _texts(value):
        if "\x00" in text:
            raise InvalidInput(f"{where or 'The body'} holds a NUL character. Remove it.", errors=[{"field": where, "message": "NUL"}])
        try:
            text.encode()
        except UnicodeEncodeError:
            message = "half of a character pair (a lone surrogate)"
            raise InvalidInput(f"{where or 'The body'} holds {message}.", errors=[{"field": where, "message": message}]) from None


def _texts(value: object) -> Iterator[tuple[str, str]]:
    waiting = [("", value)]
    while waiting:
        where, part = waiting.pop()
        if isinstance(part, str):
            yield where, part
        elif isinstance(part, dict):
            for name, inner in part.items():
                yield where, name
                waiting.append((f"{where}.{name}".strip("."), inner))
        elif isinstance(part, list | tuple):
            waiting.extend((where, inner) for inner in part)
