"""Text and blocks being collected, with their white space as a browser shows it.

Pure; knows no tags.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
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
from formatters.emphasis import MARK, Piece, mended

PLAIN = Span("")
_SPACES = re.compile(
    r"[ \t\n\r\f]+"
)  # white space to HTML; the no-break and wide spaces are not
_INVISIBLE = re.compile(
    "[\\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff]*"
)


class Line:
    """Collects styled text, pictures and line ends; `take` hands them out.

    Text of one style is joined once, when it is handed out, so that a text in a hundred
    thousand pieces costs no more than one in a single piece.
    """

    def __init__(self) -> None:
        self._inlines: list[Piece] = []
        self._after_space = True
        self._has_marks = False

    def text(self, text: str, style: Span) -> None:
        """Add text in a style (a Span whose own text is not used)."""
        words = _SPACES.sub(" ", text)
        if self._after_space:
            words = words.removeprefix(" ")
        if not words:
            return
        self._after_space = words.endswith(" ")
        if MARK in words:
            self._has_marks = True
        last = self._inlines[-1] if self._inlines else None
        if isinstance(last, tuple) and last[0] == style:
            last[1].append(words)
        else:
            self._inlines.append((style, [words]))

    def image(self, image: Image) -> None:
        """Add a picture."""
        self._inlines.append(image)
        self._after_space = False

    def end_line(self) -> None:
        """End the line where the author ended it."""
        self._inlines.append(LineBreak())
        self._after_space = True

    def take(self, *, is_markdown: bool = False) -> tuple[Inline, ...]:
        """What was collected, () if a reader would see nothing; starts anew.

        No space stands at the start or end of a line, no line end at the start or end of all.
        Marks that are left in Markdown are bold text gone wrong; in HTML they are text.
        """
        pieces = mended(self._inlines) if self._has_marks and is_markdown else self._inlines
        inlines = _trimmed([_joined(item) for item in pieces])
        self._inlines, self._after_space, self._has_marks = [], True, False
        return inlines if any(map(is_visible, inlines)) else ()


class Flow:
    """Blocks being collected; text between them becomes paragraphs.

    `at` is the source line of the text to come, `checked` what a task's box says.
    """

    def __init__(self, at: int = 0) -> None:
        self.nodes: list[Node] = []
        self.text = Line()
        self.at = at
        self.checked: bool | None = None

    def close(self) -> None:
        """End the paragraph that is open, if there is one."""
        inlines = self.text.take(is_markdown=bool(self.at))
        if inlines:
            self.nodes.append(Paragraph(inlines, self.at))

    def add(self, *nodes: Node) -> None:
        """Put blocks after what was collected."""
        self.close()
        self.nodes.extend(nodes)


def is_visible(inline: Inline) -> bool:
    """Whether a reader sees it: pictures, and text that is more than white space."""
    match inline:
        case Span(text=text):
            return not _INVISIBLE.fullmatch(text)
        case Image():
            return True
        case LineBreak():
            return False
        case _:
            assert_never(inline)


def flat(nodes: Iterable[Node]) -> tuple[Inline, ...]:
    """Blocks as lines, for places that hold no blocks (headings, cells)."""
    lines = [line for node in nodes for line in _lines(node)]
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


def _joined(item: Piece) -> Inline:
    return replace(item[0], text="".join(item[1])) if isinstance(item, tuple) else item


def _trimmed(inlines: list[Inline]) -> tuple[Inline, ...]:
    """The same without spaces before line ends and without line ends at the edges."""
    kept: list[Inline] = []
    at_end = True
    for inline in reversed(inlines):
        if isinstance(inline, Span) and at_end:
            words = inline.text.rstrip(" ")
            if not words:
                continue
            kept.append(replace(inline, text=words))
            at_end = False
        elif isinstance(inline, LineBreak):
            at_end = True
            if kept:
                kept.append(inline)
        else:
            kept.append(inline)
            at_end = False
    while kept and isinstance(kept[-1], LineBreak):
        kept.pop()
    return tuple(reversed(kept))
