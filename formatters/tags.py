"""What HTML's tags and attributes mean for the text inside them.

Only data and pure functions over a tag's attributes; nothing here knows a parser.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from formatters.document import Align, Span

Attributes: TypeAlias = Mapping[str, str | None]

_MAX_DIGITS = 7  # of a line or of an item's number: more is nonsense

# Nothing inside is shown.
HIDDEN = frozenset(
    ("script", "style", "template", "head", "title", "-comment", "-doctype", "!doctype")
)
# A line of its own, and nothing more to it.
# fmt: off
BLOCKS = (
    "address", "article", "aside", "body", "caption", "center", "dd", "details", "dialog", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup",
    "legend", "li", "main", "nav", "p", "section", "summary", "tr",
)
# Close themselves, or need no end tag: these alone nest nothing.
UNNESTED = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
    "source", "track", "wbr", "dd", "dt", "li", "option", "p", "tbody", "td", "tfoot", "th",
    "thead", "tr",
))
# Left open, they are opened anew in every paragraph that follows, however many there are.
REOPENED = frozenset((
    "b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u",
))
# fmt: on
STYLES: Mapping[str, Callable[[Span], Span]] = {
    **dict.fromkeys(("b", "strong"), lambda style: style._replace(bold=True)),
    **dict.fromkeys(
        ("i", "em", "cite", "var", "dfn"), lambda style: style._replace(italic=True)
    ),
    **dict.fromkeys(("s", "del", "strike"), lambda style: style._replace(strike=True)),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), lambda style: style._replace(code=True)),
}


def linked(style: Span, url: str) -> Span:
    """The same style inside a link."""
    return style._replace(url=url)


def is_hidden(attributes: Attributes) -> bool:
    """Whether the author hid it."""
    return "hidden" in attributes or (
        "style" in attributes and "display:none" in _style(attributes)
    )


def picture_source(attributes: Attributes) -> str:
    """Where a picture is, also one that is loaded when scrolled to or comes in several sizes."""
    src = (attributes.get("src") or "").strip()
    if src and not src.startswith("data:"):
        return src
    for name in ("data-src", "data-original", "srcset", "data-srcset"):
        if given := (attributes.get(name) or "").split():
            return given[0].rstrip(",")
    return src


def align(attributes: Attributes) -> Align:
    """How a cell is set."""
    for side in (Align.CENTER, Align.RIGHT):
        if attributes.get("align") == side.value or f"text-align:{side}" in _style(attributes):
            return side
    return Align.LEFT


def list_start(attributes: Attributes) -> int:
    """The number of a list's first item."""
    start = attributes.get("start") or ""
    return _number(start) if start.isdecimal() else 1


def source_line(attributes: Attributes) -> int:
    """The line of the Markdown that a tag was made from, 0 if it was written as HTML."""
    written = attributes.get("data-sourcepos")
    return _number(written.partition(":")[0]) if written else 0


def is_bare_address(attributes: Attributes, text: str) -> bool:
    """Whether a link was not written as one: its source is as long as its text, in bytes."""
    if not text.startswith(("http://", "https://", "www.")):
        return False
    start, _, end = (attributes.get("data-sourcepos") or "").partition("-")
    (line, _, first), (last_line, _, last) = start.partition(":"), end.partition(":")
    size = _number(last) - _number(first) + 1
    return bool(line) and line == last_line and size == len(text.encode())


def _style(attributes: Attributes) -> str:
    return (attributes.get("style") or "").replace(" ", "").lower()


def _number(digits: str) -> int:
    return int(digits) if digits.isdecimal() and len(digits) <= _MAX_DIGITS else 0
