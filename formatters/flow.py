"""Text and blocks being collected, with their white space as a browser shows it.

Pure; knows no tags.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import assert_never

from formatters.document import (
    CodeBlock,
    Divider,
    Heading,
    Image,
    Inline,
    LineBreak,
    ListBlock,
    Node,
    Paragraph,
    Quote,
    Span,
    Table,
)
from formatters.emphasis import MARK, mended

PLAIN = Span("")
# White space to HTML; the no-break and wide spaces are not.
_SPACES = re.compile(r"[ \t\n\r\f]+")
_VISIBLE = re.compile(
    "[^\\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff]"
)


class Line:
    """Collects styled text, pictures and line ends; `take` hands them out.

    Text of one style is joined once, when it is handed out, so that a text in a hundred thousand
    pieces costs no more than one in a single piece. `inlines` is empty while nothing is collected.
    """

    __slots__ = ("_after_space", "_has_marks", "_is_parted", "_style", "inlines")

    def __init__(self) -> None:
        self.inlines: list[Inline] = []
        self._style: Span | None = None  # of the last inline, if it is text
        self._is_parted = False  # a text stands right behind another in its style
        self._after_space = True
        self._has_marks = False

    def text(self, text: str, style: Span) -> None:
        """Add text in a style (a Span whose own text is not used)."""
        if self._after_space:
            if text == "\n":
                return  # half of all texts: line ends between blocks
            words = _evenly_spaced(text).removeprefix(" ")
        else:
            words = _evenly_spaced(text)
        if not words:
            return
        self._after_space = words[-1] == " "
        if MARK in words:
            self._has_marks = True
        if style is self._style or style == self._style:
            self._is_parted = True
        self._style = style
        self.inlines.append(Span(words, *style[1:]))

    def image(self, image: Image) -> None:
        """Add a picture."""
        self.inlines.append(image)
        self._style, self._after_space = None, False

    def end_line(self) -> None:
        """End the line where the author ended it."""
        self.inlines.append(LineBreak())
        self._style, self._after_space = None, True

    def take(self, *, mends: bool = False) -> tuple[Inline, ...]:
        """What was collected, () if a reader would see nothing; starts anew.

        No space stands at the start or end of a line, no line end at the start or end of all.
        `mends`: marks that are left are bold text gone wrong.
        """
        inlines: Iterable[Inline] = self.inlines
        if self._has_marks and mends:
            inlines = mended(self.inlines)
        elif self._is_parted:
            inlines = _joined(inlines)
        inlines = _trimmed(inlines)
        self.inlines, self._style, self._after_space = [], None, True
        self._has_marks = self._is_parted = False
        return tuple(inlines) if any(map(is_visible, inlines)) else ()


class Flow:
    """Blocks being collected; text between them becomes paragraphs.

    `at` is the source line of the text to come, `checked` what a task's box says. `mends`: bold
    text whose marks went wrong becomes bold, if it stands in Markdown.
    """

    __slots__ = ("_mends", "at", "checked", "nodes", "text")

    def __init__(self, at: int = 0, *, mends: bool = True) -> None:
        self.nodes: list[Node] = []
        self.text = Line()
        self.at = at
        self._mends = mends
        self.checked: bool | None = None

    def close(self) -> None:
        """End the paragraph that is open, if there is one."""
        if not self.text.inlines:
            return
        inlines = self.text.take(mends=self._mends and bool(self.at))
        if inlines:
            self.nodes.append(Paragraph(inlines, self.at))

    def add(self, *nodes: Node) -> None:
        """Put blocks after what was collected."""
        self.close()
        self.nodes.extend(nodes)


def styled(text: str, style: Span) -> Span:
    """Text in a style. Every text of a post comes by here, and `_replace` takes twice as long."""
    return Span(text, *style[1:])


def is_visible(inline: Inline) -> bool:
    """Whether a reader sees it: pictures, and text that is more than white space."""
    if isinstance(inline, Span):
        return _VISIBLE.search(inline.text) is not None
    return isinstance(inline, Image)


def flat(nodes: Iterable[Node]) -> tuple[Inline, ...]:
    """Blocks as lines, for places that hold no blocks (headings, cells)."""
    lines = [line for node in nodes for line in _lines(node)]
    if len(lines) == 1:
        return lines[0]
    joined = [inline for line in lines for inline in (LineBreak(), *line)]
    return tuple(joined[1:])


def _lines(node: Node) -> Iterator[tuple[Inline, ...]]:
    match node:
        case Paragraph(inlines=inlines) | Heading(inlines=inlines):
            yield inlines
        case CodeBlock(text=text):
            yield from ((Span(line, code=True),) for line in text.split("\n"))
        case Quote(blocks=blocks):
            yield from (line for block in blocks for line in _lines(block))
        case ListBlock():
            yield from _item_lines(node)
        case Table(header=header, rows=rows):
            yield from (cell for row in (header, *rows) for cell in row if cell)
        case Divider():
            return
        case _:
            assert_never(node)


def _item_lines(block: ListBlock) -> Iterator[tuple[Inline, ...]]:
    for number, item in enumerate(block.items, block.start):
        marker = f"{number}. " if block.ordered else "• "
        lines = (line for inner in item.blocks for line in _lines(inner))
        for place, line in enumerate(lines):
            yield line if place else (Span(marker), *line)


def _joined(inlines: Iterable[Inline]) -> Iterator[Inline]:
    """The same with each run of text of one style in one piece."""
    for style, alike in groupby(inlines, _style_of):
        if style is None:
            yield from alike
        else:
            yield Span("".join([one.text for one in alike if isinstance(one, Span)]), *style)


def _style_of(inline: Inline) -> tuple[bool, bool, bool, bool, str] | None:
    return inline[1:] if isinstance(inline, Span) else None


def _trimmed(inlines: Iterable[Inline]) -> list[Inline]:
    """Inlines without spaces before line ends and without line ends at the edges."""
    kept: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, LineBreak):
            _trim(kept)
            kept += [inline] if kept else []
        else:
            kept.append(inline)
    _trim(kept)
    while kept and isinstance(kept[-1], LineBreak):
        kept.pop()
    return kept


def _trim(line: list[Inline]) -> None:
    """Take the spaces from the end of a line."""
    while line and isinstance(last := line[-1], Span) and last.text.endswith(" "):
        line.pop()
        if words := last.text.rstrip(" "):
            line.append(styled(words, last))


def _evenly_spaced(text: str) -> str:
    # Most texts hold single spaces alone: to look for others is faster than to replace.
    if "\n" in text or "  " in text or "\t" in text or "\r" in text or "\f" in text:
        return _SPACES.sub(" ", text)
    return text
