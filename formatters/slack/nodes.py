"""Document nodes -> pieces. One kind of node, one function; the table of kinds is `_pieces`.

Pure. What Slack cannot express is taken apart and stays readable; nothing is dropped.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple, assert_never

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
from formatters.pictures import describes
from formatters.slack import blocks, numbers
from formatters.slack.pieces import Bullet, Code, Piece, Quoted, Text, Whole
from formatters.slack.spans import (
    can_link,
    can_show,
    pictures_apart,
    plain,
    runs,
    shows,
    tidy,
    visible,
)
from formatters.slack.tables import pictures, table_pieces

_DONE = Span("☑ ")
_OPEN = Span("☐ ")
_MOST_OF_CAPTION = 200
_LOWEST = 7  # a rank below all that a heading can have


@dataclass(frozen=True, slots=True)
class Words:
    """Words that a post does not bring itself, in its reader's language.

    `picture` describes a picture without any words near it; `target` names what a click on a
    picture opened.
    """

    picture: str
    target: str


class _Place(NamedTuple):
    """Where a node stands. `quote` numbers its quotation, 0 outside; `indent` is -1 outside lists.

    `above` and `caption` are what stands right above and below a picture, as words for it.
    """

    words: Words
    ids: "count[int]"
    above: str = ""
    caption: str = ""
    heading: str = ""
    shallow: int = 6
    quote: int = 0
    indent: int = -1


def pieces(sections: Iterable[Section], words: Words) -> tuple[Piece, ...]:
    """Make the pieces of sections, each heading before its section, in order."""
    chosen = tuple(sections)
    top = min((s.level for s in chosen if s.level and not s.bold_line), default=1)
    # Two ranks are told apart by size; what is deeper becomes a bold line.
    place = _Place(words, count(1), shallow=top + 1)
    return tuple(piece for section in chosen for piece in _section(section, place))


def _section(section: Section, place: _Place) -> Iterator[Piece]:
    title = plain(runs(section.title))
    within = place._replace(heading=title) if title else place
    # A line of bold text stays one: as big as a heading it would say more than its author did.
    level = _LOWEST if section.bold_line else max(section.level, 1)
    yield from _heading(Heading(level, section.title), within)
    yield from _all(section.blocks, within)


def _all(nodes: Sequence[Node], place: _Place) -> Iterator[Piece]:
    for position, node in enumerate(nodes):
        if not isinstance(node, Paragraph):
            yield from _pieces(node, place)
        elif any(isinstance(inline, Image) for inline in node.inlines):
            above = _last_item(nodes[position - 1]) if position else ""
            caption = _caption(nodes[position + 1]) if position + 1 < len(nodes) else ""
            within = place._replace(above=above or place.above, caption=caption)
            yield from _flow(node.inlines, within)
        elif found := runs(node.inlines):
            yield from _text(found, place)


def _last_item(node: Node) -> str:
    """What the list above a picture ends with: often what the picture belongs to."""
    if not isinstance(node, ListBlock) or not node.items:
        return ""
    return _brief(runs(_opening(node.items[-1])[0]))


def _caption(node: Node) -> str:
    """The words of a short paragraph in italics, which below a picture tell what it shows."""
    return _said_in_italics(node.inlines) if isinstance(node, Paragraph) else ""


def _said_in_italics(inlines: Iterable[Inline]) -> str:
    found = runs(inlines)
    is_caption = all(span.italic or not span.text.strip() for span in found)
    return _brief(found) if is_caption else ""


def _brief(found: Sequence[Span]) -> str:
    """Words that are short enough to stand for something else, else ""."""
    said = _one_line(plain(found)).strip()
    return said if len(said) <= _MOST_OF_CAPTION else ""


def _pieces(
    node: Heading | ListBlock | Quote | CodeBlock | Table | Divider, place: _Place
) -> Iterator[Piece]:
    match node:
        case Heading():
            yield from _heading(node, place)
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
        bold = tidy(span._replace(bold=True) for span in found)
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


def _flow(inlines: Sequence[Inline], place: _Place) -> Iterator[Piece]:
    stretches = list(pictures_apart(inlines))
    captions = _captions(stretches, place.caption)
    for stretch, caption in zip(stretches, captions, strict=True):
        if isinstance(stretch, Image):
            yield from _picture(stretch, place._replace(caption=caption))
        elif found := runs(stretch):
            yield from _text(found, place)


def _captions(stretches: Sequence[Sequence[Inline] | Image], last: str) -> list[str]:
    """For each stretch the words in italics right below it, for the last one `last`."""
    captions: list[str] = []
    for position in reversed(range(len(stretches))):
        captions.append(last)
        stretch = stretches[position]
        is_below = position and isinstance(stretches[position - 1], Image)
        if is_below and not isinstance(stretch, Image):
            last = _said_in_italics(stretch)
    return captions[::-1]


def _text(found: tuple[Span, ...], place: _Place, *, opens: bool = False) -> Iterator[Piece]:
    yield Quoted(found, place.quote) if place.quote else Text(found, opens)


def _picture(image: Image, place: _Place) -> Iterator[Piece]:
    said = (image.alt, image.title, place.caption, place.above)
    alt = _words_for(said, place)
    if can_show(image.url):
        yield Whole(blocks.image(image.url, alt=alt))
        if len(image.alt) > numbers.IMAGE_ALT.most:
            yield from _text(runs([Span(image.alt)]), place)
    else:
        yield from _text(runs([Span(alt, url=image.url)]), place)
    if image.link and can_link(image.link):
        target = next(filter(describes, map(visible, said)), place.words.target)
        yield from _text((Span(target.strip(), url=image.link),), place)


def _words_for(said: Sequence[str], place: _Place) -> str:
    """Words for those who cannot see a picture: the first ones that describe it, never blank."""
    found = [visible(words) for words in (*said, place.heading)]
    good = next(filter(describes, found), "")
    return good or next(filter(str.strip, found), place.words.picture)


def _list(node: ListBlock, place: _Place) -> Iterator[Piece]:
    indent = min(place.indent + 1, numbers.LIST_INDENT.most)
    list_id = next(place.ids)
    within = place._replace(indent=indent)
    for number, item in enumerate(node.items, start=max(node.start, 1)):
        head, rest = _opening(item)
        if found := tidy((*_box(item), *head)):
            quoted = bool(place.quote)
            yield Bullet(found, list_id, number, node.ordered, indent, quoted=quoted)
        if rest:
            yield from _all(rest, within._replace(above=_brief(head)))


def _box(item: Item) -> tuple[Span, ...]:
    if item.checked is None:
        return ()
    return (_DONE if item.checked else _OPEN,)


def _opening(item: Item) -> tuple[tuple[Span, ...], tuple[Node, ...]]:
    """Part an item into the text beside its bullet and what has to follow below."""
    spans: list[Span] = []
    pictures: tuple[Inline, ...] = ()
    at = 0
    while at < len(item.blocks) and not (spans and pictures):
        node = item.blocks[at]
        if isinstance(node, Heading) and not at:
            node = Paragraph(tuple(map(_bold, node.inlines)))
        if not isinstance(node, Paragraph):
            break
        words, found = _words_first(node.inlines)
        pictures += found
        spans += [Span("\n")] if spans and words else []
        spans += words
        at += 1
    below = (Paragraph(pictures),) if pictures else ()
    return tuple(spans), (*below, *item.blocks[at:])


def _words_first(
    inlines: Sequence[Inline],
) -> tuple[tuple[Span, ...], tuple[Inline, ...]]:
    """Part a line at its first picture; words right behind pictures that it begins with come first.

    A bullet needs words beside it, and a picture stands below its item in any case.
    """
    if not any(isinstance(inline, Image) for inline in inlines):
        words = runs(inlines)
        return (words, ()) if any(map(shows, words)) else ((), tuple(inlines))
    stretches = list(pictures_apart(inlines))
    for position, stretch in enumerate(stretches):
        if not isinstance(stretch, Image) and any(map(shows, words := runs(stretch))):
            rest = (*stretches[:position], *stretches[position + 1 :])
            below = (i for part in rest for i in ([part] if isinstance(part, Image) else part))
            return words, tuple(below)
    return (), tuple(inlines)


def _bold(inline: Inline) -> Inline:
    return inline._replace(bold=True) if isinstance(inline, Span) else inline


def _quote(node: Quote, place: _Place) -> Iterator[Piece]:
    yield from _all(node.blocks, place._replace(quote=next(place.ids)))


def _code(node: CodeBlock, place: _Place) -> Iterator[Piece]:
    if (text := visible(node.text)).strip():
        yield Code(text, node.language, quoted=bool(place.quote))


def _table(node: Table, place: _Place) -> Iterator[Piece]:
    yield from table_pieces(node, list_id=next(place.ids))
    for image in pictures(node):
        yield from _picture(image, place)
