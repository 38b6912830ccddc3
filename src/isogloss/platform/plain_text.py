"""Text that both engines store faithfully: without NUL, which PostgreSQL refuses, and without halves of character pairs."""

from collections.abc import Iterator

from isogloss.platform.problems import InvalidInput


def flaw_of(text: str) -> str:
    """Return what no database stores faithfully of a text, in words; empty where there is nothing."""
    if "\x00" in text:
        return "a NUL character"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "half of a character pair (a lone surrogate)"
    return ""


def refuse_unstorable(value: object) -> None:
    """Say which field holds a character that cannot be stored, however deep it lies."""
    for where, text in _texts(value):
        if flaw := flaw_of(text):
            raise InvalidInput(f"{where or 'The body'} holds {flaw}. Remove it.", errors=[{"field": where, "message": flaw}])


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
