"""What a section lists: its items, rows, questions, releases and events, each as one line.

Pure. The words stay the author's own; labels and references (`Report: https://…`) are no items.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

from formatters.document import (
    Cell,
    Image,
    Inline,
    LineBreak,
    ListBlock,
    Node,
    Paragraph,
    Quote,
    Section,
    SectionKind,
    Span,
    Table,
)
from formatters.sections import plain

Line: TypeAlias = tuple[Span, ...]

_MAX_LABEL = 30  # characters; a longer line that ends in a colon is a sentence
_MAX_HEAD = 16  # of an item's first line that only names what the next one tells
_MAX_ASKER = 60  # of `**@name** asked:`
_BETWEEN = Span(" · ")

_LEVEL = re.compile(r"easy|medium|hard|简单|中等|进阶|困难", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,2}\s*[、.．)）]\s*(?=\D)")
_REFERENCE = re.compile(r"「[^」]*」\s*[:：]|[^:：]{0,20}[:：]?\s*https?://\S+$")
_ASKER = re.compile(r"(?!(?:A|答)\s*[:：]).*(?:@|提问|[:：]$)")
_QUESTION = re.compile(r"(?:Q|问)\d{0,2}\s*[:：]\s*")
_VERSION = re.compile(r"\d+(?:\.\d+)+")
_RELEASED = re.compile("发布|版本|releas|version", re.IGNORECASE)
_CHANGES = re.compile(
    r"[，,。]?\s*(?:主要|具体|详细)?(?:变更|更新|内容|changes)[^，。]{0,12}[:：]\s*$",
    re.IGNORECASE,
)
_FACT = re.compile(
    r"\W*(?:活动|直播|会议)?(?:(?P<when>时间|日期|date|time|when)|(?P<what>主题|题目|topic|title|event)"
    r"|(?P<where>地点|where|place|venue))\s*[:：]\s*(?=\S)",
    re.IGNORECASE,
)


def listed(section: Section) -> tuple[Line, ...]:
    """What a section lists, in its order, () if it is prose.

    Questions are what was asked, of a conversation its first question; an event is its time,
    topic and place; releases stand for the changes listed below them.
    """
    match section.kind:
        case SectionKind.QUESTIONS:
            found = _questions(section.blocks)
        case SectionKind.EVENTS:
            found = _events(section.blocks)
        case _:
            found = _releases(section)
    return tuple(found or _items(section.blocks))


def prose(blocks: Iterable[Node]) -> Iterator[Line]:
    """The lines that are neither label nor reference, in order."""
    return (
        line for line in lines(blocks) if not _is_aside(line) or len(plain(line)) > _MAX_LABEL
    )


def lines(nodes: Iterable[Node]) -> Iterator[Line]:
    """The lines of paragraphs, quotes and lists, in order; tables and code have none."""
    for node in nodes:
        match node:
            case Paragraph(inlines=inlines):
                ends = [at for at, i in enumerate(inlines) if isinstance(i, LineBreak)]
                parts = pairwise([-1, *ends, len(inlines)])
                yield from filter(None, (as_line(inlines[a + 1 : b]) for a, b in parts))
            case Quote(blocks=blocks):
                yield from lines(blocks)
            case ListBlock(items=items):
                yield from (line for item in items for line in lines(item.blocks))
            case _:
                continue


def as_line(inlines: Sequence[Inline]) -> Line:
    """Inlines as one line without pictures, () if it shows no text.

    Bold goes: what is worth a line is all as important.
    """
    spans = tuple([_unbold(inline) for inline in inlines if not isinstance(inline, Image)])
    return spans if plain(spans) else ()


def _unbold(inline: Span | LineBreak) -> Span:
    if isinstance(inline, LineBreak):
        return Span(" ")
    return inline._replace(bold=False) if inline.bold else inline


def is_reference(line: Line) -> bool:
    """Whether it is an address with hardly more than a label."""
    return bool(_REFERENCE.match(plain(line)))


# ------------------------------------------------------------------ special sections


def _questions(blocks: Iterable[Node]) -> list[Line]:
    every: list[Line] = []
    asked: list[Line] = []
    follows_asker = False
    for node in blocks:
        line = next(lines([node]), ())
        text = plain(line)
        if not line:
            continue
        if isinstance(node, Quote):
            every.append(_unnumbered(line))
            asked += every[-1:] if follows_asker else []
            follows_asker = False
        elif found := _QUESTION.match(text):
            asked.append(_after(found, line))
        else:
            follows_asker = len(text) <= _MAX_ASKER and bool(_ASKER.match(text))
    return asked or every


def _events(blocks: Iterable[Node]) -> list[Line]:
    """One line an event, its time first; a label that comes again begins the next one."""
    events: list[dict[str, Line]] = []
    for line in lines(blocks):
        if found := _FACT.match(plain(line)):
            fact = found.lastgroup or ""
            if not events or fact in events[-1]:
                events.append({})
            events[-1][fact] = _after(found, line)
    order = ("when", "what", "where")
    return [_joined(event[fact] for fact in order if fact in event) for event in events]


def _releases(section: Section) -> list[Line]:
    heads = [
        (*line[:-1], line[-1]._replace(text=_CHANGES.sub("", line[-1].text)))
        for head, changes in pairwise(section.blocks)
        if isinstance(head, Paragraph) and isinstance(changes, ListBlock)
        for line in tuple(lines([head]))[-1:]
        if _RELEASED.search(plain(line)) and _VERSION.search(plain(line))
    ]
    named = set(_VERSION.findall(plain(section.title)))
    told = [
        _unnumbered(line) for line in heads if not named & set(_VERSION.findall(plain(line)))
    ]
    return told if len(told) > 1 or not told else [*told, *_items(section.blocks)]


# ------------------------------------------------------------------ items


def _items(blocks: Iterable[Node]) -> Iterator[Line]:
    """The items of lists, rows of tables and paragraphs that are items, in order.

    A paragraph is one if it has a number, stands below a list of mere labels (`- Easy`), or is
    all link and no prose was before it.
    """
    below_label = below_prose = False
    for node in blocks:
        match node:
            case ListBlock(items=items):
                found = [line for item in items for line in _item(item.blocks)]
                below_label = not found
                yield from found
            case Table(rows=rows):
                yield from filter(None, map(_row, rows))
            case Paragraph():
                for line in lines([node]):
                    below_label = below_label and not _is_aside(line)
                    is_item = below_label or _has_number(line)
                    if is_item or (_is_linked(line) and not below_prose):
                        yield _unnumbered(line)
                    else:
                        below_prose = below_prose or not _is_aside(line)
            case _:
                below_prose = True


def _item(blocks: Sequence[Node]) -> list[Line]:
    """An item's first paragraph; a label or a bare name with the first of what is below it."""
    found = (as_line(block.inlines) for block in blocks if isinstance(block, Paragraph))
    told = list(filter(None, found))
    below = [line for line in told[1:] if not _is_aside(line)]
    if not told or _is_label(told[0]):
        below += _items(block for block in blocks if not isinstance(block, Paragraph))
    if not told or _LEVEL.fullmatch(plain(told[0])):
        return below
    is_linked = any(span.url for span in told[0])
    is_head = _is_label(told[0]) or (len(plain(told[0])) < _MAX_HEAD and not is_linked)
    if is_head and below:
        return [(*told[0], Span(" "), *below[0])]
    return [_unnumbered(told[0])] if is_linked or not _is_label(told[0]) else []


def _row(cells: Sequence[Cell]) -> Line:
    return _joined(filter(None, map(as_line, cells)))


def _has_number(line: Line) -> bool:
    return bool(_NUMBER.match(plain(line))) and not _is_aside(line)


def _is_linked(line: Line) -> bool:
    linked = all(span.url or not span.text.strip() for span in line)
    return linked and not _is_aside(line)


def _is_label(line: Line) -> bool:
    text = plain(line)
    is_short = not re.search(r"\w\w", text)
    return is_short or text.endswith((":", "：")) or bool(_LEVEL.fullmatch(text))


def _is_aside(line: Line) -> bool:
    return _is_label(line) or is_reference(line)


# ------------------------------------------------------------------ cutting and joining


def _unnumbered(line: Line) -> Line:
    found = _NUMBER.match(plain(line))
    return _after(found, line) if found else line


def _after(found: re.Match[str], line: Line) -> Line:
    """What of a line stands behind a match at the beginning of its text."""
    rest = found.end()
    kept: list[Span] = []
    for span in line:
        kept.append(span._replace(text=span.text[rest:]))
        rest = max(rest - len(span.text), 0)
    return tuple(span for span in kept if span.text)


def _joined(parts: Iterable[Line]) -> Line:
    return tuple(span for part in parts for span in (_BETWEEN, *part))[1:]
