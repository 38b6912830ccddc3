"""Reading what is sent to the API: text that no database stores faithfully is refused before anything sees it."""

import json
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest
from ninja.parser import Parser

from isogloss.platform.plain_text import refuse_unstorable

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
