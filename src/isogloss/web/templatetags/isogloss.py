"""Template tags and filters that every page may use: language names, figures with intervals."""

from django import template
from django.utils.translation import get_language

from isogloss.platform.languages import direction, display_name

register = template.Library()


@register.filter
def language_name(tag: str) -> str:
    """Return the name of a language in the reader's language: `jv` → Javanese."""
    return display_name(tag, reader=get_language() or "en")


@register.filter
def text_direction(tag: str) -> str:
    """Return `rtl` or `ltr` for the script a tag is usually written in."""
    return direction(tag)


@register.filter
def decimal2(value: float | None) -> str:
    """Show a share as `.81`; undefined is a dash."""
    if value is None:
        return "–"
    shown = f"{value:.2f}"
    return shown.replace("0.", ".", 1) if abs(value) < 1 else shown


@register.filter
def half_width(figure: object) -> str:
    """Show half the width of a figure's interval as `±.04`."""
    low, high = getattr(figure, "low", None), getattr(figure, "high", None)
    if low is None or high is None:
        return ""
    return "±" + decimal2((high - low) / 2)


@register.filter
def percent(part: float, whole: float) -> int:
    """Return the whole-number percentage of a part; 0 of nothing is 0."""
    return round(100 * part / whole) if whole else 0
