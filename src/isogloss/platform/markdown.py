"""Markdown of guidelines and items as safe HTML."""

import nh3
from markdown_it import MarkdownIt

_TAGS = set(
    "h1 h2 h3 h4 p ul ol li strong em code pre blockquote table thead tbody tr th td a hr br bdi del span".split()  # noqa: SIM905  reads better
)
_ATTRIBUTES = {"a": {"href", "title"}, "h1": {"id"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "*": {"dir", "lang"}, "ol": {"start"}}
_RENDERER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


# Ids that the pages around a guideline use: a heading “Workbench config” must not be found in the place of the page's own element.
_TAKEN = ("workbench", "guideline", "content", "ruling-")


def anchor(heading: str) -> str:
    """Return the anchor of a heading: lower case, words joined by hyphens."""
    words = "-".join("".join(c if c.isalnum() else " " for c in heading.lower()).split())
    return f"about-{words}" if words.startswith(_TAKEN) else words


def to_html(text: str) -> str:
    """Return safe HTML; headings carry anchors, paragraphs run in their own direction, links never leave a referrer."""
    tokens = _RENDERER.parse(text)
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", anchor(tokens[index + 1].content))
        if token.type in {"paragraph_open", "heading_open", "list_item_open", "td_open", "th_open", "blockquote_open"}:
            token.attrSet("dir", "auto")
    html = _RENDERER.renderer.render(tokens, _RENDERER.options, {})
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"https", "http", "mailto"}, link_rel="noopener noreferrer nofollow"
    )
