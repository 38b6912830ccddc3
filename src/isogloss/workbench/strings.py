"""The workbench's words in the reader's language; the English defaults stand in the front end."""


def translated_strings() -> dict[str, str]:
    """Return the words that have a translation, by the front end's names."""
    return {}
