"""Forms as the pages draw them: hint above the field, error beside it, one column."""

from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from isogloss.platform.problems import Problem


class PlainForm(forms.Form):
    """A form drawn by `web/_form.html`; no field is marked required in the browser alone, the server says what is missing."""

    use_required_attribute = True
    template_name = "web/_form.html"
    source_field = ""  # the field that holds lines, if the form has one: problems that name a line are shown beside it

    def get_context(self) -> dict[str, Any]:
        """Give the focus to the first field with a fault, if any has one."""
        wrong = next((name for name in self.fields if name in self.errors), None) if self.is_bound else None
        if wrong is not None:
            for name, field in self.fields.items():
                field.widget.attrs.pop("autofocus", None)
                if name == wrong:
                    field.widget.attrs["autofocus"] = True
        return super().get_context()

    def add_problem(self, problem: Problem) -> None:
        """Show a domain error at the fields it names, or above the form."""
        named = False
        for row in problem.errors:
            field = str(row.get("field", ""))
            if field in self.fields:
                self.add_error(field, gettext(str(row.get("message", problem.detail))))
                named = True
        if not named:
            rows = [(row["line"], row["message"]) for row in problem.errors if "line" in row and "message" in row]
            place = self.source_field if rows and self.source_field else None
            self.add_error(place, gettext(problem.detail))
            if len(rows) > 1:
                self.add_error(place, _lines(rows))


def _lines(rows: "list[tuple[object, object]]") -> SafeString:
    return format_html_join(" · ", "{}: {}", rows)
