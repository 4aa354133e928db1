"""The lines of a post, each with a short name by which it is known again in another issue.

Pure. A line is that of a paragraph, an item, a row, a heading or a picture.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import pairwise
from typing import assert_never
from unicodedata import normalize

from formatters.document import (
    Cell,
    CodeBlock,
    Divider,
    Heading,
    Image,
    Inline,
    LineBreak,
    ListBlock,
    Node,
    Paragraph,
    Post,
    Quote,
    SectionKind,
    Span,
    Table,
)

OPEN = frozenset((SectionKind.EVENTS, SectionKind.TASKS, SectionKind.JOBS))
"""Kinds that tell of what goes on for weeks: it comes again, and is no less worth telling."""

_SHORTEST = 10  # columns; shorter lines are alike by chance
_NOISE = re.compile(r"[\W_]+")
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\uffdc]")
_NUMBER = re.compile(r"(?:20\d\d|\d\d?)(?:[-/]\d\d?){1,2}|(v\d[\w.]*|\d+(?:\.\d+)+)|\d+")
_FEW = 2  # numbers in a line; where there are more, they are what it tells
_DATED = re.compile(
    r"\d[:：]\d\d|^\W*(?:[\u4e00-\u9fff]{0,2}(?:时间|日期)|when|date|time)\s*[:：]",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_SAME_PLACE = re.compile(r"^https?://(?:www\.)?|[?&](?:utm_|spm|from=)[^&#]*|/$")


@dataclass(frozen=True, slots=True)
class Line:
    """`text` as plain text shows it; `print` names it, "" if it is too short to be known again.

    `letters` is "" unless the line is told in words: no link, title, item or open matter.
    """

    text: str
    print: str
    letters: str = ""
    is_open: bool = False


def lines_of(post: Post) -> Iterator[Line]:
    """Every line of a post in order, its header's description first, that one without text."""
    if said := post.header.description:
        yield replace(line((Span(said),), is_open=False), text="")
    for section in post.sections:
        yield replace(line(section.title, is_open=False), letters="")
        for inlines, in_words in _told_in(section.blocks, in_words=True):
            one = line(inlines, is_open=section.kind in OPEN)
            yield one if in_words else replace(one, letters="")


def line(inlines: Sequence[Inline], *, is_open: bool) -> Line:
    """One line. Lines of the same print are the same line again.

    Numbers count only in what is dated, such as events, and in versions. Of a link alone the
    address counts as it is: the fourth part of a series is none of the third.

    Args:
        inlines: what is in it, no line breaks.
        is_open: whether it belongs to a section of one of the kinds in `OPEN`.
    """
    letters = letters_of(_said(inlines), keep_numbers=is_open)
    in_words = not (is_open or _is_linked(inlines))
    return Line(
        text="".join(i.alt if isinstance(i, Image) else _said([i]) for i in inlines),
        print=_print(letters, inlines, in_words=in_words),
        letters=letters if in_words else "",
        is_open=is_open,
    )


def parted(inlines: Sequence[Inline]) -> Iterator[tuple[Inline, ...]]:
    """Inlines, parted where lines end."""
    ends = [at for at, one in enumerate(inlines) if isinstance(one, LineBreak)]
    return (tuple(inlines[a + 1 : b]) for a, b in pairwise((-1, *ends, len(inlines))))


def row(cells: Sequence[Cell]) -> tuple[Inline, ...]:
    """A row of a table as a line."""
    return tuple(one for cell in cells for one in (*cell, Span(" ")))[:-1]


def code(node: CodeBlock) -> tuple[Inline, ...]:
    """A piece of code as a line."""
    return (Span(node.text, code=True),)


def letters_of(text: str, *, keep_numbers: bool) -> str:
    """The letters of a text in one form; numbers as 0, unless kept or those of a version or time."""
    folded = normalize("NFKC", text).casefold()
    if not (keep_numbers or _DATED.search(folded)):
        without, count = _NUMBER.subn(lambda found: found[1] or "0", folded)
        folded = without if count <= _FEW else folded
    return _NOISE.sub("", folded)


def columns(letters: str) -> int:
    """How wide letters are; a Chinese one takes two columns."""
    return len(letters) + len(_WIDE.findall(letters))


def _told_in(
    nodes: Iterable[Node], *, in_words: bool
) -> Iterator[tuple[Sequence[Inline], bool]]:
    """The lines of blocks, each with whether it is told in words and no item of a list."""
    for node in nodes:
        match node:
            case ListBlock():
                for item in node.items:
                    yield from _told_in(item.blocks, in_words=False)
            case Quote():
                yield from _told_in(node.blocks, in_words=in_words)
            case _:
                yield from ((one, in_words) for one in _told_by(node))


def _told_by(
    node: Heading | Paragraph | CodeBlock | Table | Divider,
) -> Iterator[Sequence[Inline]]:
    match node:
        case Heading() | Paragraph():
            yield from parted(node.inlines)
        case CodeBlock():
            yield code(node)
        case Table():
            yield from map(row, (node.header, *node.rows))
        case Divider():
            pass
        case _:
            assert_never(node)


def _said(inlines: Sequence[Inline]) -> str:
    return "".join(i.text for i in inlines if isinstance(i, Span))


def _is_linked(inlines: Sequence[Inline]) -> bool:
    """Whether a line is mostly a link."""
    linked = sum(len(i.text) for i in inlines if isinstance(i, Span) and i.url)
    return 2 * linked > len(_said(inlines))


def _print(letters: str, inlines: Sequence[Inline], *, in_words: bool) -> str:
    pictures = [i.url for i in inlines if isinstance(i, Image)]
    if columns(letters) < _SHORTEST and not pictures:
        return ""
    linked = [i.url for i in inlines if isinstance(i, Span) and i.url]
    places = [_SAME_PLACE.sub("", url) for url in dict.fromkeys((*linked, *pictures))]
    if in_words and not pictures:
        places = [_DIGITS.sub("0", place) for place in places]
    name = " ".join((letters, *places)).encode("utf-8", "replace")
    return blake2b(name, digest_size=5).hexdigest()
