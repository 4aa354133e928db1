"""The walk through HTML that is read: one visit for each node, and what all visits share.

What a tag becomes is in `formatters.html`, which hands its table of tags over.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from selectolax.lexbor import LexborNode

from formatters import tags
from formatters.depth import MAX_NODES, TooManyError
from formatters.document import Span
from formatters.flow import Flow
from formatters.links import Base, bracketed

_TREE_DEPTH = 150  # of nodes; more than MAX_DEPTH, for some tags close themselves uncounted

Visit: TypeAlias = Callable[["Reader", LexborNode, Flow, Span], None]
"""What a tag does: it adds to the flow what it becomes, in the style around it."""


class Reader:
    """Walks the tree once. One tag, one function; tags it does not know show their children.

    `may_hide`: attributes are worth a look, for the page has a word that hides something.
    """

    __slots__ = (
        "_depth",
        "_left",
        "_visits",
        "base",
        "line_offset",
        "may_hide",
        "mends",
        "omitted",
    )

    def __init__(
        self, base: Base, line_offset: int, visits: Mapping[str, Visit], *, mends: bool
    ) -> None:
        self.mends = mends
        self._visits = visits
        self.base = base
        self.line_offset = line_offset
        self.may_hide = True
        self.omitted: list[str] = []
        self._depth = 0
        self._left = MAX_NODES

    def blocks(self, node: LexborNode, style: Span) -> Flow:
        """What is in a node, as a flow of its own."""
        self._spend()
        flow = Flow(self.line_of(node), mends=self.mends)
        self.children(node, flow, style)
        flow.close()
        return flow

    def children(self, node: LexborNode, flow: Flow, style: Span) -> None:
        """Add what is in a node; what lies too deep as text alone."""
        if self._depth > _TREE_DEPTH:
            flow.text.text(node.text(deep=True), style)
            return
        self._depth += 1
        child = node.child
        while child is not None:
            self.visit(child, flow, style)
            child = child.next
        self._depth -= 1

    def _spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise TooManyError

    def line_of(self, node: LexborNode) -> int:
        """The line of the file, 0 for tags that authors wrote themselves."""
        line = tags.source_line(node.attributes)
        return line + self.line_offset if line else 0

    def visit(self, node: LexborNode, flow: Flow, style: Span) -> None:
        """Add a node, unless it is hidden."""
        self._spend()
        if (text := node.text_content) is not None:
            if "[http" in text:
                self.words(bracketed(text), flow, style)
            else:
                flow.text.text(text, style)
            return
        tag = node.tag or ""
        if tag in tags.HIDDEN:
            return
        if self.may_hide and tags.is_hidden(node.attributes):
            self.omit(node.text(deep=True))
        elif tag in tags.STYLES:
            self.children(node, flow, tags.STYLES[tag](style))
        else:
            self._visits.get(tag, _unknown)(self, node, flow, style)

    def words(self, pieces: Iterable[tuple[str, bool]], flow: Flow, style: Span) -> None:
        """Add text of which some pieces are addresses, though no link was made of them."""
        for text, is_address in pieces:
            url = self.base.link(text) if is_address and not (style.code or style.url) else ""
            flow.text.text(text, tags.linked(style, url) if url else style)

    def omit(self, words: str) -> None:
        """Note what was left out on purpose."""
        words = " ".join(words.split())
        if words:
            self.omitted.append(words)


def children_of(node: LexborNode) -> Iterator[LexborNode]:
    """The nodes right inside one, in order."""
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _unknown(reader: Reader, node: LexborNode, flow: Flow, style: Span) -> None:
    reader.children(node, flow, style)
