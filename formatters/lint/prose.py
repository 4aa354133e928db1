"""Advice on what readers would see: marks left over, calls to all, events, length.

Pure. Judges the document as the reader makes it, but for marks: those that are mended
for Slack are complained of, for the site shows them.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import assert_never

from formatters.document import (
    CodeBlock,
    Divider,
    Heading,
    Inline,
    ListBlock,
    Node,
    Paragraph,
    Quote,
    Span,
    Table,
)
from formatters.lint.advice import Advice
from formatters.lint.source import Source

_CONTEXT = 8  # characters by which a mark's line is found
_MOST = 1000  # marks of one post that are looked for; more are a stranger's joke
_CJK = "\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff00-\uffef“”‘’…—"
_MARKS = re.compile(
    # Two or more asterisks, but no power (2**3) and no glob (src/**/x).
    r"(?<![/*])(?:(?<![A-Za-z0-9)])\*\*+|\*\*+(?![A-Za-z0-9(*]))(?![/*])"
    # One after Chinese that belongs to no word: globs and products stand before one.
    rf"|(?<=[{_CJK}])\*(?![\w*])"
    # Underscores and tildes that enclose something.
    r"|(?<![A-Za-z0-9_$/.-])__?(?=\w)(?!_)[^_\n]{0,80}\w__?(?![A-Za-z0-9_])"
    r"|~~(?=[^\s~])[^~\n]{0,200}[^\s~]~~(?!~)"
)
_BRACKETS = re.compile(r"\](?:\(|（\s*(?:https?:|www\.|$))")
_CALLS = re.compile(
    r"(?<![\w@/.-])@(?:channel|here|everyone)\b(?![.-]\w)|<!(?:channel|here|everyone)>|<@[UW][A-Z0-9]{6,}>"
)
_FILL_IN = re.compile(
    r"\bINSERT_[A-Z_]+|\b[Ll]orem ipsum\b|待补充|待填写|此处填写"
    r"|(?:^|\n)[ \t]*(?:TODO|FIXME|TBD)\b(?=[ \t]*(?:[:：\n]|$))"
)
_SHOWN = {
    "emphasis-shown": _MARKS,
    "link-shown": _BRACKETS,
    "mention": _CALLS,
    "placeholder": _FILL_IN,
}
_ZERO_WIDTH = re.compile("[\u00ad\u180e\u200b\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u2069]")


def prose_advice(nodes: Sequence[Node], source: Source) -> Iterator[Advice]:
    """Advice on the text of a post, read without mending it."""
    found: dict[tuple[int, str], Advice] = {}
    for code, words, line in islice(_marks(nodes), _MOST):
        at = source.written(words, line=line) or source.written(words[:2], line=line)
        if at:
            one = Advice(source.line_at(at), code, (("shown", source.around(at)),))
            found.setdefault((one.line, code), one)
    yield from found.values()
    yield from _invisible(source)


def _marks(nodes: Sequence[Node]) -> Iterator[tuple[str, str, int]]:
    """Every mark that shows: code, the mark with what follows it, the line of its block.

    Some show because their author put a backslash before them: `Source.written` finds none.
    """
    for inlines, line in texts(nodes):
        for span in inlines:
            if isinstance(span, Span) and not span.code:
                for code, pattern in _SHOWN.items():
                    for mark in pattern.finditer(span.text):
                        end = max(mark.end(), mark.start() + _CONTEXT)
                        yield code, span.text[mark.start() : end], line


def texts(nodes: Sequence[Node]) -> Iterator[tuple[Sequence[Inline], int]]:
    """The texts of blocks that are no code, each with the line of its block."""
    for node in nodes:
        match node:
            case Paragraph(inlines, line) | Heading(inlines=inlines, line=line):
                yield inlines, line
            case ListBlock(items=items):
                for item in items:
                    yield from texts(item.blocks)
            case Quote(blocks=blocks):
                yield from texts(blocks)
            case Table(header, rows, line=line):
                yield from ((cell, line) for row in (header, *rows) for cell in row)
            case CodeBlock() | Divider():
                continue
            case _:
                assert_never(node)


def _invisible(source: Source) -> Iterator[Advice]:
    found = [source.line_at(at.start()) for at in _ZERO_WIDTH.finditer(source.text)]
    if found:
        yield Advice(found[0], "zero-width", (("count", str(len(found))),))
