"""Markdown of guidelines becomes HTML that can do no harm."""

import pytest

from isogloss.platform.markdown import anchor, to_html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:alert(1))",
        "![x](https://elsewhere.example/pixel.png)",
        "<a href='javascript:alert(1)'>x</a>",
        "<iframe src=//elsewhere.example></iframe>",
        "<svg onload=alert(1)>",
        "<style>*{display:none}</style>",
        '[x](https://a.example "onmouseover=alert(1)")',
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        "`<script>`",
    ],
)
def test_nothing_in_it_runs_or_is_fetched(text):
    import re

    html = to_html(text).lower()

    tags = re.findall(r"<(\w+)([^>]*)>", html)
    assert {name for name, _ in tags} <= {"p", "a", "code", "em", "strong"}
    assert not any(re.search(r"\son\w+=|javascript:|data:|vbscript:|src=", re.sub(r'title="[^"]*"', "", rest)) for _, rest in tags)


def test_links_say_nothing_of_where_they_were_followed():
    assert to_html("[x](https://a.example)") == '<p dir="auto"><a href="https://a.example" rel="noopener noreferrer nofollow">x</a></p>\n'


def test_paragraphs_lists_and_cells_run_in_their_own_direction():
    html = to_html("# א\n\nב\n\n- ג\n\n| ד |\n|---|\n| ה |\n\n> ו")

    assert html.count('dir="auto"') >= 7
    assert "<p>" not in html


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [("Mixed", "mixed"), ("What is *mixed*?", "what-is-mixed"), ("混ぜる 言語", "混ぜる-言語"), ("!!!", "")],
)
def test_headings_can_be_linked_to(heading, wanted):
    assert anchor(heading) == wanted


@pytest.mark.parametrize("heading", ["Workbench", "Workbench config", "Guideline", "Content", "Ruling 12"])
def test_a_heading_does_not_take_the_place_of_an_element_of_the_page(heading):
    assert f'id="about-{heading.lower().replace(" ", "-")}"' in to_html(f"# {heading}")


def test_ten_thousand_brackets_are_no_trouble():
    import time

    began = time.process_time()
    to_html("[" * 10_000 + "](" * 1000)

    assert time.process_time() - began < 2
