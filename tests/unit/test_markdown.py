"""Fixture files: title, dot, Markdown, dot, expected outline (and what was left out), dot."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from formatters.html import to_document
from formatters.markdown import to_html, to_page
from tests.outline import outline

FIXTURES = Path(__file__).parent.parent / "fixtures" / "markdown"


def cases() -> Iterator[object]:
    for file in sorted(FIXTURES.glob("*.md")):
        parts = file.read_text(encoding="utf-8").split("\n.\n")
        for title, markdown, expected in zip(
            parts[::3], parts[1::3], parts[2::3], strict=False
        ):
            yield pytest.param(markdown, expected, id=f"{file.stem}: {title.strip()}")


@pytest.mark.parametrize(("markdown", "expected"), list(cases()))
def test_markdown_becomes_the_document_that_its_page_shows(markdown: str, expected: str):
    """Every construct of the fixture files reads as written beside it."""
    page = to_page(markdown)
    nodes, omitted = to_document(page.html, base_url="https://site.example", post_url="")
    left_out = (" ".join(words.split()) for words in page.left_out)
    lines = [
        outline(nodes),
        *(f"left out: {words}" for words in left_out),
        *(f"omitted: {words}" for words in omitted),
    ]
    assert "\n".join(filter(None, lines)) == expected


def test_block_tags_carry_the_lines_of_their_source():
    """Lint can name lines, because the HTML remembers them."""
    assert 'data-sourcepos="3:1-3:3"' in to_html("# a\n\nb c")
