"""The tags of a page in order, each with the line of the file that it comes from.

Reads what `formatters.html` reads, but keeps what a document has no place for: addresses as
they were written, empty headings, unknown tags.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from formatters import tags
from formatters.depth import shallow
from formatters.lint.source import Source

_FOREIGN = {"svg", "math"}  # languages of their own


@dataclass(frozen=True, slots=True)
class Element:
    """A tag. `text` is what it holds, of headings and links only; `is_html` = written as HTML."""

    tag: str
    attributes: tags.Attributes
    line: int
    is_html: bool
    text: str = ""
    has_image: bool = False

    def get(self, attribute: str) -> str:
        """An attribute's value, "" without one."""
        return (self.attributes.get(attribute) or "").strip()


def elements(html: str, source: Source) -> Iterable[Element]:
    """Every tag that a reader could see, in order.

    Args:
        html: what `to_html` made of the file's body.
        source: the file.
    """
    body = LexborHTMLParser(shallow(html)).body
    return _Walk(source).below(body) if body else ()


class _Walk:
    """One walk through a page; `at` is the place in the file that it has come to."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._at = source.start(source.above + 1)

    def below(self, node: LexborNode) -> Iterator[Element]:
        child = node.child
        while child is not None:
            tag = child.tag or ""
            shown = tag not in tags.HIDDEN and not tag.startswith("-")
            if shown and not tags.is_hidden(child.attributes):
                yield self._element(tag, child)
                if tag not in _FOREIGN:
                    yield from self.below(child)
            child = child.next

    def _element(self, tag: str, node: LexborNode) -> Element:
        line = tags.source_line(node.attributes)
        if line:
            self._at = self._source.start(line + self._source.above)
        else:
            self._at = self._written(tag)
        is_read = tag == "a" or tag in HEADINGS
        return Element(
            tag=tag,
            attributes=node.attributes,
            line=self._source.line_at(self._at),
            is_html=not line,
            text=node.text(deep=True) if is_read else "",
            has_image=is_read and node.css_first("img") is not None,
        )

    def _written(self, tag: str) -> int:
        """Where HTML of the author's stands; tags that nobody wrote (`tbody`) move nothing."""
        found = self._source.find(re.compile(rf"<{re.escape(tag)}\b", re.IGNORECASE), self._at)
        return self._at if found is None else found + 1


HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
