"""Document nodes -> pieces. One kind of node, one function; the table of kinds is `_pieces`.

Pure. What Slack cannot express is taken apart and stays readable; nothing is dropped.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import assert_never

from formatters.document import (
    CodeBlock,
    Divider,
    Heading,
    Image,
    Inline,
    Item,
    ListBlock,
    Node,
    Paragraph,
    Quote,
    Section,
    Span,
    Table,
)
from formatters.slack import blocks, numbers
from formatters.slack.pieces import Bullet, Code, Piece, Quoted, Text, Whole
from formatters.slack.spans import (
    can_link,
    can_show,
    pictures_apart,
    plain,
    runs,
    tidy,
    visible,
)
from formatters.slack.tables import pictures, table_pieces

_DONE = Span("☑ ")
_OPEN = Span("☐ ")
_LOWEST = 7  # a rank below all that a heading can have


@dataclass(frozen=True, slots=True)
class Words:
    """Words that a post does not bring itself, in its reader's language.

    `picture` describes a picture without any words near it; `target` names what a click on a
    picture opened.
    """

    picture: str
    target: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a node stands. `quote` numbers its quotation, 0 outside; `indent` is -1 outside lists."""

    words: Words
    ids: "count[int]" = field(default_factory=lambda: count(1))
    heading: str = ""
    shallow: int = 6
    quote: int = 0
    indent: int = -1


def pieces(sections: Iterable[Section], words: Words) -> tuple[Piece, ...]:
    """Make the pieces of sections, each heading before its section, in order."""
    chosen = tuple(sections)
    top = min((s.level for s in chosen if s.level and not s.bold_line), default=1)
    # Two ranks are told apart by size; what is deeper becomes a bold line.
    place = _Place(words, shallow=top + 1)
    return tuple(piece for section in chosen for piece in _section(section, place))


def _section(section: Section, place: _Place) -> Iterator[Piece]:
    title = plain(runs(section.title))
    within = replace(place, heading=title or place.heading)
    # A line of bold text stays one: as big as a heading it would say more than its author did.
    level = _LOWEST if section.bold_line else max(section.level, 1)
    yield from _heading(Heading(level, section.title), within)
    yield from _all(section.blocks, within)


def _all(nodes: Iterable[Node], place: _Place) -> Iterator[Piece]:
    for node in nodes:
        yield from _pieces(node, place)


def _pieces(node: Node, place: _Place) -> Iterator[Piece]:
    match node:
        case Heading():
            yield from _heading(node, place)
        case Paragraph():
            yield from _flow(node.inlines, place)
        case ListBlock():
            yield from _list(node, place)
        case Quote():
            yield from _quote(node, place)
        case CodeBlock():
            yield from _code(node, place)
        case Table():
            yield from _table(node, place)
        case Divider():
            yield Whole(blocks.divider())
        case _:
            assert_never(node)


def _heading(node: Heading, place: _Place) -> Iterator[Piece]:
    found = runs(node.inlines)
    nested = place.quote or place.indent >= 0
    if found and not nested and node.level <= place.shallow and _is_plain(found):
        yield Whole(blocks.header(_one_line(plain(found))), opens=True)
    elif found:
        bold = tuple(replace(span, bold=True) for span in found)
        yield from _text(bold, place, opens=not nested)
    for inline in node.inlines:
        if isinstance(inline, Image):
            yield from _picture(inline, place)


def _is_plain(found: Sequence[Span]) -> bool:
    """Tell whether a heading loses nothing in a block of plain text."""
    styled = any(span.url or span.code or span.italic or span.strike for span in found)
    return not styled and len(plain(found)) <= numbers.HEADER_TEXT.most


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))


def _flow(inlines: Iterable[Inline], place: _Place) -> Iterator[Piece]:
    for stretch in pictures_apart(inlines):
        if isinstance(stretch, Image):
            yield from _picture(stretch, place)
        elif found := runs(stretch):
            yield from _text(found, place)


def _text(found: tuple[Span, ...], place: _Place, *, opens: bool = False) -> Iterator[Piece]:
    yield Quoted(found, place.quote) if place.quote else Text(found, opens)


def _picture(image: Image, place: _Place) -> Iterator[Piece]:
    said = map(visible, (image.alt, image.title, place.heading))
    alt = next(filter(str.strip, said), place.words.picture)
    if can_show(image.url):
        yield Whole(blocks.image(image.url, alt=alt))
        if len(image.alt) > numbers.IMAGE_ALT.most:
            yield from _text(runs([Span(image.alt)]), place)
    else:
        yield from _text(runs([Span(alt, url=image.url)]), place)
    if image.link and can_link(image.link):
        yield from _text(
            (Span(image.alt.strip() or place.words.target, url=image.link),), place
        )


def _list(node: ListBlock, place: _Place) -> Iterator[Piece]:
    indent = min(place.indent + 1, numbers.LIST_INDENT.most)
    list_id = next(place.ids)
    for number, item in enumerate(node.items, start=max(node.start, 1)):
        bullet = Bullet((), list_id, number, node.ordered, indent, quoted=bool(place.quote))
        yield from _item(item, bullet, replace(place, indent=indent))


def _item(item: Item, bullet: Bullet, place: _Place) -> Iterator[Piece]:
    head, rest = _opening(item)
    if found := tidy((*_box(item), *head)):
        yield replace(bullet, runs=found)
    yield from _all(rest, place)


def _box(item: Item) -> tuple[Span, ...]:
    if item.checked is None:
        return ()
    return (_DONE if item.checked else _OPEN,)


def _opening(item: Item) -> tuple[tuple[Span, ...], tuple[Node, ...]]:
    """Part an item into the text beside its bullet and what has to follow below."""
    spans: list[Span] = []
    for position, node in enumerate(item.blocks):
        if not isinstance(node, Paragraph):
            return tuple(spans), item.blocks[position:]
        at = next((i for i, part in enumerate(node.inlines) if isinstance(part, Image)), None)
        spans += [Span("\n")] if spans else []
        spans += runs(node.inlines[:at])
        if at is not None:
            return tuple(spans), (Paragraph(node.inlines[at:]), *item.blocks[position + 1 :])
    return tuple(spans), ()


def _quote(node: Quote, place: _Place) -> Iterator[Piece]:
    yield from _all(node.blocks, replace(place, quote=next(place.ids)))


def _code(node: CodeBlock, place: _Place) -> Iterator[Piece]:
    if (text := visible(node.text)).strip():
        yield Code(text, node.language, quoted=bool(place.quote))


def _table(node: Table, place: _Place) -> Iterator[Piece]:
    yield from table_pieces(node, list_id=next(place.ids))
    for image in pictures(node):
        yield from _picture(image, place)
